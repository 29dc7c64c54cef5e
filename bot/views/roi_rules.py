"""The rules of deadlines in Slack: the list with its sources and marks, the form that changes one, and who changed what and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InteractiveElement,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticMultiSelectElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.errors import BadInput
from bot.roi.due_rules import DueRule, HolidaysOf, Unit
from bot.roi.rule_editing import Because, NewRule, RuleChange, RuleEdit
from bot.roi.rule_pages import PastVersion, RuleInForce, RulePage
from bot.views.forms import FormContext, FormValues
from bot.views.ids import ActionId, CallbackId, Field
from bot.views.layout import (
    NO_PHI_HINT,
    Message,
    actions,
    button,
    escape,
    form,
    header,
    input_block,
    moment,
    option,
    person,
    section,
    title_words,
    window,
    word_options,
)
from bot.views.layout import (
    context as small_print,
)
from bot.views.roi_card import type_name
from bot.views.roi_new import state_options, type_options
from storage.columns import CleanText
from storage.words import ClockStart, RequestType

LONGEST_DAYS, LONGEST_WHY, LONGEST_SOURCE = 400, 300, 200
_YES = "yes"
_UNITS = {Unit.CALENDAR: "calendar days", Unit.BUSINESS: "business days"}
_HOLIDAYS = {
    HolidaysOf.FEDERAL: "Business days skip the federal holidays",
    HolidaysOf.STATE: "Business days skip the holidays of the state whose law applies",
}
_STARTS = {
    ClockStart.RECEIVED: "receipt",
    ClockStart.LETTER: "the date of the letter",
    ClockStart.VALID_AUTHORIZATION: "a valid authorization",
}
#: What most states' rules are about, and how the form of a new one begins.
_PATIENTS = (RequestType.PATIENT_ACCESS, RequestType.PATIENT_DIRECTED_THIRD_PARTY)
_BEGINNING = RuleChange(15, Unit.CALENDAR, ClockStart.RECEIVED, 0, 0, verified=False)


class NoWholeNumber(BadInput):
    """Enter a whole number of days, from 0 to 400."""


def rules_message(page: RulePage, opening: str = "") -> Message:
    """A page of the rules as they count now."""
    counted = "as they come with the program" if not page.number else f"changed {page.number} {'time' if page.number == 1 else 'times'} here"
    told = opening or f"{page.total} rules of deadlines, {counted}."
    shown: list[Block] = [
        header("Rules of deadlines"),
        section(f"{told}\n{page.notice} A new request is reckoned by version `{page.version}`; each remembers its own. {_HOLIDAYS[page.holidays_of]}."),
        *(_row(rule, can_edit=page.can_edit) for rule in page.rules),
    ]
    if page.reckoning:
        shown.append(small_print("Open releases are being reckoned anew by these rules."))
    if page.pages > 1:
        shown.append(small_print(f"Page {page.page + 1} of {page.pages}"))
    shown.append(actions(*_buttons(page)))
    return Message(text=f"{told} {page.notice}", blocks=shown)


def _row(rule: DueRule, *, can_edit: bool) -> Block:
    mark = "verified: its text was read" if rule.verified else "*unverified*"
    text = f"*{rule.id}* · {counted(rule)} · {mark}\n{_about(rule)}\nSource: {escape(rule.source)}"
    return section(text, accessory=button("Edit", ActionId.ROI_RULE_EDIT, rule.id) if can_edit else None)


def counted(rule: DueRule) -> str:
    """How a rule counts, in words."""
    if rule.unit is Unit.DATE_ON_LETTER:
        return "the date the letter names"
    told = f"{rule.days} {_UNITS[rule.unit]} from {_STARTS[rule.clock_start]}"
    if rule.extension_days:
        told += f", one extension of {rule.extension_days} {_UNITS[rule.extension_unit]} within {rule.extension_within}"
    return told


def _about(rule: DueRule) -> str:
    kinds = ", ".join(type_name(kind) for kind in rule.applies_to)
    optional = f"; with a date also {len(rule.optional_for)} more" if rule.optional_for else ""
    where = f" in {', '.join(rule.states)}" if rule.states else ""
    who = f", from {', '.join(one.upper() for one in rule.requesters)}" if rule.requesters else ""
    return f"{title_words(rule.level)}: {kinds}{optional}{where}{who}"


def _buttons(page: RulePage) -> list[InteractiveElement]:
    buttons: list[InteractiveElement] = []
    if page.page > 0:
        buttons.append(button("Previous", ActionId.ROI_RULES_PAGE, str(page.page - 1), key="previous"))
    if page.page + 1 < page.pages:
        buttons.append(button("Next", ActionId.ROI_RULES_PAGE, str(page.page + 1), key="next"))
    if page.can_edit:
        buttons.append(button("Add a state’s rule", ActionId.ROI_RULE_ADD, page.version))
        buttons.append(button("Whose holidays", ActionId.ROI_HOLIDAYS, f"{page.holidays_of}|{page.version}"))
    buttons.append(button("Who changed what", ActionId.ROI_RULES_HISTORY, "latest"))
    return buttons


def rule_form(in_force: RuleInForce, context: FormContext) -> View:
    """Ask how one rule is to be from now on, and why."""
    rule = in_force.rule
    return form(
        CallbackId.ROI_RULE_FORM,
        "Change a rule",
        [
            section(f"*{rule.id}*: {_about(rule)}\n{escape(rule.note)}"),
            *_counting(rule, word_options(Unit)),
            *_extending(rule),
            *_trusting(rule.source, verified=rule.verified),
            *_dropping(rule),
            *_because(),
        ],
        replace(context, subject=f"{rule.id}|{in_force.version}"),
    )


def new_rule_form(context: FormContext) -> View:
    """Ask for a state's rule that is not there yet; ``context`` remembers the version somebody looked at."""
    kinds = StaticMultiSelectElement(
        action_id=str(Field.APPLIES_TO), options=type_options(), initial_options=[option(type_name(kind), kind.value) for kind in _PATIENTS]
    )
    return form(
        CallbackId.ROI_NEW_RULE_FORM,
        "Add a state’s rule",
        [
            input_block(Field.LEGAL_STATE, "State", StaticSelectElement(action_id=str(Field.LEGAL_STATE), options=state_options())),
            input_block(Field.APPLIES_TO, "Types of requests", kinds),
            *_counting(_BEGINNING, word_options(_UNITS)),
            *_extending(_BEGINNING),
            *_trusting(None, verified=False),
            *_because(),
        ],
        context,
    )  # fmt: skip


def holidays_form(stands: str, context: FormContext) -> View:
    """Ask whose holidays business days skip. ``stands``: how it is, and the version somebody looked at."""
    now, _, seen = stands.partition("|")
    offered = [option(words, whose.value) for whose, words in _HOLIDAYS.items()]
    whose = RadioButtonsElement(
        action_id=str(Field.HOLIDAYS_OF), options=offered, initial_option=next(one for one in offered if one.value == HolidaysOf(now))
    )
    return form(
        CallbackId.ROI_HOLIDAYS_FORM,
        "Whose holidays",
        [input_block(Field.HOLIDAYS_OF, "Which days are no business days?", whose, hint="Ask your privacy counsel."), *_because()],
        replace(context, subject=seen),
    )  # fmt: skip


def read_holidays_form(values: FormValues, seen: str, why: CleanText | None) -> tuple[HolidaysOf, Because]:
    """Read the form about holidays; ``seen`` is the version it remembered, ``why`` has passed the guard."""
    return HolidaysOf(values.one(Field.HOLIDAYS_OF) or HolidaysOf.FEDERAL), _reason_in(values, seen, why)


def _counting(rule: DueRule | RuleChange, units: list[Option]) -> list[Block]:
    """How many days, which ones, and from when."""
    starts = [option(f"From {_STARTS[start]}", start.value) for start in ClockStart]
    letter = "0 where the letter names the date." if len(units) > len(_UNITS) else None
    return [
        input_block(Field.DAYS, "Days", _number(Field.DAYS, rule.days), hint=letter),
        input_block(Field.UNIT, "Counted in", _chosen(Field.UNIT, units, rule.unit)),
        input_block(Field.CLOCK_START, "The clock starts", _chosen(Field.CLOCK_START, starts, rule.clock_start)),
    ]


def _extending(rule: DueRule | RuleChange) -> list[Block]:
    """The one extension: by how many days, made within how many, and which ones."""
    units = word_options(_UNITS)
    return [
        input_block(
            Field.EXTENSION_DAYS, "Days one extension adds", _number(Field.EXTENSION_DAYS, rule.extension_days), hint="0 for no extension."
        ),
        input_block(
            Field.EXTENSION_WITHIN, "It is made within the first … days", _number(Field.EXTENSION_WITHIN, rule.extension_within)
        ),
        input_block(Field.EXTENSION_UNIT, "Both counted in", _chosen(Field.EXTENSION_UNIT, units, rule.extension_unit)),
    ]  # fmt: skip


def _trusting(source: str | None, *, verified: bool) -> list[Block]:
    """Where the rule comes from, and whether somebody read it."""
    read = [option("The text of the rule itself was read", _YES)]
    boxes = CheckboxesElement(action_id=str(Field.VERIFIED), options=read, initial_options=read if verified else None)
    written = PlainTextInputElement(action_id=str(Field.SOURCE), initial_value=source, max_length=LONGEST_SOURCE)
    return [
        input_block(Field.SOURCE, "Source", written, hint="The statute and its section."),
        input_block(
            Field.VERIFIED, "Verified", boxes, optional=True, hint="Deadlines are settings, not legal advice: ask your privacy counsel."
        ),
    ]  # fmt: skip


def _dropping(rule: DueRule) -> list[Block]:
    """A state's rule can be taken out; of the others one must be left for every type of request."""
    if not rule.states:
        return []
    boxes = CheckboxesElement(action_id=str(Field.DROPPED), options=[option("This rule counts no more", _YES)])
    return [input_block(Field.DROPPED, "Take it out", boxes, optional=True)]


def _because() -> list[Block]:
    """Why, and whether open releases follow."""
    again = CheckboxesElement(action_id=str(Field.RECKON_OPEN), options=[option("Also reckon the open releases anew by it", _YES)])
    return [
        input_block(Field.WHY, "Why?", PlainTextInputElement(action_id=str(Field.WHY), max_length=LONGEST_WHY), hint=NO_PHI_HINT),
        input_block(
            Field.RECKON_OPEN, "Open releases", again, optional=True, hint="Otherwise they keep the due date and the version they have."
        ),
    ]  # fmt: skip


def read_rule_form(values: FormValues, subject: str, source: CleanText | None, why: CleanText | None) -> RuleEdit:
    """Read the form; ``subject`` is what it remembered. ``source`` and ``why`` have passed the guard, an unchanged source is None.

    :raises NoWholeNumber: where days are none.
    """
    rule_id, _, seen = subject.partition("|")
    return RuleEdit(rule_id, _change_in(values, source), _reason_in(values, seen, why), bool(values.many(Field.DROPPED)))


def read_new_rule_form(values: FormValues, seen: str, source: CleanText | None, why: CleanText | None) -> NewRule:
    """Read the form of a new rule; ``seen`` is the version it remembered. ``source`` and ``why`` have passed the guard.

    :raises NoWholeNumber: where days are none.
    """
    kinds = tuple(RequestType(one) for one in values.many(Field.APPLIES_TO))
    return NewRule(values.one(Field.LEGAL_STATE) or "", kinds, _change_in(values, source), _reason_in(values, seen, why))


def _change_in(values: FormValues, source: CleanText | None) -> RuleChange:
    return RuleChange(
        days=_whole(values, Field.DAYS),
        unit=Unit(values.one(Field.UNIT) or Unit.CALENDAR),
        clock_start=ClockStart(values.one(Field.CLOCK_START) or ClockStart.RECEIVED),
        extension_days=_whole(values, Field.EXTENSION_DAYS),
        extension_within=_whole(values, Field.EXTENSION_WITHIN),
        verified=bool(values.many(Field.VERIFIED)),
        source=source,
        extension_unit=Unit(values.one(Field.EXTENSION_UNIT) or Unit.CALENDAR),
    )


def _reason_in(values: FormValues, seen: str, why: CleanText | None) -> Because:
    return Because(seen, why, bool(values.many(Field.RECKON_OPEN)))


def rule_of(subject: str) -> str:
    """Which rule the form is about."""
    return subject.partition("|")[0]


def history_window(past: Sequence[PastVersion]) -> View:
    """Who changed which rule, when, and why."""
    if not past:
        return window("Changed rules", [section("Nobody changed a rule here. They are as they come with the program.")])
    return window("Changed rules", [section(_past(one)) for one in past])


def _past(one: PastVersion) -> str:
    by = person(one.by) if one.by else "The command line"
    why = f"\n{escape(one.why)}" if one.why else ""
    return f"*{one.number}. {one.rule_id or 'All rules'}* · {by} · {moment(one.at)} · version `{one.version}`{why}"


def _number(field: Field, value: int) -> NumberInputElement:
    return NumberInputElement(
        action_id=str(field), is_decimal_allowed=False, initial_value=str(value), min_value="0", max_value=str(LONGEST_DAYS)
    )


def _chosen(field: Field, options: list[Option], value: str) -> StaticSelectElement:
    initial = next(one for one in options if one.value == value)
    return StaticSelectElement(action_id=str(field), options=options, initial_option=initial)


def _whole(values: FormValues, field: Field) -> int:
    typed = values.text(field) or "0"
    if not typed.isascii() or not typed.isdigit() or int(typed[:6]) > LONGEST_DAYS:
        raise NoWholeNumber(field=str(field))
    return int(typed)
