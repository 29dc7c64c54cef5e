"""How the clocks stand: each pending release is in exactly one count, and the nearest come first."""

from __future__ import annotations

from datetime import date

import pytest

from bot.errors import NotAllowed
from bot.roi.clocks import MOST_CLOCKS, ClockCounts, clock_counts, timeline
from storage.words import RequestState, RequestType, Role
from tests.unit.roi.scene import Scene


@pytest.fixture
def grace(scene: Scene) -> str:
    return scene.person("grace", Role.ROI_SPECIALIST)


@pytest.fixture
def priya(scene: Scene) -> str:
    return scene.person("priya", Role.SUPERVISOR)


def due_on(scene: Scene, day: date, owner: str | None = None, state: RequestState = RequestState.RETRIEVAL) -> str:
    reference = scene.release(owner, type=RequestType.PAYER_REQUEST, received_on=date(2026, 10, 1), letter_due_on=date(2026, 12, 30), state=state)
    with scene.row(reference) as request:
        request.effective_due_on = day
    return reference


def test_every_clock_is_counted_once_by_how_near_it_is(scene: Scene, grace: str, priya: str) -> None:
    """Today is a Monday; Thursday of that week is Thanksgiving, so three business days reach to Friday."""
    due_on(scene, date(2026, 11, 20), grace)
    due_on(scene, date(2026, 11, 23), grace)
    due_on(scene, date(2026, 11, 24), None)
    due_on(scene, date(2026, 11, 27), grace, RequestState.HOLD)
    due_on(scene, date(2026, 11, 30), None)
    due_on(scene, date(2026, 11, 20), grace, RequestState.DELIVERED)
    counts = scene.do(priya, clock_counts)
    assert counts == ClockCounts(overdue=1, today=1, soon=2, later=1, aside=1, unassigned=2)
    assert counts.total == 5
    assert scene.do(grace, clock_counts, mine=True).total == 3


def test_the_nearest_come_first_and_no_more_than_can_be_read(scene: Scene, grace: str, priya: str) -> None:
    far = due_on(scene, date(2026, 12, 30), grace)
    near = [due_on(scene, date(2026, 11, 20), grace) for _ in range(MOST_CLOCKS)]
    shown = scene.do(priya, timeline)
    assert [card.reference for card in shown.clocks] == near
    assert far not in {card.reference for card in shown.clocks}
    assert shown.counts.total == MOST_CLOCKS + 1


def test_an_empty_desk_has_no_clocks(scene: Scene, priya: str) -> None:
    assert scene.do(priya, timeline).clocks == ()
    assert scene.do(priya, clock_counts).total == 0


def test_the_timeline_is_for_supervisors_and_the_privacy_officer(scene: Scene, grace: str) -> None:
    with pytest.raises(NotAllowed):
        scene.do(grace, timeline)
    with pytest.raises(NotAllowed):
        scene.do(scene.person("noor", Role.SPECIALIST), clock_counts)
    assert scene.do(scene.person("daniel", Role.PRIVACY_OFFICER), timeline).counts.total == 0
