"""A release as people see it: the card, and the window with all of it. Sensitive categories are named in windows only, never in a message."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, InteractiveElement
from slack_sdk.models.views import View

from bot.moments import days
from bot.roi.blocks import BlockKind
from bot.roi.cards import RoiCard
from bot.roi.hands import Does
from bot.roi.history import Happening
from bot.roi.states import BESIDE
from bot.roi.types import Accounting
from bot.views.ids import ActionId
from bot.views.layout import (
    Message,
    actions,
    button,
    day,
    escape,
    fields,
    full_day,
    header,
    menu,
    moment,
    person,
    section,
    title_words,
    window,
    words,
)
from bot.views.layout import (
    context as small_print,
)
from storage.words import RequestState, RequestType

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
#: Slack's menu behind ⋯ holds so many.
MOST_CHOICES = 5
_ACCOUNTING = {True: "Yes", False: "No", None: "Not answered yet"}


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
    return Message(text=f"{told} {request_title(card)}, {time_left(card)}.", blocks=blocks)


def request_window(card: RoiCard) -> View:
    """A request's card in a window of its own, where its sensitive categories may be named."""
    sensitive = ", ".join(words(one) for one in card.permission.sensitive)
    told = [f"Sensitive: {sensitive}"] if sensitive else []
    if card.purpose_note:
        told.append(f"Purpose: {escape(card.purpose_note)}")
    told.append(f"Reckoned by version {card.deadline.rule_version} of the rules. `/roi rules` shows those of today.")
    return window(card.reference, [*request_card(card), *(small_print(line) for line in told), actions(*_window_actions(card))])


def history_window(reference: str, steps: Sequence[Happening]) -> View:
    """What happened to a request, the newest first."""
    empty = section("Nothing has been written down yet.")
    return window(reference, [header("What happened so far"), *([section(_step(one)) for one in steps] or [empty])])


def _step(one: Happening) -> str:
    what = title_words(one.state) if one.before is not one.state else f"Still {words(one.state)}, something about it changed"
    by = person(one.by) if one.by else "The desk"
    why = f" · {words(one.reason)}" if one.reason else ""
    note = f"\n{escape(one.note)}" if one.note else ""
    return f"*{what}* · {by} · {moment(one.at)}{why}{note}"


def _window_actions(card: RoiCard) -> list[InteractiveElement]:
    """What is rarely wanted, and only in the window."""
    elements: list[InteractiveElement] = [button("What happened so far", ActionId.ROI_HISTORY, card.reference)]
    if Does.ACCOUNT in card.may and card.permission.accounting is not None:
        elements.append(button("Answer accounting again", ActionId.ROI_ACCOUNTING, card.reference, key="again"))
    if Does.RECKON in card.may:
        elements.append(button("Reckon by today’s rules", ActionId.ROI_RECKON, card.reference))
    return elements


def request_card(card: RoiCard) -> list[Block]:
    """Where it stands, when it is due and by which rule, what blocks its delivery, and what this reader can do next."""
    shown: list[Block] = [section(f"*{request_title(card)}*\n{_due_line(card)}"), *fields(_facts(card))]
    if card.blocks:
        lines = "\n".join(f"• {block.sentence}" for block in card.blocks)
        shown.append(section(f"*What blocks delivery*\n{lines}"))
    elif card.state is RequestState.READY_TO_SEND:
        shown.append(section("Nothing blocks delivery."))
    shown.append(small_print(_rule_line(card)))
    return [*shown, actions(*_card_actions(card))]


def read_choice(value: str) -> tuple[str, str]:
    """What was chosen behind ⋯ or on a step's button, and for which reference."""
    choice, _, reference = value.partition("|")
    return choice, reference


def time_left(card: RoiCard) -> str:
    """How much time is left, or that it is delivered."""
    return "delivered" if card.delivered_at else days_left(card)


def _due_line(card: RoiCard) -> str:
    if card.delivered_at:
        return f"Delivered {moment(card.delivered_at)}"
    line = f"*{days_left(card).capitalize()}*: {day(card.deadline.effective_due_on)}"
    if card.deadline.effective_due_on != card.deadline.due_on:
        line += f" (the date itself, {day(card.deadline.due_on)}, is a day off)"
    if card.deadline.ends_elsewhere:
        line += f" · in {card.deadline.zone}, until {moment(card.deadline.ends_at)} your time"
    return line + _extension(card)


def _extension(card: RoiCard) -> str:
    told = card.deadline
    if told.extended:
        why = f": {words(told.extension_reason)}" if told.extension_reason else ""
        return f"\nExtended once{f' on {day(told.extended_on)}' if told.extended_on else ''}{why}"
    return f"\nCan be extended once, until {day(told.extend_by)}" if told.extend_by else ""


def _rule_line(card: RoiCard) -> str:
    trust = "" if card.deadline.verified else ", unverified"
    return f"Due by {card.deadline.rule}: {card.deadline.source}{trust}. A setting, not legal advice: verify with your privacy counsel."


def _facts(card: RoiCard) -> list[tuple[str, str]]:
    ends = f", until {day(card.permission.expires_on)}" if card.permission.expires_on else ""
    return [
        ("Record", card.record or ""),
        ("Purpose", title_words(card.purpose) if card.purpose else ""),
        ("Facility", card.facility or ""),
        ("Received", day(card.deadline.received_on)),
        ("Letter of", full_day(card.deadline.letter_on) if card.deadline.letter_on else ""),
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
    more = _more(card, beside=any(element.action_id == ActionId.ROI_AUTHORIZATION for element in main))
    if card.record and len(more) < MOST_CHOICES:
        more.insert(-1, ("Flag a problem", f"flag|{card.reference}"))
    elif card.record:
        main.insert(2, button("Flag a problem", ActionId.TASK_FLAG, card.reference))
    return [*main[:3], menu(ActionId.ROI_MORE, more)]


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


def _more(card: RoiCard, *, beside: bool) -> list[tuple[str, str]]:
    """What stands behind ⋯. ``beside``: *Record authorization* is a button already."""
    more = []
    if card.next:
        more.append(("Another step", f"step|{card.reference}"))
    if Does.GIVE in card.may:
        more.append(("Assign to somebody", f"assign|{card.reference}"))
    if Does.AUTHORIZE in card.may and not beside:
        more.append(("Record authorization", f"authorization|{card.reference}"))
    if Does.EXTEND in card.may:
        more.append(("Extend the deadline", f"extend|{card.reference}"))
    more.append(("Details in a window", f"details|{card.reference}"))
    return more
