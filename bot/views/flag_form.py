"""The form that reports an accuracy problem. It begins with what and where; once the kind is chosen it asks what belongs to that kind."""

from __future__ import annotations

from dataclasses import dataclass, replace

from slack_sdk.models.blocks import (
    Block,
    ExternalDataSelectElement,
    InputBlock,
    InputInteractiveElement,
    PlainTextInputElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.errors import BadInput
from bot.flags.catalogue import SEVERITY_ORDER, CodesAsked, codes_asked, kind_of, kinds_in
from bot.flags.citations import LONGEST
from bot.views.forms import RENEWED, FormContext, FormValues
from bot.views.ids import ActionId, CallbackId, Field
from bot.views.layout import context as small_print
from bot.views.layout import form, input_block, note_input, option, plain, word_options
from storage.words import ErrorGroup, ErrorType, RootReason, Severity

#: Between the references of a message that the form lets somebody choose from.
_OR = "|"


class GroupNeeded(BadInput):
    """Choose what kind of problem it is."""


class ErrorTypeNeeded(BadInput):
    """Choose what is wrong."""


@dataclass(frozen=True, slots=True)
class FlagDraft:
    """How far a report has come. ``note_block`` is the block that holds the note: the guard renews it when it filled in a redacted text.

    ``code_before`` and ``code_after`` are filled in when the form opens where they are known already.
    """

    about: str = ""
    group: ErrorGroup | None = None
    error_type: ErrorType | None = None
    note_block: str = str(Field.NOTE)
    code_before: str = ""
    code_after: str = ""


def flag_form(context: FormContext, draft: FlagDraft) -> View:
    """Ask what is wrong and where. ``context.subject`` holds the references to choose from when there are several.

    What was chosen and typed stays while the form grows: Slack keeps the value of every input that keeps its block.
    """
    return form(
        CallbackId.FLAG_FORM,
        "Report a problem",
        [
            _about_input(draft.about, offered(context)),
            _group_input(draft.group),
            *(_of_group(draft.group, draft) if draft.group else ()),
            _note(draft.note_block),
        ],
        context,
        submit="Report",
    )


def opened_form(context: FormContext, references: tuple[str, ...]) -> View:
    """The form as it opens, about one reference, or about one of several to choose from."""
    group = ErrorGroup.RELEASE if references and references[0].startswith("ROI-") else None
    about = references[0] if references else ""
    return flag_form(replace(context, subject=_OR.join(references[:10])), FlagDraft(about, group))


def offered(context: FormContext) -> tuple[str, ...]:
    """The references somebody may choose from."""
    return tuple(context.subject.split(_OR)) if _OR in context.subject else ()


def read_draft(values: FormValues, blocks: list[dict[str, object]]) -> FlagDraft:
    """How far somebody has come in a form that is still open; a type of another group than the one chosen is forgotten."""
    group, error_type = values.one(Field.ERROR_GROUP), values.one(Field.ERROR_TYPE)
    chosen = ErrorType(error_type) if error_type else None
    if chosen is not None and kind_of(chosen).group != group:
        chosen = None
    ids = [str(block.get("block_id", "")) for block in blocks]
    note = next((one for one in ids if one.split(RENEWED)[0] == Field.NOTE), str(Field.NOTE))
    return FlagDraft(_about(values), ErrorGroup(group) if group else None, chosen, note)


@dataclass(frozen=True, slots=True)
class FlagAnswers:
    """What the flag form said; ``severity`` None means the usual one."""

    about: str
    error_type: ErrorType
    root_reason: RootReason | None
    severity: Severity | None
    code_before: str | None
    code_after: str | None
    citation: str | None
    note: str | None


def read_flag_form(values: FormValues) -> FlagAnswers:
    """Read the flag form.

    :raises GroupNeeded, ErrorTypeNeeded: when nothing was chosen.
    """
    chosen = values.one(Field.ERROR_TYPE)
    if chosen is None:
        raise ErrorTypeNeeded(field="error_type") if values.one(Field.ERROR_GROUP) else GroupNeeded(field="error_group")
    reason, severity = values.one(Field.ROOT_REASON), values.one(Field.SEVERITY)
    return FlagAnswers(
        about=_about(values),
        error_type=ErrorType(chosen),
        root_reason=RootReason(reason) if reason else None,
        severity=Severity(severity) if severity else None,
        code_before=values.one(Field.CODE_BEFORE),
        code_after=values.one(Field.CODE_AFTER),
        citation=values.text(Field.CITATION),
        note=values.text(Field.NOTE),
    )


def _about(values: FormValues) -> str:
    return values.one(Field.RECORD) or values.text(Field.RECORD) or ""


def _of_group(group: ErrorGroup, draft: FlagDraft) -> list[Block]:
    """What a kind of problem is asked about."""
    asked, error_type = codes_asked(group), draft.error_type
    shown: list[Block] = [_error_type_input(group, error_type), _root_reason_input()]
    if error_type is not None:
        shown.append(_severity_input(error_type))
    if asked is CodesAsked.ONE:
        shown.append(_code_input(Field.CODE_BEFORE, "Code concerned"))
    if asked is CodesAsked.BOTH:
        shown.append(_code_input(Field.CODE_BEFORE, "Code as it is", draft.code_before))
        shown.append(_code_input(Field.CODE_AFTER, "Code as it should be", draft.code_after))
    if asked is not CodesAsked.NONE:
        shown.append(_citation_input())
    return shown


def _about_input(about: str, choices: tuple[str, ...]) -> InputBlock:
    if choices:
        options = [option(one, one) for one in choices]
        chosen = next((one for one in options if one.value == about), options[0])
        menu = StaticSelectElement(action_id=str(Field.RECORD), options=options, initial_option=chosen)
        return input_block(Field.RECORD, "Task, release or record", menu)
    element = PlainTextInputElement(action_id=str(Field.RECORD), initial_value=about or None, max_length=20)
    return input_block(Field.RECORD, "Task, release or record", element, hint="Its reference, such as RV-2F7KQ or RR-2F7KQ")


def _group_input(group: ErrorGroup | None) -> InputBlock:
    options = word_options(ErrorGroup)
    initial = next((one for one in options if one.value == group), None)
    element = StaticSelectElement(options=options, initial_option=initial)
    return _growing(Field.ERROR_GROUP, "What kind of problem?", element, ActionId.FLAG_GROUP)


def _error_type_input(group: ErrorGroup, error_type: ErrorType | None) -> InputBlock:
    options = [option(f"{kind.label} ({kind.preset})", str(kind.type)) for kind in kinds_in(group)]
    only = options[0] if len(options) == 1 else None
    initial = next((one for one in options if one.value == error_type), only)
    element = StaticSelectElement(options=options, initial_option=initial)
    shown = _growing(Field.ERROR_TYPE, "What is wrong?", element, ActionId.FLAG_TYPE)
    shown.block_id = f"{Field.ERROR_TYPE}{RENEWED}{group}"
    return shown


def _growing(field: Field, label: str, element: InputInteractiveElement, action: ActionId) -> InputBlock:
    """An input that tells us at once when something is chosen."""
    shown = input_block(field, label, element)
    shown.dispatch_action, element.action_id = True, str(action)
    return shown


def _root_reason_input() -> InputBlock:
    element = StaticSelectElement(action_id=str(Field.ROOT_REASON), options=word_options(RootReason))
    return input_block(Field.ROOT_REASON, "Why did it happen?", element, optional=True, hint="Leave it empty if you do not know.")


def _severity_input(error_type: ErrorType) -> Block:
    preset = kind_of(error_type).preset
    if preset is Severity.CRITICAL:
        return small_print("*Severity: critical.* The privacy officer is told at once, and releases from this record wait.")
    options = word_options(SEVERITY_ORDER)
    initial = next(one for one in options if one.value == preset)
    element = StaticSelectElement(action_id=str(Field.SEVERITY), options=options, initial_option=initial)
    shown = input_block(Field.SEVERITY, "Severity", element, hint="The usual one of this problem is chosen.")
    shown.block_id = f"{Field.SEVERITY}{RENEWED}{error_type}"
    return shown


def _code_input(field: Field, label: str, code: str = "") -> InputBlock:
    element = ExternalDataSelectElement(
        action_id=str(field), min_query_length=2, placeholder=plain("Type words or a code"),
        initial_option=option(code, code) if code else None,
    )  # fmt: skip
    return input_block(field, label, element, optional=True)


def _citation_input() -> InputBlock:
    element = PlainTextInputElement(action_id=str(Field.CITATION), max_length=LONGEST)
    return input_block(
        Field.CITATION, "Guideline section", element, optional=True, hint="Its number only, such as I.C.9.a.1"
    )


def _note(block: str) -> InputBlock:
    shown = note_input("Short note")
    shown.block_id = block
    if isinstance(shown.element, PlainTextInputElement):
        shown.element.action_id = block
    return shown
