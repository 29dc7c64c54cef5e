"""What notices about flags say: the card, what was said since in the thread under it, reminders of silence, and private notes for learning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.flags import cards, telling
from bot.flags.education import education_of
from bot.flags.history import FlagEntry, read_entries
from bot.views import flag_notices as views
from bot.views.layout import Message
from bot.views.notices import Line
from storage.tables import FlagHistory, Notice
from storage.words import NoticeKind


def flag_line(session: Session, reader: Actor, now: datetime, notice: Notice) -> Line | None:
    """What one notice about a flag says by itself; None when it is no longer true."""
    if not telling.still_true(session, notice):
        return None
    card = cards.card_by_id(session, reader, now, notice.subject_id)
    return Line(_first(session, notice, card), notice.subject, card.reference)


def conversation(
    session: Session, reader: Actor, now: datetime, notices: Sequence[Notice], *, threaded: bool
) -> tuple[Message | None, tuple[int, ...]]:
    """What notices about one flag say together, and the keys of those that are no longer true.

    :param threaded: they leave as a reply under the flag's card, which is there already.
    """
    true = [notice for notice in notices if telling.still_true(session, notice)]
    untrue = tuple(notice.id for notice in notices if notice not in true)
    if not true:
        return None, untrue
    card = cards.card_by_id(session, reader, now, true[0].subject_id)
    entries = _entries(session, true)
    if threaded:
        raised = any(notice.kind is NoticeKind.FLAG_RAISED for notice in true)
        opening = views.flag_notice(NoticeKind.FLAG_RAISED, card).text if raised else ""
        return views.reply(card, entries, opening), untrue
    return views.first_with_entries(true[0].kind, card, entries), untrue


def education_line(session: Session, notice: Notice) -> Line | None:
    """A private note for learning."""
    education = education_of(session, notice)
    return Line(views.education_letter(education), notice.subject) if education else None


def card_as_it_stands(session: Session, reader: Actor, now: datetime, notice: Notice) -> Message:
    """What a message that shows a flag should say now."""
    card = cards.card_by_id(session, reader, now, notice.subject_id)
    return _first(session, notice, card) if telling.still_true(session, notice) else views.settled_notice(card)


def _with_carried(session: Session, notice: Notice) -> list[Notice]:
    """The notice, and what left inside its message."""
    carried = sa.select(Notice).where(Notice.workspace_id == notice.workspace_id, Notice.carried_by_id == notice.id).order_by(Notice.id)
    return [notice, *session.scalars(carried)]


def _first(session: Session, notice: Notice, card: cards.FlagCard) -> Message:
    if notice.kind is NoticeKind.FLAG_WAITS:
        since = datetime.fromisoformat(str(notice.facts["quiet_since"]))
        return views.waiting_letter(card, since, overseen=bool(notice.facts.get("overseen")))
    if notice.kind is NoticeKind.FLAG_RAISED:
        return views.flag_notice(notice.kind, card)
    return views.first_with_entries(notice.kind, card, _entries(session, _with_carried(session, notice)))


def _entries(session: Session, notices: Sequence[Notice]) -> tuple[FlagEntry, ...]:
    keys = [notice.facts["entry"] for notice in notices if notice.facts.get("entry")]
    rows = session.scalars(
        sa.select(FlagHistory)
        .where(FlagHistory.workspace_id == notices[0].workspace_id, FlagHistory.id.in_(keys))
        .order_by(FlagHistory.id)
    ).all()
    return read_entries(session, notices[0].workspace_id, rows)
