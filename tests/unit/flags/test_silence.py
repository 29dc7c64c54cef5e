"""Silence is reminded in the reader's own calendar, once ever, and stops when the flag moves; what repeats brings a private note."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.flags.comments import comment
from bot.flags.education import education_counts
from bot.flags.flow import take_step
from bot.flags.reminders import NothingToSnooze, business_days_after, remind_silent, snooze
from bot.flags.reporting import Problem, report
from bot.flags.states import Step
from storage.tables import EducationNote, Notice, Person, Workspace
from storage.words import ErrorType, NoticeKind, NoticeState, Role, RootReason
from tests.unit.roi.scene import MONDAY, Scene, clean

WHY = RootReason.DOCUMENTATION_MISSED


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Scene]:
    """The Monday before Thanksgiving, eleven in the morning."""
    scene = Scene.open(tmp_path)
    scene.person("noor", Role.SPECIALIST)
    scene.person("tomas", Role.SPECIALIST, Role.AUDITOR)
    scene.person("ana", Role.AUDITOR)
    scene.person("priya", Role.SUPERVISOR)
    yield scene
    scene.close()


def flag(scene: Scene, error_type: ErrorType = ErrorType.UNITS, reason: RootReason | None = WHY) -> str:
    task, _ = scene.task("U0NOOR")
    return scene.do("U0TOMAS", report, task, Problem(error_type, reason)).reference


def reminders(scene: Scene, who: str) -> list[Notice]:
    return [one for one in scene.notices(who, None) if one.kind is NoticeKind.FLAG_WAITS]


def tick(scene: Scene, **step: float) -> None:
    scene.move(**step)
    for _ in range(2):
        scene.tick(remind_silent)


def test_the_person_flagged_hears_on_the_second_and_fourth_business_day_and_the_supervisor_on_the_fifth(desk: Scene) -> None:
    flag(desk)
    counts = []
    for _ in range(12):
        tick(desk, days=1)
        counts.append((len(reminders(desk, "U0NOOR")), len(reminders(desk, "U0PRIYA"))))
    # Tue, Wed, Thanksgiving, Fri, weekend, Mon, Tue, …
    assert counts[:8] == [(0, 0), (1, 0), (1, 0), (1, 0), (1, 0), (1, 0), (2, 0), (2, 1)]
    assert counts[-1] == (2, 1)


def test_a_leave_does_not_count(desk: Scene) -> None:
    with desk.database.write() as session:
        session.execute(
            sa.update(Person).where(Person.name == "noor").values(away_from=MONDAY + timedelta(hours=7), away_until=MONDAY + timedelta(days=6, hours=20))
        )
    flag(desk)
    tick(desk, days=7, hours=1)
    assert reminders(desk, "U0NOOR") == []
    tick(desk, days=1)
    assert len(reminders(desk, "U0NOOR")) == 1


def test_a_step_or_a_word_of_who_is_to_act_ends_the_silence(desk: Scene) -> None:
    reference = flag(desk)
    tick(desk, days=2, hours=1)
    assert len(reminders(desk, "U0NOOR")) == 1
    desk.do("U0NOOR", comment, reference, clean("I am looking for the report"))
    tick(desk, days=2)
    assert len(reminders(desk, "U0NOOR")) == 1
    desk.do("U0TOMAS", comment, reference, clean("Thank you"))
    tick(desk, days=3)
    assert len(reminders(desk, "U0NOOR")) == 2


def test_a_rebuttal_waits_for_a_supervisor_and_a_correction_for_the_auditor_who_reported(desk: Scene) -> None:
    reference = flag(desk)
    for who, step in (("U0NOOR", Step.ACKNOWLEDGE), ("U0NOOR", Step.REBUT)):
        desk.do(who, take_step, reference, step, clean("No"))
    tick(desk, days=2, hours=1)
    assert [len(reminders(desk, who)) for who in ("U0NOOR", "U0TOMAS", "U0ANA", "U0PRIYA")] == [0, 0, 0, 1]
    for who, step in (("U0PRIYA", Step.UPHOLD), ("U0NOOR", Step.CORRECT)):
        desk.do(who, take_step, reference, step)
    tick(desk, days=6)
    assert [len(reminders(desk, who)) for who in ("U0NOOR", "U0TOMAS", "U0ANA")] == [0, 1, 0]


def test_a_settled_flag_reminds_nobody_and_cannot_be_snoozed(desk: Scene) -> None:
    reference = flag(desk)
    tick(desk, days=2, hours=1)
    for who, step in (("U0NOOR", Step.ACKNOWLEDGE), ("U0NOOR", Step.ACCEPT), ("U0NOOR", Step.CORRECT), ("U0ANA", Step.VERIFY)):
        desk.do(who, take_step, reference, step)
    assert [one.state for one in reminders(desk, "U0NOOR")] == [NoticeState.CANCELLED]
    tick(desk, days=30)
    assert len(reminders(desk, "U0NOOR")) == 1
    with pytest.raises(NothingToSnooze):
        desk.do("U0NOOR", snooze, reference)


def test_snooze_brings_it_back_at_the_next_start_of_day_once(desk: Scene) -> None:
    reference = flag(desk)
    tick(desk, days=2, hours=1)
    for _ in range(2):
        _, at = desk.do("U0NOOR", snooze, reference)
    assert at == datetime(2026, 11, 27, 13, 0, tzinfo=UTC)
    assert len(reminders(desk, "U0NOOR")) == 2


@settings(max_examples=60, deadline=None)
@given(
    since=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda one: one.replace(tzinfo=UTC)),  # noqa: DTZ001
    number=st.integers(1, 6),
    zone=st.sampled_from(["America/New_York", "America/Los_Angeles", "Asia/Kolkata", "UTC"]),
    workdays=st.sets(st.sampled_from("1234567"), min_size=1),
    start=st.sampled_from([0, 480, 1320]),
)
def test_business_days_are_counted_one_by_one(since: datetime, number: int, zone: str, workdays: set[str], start: int) -> None:
    """Against a plain count: each day more is later, and so many working days lie between."""
    person = Person(zone=zone, workdays=tuple(workdays), hours_start=start, hours_end=360 if start == 1320 else 1020, works_holidays=True)
    moments = [since, *(business_days_after(person, since, days) for days in range(1, number + 1))]
    assert moments == sorted(set(moments))
    assert all(str(moment.astimezone(ZoneInfo(zone)).isoweekday()) in workdays for moment in moments[1:])


def accepted(scene: Scene, error_type: ErrorType = ErrorType.UNITS, reason: RootReason | None = WHY) -> None:
    reference = flag(scene, error_type, reason)
    scene.do("U0NOOR", take_step, reference, Step.ACKNOWLEDGE)
    scene.do("U0NOOR", take_step, reference, Step.ACCEPT)


def notes(scene: Scene) -> list[int]:
    with scene.database.read() as session:
        return list(session.scalars(sa.select(EducationNote.flags).order_by(EducationNote.id)))


def test_each_threshold_brings_one_note_and_counting_begins_anew(desk: Scene) -> None:
    for _ in range(2):
        accepted(desk)
    assert notes(desk) == []
    desk.move(minutes=1)
    accepted(desk)
    assert notes(desk) == [3]
    for _ in range(3):
        desk.move(minutes=1)
        accepted(desk)
    assert notes(desk) == [3, 3]
    assert [one.kind for one in desk.notices("U0NOOR") if one.kind is NoticeKind.EDUCATION] == [NoticeKind.EDUCATION] * 2


def test_one_reason_adds_up_over_kinds_of_error_and_the_most_frequent_one_is_named(desk: Scene) -> None:
    for kind in (ErrorType.UNITS, ErrorType.MODIFIER, ErrorType.UNITS):
        accepted(desk, kind)
    assert notes(desk) == [3]
    with desk.database.read() as session:
        assert session.scalars(sa.select(EducationNote.error_type)).all() == [ErrorType.UNITS]


def test_other_reasons_and_old_flags_do_not_add_up(desk: Scene) -> None:
    accepted(desk)
    accepted(desk, reason=RootReason.OTHER_CODER_ERROR)
    accepted(desk, reason=None)
    accepted(desk)
    desk.move(days=31)
    accepted(desk)
    assert notes(desk) == []


def test_what_is_only_reported_or_was_overturned_does_not_count(desk: Scene) -> None:
    for _ in range(4):
        reference = flag(desk)
        desk.do("U0NOOR", take_step, reference, Step.ACKNOWLEDGE)
        desk.do("U0NOOR", take_step, reference, Step.REBUT, clean("No"))
        desk.do("U0ANA", take_step, reference, Step.OVERTURN)
    flag(desk)
    assert notes(desk) == []


def test_the_workspace_sets_how_often(desk: Scene) -> None:
    with desk.database.write() as session:
        session.execute(sa.update(Workspace).values(education_repeats=2, education_days=5))
    accepted(desk)
    accepted(desk)
    assert notes(desk) == [2]


def test_supervisors_see_counts_and_no_names(desk: Scene) -> None:
    for _ in range(3):
        accepted(desk)
    [count] = desk.do("U0PRIYA", education_counts)
    assert (count.error_type, count.root_reason, count.notes) == (ErrorType.UNITS, WHY, 1)
    assert "noor" not in repr(count).lower()
