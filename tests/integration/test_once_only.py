"""Slack repeats itself: the same request is carried out once, whatever happens in between. And two people never wait for each other."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot import audit, notices
from bot.actors import Actor, actor, desk_actor
from bot.errors import AlreadyDone
from bot.people import keep_settings
from bot.reviews import work
from bot.reviews.claims import QueueEmpty, claim, claim_next
from bot.team.assign import assign
from jobs.urgency import sweep_urgency
from storage.tables import Person
from storage.words import NoticeKind, ReturnReason, Role, Subject
from tests.clinic import Clinic
from tests.integration.test_claims import all_at_once

KEY = "command:1700000000.42"


def test_the_second_request_of_the_same_key_does_nothing(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    first, second = clinic.task(), clinic.task()
    clinic.desk.change(noor, claim_next, KEY)
    with pytest.raises(AlreadyDone):
        clinic.desk.change(noor, claim_next, KEY)
    assert clinic.row(first)["owner_id"] == clinic.key_of(noor)
    assert clinic.row(second)["owner_id"] is None
    assert len(clinic.audit(action="task_claimed")) == 1


def test_the_same_request_from_several_threads_is_carried_out_by_one(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    for _ in range(6):
        clinic.task()

    def once() -> Any:
        try:
            return clinic.desk.change(noor, claim_next, KEY)
        except AlreadyDone:
            return None

    answers = all_at_once(*(once for _ in range(5)))
    assert len([answer for answer in answers if answer]) == 1
    assert len(clinic.audit(action="task_claimed")) == 1


def test_a_refused_request_may_be_sent_again(clinic: Clinic) -> None:
    """Somebody corrects a form and sends it again under the same key."""
    noor = clinic.person("Noor", Role.SPECIALIST)
    with pytest.raises(QueueEmpty):
        clinic.desk.change(noor, claim_next, KEY)
    task = clinic.task()
    assert clinic.desk.change(noor, claim_next, KEY).reference == task


def test_when_the_first_of_two_at_once_fails_the_second_works(clinic: Clinic) -> None:
    noor, task = clinic.person("Noor", Role.SPECIALIST), clinic.task()
    inside, go_on = threading.Event(), threading.Event()

    def stumbles(session: Session, by: Actor, now: Any) -> None:
        claim(session, by, now, task)
        inside.set()
        go_on.wait(10)
        raise RuntimeError("the machine stops here")

    with ThreadPoolExecutor(2) as pool:
        failing = pool.submit(lambda: clinic.desk.change(noor, stumbles, KEY))
        assert inside.wait(10)
        second = pool.submit(lambda: clinic.desk.change(noor, claim, KEY, task))
        go_on.set()
        assert isinstance(failing.exception(timeout=10), RuntimeError)
        assert second.result(timeout=10).owner_is_reader
    assert [row.event for row in clinic.history(task)] == ["created", "claimed"]


def test_the_same_persons_changes_at_once_do_not_fork_their_chain(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)

    def keep(start: str) -> Any:
        return clinic.desk.change(noor, keep_settings, None, start, "17:00", ["1", "2"], digest=True, weekly=True)

    all_at_once(*(lambda hour=hour: keep(f"0{hour}:00") for hour in range(6)))

    assert [row.seq for row in clinic.audit(chain=clinic.key_of(noor))] == [1, 2, 3, 4, 5, 6]
    with clinic.database.read() as session:
        assert list(audit.breaks(session, clinic.workspace_id)) == []


def test_two_people_change_things_while_both_transactions_are_open(postgres_clinic: Clinic) -> None:
    """Each writes to their own chain, and even work for each other waits for nobody."""
    clinic = postgres_clinic
    noor, priya = clinic.person("Noor", Role.SPECIALIST), clinic.person("Priya", Role.SUPERVISOR)
    mine, other = clinic.owned_task(noor), clinic.task()

    with clinic.database.write() as hers, ThreadPoolExecutor(1) as pool:
        work.start(hers, actor(hers, noor, lock=True), clinic.clock(), mine)
        hers.flush()
        assigned = pool.submit(lambda: clinic.desk.change(priya, assign, None, other, noor.user_id))
        assert assigned.result(timeout=10).card.owner == noor.user_id

    assert len(clinic.notices(kind=NoticeKind.TASK_ASSIGNED)) == 1


def test_the_clock_and_people_do_not_wait_for_each_other(postgres_clinic: Clinic) -> None:
    """A sweep holds the workspace for its own chain; rows that only point at the workspace still go in, and so do notices to people at work."""
    clinic = postgres_clinic
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.task()
    with clinic.database.write() as sweep, ThreadPoolExecutor(1) as pool:
        desk_actor(sweep, clinic.workspace_id, "clock")
        assert pool.submit(lambda: clinic.desk.change(noor, claim_next, None)).result(timeout=10).reference == task

    with clinic.database.write() as at_work, ThreadPoolExecutor(1) as pool:
        actor(at_work, noor, lock=True)

        def tell() -> bool:
            return clinic.desk.run_as_desk(clinic.workspace_id, "clock", tell_noor)

        def tell_noor(session: Session, _by: Actor, now: Any) -> bool:
            person = session.get_one(Person, clinic.key_of(noor))
            return notices.tell(session, person, now, NoticeKind.WELCOME, Subject.PERSON, person.id, key="welcome")

        assert pool.submit(tell).result(timeout=10)
        clinic.clock.move(days=1)
        assert pool.submit(lambda: sweep_urgency(clinic.desk)).result(timeout=10) == 0


def test_people_who_take_work_from_each_other_at_once_do_not_lock_up(postgres_clinic: Clinic) -> None:
    clinic = postgres_clinic
    noor, tomas = clinic.person("Noor", Role.SUPERVISOR), clinic.person("Tomas", Role.SUPERVISOR)
    for _ in range(8):
        one, other = clinic.owned_task(noor), clinic.owned_task(tomas)
        answers = all_at_once(
            lambda one=one: clinic.desk.change(noor, assign, None, one, tomas.user_id),
            lambda other=other: clinic.desk.change(tomas, assign, None, other, noor.user_id),
        )
        assert [answer.card.owner for answer in answers] == [tomas.user_id, noor.user_id]
        for task in (one, other):
            clinic.desk.change(noor, work.return_task, None, task, ReturnReason.END_OF_SHIFT)
            clinic.change_task(task, restricted=True)
