"""What people write about a flag beside its steps: guarded words in its history, told to all whom it concerns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot import audit, threads
from bot.actors import Actor
from bot.errors import BadInput
from bot.flags.cards import FlagCard, card, card_by_id, find_flag, require_sight
from bot.flags.history import write_history
from bot.flags.states import SETTLED
from bot.flags.telling import tell_commented
from bot.spoken import has_words
from storage.columns import CleanText
from storage.words import FlagEvent, Subject


@dataclass(frozen=True, slots=True)
class Commented:
    """A comment that was kept: the flag, and the Slack ids of those who are told."""

    card: FlagCard
    told: tuple[str, ...]


class NothingSaid(BadInput):
    """There is no text yet. Type a few words and send it again."""


def comment(session: Session, actor: Actor, now: datetime, reference: str, words: CleanText | None) -> Commented:
    """Add a comment to a flag, whatever its state. From somebody who is to act next it ends the silence that is reminded of.

    :raises NoSuchFlag: when there is none.
    :raises NotYourFlag: for somebody it does not concern.
    :raises NothingSaid: without words.
    """
    if words is None or not has_words(words):
        raise NothingSaid(field="note")
    flag = find_flag(session, actor.workspace_id, reference, lock=True)
    require_sight(session, actor, flag)
    entry = write_history(session, actor, now, flag, FlagEvent.COMMENTED, flag.state, words)
    audit.record(session, actor, now, "flag_commented", Subject.FLAG, flag.reference)
    shown = card(session, actor, now, flag)
    if shown.may and flag.state not in SETTLED:
        flag.quiet_since = flag.remind_at = now
    told = tell_commented(session, actor, now, flag, entry)
    return Commented(shown, tuple(person.slack_user_id for person in told))


def flag_of_thread(session: Session, reader: Actor, now: datetime, channel: str, thread_ts: str) -> str | None:
    """The reference of the flag under whose card a thread runs, in this reader's own conversation; None for any other thread."""
    flag_id = threads.subject_under(session, reader, Subject.FLAG, channel, thread_ts)
    return card_by_id(session, reader, now, flag_id).reference if flag_id else None
