"""What was coded and audited in the weeks before the sandbox opened, by the same rules as everybody: so that reports have something to show."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor, as_actor, desk_actor
from bot.audits.cases import waiting_cases
from bot.audits.population import Span, Which
from bot.audits.samples import Size, draw_sample
from bot.audits.worksheets import agree, edit
from bot.codes.catalogue import editions
from bot.moments import local_day
from bot.people import person_named
from bot.privacy.guard import Guard
from bot.reviews.claims import claim
from bot.reviews.creation import TaskFacts, create_tasks
from bot.reviews.work import complete, start
from storage.columns import CleanText
from storage.tables import Notice, Workspace
from storage.words import NoticeState, RootReason, Subject, Surface, TaskSetting, TaskType

CODER, AUDITOR, SUPERVISOR = "U0NOOR001", "U0TOMAS01", "U0PRIYA01"
WEEKS = 3
#: Charts a week; an audit of them all is enough for a share to be shown.
CHARTS = 10
#: Charts of the last sample, which still waits for its auditor.
STILL_OPEN = 4
WEEK, AUDITED_AFTER = timedelta(days=7), timedelta(hours=1)
SETTINGS = (TaskSetting.INPATIENT, TaskSetting.ED, TaskSetting.CLINIC)
#: What a chart was coded as, what the auditor would have assigned, and why it differs.
CHANGED: tuple[tuple[tuple[str, ...], tuple[str, ...], RootReason], ...] = (
    (("R50.9", "I10"), ("J18.9", "I10"), RootReason.DOCUMENTATION_MISSED),
    (("E11.9", "N18.31"), ("E11.22", "N18.31"), RootReason.STANDARD_NOT_FOLLOWED),
    (("I10", "I50.22"), ("I11.0", "I50.22"), RootReason.STANDARD_NOT_FOLLOWED),
    (("J44.9", "F17.210"), ("J44.1", "F17.210"), RootReason.POOR_SOURCE_DOCUMENTATION),
)
RIGHT = (("I10", "E78.5"), ("E11.65", "I10"), ("J18.9", "I10"), ("N39.0", "B96.20"), ("K21.9", "I10"))
#: Charts of ten that were found wrong, week by week: fewer from week to week, as one would hope.
WRONG = (4, 3, 2)
LEARNED = {
    RootReason.DOCUMENTATION_MISSED: "The consult names the cause of the symptom; read it before the principal diagnosis is chosen.",
    RootReason.STANDARD_NOT_FOLLOWED: "Follow the instruction at the category: the combination code comes first.",
    RootReason.POOR_SOURCE_DOCUMENTATION: "The note does not say whether it was acute; a query to the physician would settle it.",
}


def play_weeks(session: Session, workspace: Workspace, now: datetime) -> None:
    """Let some weeks of coding and audits lie behind everybody. Without a code set nothing could be coded, so nothing happens."""
    if not editions(session):
        return
    chance, guard = random.Random(5), Guard.load()  # noqa: S311 - a demonstration, not a secret
    notes = {
        reason: guard.accept_text(text, surface=Surface.IMPORT, field="note", max_length=500) for reason, text in LEARNED.items()
    }
    for back, wrong in zip(range(WEEKS, 0, -1), WRONG, strict=True):
        changes = chance.sample(CHANGED, wrong)
        _code_week(session, workspace, now - WEEK * back, chance, [coded for coded, _, _ in changes])
        _audit_week(session, workspace, now - WEEK * back + timedelta(days=1), notes)
    _read_long_ago(session, workspace)
    _begin_audit(session, workspace, now)


def _code_week(
    session: Session, workspace: Workspace, at: datetime, chance: random.Random, wrong: list[tuple[str, ...]]
) -> None:
    """Noor codes a day's charts, some of them not as an auditor would; of the last one a second-level review is asked for."""
    coder = _actor(session, workspace, CODER)
    for number in range(CHARTS):
        codes = wrong[number] if number < len(wrong) else chance.choice(RIGHT)
        second = number == CHARTS - 1
        _code(session, workspace, coder, at + timedelta(minutes=20 * number), codes, chance, second_review=second)


def _audit_week(session: Session, workspace: Workspace, at: datetime, notes: Mapping[RootReason, CleanText]) -> None:
    """All of it is audited the day after."""
    auditor, supervisor = _actor(session, workspace, AUDITOR), _actor(session, workspace, SUPERVISOR)
    today = local_day(at, workspace.legal_zone)
    draw_sample(session, supervisor, at, Which(Span(today - timedelta(days=2), today)), Size(percent=100))
    differs = {coded: (better, reason) for coded, better, reason in CHANGED}
    while sheets := waiting_cases(session, auditor, at).sheets:
        for sheet in sheets:
            coded = tuple(one.code for one in sheet.codes)
            if coded in differs:
                better, reason = differs[coded]
                edit(session, auditor, at + AUDITED_AFTER, sheet.id, better, reason, notes[reason], looked_at=True)
            else:
                agree(session, auditor, at + AUDITED_AFTER, sheet.id)


def _code(
    session: Session,
    workspace: Workspace,
    coder: Actor,
    at: datetime,
    codes: tuple[str, ...],
    chance: random.Random,
    *,
    second_review: bool,
) -> None:
    facts = TaskFacts(
        type=TaskType.CODING, setting=chance.choice(SETTINGS), facility=chance.choice(("F1", "F2")), aged_from=local_day(at, workspace.legal_zone),
        second_review=second_review,
    )
    arrived = at - timedelta(hours=chance.randint(2, 60))
    reference = create_tasks(session, desk_actor(session, workspace.id, "sandbox"), arrived, [facts])[0].reference
    claim(session, coder, at, reference)
    start(session, coder, at + timedelta(minutes=2), reference)
    complete(session, coder, at + timedelta(minutes=15), reference, codes, looked_at=True)


def _begin_audit(session: Session, workspace: Workspace, now: datetime) -> None:
    """A sample that was drawn an hour ago, so that an auditor finds something to do."""
    supervisor, today = _actor(session, workspace, SUPERVISOR), local_day(now, workspace.legal_zone)
    which = Which(Span(today - WEEK * WEEKS, today - timedelta(days=1)), coders=(CODER,))
    draw_sample(session, supervisor, now - timedelta(hours=1), which, Size(per_coder=STILL_OPEN), seed="lakeside")


def _read_long_ago(session: Session, workspace: Workspace) -> None:
    """What was said in those weeks is not said again when the sandbox opens."""
    session.execute(
        sa.update(Notice)
        .where(Notice.workspace_id == workspace.id, Notice.state == NoticeState.PENDING, Notice.subject.in_((Subject.SAMPLE, Subject.AUDIT_CASE)))
        .values(state=NoticeState.CANCELLED)
    )


def _actor(session: Session, workspace: Workspace, user_id: str) -> Actor:
    return as_actor(person_named(session, workspace.id, user_id), workspace)
