"""Notices as direct messages: about review tasks, about people who cannot be reached, and several notices in one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from bot.reviews.cards import TaskCard
from bot.views.ids import ActionId
from bot.views.layout import FALLBACK_TEXT, Message, button, context, cut, header, overflow, person, say, section
from storage.words import NoticeKind, Subject

#: How many notices one message lists; the rest is counted.
MOST_LINES = 20
LINE_TEXT = 700
_OPENS = {Subject.TASK: ActionId.TASK_OPEN, Subject.FLAG: ActionId.FLAG_OPEN, Subject.REQUEST: ActionId.ROI_OPEN, Subject.AUDIT_CASE: ActionId.AUDIT_OPEN}
#: What several notices of a kind are called together, and where all of it can be seen.
_TITLES = {
    NoticeKind.TASK_ASSIGNED: ("{} tasks were assigned to you", "/tasks"),
    NoticeKind.TASK_TAKEN_BACK: ("{} tasks are no longer in your hands", "/tasks"),
    NoticeKind.TASK_CANCELLED: ("{} of your tasks were cancelled", "/tasks"),
    NoticeKind.TASK_OFFERED: ("{} tasks are offered to you", "/tasks"),
    NoticeKind.OFFER_ACCEPTED: ("{} of your offers were accepted", "/tasks"),
    NoticeKind.OFFER_DECLINED: ("{} of your offers were declined", "/tasks"),
    NoticeKind.OFFER_EXPIRED: ("{} of your offers were not answered", "/tasks"),
    NoticeKind.TASK_IDLE: ("{} of your tasks are idle", "/tasks"),
    NoticeKind.TASK_RETURNED_IDLE: ("{} idle tasks went back to the queue", "/tasks queue"),
    NoticeKind.HOLD_WAKES: ("{} of your holds wake today", "/tasks holds"),
    NoticeKind.QUERY_OVERDUE: ("{} physician queries have no answer", "/tasks holds"),
    NoticeKind.URGENT_WORK: ("{} urgent tasks wait for somebody", "/tasks queue"),
    NoticeKind.TASK_RETURNED_TWICE: ("{} tasks came back from idle hands again", "/tasks queue"),
    NoticeKind.FLAG_RAISED: ("{} flags to look at", "your Home"),
    NoticeKind.FLAG_MOVED: ("{} flags moved on", "your Home"),
    NoticeKind.FLAG_COMMENTED: ("{} words about flags", "your Home"),
    NoticeKind.FLAG_WAITS: ("{} flags are silent", "your Home"),
    NoticeKind.AUDIT_FINISHED: ("Audits found something to learn from in {} of your charts", "/desk report"),
    NoticeKind.RELEASES_FROZEN: ("{} of your releases wait for a critical flag", "/roi"),
    NoticeKind.RELEASES_FREED: ("{} of your releases wait for no flag any more", "/roi"),
    NoticeKind.RELEASE_ASSIGNED: ("{} releases changed hands", "/roi"),
    NoticeKind.RELEASE_DUE: ("{} releases to look at", "/roi due"),
    NoticeKind.RELEASE_OVERDUE: ("{} releases to look at", "/roi due"),
}

#: Reminders of a legal clock: each line of several offers what a single one does.
_SNOOZED = frozenset({NoticeKind.RELEASE_DUE, NoticeKind.RELEASE_OVERDUE})
_REMINDER_CHOICES = (("Open", "details"), ("Snooze to tomorrow", "snooze"), ("Reassign", "assign"))


@dataclass(frozen=True, slots=True)
class Line:
    """What one notice says by itself, and what it is about, for a list of several; ``opens`` is what its button carries, the reference if left out."""

    message: Message
    subject: Subject
    reference: str = ""
    opens: str = ""


def taken_back_letter(card: TaskCard) -> Message:
    """A task left the reader's hands by a supervisor's decision."""
    return say(f"{card.reference} is no longer in your hands: a supervisor moved it. /tasks shows yours.")


def unreachable_letter(slack_user_id: str) -> Message:
    """For the supervisors: somebody gets no messages from the bot any more."""
    who = person(slack_user_id)
    return say(
        f"Please look at the work of {who}: Slack does not deliver my messages to them, so reminders do not arrive. "
        "/tasks and /roi due show what is open; you can reassign it there. An admin of Slack can tell why."
    )


def several_letter(kind: NoticeKind, lines: Sequence[Line]) -> Message:
    """Several notices of one kind as one message: a line and a button for each."""
    title, where = _TITLES[kind]
    heading = title.format(len(lines))
    shown: list[Block] = [header(heading), *(_row(kind, line) for line in lines[:MOST_LINES])]
    if len(lines) > MOST_LINES:
        shown.append(context(f"And {len(lines) - MOST_LINES} more: {where} shows all."))
    listed = ", ".join(line.reference for line in lines[:MOST_LINES])
    return Message(text=cut(f"{heading}: {listed}", FALLBACK_TEXT), blocks=shown)


def _row(kind: NoticeKind, line: Line) -> Block:
    text = cut(line.message.text, LINE_TEXT)
    if kind in _SNOOZED:
        choices = [(label, f"{choice}|{line.reference}") for label, choice in _REMINDER_CHOICES]
        return section(text, accessory=overflow(ActionId.ROI_MORE, choices))
    return section(text, accessory=button("Open", _OPENS[line.subject], line.opens or line.reference))
