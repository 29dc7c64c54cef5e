"""Releases at their worst, for the test that Slack takes every view: the longest texts a column can hold, every block and button at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from slack_sdk.models.views import View

from bot.pictures.release_clocks import clocks_in_words
from bot.roi.blocks import Block, BlockKind
from bot.roi.cards import Deadline, Permission, RoiCard
from bot.roi.clocks import ClockCounts, Timeline
from bot.roi.due_rules import HolidaysOf, ReminderKind
from bot.roi.hands import Does
from bot.roi.history import Happening
from bot.roi.new import NewRequest
from bot.roi.reasons import REASONS
from bot.roi.requests import PAGE, RequestList, RequestPage
from bot.roi.rule_pages import LATEST, PastVersion, RuleInForce, RulePage
from bot.roi.rule_pages import PAGE as RULES_PAGE
from bot.roi.types import TYPE_RULES
from bot.views import roi_card, roi_forms, roi_lists, roi_new, roi_notices, roi_rules
from bot.views.forms import FormContext
from bot.views.layout import Message
from storage.words import (
    AuthorizationStatus,
    DeliveryMethod,
    ExtensionReason,
    NoticeKind,
    PendReason,
    Priority,
    Purpose,
    RequestState,
    RequestType,
    Sensitive,
)
from tests.clinic import clean, shipped_rules
from tests.desk_fixtures import MONDAY

LONG = "W" * 200
NOTE = clean("Films & slides <of> the " * 8)
MEMBER = "U" + "0" * 30
ZONE = "America/Argentina/ComodRivadavia"
DAY = date(2026, 11, 30)
CONTEXT = FormContext("ROI-WWWWW", "f" * 16, "https://hooks.slack.com/commands/" + "x" * 300, replaces=True)
SENTENCE = "The critical flag FL-WWWWW is open on this record. Delivery waits until it is verified or overturned."
DEADLINE = Deadline(
    received_on=DAY, letter_on=DAY, due_on=DAY, effective_due_on=DAY - timedelta(days=1), target_on=DAY, days_left=-99_999, rule=LONG[:40],
    rule_version="f" * 16, source=LONG, verified=False, extend_by=DAY, extended_on=DAY, extended=True, zone=ZONE, ends_at=MONDAY,
    ends_elsewhere=True, extension_reason=ExtensionReason.RECORDS_INCOMPLETE, promised_on=DAY,
)  # fmt: skip
CARD = RoiCard(
    reference="ROI-WWWWW", record="RR-WWWWW", facility=LONG, type=RequestType.PATIENT_DIRECTED_THIRD_PARTY, purpose=Purpose.DISABILITY_DETERMINATION,
    purpose_note=NOTE, requester_type=LONG, legal_state="CA", state=RequestState.AWAITING_CERTIFICATION, resumes_to=RequestState.AUTHORIZATION_REVIEW,
    reason=PendReason.AUTHORIZATION_MISSING_EXPIRATION, priority=Priority.CRITICAL, deadline=DEADLINE,
    permission=Permission(
        AuthorizationStatus.NOT_REQUIRED, DAY, TYPE_RULES[RequestType.RESEARCH], tuple(Sensitive), needs_own_authorization=True,
        sensitive_authorized=False, accounting=True,
    ),
    delivery_method=DeliveryMethod.DIRECT_MESSAGE, pages=100_000, owner=MEMBER, owner_is_reader=False, delivered_at=None,
    blocks=tuple(Block(kind, SENTENCE) for kind in BlockKind), next=(RequestState.AUTHORIZATION_REVIEW, *REASONS), may=frozenset(Does),
)  # fmt: skip
CARDS = [
    CARD, replace(CARD, delivered_at=MONDAY), replace(CARD, may=frozenset(), next=(), owner=None),
    *(replace(CARD, state=state, blocks=()) for state in RequestState),
]  # fmt: skip
STEPS = [Happening(MONDAY, None, state, CARD.reason, NOTE, MEMBER) for state in RequestState] + [Happening(MONDAY, None, CARD.state, None, None, None)] * 4
RULE = max(shipped_rules().rules, key=lambda rule: len(rule.applies_to) + len(rule.optional_for) + len(rule.source))
RULES = RulePage((RULE,) * RULES_PAGE, 1, 10_000, "f" * 16, 12, can_edit=True, reckoning=True, notice=shipped_rules().notice)
PAST = [PastVersion(number, "f" * 16, "W" * 40, MEMBER, MONDAY, clean("W" * 300)) for number in range(LATEST)]
START = NewRequest("RR-WWWWW", "CA", DAY, is_releaser=True)
COUNTS = ClockCounts(*[10_000] * 6)


def request_pages() -> list[RequestPage]:
    return [
        *(RequestPage(which, tuple(replace(CARD, reference=f"ROI-WWWW{at}") for at in range(PAGE)), 600, 10_000) for which in RequestList),
        *(RequestPage(which, (), 0, 0) for which in RequestList),
    ]


WORST_RELEASES: dict[str, Callable[[], Sequence[Message | View]]] = {
    "release cards": lambda: [roi_card.request_message(card, LONG) for card in CARDS],
    "release windows": lambda: [roi_card.request_window(card) for card in CARDS],
    "release history": lambda: [roi_card.history_window("ROI-WWWWW", STEPS), roi_card.history_window("ROI-WWWWW", [])],
    "release lists": lambda: [roi_lists.request_list(page) for page in request_pages()],
    "release forms": lambda: [
        form(CARD, CONTEXT)
        for form in (
            roi_forms.step_form, roi_forms.extend_form, roi_forms.authorization_form, roi_forms.accounting_form, roi_forms.assign_form,
        )
    ],
    "release reasons": lambda: [roi_forms.reason_form(CARD, state, CONTEXT) for state in REASONS],
    "release notices": lambda: [
        roi_notices.release_notice(kind, CARD, point=point, by=MEMBER, flag="FL-WWWWW", instead_of=MEMBER)
        for kind in (NoticeKind.RELEASE_DUE, NoticeKind.RELEASE_OVERDUE, NoticeKind.RELEASES_FROZEN, NoticeKind.RELEASE_ASSIGNED)
        for point in ReminderKind
    ],
    "snoozed": lambda: [roi_notices.snoozed_message(CARD, MONDAY)],
    "a new release": lambda: [roi_new.new_form(START, MEMBER, CONTEXT), roi_new.new_form(replace(START, record="", legal_state=None), MEMBER, CONTEXT)],
    "rules": lambda: [roi_rules.rules_message(RULES, LONG), roi_rules.rules_message(replace(RULES, rules=(), total=0, page=0))],
    "a rule": lambda: [roi_rules.rule_form(RuleInForce(rule, "f" * 16), CONTEXT) for rule in shipped_rules().rules],
    "whose holidays": lambda: [roi_rules.holidays_form(f"{whose}|{'f' * 16}", CONTEXT) for whose in HolidaysOf],
    "a new rule": lambda: [roi_rules.new_rule_form(CONTEXT)],
    "changed rules": lambda: [roi_rules.history_window(PAST), roi_rules.history_window([]), roi_rules.history_window([replace(PAST[0], by=None, why=None)])],
}  # fmt: skip


def timeline(clocks: Sequence[RoiCard]) -> Timeline:
    return Timeline(DAY, ZONE, tuple(clocks), COUNTS)


def in_words(clocks: Sequence[RoiCard]) -> str:
    return clocks_in_words(timeline(clocks))
