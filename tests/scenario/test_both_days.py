"""Two days told from morning digest to end of shift, with everybody at the desk at once: a specialist's and a supervisor's."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.acting import Person
from jobs.cards import sweep_cards
from jobs.digest import sweep_digests
from jobs.leases import sweep_leases
from jobs.new_work import sweep_escalations, sweep_new_work, sweep_urgent
from jobs.urgency import sweep_urgency
from storage.words import Priority, Role, TaskSetting, TaskType
from tests.scenario.conftest import Office

#: Nine o'clock on a Monday in New York; an hour later the people there begin.
EARLY = datetime(2026, 11, 23, 12, 59, tzinfo=UTC)
NOOR, TOMAS, PRIYA = "U0NOOR001", "U0TOMAS01", "U0PRIYA01"


@pytest.fixture
def morning(office: Office) -> Office:
    """The desk before anybody is there: everybody works from eight to five in New York."""
    office.clock.moment = EARLY
    with office.desk.database.write() as session:
        from storage.tables import Person as Row

        for row in session.query(Row).filter(Row.workspace_id == office.workspace_id):
            row.hours_start, row.hours_end, row.zone = 8 * 60, 17 * 60, "America/New_York"
            row.created_at = EARLY if row.slack_user_id == NOOR else row.created_at
    return office


def time_passes(office: Office, **step: float) -> None:
    """The clock's jobs, messages (what Slack's pace kept back a moment later), and then cards that changed."""
    office.clock.move(**step)
    for sweep in (sweep_urgency, sweep_digests, sweep_leases, sweep_urgent, sweep_new_work, sweep_escalations):
        sweep(office.desk)
    office.deliver_notices()
    office.clock.move(seconds=4)
    office.deliver_notices()
    while sweep_cards(office.desk):
        office.clock.move(seconds=4)


def all_at_once(*steps: Callable[[], object]) -> None:
    with ThreadPoolExecutor(len(steps)) as pool:
        for done in [pool.submit(step) for step in steps]:
            done.result(timeout=30)


def in_hand(who: Person) -> set[str]:
    who.command("/tasks")
    return set(re.findall(r"RV-\w{5}", who.ephemerals()[-1].text))


def test_a_specialists_day(morning: Office) -> None:  # noqa: PLR0915 - a day is told in one piece
    office, noor, tomas = morning, morning.noor, morning.tomas
    today = office.clock().date()
    overlay = office.new_task(type=TaskType.MPI_REVIEW, setting=TaskSetting.OVERLAY)
    payer = office.new_task(due_at=office.clock() + timedelta(hours=20))
    ordinary = [office.new_task(type=TaskType.CODING, setting=TaskSetting.ED, aged_from=today - timedelta(days=day)) for day in range(4)]

    # Eight o'clock: what endangers a patient is offered, and two people reach for it at the same moment.
    time_passes(office, minutes=2)
    all_at_once(lambda: noor.command("/claim"), lambda: tomas.command("/claim"))
    noor.sees("is yours.")
    tomas.sees("is yours.")
    assert in_hand(noor) | in_hand(tomas) == {overlay, payer}
    assert not in_hand(noor) & in_hand(tomas)
    first = noor if overlay in in_hand(noor) else tomas
    assert "patient safety comes first" in first.sees("is yours.").text

    # Noor works: the oldest coding task of the emergency department, chosen from the narrowed list.
    noor.command("/claim", "list coding ed 3d")
    listed = noor.sees("The queue (1)")
    assert ordinary[3] in listed.text
    noor.click(listed, "task_open")
    noor.click(noor.sees("On top because it is the oldest in line"), "task_claim")
    noor.click(noor.sees(f"{ordinary[3]} is yours."), "task_start")
    card = noor.sees("in progress")

    # It waits for a document and for a physician; both are structured, and the hold wakes her tomorrow.
    noor.click(card, "task_hold")
    form = noor.needs_modal("Put on hold")
    refused = noor.submit(form, {"reasons": ["missing_document"], "wake": str(today)})
    assert "must be in the future" in refused.errors["wake"]
    noor.submit(form, {"reasons": ["missing_document", "physician_query_open"], "wake": str(today + timedelta(days=1))})
    held = noor.sees(f"{ordinary[3]} is on hold and stays yours.")
    noor.choose(held, "task_more:more", f"query|{ordinary[3]}")
    noor.submit(noor.needs_modal("Physician query"), {"happened": "sent", "category": "specificity"})
    noor.sees(f"The physician query of {ordinary[3]} is noted.")

    # She hands the other one over; Tomás accepts it on its card, and both hear of it.
    hers = next(iter(in_hand(noor) - {ordinary[3]}))
    noor.command("/tasks", hers)
    noor.choose(noor.sees(hers), "task_more:more", f"offer|{hers}")
    noor.submit(noor.needs_modal("Hand over"), {"person": TOMAS})
    noor.sees("It stays yours until they accept.")
    time_passes(office, hours=1)
    tomas.click(tomas.sees("asks whether you can take"), "offer_accept")
    time_passes(office, minutes=1)
    noor.sees(f"has taken {hers} over")
    assert in_hand(noor) == {ordinary[3]}

    # The next morning: one digest, and the hold wakes. The physician answers; she codes and completes.
    time_passes(office, hours=23)
    digest = noor.sees("Your desk on Tue, Nov 24")
    assert "Holds that wake today (1)" in digest.text
    noor.sees("You asked to be woken")
    for step, said in (("answered", None), ("agree", None)):
        noor.command("/tasks", ordinary[3])
        noor.choose(noor.ephemerals()[-1], "task_more:more", f"query|{ordinary[3]}")
        noor.submit(noor.needs_modal("Physician query"), {"happened": step, **({"category": said} if said else {})})
        noor.eventually(lambda: noor.modal() is None)
    noor.command("/tasks", ordinary[3])
    noor.click(noor.ephemerals()[-1], "task_resume")
    noor.click(noor.sees("in progress"), "task_complete")
    complete = noor.needs_modal("Complete")
    noor.suggest(complete, "codes", "S52.501A")
    noor.submit(complete, {"codes": ["S52.501A"], "confirm": ["looked_at"]})
    done = noor.sees(f"{ordinary[3]} is completed. Thank you.")
    assert "Start" not in done.buttons()
    assert "Complete" not in done.buttons()

    # She is new, so a second person reviews it: never she herself.
    noor.command("/claim", "list second_level_review")
    again = re.findall(r"RV-\w{5}", noor.sees("Only: second_level_review").text)[0]
    noor.command("/claim", again)
    noor.sees("This task reviews your own work")
    tomas.command("/claim", again)
    tomas.sees(f"{again} is yours.")

    # End of shift: what she did not finish goes back with its reason.
    noor.command("/claim")
    last = re.findall(r"RV-\w{5}", noor.ephemerals()[-1].text)[0]
    noor.command("/tasks", last)
    noor.click(noor.ephemerals()[-1], "task_return")
    noor.submit(noor.needs_modal("Return to the queue"), {"reason": "end_of_shift"})
    noor.sees("is back in the queue.")
    assert in_hand(noor) == set()


def test_a_supervisors_day(morning: Office) -> None:  # noqa: PLR0915 - a day is told in one piece
    office, priya, noor, tomas, grace = morning, morning.priya, morning.noor, morning.tomas, morning.grace
    today = office.clock().date()
    for number in range(9):
        office.new_task(type=TaskType.CODING, setting=TaskSetting.INPATIENT, facility=f"F{number % 2}", aged_from=today - timedelta(days=number))
    over = [office.new_task(type=TaskType.CODING, bill_hold_until=today - timedelta(days=1)) for _ in range(3)]

    # The morning digest, and the bill holds nobody looks after.
    time_passes(office, minutes=2)
    priya.sees("Your desk on Mon, Nov 23")
    letter = priya.sees("3 tasks are past the bill hold, and nobody has them.")
    priya.click(letter, "team_slice:over")
    window = priya.needs_modal("Bill hold over")
    priya.submit(window, {"tasks": over, "people": [TOMAS]})
    assert "3 tasks assigned." in priya.needs_modal("Assigned").text
    priya.close(everything=True)
    time_passes(office, minutes=1)
    tomas.sees("assigned you 3 tasks")

    # The board; then the rest is shared out evenly, counting what Tomás has, while people claim for themselves.
    priya.command("/team")
    board = priya.sees("The team's work")
    assert "Coding: *9*" in board.text
    all_at_once(lambda: priya.command("/assign", "next 4 coding team"), lambda: noor.command("/claim"))
    answer = priya.sees("tasks assigned.")
    noor.sees("is yours.")
    assert in_hand(noor).isdisjoint(in_hand(tomas))
    assert len(in_hand(noor)) + len(in_hand(tomas)) == 8

    # That was too hasty: one step back, and nobody is bothered with it.
    before = len(noor.messages())
    priya.click(answer, "assign_undo")
    priya.sees("Undone: 4 tasks back where they were before.")
    time_passes(office, minutes=1)
    assert len(noor.messages()) == before
    assert (len(in_hand(noor)), len(in_hand(tomas))) == (1, 3)

    # Urgent work comes in: it is offered on shift and counted in the channel.
    channel = next(one.id for one in office.workspace.channels.all() if one.name == "records-desk")
    priya.command("/team", "settings")
    priya.submit(priya.needs_modal("Limits of this desk"), {"queue_channel": channel, "queue_minutes": "5"})
    priya.sees("Kept. The new limits")
    time_passes(office, minutes=1)
    urgent = office.new_task(priority=Priority.CRITICAL)
    time_passes(office, minutes=6)
    assert "1 new task in the queue" in noor.messages(channel)[-1].text
    noor.click(noor.sees(f"Nobody has {urgent} yet"), "task_claim")
    time_passes(office, minutes=1)

    # Noor falls ill: leave from today, and all she has finds other hands; a restricted record goes to somebody cleared.
    priya.command("/team", "people @Noor Haddad")
    priya.submit(priya.needs_modal("Noor Haddad"), {"away_first": str(today), "away_until": str(today + timedelta(days=4))})
    priya.sees("They have 2 active tasks")
    hers = in_hand(noor)
    priya.command("/assign", "everything of @Noor Haddad to @Tomás Lindqvist")
    priya.sees("2 tasks assigned.")
    assert hers <= in_hand(tomas)
    time_passes(office, minutes=1)
    tomas.sees("assigned you 2 tasks")
    priya.command("/assign", "next 1 @Noor Haddad")
    priya.sees("Noor Haddad is on leave.")
    heard = len(noor.messages())
    time_passes(office, hours=1)
    assert len(noor.messages()) == heard, "who is on leave is left in peace"

    # Others see none of it, and the evening's board knows.
    for who in (tomas, grace):
        who.command("/team")
        who.sees("This is for the role of supervisor")
    time_passes(office, hours=6)
    priya.command("/team")
    evening = priya.ephemerals()[-1].text
    assert "(on leave)" not in evening, "nothing is in her hands any more"
    assert "*5* active" in evening


def test_a_role_taken_away_ends_what_a_person_may_do(morning: Office) -> None:
    office, noor = morning, morning.noor
    task = office.new_task()
    with office.desk.database.write() as session:
        from storage.tables import Person as Row

        session.query(Row).filter(Row.workspace_id == office.workspace_id, Row.slack_user_id == NOOR).one().roles = (Role.PRIVACY_OFFICER,)
    noor.command("/claim", task)
    noor.sees("This is for the role of specialist")
    office.priya.command("/assign", f"{task} @Noor Haddad")
    office.priya.sees("Noor Haddad has no role that takes review tasks.")
    office.priya.command("/tasks", task)
    assert "available" in office.priya.sees(task).text
