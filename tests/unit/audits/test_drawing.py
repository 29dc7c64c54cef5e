"""Samples are random and can be drawn again; nobody audits their own work; what cannot be drawn is said in a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.audits.cases import waiting_cases
from bot.audits.chance import by_coder, draw, share
from bot.audits.dealing import dealt
from bot.audits.population import CodedTask, Span, Which
from bot.audits.progress import samples_progress
from bot.audits.samples import (
    NoSuchSample,
    NotFinishedCoding,
    NothingToAudit,
    SampleSizeNeeded,
    SampleTooLarge,
    Size,
    SpanBackwards,
    draw_sample,
    drawn_again,
    target_sample,
)
from bot.errors import BadInput, NotAllowed
from storage.tables import AuditCase, Person, ReviewTask
from storage.words import NoticeKind, Role, SampleBasis, TaskSetting, TaskType
from tests.unit.audits.conftest import Ward

piles = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 10_000)), max_size=60, unique_by=lambda pair: pair[1])


def tasks_of(pairs: list[tuple[int, int]]) -> list[CodedTask]:
    return [CodedTask(number, f"RV-{number:05}", coder) for coder, number in pairs]


def drawn_tasks(ward: Ward) -> list[str]:
    with ward.clinic.database.read() as session:
        rows = sa.select(ReviewTask.reference).join(AuditCase, AuditCase.task_id == ReviewTask.id)
        return sorted(session.scalars(rows.where(AuditCase.workspace_id == ward.clinic.workspace_id)))


def test_a_sample_takes_so_many_of_each_coder_and_gives_nobody_their_own(ward: Ward) -> None:
    for _ in range(6):
        ward.coded(ward.noor)
        ward.coded(ward.tomas)
    drawn = ward.drawn(Size(per_coder=3))
    assert (drawn.number, drawn.cases, drawn.population, drawn.coders, drawn.unassigned) == (1, 6, 12, 2, 0)

    anas = ward.clinic.desk.look(ward.ana, waiting_cases)
    tomas = ward.clinic.desk.look(ward.tomas, waiting_cases)
    assert anas.total + tomas.total == 6
    assert {sheet.coder for sheet in tomas.sheets} == {"U0NOOR"}
    told = ward.clinic.notices(kind=NoticeKind.AUDITS_WAIT)
    assert sorted(notice.facts["cases"] for notice in told) == sorted([anas.total, tomas.total])


def test_the_same_seed_draws_the_same_cases_and_anybody_can_check_it(ward: Ward) -> None:
    for _ in range(12):
        ward.coded(ward.noor)
    ward.drawn(Size(per_coder=4), seed="winter")
    first = drawn_tasks(ward)
    ward.clinic.clock.move(days=1)
    ward.coded(ward.noor)
    assert ward.clinic.desk.look(ward.priya, drawn_again, 1) is True

    another = sa.select(ReviewTask.id).where(ReviewTask.reference.not_in(first)).limit(1).scalar_subquery()
    with ward.clinic.database.write() as session:
        session.execute(sa.update(AuditCase).values(task_id=another).where(AuditCase.id == 1))
    assert ward.clinic.desk.look(ward.priya, drawn_again, 1) is False


@given(pairs=piles, seed=st.text(max_size=8), few=st.integers(0, 6), more=st.integers(0, 6))
def test_a_larger_draw_contains_the_smaller_one_whatever_order_the_tasks_come_in(
    pairs: list[tuple[int, int]], seed: str, few: int, more: int
) -> None:
    piles = by_coder(tasks_of(pairs))
    small = draw(seed, piles, dict.fromkeys(piles, few))
    large = draw(seed, by_coder(reversed(tasks_of(pairs))), dict.fromkeys(piles, few + more))
    assert set(small) <= set(large)
    for coder, own in piles.items():
        assert sum(task.coder_id == coder for task in small) == min(few, len(own))


@given(pairs=piles, auditors=st.lists(st.integers(1, 7), unique=True, max_size=5))
def test_cases_are_dealt_evenly_and_never_to_their_coder(pairs: list[tuple[int, int]], auditors: list[int]) -> None:
    tasks = tasks_of(pairs)
    found = dealt(auditors, tasks)
    assert all(found[task.id] != task.coder_id for task in tasks)
    assert all(found[task.id] is not None for task in tasks if set(auditors) - {task.coder_id})
    strangers = [auditor for auditor in auditors if auditor not in {task.coder_id for task in tasks}]
    loads = [sum(chosen == auditor for chosen in found.values()) for auditor in strangers]
    assert not loads or max(loads) - min(loads) <= 1


@given(percent=st.integers(1, 100), population=st.integers(0, 100_000))
def test_a_share_is_rounded_up_and_never_more_than_there_is(percent: int, population: int) -> None:
    cases = share(percent, population)
    assert population * percent <= cases * 100 < population * percent + 100
    assert cases <= population


def test_a_share_in_percent_takes_at_least_one_of_everybody(ward: Ward) -> None:
    for _ in range(11):
        ward.coded(ward.noor)
    ward.coded(ward.tomas)
    assert ward.drawn(Size(percent=10)).cases == 3


def test_more_than_somebody_finished_is_refused_with_their_number_unless_all_of_theirs_will_do(ward: Ward) -> None:
    for _ in range(3):
        ward.coded(ward.noor)
    with pytest.raises(SampleTooLarge, match=r"fewer than 10: Noor 3\. Choose fewer cases") as told:
        ward.drawn(Size(per_coder=10))
    assert told.value.field == "size"
    assert ward.drawn(Size(per_coder=10, all_where_fewer=True)).cases == 3


def test_nothing_to_draw_from_and_a_time_that_cannot_be(ward: Ward) -> None:
    today = ward.clinic.clock().date()
    with pytest.raises(NothingToAudit):
        ward.drawn(Size(per_coder=1))
    for span in (Span(today, today - timedelta(days=1)), Span(today, today + timedelta(days=1))):
        with pytest.raises(SpanBackwards):
            ward.clinic.desk.change(ward.priya, draw_sample, None, Which(span), Size(per_coder=1))
    for numbers in ({}, {"per_coder": 0}, {"percent": 101}, {"per_coder": 5, "percent": 5}, {"per_coder": 501}):
        with pytest.raises(SampleSizeNeeded):
            Size(**numbers)


def test_only_who_audits_or_supervises_draws(ward: Ward) -> None:
    ward.coded(ward.noor)
    with pytest.raises(NotAllowed):
        ward.clinic.desk.change(ward.noor, draw_sample, None, ward.this_month, Size(per_coder=1))
    with pytest.raises(NotAllowed):
        ward.clinic.desk.change(ward.noor, target_sample, None, ["RV-2F7KQ"])


def test_setting_facility_and_coder_narrow_what_is_drawn_from(ward: Ward) -> None:
    ed = ward.coded(ward.noor, setting=TaskSetting.ED, facility="F1")
    ward.coded(ward.noor, setting=TaskSetting.CLINIC, facility="F1")
    ward.coded(ward.tomas, setting=TaskSetting.ED, facility="F1")
    which = replace(ward.this_month, setting=TaskSetting.ED, facility="F1", coders=(ward.noor.user_id,))
    ward.clinic.desk.change(ward.priya, draw_sample, None, which, Size(percent=100))
    assert drawn_tasks(ward) == [ed]


def test_a_targeted_sample_is_marked_as_such_and_cannot_be_drawn_again(ward: Ward) -> None:
    task = ward.coded(ward.noor)
    drawn = ward.clinic.desk.change(ward.ana, target_sample, None, [task.lower(), task])
    assert (drawn.basis, drawn.seed, drawn.cases) == (SampleBasis.TARGETED, None, 1)
    with pytest.raises(NoSuchSample, match="chosen on purpose"):
        ward.clinic.desk.look(ward.ana, drawn_again, drawn.number)


def test_what_is_not_finished_coding_is_named(ward: Ward) -> None:
    open_task, other = ward.clinic.task(type=TaskType.CODING), ward.coded(ward.noor)
    with pytest.raises(NotFinishedCoding, match=open_task):
        ward.clinic.desk.change(ward.ana, target_sample, None, [open_task, other])
    with pytest.raises(NotFinishedCoding):
        ward.clinic.desk.change(ward.ana, target_sample, None, [])
    with pytest.raises(BadInput, match="not a reference"):
        ward.clinic.desk.change(ward.ana, target_sample, None, ["Robert'); DROP TABLE"])


def test_a_record_of_another_workspace_is_not_found(ward: Ward) -> None:
    neighbour = ward.clinic.neighbour()
    stranger = neighbour.person("Stranger", Role.SUPERVISOR)
    task = ward.coded(ward.noor)
    with pytest.raises(NotFinishedCoding, match=task):
        neighbour.desk.change(stranger, target_sample, None, [task])


def test_who_is_on_leave_is_dealt_nothing_and_a_case_only_its_coder_could_audit_waits(ward: Ward) -> None:
    ward.coded(ward.tomas)
    with ward.clinic.database.write() as session:
        back = ward.clinic.clock() + timedelta(days=3)
        session.execute(sa.update(Person).where(Person.slack_user_id == "U0ANA").values(away_until=back))
    drawn = ward.drawn(Size(per_coder=1))
    assert drawn.unassigned == 1
    assert ward.clinic.desk.look(ward.tomas, waiting_cases).total == 0
    assert ward.clinic.desk.look(ward.priya, waiting_cases).total == 1
    [progress] = ward.clinic.desk.look(ward.priya, samples_progress)
    assert (progress.cases, progress.open, progress.unassigned) == (1, 1, 1)
