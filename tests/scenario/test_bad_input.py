"""What people type, press or forge that cannot be: a sentence each, nothing changed, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from bot.actors import Identity
from bot.errors import Refusal
from bot.privacy.refusal import PhiFound
from bot.reviews import work
from bot.reviews.tasks import NoSuchTask
from storage.tables import Person, ReviewTask, TaskHistory, Workspace
from storage.words import ReturnReason, Role, Sensitive, Surface
from tests.scenario.conftest import Office


def rows(office: Office) -> tuple[list[tuple[object, ...]], int]:
    """All tasks as they stand, and how much has happened to them."""
    with office.desk.database.read() as session:
        here = session.query(ReviewTask).filter_by(workspace_id=office.workspace_id).order_by(ReviewTask.id)
        stand = [(task.reference, task.state, task.owner_id, task.wake_at) for task in here]
        return stand, session.query(TaskHistory).filter_by(workspace_id=office.workspace_id).count()


HUGE = "x" * 10_000
LISTS = "A list is narrowed by kind, setting, facility and age"
TYPED: dict[str, tuple[str, str, str, str]] = {
    "a task that is gone": ("noor", "/claim", "RV-22222", "No review task here is called RV-22222"),
    "another kind of reference": ("noor", "/claim", "FL-22222", "is another kind of reference"),
    "half a reference": ("noor", "/claim", "RV-222", "That is not a reference. It looks like RV-2F7KQ."),
    "two references to claim": ("noor", "/claim", "RV-22222 RV-33333", "That is not a reference"),
    "somebody else's task": ("tomas", "/claim", "{task}", "Noor Haddad has {task}"),
    "a task of a restricted record": ("noor", "/claim", "{restricted}", "A supervisor names who works on it"),
    "claiming without the role": ("grace", "/claim", "", "This is for the role of specialist"),
    "a claim of ten thousand characters": ("noor", "/claim", HUGE, "That is too long"),
    "a word that is none": ("noor", "/claim", "lst", "Did you mean /claim list?"),
    "a sign that is none": ("noor", "/claim", "🙂", "/claim knows: list, next."),
    "a queue narrowed by nonsense": ("noor", "/claim", "list xyzzy", "No task is from a facility called xyzzy"),
    "a queue narrowed by a slip": ("noor", "/claim", "list codng", "Did you mean “coding”?"),
    "a queue narrowed by SQL": ("noor", "/claim", "list ' OR 1=1 --", "No task is from a facility called '"),
    "a queue narrowed by very much": ("noor", "/claim", "list " + "coding " * 100, LISTS),
    "a queue narrowed by an age before today": ("noor", "/claim", "list -5d", "No task is from a facility called -5d"),
    "a queue narrowed by an endless age": ("noor", "/claim", "list " + "9" * 30 + "d", "No task is from a facility"),
    "lists without the role": ("grace", "/tasks", "queue", "This is for the role of specialist"),
    "a list that is no list": ("noor", "/tasks", "mnie", "Did you mean /tasks mine?"),
    "a list people do not ask for": ("noor", "/tasks", "found", "/tasks knows: mine, queue, holds, due, audits."),
    "a list of ten thousand characters": ("noor", "/tasks", HUGE, "That is too long"),
    "a list narrowed by nonsense": ("noor", "/tasks", "mine xyzzy", "No task is from a facility called xyzzy"),
    "a card that is gone": ("noor", "/tasks", "RV-22222", "No review task here is called RV-22222"),
    "a card of a restricted record": ("noor", "/tasks", "{restricted}", "This task is on a restricted record"),
    "a part of nothing": ("noor", "/tasks", "2222", "No task here has that"),
    "signs a search would take for all": ("noor", "/tasks", "%%", "/tasks knows"),
    "audits without the role": ("noor", "/tasks", "audits", "This is for the role of auditor"),
    "an unknown person": ("priya", "/assign", "{task} <@U0STRANGER>", "Nobody at this desk goes by that name"),
    "a person who is only a word": ("priya", "/assign", "{task} Noor", "/assign RV-2F7KQ @person"),
    "a person without a task role": ("priya", "/assign", "{task} @Grace Okafor", "Grace Okafor has no role"),
    "the bot as assignee": ("priya", "/assign", "{task} <@{bot}>", "I cannot take tasks myself"),
    "the bot as one of several": ("priya", "/assign", "next 2 <@{bot}> @Noor Haddad", "I cannot take tasks myself"),
    "everything to the bot": ("priya", "/assign", "everything of @Noor Haddad to <@{bot}>", "I cannot take tasks myself"),
    "assigning without the role": ("noor", "/assign", "{task} @Noor Haddad", "This is for the role of supervisor"),
    "a form without the role": ("noor", "/assign", "", "This is for the role of supervisor"),
    "an order of ten thousand characters": ("priya", "/assign", HUGE, "That is too long"),
    "a flag to assign": ("priya", "/assign", "FL-22222 @Noor Haddad", "is another kind of reference"),
    "a task to assign that is gone": ("priya", "/assign", "{task} RV-22222 @Noor Haddad", "No review task here is called RV-22222. Nothing was assigned"),
    "a restricted task to somebody not cleared": ("priya", "/assign", "{restricted} @Noor Haddad", "is not cleared for such records"),
    "next 0": ("priya", "/assign", "next 0 @Noor Haddad", "from 1 to 200"),
    "next -5": ("priya", "/assign", "next -5 @Noor Haddad", "from 1 to 200"),
    "next 100000": ("priya", "/assign", "next 100000 @Noor Haddad", "At most 200"),
    "next of nothing": ("priya", "/assign", "next 5 xyzzy @Noor Haddad", "No task is from a facility called xyzzy"),
    "nobody with the skill": ("priya", "/assign", "next 1 @Tomás Lindqvist", "may do this work"),
    "everything of nobody": ("priya", "/assign", "everything of @Grace Okafor to @Noor Haddad", "Nothing is in the hands of Grace Okafor"),
    "everything to the same": ("priya", "/assign", "everything of @Noor Haddad to @Noor Haddad", "It is theirs already"),
    "a board without the role": ("noor", "/team", "", "This is for the role of supervisor"),
    "an import without the role": ("noor", "/team", "import", "Work lists are brought in by supervisors"),
    "a page that is none": ("priya", "/team", "bord", "Did you mean /team board"),
    "a page of ten thousand characters": ("priya", "/team", HUGE, "That is too long"),
    "people nobody knows": ("priya", "/team", "people @Nobody Here", "Nobody at this desk goes by that name"),
    "a stranger among the people": ("priya", "/team", "people <@U0STRANGER>", "This is no coworker of yours"),
    "the bot among the people": ("priya", "/team", "people <@{bot}>", "This is no coworker of yours"),
    "a report over no weeks": ("priya", "/team", "report 0", "1 to 53 weeks"),
    "an audit without a number": ("priya", "/team", "audits -1", "Type the number of an audit"),
}


@pytest.mark.parametrize("what", TYPED)
def test_what_is_typed_gets_a_sentence_and_changes_nothing(office: Office, what: str) -> None:
    who, command, words, told = TYPED[what]
    task = office.new_task()
    office.noor.command("/claim", task)
    office.noor.sees("is yours.")
    office.new_task(skill="inpatient")
    named = {"task": task, "restricted": office.new_task(sensitive=(Sensitive.VIP,)), "bot": office.workspace.bot_user.id}
    with office.desk.database.write() as session:
        tomas = sa.select(Person).where(Person.workspace_id == office.workspace_id, Person.slack_user_id == "U0TOMAS01")
        session.scalars(tomas).one().skills = ("ed",)
        session.get_one(Workspace, office.workspace_id).bot_user_id = named["bot"]
    before = rows(office)
    person = getattr(office, who)
    person.command(command, words.format(**named))
    person.sees(told.format(**named))
    assert rows(office) == before
    assert person.modals() == []


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


def test_an_assignment_repeated_by_slack_is_made_once(office: Office) -> None:
    task = office.new_task()
    office.priya.command("/assign", f"{task} @Noor Haddad")
    office.priya.sees(f"now has {task}")
    before = rows(office)
    again = next(entry for entry in reversed(list(office.workspace.requests)) if entry.body.get("command") == "/assign")
    for _ in range(3):
        assert office.delivery.post("command", dict(again.body), {}).status == 200
    office.delivery.settle()
    assert rows(office) == before


def test_a_form_that_was_open_for_too_long_changes_nothing(office: Office) -> None:
    """Meanwhile the task was completed, and then the role was taken away."""
    task = office.new_task()
    office.priya.command("/assign", task)
    form = office.priya.needs_modal("Assign tasks")
    office.noor.command("/claim", task)
    office.noor.click(office.noor.sees("is yours."), "task_start")
    office.noor.click(office.noor.sees("in progress"), "task_complete")
    office.noor.sees("completed")
    before = rows(office)
    refused = office.priya.submit(form, {"people": ["U0TOMAS01"]})
    assert f"{task} is completed" in str(refused.errors)

    with office.desk.database.write() as session:
        from storage.tables import Person as Row

        session.query(Row).filter(Row.workspace_id == office.workspace_id, Row.slack_user_id == "U0PRIYA01").one().roles = (Role.ADMIN,)
    refused = office.priya.submit(form, {"people": ["U0TOMAS01"]})
    assert "This is for the role of supervisor" in str(refused.errors)
    assert rows(office) == before


def test_a_note_no_form_would_let_through_is_answered_under_its_field(office: Office) -> None:
    task = office.new_task()
    office.noor.command("/claim", task)
    office.noor.click(office.noor.sees("is yours."), "task_return")
    office.noor.submit(office.noor.needs_modal("Return to the queue"), {"reason": "end_of_shift", "note": "short"})
    office.noor.sees("back in the queue")
    office.noor.command("/claim", task)
    office.noor.sees("is yours.")
    before = rows(office)
    sent = next(entry for entry in reversed(list(office.workspace.requests)) if "view_submission" in json.dumps(entry.body))
    body = json.loads(json.dumps(dict(sent.body)).replace("short", "y" * 10_000))
    answer = office.delivery.post("interactive", body, {})
    assert answer.status == 200
    assert "it has 10,000 characters, and at most 500 fit" in answer.body
    assert rows(office) == before
