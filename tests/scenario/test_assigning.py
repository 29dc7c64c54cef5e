"""A supervisor puts tasks into people's hands."""

from __future__ import annotations

from tests.scenario.conftest import Office


def test_the_supervisor_assigns_by_words_and_the_person_is_told(office: Office) -> None:
    task = office.new_task()

    office.priya.command("/assign", f"{task} @Noor Haddad")
    office.priya.sees(f"now has {task}")
    office.deliver_notices()

    letter = office.noor.sees(f"assigned you {task}")
    assert not letter.is_ephemeral
    office.noor.click(letter, "task_start")
    office.noor.sees("in progress")


def test_the_form_assigns_and_the_former_owner_hears_of_it(office: Office) -> None:
    task = office.new_task()
    office.noor.command("/claim")

    office.priya.command("/assign", task)
    office.priya.submit(office.priya.needs_modal("Assign a task"), {"person": "U0TOMAS01"})
    office.priya.sees(f"now has {task}")
    office.deliver_notices()

    office.tomas.sees(f"assigned you {task}")
    office.noor.sees(f"{task} is no longer in your hands")


def test_a_specialist_may_not_assign(office: Office) -> None:
    task = office.new_task()
    office.noor.command("/assign", f"{task} @Noor Haddad")

    office.noor.sees("This is for the role of supervisor")
    office.deliver_notices()
    assert office.noor.messages() == []


def test_a_person_without_the_role_cannot_be_given_a_task(office: Office) -> None:
    task = office.new_task()
    office.priya.command("/assign", task)
    form = office.priya.needs_modal("Assign a task")

    refused = office.priya.submit(form, {"person": "U0GRACE01"})

    assert "Grace Okafor has no role that takes review tasks" in refused.errors["task"]


def test_an_unknown_reference_is_refused_under_its_field(office: Office) -> None:
    office.priya.command("/assign")
    form = office.priya.needs_modal("Assign a task")

    refused = office.priya.submit(form, {"task": "RV-22222", "person": "U0NOOR001"})
    assert "No review task here is called RV-22222" in refused.errors["task"]
    refused = office.priya.submit(form, {"task": "tomorrow", "person": "U0NOOR001"})
    assert "It looks like RV-2F7KQ" in refused.errors["task"]


def test_words_that_say_nothing_are_answered_with_an_example(office: Office) -> None:
    office.priya.command("/assign", "something to @somebody please")
    office.priya.sees("/assign RV-2F7KQ @person")
