"""The limits of a workspace: how many tasks and messages a person gets, how patient the desk is, and when coding is looked at again or learned from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from bot.errors import BadInput
from storage.tables import Workspace
from storage.words import Role, Subject

#: The least and the most of each number.
RANGES: dict[str, tuple[int, int]] = {
    "active_task_limit": (1, 50),
    "daily_push_limit": (1, 20),
    "nudge_hours": (1, 40),
    "return_hours": (2, 80),
    "query_hours": (24, 168),
    "chart_days": (7, 120),
    "new_coder_days": (0, 365),
    "sample_percent": (0, 100),
    "education_repeats": (2, 20),
    "education_days": (7, 365),
    "queue_minutes": (5, 240),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """All of them. Hours of tasks are working hours of their owner, ``query_hours`` hours of the clock.

    Somebody gets a private note when flags stand ``education_repeats`` times against them within ``education_days`` for one root reason.
    ``queue_channel`` is a Slack id, or None for no counts.
    """

    active_task_limit: int
    daily_push_limit: int
    nudge_hours: int
    return_hours: int
    query_hours: int
    chart_days: int
    new_coder_days: int
    sample_percent: int
    education_repeats: int
    education_days: int
    queue_minutes: int
    queue_channel: str | None


def limits(session: Session, actor: Actor, _now: datetime) -> Limits:
    """The limits as they are.

    :raises NotAllowed: unless a supervisor or an admin asks.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    row = _row(session, actor, lock=False)
    return Limits(**{name: getattr(row, name) for name in RANGES}, queue_channel=row.queue_channel)


def keep_limits(session: Session, actor: Actor, now: datetime, said: Limits) -> bool:
    """Store the limits, and write down from what to what each changed. True when new work is told in another channel from now on.

    :raises BadInput: naming the field, for a number out of its range, or hours to return that are not more than those to the nudge.
    :raises NotAllowed: unless a supervisor or an admin does it.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    _check(said)
    row = _row(session, actor, lock=True)
    changed = {name: [getattr(row, name), value] for name, value in asdict(said).items() if getattr(row, name) != value}
    for name, (_, value) in changed.items():
        setattr(row, name, value)
    if changed:
        audit.record(session, actor, now, "limits_kept", Subject.WORKSPACE, str(actor.workspace_id), changed=changed)
    return "queue_channel" in changed and said.queue_channel is not None


def _check(said: Limits) -> None:
    for name, (least, most) in RANGES.items():
        if not least <= getattr(said, name) <= most:
            raise BadInput(f"Choose a number from {least} to {most}.", field=name)
    if said.return_hours <= said.nudge_hours:
        raise BadInput("A task goes back later than its owner is asked: choose more hours than above.", field="return_hours")


def _row(session: Session, actor: Actor, *, lock: bool) -> Workspace:
    query = sa.select(Workspace).where(Workspace.id == actor.workspace_id)
    return session.scalars(query.with_for_update(key_share=True) if lock else query).one()
