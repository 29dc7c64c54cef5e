"""Supervisors and admins keep the people and the limits in Slack."""

from __future__ import annotations

from tests.scenario.conftest import Office


def test_a_supervisor_sends_somebody_on_leave_and_no_work_goes_to_them(office: Office) -> None:
    office.new_task()
    office.priya.command("/team", "people @Noor Haddad")
    form = office.priya.needs_modal("Noor Haddad")
    refused = office.priya.submit(form, {"away_first": "2026-11-25", "away_until": "2026-11-24"})
    assert refused.errors["away_until"] == "The leave ends before it begins."
    office.priya.submit(form, {"skills": "Inpatient", "away_first": "2026-11-23", "away_until": "2026-11-27"})
    office.priya.sees("on leave from Mon, Nov 23 to Fri, Nov 27")

    office.priya.command("/assign", "next 1 @Noor Haddad")
    office.priya.sees("Noor Haddad is on leave. Choose somebody else.")
    office.priya.command("/team")
    office.priya.sees("The team's work")


def test_an_admin_gives_roles_with_the_form_of_a_person(office: Office) -> None:
    grace = office.workspace.members["U0GRACE01"]
    office.priya.command("/team", "people")
    people = office.priya.sees("People (5)")
    office.priya.click(people, "person_edit", value=grace.id)
    form = office.priya.needs_modal(grace.real_name)
    office.priya.submit(form, {"roles": ["roi_specialist", "specialist"]})
    office.priya.sees("ROI specialist, specialist")


def test_a_bot_is_no_coworker(office: Office) -> None:
    bot = next(one for one in office.workspace.members.values() if one.is_bot)
    office.priya.command("/team", f"people <@{bot.id}>")
    office.priya.sees("This is no coworker of yours")
    task = office.new_task()
    office.priya.command("/assign", f"{task} <@{bot.id}>")
    office.priya.sees("Nobody at this desk goes by that name")


def test_limits_are_checked_in_their_field_and_the_channel_is_told(office: Office) -> None:
    office.priya.command("/team", "settings")
    form = office.priya.needs_modal("Limits of this desk")
    refused = office.priya.submit(form, {"return_hours": "3"})
    assert "choose more hours than above" in refused.errors["return_hours"]
    office.priya.submit(form, {"return_hours": "8", "active_task_limit": "2"})
    office.priya.sees("Kept. The new limits hold from now on")
    for _ in range(3):
        office.new_task()
        office.noor.command("/claim")
    office.noor.sees("You have 2 active tasks, which is the limit")


def test_a_specialist_sees_neither(office: Office) -> None:
    for words in ("people", "settings", "people @Noor Haddad"):
        office.noor.command("/team", words)
    office.noor.sees("This is for the role of supervisor or admin")
    assert office.noor.modal() is None
