"""What a notice says, from the database as it is at the moment of sending. A notice that is no longer true says nothing."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor, as_actor
from bot.flags import cards as flags
from bot.flags import telling
from bot.reviews.states import OWNED
from bot.reviews.tasks import card
from bot.roi import reminders
from bot.roi import requests as releases
from bot.views.flags import flag_notice
from bot.views.layout import Message
from bot.views.notices import assigned_letter, taken_back_letter
from bot.views.roi import release_notice
from storage.tables import Notice, Person, ReviewTask, Workspace
from storage.words import NoticeKind, Subject


def letter(session: Session, now: datetime, notice: Notice, person: Person, workspace: Workspace) -> Message | None:
    """The message for a notice, or None when there is nothing to say any more."""
    reader = as_actor(person, workspace)
    match notice.subject:
        case Subject.TASK:
            return _task_letter(session, reader, now, notice)
        case Subject.FLAG:
            return _flag_letter(session, reader, now, notice)
        case Subject.REQUEST:
            return _release_letter(session, reader, now, notice)
        case _:
            return None


def _task_letter(session: Session, reader: Actor, now: datetime, notice: Notice) -> Message | None:
    task = session.scalars(
        sa.select(ReviewTask).where(
            ReviewTask.workspace_id == notice.workspace_id, ReviewTask.id == notice.subject_id
        )
    ).one()
    if notice.kind is NoticeKind.TASK_ASSIGNED:
        if task.owner_id != reader.person_id or task.state not in OWNED:
            return None
        return assigned_letter(card(session, reader, now, task), str(notice.facts.get("by", "")))
    return taken_back_letter(card(session, reader, now, task))


def _flag_letter(session: Session, reader: Actor, now: datetime, notice: Notice) -> Message | None:
    if not telling.still_true(session, notice):
        return None
    return flag_notice(notice.kind, flags.card_by_id(session, reader, now, notice.subject_id))


def _release_letter(session: Session, reader: Actor, now: datetime, notice: Notice) -> Message | None:
    if not reminders.still_true(session, notice):
        return None
    facts = {name: str(notice.facts[name]) for name in ("point", "by", "flag") if notice.facts.get(name)}
    return release_notice(notice.kind, releases.card_by_id(session, reader, now, notice.subject_id), **facts)
