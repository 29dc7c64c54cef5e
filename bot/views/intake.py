"""Work lists that are sent: what would come of one, the form that matches headers, how far an import is, and what it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, InteractiveElement, StaticSelectElement
from slack_sdk.models.views import View

from bot.errors import BadInput
from bot.intake.columns import LEFT_OUT
from bot.intake.mapping import Offered
from bot.intake.opening import COLUMNS, FileKind
from bot.intake.problems import Problem
from bot.intake.report import ImportReport
from bot.intake.sent import Wish
from bot.views.forms import FormContext, FormTooOld, FormValues
from bot.views.ids import ActionId, CallbackId, Field
from bot.views.layout import (
    Message,
    actions,
    button,
    cut,
    escape,
    fields,
    form,
    header,
    input_block,
    option,
    section,
    title_words,
    window,
)
from bot.views.layout import context as small_print

#: Problems shown in a message; the rest comes as a file.
SHOWN = 8
#: Headers offered for each field: more would make the form larger than Slack takes.
OFFERED = 40
NAMES_TEXT = 600
NOT_THERE = "not_in_this_file"
#: Fields whose names read badly as they are.
_LABELS = {"task_ref": "Our reference", "external_key": "Key of the source", "working_drg": "Working DRG", "charges_usd": "Charges in dollars"}
KIND_WORDS = {FileKind.TASKS: "review tasks", FileKind.REQUESTS: "releases"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A file and what is to be done with it, as the value of a button."""

    file_id: str
    wish: Wish

    def pack(self) -> str:
        """As text."""
        return f"{self.file_id}|{self.wish.kind or ''}|{'drop' if self.wish.drop else ''}|{self.wish.digest}"


def read_choice(value: str) -> Choice:
    """What a button stands for.

    :raises FormTooOld: when it is of another shape.
    """
    parts = value.split("|")
    if len(parts) != 4 or parts[1] not in {"", *FileKind}:
        raise FormTooOld
    return Choice(parts[0], Wish(FileKind(parts[1]) if parts[1] else None, parts[2] == "drop", parts[3]))


def how_to_message() -> Message:
    """How a work list comes in."""
    text = (
        "Send me the file here, in our direct message: a CSV list of review tasks or of releases, as your EHR exports it, or a FHIR bundle of tasks. "
        "I check it first and store nothing until you press *Import*."
    )
    hint = "Leave out columns with names, birth dates or record numbers. A line is found again by a work item id or one of our references."
    return Message(text, [section(text), small_print(hint)])


def progress_message(report_kind: FileKind | None, what: str, done: int, total: int) -> Message:
    """How far it is."""
    words = KIND_WORDS[report_kind] if report_kind else "your file"
    verb = "Checking" if what == "checking" else "Importing"
    count = f": {done:,} of {total:,}" if total else " …"
    text = f"{verb} {words}{count}"
    return Message(text, [section(text)])


def checked_message(report: ImportReport, choice: Choice) -> Message:
    """What would come of a file, and the button that does it."""
    what = KIND_WORDS[choice.wish.kind or FileKind.TASKS]
    text = f"Checked {_counted(report)} of {what}. Nothing is stored yet."
    blocks: list[Block] = [header(f"Checked: {what}"), section(text), *_counts(report)]
    if not report.changes:
        blocks.append(section("There is nothing new in this file."))
    blocks += _problems("Rejected, and not imported", report.rejected, report.rejected_lines, report)
    blocks += _problems("Please note", report.warnings, len(report.warnings) + report.more_warnings, report)
    blocks += _left_out(report)
    steps = _next_steps(report, choice)
    return Message(text, [*blocks, *([actions(*steps)] if steps else [])])


def imported_message(report: ImportReport) -> Message:
    """What an import did."""
    kind = FileKind(report.kind)
    told = f"{report.new:,} new, {report.updated:,} updated, {report.unchanged:,} unchanged, {report.rejected_lines:,} rejected"
    text = f"Imported {KIND_WORDS[kind]}: {told}."
    blocks: list[Block] = [header(f"Imported: {KIND_WORDS[kind]}"), *_counts(report), *_left_out(report)]
    after = "The same file again changes nothing. A file with which line became which reference follows; I keep no copy of it."
    return Message(text, [*blocks, small_print(after)])


def identifiers_message(columns: Sequence[str], choice: Choice) -> Message:
    """A file with identifying columns is refused; they are named, and somebody may choose to leave them out."""
    these = "This column looks like a patient identifier" if len(columns) == 1 else "These columns look like patient identifiers"
    text = f"I stored nothing. {these}: {_names(columns)}."
    advice = (
        "Best is to delete the file here and export it without them. Or I leave them out: none of them is stored. "
        "An account or visit number is turned into a keyed hash, so that the same line is found again."
    )
    dropping = Choice(choice.file_id, Wish(choice.wish.kind, drop=True))
    leave = button("Leave them out and check", ActionId.INTAKE_DROP, dropping.pack())
    return Message(text, [section(text), section(advice), actions(leave)])


def columns_message(sentence: str, choice: Choice) -> Message:
    """A file lacks a column; somebody may say which one it is."""
    blocks = [section(escape(sentence)), section("Tell me once what its columns are; I remember it for the next file."), actions(*_match_and_switch(choice))]
    return Message(sentence, blocks)


def reading_window() -> View:
    """Stands while the file is read."""
    return window("Match columns", [section("Reading the first line of your file …")])


def match_form(offer: Offered, choice: Choice, context: FormContext) -> View:
    """One menu for each field of ours, over the headers of the file."""
    columns = COLUMNS[choice.wish.kind or FileKind.TASKS]
    shown = offer.headers[:OFFERED]
    intro = "Choose for each field the column it stands in. I remember this for the next files. Columns that identify patients are not offered."
    blocks: list[Block] = [section(intro)]
    if len(offer.headers) > OFFERED:
        blocks.append(small_print(f"The first {OFFERED} of {len(offer.headers)} columns are offered."))
    needed = {name for need in columns.required for name in need.split("|")}
    blocks += [
        _match_input(field, shown, offer.taken.get(field), needed=field in needed) for field in columns.aliases
    ]
    taken = ",".join(sorted(offer.taken.values()))
    packed = FormContext(f"{choice.pack()}#{taken}", context.key, context.answer_to, context.replaces)
    return form(CallbackId.INTAKE_MATCH_FORM, "Match columns", blocks, packed, submit="Save and check")


def read_match_form(values: FormValues, subject: str) -> tuple[Choice, dict[str, str]]:
    """The file, and by a header's hash the field it is said to be.

    :raises BadInput: when one column is chosen twice.
    """
    packed, _, taken = subject.partition("#")
    choice = read_choice(packed)
    meanings = dict.fromkeys(filter(None, taken.split(",")), LEFT_OUT)
    for name, element in values.elements.items():
        field = name.removeprefix(f"{Field.COLUMN}:")
        chosen = (element.get("selected_option") or {}).get("value", NOT_THERE)
        if field == name or chosen == NOT_THERE:
            continue
        if meanings.get(chosen, LEFT_OUT) != LEFT_OUT:
            raise BadInput(f"This column is chosen for {title_words(meanings[chosen])} already. A column can be one thing only.", field=name)
        meanings[chosen] = field
    return choice, meanings


def _match_input(field: str, headers: Sequence[tuple[str, str]], taken: str | None, *, needed: bool) -> Block:
    options = [option("Not in this file", NOT_THERE), *(option(name, key) for key, name in headers)]
    chosen = next((one for one in options if one.value == taken), options[0])
    menu = StaticSelectElement(options=options, initial_option=chosen)
    name = _LABELS.get(field, title_words(field))
    label = f"{name} (needed, unless another so marked stands for it)" if needed else name
    return input_block(f"{Field.COLUMN}:{field}", label, menu)


def _next_steps(report: ImportReport, choice: Choice) -> list[InteractiveElement]:
    checked = Choice(choice.file_id, Wish(choice.wish.kind, choice.wish.drop, report.digest[:16]))
    go = [button("Import", ActionId.INTAKE_IMPORT, checked.pack(), style="primary")] if report.changes else []
    return [*go, *(_match_and_switch(choice) if report.unit == "line" else [])]


def _match_and_switch(choice: Choice) -> list[InteractiveElement]:
    other = FileKind.REQUESTS if choice.wish.kind is FileKind.TASKS else FileKind.TASKS
    switched = Choice(choice.file_id, Wish(other, choice.wish.drop))
    return [
        button("Match columns", ActionId.INTAKE_MATCH, choice.pack()),
        button(f"These are {KIND_WORDS[other]}", ActionId.INTAKE_KIND, switched.pack()),
    ]


def _counts(report: ImportReport) -> list[Block]:
    return fields([(name.capitalize(), f"{count:,}") for name, count in report.counts().items()])


def _problems(title: str, problems: Sequence[Problem], lines: int, report: ImportReport) -> list[Block]:
    if not problems:
        return []
    listed = "\n".join(f"• {escape(cut(str(one), 250))}" for one in problems[:SHOWN])
    more = len(problems) + (report.more_problems if problems is report.rejected else report.more_warnings) - SHOWN
    blocks: list[Block] = [section(f"*{title}* ({lines:,})\n{listed}")]
    return [*blocks, small_print(f"And {more:,} more.")] if more > 0 else blocks


def _left_out(report: ImportReport) -> list[Block]:
    told = []
    if report.dropped:
        told.append(f"Left out, because they identify patients: {_names(report.dropped)}.")
    if report.ignored:
        told.append(f"Not needed, and left out: {_names(report.ignored)}.")
    if report.encoding == "cp1252":
        told.append("The file is in Windows' letters (cp1252); CSV (UTF-8) is safer.")
    return [small_print(*told)] if told else []


def _names(columns: Sequence[str]) -> str:
    return cut(escape(", ".join(columns)), NAMES_TEXT)


def _counted(report: ImportReport) -> str:
    """``1 line``, ``30 entries``."""
    units = report.unit if report.total == 1 else {"line": "lines", "entry": "entries"}[report.unit]
    return f"{report.total:,} {units}"


def import_stopped_letter(kind: str, done: int, total: int) -> Message:
    """For who began an import that died with its process."""
    text = (
        f"Your import of {KIND_WORDS[FileKind(kind)]} stopped after {done:,} of {total:,}: the bot was restarted meanwhile. What was stored stays. "
        "Please send the same file again: it goes on where it was, and nothing comes in twice."
    )
    return Message(text, [section(text)])
