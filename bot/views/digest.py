"""The morning digest as a direct message."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot.digest import Digest, Oversight
from bot.flags.cards import FlagCard
from bot.moments import days
from bot.views.audits import waiting_blocks
from bot.views.flag_card import flag_title
from bot.views.ids import ActionId
from bot.views.layout import FALLBACK_TEXT, Message, button, context, cut, day, fields, header, section
from bot.views.roi_lists import request_row
from bot.views.task_lists import task_row


def digest_message(digest: Digest) -> Message:
    """The whole morning: what presses first, each thing once, everything with a button to open it."""
    shown: list[Block] = [header(f"Your desk on {day(digest.day)}"), *_oversight(digest.oversight)]
    if digest.releases is not None and digest.releases.total:
        rows = [request_row(card) for card in digest.releases.cards]
        shown += _part("Pending releases", rows, digest.releases.total, "/roi")
    shown += _tasks(digest)
    shown += waiting_blocks(digest.audits)
    shown += _part("Flags that wait for you", [_flag_row(flag) for flag in digest.flags], len(digest.flags), "")
    shown.append(context("`/desk settings` changes when messages reach you, or turns this one off."))
    return Message(text=cut(_summary(digest), FALLBACK_TEXT), blocks=shown)


def _tasks(digest: Digest) -> list[Block]:
    """Due soon, then holds that wake, then the rest of what is in hand; no task twice."""
    named: set[str] = set()
    shown: list[Block] = []
    for title, cards, total, where in (
        ("Due soon", digest.due.cards if digest.due else (), digest.due.total if digest.due else 0, "/tasks due"),
        ("Holds that wake today", digest.waking, len(digest.waking), "/tasks holds"),
        ("My tasks", digest.tasks.cards if digest.tasks else (), digest.tasks.total if digest.tasks else 0, "/tasks"),
    ):
        fresh = [card for card in cards if card.reference not in named]
        named |= {card.reference for card in fresh}
        shown += _part(title, [task_row(card) for card in fresh], total, where)
    return shown


def _part(title: str, rows: Sequence[Block], total: int, where: str) -> list[Block]:
    if not rows:
        return []
    more = [context(f"`{where}` shows all {total}.")] if where and total > len(rows) else []
    return [section(f"*{title} ({total})*"), *rows, *more]


def _oversight(team: Oversight | None) -> list[Block]:
    if team is None:
        return []
    counted = team.backlog
    facts = [
        ("Waiting in the queue", f"{counted.available}, the oldest {days(counted.oldest_days)}"),
        ("At risk, nobody has it", str(counted.urgent)),
        ("Releases overdue", str(team.overdue)),
        ("Releases nobody has", str(team.unassigned)),
        ("In hand", str(counted.in_hand)),
        ("On hold", str(counted.on_hold)),
    ]
    return [*fields(facts), context("`/tasks queue`, `/roi due` and `/assign` show and change it.")]


def _flag_row(flag: FlagCard) -> Block:
    return section(f"*{flag_title(flag)}*", accessory=button("Open", ActionId.FLAG_OPEN, flag.reference))


def _summary(digest: Digest) -> str:
    """The digest in one sentence, for the notification and for screen readers."""
    counts: list[tuple[int, str]] = [
        (digest.due.total if digest.due else 0, "due soon"),
        (digest.tasks.total if digest.tasks else 0, "of your tasks"),
        (len(digest.waking), "holds that wake"),
        (len(digest.flags), "flags"),
        (digest.audits, "charts to audit"),
        (digest.releases.total if digest.releases else 0, "pending releases"),
        (digest.oversight.overdue if digest.oversight else 0, "overdue releases in the team"),
        (digest.oversight.backlog.available if digest.oversight else 0, "tasks in the queue"),
    ]
    told = ", ".join(f"{count} {what}" for count, what in counts if count)
    return f"Your desk on {day(digest.day)}: {told or 'the team is at work'}."
