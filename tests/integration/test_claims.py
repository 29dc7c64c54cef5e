"""Many people claim at once, on SQLite and on PostgreSQL: nobody gets what another has, and nobody more than they may."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from bot import audit
from bot.actors import Identity, actor
from bot.errors import Refusal
from bot.reviews import work
from bot.reviews.claim_statements import next_statement
from bot.reviews.claims import (
    AlreadyTaken,
    QueueEmpty,
    TooManyActive,
    claim,
    claim_next,
)
from bot.team.assign import assign
from storage.prepared import Prepared
from storage.tables import AuditEntry, ReviewTask, TaskHistory
from storage.words import Role, TaskState
from tests.clinic import Clinic, task_facts

THREADS = 6


def all_at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Start everything at the same moment; returns what each gave back or refused with, in their order."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return job()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def owners(clinic: Clinic) -> Counter[int]:
    """How many tasks are in whose hands."""
    with clinic.database.read() as session:
        rows = session.scalars(sa.select(ReviewTask.owner_id).where(ReviewTask.state == TaskState.CLAIMED)).all()
    return Counter(owner for owner in rows if owner is not None)


def claimed_rows(clinic: Clinic, table: type[TaskHistory] | type[AuditEntry]) -> list[Any]:
    with clinic.database.read() as session:
        if table is TaskHistory:
            return list(session.scalars(sa.select(TaskHistory.task_id).where(TaskHistory.event == "claimed")))
        return list(session.scalars(sa.select(AuditEntry.reference).where(AuditEntry.action == "task_claimed")))


def claim_until_refused(clinic: Clinic, who: Identity) -> list[str]:
    taken = []
    while True:
        try:
            taken.append(clinic.desk.change(who, claim_next, None).reference)
        except (QueueEmpty, TooManyActive):
            return taken


@pytest.mark.parametrize("tasks", [18, 40])
def test_many_people_drain_the_queue_and_each_task_has_one_owner(clinic: Clinic, tasks: int) -> None:
    people = [clinic.person(f"Person{number}", Role.SPECIALIST) for number in range(THREADS)]
    clinic.tasks([task_facts(clinic.clock) for _ in range(tasks)])

    taken = all_at_once(*(lambda who=who: claim_until_refused(clinic, who) for who in people))

    given = [reference for one in taken for reference in one]
    assert len(given) == len(set(given)) == min(tasks, THREADS * 5)
    assert max(owners(clinic).values()) <= 5
    assert owners(clinic).total() == len(given)
    assert len(claimed_rows(clinic, TaskHistory)) == len(set(claimed_rows(clinic, TaskHistory))) == len(given)
    assert sorted(claimed_rows(clinic, AuditEntry)) == sorted(given)
    with clinic.database.read() as session:
        assert list(audit.breaks(session, clinic.workspace_id)) == []


CLAIMERS, WAITING = 64, 256


def test_sixty_four_claimers_empty_the_queue_and_all_books_agree(clinic: Clinic) -> None:
    """The full size, 100,000 tasks, is in tests/benchmarks/bench_claims.py --long."""
    clinic.allow_active(WAITING)
    people = [clinic.person(f"Person{number}", Role.SPECIALIST) for number in range(CLAIMERS)]
    tasks = clinic.tasks([task_facts(clinic.clock) for _ in range(WAITING)])

    taken = all_at_once(*(partial(claim_patiently, clinic, who) for who in people))

    given = [reference for one in taken for reference in one]
    assert sorted(given) == sorted(tasks)
    keys = {clinic.key_of(who): len(one) for who, one in zip(people, taken, strict=True) if one}
    assert owners(clinic) == keys
    assert sorted(claimed_rows(clinic, AuditEntry)) == sorted(given)
    assert len(claimed_rows(clinic, TaskHistory)) == len(set(claimed_rows(clinic, TaskHistory))) == WAITING
    with clinic.database.read() as session:
        assert list(audit.breaks(session, clinic.workspace_id)) == []


def claim_patiently(clinic: Clinic, who: Identity) -> list[str]:
    """Until nothing is left; on a slow machine a writer of SQLite may have to ask again."""
    taken: list[str] = []
    while True:
        try:
            taken.append(clinic.desk.change(who, claim_next, None).reference)
        except QueueEmpty:
            return taken
        except sa.exc.OperationalError as error:
            if "locked" not in str(error.orig):
                raise


def test_one_person_with_many_windows_open_stays_within_the_limit(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    clinic.tasks([task_facts(clinic.clock) for _ in range(20)])

    all_at_once(*(lambda: claim_until_refused(clinic, noor) for _ in range(THREADS)))

    assert owners(clinic) == {clinic.key_of(noor): 5}
    assert [entry.seq for entry in clinic.audit(action="task_claimed")] == [1, 2, 3, 4, 5]


def test_of_many_who_want_the_same_task_one_has_it_and_the_others_hear_who(clinic: Clinic) -> None:
    people = [clinic.person(f"Person{number}", Role.SPECIALIST) for number in range(THREADS)]
    task = clinic.task()

    answers = all_at_once(*(lambda who=who: clinic.desk.change(who, claim, None, task) for who in people))

    losers = [answer for answer in answers if isinstance(answer, AlreadyTaken)]
    winner = next(number for number, answer in enumerate(answers) if not isinstance(answer, Refusal))
    assert len(losers) == THREADS - 1
    assert {loser.sentence for loser in losers} == {f"Person{winner} has {task} since 11:00. /claim takes the next one."}
    assert len(clinic.history(task)) == 2
    assert clinic.row(task)["owner_id"] == clinic.key_of(people[winner])


def test_a_supervisor_and_a_specialist_reach_for_the_same_task(clinic: Clinic) -> None:
    noor, tomas = clinic.person("Noor", Role.SPECIALIST), clinic.person("Tomas", Role.SPECIALIST)
    priya = clinic.person("Priya", Role.SUPERVISOR)
    for _ in range(5):
        task = clinic.task()
        all_at_once(
            partial(clinic.desk.change, noor, claim, None, task),
            partial(clinic.desk.change, priya, assign, None, task, tomas.user_id),
        )
        assert clinic.row(task)["owner_id"] == clinic.key_of(tomas)
        events = [row.event for row in clinic.history(task)]
        assert events in (["created", "assigned"], ["created", "claimed", "assigned"])
        clinic.change_task(task, state=TaskState.CANCELLED, owner_id=None)


def test_completing_twice_at_once_counts_once(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.owned_task(noor)
    clinic.desk.change(noor, work.start, None, task)

    answers = all_at_once(*(lambda: clinic.desk.change(noor, work.complete, None, task) for _ in range(4)))

    assert [answer.state for answer in answers] == [TaskState.COMPLETED] * 4
    assert [row.event for row in clinic.history(task)] == ["created", "claimed", "started", "completed"]


def test_a_task_in_another_transaction_is_passed_over_and_the_next_is_taken(postgres_clinic: Clinic) -> None:
    clinic = postgres_clinic
    noor, tomas = clinic.person("Noor", Role.SPECIALIST), clinic.person("Tomas", Role.SPECIALIST)
    first, second = clinic.task(), clinic.task()
    with clinic.database.write() as session:
        assert claim_next(session, actor(session, noor, lock=True), clinic.clock()).reference == first
        assert clinic.desk.change(tomas, claim_next, None).reference == second


def test_the_last_task_is_waited_for_when_somebody_else_lets_go_of_it(postgres_clinic: Clinic) -> None:
    """Skipping locked rows alone would say that the queue is empty, and a moment later it is not."""
    clinic = postgres_clinic
    noor, tomas = clinic.person("Noor", Role.SPECIALIST), clinic.person("Tomas", Role.SPECIALIST)
    task = clinic.task()
    with ThreadPoolExecutor(1) as pool, clinic.database.write() as session:
        claim_next(session, actor(session, noor, lock=True), clinic.clock())
        waiting = pool.submit(lambda: clinic.desk.change(tomas, claim_next, None))
        wait_until_somebody_waits(clinic)
        session.rollback()
        assert waiting.result(timeout=10).reference == task


def test_the_next_task_is_read_from_the_index_of_the_queue_without_sorting(postgres_clinic: Clinic) -> None:
    """As PostgreSQL plans it for everybody (a generic plan): a bound state would keep the partial indexes out of it."""
    postgres_clinic.tasks([task_facts(postgres_clinic.clock) for _ in range(300)])
    text = Prepared(next_statement(wait=False, skilled=False)).text
    with postgres_clinic.database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE review_tasks")
        connection.exec_driver_sql("SET enable_seqscan = off")
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN) {text}").scalars())
    assert "Sort" not in plan
    assert "Index Scan using ix_review_tasks_queue on review_tasks candidate" in plan
    assert "using ix_review_tasks_in_hand on review_tasks mine" in plan
    assert "Index Scan using pk_review_tasks on review_tasks" in plan


@pytest.mark.parametrize(
    ("state", "owned"), [(TaskState.AVAILABLE, True), (TaskState.CLAIMED, False), (TaskState.IN_PROGRESS, False)]
)
def test_the_database_itself_refuses_work_in_nobodys_hands_and_waiting_work_in_somebodys(clinic: Clinic, state: TaskState, owned: bool) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    clinic.task()
    change = sa.update(ReviewTask).values(state=state, owner_id=clinic.key_of(noor) if owned else None)
    with pytest.raises(sa.exc.IntegrityError, match="owner_fits_state"), clinic.database.write() as session:
        session.execute(change)


def wait_until_somebody_waits(clinic: Clinic) -> None:
    """Until PostgreSQL shows a statement that waits for a lock."""
    query = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    for _ in range(500):
        with clinic.database.read() as session:
            if session.scalar(query):
                return
        threading.Event().wait(0.01)
    raise AssertionError("Nobody came to wait.")
