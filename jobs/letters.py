"""What a notice says, from the database as it is at the moment of sending. A notice that is no longer true says nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from bot import digest, threads, weekly
from bot.actors import Actor, as_actor
from bot.audits import cases as audits
from bot.audits.progress import progress_by_key
from bot.codes import telling as editions
from bot.intake.trail import stopped_import
from bot.people import names
from bot.reviews.cards import card
from bot.reviews.telling import still_true
from bot.roi import reminders
from bot.roi import requests as releases
from bot.team.escalations import unowned_bill_holds
from bot.team.telling import changed
from bot.views.assigning import changed_letter
from bot.views.audits import audit_finished_letter, audits_wait_letter, sample_finished_letter
from bot.views.code_changes import edition_letter
from bot.views.digest import digest_message
from bot.views.intake import import_stopped_letter
from bot.views.layout import Message
from bot.views.notices import Line, several_letter, taken_back_letter, unreachable_letter
from bot.views.roi_notices import release_notice
from bot.views.task_notices import task_letter
from bot.views.team import bill_holds_letter
from bot.views.weekly import weekly_message
from jobs import flag_letters
from storage.tables import Notice, Person, ReviewTask, Workspace
from storage.words import CaseState, NoticeKind, Subject

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message for one or several notices. ``untrue`` and ``broken``: keys of those that are not in it."""

    message: Message | None
    untrue: tuple[int, ...] = ()
    broken: tuple[int, ...] = ()


def letter(
    session: Session, now: datetime, notices: Sequence[Notice], person: Person, workspace: Workspace
) -> Letter:
    """The message for notices that leave together, the leading one first; no message when there is nothing to say any more."""
    if notices[0].kind in threads.THREADED and len({notice.subject_id for notice in notices}) == 1:
        return _thread_letter(session, now, notices, as_actor(person, workspace))
    lines: list[tuple[Notice, Line]] = []
    untrue, broken = [], []
    for notice in notices:
        try:
            line = _line(session, as_actor(person, workspace), now, notice)
        except Exception:
            log.exception("notice_without_words", notice=notice.id)
            broken.append(notice.id)
            continue
        if line is None:
            untrue.append(notice.id)
        else:
            lines.append((notice, line))
    return Letter(_message(lines), tuple(untrue), tuple(broken))


def _thread_letter(session: Session, now: datetime, notices: Sequence[Notice], reader: Actor) -> Letter:
    try:
        threaded = notices[0].thread_ts is not None
        message, untrue = flag_letters.conversation(session, reader, now, notices, threaded=threaded)
    except Exception:
        log.exception("notice_without_words", notice=notices[0].id)
        return Letter(None, broken=tuple(notice.id for notice in notices))
    return Letter(message, untrue)


def _message(lines: list[tuple[Notice, Line]]) -> Message | None:
    """Of what is said twice about the same thing, the newest; the nearest due date first."""
    newest = {line.reference or str(notice.id): (notice, line) for notice, line in lines}
    told = sorted(newest.values(), key=lambda one: str(one[0].facts.get("effective_due_on", "")))
    if len(told) < 2:
        return told[0][1].message if told else None
    return several_letter(told[0][0].kind, [line for _, line in told])


def _line(session: Session, reader: Actor, now: datetime, notice: Notice) -> Line | None:
    line = _LINES.get(notice.subject)
    return line(session, reader, now, notice) if line else None


def _task_line(session: Session, reader: Actor, now: datetime, notice: Notice) -> Line | None:
    task = session.scalars(
        sa.select(ReviewTask).where(
            ReviewTask.workspace_id == notice.workspace_id, ReviewTask.id == notice.subject_id
        )
    ).one()
    if not still_true(session, notice, task):
        return None
    shown = card(session, reader, now, task)
    taken_back = notice.kind is NoticeKind.TASK_TAKEN_BACK
    message = taken_back_letter(shown) if taken_back else task_letter(notice.kind, shown, notice.facts)
    return Line(message, notice.subject, task.reference)


def _release_line(session: Session, reader: Actor, now: datetime, notice: Notice) -> Line | None:
    if not reminders.still_true(session, notice):
        return None
    facts = {name: str(notice.facts[name]) for name in ("point", "by", "flag", "instead_of") if notice.facts.get(name)}
    shown = releases.card_by_id(session, reader, now, notice.subject_id)
    return Line(release_notice(notice.kind, shown, **facts), notice.subject, shown.reference)


def _sample_line(session: Session, reader: Actor, _now: datetime, notice: Notice) -> Line | None:
    sample = progress_by_key(session, reader, notice.subject_id)
    if notice.kind is NoticeKind.SAMPLE_FINISHED:
        return Line(sample_finished_letter(sample), notice.subject)
    waiting = audits.waiting_count(session, reader, notice.subject_id)
    return Line(audits_wait_letter(waiting, sample.number), notice.subject) if waiting else None


def _audit_line(session: Session, reader: Actor, now: datetime, notice: Notice) -> Line | None:
    sheet = audits.worksheet(session, reader, now, notice.subject_id)
    if sheet.state is not CaseState.EDITED:
        return None
    return Line(audit_finished_letter(sheet), notice.subject, sheet.task, opens=str(sheet.id))


def _person_line(session: Session, reader: Actor, now: datetime, notice: Notice) -> Line | None:
    if notice.kind is NoticeKind.PERSON_UNREACHABLE:
        missed = names(session, notice.workspace_id, [notice.subject_id])[notice.subject_id]
        return Line(unreachable_letter(missed.slack_user_id), notice.subject)
    if notice.kind is NoticeKind.MORNING_DIGEST:
        morning = digest.morning_digest(session, reader, now, notice)
        return Line(digest_message(morning), notice.subject) if morning else None
    if notice.kind is NoticeKind.WEEKLY_REPORT:
        week = weekly.last_week(session, reader, now, notice)
        return Line(weekly_message(week), notice.subject) if week else None
    if notice.kind is NoticeKind.EDUCATION:
        return flag_letters.education_line(session, notice)
    return None


def _assignment_line(session: Session, reader: Actor, now: datetime, notice: Notice) -> Line | None:
    told = changed(session, reader, now, notice)
    return Line(changed_letter(told), notice.subject) if told else None


def _workspace_line(session: Session, reader: Actor, now: datetime, notice: Notice) -> Line | None:
    unowned = unowned_bill_holds(session, reader, now)
    return Line(bill_holds_letter(unowned), notice.subject) if unowned.over else None


def _codes_line(session: Session, _reader: Actor, _now: datetime, notice: Notice) -> Line | None:
    return Line(edition_letter(notice.facts), notice.subject) if editions.still_true(session, notice) else None


#: What says a notice about each kind of thing.
def _import_line(session: Session, _reader: Actor, _now: datetime, notice: Notice) -> Line | None:
    run = stopped_import(session, notice.workspace_id, notice.subject_id)
    return Line(import_stopped_letter(run.kind, run.done, run.total), notice.subject) if run else None


_LINES: dict[Subject, Callable[[Session, Actor, datetime, Notice], Line | None]] = {
    Subject.TASK: _task_line,
    Subject.FLAG: flag_letters.flag_line,
    Subject.REQUEST: _release_line,
    Subject.PERSON: _person_line,
    Subject.ASSIGNMENT: _assignment_line,
    Subject.WORKSPACE: _workspace_line,
    Subject.SAMPLE: _sample_line,
    Subject.AUDIT_CASE: _audit_line,
    Subject.CODES: _codes_line,
    Subject.IMPORT: _import_line,
}
