"""Several workspaces and several senders: each workspace has its turn, each clock its place, and two clocks are as good as one."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot import outbox
from bot.digest import write_digests
from bot.gathering import ALONE, FAMILIES
from bot.outbox import Pace
from bot.team.assign import assign
from bot.views.notices import _TITLES
from jobs.digest import sweep_digests
from jobs.reminders import sweep_reminders
from jobs.senders import Senders, wanted
from storage.tables import Notice, Person
from storage.words import NoticeKind, NoticeState, Role, Subject
from tests.clinic import Clinic
from tests.integration.test_outbox import slack_for


def put(clinic: Clinic, number: int, **values: object) -> None:
    """So many notices that are due, for Noor of this workspace."""
    noor = clinic.key_of(clinic.person("Noor", Role.SPECIALIST))
    now = clinic.clock()
    with clinic.database.write() as session:
        session.execute(
            sa.insert(Notice),
            [
                {
                    "workspace_id": clinic.workspace_id, "recipient_id": noor, "kind": NoticeKind.WELCOME, "subject": Subject.PERSON,
                    "subject_id": one, "facts": {}, "dedupe_key": f"key {values} {one}", "state": NoticeState.PENDING, "attempts": 0,
                    "breaks_through": False, "not_before": now - timedelta(hours=2), "created_at": now - timedelta(hours=3), **values,
                }
                for one in range(number)
            ],
        )  # fmt: skip


def lease(clinic: Clinic, limit: int = 10, after: int = 0, sender: str = "one") -> list[outbox.Leased]:
    with clinic.database.write() as session:
        return outbox.lease(session, sender, clinic.clock(), limit, after=after)


def test_ten_thousand_of_one_workspace_do_not_delay_three_of_another(clinic: Clinic) -> None:
    small = clinic.neighbour()
    put(clinic, 10_000)
    put(small, 3, not_before=clinic.clock() - timedelta(minutes=1))
    first = lease(clinic)
    assert [one.workspace_id for one in first].count(small.workspace_id) == 3
    assert len(first) >= 8


def test_with_more_workspaces_than_places_each_has_its_turn(clinic: Clinic) -> None:
    desks = [clinic, *(clinic.neighbour() for _ in range(5))]
    for desk in desks:
        put(desk, 4)
    served, after = [], 0
    for _ in range(3):
        batch = lease(clinic, limit=2, after=after)
        served += [one.workspace_id for one in batch]
        after = served[-1]
    assert sorted(served) == sorted(desk.workspace_id for desk in desks)


def test_a_paused_workspace_is_passed_over_by_every_sender(clinic: Clinic) -> None:
    put(clinic, 5)
    until = clinic.clock() + timedelta(seconds=30)
    with clinic.database.write() as session:
        outbox.pause(session, clinic.workspace_id, outbox.POST, until)
        outbox.pause(session, clinic.workspace_id, outbox.POST, until - timedelta(seconds=20))
    assert lease(clinic, sender="other") == []
    clinic.clock.move(seconds=31)
    assert len(lease(clinic)) == 5


@pytest.mark.parametrize(("workspaces", "at_work"), [(0, 0), (1, 3), (2, 4), (8, 16), (1000, 16)])
def test_so_many_senders_are_at_work_as_the_workspaces_call_for(workspaces: int, at_work: int) -> None:
    assert wanted(workspaces) == at_work


def test_the_senders_of_a_clock_say_everything_once_and_rest_when_nothing_is_due(clinic: Clinic) -> None:
    people = [(desk, desk.person("Noor", Role.SPECIALIST)) for desk in (clinic, *(clinic.neighbour() for _ in range(4)))]
    for desk, noor in people:
        priya = desk.person("Priya", Role.SUPERVISOR)
        clinic.desk.change(priya, assign, None, desk.task(), noor.user_id)
    with slack_for(clinic) as (workspace, _):
        senders = Senders(clinic.desk)
        while senders.at_work or any(notice.state is not NoticeState.SENT for desk, _ in people for notice in desk.notices()):
            senders.begin()
            time.sleep(0.01)
        senders.begin()
        assert senders.at_work == 0
        senders.close()
        assert len(workspace.calls.to("chat.postMessage")) == len(people)


def test_what_leaves_together_is_taken_once_by_one_sender(clinic: Clinic) -> None:
    put(clinic, 30, kind=NoticeKind.FLAG_RAISED)
    [lead] = lease(clinic)
    assert len(lead.carries) == 29
    assert lease(clinic, sender="other") == []
    clinic.clock.move(seconds=61)
    [again] = lease(clinic, sender="other")
    assert again.ambiguous
    assert sorted(again.carries) == sorted(lead.carries)


def test_places_for_messages_are_taken_exactly(clinic: Clinic) -> None:
    put(clinic, 6)
    got = []
    for one in lease(clinic):
        with clinic.database.write() as session:
            noor = session.get_one(Person, session.get_one(Notice, one.id).recipient_id)
            got += [outbox.take_push_place(session, one, noor, clinic.clock().date(), 4) for _ in range(2)]
    assert got == [True] * 8 + [False] * 4


def test_two_clocks_write_one_digest(clinic: Clinic) -> None:
    clinic.person("Priya", Role.SUPERVISOR, hours_start=600)
    assert sweep_digests(clinic.desk) == 1
    assert sweep_digests(clinic.desk) == 0
    assert clinic.desk.run_as_desk(clinic.workspace_id, "clock", write_digests) == 0
    assert [row.kind for row in clinic.notices()] == [NoticeKind.MORNING_DIGEST]


def test_two_clocks_at_the_same_moment_write_each_reminder_once(clinic: Clinic) -> None:
    grace = clinic.key_of(clinic.person("Grace", Role.ROI_SPECIALIST))
    for _ in range(30):
        clinic.request(owner_id=grace, received_on=clinic.clock().date() - timedelta(days=29))
    clinic.clock.move(minutes=1)
    with ThreadPoolExecutor(4) as clocks:
        looked_at = sum(clocks.map(lambda _: sweep_reminders(clinic.desk), range(8)))
    assert looked_at == 30
    assert len({notice.subject_id for notice in clinic.notices()}) == len(clinic.notices()) == 30


@pytest.mark.parametrize(
    "told",
    [
        {"lease": timedelta(seconds=53)},
        {"settle_after": timedelta(seconds=36)},
        {"batch_time": timedelta(seconds=36)},
        {"timeout": timedelta(seconds=4)},
        {"pages": 8},
    ],
)
def test_a_pace_whose_lease_may_end_too_early_is_refused(told: dict[str, timedelta | int]) -> None:
    with pytest.raises(ValueError, match="is not longer than"):
        Pace(**told)  # type: ignore[arg-type]


def test_every_kind_that_may_leave_with_others_has_a_name_for_several() -> None:
    assert set(_TITLES) == set(FAMILIES)
    assert set(FAMILIES) | ALONE == set(NoticeKind)
