"""Help, settings, and the private dashboard."""

from __future__ import annotations

from tests.scenario.conftest import Office


def test_help_shows_what_the_readers_roles_allow(office: Office) -> None:
    office.noor.command("/desk")
    told = office.noor.sees("What this desk can do")
    assert "/claim RV-2F7KQ" in told.text
    assert "/assign" not in told.text

    office.priya.command("/desk", "help")
    assert "/assign" in office.priya.sees("What this desk can do").text


def test_somebody_new_hears_that_they_have_no_role_yet(office: Office) -> None:
    from bot.sandbox.members import Member

    newcomer = office.server.join(Member("U0NEW0001", "New Person", "America/Denver", "Student"))
    newcomer.command("/claim")
    newcomer.sees("You have no role at this desk yet")
    newcomer.command("/code", "I10")
    newcomer.sees("Essential (primary) hypertension")


def test_working_hours_are_kept(office: Office) -> None:
    office.noor.command("/desk", "settings")
    form = office.noor.needs_modal("My working hours")
    refused = office.noor.submit(form, {"workdays": []})
    assert refused.errors or not refused.sent
    office.noor.submit(
        office.noor.needs_modal("My working hours"),
        {"hours_start": "07:30", "hours_end": "15:30", "workdays": ["1", "2"]},
    )
    office.noor.sees("from 07:30 to 15:30")


def test_the_home_of_a_specialist_claims_and_shows_the_task(office: Office) -> None:
    task = office.new_task()
    home = office.noor.open_home()
    assert home is not None
    assert "Nothing in your hands" in home.text

    office.noor.click(home, "task_claim_next")

    window = office.noor.needs_modal(task)
    assert task in office.noor.home().text
    office.noor.click(window, "task_start")
    office.noor.eventually(lambda: "in progress" in office.noor.home().text)


def test_the_home_of_a_supervisor_shows_the_team(office: Office) -> None:
    for _ in range(3):
        office.new_task()
    home = office.priya.open_home()
    assert home is not None
    assert "The team's work" in home.text
    assert "Waiting" in home.text


def test_the_home_of_somebody_without_a_role_says_what_to_do(office: Office) -> None:
    from bot.sandbox.members import Member

    newcomer = office.server.join(Member("U0NEW0002", "Another Person", "America/Denver", "Student"))
    home = newcomer.open_home()
    assert home is not None
    assert "You have no role at this desk yet" in home.text
