"""Reminders come at nine in the owner's morning, once each, to the right people, and stop when they are no longer called for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.desk import Desk
from bot.roi.delivery import deliver
from bot.roi.points import moments
from bot.roi.reminders import due_reminders, remind_due, snooze, still_true
from bot.roi.requests import open_card
from bot.roi.work import give, move, take
from jobs.reminders import sweep_reminders
from storage.tables import Notice, Person
from storage.words import AuthorizationStatus, NoticeKind, NoticeState, PendReason, RequestState, RequestType, Role
from tests.unit.roi.scene import NEW_YORK, Scene

LOS_ANGELES = "America/Los_Angeles"
RECEIVED = date(2026, 11, 12)


def at(day: date, hour: int, minute: int = 0, zone: str = NEW_YORK) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def sweep(scene: Scene) -> int:
    return scene.tick(remind_due, scene.rules)


def said(scene: Scene, who: str) -> list[tuple[str, str]]:
    """What waits to be said to somebody about releases: the kind, and the point of its clock."""
    return [
        (notice.kind.value, notice.facts["point"])
        for notice in scene.notices(who, state=None)
        if notice.kind in {NoticeKind.RELEASE_DUE, NoticeKind.RELEASE_OVERDUE}
    ]


@pytest.fixture
def grace(scene: Scene) -> str:
    return scene.person("grace", Role.ROI_SPECIALIST)


@pytest.fixture
def priya(scene: Scene) -> str:
    return scene.person("priya", Role.SUPERVISOR)


@pytest.fixture
def reference(scene: Scene, grace: str, priya: str) -> str:
    """Received on Thursday 12 November in Texas, due on Friday 4 December (15 business days)."""
    scene.now = at(RECEIVED, 12)
    made = scene.release(grace, legal_state="TX", received_on=RECEIVED)
    with scene.row(made) as request:
        assert request.effective_due_on == date(2026, 12, 4)
    sweep(scene)
    return made


def test_a_release_just_logged_waits_for_its_first_point_at_nine(scene: Scene, grace: str, reference: str) -> None:
    assert said(scene, grace) == []
    with scene.row(reference) as request:
        assert request.remind_at == at(date(2026, 11, 27), 9)


def test_the_owner_is_reminded_five_two_and_one_business_days_before_and_on_the_day(
    scene: Scene, grace: str, reference: str
) -> None:
    seen = []
    for day in (27, 30):
        scene.now = at(date(2026, 11, day), 12)
        sweep(scene)
        seen.append(said(scene, grace)[-1])
    for day in (2, 3, 4):
        scene.now = at(date(2026, 12, day), 12)
        sweep(scene)
        seen.append(said(scene, grace)[-1])
    assert len(said(scene, grace)) == 4
    assert [point for _, point in dict.fromkeys(seen)] == ["due_soon", "due_today"]
    assert len({notice.dedupe_key for notice in scene.notices(grace, state=None)}) == 4


def test_a_point_is_said_once_however_often_the_clock_looks(scene: Scene, grace: str, reference: str) -> None:
    scene.now = at(date(2026, 11, 27), 9)
    assert sweep(scene) == 1
    assert sweep(scene) == 0
    with scene.row(reference) as request:
        request.remind_at = at(date(2026, 11, 27), 9)
    sweep(scene)
    assert len(said(scene, grace)) == 1


def test_what_was_missed_while_the_clock_stood_still_comes_as_one_reminder(
    scene: Scene, grace: str, reference: str
) -> None:
    scene.now = at(date(2026, 12, 3), 10)
    sweep(scene)
    assert said(scene, grace) == [("release_due", "due_soon")]
    [notice] = scene.notices(grace)
    assert notice.dedupe_key.endswith("2026-12-03")


def test_overdue_is_said_daily_to_the_owner_and_the_supervisors_on_business_days(
    scene: Scene, grace: str, priya: str, reference: str
) -> None:
    for day in (7, 8, 9, 10, 11, 12, 13, 14):
        scene.now = at(date(2026, 12, day), 10)
        sweep(scene)
    assert said(scene, grace).count(("release_overdue", "overdue")) == 6
    assert said(scene, priya).count(("release_overdue", "overdue")) == 6


def test_on_the_day_itself_a_reminder_breaks_through_and_on_others_it_does_not(
    scene: Scene, grace: str, reference: str
) -> None:
    for day in (3, 4, 7):
        scene.now = at(date(2026, 12, day), 9)
        sweep(scene)
    assert [notice.breaks_through for notice in scene.notices(grace, state=None)] == [False, True, False]


def test_what_nobody_has_goes_to_the_supervisors(scene: Scene, grace: str, priya: str) -> None:
    scene.now = at(RECEIVED, 12)
    reference = scene.release(legal_state="TX", received_on=RECEIVED)
    sweep(scene)
    scene.now = at(date(2026, 11, 16), 9)
    sweep(scene)
    assert said(scene, priya) == [("release_due", "unassigned")]
    scene.do(grace, take, reference)
    [notice] = scene.notices(priya)
    with scene.database.read() as session:
        assert not still_true(session, notice)
    scene.now = at(date(2026, 11, 27), 9)
    sweep(scene)
    assert said(scene, grace) == [("release_due", "due_soon")]


def test_a_new_owner_is_reminded_in_their_own_morning(scene: Scene, grace: str, priya: str, reference: str) -> None:
    lena = scene.person("lena", Role.ROI_SPECIALIST, zone=LOS_ANGELES)
    scene.do(priya, give, reference, lena)
    sweep(scene)
    with scene.row(reference) as request:
        assert request.remind_at == at(date(2026, 11, 27), 9, zone=LOS_ANGELES)
    scene.now = at(date(2026, 11, 27), 9)
    assert sweep(scene) == 0
    scene.now = at(date(2026, 11, 27), 9, zone=LOS_ANGELES)
    sweep(scene)
    assert said(scene, lena) == [("release_due", "due_soon")]
    assert said(scene, grace) == []


def test_giving_a_release_away_at_the_very_moment_of_a_reminder_loses_none(
    scene: Scene, grace: str, priya: str, reference: str
) -> None:
    scene.now = at(date(2026, 11, 27), 9, 1)
    omar = scene.person("omar", Role.ROI_SPECIALIST)
    scene.do(priya, give, reference, omar)
    sweep(scene)
    assert said(scene, omar) == [("release_due", "due_soon")]


def test_a_release_logged_on_its_last_day_is_reminded_of_at_once(scene: Scene, grace: str) -> None:
    scene.now = at(date(2026, 11, 23), 11)
    scene.release(grace, legal_state="TX", received_on=date(2026, 10, 30))
    sweep(scene)
    assert said(scene, grace) == [("release_due", "due_today")]


def test_nothing_is_said_any_more_once_it_is_delivered(scene: Scene, grace: str, priya: str, reference: str) -> None:
    scene.now = at(date(2026, 12, 4), 9)
    sweep(scene)
    [*_, notice] = scene.notices(grace)
    with scene.row(reference) as request:
        request.state = RequestState.READY_TO_SEND
        request.prepared_by_id, request.checked_by_id = scene.key_of(grace), scene.key_of(priya)
    scene.do(grace, deliver, reference)
    assert scene.notices(grace) == []
    with scene.database.read() as session:
        assert not still_true(session, notice)
    scene.now = at(date(2026, 12, 20), 9)
    assert sweep(scene) == 0


def test_a_release_sent_back_to_its_requester_is_not_reminded_of_until_it_comes_again(
    scene: Scene, grace: str, reference: str
) -> None:
    scene.do(grace, move, reference, RequestState.RETURNED_TO_REQUESTER, PendReason.AUTHORIZATION_INVALID)
    scene.now = at(date(2026, 11, 30), 9)
    assert sweep(scene) == 0
    scene.do(grace, move, reference, RequestState.LOGGED)
    scene.now = at(date(2026, 12, 2), 9)
    sweep(scene)
    assert said(scene, grace) == [("release_due", "due_soon")]


def test_a_reminder_of_an_old_due_date_is_not_sent(scene: Scene, grace: str, reference: str) -> None:
    scene.now = at(date(2026, 11, 27), 9)
    sweep(scene)
    [notice] = scene.notices(grace)
    with scene.database.read() as session:
        assert still_true(session, notice)
    with scene.row(reference) as request:
        request.effective_due_on = date(2026, 12, 30)
    with scene.database.read() as session:
        assert not still_true(session, notice)


def test_a_reminder_of_what_went_to_somebody_else_is_not_sent(
    scene: Scene, grace: str, priya: str, reference: str
) -> None:
    scene.now = at(date(2026, 11, 27), 9)
    sweep(scene)
    [notice] = scene.notices(grace)
    scene.do(priya, give, reference, scene.person("omar", Role.ROI_SPECIALIST))
    with scene.database.read() as session:
        assert not still_true(session, notice)


def test_a_snoozed_reminder_comes_again_tomorrow_morning_once(scene: Scene, grace: str, reference: str) -> None:
    scene.now = at(date(2026, 11, 30), 11)
    _, again_at = scene.do(grace, snooze, reference)
    scene.do(grace, snooze, reference)
    assert again_at == at(date(2026, 12, 1), 9, 1)
    [notice] = [notice for notice in scene.notices(grace) if notice.facts["point"] == "snoozed"]
    assert notice.not_before == again_at
    with scene.database.read() as session:
        assert still_true(session, notice)


def test_the_regular_reminder_of_that_morning_takes_the_place_of_the_snoozed_one(
    scene: Scene, grace: str, reference: str
) -> None:
    scene.now = at(date(2026, 12, 1), 11)
    sweep(scene)
    scene.do(grace, snooze, reference)
    scene.now = at(date(2026, 12, 2), 9)
    sweep(scene)
    assert [notice.facts["point"] for notice in scene.notices(grace)] == ["due_soon"]
    assert "snoozed" in [notice.facts["point"] for notice in scene.notices(grace, NoticeState.CANCELLED)]


def test_reminders_that_pile_up_over_time_off_leave_as_one(scene: Scene, grace: str, reference: str) -> None:
    away_until = at(date(2026, 12, 4), 8)
    with scene.database.write() as session:
        person = session.get(Person, scene.key_of(grace))
        assert person is not None
        person.away_until = away_until
    for day in (2, 3):
        scene.now = at(date(2026, 12, day), 9)
        sweep(scene)
    [notice] = scene.notices(grace)
    assert (notice.facts["point"], notice.not_before) == ("due_soon", away_until)


def test_what_an_owner_on_leave_would_read_too_late_goes_to_the_supervisor(scene: Scene, grace: str, priya: str, reference: str) -> None:
    scene.now = at(date(2026, 11, 27), 12)
    scene.on_leave(grace, at(date(2026, 12, 10), 0))
    sweep(scene)
    sweep(scene)

    assert said(scene, priya) == [("release_due", "due_soon")]
    [told] = scene.notices(priya)
    assert (told.facts["instead_of"], told.not_before) == (grace, scene.now)
    [waits] = scene.notices(grace)
    assert waits.not_before == at(date(2026, 12, 10), 8)


def test_who_does_not_work_again_before_the_due_date_is_stood_in_for(scene: Scene, priya: str) -> None:
    mondays_only = scene.person("mona", Role.ROI_SPECIALIST, workdays=("1",))
    scene.now = at(RECEIVED, 12)
    scene.release(mondays_only, legal_state="TX", received_on=RECEIVED)
    scene.now = at(date(2026, 11, 27), 12)
    sweep(scene)
    assert said(scene, priya) == []
    scene.now = at(date(2026, 12, 3), 12)
    sweep(scene)
    assert said(scene, priya)[-1] == ("release_due", "due_soon")


def test_with_every_supervisor_away_the_privacy_officer_is_told(scene: Scene, grace: str, priya: str, reference: str) -> None:
    petra = scene.person("petra", Role.PRIVACY_OFFICER)
    for who in (grace, priya):
        scene.on_leave(who, at(date(2026, 12, 10), 0))
    scene.now = at(date(2026, 11, 27), 12)
    sweep(scene)
    assert [notice.facts["instead_of"] for notice in scene.notices(petra)] == [grace]
    with scene.database.read() as session:
        assert still_true(session, scene.notices(petra)[0])


def test_an_authorization_that_ends_is_announced_and_then_makes_the_release_pending(
    scene: Scene, grace: str, priya: str
) -> None:
    scene.now = at(date(2026, 11, 2), 12)
    reference = scene.release(
        grace, type=RequestType.ATTORNEY, legal_state="GA", received_on=date(2026, 11, 2), state=RequestState.RETRIEVAL,
        letter_due_on=None, authorization=AuthorizationStatus.VALID, authorization_expires_on=date(2026, 11, 12),
    )  # fmt: skip
    scene.now = at(date(2026, 11, 9), 10)
    sweep(scene)
    assert ("release_due", "authorization_expiring") in said(scene, grace)
    scene.now = at(date(2026, 11, 13), 10)
    sweep(scene)
    card = scene.do(grace, open_card, reference)
    assert (card.state, card.reason) == (RequestState.PENDING, PendReason.AUTHORIZATION_EXPIRED)
    assert card.resumes_to is RequestState.RETRIEVAL
    assert ("release_due", "authorization_expired") in said(scene, priya)
    assert ("release_due", "authorization_expired") in said(scene, grace)


def test_a_pending_release_is_asked_after_every_three_business_days(scene: Scene, grace: str, priya: str) -> None:
    scene.now = at(date(2026, 11, 16), 12)
    reference = scene.release(grace, type=RequestType.PATIENT_ACCESS, legal_state=None, received_on=date(2026, 11, 16))
    scene.do(grace, move, reference, RequestState.PENDING, PendReason.RECORDS_OFFSITE)
    sweep(scene)
    scene.now = at(date(2026, 11, 19), 9)
    sweep(scene)
    assert said(scene, grace) == [("release_due", "still_pending")]


def test_of_several_points_of_one_morning_overdue_is_the_one_that_is_said(scene: Scene, grace: str, reference: str) -> None:
    scene.now = at(date(2026, 12, 2), 12)
    sweep(scene)
    scene.do(grace, move, reference, RequestState.PENDING, PendReason.RECORDS_OFFSITE)
    sweep(scene)
    scene.now = at(date(2026, 12, 7), 9)
    with scene.row(reference) as request:
        points = [one.point.kind.value for one in moments(scene.rules, request, NEW_YORK, scene.now) if one.at == scene.now]
    assert set(points) == {"overdue", "still_pending"}
    sweep(scene)
    assert said(scene, grace)[-1] == ("release_overdue", "overdue")


def test_a_one_day_release_is_reminded_of_at_half_time_and_two_hours_before_the_end(
    scene: Scene, grace: str, priya: str
) -> None:
    scene.now = at(date(2026, 11, 23), 9)
    scene.release(grace, type=RequestType.CONTINUITY_OF_CARE, legal_state="GA", received_on=date(2026, 11, 20))
    sweep(scene)
    scene.now = at(date(2026, 11, 23), 13)
    sweep(scene)
    assert said(scene, grace) == [("release_due", "half_time")]
    scene.now = at(date(2026, 11, 23), 15)
    sweep(scene)
    assert said(scene, priya) == [("release_due", "last_hours")]


def test_a_release_whose_rule_is_gone_still_has_its_day_and_its_overdue(scene: Scene, reference: str) -> None:
    with scene.row(reference) as request:
        request.type, request.letter_on = RequestType.PAYER_ADR, None
        points = [one.point.kind.value for one in moments(scene.rules, request, NEW_YORK, scene.now)]
    assert points[0] == "due_today"
    assert set(points) == {"due_today", "overdue"}


def desk_of(scene: Scene) -> Desk:
    unused = cast("Any", None)
    return Desk(
        settings=unused, database=scene.database, coordinator=unused, guard=unused, rules=scene.rules, now=lambda: scene.now
    )


def test_the_sweep_looks_at_every_workspace_in_batches(scene: Scene, grace: str) -> None:
    for _ in range(53):
        scene.release(grace, legal_state="TX")
    assert sweep_reminders(desk_of(scene)) == 53
    assert sweep_reminders(desk_of(scene)) == 0


def test_one_release_that_cannot_be_looked_at_does_not_silence_the_others(scene: Scene, grace: str) -> None:
    lost = scene.person("lost", Role.ROI_SPECIALIST)
    scene.now = at(RECEIVED, 12)
    broken = scene.release(lost, legal_state="TX", received_on=RECEIVED)
    whole = scene.release(grace, legal_state="TX", received_on=RECEIVED)
    with scene.database.write() as session:
        session.execute(sa.update(Person).where(Person.slack_user_id == lost).values(zone="Nowhere/Atlantis"))
    for reference in (broken, whole):
        with scene.row(reference) as request:
            request.remind_at = at(date(2026, 11, 27), 9)
    scene.now = at(date(2026, 11, 27), 9)
    with capture_logs() as logs:
        assert sweep_reminders(desk_of(scene)) == 2
    assert said(scene, grace) == [("release_due", "due_soon")]
    assert "reminder_failed" in [entry["event"] for entry in logs]
    with scene.row(broken) as request:
        assert request.remind_at == at(date(2026, 11, 27), 10)


def test_the_desks_own_promise_breaks_through_nobodys_evening(scene: Scene, grace: str, priya: str) -> None:
    scene.now = at(date(2026, 11, 23), 13)
    scene.release(grace, type=RequestType.CONTINUITY_OF_CARE, legal_state="GA", received_on=date(2026, 11, 20))
    scene.now = at(date(2026, 11, 23), 15)
    sweep(scene)
    assert [notice.breaks_through for notice in scene.notices(priya)] == [False]


def test_a_release_that_ended_is_never_looked_at(scene: Scene, grace: str) -> None:
    reference = scene.release(grace, state=RequestState.CANCELLED)
    with scene.row(reference) as request:
        request.remind_at = scene.now
    assert scene.tick(due_reminders) == []


def test_a_reminder_carries_words_and_dates_only(scene: Scene, grace: str, reference: str) -> None:
    scene.now = at(date(2026, 11, 27), 9)
    sweep(scene)
    [notice] = scene.notices(grace)
    assert isinstance(notice, Notice)
    assert notice.facts == {"point": "due_soon", "effective_due_on": "2026-12-04"}
