"""Bringing cards in Slack up to date: every message that shows a task or a flag, at most once in a few seconds however often it changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.orm import Session, aliased

from bot import threads
from bot.actors import Actor, as_actor
from bot.commands import with_prefix
from bot.desk import Desk
from bot.installations import bot_token
from bot.reviews.cards import card
from bot.reviews.telling import still_true
from bot.stale import COALESCE
from bot.views.layout import Message, renamed
from bot.views.task_notices import WITH_CARD, settled_letter, task_letter
from jobs.flag_letters import card_as_it_stands
from jobs.verdicts import NO_THREAD
from storage.tables import Notice, Person, ReviewTask, StaleCard, Workspace
from storage.words import NoticeKind, NoticeState, Subject

log = structlog.get_logger(__name__)

BATCH = 20
TIMEOUT_SECONDS = 3
#: How long one clock has a task's cards to itself; another takes over when it died.
LEASE = timedelta(seconds=60)
#: Cards older than this are not changed any more, and no task has more than so many.
KEPT, MOST_COPIES = timedelta(days=30), 20
#: Notices whose message shows the card.
SHOWN = {
    Subject.TASK: WITH_CARD,
    Subject.FLAG: frozenset({NoticeKind.FLAG_RAISED, NoticeKind.FLAG_MOVED, NoticeKind.FLAG_COMMENTED, NoticeKind.FLAG_WAITS}),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A thing whose cards one clock brings up to date, and what the note said when it was taken."""

    workspace_id: int
    subject: Subject
    subject_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Copy:
    """One message that shows the thing, whom it is for, and what it should say now."""

    recipient_id: int
    channel: str
    ts: str
    message: Message


def sweep_cards(desk: Desk) -> int:
    """Update the cards of a batch of tasks and flags that changed; returns how many."""
    taken = _take(desk)
    for one in taken:
        wait = _update(desk, one)
        _done(desk, one, wait)
    return len(taken)


def _take(desk: Desk) -> list[Taken]:
    now = desk.now()
    with desk.database.write() as session:
        rows = session.scalars(
            sa.select(StaleCard)
            .where(StaleCard.not_before <= now)
            .order_by(StaleCard.not_before)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
            .execution_options(all_workspaces=True)
        ).all()
        for row in rows:
            row.not_before = now + LEASE
        return [Taken(row.workspace_id, row.subject, row.subject_id, row.version) for row in rows]


def _update(desk: Desk, one: Taken) -> timedelta | None:
    """Put the copies right; how long to wait when Slack asks for it or cannot be reached."""
    with desk.database.read() as session:
        token, copies = _copies(session, desk, one)
    if token is None:
        return None
    client = WebClient(
        token=token, base_url=desk.settings.slack_api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[]
    )
    try:
        for copy in copies:
            if not _put_right(client, copy, desk.settings.chartdesk_command_prefix):
                _forget(desk, one, copy)
    except SlackApiError as error:
        return timedelta(seconds=int(error.response.headers.get("Retry-After", 30)))
    except (SlackClientError, OSError) as error:
        log.warning("card_not_updated", error=type(error).__name__)
        return timedelta(seconds=30)
    return None


def _put_right(client: WebClient, copy: Copy, prefix: str) -> bool:
    """Update one message; one that Slack does not take is left as it is. False when it is gone."""
    try:
        client.chat_update(
            channel=copy.channel,
            ts=copy.ts,
            text=with_prefix(copy.message.text, prefix),
            blocks=renamed(copy.message.blocks_payload(), prefix),
        )
    except SlackApiError as error:
        if error.response.status_code != 200:
            raise
        word = str(error.response.get("error", ""))
        log.info("card_left_as_it_is", error=word)
        return word not in NO_THREAD
    return True


def _forget(desk: Desk, one: Taken, copy: Copy) -> None:
    """Somebody deleted the card in Slack: what is said next about the thing begins with a new one."""
    with desk.database.write() as session:
        threads.forget(session, one.workspace_id, copy.recipient_id, copy.ts)


def _copies(session: Session, desk: Desk, one: Taken) -> tuple[str | None, list[Copy]]:
    now = desk.now()
    workspace = session.scalars(sa.select(Workspace).where(Workspace.id == one.workspace_id)).one()
    rows = session.execute(_shown(one, now)).all()
    return bot_token(workspace, desk.settings), [
        Copy(row.Person.id, row.Notice.channel, row.Notice.message_ts, _as_it_stands(session, row.Notice, as_actor(row.Person, workspace), now))
        for row in rows
    ]


def _shown(one: Taken, now: datetime) -> sa.Select[Notice, Person]:
    """The messages that show this thing alone: not those that list several, nor the replies under them."""
    inside = aliased(Notice)
    lists = sa.exists().where(
        inside.workspace_id == one.workspace_id, inside.carried_by_id == Notice.id, inside.subject_id != Notice.subject_id
    )
    return (
        sa.select(Notice, Person)
        .join(Person, Person.id == Notice.recipient_id)
        .where(
            Notice.workspace_id == one.workspace_id,
            Notice.subject == one.subject,
            Notice.subject_id == one.subject_id,
            Notice.state == NoticeState.SENT,
            Notice.kind.in_(SHOWN[one.subject]),
            Notice.thread_ts.is_(None),
            Notice.message_ts.is_not(None),
            Notice.error.is_distinct_from(threads.GONE),
            Notice.sent_at > now - KEPT,
            Notice.carried_by_id.is_(None),
            ~lists,
        )
        .order_by(Notice.id.desc())
        .limit(MOST_COPIES)
    )


def _as_it_stands(session: Session, notice: Notice, reader: Actor, now: datetime) -> Message:
    if notice.subject is Subject.FLAG:
        return card_as_it_stands(session, reader, now, notice)
    task = session.scalars(
        sa.select(ReviewTask).where(ReviewTask.workspace_id == notice.workspace_id, ReviewTask.id == notice.subject_id)
    ).one()
    shown = card(session, reader, now, task)
    return task_letter(notice.kind, shown, notice.facts) if still_true(session, notice, task) else settled_letter(shown)


def _done(desk: Desk, one: Taken, wait: timedelta | None) -> None:
    """Forget the note when nothing changed meanwhile; else look again in a moment."""
    now = desk.now()
    mine = (StaleCard.workspace_id == one.workspace_id, StaleCard.subject == one.subject, StaleCard.subject_id == one.subject_id)
    with desk.database.write() as session:
        if wait is None:
            session.execute(sa.delete(StaleCard).where(*mine, StaleCard.version == one.version))
        session.execute(sa.update(StaleCard).where(*mine).values(not_before=now + (wait or COALESCE)))
