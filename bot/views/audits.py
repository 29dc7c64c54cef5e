"""Audits of coding: the samples and how far they are, the cases that wait, the worksheet of one, and what people are told."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, InteractiveElement
from slack_sdk.models.views import View

from bot.audits.cases import CasePage, Worksheet
from bot.audits.progress import Progress
from bot.audits.samples import SampleDrawn
from bot.reviews.assigned_codes import AssignedCode
from bot.views.flag_form import FlagDraft
from bot.views.ids import ActionId
from bot.views.layout import (
    Message,
    actions,
    button,
    divider,
    escape,
    fields,
    full_day,
    header,
    person,
    say,
    section,
    title_words,
    window,
)
from bot.views.layout import context as small_print
from storage.words import CaseState, ErrorGroup, ErrorType, SampleBasis

#: How many codes a worksheet lists one by one; charts with more are rare.
MOST_CODES = 30
#: The system whose codes are diagnoses.
DIAGNOSES = "icd-10-cm"
STATES = {
    CaseState.OPEN: "to be audited",
    CaseState.AGREED: "found right",
    CaseState.EDITED: "changes found",
    CaseState.WITHDRAWN: "withdrawn, the audit was cancelled",
}
#: How charts came to be looked at.
BASES = {
    SampleBasis.RANDOM: "random",
    SampleBasis.TARGETED: "targeted, estimates nothing",
    SampleBasis.SECOND_LEVEL: "second-level review, estimates nothing",
}


def samples_message(samples: tuple[Progress, ...]) -> Message:
    """The newest samples, how far each is, and ways to begin another."""
    begins = actions(
        button("Draw a sample", ActionId.AUDIT_DRAW, "new", style="primary"),
        button("Choose charts", ActionId.AUDIT_TARGET, "new"),
        button("My next chart", ActionId.AUDIT_NEXT, "next"),
    )
    if not samples:
        told = "Nothing was audited yet. Draw a sample by chance, or choose charts on purpose."
        return Message(text=told, blocks=[section(told), begins])
    text = f"Audits: {samples[0].open} charts of audit {samples[0].number} are still open."
    return Message(text=text, blocks=[header("Audits"), *(_sample_row(one) for one in samples), begins])


def drawn_message(drawn: SampleDrawn) -> Message:
    """What whoever drew a sample reads."""
    held = charts(drawn.cases)
    if drawn.basis is SampleBasis.RANDOM:
        told = (
            f"Audit {drawn.number} is drawn: {held} of {drawn.population} by {coders(drawn.coders)}, by chance with the seed {drawn.seed}. "
            "The auditors are told."
        )
    else:
        told = f"Audit {drawn.number} holds the {held} you chose. It is marked as targeted: it finds errors and estimates nothing."
    if drawn.unassigned:
        told += f" Nobody else may audit {charts(drawn.unassigned)} of these; give somebody the role of auditor, or audit them yourself."
    return Message(text=told, blocks=[section(told), actions(button("My next chart", ActionId.AUDIT_NEXT, "next"))])


def checked_message(number: int, *, same: bool) -> Message:
    """What drawing a sample again came to."""
    if same:
        return say(f"Audit {number}, drawn again from its seed just now, gives the same charts: chance chose them.")
    return say(
        f"Audit {number}, drawn again from its seed, gives other charts. Finished work of that time was changed since, or the audit was. The audit trail tells."
    )


def case_list(page: CasePage) -> Message:
    """The cases that wait for the reader."""
    if not page.sheets:
        return say("No chart waits for your audit. Thank you.")
    shown: list[Block] = [header(f"Charts to audit ({page.total})"), *(case_row(sheet) for sheet in page.sheets)]
    if page.pages > 1:
        shown.append(small_print(f"Page {page.page + 1} of {page.pages}"))
        shown.append(actions(*_page_buttons(page)))
    return Message(text=f"{charts(page.total)} to audit.", blocks=shown)


def worksheet_message(sheet: Worksheet) -> Message:
    """A case as a message."""
    return Message(text=_title(sheet), blocks=worksheet_blocks(sheet))


def worksheet_window(sheet: Worksheet) -> View:
    """A case as a window."""
    return window(f"{'Review' if sheet.review else 'Audit'} of {sheet.task}", worksheet_blocks(sheet))


def worksheet_blocks(sheet: Worksheet) -> list[Block]:
    """The coder's codes and, once it is finished, what the auditor found. Who coded it is not shown: it must not sway anybody."""
    shown: list[Block] = [section(f"*{_title(sheet)}*"), *fields(_facts(sheet)), section(_codes(sheet))]
    if sheet.state is CaseState.EDITED:
        shown += finding_blocks(sheet)
    if sheet.may_work:
        shown.append(actions(*_worksheet_buttons(sheet)))
    return shown


def finding_blocks(sheet: Worksheet) -> list[Block]:
    """What the auditor would change, and why."""
    shown: list[Block] = [section("*Would be changed*\n" + "\n".join(_changes(sheet)))]
    if sheet.root_reason:
        shown.append(section(f"*Why*\n{title_words(sheet.root_reason)}" + (f"\n{escape(sheet.note)}" if sheet.note else "")))
    return shown


def waiting_blocks(count: int) -> list[Block]:
    """For an auditor's Home and morning: how many charts wait, with a way to the next."""
    if not count:
        return []
    told = f"*Audits*\n{charts(count)} {'waits' if count == 1 else 'wait'} for your audit: `/tasks audits` shows all."
    return [section(told, accessory=button("Open the next", ActionId.AUDIT_BEGIN, "next"))]


def own_findings_blocks(sheets: Sequence[Worksheet]) -> list[Block]:
    """For a coder: the newest charts an auditor would have changed something in."""
    rows = [section(_title(sheet), accessory=button("Open", ActionId.AUDIT_OPEN, str(sheet.id))) for sheet in sheets]
    return [header("What auditors found"), *rows] if rows else []


def audits_wait_letter(cases: int, number: int) -> Message:
    """For an auditor: that cases were dealt to them."""
    told = f"{charts(cases)} of audit {number} wait for you."
    opens = button("Open the next", ActionId.AUDIT_NEXT, "next", style="primary")
    return Message(text=told, blocks=[section(told), actions(opens), small_print("`/tasks audits` shows all of them.")])


def audit_finished_letter(sheet: Worksheet) -> Message:
    """For the coder, in private: what an audit of their work found."""
    what = "A second-level review" if sheet.review else "An audit"
    told = f"{what} of {sheet.task} found something to learn from. If you see it differently, talk to {person(sheet.auditor)}, who can change it."
    return Message(text=told, blocks=[section(told), *finding_blocks(sheet), divider()])


def sample_finished_letter(sample: Progress) -> Message:
    """For whoever drew it: that the last case of a sample is finished."""
    told = f"Audit {sample.number} is finished: the auditors agreed with {sample.agreed} of {charts(sample.cases)}."
    shown = button("Show the report", ActionId.REPORT_OPEN, "accuracy|12", style="primary")
    return Message(text=told, blocks=[section(told), actions(shown)])


def _title(sheet: Worksheet) -> str:
    if sheet.review:
        return f"{sheet.task} · second-level review {sheet.review} · {'to be reviewed' if sheet.state is CaseState.OPEN else STATES[sheet.state]}"
    return f"{sheet.task} · audit {sheet.sample} · {STATES[sheet.state]}"


def pack_case(sheet: Worksheet) -> str:
    """A case and the state it is shown in, as the value of a button: what changed meanwhile is noticed by it."""
    return f"{sheet.id}|{sheet.state}"


def read_case(value: str) -> tuple[int, CaseState | None]:
    """The case a button stands for, and the state it was shown in."""
    key, _, state = value.partition("|")
    return int(key), CaseState(state) if state else None


def _facts(sheet: Worksheet) -> list[tuple[str, str]]:
    return [
        ("Record", sheet.record),
        ("Setting", title_words(sheet.setting) if sheet.setting else ""),
        ("Facility", sheet.facility or ""),
        ("Sample", BASES[sheet.basis]),
    ]


def _codes(sheet: Worksheet) -> str:
    if not sheet.codes:
        return "*Codes assigned*\nNone."
    lines = [f"{'Principal' if at == 0 else at + 1}: {_code(sheet, code)}" for at, code in enumerate(sheet.codes[:MOST_CODES])]
    return "*Codes assigned*\n" + "\n".join(lines)


def _changes(sheet: Worksheet) -> list[str]:
    found = sheet.comparison
    lines = []
    if found.principal_changed and sheet.reviewer:
        lines.append(f"Principal: {_code(sheet, sheet.reviewer[0])}")
    lines += [f"Add: {_code(sheet, code)}" for code in found.added]
    lines += [f"Remove: {_code(sheet, code)}" for code in found.removed]
    lines.append(f"{len(found.agreed)} of {found.reviewer_codes} codes as the auditor would assign them")
    return lines[: MOST_CODES + 2]


def _code(sheet: Worksheet, code: AssignedCode) -> str:
    title = sheet.titles.get(code.code)
    return f"`{code.code}`" + (f" {escape(title)}" if title else "")


def _worksheet_buttons(sheet: Worksheet) -> list[InteractiveElement]:
    if sheet.review and sheet.state is CaseState.OPEN:
        return [
            button("Agree", ActionId.REVIEW_AGREE, sheet.review, style="primary"),
            button("Change codes", ActionId.REVIEW_EDIT, sheet.review),
            button("Flag a problem", ActionId.TASK_FLAG, sheet.task),
        ]
    key, seen = str(sheet.id), pack_case(sheet)
    buttons: list[InteractiveElement] = []
    if sheet.state is not CaseState.AGREED:
        buttons.append(button("Agree", ActionId.AUDIT_AGREE, seen, style="primary" if sheet.state is CaseState.OPEN else None))
    buttons.append(button("Change codes", ActionId.AUDIT_EDIT, seen))
    if sheet.state is not CaseState.OPEN and not sheet.review:
        # Its own value, or the next click would pass for a second one of the last.
        buttons.append(button("Next chart", ActionId.AUDIT_NEXT, f"after {key}", style="primary"))
    return [*buttons, button("Flag a problem", ActionId.AUDIT_FLAG, key)]


def flag_draft(sheet: Worksheet) -> FlagDraft:
    """A flag about the chart; where exactly one code was changed for another, with both filled in."""
    swapped = sheet.comparison.swapped
    if swapped is None:
        return FlagDraft(sheet.task)
    group, kind = _swap_kind(sheet)
    before, after = (one.code for one in swapped)
    return FlagDraft(sheet.task, group, kind, code_before=before, code_after=after)


def _swap_kind(sheet: Worksheet) -> tuple[ErrorGroup, ErrorType]:
    """What it usually is when one code stands in place of another; the form lets people choose differently."""
    if sheet.comparison.removed[0].system != DIAGNOSES:
        return ErrorGroup.PROCEDURE, ErrorType.WRONG_PROCEDURE
    if sheet.comparison.principal_changed:
        return ErrorGroup.SEQUENCING, ErrorType.WRONG_PRINCIPAL_DIAGNOSIS
    return ErrorGroup.DIAGNOSIS, ErrorType.WRONG_DIAGNOSIS


def _sample_row(sample: Progress) -> Block:
    line = (
        f"*Audit {sample.number}* · {BASES[sample.basis]} · coding finished {full_day(sample.starts_on)} to {full_day(sample.ends_on)}\n"
        f"{charts(sample.cases)} of {sample.population}: {progress_words(sample)}"
    )
    return section(line, accessory=button("Open", ActionId.AUDIT_SHOW, str(sample.number)))


def progress_words(sample: Progress) -> str:
    """How far a sample is: ``3 agreed, 1 with changes, 2 open``."""
    told = f"{sample.agreed} agreed, {sample.edited} with changes, {sample.open} open"
    if sample.unassigned:
        told += f" ({sample.unassigned} without an auditor)"
    return told + (f", {sample.withdrawn} withdrawn: cancelled" if sample.withdrawn else "")


def case_row(sheet: Worksheet) -> Block:
    """A case in a list."""
    line = f"*{_title(sheet)}*\n{BASES[sheet.basis]}" + (f" · {title_words(sheet.setting)}" if sheet.setting else "")
    if sheet.auditor is None and sheet.state is CaseState.OPEN:
        line += " · nobody has it yet"
    return section(line, accessory=button("Open", ActionId.AUDIT_OPEN, str(sheet.id)))


def _page_buttons(page: CasePage) -> list[InteractiveElement]:
    buttons: list[InteractiveElement] = []
    if page.page > 0:
        buttons.append(button("Previous", ActionId.AUDIT_PAGE, str(page.page - 1), key="previous"))
    if page.page + 1 < page.pages:
        buttons.append(button("Next", ActionId.AUDIT_PAGE, str(page.page + 1), key="next"))
    return buttons


def charts(count: int) -> str:
    """``1 chart``, ``3 charts``."""
    return "1 chart" if count == 1 else f"{count} charts"


def coders(count: int) -> str:
    """``1 coder``, ``3 coders``."""
    return "1 coder" if count == 1 else f"{count} coders"
