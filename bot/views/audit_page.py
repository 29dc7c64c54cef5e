"""One audit on a page: how far it is, what it found so far, what can be learned, and its charts."""

from __future__ import annotations

from slack_sdk.models.blocks import Block, InteractiveElement
from slack_sdk.models.views import View

from bot.audits.order import DealtAgain
from bot.errors import BadInput
from bot.reports.accuracy import Accuracy
from bot.reports.sample import SamplePage
from bot.views.audits import BASES, case_row, charts, progress_words
from bot.views.ids import ActionId
from bot.views.layout import (
    Message,
    actions,
    button,
    cut,
    day,
    escape,
    fields,
    full_day,
    header,
    menu,
    section,
    title_words,
    window,
)
from bot.views.layout import context as small_print
from bot.views.report_words import counted
from storage.columns import CleanText
from storage.words import RootReason

#: What the menu behind ⋯ offers.
CHECK, CANCEL = "check", "cancel"
NOTE_TEXT = 200


class AuditNumberNeeded(BadInput):
    """Type the number of an audit, such as: /team audits 3"""


def read_number(text: str) -> int:
    """The number of an audit as it was typed.

    :raises AuditNumberNeeded: for anything else.
    """
    if not text.isdecimal() or not text.isascii() or len(text) > 6:
        raise AuditNumberNeeded
    return int(text)


def read_turn(value: str) -> tuple[int, int]:
    """The audit and the page a button turns to."""
    number, _, page = value.partition("|")
    return int(number), int(page)


def read_more(value: str) -> tuple[str, int]:
    """What was chosen behind ⋯, and of which audit."""
    what, _, number = value.partition("|")
    return what, int(number)


def sample_message(shown: SamplePage, opening: str = "") -> Message:
    """The page as a message; ``opening`` is the sentence above it."""
    progress = shown.progress
    text = f"{opening} Audit {progress.number}: {progress_words(progress)}.".strip()
    return Message(text=text, blocks=_blocks(shown, opening))


def sample_window(shown: SamplePage, opening: str = "") -> View:
    """The page as a window."""
    return window(f"Audit {shown.progress.number}", _blocks(shown, opening))


def dealt_again_words(done: DealtAgain) -> str:
    """What dealing again came to."""
    told = f"{charts(done.cases)} dealt again to {'1 auditor' if done.auditors == 1 else f'{done.auditors} auditors'}, who are told."
    return told + (f" {charts(done.left)} only their own coder could audit." if done.left else "")


def _blocks(shown: SamplePage, opening: str) -> list[Block]:
    progress = shown.progress
    blocks: list[Block] = [*([section(opening)] if opening else []), header(f"Audit {progress.number}"), *fields(_facts(shown))]
    if progress.cancelled_at is not None and progress.cancel_note:
        blocks.append(section(f"*Cancelled {day(progress.cancelled_at.date())}*\n{escape(progress.cancel_note)}"))
    blocks += _found(shown.found)
    blocks += [_lesson(*lesson) for lesson in shown.lessons]
    blocks += [section(f"*Charts ({progress.cases})*"), *(case_row(sheet) for sheet in shown.sheets)]
    if shown.pages > 1:
        blocks += [small_print(f"Page {shown.page + 1} of {shown.pages}"), actions(*_turns(shown))]
    return [*blocks, *_buttons(shown)]


def _facts(shown: SamplePage) -> list[tuple[str, str]]:
    progress = shown.progress
    return [
        ("Sample", BASES[progress.basis]),
        ("Coding finished", f"{full_day(progress.starts_on)} to {full_day(progress.ends_on)}"),
        ("Charts", f"{progress.cases} of {progress.population}: {progress_words(progress)}"),
        ("Chosen by code", progress.code or ""),
        ("Seed", f"`{escape(cut(progress.seed, 60))}`" if progress.seed else ""),
    ]


def _found(found: Accuracy | None) -> list[Block]:
    if found is None:
        return [section("*Found so far*\nNo chart is finished yet.")]
    return [
        section(
            f"*Found so far*\nCode over code: {counted(found.code_over_code, 'codes')}\nCase over case: {counted(found.case_over_case, 'charts')}"
        )
    ]


def _lesson(reason: RootReason, count: int, notes: tuple[CleanText, ...]) -> Block:
    told = f"*{title_words(reason)}* · {charts(count)}"
    return section("\n".join([told, *(f"• {escape(cut(note, NOTE_TEXT))}" for note in notes)]))


def _turns(shown: SamplePage) -> list[InteractiveElement]:
    turns: list[InteractiveElement] = []
    for label, page in (("Previous", shown.page - 1), ("Next", shown.page + 1)):
        if 0 <= page < shown.pages:
            turns.append(button(label, ActionId.AUDIT_CASES, f"{shown.progress.number}|{page}", key=label.lower()))
    return turns


def _buttons(shown: SamplePage) -> list[Block]:
    number = str(shown.progress.number)
    offered: list[InteractiveElement] = []
    if shown.runs:
        offered.append(button("My next chart", ActionId.AUDIT_BEGIN, number, style="primary"))
    if shown.runs and shown.supervises:
        offered.append(button("Deal again", ActionId.AUDIT_DEAL, number))
    if shown.supervises:
        offered.append(button("As a file", ActionId.AUDIT_FILE, number))
    more = [("Draw again to check", f"{CHECK}|{number}")] if shown.progress.seed else []
    more += [("Cancel this audit", f"{CANCEL}|{number}")] if shown.runs and shown.supervises else []
    offered += [menu(ActionId.AUDIT_MORE, more)] if more else []
    return [actions(*offered)] if offered else []
