"""The weekly report as a direct message: what changed, what to do, and ways to look closer."""

from __future__ import annotations

from slack_sdk.models.blocks import Block

from bot.moments import days
from bot.reports.accuracy import Grouping
from bot.reports.advice import Advice, AdviceKind, advise
from bot.reports.measures import Measure, apart
from bot.reports.week import AccuracyChange, WeeklyReport
from bot.views.ids import ActionId
from bot.views.layout import FALLBACK_TEXT, Message, actions, button, cut, fields, header, section, title_words
from bot.views.layout import context as small_print
from bot.views.report_words import KINDS, compared, counted, hours, percent, span_words
from bot.views.reports import ReportChoice, ReportKind
from storage.words import RootReason

#: What each root reason asks for.
_LEARN = {
    RootReason.STANDARD_NOT_FOLLOWED: "Go through the guideline section the notes name, together.",
    RootReason.DOCUMENTATION_MISSED: "Talk about where in the record it was found.",
    RootReason.OTHER_CODER_ERROR: "Ask what would have helped to notice it.",
    RootReason.POOR_SOURCE_DOCUMENTATION: "Take examples to whoever trains the documenting side.",
    RootReason.LOCAL_RULE_OR_SYSTEM: "Look at the local rule or the system behind it.",
}
#: What is advised, for one and for several.
_SENTENCES = {
    AdviceKind.PRESSING: (
        "1 pressing task waits without an owner: `/assign` puts it into somebody's hands.",
        "{count} pressing tasks wait without an owner: `/assign` puts them into somebody's hands.",
    ),
    AdviceKind.OLD: ("", "The oldest waiting task is {days} old: `/tasks queue` shows it."),
    AdviceKind.UNASSIGNED_AUDITS: (
        "1 chart has no auditor: open its audit in `/team audits` and deal again.",
        "{count} charts have no auditor: open their audit in `/team audits` and deal again.",
    ),
    AdviceKind.LESS_ACCURATE: ("", "Fewer charts were found right than the week before, by more than chance explains: see in which setting."),
    AdviceKind.FLAGS_PILE_UP: ("", "{count} more flags were opened than settled: your Home shows those that wait for you."),
    AdviceKind.ROOT_REASON: ("", "“{reason}” was behind {count} flags and audit findings. {learn}"),
    AdviceKind.SLOWER: ("", "The most frequent work took {hours} longer than the week before: `/tasks holds` shows what it waits for."),
    AdviceKind.NOTHING_AUDITED: ("", "{count} charts were coded and none was audited by chance: `/team audits` draws a sample."),
}


def weekly_message(report: WeeklyReport) -> Message:
    """The whole week: what to do first, then what changed."""
    title = f"The team's week, {span_words(report.week)}"
    advice = [advice_sentence(one) for one in advise(report)]
    shown: list[Block] = [header(title)]
    shown += [section("*What to do*\n" + "\n".join(f"• {told}" for told in advice))] if advice else [section("Nothing presses. A good week to thank the team.")]
    shown += fields(_facts(report))
    shown += [section(_accuracy(change)) for change in report.accuracy]
    if not report.accuracy:
        shown.append(section("*Accuracy*\nNo audit was finished this week."))
    shown += [_buttons(), small_print("For you alone: no person is named here. `/desk settings` changes when messages reach you, or turns this one off.")]
    return Message(text=cut(f"{title}: {report.done.now:,} tasks finished. {advice[0] if advice else ''}".strip(), FALLBACK_TEXT), blocks=shown)


def advice_sentence(advice: Advice) -> str:
    """One thing to do, as a calm sentence."""
    one, many = _SENTENCES[advice.kind]
    reason = advice.reason or RootReason.STANDARD_NOT_FOLLOWED
    return (one if advice.count == 1 else many).format(
        count=f"{advice.count:,}", days=days(advice.count), hours=hours(advice.count), reason=title_words(reason), learn=_LEARN[reason]
    )


def _facts(report: WeeklyReport) -> list[tuple[str, str]]:
    reason, waiting = report.top_reason, report.waiting
    return [
        ("Finished", compared(report.done.now, report.done.before)),
        ("Turnaround", _turnaround(report)),
        ("Flags opened", compared(report.opened.now, report.opened.before)),
        ("Flags settled", compared(report.settled.now, report.settled.before)),
        ("Most frequent root reason", f"{title_words(reason.reason)}, {reason.flags + reason.findings:,} of {report.explained:,}" if reason else ""),
        ("Waiting now", f"{waiting.available:,}, the oldest {days(waiting.oldest_days)}" if waiting.available else "nothing"),
        ("Charts to be audited", f"{report.open_audits:,}" if report.open_audits else ""),
    ]


def _turnaround(report: WeeklyReport) -> str:
    change = report.turnaround
    if change is None:
        return ""
    before = f" ({hours(change.before.median_hours)} the week before)" if change.before else ""
    return f"{title_words(change.type)}: half within {hours(change.now.median_hours)}{before}"


def _accuracy(change: AccuracyChange) -> str:
    codes = _measured(change.now.code_over_code, change.before.code_over_code if change.before else None, "codes")
    charts = _measured(change.now.case_over_case, change.before.case_over_case if change.before else None, "charts")
    return f"*Accuracy: {KINDS[change.now.basis].lower()}*\nCode over code: {codes}\nCase over case: {charts}"


def _measured(now: Measure, before: Measure | None, unit: str) -> str:
    told = counted(now, unit)
    if now.share is None or before is None or before.share is None:
        return told
    verdict = {1: ", higher by more than chance explains", -1: ", lower by more than chance explains", 0: ""}[apart(now, before)]
    return f"{told}. The week before {percent(before.share)} ({before.numerator:,} of {before.denominator:,}){verdict}"


def _buttons() -> Block:
    accuracy = ReportChoice(ReportKind.ACCURACY, 12, Grouping.SETTING).pack()
    return actions(
        button("Accuracy", ActionId.REPORT_OPEN, accuracy, style="primary", key="accuracy"),
        button("Turnaround", ActionId.REPORT_OPEN, ReportChoice(ReportKind.TURNAROUND, 4).pack(), key="turnaround"),
        button("Root reasons", ActionId.REPORT_OPEN, ReportChoice(ReportKind.REASONS, 4).pack(), key="reasons"),
        button("Picture", ActionId.REPORT_PICTURE, accuracy),
    )

