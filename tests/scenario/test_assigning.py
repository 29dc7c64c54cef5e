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
    office.priya.submit(office.priya.needs_modal("Assign tasks"), {"people": ["U0TOMAS01"]})
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
    form = office.priya.needs_modal("Assign tasks")

    refused = office.priya.submit(form, {"people": ["U0GRACE01"]})

    assert "Grace Okafor has no role that takes review tasks" in refused.errors["task"]


def test_an_unknown_reference_is_refused_under_its_field(office: Office) -> None:
    office.priya.command("/assign")
    form = office.priya.needs_modal("Assign tasks")

    refused = office.priya.submit(form, {"task": "RV-22222", "people": ["U0NOOR001"]})
    assert "No review task here is called RV-22222" in refused.errors["task"]
    refused = office.priya.submit(form, {"task": "tomorrow", "people": ["U0NOOR001"]})
    assert "It looks like RV-2F7KQ" in refused.errors["task"]


def test_words_that_say_nothing_are_answered_with_an_example(office: Office) -> None:
    office.priya.command("/assign", "something to @somebody please")
    office.priya.sees("/assign RV-2F7KQ @person")


def test_many_tasks_are_shared_out_with_one_notice_each_and_taken_back(office: Office) -> None:
    tasks = [office.new_task() for _ in range(5)]

    office.priya.command("/assign", "next 5 to @Noor Haddad and @Tomás Lindqvist")
    answer = office.priya.sees("5 tasks assigned.")
    assert "3 (had 0 in hand)" in answer.text
    assert "Undo works for a minute" in answer.text
    office.deliver_notices()
    office.noor.sees("assigned you 3 tasks")
    office.tomas.sees("assigned you 2 tasks")
    assert len(office.noor.messages()) == len(office.tomas.messages()) == 1

    office.clock.move(seconds=30)
    office.priya.click(answer, "assign_undo")
    office.priya.sees("Undone: 5 tasks back where they were before.")
    office.deliver_notices()
    office.noor.sees("3 tasks are no longer in your hands")
    office.tomas.command("/tasks", "queue")
    office.tomas.sees(f"The queue ({len(tasks)})")


def test_an_undo_before_the_notice_left_is_never_heard_of(office: Office) -> None:
    for _ in range(2):
        office.new_task()
    office.priya.command("/assign", "next 2 @Noor Haddad")
    office.priya.click(office.priya.sees("2 tasks assigned."), "assign_undo")
    office.priya.sees("Undone: 2 tasks")
    office.deliver_notices()
    assert office.noor.messages() == []


def test_a_minute_later_undo_says_so(office: Office) -> None:
    task = office.new_task()
    office.priya.command("/assign", f"{task} @Noor Haddad")
    answer = office.priya.sees(f"now has {task}")
    office.clock.move(minutes=2)
    office.priya.click(answer, "assign_undo")
    office.priya.sees("can be undone for a minute, and that is over")


def test_the_form_is_filled_with_what_was_typed(office: Office) -> None:
    office.new_task()
    office.priya.command("/assign", "next 1 data_quality_check")
    form = office.priya.needs_modal("Assign tasks")
    assert "next 1 data_quality_check" in form.text
    refused = office.priya.submit(form)
    assert "Name the tasks and the person" in refused.errors["task"]
    office.priya.submit(form, {"everybody": ["team"]})
    office.priya.sees("1 task assigned.")


def test_everything_of_somebody_on_leave_goes_to_others(office: Office) -> None:
    mine = [office.new_task() for _ in range(2)]
    for _ in mine:
        office.noor.command("/claim")
    office.noor.sees("is yours.")
    office.priya.command("/assign", "everything of @Noor Haddad to @Tomás Lindqvist")
    office.priya.sees("2 tasks assigned.")
    office.deliver_notices()
    office.tomas.sees("assigned you 2 tasks")
    office.noor.sees("moved 2 of your tasks to others")


def test_a_number_that_makes_no_sense_is_answered_with_one_that_does(office: Office) -> None:
    office.new_task()
    for typed, told in (("next 0", "from 1 to 200"), ("next 100000", "At most 200"), ("next 3 coding", "nothing was assigned")):
        office.priya.command("/assign", f"{typed} @Noor Haddad")
        office.priya.sees(told)
    office.noor.command("/tasks")
    office.noor.sees("You have no tasks")
