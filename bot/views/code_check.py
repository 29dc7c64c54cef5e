"""A set of codes that was checked, and a code on a date."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot.codes.check import CheckedCode, CodeFinding, Severity
from bot.codes.lookup import Checked
from bot.codes.on_date import CodeOnDate, EditionLine
from bot.views.codes import detail_card, edition_line
from bot.views.ids import ActionId
from bot.views.layout import Message, actions, button, context, cut, escape, full_day, header, paragraphs, section

#: Findings and codes one answer shows; more are counted.
SHOWN = 20


def checked_message(checked: Checked) -> Message:
    """What a check found: what must be fixed, what should be looked at, and the codes as they were understood."""
    told = verdict(checked)
    blocks: list[Block] = [header("Codes checked"), section(f"*{escape(told)}*")]
    for title, severity in (("Fix", Severity.ERROR), ("Please look at", Severity.WARNING)):
        found = [one for one in checked.findings if one.severity is severity]
        if found:
            blocks += paragraphs(f"*{title} ({len(found)})*", _listed([escape(one.sentence) for one in found]))
    blocks += paragraphs("*The codes*", _listed([_code_line(one) for one in checked.codes]))
    blocks.append(context(_checked_against(checked)))
    return Message(text=f"{told} {first_sentence(checked.findings)}".strip(), blocks=blocks)


def verdict(checked: Checked) -> str:
    """The outcome in one line."""
    errors = sum(one.severity is Severity.ERROR for one in checked.findings)
    warnings = len(checked.findings) - errors
    counted = "1 code" if len(checked.codes) == 1 else f"{len(checked.codes)} codes"
    if not checked.findings:
        return f"{counted} checked: nothing to fix."
    parts = [f"{errors} to fix"] if errors else []
    parts += [f"{warnings} to look at"] if warnings else []
    return f"{counted} checked: {', '.join(parts)}."


def first_sentence(findings: Sequence[CodeFinding]) -> str:
    """The most important finding, for notifications."""
    return findings[0].sentence if findings else ""


def on_date_message(shown: CodeOnDate) -> Message:
    """Whether a code was valid on a date, which edition says so, what stands in its place, and how the editions differ."""
    blocks: list[Block] = [
        header(f"{shown.code} on {full_day(shown.on)}"),
        section(f"*{_standing(shown)}*\n{escape(shown.sentence)}"),
    ]
    if shown.editions:
        lines = "\n".join(_edition(line) for line in shown.editions[:SHOWN])
        blocks.append(section(f"*Editions loaded*\n{lines}"))
    if shown.instead:
        codes = shown.instead[:5]
        blocks.append(actions(*(button(code, ActionId.CODE_DETAIL, shown.under + code, key=code) for code in codes)))
    if shown.valid and shown.detail:
        blocks += detail_card(shown.detail)[1:]
    return Message(text=f"{_standing(shown)}: {shown.sentence}", blocks=blocks)


def _standing(shown: CodeOnDate) -> str:
    if shown.valid is None:
        return "Not known here"
    return "Valid" if shown.valid else "Not valid"


def _edition(line: EditionLine) -> str:
    edition = line.edition
    until = full_day(edition.valid_to) if edition.valid_to else "no end yet"
    dates = f"{escape(edition.title)} ({full_day(edition.valid_from)} to {until})"
    if line.title is None:
        return f"• {dates}: not in it"
    return f"• {dates}: {escape(cut(line.title, 120))}{'' if line.billable else ', not billable'}"


def _code_line(one: CheckedCode) -> str:
    if one.found is None:
        return f"`{escape(one.code)}` not found"
    concept = one.found.concept
    return f"`{concept.code}` {escape(cut(concept.title, 150))}"


def _checked_against(checked: Checked) -> str:
    editions = {one.found.edition.id: one.found.edition for one in checked.codes if one.found}
    against = " ".join(edition_line(edition) for edition in editions.values())
    day = f" Date of service: {full_day(checked.on)}." if checked.on else ""
    return f"{against}{day} For inpatients the date of discharge counts.".strip()


def _listed(lines: Sequence[str]) -> list[str]:
    """Lines of a list, and how many more there are."""
    shown = [f"• {cut(line, 600)}" for line in lines[:SHOWN]]
    return [*shown, f"… and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else shown
