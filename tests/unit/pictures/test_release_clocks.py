"""The timeline of clocks: drawn with none, one, many and impossible ones, and said in words that Slack takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.pictures.drawing import ALT_LENGTH
from bot.pictures.release_clocks import clocks_picture
from bot.roi.cards import RoiCard
from bot.roi.clocks import MOST_CLOCKS
from tests.unit.worst_releases import CARD, DAY, DEADLINE, in_words, timeline


def clock(number: int, left: int) -> RoiCard:
    due = DAY + timedelta(days=left)
    told = replace(DEADLINE, received_on=due - timedelta(days=30), effective_due_on=due, due_on=due, days_left=left)
    return replace(CARD, reference=f"ROI-2222{number}", deadline=told, resumes_to=None)


CLOCKS = [clock(number, left) for number, left in enumerate((-400, -3, 0, 1, 3, 4, 30, 900))]


@pytest.mark.parametrize("clocks", [[], CLOCKS[:1], CLOCKS, [CARD] * MOST_CLOCKS])
def test_it_is_drawn_whatever_there_is(clocks: list[RoiCard]) -> None:
    picture = clocks_picture(timeline(clocks))
    assert picture.png.startswith(b"\x89PNG")
    assert 0 < len(picture.alt) <= ALT_LENGTH
    assert picture.name == "release-clocks-2026-11-30.png"


def test_the_words_say_what_the_picture_shows_the_nearest_first() -> None:
    told = in_words(CLOCKS)
    assert "ROI-22220 400 days over; ROI-22221 3 days over; ROI-22222 today; ROI-22223 1 day;" in told
    assert "10000 overdue" in told


def test_no_name_is_on_the_picture() -> None:
    assert (CARD.owner or "") not in in_words([CARD])
