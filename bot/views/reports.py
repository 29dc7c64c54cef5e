"""Reports as messages: what was counted, in words first; pictures and files on demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from slack_sdk.models.blocks import Block, InteractiveElement

from bot.errors import BadInput
from bot.reports.accuracy import Accuracy, AccuracyLine, AccuracyReport, Grouping
from bot.reports.reasons import ReasonLine, ReasonReport
from bot.reports.turnaround import TurnaroundReport
from bot.views.ids import ActionId
from bot.views.layout import Message, actions, button, cut, escape, header, menu, person, section, title_words, words
from bot.views.layout import context as small_print
from bot.views.report_trends import accuracy_trend, turnaround_trend
from bot.views.report_words import KINDS, counted, hours, short, span_words
from storage.words import SampleBasis

#: Lines of a report in one paragraph, and how many characters of lines a message holds beside the rest (Slack takes some 13,000); the file has all.
PER_SECTION, MOST_TEXT = 15, 8_000
LABEL_TEXT, NOTE_TEXT = 60, 300
MEANING = "Code over code: of the auditor's codes, those the coder had in their place. Case over case: charts without any change."


class ReportKind(StrEnum):
    """The reports there are."""

    ACCURACY = "accuracy"
    MINE = "mine"
    TURNAROUND = "turnaround"
    REASONS = "reasons"


@dataclass(frozen=True, slots=True)
class ReportChoice:
    """Which report somebody asks for."""

    kind: ReportKind
    weeks: int
    grouping: Grouping = Grouping.SETTING

    def pack(self) -> str:
        """As the value of a button."""
        return f"{self.kind}|{self.weeks}|{self.grouping}"


class ReportWhat(BadInput):
    """Type /team report, then accuracy, turnaround or reasons, and a number of weeks: /team report turnaround 4"""


def read_choice(value: str) -> ReportChoice:
    """Which report a button stands for."""
    kind, weeks, grouping = (*value.split("|"), "", "")[:3]
    return ReportChoice(ReportKind(kind), int(weeks), Grouping(grouping or Grouping.SETTING))


def read_report_words(text: str) -> ReportChoice:
    """Which report was typed: ``accuracy 12``, ``turnaround``, ``8``, or nothing for accuracy.

    :raises ReportWhat: for anything else.
    """
    kind, weeks = ReportKind.ACCURACY, None
    for word in text.lower().split():
        if word.isdecimal() and weeks is None and len(word) <= 6:
            weeks = int(word)
        elif word in set(ReportKind) - {ReportKind.MINE}:
            kind = ReportKind(word)
        else:
            raise ReportWhat
    return ReportChoice(kind, weeks if weeks is not None else 4 if kind is ReportKind.TURNAROUND else 12)


def accuracy_message(report: AccuracyReport, choice: ReportChoice) -> Message:
    """Accuracy of coding: the two measures apart, random samples apart from targeted ones, then the lines."""
    mine = choice.kind is ReportKind.MINE
    title = "Accuracy of my coding" if mine else "Accuracy of coding"
    if not report.whole:
        told = f"No audit of {'your' if mine else 'the team’s'} coding was finished from {span_words(report.weeks)}."
        return Message(text=told, blocks=[section(told), *([] if mine else [actions(_others(choice))])])
    shown: list[Block] = [header(title), small_print(span_words(report.weeks))]
    shown += [section(_whole(one)) for one in report.whole]
    shown += [section(told) for told in accuracy_trend(report)]
    if report.lines and report.grouping:
        shown += _lined(f"By {report.grouping}", [_line(line) for line in report.lines])
    shown += [*_cancelled(report), *_below(choice), small_print(MEANING)]
    first = report.whole[0]
    return Message(text=f"{title}: code over code {counted(first.code_over_code, 'codes')}.", blocks=shown)


def _cancelled(report: AccuracyReport) -> list[Block]:
    """What could tilt the figures is said, not left out."""
    cases = report.from_cancelled
    return [small_print(f"{cases:,} of these charts are from audits that were ended early; they are counted.")] if cases else []


def turnaround_message(report: TurnaroundReport, choice: ReportChoice) -> Message:
    """How long work took, by kind."""
    if not report.lines:
        told = f"No task was finished from {span_words(report.weeks)}."
        return Message(text=told, blocks=[section(told), actions(_others(choice))])
    lines = [
        f"*{title_words(line.type)}* · {line.done:,} done · half within {hours(line.median_hours)}, nine of ten within {hours(line.slow_hours)}"
        for line in report.lines
    ]
    shown: list[Block] = [header("Turnaround"), small_print(f"{span_words(report.weeks)}, from arrival to completion"), *_lined("By kind of task", lines)]
    first = report.lines[0]
    shown += [section(told) for told in turnaround_trend(report)]
    return Message(
        text=f"Turnaround: {title_words(first.type)}, half within {hours(first.median_hours)}.", blocks=[*shown, *_below(choice)]
    )


def reasons_message(report: ReasonReport, choice: ReportChoice) -> Message:
    """Why things went wrong, and what auditors noted to learn from."""
    if not report.reasons and not report.unexplained:
        told = f"No flag and no audit found a problem from {span_words(report.weeks)}."
        return Message(text=told, blocks=[section(told), actions(_others(choice))])
    shown: list[Block] = [header("Root reasons"), small_print(span_words(report.weeks))]
    shown += [section(_reason(line)) for line in report.reasons]
    if report.unexplained:
        shown.append(small_print(_unexplained(report.unexplained)))
    if report.types:
        shown.append(section("*Most frequent problems flagged*\n" + "\n".join(f"{cut(label, LABEL_TEXT)}: {count:,}" for label, count in report.types)))
    first = f": {title_words(report.reasons[0].reason)} is the most frequent" if report.reasons else ""
    return Message(text=f"Root reasons{first}.", blocks=[*shown, *_below(choice)])


def _unexplained(flags: int) -> str:
    return f"{_many(flags, 'more flag')} {'carries' if flags == 1 else 'carry'} no reason."


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _whole(one: Accuracy) -> str:
    removed = f"\nAuditors would remove {one.removed:,} codes" if one.removed else ""
    return (
        f"*{KINDS[one.basis]}*\nCode over code: {counted(one.code_over_code, 'codes')}"
        f"\nCase over case: {counted(one.case_over_case, 'charts')}{removed}"
    )


def _line(line: AccuracyLine) -> str:
    who = person(line.person) if line.person else title_words(escape(cut(line.label, LABEL_TEXT)))
    basis = "" if line.accuracy.basis is SampleBasis.RANDOM else f" · {words(line.accuracy.basis)}"
    return f"*{who}*{basis} · codes {short(line.accuracy.code_over_code)} · charts {short(line.accuracy.case_over_case)}"


def _reason(line: ReasonLine) -> str:
    told = f"*{title_words(line.reason)}*\n{_many(line.flags, 'flag')}, {_many(line.findings, 'audit finding')}"
    return "\n".join([told, *(f"• {escape(cut(note, NOTE_TEXT))}" for note in line.notes)])


def _lined(title: str, lines: Sequence[str]) -> list[Block]:
    reached = accumulate(len(line) for line in lines)
    fit = lines[: sum(length <= MOST_TEXT for length in reached)]
    shown: list[Block] = [section(f"*{title}*")]
    shown += [section("\n".join(fit[start : start + PER_SECTION])) for start in range(0, len(fit), PER_SECTION)]
    if len(lines) > len(fit):
        shown.append(small_print(f"And {len(lines) - len(fit)} more lines: *As a file* has all."))
    return shown


def _below(choice: ReportChoice) -> list[Block]:
    value = choice.pack()
    offered = [button("Picture", ActionId.REPORT_PICTURE, value, style="primary"), button("As a file", ActionId.REPORT_FILE, value)]
    return [actions(*offered, *([] if choice.kind is ReportKind.MINE else [_others(choice)]))]


def _others(choice: ReportChoice) -> InteractiveElement:
    """The other reports, and the other ways to group this one."""
    offered = [
        ("By person", ReportChoice(ReportKind.ACCURACY, choice.weeks, Grouping.PERSON)),
        ("By setting", ReportChoice(ReportKind.ACCURACY, choice.weeks, Grouping.SETTING)),
        ("By facility", ReportChoice(ReportKind.ACCURACY, choice.weeks, Grouping.FACILITY)),
        ("Turnaround", ReportChoice(ReportKind.TURNAROUND, choice.weeks)),
        ("Root reasons", ReportChoice(ReportKind.REASONS, choice.weeks)),
    ]
    return menu(ActionId.REPORT_SHOW, [(label, other.pack()) for label, other in offered])
