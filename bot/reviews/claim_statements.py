"""The claim as SQL: one conditional statement, so that two people never own one task.

:func:`next_statement` and :func:`named_statement` take a task; they are the same on every database. :func:`whole_statement` is one of them together with all
that belongs to a claim, for PostgreSQL: the database is asked once, and nobody waits for a lock while a program thinks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from bot import audit
from bot.actors import WORKERS, Actor, actor_columns
from bot.reviews.states import ACTIVE, SOONEST_NUDGE_HOURS
from bot.reviews.tasks import literals, open_flags_of, runs_query
from bot.stale import shown_in_slack
from storage.columns import UtcDateTime
from storage.tables import ProcessedRequest, Record, ReviewTask, TaskHistory
from storage.tables.reviews import AVAILABLE
from storage.words import Subject, TaskEvent, TaskState

#: The tables as Core knows them: a claim is what everybody waits for, and the unit of work would double its cost.
_TASKS: Any = ReviewTask.__table__
_CANDIDATE: Any = _TASKS.alias("candidate")
_HISTORY: Any = TaskHistory.__table__
_REQUESTS: Any = ProcessedRequest.__table__

_WORKSPACE: sa.BindParameter[int] = sa.bindparam("workspace", type_=_TASKS.c.workspace_id.type)
_PERSON: sa.BindParameter[int] = sa.bindparam("person", type_=_TASKS.c.owner_id.type)
#: What the audit trail calls a claim.
CLAIMED = "task_claimed"
_NOW: sa.BindParameter[datetime] = sa.bindparam("now", type_=UtcDateTime())

#: What a card shows of a task's own row, and what the parts of a claim need.
_SHOWN = (
    "id", "workspace_id", "reference", "record_id", "type", "setting", "state", "priority", "restricted", "facility", "payer_class", "working_drg",
    "aged_from", "bill_hold_until", "due_at", "owner_id", "worked_by_id", "reviewed_id", "claimed_at", "wake_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claimer:
    """Who claims, as a statement knows them: from parameters, or looked up by itself. ``has_skill`` says of a skill whether they have it; None asks nothing."""

    workspace: sa.ColumnElement[int]
    person: sa.ColumnElement[int]
    limit: sa.ColumnElement[int]
    has_skill: Callable[[Any], sa.ColumnElement[bool]] | None


@cache
def next_statement(*, wait: bool, skilled: bool) -> sa.Update:
    """The claim of the best task, built once. It gives the task's ``id`` and no more, for everybody waits for it; :func:`shown_statement` gives the rest.

    Its parameters are those of :func:`claim_parameters`. It gives nothing to somebody at their limit.

    :param wait: for tasks that are in other hands at this moment, instead of passing them over.
    :param skilled: the claimer has skills; without any they may do everything.
    """
    who = _told(skilled=skilled)
    return _claiming(who, _best(who, wait=wait))


@cache
def named_statement(*, skilled: bool) -> sa.Update:
    """The claim of the task with the reference ``named``."""
    who = _told(skilled=skilled)
    return _claiming(who, _by_name(who))


@cache
def whole_statement(*, named: bool) -> sa.Select[Any]:
    """A claim from who claims to what the card shows: the person, their roles and limit, the once-key, the task, its history and its entry in the audit trail.
    All or nothing; everything hangs on the row that was claimed. A task that a message in Slack shows is not for this way: it leaves a note about that as well.
    Of a task that was ``worked_before`` more may be known than the row says, such as a physician query.

    Limit and audit chain are exact without a lock on the person's row: whatever else they do in the same moment writes the same number of their chain, and that
    is unique. Parameters: ``team`` and ``user``, those of :func:`moments` and :func:`bot.audit.entry_moment`, ``once`` (None for none) and, to claim by
    reference, ``named``.
    """
    found = _found(named=named)
    who = [column for column in found.c if column.key != "id"]
    claimed = _taking(found.c.person_id).where(_TASKS.c.id == found.c.id).returning(*_shown(), *who).cte("claimed")
    parts = (_once(claimed), _history(claimed), audit.entry_for(claimed, _NOW, CLAIMED, Subject.TASK, "slack"))
    told = sa.select(*claimed.c, *_facts(claimed.c))
    return told.add_cte(*(part.cte(f"part_{number}") for number, part in enumerate(parts)))


@cache
def shown_statement() -> sa.Select[Any]:
    """What a card shows of a task: its own row, ``record``, ``flags``, and whether a query runs (``asked``); for the task ``task`` of a ``workspace``."""
    asked = runs_query(_TASKS.c.workspace_id, _TASKS.c.id).label("asked")
    return sa.select(*_shown(), *_facts(_TASKS.c), asked).where(_TASKS.c.workspace_id == _WORKSPACE, _TASKS.c.id == sa.bindparam("task"))


def claim_parameters(actor: Actor, now: datetime) -> dict[str, Any]:
    """What the claim asks to know of a person."""
    known: dict[str, Any] = {"workspace": actor.workspace_id, "person": actor.id, "active_limit": actor.active_task_limit}
    return {**known, "skills": actor.skills, **moments(now)} if actor.skills else {**known, **moments(now)}


def moments(now: datetime) -> dict[str, Any]:
    """What it asks to know of the time."""
    return {"now": now, "idle_from": now + timedelta(hours=SOONEST_NUDGE_HOURS)}


def _told(*, skilled: bool) -> Claimer:
    def has_skill(skill: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 - a column
        found: sa.ColumnElement[bool] = skill.in_(sa.bindparam("skills", expanding=True))
        return found

    return Claimer(_WORKSPACE, _PERSON, sa.bindparam("active_limit", type_=sa.Integer), has_skill if skilled else None)


def _looked_up(me: sa.Subquery) -> Claimer:
    skills = sa.cast(me.c.person_skills, JSONB)

    def has_skill(skill: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 - a column
        return sa.or_(skills == sa.literal_column("'[]'::jsonb"), skills.has_key(skill))

    return Claimer(me.c.desk_id, me.c.person_id, me.c.desk_active_task_limit, has_skill)


def _found(*, named: bool) -> sa.CTE:
    """The task for whoever asks, locked, whether it was ``worked_before``, and who they are. No row at their limit, without a role that takes tasks, or for a
    task that a message shows.

    Joined, for a subselect for each value costs as much again; materialized, so that whatever the planner thinks it is looked for once.
    """
    me = actor_columns(sa.bindparam("team", type_=sa.Text), sa.bindparam("user", type_=sa.Text)).subquery("me")
    who = _looked_up(me)
    best = _by_name(who) if named else _best(who, wait=False)
    task = best.add_columns(_CANDIDATE.c.active_at.is_not(None).label("worked_before")).lateral("task")
    roles: sa.ColumnClause[Any] = sa.literal_column(f"ARRAY[{', '.join(repr(role.value) for role in WORKERS)}]")
    works = sa.cast(me.c.person_roles, JSONB).has_any(roles)
    found = sa.select(*task.c, *me.c).select_from(me.join(task, sa.true()))
    return found.where(works, _in_hand(who) < who.limit, ~shown_in_slack(who.workspace, task.c.id)).cte("found").prefix_with("MATERIALIZED")


def _best(who: Claimer, *, wait: bool) -> sa.Select[Any]:
    task = _CANDIDATE.c
    best_first = (task.urgency, task.priority_rank, task.aged_from, task.id)
    best = _waiting(who).order_by(*best_first).limit(sa.literal_column("1"))
    return best.with_for_update(skip_locked=not wait, key_share=True)


def _by_name(who: Claimer) -> sa.Select[Any]:
    return _waiting(who).where(_CANDIDATE.c.reference == sa.bindparam("named")).with_for_update(key_share=True)


def _waiting(who: Claimer) -> sa.Select[Any]:
    """The keys of tasks in the queue that this person may take: not restricted, not their own work, their skill."""
    task = _CANDIDATE.c
    waiting = sa.select(task.id).where(
        task.workspace_id == who.workspace,
        task.state == AVAILABLE,
        task.restricted.is_(False),
        sa.or_(task.worked_by_id.is_(None), task.worked_by_id != who.person),
    )
    return waiting if who.has_skill is None else waiting.where(sa.or_(task.skill.is_(None), who.has_skill(task.skill)))


def _in_hand(who: Claimer) -> sa.ScalarSelect[int]:
    mine = _TASKS.alias("mine")
    count = sa.select(sa.func.count()).select_from(mine)
    return count.where(
        mine.c.workspace_id == who.workspace, mine.c.owner_id == who.person, mine.c.state.in_(literals(ACTIVE))
    ).scalar_subquery()


def _claiming(who: Claimer, task: sa.Select[Any]) -> sa.Update:
    """The lock makes sure that the task is still available. Said again outside, that would invite the planner to look for it in the index of the queue."""
    claiming = _taking(who.person).where(_TASKS.c.workspace_id == who.workspace, _TASKS.c.id == task.scalar_subquery())
    return claiming.where(_in_hand(who) < who.limit).returning(_TASKS.c.id)


def _taking(person: sa.ColumnElement[int]) -> sa.Update:
    return sa.update(_TASKS).values(
        state=literals([TaskState.CLAIMED])[0], owner_id=person, claimed_at=_NOW, active_at=_NOW, look_at=sa.bindparam("idle_from"),
        nudged_at=sa.null(),
    )  # fmt: skip


def _shown() -> list[sa.ColumnElement[Any]]:
    return [_TASKS.c[name] for name in _SHOWN]


def _facts(task: Any) -> tuple[sa.ColumnElement[Any], ...]:  # noqa: ANN401 - the columns of the table or of what was claimed
    record = sa.select(Record.reference).where(Record.workspace_id == task.workspace_id, Record.id == task.record_id).scalar_subquery()
    return record.label("record"), open_flags_of(task.record_id, task.workspace_id).label("flags")


def _once(claimed: sa.CTE) -> sa.Insert:
    key: sa.BindParameter[str] = sa.bindparam("once", type_=_REQUESTS.c.key.type)
    return sa.insert(_REQUESTS).from_select(
        ["workspace_id", "key", "at"], sa.select(claimed.c.workspace_id, key, _NOW).where(key.is_not(None)), include_defaults=False
    )


def _history(claimed: sa.CTE) -> sa.Insert:
    words: list[sa.ColumnClause[str]] = [
        sa.literal_column(f"'{word.value}'") for word in (TaskEvent.CLAIMED, TaskState.AVAILABLE, TaskState.CLAIMED)
    ]
    owner = claimed.c.owner_id
    return sa.insert(_HISTORY).from_select(
        ["workspace_id", "task_id", "actor_id", "owner_id", "at", "event", "from_state", "to_state"],
        sa.select(claimed.c.workspace_id, claimed.c.id, owner, owner, _NOW, *words),
        include_defaults=False,
    )
