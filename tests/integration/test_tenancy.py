"""Two workspaces on one installation: the same people's ids, the same references, and nothing of one is seen or touched in the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from bot import health, people
from bot.actors import Identity, NoSuchPerson
from bot.errors import NotFound
from bot.flags import cards as flag_cards
from bot.flags.about import may_report
from bot.flags.reporting import Problem, report
from bot.home import home_board
from bot.reviews import work
from bot.reviews.cards import open_card
from bot.reviews.claims import QueueEmpty, claim, claim_next
from bot.reviews.lists import TaskList, backlog, task_page
from bot.reviews.tasks import NoSuchTask
from bot.roi import requests as releases
from bot.roi import work as release_work
from bot.team.assign import assign
from jobs.clock import Clock
from jobs.reminders import sweep_reminders
from jobs.sender import Sender
from jobs.urgency import sweep_urgency
from storage.tables import Notice, Person, ReviewTask, RoiRequest, TaskHistory
from storage.words import ErrorType, ReturnReason, Role, TaskState
from tests.clinic import Clinic
from tests.tenancy import ROOT, Watch, forgotten_tables, raw_forgets, tenant_tables

ALL_ROLES = tuple(Role)


@pytest.fixture
def neighbour(clinic: Clinic) -> Clinic:
    """A second workspace with a coworker of the same Slack id."""
    other = clinic.neighbour("T0NEIGHBOR")
    clinic.person("Noor", *ALL_ROLES)
    other.person("Noor", *ALL_ROLES)
    return other


def noor_of(clinic: Clinic) -> Identity:
    return clinic.people["Noor"]


def same_reference(clinic: Clinic, neighbour: Clinic) -> str:
    """A task in each workspace that goes by the same name."""
    reference = clinic.task()
    theirs = neighbour.task()
    neighbour.change_task(theirs, reference=reference)
    return reference


def test_claiming_a_reference_takes_ones_own_task_and_never_the_neighbours(clinic: Clinic, neighbour: Clinic) -> None:
    reference = same_reference(clinic, neighbour)

    clinic.desk.change(noor_of(clinic), claim, None, reference)

    assert clinic.row(reference)["owner_id"] == clinic.key_of(noor_of(clinic))
    assert neighbour.row(reference)["state"] is TaskState.AVAILABLE
    assert [row.event for row in neighbour.history(reference)] == ["created"]


def test_an_empty_queue_is_empty_although_the_neighbours_is_full(clinic: Clinic, neighbour: Clinic) -> None:
    neighbour.task()
    with pytest.raises(QueueEmpty):
        clinic.desk.change(noor_of(clinic), claim_next, None)
    assert clinic.desk.look(noor_of(clinic), task_page, TaskList.QUEUE).total == 0
    assert clinic.desk.look(noor_of(clinic), backlog).available == 0


def test_the_neighbours_references_do_not_exist_here(clinic: Clinic, neighbour: Clinic) -> None:
    task = neighbour.owned_task(noor_of(neighbour))
    record = neighbour.desk.look(noor_of(neighbour), open_card, task).record
    request = neighbour.request()
    flag = neighbour.desk.change(noor_of(neighbour), report, None, task, Problem(ErrorType.WRONG_DIAGNOSIS)).reference
    me, desk = noor_of(clinic), clinic.desk
    before = everything(neighbour)

    attempts: list[tuple[type[NotFound], Callable[[], Any]]] = [
        (NoSuchTask, lambda: desk.look(me, open_card, task)),
        (NoSuchTask, lambda: desk.change(me, claim, None, task)),
        (NoSuchTask, lambda: desk.change(me, work.start, None, task)),
        (NoSuchTask, lambda: desk.change(me, work.complete, None, task)),
        (NoSuchTask, lambda: desk.change(me, work.return_task, None, task, ReturnReason.END_OF_SHIFT)),
        (NoSuchTask, lambda: desk.change(me, assign, None, task, me.user_id)),
        (releases.NoSuchRequest, lambda: desk.look(me, releases.open_card, request)),
        (releases.NoSuchRequest, lambda: desk.change(me, release_work.take, None, request)),
        (flag_cards.NoSuchFlag, lambda: desk.look(me, flag_cards.open_card, flag)),
        (NotFound, lambda: desk.look(me, may_report, task)),
        (NotFound, lambda: desk.look(me, may_report, record)),
        (NotFound, lambda: desk.change(me, report, None, record, Problem(ErrorType.WRONG_DIAGNOSIS))),
    ]
    for expected, attempt in attempts:
        with pytest.raises(expected):
            attempt()

    assert everything(neighbour) == before


def test_nobody_of_the_neighbours_can_be_given_work_here(clinic: Clinic, neighbour: Clinic) -> None:
    tomas = neighbour.person("Tomas", Role.SPECIALIST)
    task = clinic.task()
    with pytest.raises(NoSuchPerson):
        clinic.desk.change(noor_of(clinic), assign, None, task, tomas.user_id)


def test_the_home_shows_only_ones_own_desk(clinic: Clinic, neighbour: Clinic) -> None:
    for _ in range(3):
        neighbour.owned_task(noor_of(neighbour))
        neighbour.request(owner_id=neighbour.key_of(noor_of(neighbour)))
    board = clinic.desk.look(noor_of(clinic), home_board)
    assert board.tasks is not None
    assert board.releases is not None
    assert board.team is not None
    assert (board.tasks.total, board.releases.total, board.team.in_hand) == (0, 0, 0)


def test_a_request_key_of_one_workspace_is_still_new_in_the_other(clinic: Clinic, neighbour: Clinic) -> None:
    for one in (clinic, neighbour):
        one.task()
        one.desk.change(noor_of(one), claim_next, "command:1234")
    assert [len(one.audit(action="task_claimed")) for one in (clinic, neighbour)] == [1, 1]


def test_people_are_found_in_their_own_workspace_only(clinic: Clinic, neighbour: Clinic) -> None:
    neighbour.person("Tomas", Role.SPECIALIST)
    with clinic.database.read() as session:
        found = people.coworkers(session, clinic.workspace_id)
        theirs = people.names(session, clinic.workspace_id, [neighbour.key_of(neighbour.people["Tomas"])])
    assert {person.workspace_id for person in found} == {clinic.workspace_id}
    assert theirs == {}


def test_the_clock_and_the_health_page_name_their_workspaces_or_say_that_they_mean_all(
    clinic: Clinic, neighbour: Clinic, every_statement_names_its_workspace: Watch
) -> None:
    """The sweeps run over every workspace; the watch must find nothing forgotten in them."""
    for one in (clinic, neighbour):
        task = one.task()
        one.desk.change(noor_of(one), assign, None, task, one.person("Tomas", Role.SPECIALIST).user_id)
        one.request(owner_id=one.key_of(noor_of(one)))
    clinic.clock.move(days=40)

    sweep_reminders(clinic.desk)
    sweep_urgency(clinic.desk)
    Clock(clinic.desk)._forget_old()
    health.beat(clinic.desk, "clock:test", clinic.clock())
    assert health.readiness(clinic.desk).ready
    with clinic.database.write() as session:
        session.execute(sa.update(Notice).values(state="cancelled"))
    assert Sender(clinic.desk).send_due() == 0

    assert every_statement_names_its_workspace.forgotten == []


# The watch itself.

FORGETFUL = '''
def everybodys_tasks(session, sa, ReviewTask):
    return session.scalars(sa.select(ReviewTask)).all()

def on_purpose(session, sa, ReviewTask):
    return session.scalars(sa.select(ReviewTask).execution_options(all_workspaces=True)).all()

def by_key_of_nobody(session, sa, ReviewTask):
    return session.get(ReviewTask, 1)

def cancel_all(session, sa, ReviewTask):
    session.execute(sa.update(ReviewTask).values(state="cancelled"))

def forget_all(session, sa, ReviewTask):
    session.execute(sa.text("DELETE FROM task_history WHERE id > 5"))

def ones_own(session, sa, ReviewTask):
    task = session.scalars(sa.select(ReviewTask).where(ReviewTask.workspace_id == 1)).first()
    task.facility = "F9"
    session.flush()
    session.refresh(task)
'''


@pytest.mark.parametrize(
    ("function", "caught"),
    [
        ("everybodys_tasks", True),
        ("by_key_of_nobody", True),
        ("cancel_all", True),
        ("forget_all", True),
        ("on_purpose", False),
        ("ones_own", False),
    ],
)
def test_the_watch_catches_a_query_that_forgot_the_workspace(
    clinic: Clinic, every_statement_names_its_workspace: Watch, function: str, *, caught: bool
) -> None:
    clinic.person("Noor", *ALL_ROLES)
    clinic.task()
    watch = every_statement_names_its_workspace
    product: dict[str, Any] = {}
    exec(compile(FORGETFUL, f"{ROOT}/bot/forgetful.py", "exec"), product)

    with clinic.database.write() as session:
        product[function](session, sa, ReviewTask)
        found = list(watch.forgotten)
        session.rollback()
    watch.forgotten.clear()

    assert bool(found) is caught
    assert all(place.startswith("bot/forgetful.py:") for place in found)


def test_the_watch_judges_each_table_of_a_statement_by_itself() -> None:
    by_key = sa.select(Notice, Person).join(Person, Person.id == Notice.recipient_id).where(Notice.workspace_id == 1)
    by_chance = sa.select(Notice, Person).where(Notice.workspace_id == 1, Person.name == "Noor")
    inside = sa.select(Person).where(
        Person.workspace_id == 1, Person.id.in_(sa.select(ReviewTask.owner_id).where(ReviewTask.restricted))
    )
    deleted = sa.delete(TaskHistory).where(TaskHistory.task_id == 7)
    only_selected = sa.select(RoiRequest.workspace_id, RoiRequest.id)

    assert forgotten_tables(by_key) == set()
    assert forgotten_tables(by_chance) == {"people"}
    assert forgotten_tables(inside) == {"review_tasks"}
    assert forgotten_tables(deleted) == {"task_history"}
    assert forgotten_tables(only_selected) == {"roi_requests"}
    assert raw_forgets("SELECT count(*) FROM people")
    assert not raw_forgets("SELECT count(*) FROM people WHERE workspace_id = 1")
    assert not raw_forgets("SELECT count(*) FROM code_concepts")


def test_every_table_of_peoples_work_has_its_workspace() -> None:
    shared = {
        "workspaces", "heartbeats", "code_systems", "code_editions", "code_concepts", "code_terms", "code_notes",
        "code_search_parts",
    }  # fmt: skip
    assert set(ReviewTask.metadata.tables) - tenant_tables() == shared


def everything(clinic: Clinic) -> list[tuple[str, int, str]]:
    """Every row of a workspace, to see that nothing moved."""
    rows = []
    with clinic.database.read() as session:
        for name in sorted(tenant_tables()):
            table = ReviewTask.metadata.tables[name]
            found = session.execute(sa.select(table).where(table.c.workspace_id == clinic.workspace_id)).all()
            rows += [(name, number, str(tuple(row))) for number, row in enumerate(found)]
    return rows
