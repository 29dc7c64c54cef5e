"""Which notices leave in one message: what is of one kind and due for one person at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.tables import Notice
from storage.tables.notices import WAITING
from storage.words import NoticeKind, NoticeState

#: How many notices one message may carry besides its own; more of them follow in the next.
MOST_CARRIED = 200
#: Kinds that always have a message of their own.
ALONE = frozenset(
    {
        NoticeKind.MORNING_DIGEST,
        NoticeKind.PERSON_UNREACHABLE,
        NoticeKind.EDITION_IMPORTED,
        NoticeKind.WELCOME,
        NoticeKind.AUDITS_WAIT,
        NoticeKind.SAMPLE_FINISHED,
        NoticeKind.TASKS_ASSIGNED,
        NoticeKind.TASKS_TAKEN_BACK,
        NoticeKind.ASSIGNMENT_UNDONE,
        NoticeKind.BILL_HOLDS_PASSING,
        NoticeKind.WEEKLY_REPORT,
        NoticeKind.EDUCATION,
        NoticeKind.IMPORT_STOPPED,
    }
)
#: What is said in one conversation about one thing: a person reads it together, but never with what is about another thing.
_CONVERSATION = (NoticeKind.FLAG_MOVED, NoticeKind.FLAG_COMMENTED)
_REMINDERS = (NoticeKind.RELEASE_DUE, NoticeKind.RELEASE_OVERDUE)
#: Kinds that leave in one message when they are due for one person at the same time; reminders of a legal clock are one family.
FAMILIES: dict[NoticeKind, tuple[NoticeKind, ...]] = {
    kind: next((family for family in (_REMINDERS, _CONVERSATION) if kind in family), (kind,))
    for kind in NoticeKind
    if kind not in ALONE
}


@dataclass(frozen=True, slots=True)
class _Company:
    """A notice that may leave inside another one's message."""

    id: int
    workspace_id: int
    recipient_id: int
    kind: NoticeKind
    subject_id: int
    breaks_through: bool


def gathered(session: Session, rows: Sequence[Notice], now: datetime) -> list[tuple[Notice, tuple[int, ...]]]:
    """Each notice that leads, with the keys of those it carries: of before, where its message may be out, else all that leave with it now."""
    kept = _carried_before(session, [row.id for row in rows if row.state is not NoticeState.PENDING])
    company = _company(session, [row for row in rows if row.state is NoticeState.PENDING and row.kind in FAMILIES], now)
    taken: set[int] = set()
    leads = {}
    for row in sorted(rows, key=lambda row: not row.breaks_through):
        if row.id in taken:
            continue
        carried = kept.get(row.id, ())
        if row.state is NoticeState.PENDING and row.kind in FAMILIES:
            carried = tuple(one.id for one in company if one.id not in {*taken, row.id} and _leaves_with(one, row))
            _hand_over(session, row, carried)
        taken |= {row.id, *carried}
        leads[row.id] = carried
    return [(row, leads[row.id]) for row in rows if row.id in leads]


def _company(session: Session, rows: Sequence[Notice], now: datetime) -> list[_Company]:
    """What might leave together with these notices, themselves included, locked."""
    if not rows:
        return []
    found = session.execute(
        sa.select(Notice.id, Notice.workspace_id, Notice.recipient_id, Notice.kind, Notice.subject_id, Notice.breaks_through)
        .where(
            Notice.workspace_id.in_({row.workspace_id for row in rows}),
            Notice.recipient_id.in_({row.recipient_id for row in rows}),
            Notice.kind.in_({kind for row in rows for kind in FAMILIES[row.kind]}),
            WAITING,
            Notice.state == NoticeState.PENDING,
            Notice.not_before <= now,
        )
        .order_by(Notice.not_before, Notice.id)
        .limit(MOST_CARRIED)
        .with_for_update(skip_locked=True)
    )
    return [_Company(*row) for row in found]


def _leaves_with(one: _Company, lead: Notice) -> bool:
    """An urgent one does not leave with one that may have to wait for tomorrow; the other way round is fine."""
    same = (one.workspace_id, one.recipient_id) == (lead.workspace_id, lead.recipient_id)
    same = same and (lead.kind not in _CONVERSATION or one.subject_id == lead.subject_id)
    return same and one.kind in FAMILIES[lead.kind] and one.breaks_through <= lead.breaks_through


def _hand_over(session: Session, lead: Notice, carried: Sequence[int]) -> None:
    if not carried:
        return
    session.execute(
        sa.update(Notice)
        .where(Notice.workspace_id == lead.workspace_id, Notice.id.in_(carried))
        .values(state=NoticeState.CARRIED, carried_by_id=lead.id, pushed_on=None, place_at=None)
        .execution_options(synchronize_session=False)
    )


def _carried_before(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    if not ids:
        return found
    rows = session.execute(
        sa.select(Notice.carried_by_id, Notice.id)
        .where(Notice.carried_by_id.in_(ids), sa.text("state = 'carried'"))
        .order_by(Notice.id)
        .execution_options(all_workspaces=True)
    )
    for lead, carried in rows:
        if lead is not None:
            found[lead] = (*found.get(lead, ()), carried)
    return found
