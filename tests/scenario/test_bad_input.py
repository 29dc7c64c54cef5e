"""What people type, press or forge that cannot be: a sentence each, nothing changed, nothing lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.actors import Identity
from bot.errors import Refusal
from bot.privacy.refusal import PhiFound
from bot.reviews import work
from bot.reviews.tasks import NoSuchTask
from storage.tables import ReviewTask, TaskHistory
from storage.words import ReturnReason, Surface
from tests.scenario.conftest import Office


def rows(office: Office) -> tuple[list[tuple[object, ...]], int]:
    """All tasks as they stand, and how much has happened to them."""
    with office.desk.database.read() as session:
        here = session.query(ReviewTask).filter_by(workspace_id=office.workspace_id).order_by(ReviewTask.id)
        stand = [(task.reference, task.state, task.owner_id, task.wake_at) for task in here]
        return stand, session.query(TaskHistory).filter_by(workspace_id=office.workspace_id).count()


TYPED: dict[str, tuple[str, str, str, str]] = {
    "a task that is gone": ("noor", "/claim", "RV-22222", "No review task here is called RV-22222"),
    "another kind of reference": ("noor", "/claim", "FL-22222", "is another kind of reference"),
    "somebody else's task": ("tomas", "/claim", "{task}", "Noor Haddad has {task}"),
    "an unknown person": ("priya", "/assign", "{task} <@U0STRANGER>", "Nobody at this desk goes by that name"),
    "a person without a task role": ("priya", "/assign", "{task} @Grace Okafor", "Grace Okafor has no role"),
    "next 0": ("priya", "/assign", "next 0 @Noor Haddad", "from 1 to 200"),
    "next 100000": ("priya", "/assign", "next 100000 @Noor Haddad", "At most 200"),
    "nobody with the skill": ("priya", "/assign", "next 1 @Tomás Lindqvist", "may do this work"),
    "a part of nothing": ("noor", "/tasks", "2222", "No task here has that"),
    "a list that is none": ("priya", "/team", "bord", "Did you mean /team board"),
    "everything of nobody": ("priya", "/assign", "everything of @Grace Okafor to @Noor Haddad", "Nothing is in the hands of Grace Okafor"),
}


@pytest.mark.parametrize("what", TYPED)
def test_what_is_typed_gets_a_sentence_and_changes_nothing(office: Office, what: str) -> None:
    who, command, words, told = TYPED[what]
    task = office.new_task()
    office.noor.command("/claim", task)
    office.noor.sees("is yours.")
    office.new_task(skill="inpatient")
    with office.desk.database.write() as session:
        from storage.tables import Person as Row

        session.query(Row).filter(Row.workspace_id == office.workspace_id, Row.slack_user_id == "U0TOMAS01").one().skills = ("ed",)
    before = rows(office)
    person = getattr(office, who)
    person.command(command, words.format(task=task))
    person.sees(told.format(task=task))
    assert rows(office) == before


def test_a_stale_card_somebody_elses_task_and_a_wake_up_day_that_is_past(office: Office) -> None:
    task = office.new_task()
    office.noor.command("/claim", task)
    card = office.noor.sees("is yours.")
    office.noor.click(card, "task_hold")
    form = office.noor.needs_modal("Put on hold")
    refused = office.noor.submit(form, {"reasons": ["late_charges"], "wake": "2026-11-20"})
    assert "must be in the future" in refused.errors["wake"]
    office.priya.command("/assign", f"{task} @Tomás Lindqvist")
    office.priya.sees("now has")
    before = rows(office)
    office.noor.click(card, "task_start")
    office.noor.sees(f"{task} is in somebody else's hands")
    office.noor.submit(form, {"reasons": ["late_charges"], "wake": "2026-11-30"})
    assert rows(office) == before


FORGED: dict[str, Callable[[Office, str], object]] = {
    "a note of ten thousand characters": lambda office, task: office.desk.change(
        office_identity(office),
        work.return_task,
        None,
        task,
        ReturnReason.END_OF_SHIFT,
        office.desk.guard.accept_text("x" * 10_000, surface=Surface.FORM, field="note", max_length=500),
    ),
    "a task that never was": lambda office, _task: office.desk.change(office_identity(office), work.start, None, "RV-22222"),
}


def office_identity(office: Office) -> Identity:
    return Identity(office.workspace.team_id, "U0NOOR001")


@pytest.mark.parametrize("what", FORGED)
def test_what_no_form_lets_through_is_refused_all_the_same(office: Office, what: str) -> None:
    task = office.new_task()
    office.noor.command("/claim", task)
    office.noor.sees("is yours.")
    before = rows(office)
    with pytest.raises((Refusal, PhiFound, NoSuchTask)):
        FORGED[what](office, task)
    assert rows(office) == before


def test_somebody_who_was_deactivated_can_neither_act_nor_be_given_anything(office: Office) -> None:
    task = office.new_task()
    office.desk.know_profile(Identity(office.workspace.team_id, "U0NOOR001"), name="Noor Haddad", zone="", deleted=True)
    before = rows(office)
    office.noor.command("/claim", task)
    office.noor.sees("Nobody at this desk goes by that name")
    office.priya.command("/assign", f"{task} @Noor Haddad")
    office.priya.sees("Nobody at this desk goes by that name")
    assert rows(office) == before
