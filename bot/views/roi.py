"""Pending releases: the card, the lists, and what people are told. Sensitive categories are named in windows only, never in a message."""

from __future__ import annotations

from datetime import datetime

from slack_sdk.models.blocks import Block, InteractiveElement
from slack_sdk.models.views import View

from bot.moments import days
from bot.roi.blocks import BlockKind
from bot.roi.cards import RoiCard
from bot.roi.due_rules import ReminderKind
from bot.roi.hands import Does
from bot.roi.requests import RequestList, RequestPage
from bot.roi.states import BESIDE
from bot.roi.types import Accounting
from bot.views.ids import ActionId
from bot.views.layout import (
    Message,
    actions,
    button,
    day,
    divider,
    fields,
    header,
    moment,
    overflow,
    person,
    section,
    title_words,
    window,
    words,
)
from bot.views.layout import (
    context as small_print,
)
from storage.words import NoticeKind, RequestState, RequestType

LIST_TITLES = {
    RequestList.MINE: "Your pending releases",
    RequestList.DUE: "Releases due soon",
    RequestList.ALL: "Pending releases",
}
EMPTY_LISTS = {
    RequestList.MINE: "You have no pending releases. /roi due shows what is due for all.",
    RequestList.DUE: "No release is due in the next three business days.",
    RequestList.ALL: "No release is pending.",
}
TYPE_NAMES = {
    RequestType.PAYER_ADR: "Payer ADR",
    RequestType.DISABILITY_SSA: "Disability (SSA)",
    RequestType.WORKERS_COMP: "Workers’ comp",
    RequestType.PATIENT_DIRECTED_THIRD_PARTY: "Patient-directed to a third party",
}
#: How the usual next step reads on a button.
_ONWARD = {
    RequestState.AUTHORIZATION_REVIEW: "Review authorization",
    RequestState.READY_TO_FULFILL: "Ready to fulfill",
    RequestState.RETRIEVAL: "Start retrieval",
    RequestState.QA_REVIEW: "Send to QA",
    RequestState.READY_TO_SEND: "Pass QA",
    RequestState.DELIVERED: "Delivered",
    RequestState.CLOSED: "Close",
}
_ACCOUNTING = {True: "Yes", False: "No", None: "Not answered yet"}
_REMINDERS: dict[str, str] = {
    ReminderKind.HALF_TIME: "Half of the time is over.",
    ReminderKind.LAST_HOURS: "Two hours are left.",
    ReminderKind.EXTEND_OR_FINISH: "Finish it, or write to the person why it takes longer.",
    ReminderKind.LAST_CALL_EXTENSION: "Last call for the letter that extends it.",
    ReminderKind.UNASSIGNED: "Nobody has it yet.",
    ReminderKind.NOT_IN_QA: "It has not reached QA yet.",
    ReminderKind.AUTHORIZATION_EXPIRING: "Its authorization ends soon. Deliver before, or ask for a new one.",
    ReminderKind.AUTHORIZATION_EXPIRED: "Its authorization has expired, so it is pending. Ask for a new one.",
    ReminderKind.STILL_PENDING: "It is still pending. Ask how it stands.",
    ReminderKind.PENDING_LONG: "It has been pending for long. Please look at it.",
}


def type_name(request_type: RequestType) -> str:
    """A type of request as people read it."""
    return TYPE_NAMES.get(request_type, title_words(request_type))


def days_left(card: RoiCard) -> str:
    """How much time is left, in words."""
    if card.deadline.days_left < 0:
        return f"{days(-card.deadline.days_left)} overdue"
    return {0: "due today", 1: "due tomorrow"}.get(card.deadline.days_left, f"due in {days(card.deadline.days_left)}")


def request_title(card: RoiCard) -> str:
    """A request in one line: reference, type, state."""
    return f"{card.reference} · {type_name(card.type)} · {words(card.state)}"


def request_message(card: RoiCard, opening: str = "") -> Message:
    """A request's card as a message; ``opening`` is the sentence above it."""
    told = opening or f"{card.reference} is {words(card.state)}."
    blocks: list[Block] = [*([section(told)] if opening else []), *request_card(card)]
    return Message(text=f"{told} {request_title(card)}, {_time_left(card)}.", blocks=blocks)


def request_window(card: RoiCard) -> View:
    """A request's card in a window of its own, where its sensitive categories may be named."""
    named = [small_print(f"Sensitive: {', '.join(words(one) for one in card.permission.sensitive)}")] if card.permission.sensitive else []
    return window(card.reference, [*request_card(card), *named])


def request_card(card: RoiCard) -> list[Block]:
    """Where it stands, when it is due and by which rule, what blocks its delivery, and what this reader can do next."""
    shown: list[Block] = [section(f"*{request_title(card)}*\n{_due_line(card)}"), *fields(_facts(card))]
    if card.blocks:
        lines = "\n".join(f"• {block.sentence}" for block in card.blocks)
        shown.append(section(f"*What blocks delivery*\n{lines}"))
    elif card.state is RequestState.READY_TO_SEND:
        shown.append(section("Nothing blocks delivery."))
    shown.append(small_print(_rule_line(card)))
    elements = _card_actions(card)
    if elements:
        shown.append(actions(*elements))
    return shown


def request_list(page: RequestPage) -> Message:
    """A page of requests, the nearest effective due date first, each with a button to open it."""
    if not page.cards:
        return Message(text=EMPTY_LISTS[page.list], blocks=[section(EMPTY_LISTS[page.list])])
    title = f"{LIST_TITLES[page.list]} ({page.total})"
    shown: list[Block] = [header(title), *(request_row(card) for card in page.cards)]
    if page.pages > 1:
        shown += [small_print(f"Page {page.page + 1} of {page.pages}"), actions(*_page_buttons(page))]
    return Message(text=f"{LIST_TITLES[page.list]}: {page.total}", blocks=shown)


def request_row(card: RoiCard) -> Block:
    """One line of a list."""
    line = f"*{request_title(card)}*\n*{_time_left(card)}* ({day(card.deadline.effective_due_on)}) · priority {card.priority}"
    if card.blocks:
        line += f" · blocked by {', '.join(words(block.kind) for block in card.blocks)}"
    if not card.owner_is_reader:
        line += f" · {person(card.owner)}" if card.owner else " · nobody has it"
    return section(line, accessory=button("Open", ActionId.ROI_OPEN, card.reference))


def list_blocks(title: str, cards: tuple[RoiCard, ...], empty: str) -> list[Block]:
    """A titled list for the Home."""
    return [header(title), *([request_row(card) for card in cards] or [section(empty)]), divider()]


def release_notice(kind: NoticeKind, card: RoiCard, *, point: str = "", by: str = "", flag: str = "") -> Message:
    """What somebody is told about a request. ``card`` is theirs; ``point``, ``by`` and ``flag`` are the notice's facts."""
    match kind:
        case NoticeKind.RELEASES_FROZEN:
            told = f"{card.reference} waits: the critical flag {flag} is open on its record. Nothing from it may be delivered until that is settled."
        case NoticeKind.RELEASE_ASSIGNED if card.owner_is_reader:
            told = f"{person(by)} gave you {card.reference}: {_time_left(card)}." if by else f"{card.reference} is yours."
        case NoticeKind.RELEASE_ASSIGNED:
            return _short(card, f"{card.reference} is no longer in your hands: {person(card.owner)} has it now.")
        case _:
            told = f"{card.reference} is {_time_left(card)}. {_REMINDERS.get(point, '')}".rstrip()
    return _short(card, told, with_actions=True)


def snoozed_message(card: RoiCard, at: datetime) -> Message:
    """What takes the place of a reminder that was snoozed until ``at``."""
    told = f"{card.reference} is {_time_left(card)}. You are reminded again {moment(at)}."
    return Message(text=told, blocks=[section(told), actions(button("Open", ActionId.ROI_OPEN, card.reference))])


def read_page(value: str) -> tuple[RequestList, int]:
    """Which page a button asks for."""
    which, _, page = value.partition("|")
    return RequestList(which), int(page)


def read_choice(value: str) -> tuple[str, str]:
    """What was chosen behind ⋯ or on a step's button, and for which reference."""
    choice, _, reference = value.partition("|")
    return choice, reference


def _short(card: RoiCard, told: str, *, with_actions: bool = False) -> Message:
    shown: list[Block] = [section(f"{told}\n*{request_title(card)}*")]
    if with_actions and card.blocks:
        shown.append(small_print(f"Delivery is blocked by: {', '.join(words(block.kind) for block in card.blocks)}"))
    if with_actions:
        shown.append(actions(*_notice_buttons(card)))
    return Message(text=f"{told} {request_title(card)}", blocks=shown)


def _notice_buttons(card: RoiCard) -> list[InteractiveElement]:
    buttons: list[InteractiveElement] = [button("Open", ActionId.ROI_OPEN, card.reference, style="primary")]
    if Does.SNOOZE in card.may:
        buttons.append(button("Snooze to tomorrow", ActionId.REMINDER_SNOOZE, card.reference))
    if Does.GIVE in card.may:
        buttons.append(button("Reassign" if card.owner else "Assign", ActionId.ROI_ASSIGN, card.reference))
    elif Does.TAKE in card.may:
        buttons.append(button("Take", ActionId.ROI_TAKE, card.reference))
    return buttons


def _time_left(card: RoiCard) -> str:
    return "delivered" if card.delivered_at else days_left(card)


def _due_line(card: RoiCard) -> str:
    if card.delivered_at:
        return f"Delivered {moment(card.delivered_at)}"
    line = f"*{days_left(card).capitalize()}*: {day(card.deadline.effective_due_on)}"
    if card.deadline.effective_due_on != card.deadline.due_on:
        line += f" (the date itself, {day(card.deadline.due_on)}, is a day off)"
    return line + (" · extended" if card.deadline.extended else "")


def _rule_line(card: RoiCard) -> str:
    trust = "" if card.deadline.verified else ", unverified"
    return f"Due by {card.deadline.rule}: {card.deadline.source}{trust}. A setting, not legal advice: verify with your privacy counsel."


def _facts(card: RoiCard) -> list[tuple[str, str]]:
    ends = f", until {day(card.permission.expires_on)}" if card.permission.expires_on else ""
    return [
        ("Record", card.record or ""),
        ("Received", day(card.deadline.received_on)),
        ("Target", day(card.deadline.target_on) if card.deadline.target_on else ""),
        ("Owner", person(card.owner) if card.owner else "Nobody yet"),
        ("Waits for", words(card.reason) if card.reason else ""),
        ("Goes on with", words(card.resumes_to) if card.resumes_to else ""),
        ("Authorization", title_words(card.permission.authorization) + ends),
        ("Sensitive content", _sensitive(card)),
        ("Minimum necessary", "Applies" if card.permission.asks.minimum_necessary else ""),
        ("Accounting of disclosures", _accounting(card)),
        ("Requester", title_words(card.requester_type) if card.requester_type else ""),
        ("State law", card.legal_state or ""),
        ("Delivery", title_words(card.delivery_method) if card.delivery_method else ""),
        ("Pages", str(card.pages) if card.pages else ""),
    ]


def _sensitive(card: RoiCard) -> str:
    if not card.permission.needs_own_authorization:
        return ""
    return "Authorization names it" if card.permission.sensitive_authorized else "Needs an authorization that names it"


def _accounting(card: RoiCard) -> str:
    asked = " (its type demands it)" if card.permission.asks.accounting is Accounting.YES and card.permission.accounting is None else ""
    return _ACCOUNTING[card.permission.accounting] + asked


def _card_actions(card: RoiCard) -> list[InteractiveElement]:
    """At most three buttons: take it, go on, and what would lift a block; the rest stands behind ⋯."""
    kinds = {block.kind for block in card.blocks}
    main: list[InteractiveElement] = []
    if Does.TAKE in card.may:
        main.append(button("Take", ActionId.ROI_TAKE, card.reference, style="primary"))
    onward = _onward(card)
    if onward is not None:
        label = "Resume" if card.state in BESIDE else _ONWARD[onward]
        style = None if main else "primary"
        main.append(button(label, ActionId.ROI_STEP, f"{onward}|{card.reference}", style=style, key=str(onward)))
    if Does.AUTHORIZE in card.may and kinds & {BlockKind.AUTHORIZATION, BlockKind.SENSITIVE}:
        main.append(button("Record authorization", ActionId.ROI_AUTHORIZATION, card.reference))
    if Does.ACCOUNT in card.may and BlockKind.ACCOUNTING in kinds:
        main.append(button("Answer accounting", ActionId.ROI_ACCOUNTING, card.reference))
    more = _more(card)
    return [*main[:3], *([overflow(ActionId.ROI_MORE, more)] if more else [])]


def _onward(card: RoiCard) -> RequestState | None:
    """The state the main button leads to: no authorization review where none is needed, no delivery while it is blocked."""
    if not card.next or (card.state is RequestState.QA_REVIEW and card.next[0] is not RequestState.READY_TO_SEND):
        return None
    usual = card.next[0]
    kinds = {block.kind for block in card.blocks}
    if card.state is RequestState.LOGGED and BlockKind.AUTHORIZATION not in kinds:
        return RequestState.READY_TO_FULFILL
    if card.state is RequestState.AUTHORIZATION_REVIEW and BlockKind.AUTHORIZATION in kinds:
        return None
    if usual is RequestState.DELIVERED and card.blocks:
        return RequestState.QA_REVIEW if BlockKind.QA in kinds else None
    return usual


def _more(card: RoiCard) -> list[tuple[str, str]]:
    more = []
    if card.next:
        more.append(("Another step", f"step|{card.reference}"))
    if Does.GIVE in card.may:
        more.append(("Assign to somebody", f"assign|{card.reference}"))
    if Does.AUTHORIZE in card.may:
        more.append(("Record authorization", f"authorization|{card.reference}"))
    if Does.ACCOUNT in card.may and card.permission.accounting is not None:
        more.append(("Answer accounting again", f"accounting|{card.reference}"))
    more.append(("Details in a window", f"details|{card.reference}"))
    return more


def _page_buttons(page: RequestPage) -> list[InteractiveElement]:
    buttons: list[InteractiveElement] = []
    if page.page > 0:
        buttons.append(button("Previous", ActionId.ROI_PAGE, f"{page.list}|{page.page - 1}", key="previous"))
    if page.page + 1 < page.pages:
        buttons.append(button("Next", ActionId.ROI_PAGE, f"{page.list}|{page.page + 1}", key="next"))
    return buttons
