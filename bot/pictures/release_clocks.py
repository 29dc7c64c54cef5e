"""The timeline of pending releases: one line for each clock, the nearest on top, from its receipt to its effective due date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.moments import days
from bot.pictures.drawing import LABEL_POINTS, SMALL_POINTS, Colour, Picture, draw
from bot.roi.cards import RoiCard
from bot.roi.clocks import Timeline

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: How many days before today the picture begins, and how many after it it ends at least.
BEHIND, AHEAD = 30, 14
#: A due date further away than this is shown at the edge.
FARTHEST = 60
SOON_DAYS = 3


@dataclass(frozen=True, slots=True)
class _Look:
    """How a clock looks: its colour, its hatching, and the word that says the same."""

    colour: Colour
    hatch: str
    word: str


_OVER = _Look(Colour.VERMILION, "xx", "overdue")
_SOON = _Look(Colour.ORANGE, "//", f"due within {SOON_DAYS} days")
_TIME = _Look(Colour.BLUE, "", "in time")


def clocks_picture(shown: Timeline) -> Picture:
    """Draw the nearest clocks. Only references and days are on it, no names."""
    title = f"Clocks of pending releases · {_day(shown.today)}"
    return draw(f"release-clocks-{shown.today}", title, clocks_in_words(shown), lambda axes: _paint(axes, shown), rows=len(shown.clocks) + 2)


def clocks_in_words(shown: Timeline) -> str:
    """The same in words: how all clocks stand, then the nearest one by one."""
    counts = shown.counts
    told = (
        f"{counts.total} pending releases on {_day(shown.today)}: {counts.overdue} overdue, {counts.today} due today, {counts.soon} due in the next three "
        f"business days, {counts.later} later; {counts.aside} of them put aside, {counts.unassigned} without an owner."
    )
    nearest = "; ".join(f"{card.reference} {_left(card)}" for card in shown.clocks)
    return f"{told} Nearest first: {nearest}." if nearest else told


def _paint(axes: Axes, shown: Timeline) -> None:
    first, last = _span(shown)
    for row, card in enumerate(shown.clocks):
        _bar(axes, row, card, shown.today, first, last)
    axes.axvline(shown.today.toordinal(), color=Colour.INK, linewidth=1.6)
    axes.text(shown.today.toordinal(), -1.0, "today", ha="center", va="bottom", fontsize=SMALL_POINTS, color=Colour.INK, backgroundcolor="white")
    axes.set_ylim(len(shown.clocks) - 0.4, -1.1)
    axes.set_yticks(range(len(shown.clocks)), [card.reference for card in shown.clocks], fontsize=LABEL_POINTS)
    axes.set_xlim(first.toordinal(), last.toordinal() + (last - first).days * 0.3)
    ticks = [first + timedelta(days=7 * week) for week in range((last - first).days // 7 + 1)][::2]
    axes.set_xticks([tick.toordinal() for tick in ticks], [f"{tick:%b} {tick.day}" for tick in ticks], fontsize=SMALL_POINTS)
    axes.grid(axis="x", color=Colour.PALE)
    _legend(axes)


def _bar(axes: Axes, row: int, card: RoiCard, today: date, first: date, last: date) -> None:
    """From receipt to due date, and for an overdue one on to today; the word at its end says how much is left."""
    look, told = _look(card), card.deadline
    begins, due = max(told.received_on, first), min(max(told.effective_due_on, first), last)
    ends = max(due, today) if told.days_left < 0 else due
    axes.barh(
        row, max((ends - begins).days, 0.6), left=begins.toordinal(), height=0.56, color=look.colour, hatch=look.hatch, edgecolor="white", linewidth=0.5
    )
    axes.plot([due.toordinal()], [row], marker="D", color=Colour.INK, markersize=5)
    left = _left(card) + (" · put aside" if card.resumes_to else "")
    axes.text(ends.toordinal() + 1.1, row, left, va="center", fontsize=SMALL_POINTS, color=Colour.INK)


def _legend(axes: Axes) -> None:
    for look in (_OVER, _SOON, _TIME):
        axes.barh([0], [0], color=look.colour, hatch=look.hatch, edgecolor="white", label=look.word)
    axes.plot([], [], marker="D", color=Colour.INK, linestyle="none", markersize=5, label="due date")
    axes.figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=SMALL_POINTS)


def _span(shown: Timeline) -> tuple[date, date]:
    first = max(min((card.deadline.received_on for card in shown.clocks), default=shown.today), shown.today - timedelta(days=BEHIND))
    last = min(max((card.deadline.effective_due_on for card in shown.clocks), default=shown.today), shown.today + timedelta(days=FARTHEST))
    return min(first, shown.today - timedelta(days=7)), max(last, shown.today + timedelta(days=AHEAD))


def _look(card: RoiCard) -> _Look:
    if card.deadline.days_left < 0:
        return _OVER
    return _SOON if card.deadline.days_left <= SOON_DAYS else _TIME


def _left(card: RoiCard) -> str:
    left = card.deadline.days_left
    if left < 0:
        return f"{days(-left)} over"
    return "today" if left == 0 else days(left)


def _day(on: date) -> str:
    return f"{on:%a, %b} {on.day}"
