"""The cases of audits and second-level reviews as people see them: the worksheet of one, and an auditor's list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from bot.actors import Actor
from bot.audits.comparison import Comparison, compare
from bot.audits.samples import AUDITORS
from bot.codes.standing import find_code
from bot.errors import NotAllowed, NotFound
from bot.people import names
from bot.reviews.assigned_codes import AssignedCode
from storage.columns import CleanText
from storage.tables import AuditCase, AuditCode, AuditSample, Record, ReviewTask, TaskCode
from storage.words import CaseState, RootReason, SampleBasis, TaskSetting

#: Cases on one page of a list.
PAGE = 10
#: A case somebody has said their word about.
FINISHED = (CaseState.AGREED, CaseState.EDITED)


class NoSuchCase(NotFound):
    """This case is not part of any audit here. /tasks audits shows yours."""


class NotYourAudit(NotAllowed):
    """This case is another auditor's."""


class OwnWorkAudited(NotAllowed):
    """This is your own coding. Somebody else audits it; you will read what they found."""


@dataclass(frozen=True, slots=True)
class Worksheet:
    """One case with the coder's codes and, once it is finished, the reviewer's. People are Slack ids.

    It is of the audit ``sample`` (its number), or of the second-level review ``review`` (its reference); that one has the key 0 until it is finished.
    ``may_work``: this reader can finish it, or change what they found. ``titles`` of the codes, where they were asked for.
    """

    id: int
    sample: int | None
    basis: SampleBasis
    task: str
    record: str
    setting: TaskSetting | None
    facility: str | None
    coder: str | None
    auditor: str | None
    state: CaseState
    codes: tuple[AssignedCode, ...]
    reviewer: tuple[AssignedCode, ...]
    root_reason: RootReason | None
    note: CleanText | None
    finished_at: datetime | None
    may_work: bool
    titles: Mapping[str, str] = field(default_factory=dict)
    review: str | None = None

    @property
    def comparison(self) -> Comparison:
        """What the reviewer would change; nothing while the case is open."""
        return compare(self.codes, self.reviewer)


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of the cases that wait for an auditor; ``page`` counts from 0."""

    sheets: tuple[Worksheet, ...]
    total: int
    page: int
    pages: int


def worksheet(session: Session, reader: Actor, now: datetime, case_id: int) -> Worksheet:
    """One case with the titles of its codes, for an auditor, a supervisor, who reviewed it, or the coder whose work it is once it is finished.

    :raises NoSuchCase: when this workspace has none of this key.
    :raises NotYourAudit: for anybody else.
    """
    case = find_case(session, reader, case_id)
    took_part = case.coder_id == reader.person_id or did_review(reader, case)
    if not reader.has(*AUDITORS) and not (took_part and case.state in FINISHED):
        raise NotYourAudit("An audit is shown to auditors, to supervisors, and to the coder once it is finished.")
    return titled(session, now, sheets_of(session, reader, [case])[0])


def titled(session: Session, now: datetime, sheet: Worksheet) -> Worksheet:
    """A worksheet with the titles of its codes."""
    titles = {}
    for code in dict.fromkeys((*sheet.codes, *sheet.reviewer)):
        found = find_code(session, code.code, now.date(), now.date(), [code.system])
        if found is not None:
            titles[code.code] = found.concept.title
    return replace(sheet, titles=titles)


def next_case(session: Session, reader: Actor, now: datetime) -> Worksheet | None:
    """The case to audit next; None when nothing waits.

    :raises NotAllowed: unless an auditor or a supervisor asks.
    """
    waiting = waiting_cases(session, reader, now).sheets
    return titled(session, now, waiting[0]) if waiting else None


def waiting_cases(session: Session, reader: Actor, _now: datetime, page: int = 0) -> CasePage:
    """The open cases of the auditor who asks, oldest first, with those nobody has.

    :raises NotAllowed: unless an auditor or a supervisor asks.
    """
    reader.require(*AUDITORS)
    total = waiting_count(session, reader)
    pages = max(1, -(-total // PAGE))
    shown = min(max(page, 0), pages - 1)
    rows = session.scalars(
        sa.select(AuditCase).where(*_waits_for(reader)).order_by(AuditCase.id).limit(PAGE).offset(shown * PAGE)
    ).all()
    return CasePage(tuple(sheets_of(session, reader, rows)), total, shown, pages)


def waiting_count(session: Session, reader: Actor, sample_id: int | None = None) -> int:
    """How many open cases this auditor has or may take, of one sample (by its key) or of all; 0 for anybody else."""
    if not reader.has(*AUDITORS):
        return 0
    of_it = [] if sample_id is None else [AuditCase.sample_id == sample_id]
    return session.scalar(sa.select(sa.func.count()).where(*_waits_for(reader), *of_it)) or 0


def _waits_for(reader: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        AuditCase.workspace_id == reader.workspace_id,
        sa.literal_column("audit_cases.state = 'open'"),
        sa.or_(AuditCase.auditor_id == reader.id, AuditCase.auditor_id.is_(None)),
        AuditCase.coder_id != reader.id,
    )


def own_findings(session: Session, reader: Actor, _now: datetime, most: int = 5) -> tuple[Worksheet, ...]:
    """The newest cases of the reader's own coding in which an auditor would have changed something."""
    rows = session.scalars(
        sa.select(AuditCase)
        .where(
            AuditCase.workspace_id == reader.workspace_id,
            AuditCase.coder_id == reader.id,
            AuditCase.state == CaseState.EDITED,
        )
        .order_by(AuditCase.finished_at.desc(), AuditCase.id.desc())
        .limit(most)
    ).all()
    return tuple(sheets_of(session, reader, rows))


def find_case(session: Session, reader: Actor, case_id: int, *, lock: bool = False) -> AuditCase:
    """The case with this key.

    :raises NoSuchCase: when this workspace has none.
    """
    query = sa.select(AuditCase).where(AuditCase.workspace_id == reader.workspace_id, AuditCase.id == case_id)
    found = session.scalars(query.with_for_update(key_share=True) if lock else query).first()
    if found is None:
        raise NoSuchCase
    return found


def sheets_of(session: Session, reader: Actor, cases: Sequence[AuditCase]) -> list[Worksheet]:
    """Worksheets of cases, in their order, read together."""
    ids = [case.id for case in cases]
    review = aliased(ReviewTask)
    rows = session.execute(
        sa.select(AuditCase.id, AuditSample, ReviewTask, Record.reference, review.reference)
        .outerjoin(AuditSample, AuditSample.id == AuditCase.sample_id)
        .outerjoin(review, review.id == AuditCase.review_id)
        .join(ReviewTask, ReviewTask.id == AuditCase.task_id)
        .join(Record, Record.id == ReviewTask.record_id)
        .where(AuditCase.workspace_id == reader.workspace_id, AuditCase.id.in_(ids))
    )
    around = {row[0]: row for row in rows}
    people = names(session, reader.workspace_id, [key for case in cases for key in (case.coder_id, case.auditor_id)])
    had = coded_as(session, reader, [case.task_id for case in cases])
    found = _reviewed_as(session, reader, ids)
    sheets = []
    for case in cases:
        _, sample, task, record, of_review = around[case.id]
        auditor = people.get(case.auditor_id or 0)
        codes = had[case.task_id]
        sheets.append(
            Worksheet(
                id=case.id, sample=sample.number if sample else None, basis=sample.basis if sample else SampleBasis.SECOND_LEVEL,
                review=of_review, task=task.reference, record=record,
                setting=task.setting, facility=task.facility, coder=people[case.coder_id].slack_user_id,
                auditor=auditor.slack_user_id if auditor else None, state=case.state, codes=codes,
                reviewer=found[case.id] if case.state is CaseState.EDITED else codes,
                root_reason=case.root_reason, note=case.note, finished_at=case.finished_at, may_work=may_work(reader, case),
            )
        )  # fmt: skip
    return sheets


def may_work(reader: Actor, case: AuditCase) -> bool:
    """Whether this person can finish the case or change what was found: its auditor, a supervisor, any auditor while nobody has it. Never its coder.

    Whoever did a second-level review need not be an auditor.
    """
    if case.coder_id == reader.person_id or case.state is CaseState.WITHDRAWN:
        return False
    if did_review(reader, case):
        return True
    return bool(reader.has(*AUDITORS)) and (case.auditor_id in {None, reader.person_id} or bool(reader.has(AUDITORS[-1])))


def did_review(reader: Actor, case: AuditCase) -> bool:
    """Whether the case is what this person found in a second-level review."""
    return case.review_id is not None and case.auditor_id == reader.person_id


def coded_as(session: Session, reader: Actor, task_ids: Iterable[int]) -> dict[int, tuple[AssignedCode, ...]]:
    """The codes each task was completed with, in order."""
    rows = session.execute(
        sa.select(TaskCode.task_id, TaskCode.system, TaskCode.code)
        .where(TaskCode.workspace_id == reader.workspace_id, TaskCode.task_id.in_(list(task_ids)))
        .order_by(TaskCode.task_id, TaskCode.position)
    )
    return _gathered(rows)


def _reviewed_as(session: Session, reader: Actor, case_ids: Sequence[int]) -> dict[int, tuple[AssignedCode, ...]]:
    rows = session.execute(
        sa.select(AuditCode.case_id, AuditCode.system, AuditCode.code)
        .where(AuditCode.workspace_id == reader.workspace_id, AuditCode.case_id.in_(case_ids))
        .order_by(AuditCode.case_id, AuditCode.position)
    )
    return _gathered(rows)


def _gathered(rows: Iterable[sa.Row[int, str, str]]) -> dict[int, tuple[AssignedCode, ...]]:
    found: dict[int, tuple[AssignedCode, ...]] = defaultdict(tuple)
    for key, system, code in rows:
        found[key] += (AssignedCode(system, code),)
    return found
