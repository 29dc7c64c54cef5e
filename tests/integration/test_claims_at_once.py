"""The short way of a claim on PostgreSQL: one statement does all that the long way does, and where it gives nothing the long way says why."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from bot import audit
from bot.actors import Identity, actor
from bot.errors import AlreadyDone, NotAllowed, Refusal
from bot.reviews import claims, work
from bot.reviews.cards import TaskCard, card
from bot.reviews.claim_statements import whole_statement
from bot.reviews.claims import AlreadyTaken, NotForTheQueue, OtherSkill, OwnWorkUnderReview, QueueEmpty, TooManyActive
from bot.reviews.queries import QueryStep, move_query
from bot.reviews.tasks import find_task
from bot.stale import COALESCE
from storage.database import Database
from storage.prepared import Prepared
from storage.tables import Notice, Person, ProcessedRequest, StaleCard, Workspace
from storage.words import (
    NoticeKind,
    NoticeState,
    QueryCategory,
    QueryState,
    ReturnReason,
    Role,
    Sensitive,
    Subject,
    TaskState,
    TaskType,
)
from tests.clinic import Clinic, task_facts
from tests.desk_fixtures import MONDAY
from tests.integration.test_claims import all_at_once, wait_until_somebody_waits
from tests.tenancy import forgotten_tables


@pytest.fixture
def clinic(postgres_clinic: Clinic) -> Clinic:
    """A desk on PostgreSQL."""
    return postgres_clinic


def at_once(clinic: Clinic, who: Identity, once: str | None = None, named: str = "") -> TaskCard | None:
    """What the short way alone gives."""
    if named:
        return claims.named_at_once(clinic.database, who, clinic.clock(), once, named)
    return claims.next_at_once(clinic.database, who, clinic.clock(), once)


def test_both_ways_leave_the_same_behind_and_show_the_same_card(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    first, second = clinic.task(skill="cardiology"), clinic.task(skill="cardiology")

    short = at_once(clinic, noor)
    with clinic.database.write() as session:
        long = claims.claim_next(session, actor(session, noor, lock=True), clinic.clock())

    assert short is not None
    assert (short.reference, long.reference) == (first, second)
    different = {"reference", "record"}
    assert {name: getattr(short, name) for name in short.__slots__ if name not in different} == {
        name: getattr(long, name) for name in long.__slots__ if name not in different
    }
    unlike = {"id", "reference", "record_id", "task_id", "seq", "hash", "previous_hash"}
    rows = [{key: value for key, value in clinic.row(task).items() if key not in unlike} for task in (first, second)]
    assert rows[0] == rows[1]
    histories = [[_plain(row, unlike) for row in clinic.history(task)] for task in (first, second)]
    assert histories[0] == histories[1]
    one, two = clinic.audit(action="task_claimed")
    assert _plain(one, unlike) == _plain(two, unlike)
    assert (one.seq, two.seq, two.previous_hash) == (1, 2, one.hash)
    with clinic.database.read() as session:
        assert list(audit.breaks(session, clinic.workspace_id)) == []


def test_the_card_of_the_short_way_is_the_card_anybody_opens(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.owned_task(noor)
    clinic.desk.change(noor, move_query, None, task, QueryStep.SENT, QueryCategory.CLINICAL_VALIDATION)
    clinic.desk.change(noor, work.return_task, None, task, ReturnReason.END_OF_SHIFT)

    shown = at_once(clinic, noor, named=task)

    assert shown is not None
    assert shown.query is QueryState.OPEN
    with clinic.database.read() as session:
        assert shown == card(session, actor(session, noor), clinic.clock(), find_task(session, clinic.workspace_id, task))


def test_the_desk_asks_the_database_once(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    task, seen = clinic.task(), list[str]()
    sa.event.listen(clinic.database.engine, "before_cursor_execute", lambda _c, _cursor, told, *_: seen.append(told))
    assert clinic.desk.change(noor, claims.claim_next, "command:1").reference == task
    assert seen == []


def _lose_role(clinic: Clinic, who: Identity) -> None:
    _set_person(clinic, who, roles=(Role.ROI_SPECIALIST,))


def _reach_limit(clinic: Clinic, who: Identity) -> None:
    clinic.allow_active(1)
    clinic.change_task(clinic.task(), state=TaskState.IN_PROGRESS, owner_id=clinic.key_of(who))


REFUSED: list[tuple[type[Refusal], dict[str, Any], Callable[[Clinic, Identity], None] | None]] = [
    (NotAllowed, {}, _lose_role),
    (TooManyActive, {}, _reach_limit),
    (NotForTheQueue, {"sensitive": (Sensitive.VIP,)}, None),
    (OtherSkill, {"skill": "neurology"}, None),
]


@pytest.mark.parametrize(("refusal", "facts", "before"), REFUSED, ids=lambda value: getattr(value, "__name__", ""))
def test_where_the_short_way_gives_nothing_the_long_way_says_why(
    clinic: Clinic,
    refusal: type[Refusal],
    facts: dict[str, Any],
    before: Callable[[Clinic, Identity], None] | None,
) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST, skills=("cardiology",))
    task = clinic.task(**facts)
    if before is not None:
        before(clinic, noor)

    assert at_once(clinic, noor, "key", named=task) is None
    assert at_once(clinic, noor, "key") is None
    with pytest.raises(refusal):
        clinic.desk.change(noor, claims.claim, "key", task)
    with pytest.raises(refusal if refusal in {NotAllowed, TooManyActive} else QueueEmpty):
        clinic.desk.change(noor, claims.claim_next, "key")
    assert clinic.row(task)["state"] is TaskState.AVAILABLE
    assert len(clinic.history(task)) == 1
    with clinic.database.read() as session:
        assert session.scalars(sa.select(ProcessedRequest.key)).all() == [], "what was refused may be asked again"


def test_a_restricted_task_is_taken_the_long_way_by_one_of_those_who_are_cleared(clinic: Clinic) -> None:
    people = [clinic.person(name, Role.SPECIALIST, works_restricted=True) for name in ("Noor", "Tomas", "Sam")]
    task = clinic.task(sensitive=(Sensitive.VIP,))
    assert at_once(clinic, people[0], named=task) is None
    answers = all_at_once(*(partial(clinic.desk.change, who, claims.claim, None, task) for who in people))
    assert sorted(isinstance(answer, AlreadyTaken) for answer in answers) == [False, True, True]
    assert [row.event for row in clinic.history(task)] == ["created", "claimed"]
    assert len(clinic.audit(action="task_claimed")) == 1


def test_nobody_gets_their_own_work_or_a_task_that_is_taken(clinic: Clinic) -> None:
    noor, tomas = clinic.person("Noor", Role.AUDITOR), clinic.person("Tomas", Role.SPECIALIST)
    own, taken = clinic.task(type=TaskType.RETROSPECTIVE_AUDIT), clinic.owned_task(tomas)
    clinic.change_task(own, worked_by_id=clinic.key_of(noor))
    for task, refusal in ((own, OwnWorkUnderReview), (taken, AlreadyTaken)):
        assert at_once(clinic, noor, named=task) is None
        with pytest.raises(refusal):
            clinic.desk.change(noor, claims.claim, None, task)


def test_a_skill_on_the_list_is_enough(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST, skills=("cardiology", 'odd "skill" é'))
    clinic.task(skill="neurology")
    mine = clinic.task(skill='odd "skill" é')
    shown = at_once(clinic, noor)
    assert shown is not None
    assert shown.reference == mine


def test_somebody_unknown_or_deactivated_gets_nothing(clinic: Clinic) -> None:
    clinic.task()
    noor = clinic.person("Noor", Role.SPECIALIST)
    _set_person(clinic, noor, active=False)
    assert at_once(clinic, noor) is None
    assert at_once(clinic, Identity(clinic.team, "U0NOBODY")) is None
    assert at_once(clinic, Identity("T0NOWHERE", noor.user_id)) is None


def test_a_repeated_request_takes_nothing_more(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    clinic.task()
    clinic.task()
    clinic.desk.change(noor, claims.claim_next, "command:1")
    with pytest.raises(AlreadyDone):
        clinic.desk.change(noor, claims.claim_next, "command:1")
    assert len(clinic.audit(action="task_claimed")) == 1


def test_an_entry_of_ones_own_chain_in_the_same_moment_sends_the_claim_the_long_way(clinic: Clinic) -> None:
    """The limit is counted and the chain goes on as if both had come one after the other."""
    clinic.allow_active(1)
    noor = clinic.person("Noor", Role.SPECIALIST)
    clinic.task()
    clinic.task()
    with ThreadPoolExecutor(1) as pool:
        with clinic.database.write() as session:
            claims.claim_next(session, actor(session, noor, lock=True), clinic.clock())
            session.flush()
            second = pool.submit(at_once, clinic, noor)
            wait_until_somebody_waits(clinic)
        assert second.result(timeout=20) is None
    with pytest.raises(TooManyActive):
        clinic.desk.change(noor, claims.claim_next, None)
    assert [entry.seq for entry in clinic.audit(action="task_claimed")] == [1]


def test_a_task_that_a_message_shows_is_taken_the_long_way_and_its_cards_are_noted_as_stale(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    shown, hidden = clinic.task(), clinic.task()
    _show(clinic, noor, shown)
    assert at_once(clinic, noor) is None, "it stands first in the queue"
    assert at_once(clinic, noor, named=shown) is None
    assert at_once(clinic, noor, named=hidden) is not None
    assert clinic.desk.change(noor, claims.claim_next, None).reference == shown
    with clinic.database.read() as session:
        rows = session.execute(sa.select(StaleCard.subject_id, StaleCard.version, StaleCard.not_before)).all()
        assert rows == [(find_task(session, clinic.workspace_id, shown).id, 1, clinic.clock() + COALESCE)]


def test_many_who_claim_shown_and_fresh_tasks_at_once_get_one_each_and_every_shown_card_is_noted(clinic: Clinic) -> None:
    people = [clinic.person(f"Person {number}", Role.SPECIALIST) for number in range(12)]
    tasks = [clinic.task() for _ in people]
    for task in tasks[::2]:
        _show(clinic, people[0], task)
    given = all_at_once(*(partial(clinic.desk.change, who, claims.claim_next, f"command:{who.user_id}") for who in people))
    assert sorted(getattr(card, "reference", str(card)) for card in given) == sorted(tasks)
    with clinic.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(StaleCard)) == len(tasks[::2])
        assert list(audit.breaks(session, clinic.workspace_id)) == []


@pytest.mark.parametrize("named", [False, True])
def test_the_statement_names_its_workspace_everywhere(named: bool) -> None:
    assert forgotten_tables(whole_statement(named=named)) <= {"people"}, "a person is found by the workspace's own id in Slack"


def test_a_connection_that_broke_is_replaced(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server went away while nobody asked: the next claim does not notice."""
    noor = clinic.person("Noor", Role.SPECIALIST)
    first, second = clinic.task(), clinic.task()
    assert clinic.desk.change(noor, claims.claim_next, None).reference == first
    _end_connections(clinic.database)
    monkeypatch.setattr("storage.at_hand.RESTED_SECONDS", 0.0)
    assert clinic.desk.change(noor, claims.claim_next, None).reference == second


def test_a_statement_the_connection_does_not_know_sends_the_claim_the_long_way(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    first, second = clinic.task(), clinic.task()
    assert clinic.desk.change(noor, claims.claim_next, None).reference == first
    with clinic.database.engine.connect() as connection:
        connection.exec_driver_sql("DEALLOCATE ALL")
    assert clinic.desk.change(noor, claims.claim_next, None).reference == second


def test_the_statement_is_planned_as_steps_down_indexes_and_sorts_nothing(clinic: Clinic) -> None:
    """As PostgreSQL plans it for everybody (a generic plan), not for the values of one claim."""
    clinic.tasks([task_facts(clinic.clock) for _ in range(300)])
    plan = generic_plan(clinic.database, Prepared(whole_statement(named=False)).text)
    assert "Sort" not in plan
    assert "Index Scan using ix_review_tasks_queue on review_tasks candidate" in plan
    assert "using ix_review_tasks_in_hand on review_tasks mine" in plan
    assert "Index Scan using pk_review_tasks on review_tasks" in plan
    assert "Index Scan Backward using pk_audit_entries" in plan


def generic_plan(database: Database, text: str) -> str:
    """How PostgreSQL carries a statement out whatever its values, with tables too large to be read whole."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql("SET enable_seqscan = off")
        return "\n".join(connection.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN) {text}").scalars())


def _plain(row: Any, without: set[str]) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in sa.inspect(type(row)).column_attrs if column.key not in without}


def _show(clinic: Clinic, who: Identity, task: str) -> None:
    """Let a message to somebody show the task."""
    with clinic.database.write() as session:
        session.add(
            Notice(
                workspace_id=clinic.workspace_id, recipient_id=clinic.key_of(who), kind=NoticeKind.TASK_ASSIGNED, subject=Subject.TASK,
                subject_id=find_task(session, clinic.workspace_id, task).id, facts={}, dedupe_key=task, breaks_through=False,
                state=NoticeState.SENT, not_before=MONDAY, attempts=1, created_at=MONDAY, channel="D1", message_ts="1.2",
            )
        )  # fmt: skip


def _set_person(clinic: Clinic, who: Identity, **values: Any) -> None:
    with clinic.database.write() as session:
        session.execute(sa.update(Person).where(Person.slack_user_id == who.user_id).values(**values))


def _end_connections(database: Database) -> None:
    with database.engine.connect() as connection:
        rows = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        connection.exec_driver_sql(rows)
        assert connection.scalar(sa.select(sa.func.count()).select_from(Workspace))
        connection.exec_driver_sql("SELECT 1")
