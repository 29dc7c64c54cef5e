"""Which auditor gets which case: evenly, and never one's own work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import notices
from bot.actors import Actor
from bot.audits.population import CodedTask
from bot.people import coworkers, is_away, names
from storage.tables import AuditCase, AuditSample
from storage.words import NoticeKind, Role, Subject


def deal(session: Session, actor: Actor, now: datetime, tasks: Sequence[CodedTask]) -> Mapping[int, int | None]:
    """The auditor of each task, both by key; None where only its own coder could. Who is on leave gets nothing."""
    return dealt(at_work(session, actor, now), tasks, open_load(session, actor))


def at_work(session: Session, actor: Actor, now: datetime) -> list[int]:
    """The keys of the auditors who are not on leave."""
    return [person.id for person in coworkers(session, actor.workspace_id, Role.AUDITOR) if not is_away(person, now)]


def open_load(session: Session, actor: Actor) -> dict[int, int]:
    """How many open cases each auditor has."""
    rows = session.execute(
        sa.select(AuditCase.auditor_id, sa.func.count())
        .where(AuditCase.workspace_id == actor.workspace_id, sa.literal_column("audit_cases.state = 'open'"))
        .group_by(AuditCase.auditor_id)
    )
    return {auditor: count for auditor, count in rows if auditor is not None}


def dealt(
    auditors: Sequence[int], tasks: Sequence[CodedTask], open_cases: Mapping[int, int] = MappingProxyType({})
) -> dict[int, int | None]:
    """Give each task in turn to the auditor with the fewest open cases who did not code it."""
    load = Counter(open_cases)
    found: dict[int, int | None] = {}
    for task in tasks:
        others = [auditor for auditor in auditors if auditor != task.coder_id]
        chosen = min(others, key=lambda auditor: (load[auditor], auditor), default=None)
        found[task.id] = chosen
        if chosen is not None:
            load[chosen] += 1
    return found


def tell_dealt(
    session: Session, actor: Actor, now: datetime, sample: AuditSample, auditors: Iterable[int | None], again: str = ""
) -> None:
    """Tell each auditor once how many cases wait for them. ``again`` tells one dealing of a sample from the next."""
    counts = Counter(auditor for auditor in auditors if auditor is not None)
    for person in names(session, actor.workspace_id, counts).values():
        notices.tell(
            session, person, now, NoticeKind.AUDITS_WAIT, Subject.SAMPLE, sample.id,
            key=f"audits_wait:{sample.id}:{person.id}{again}", cases=counts[person.id],
        )  # fmt: skip
