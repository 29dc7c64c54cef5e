"""What reaches people: everything once, several things in one message, a morning's digest, and nothing at night, whatever Slack and the clock do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry

from bot.actors import Identity
from bot.outbox import Pace
from bot.sandbox.acting import Person as Somebody
from bot.sandbox.seen import SeenMessage
from bot.team.assign import assign
from jobs.digest import sweep_digests
from jobs.reminders import sweep_reminders
from jobs.sender import Sender
from storage.coordination.in_process import InProcessCoordinator
from storage.tables import Notice, Person
from storage.tables import Workspace as Desk
from storage.words import NoticeKind, NoticeState, RequestState
from tests.scenario.conftest import Office
from tests.scenario.test_flagging import new_request

#: The product's pace with a short patience, so that a time-out does not hold up the test.
IMPATIENT = Pace(timeout=timedelta(seconds=0.15))
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(autouse=True)
def _slacks_time(office: Office) -> None:
    """The budget of a conversation follows the test's clock."""
    office.desk.coordinator = InProcessCoordinator(lambda: office.clock().timestamp())


def assigned(office: Office, number: int = 1) -> list[str]:
    """Priya gives Noor some tasks, one after the other."""
    tasks = [office.new_task() for _ in range(number)]
    team = office.workspace.team_id
    with office.desk.database.write() as session:
        session.execute(sa.update(Desk).values(active_task_limit=50))
    for task in tasks:
        office.desk.change(Identity(team, "U0PRIYA01"), assign, None, task, "U0NOOR001")
    return tasks


def deliver(office: Office, pace: Pace = IMPATIENT) -> None:
    """Send until nothing is due."""
    sender = Sender(office.desk, pace=pace)
    while sender.send_due():
        pass


def letters(who: Somebody, words: str = "") -> list[SeenMessage]:
    return [message for message in who.messages() if words in message.text]


def notices(office: Office, **where: object) -> list[Notice]:
    with office.desk.database.read() as session:
        return list(session.scalars(sa.select(Notice).filter_by(workspace_id=office.workspace_id, **where).order_by(Notice.id)))


def set_person(office: Office, user_id: str, **settings: object) -> None:
    with office.desk.database.write() as session:
        session.execute(sa.update(Person).where(Person.slack_user_id == user_id).values(settings))


def on_weekdays_nine_to_five(office: Office, *user_ids: str) -> None:
    for user_id in user_ids:
        week = ("1", "2", "3", "4", "5")
        set_person(office, user_id, zone="America/New_York", hours_start=540, hours_end=1020, workdays=week, works_holidays=False)


def local(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=NEW_YORK).astimezone(UTC)


# Slack fails.


@pytest.mark.parametrize("fault", ["rate_limit", "break_before", "break_after", "time_out"])
def test_whatever_slack_does_the_message_arrives_once(office: Office, fault: str) -> None:
    [task] = assigned(office)
    told = {"seconds": 0.4} if fault == "time_out" else {}
    getattr(office.workspace.faults, fault)("chat.postMessage", **told)

    deliver(office)
    assert len(letters(office.noor, task)) == (1 if fault == "break_after" else 0)
    for _ in range(3):
        office.clock.move(seconds=61)
        deliver(office)

    [letter] = letters(office.noor, task)
    [row] = notices(office)
    assert (row.state, row.message_ts) == (NoticeState.SENT, letter.ts)
    assert row.channel is not None


def test_what_may_be_out_is_left_alone_until_slack_had_time_to_show_it(office: Office) -> None:
    assigned(office)
    office.workspace.faults.break_before("chat.postMessage")
    deliver(office)
    calls = len(office.workspace.calls.to("conversations.history"))
    office.clock.move(seconds=29)
    deliver(office)
    assert letters(office.noor) == []
    assert len(office.workspace.calls.to("conversations.history")) == calls == 0


def test_while_history_cannot_be_read_for_a_moment_nothing_is_repeated(office: Office) -> None:
    [task] = assigned(office)
    office.workspace.faults.break_after("chat.postMessage")
    office.workspace.faults.break_before("conversations.history", times=2)
    for _ in range(8):
        deliver(office)
        office.clock.move(minutes=5)
    assert len(letters(office.noor, task)) == 1
    assert len(office.workspace.calls.to("chat.postMessage")) == 1


def test_without_the_right_to_read_history_a_repeat_is_preferred_to_a_loss_and_counted(office: Office) -> None:
    office.workspace.app = replace(office.workspace.app, scopes=tuple(set(office.workspace.app.scopes) - {"im:history"}))
    [task] = assigned(office)
    office.workspace.faults.break_before("chat.postMessage")
    deliver(office)
    office.clock.move(seconds=61)
    deliver(office)
    assert len(letters(office.noor, task)) == 1
    [row] = notices(office)
    assert (row.state, row.error) == (NoticeState.SENT, "unsettled")
    assert counted(office.desk.metrics.registry, "unsettled") == 1


def counted(registry: CollectorRegistry, outcome: str) -> float | None:
    return registry.get_sample_value("chartdesk_notices_total", {"outcome": outcome})


def test_when_slack_asks_to_wait_every_sender_leaves_the_workspace_alone(office: Office) -> None:
    assigned(office)
    office.workspace.faults.rate_limit("chat.postMessage", retry_after=20)
    deliver(office)
    [task] = assigned(office)
    asked = len(office.workspace.calls.to("chat.postMessage"))

    office.clock.move(seconds=19)
    assert Sender(office.desk).send_due() == 0
    assert len(office.workspace.calls.to("chat.postMessage")) == asked
    office.clock.move(seconds=2)
    deliver(office)
    assert task in letters(office.noor)[-1].text


def test_the_supervisor_is_told_once_of_somebody_who_cannot_be_reached(office: Office) -> None:
    office.workspace.members["U0NOOR001"].deleted = True
    for _ in range(2):
        assigned(office)
        deliver(office)
        office.clock.move(hours=1)
    assert {row.state for row in notices(office, kind=NoticeKind.TASK_ASSIGNED)} == {NoticeState.FAILED}
    [told] = letters(office.priya, "does not deliver my messages")
    assert "Noor Haddad" in told.text


# Several things, one message.


def test_what_is_of_one_kind_and_due_together_comes_in_one_message(office: Office) -> None:
    tasks = assigned(office, 3)
    deliver(office)
    [letter] = letters(office.noor)
    assert "3 tasks were assigned to you" in letter.text
    assert all(task in letter.text for task in tasks)
    assert [row.state for row in notices(office)] == [NoticeState.SENT] * 3
    assert len({(row.channel, row.message_ts) for row in notices(office)}) == 1
    office.noor.click(letter, "task_open", tasks[1])
    office.noor.sees(f"{tasks[1]} ·")


def test_of_several_only_what_is_still_true_is_said(office: Office) -> None:
    kept, gone, other = assigned(office, 3)
    office.desk.change(Identity(office.workspace.team_id, "U0PRIYA01"), assign, None, gone, "U0TOMAS01")
    deliver(office)
    [letter] = letters(office.noor, "2 tasks were assigned")
    assert kept in letter.text
    assert other in letter.text
    assert gone not in letter.text


def test_a_batch_whose_answer_was_lost_is_found_and_not_repeated(office: Office) -> None:
    assigned(office, 3)
    office.workspace.faults.break_after("chat.postMessage")
    deliver(office)
    [later] = assigned(office)
    office.clock.move(seconds=61)
    deliver(office)
    assert [row.state for row in notices(office)] == [NoticeState.SENT] * 4
    assert len(letters(office.noor, "3 tasks")) == 1
    assert len(letters(office.noor)) == 2
    assert later in letters(office.noor)[-1].text


def test_a_batch_that_surely_did_not_leave_takes_along_what_came_meanwhile(office: Office) -> None:
    assigned(office, 2)
    office.workspace.faults.rate_limit("chat.postMessage", retry_after=5)
    deliver(office)
    assigned(office)
    office.clock.move(seconds=6)
    deliver(office)
    [letter] = letters(office.noor)
    assert "3 tasks were assigned to you" in letter.text


# Not too much.


def test_after_four_messages_a_day_the_rest_waits_for_the_morning_and_comes_as_one(office: Office) -> None:
    on_weekdays_nine_to_five(office, "U0NOOR001")
    for _ in range(6):
        assigned(office)
        deliver(office)
        office.clock.move(minutes=5)
    assert len(letters(office.noor)) == 4
    office.clock.moment = local(2026, 11, 24, 8, 59)
    deliver(office)
    assert len(letters(office.noor)) == 4
    office.clock.move(minutes=1)
    deliver(office)
    assert len(letters(office.noor)) == 5
    assert "2 tasks were assigned to you" in letters(office.noor)[-1].text


def test_a_legal_deadline_today_is_said_whatever_was_said_before_and_takes_the_others_along(office: Office) -> None:
    with office.desk.database.write() as session:
        session.execute(sa.update(Desk).values(daily_push_limit=0))
    on_weekdays_nine_to_five(office, "U0GRACE01")
    office.clock.moment = local(2026, 11, 25, 8, 0)
    today = new_request(office, received_on=date(2026, 11, 3), legal_state="TX", state=RequestState.RETRIEVAL)
    soon = new_request(office, received_on=date(2026, 10, 28), state=RequestState.RETRIEVAL)
    office.clock.moment = local(2026, 11, 25, 9, 0)
    sweep_reminders(office.desk)
    deliver(office)
    [letter] = letters(office.grace)
    assert "2 releases to look at" in letter.text
    assert letter.text.index(today) < letter.text.index(soon)


def test_a_reminder_that_may_wait_is_never_dropped(office: Office) -> None:
    with office.desk.database.write() as session:
        session.execute(sa.update(Desk).values(daily_push_limit=0))
    on_weekdays_nine_to_five(office, "U0GRACE01")
    office.clock.moment = local(2026, 11, 23, 8, 0)
    soon = new_request(office, received_on=office.clock().date() - timedelta(days=28), state=RequestState.RETRIEVAL)
    office.clock.moment = local(2026, 11, 23, 9, 0)
    sweep_reminders(office.desk)
    deliver(office)
    assert letters(office.grace) == []
    with office.desk.database.write() as session:
        session.execute(sa.update(Desk).values(daily_push_limit=4))
    office.clock.moment = local(2026, 11, 24, 9, 0)
    deliver(office)
    [letter] = letters(office.grace, soon)
    assert "due tomorrow" in letter.text


def test_a_clock_that_stood_still_for_three_days_says_each_due_thing_once_in_one_message(office: Office) -> None:
    on_weekdays_nine_to_five(office, "U0GRACE01", "U0PRIYA01")
    office.clock.moment = local(2026, 12, 7, 8, 0)
    requests = [
        new_request(office, received_on=office.clock().date() - timedelta(days=days), state=RequestState.RETRIEVAL) for days in (28, 29, 27)
    ]
    office.clock.moment = local(2026, 12, 10, 10, 0)
    for _ in range(3):
        sweep_reminders(office.desk)
        sweep_digests(office.desk)
        deliver(office)
        office.clock.move(minutes=1)
    reminders = [message for message in letters(office.grace) if "Your desk on" not in message.text]
    assert len(reminders) == 1
    assert all(reminders[0].text.count(f"*{request} ·") + reminders[0].text.count(f"{request} is") >= 1 for request in requests)
    assert len(letters(office.grace, "Your desk on Thu, Dec 10")) == 1
    assert len(letters(office.grace, "Your desk on")) == 1


# The morning.


def test_the_digest_comes_once_at_the_start_of_the_day_with_what_waits(office: Office) -> None:
    on_weekdays_nine_to_five(office, "U0GRACE01", "U0NOOR001", "U0PRIYA01")
    request = new_request(office, received_on=office.clock().date() - timedelta(days=20), state=RequestState.RETRIEVAL)
    waiting = office.new_task(facility="F1")
    office.clock.moment = local(2026, 11, 24, 8, 59)
    sweep_digests(office.desk)
    deliver(office)
    assert letters(office.grace, "Your desk on") == []

    for _ in range(5):
        office.clock.move(minutes=1)
        for _clock in range(2):
            sweep_digests(office.desk)
            deliver(office)

    [mine] = letters(office.grace, "Your desk on Tue, Nov 24")
    assert request in mine.text
    [teams] = letters(office.priya, "Your desk on Tue, Nov 24")
    assert "Releases overdue" in teams.text
    assert "1, the oldest" in teams.text
    assert waiting not in teams.text
    assert letters(office.noor) == []
    office.grace.click(mine, "roi_open", request)
    office.grace.sees(f"{request} ·")


def test_nobody_gets_a_digest_who_is_off_or_away_or_does_not_want_it(office: Office) -> None:
    on_weekdays_nine_to_five(office, "U0GRACE01", "U0PRIYA01", "U0NOOR001")
    new_request(office, received_on=office.clock().date() - timedelta(days=20))
    set_person(office, "U0PRIYA01", digest=False)
    for day, hour in ((26, 9), (28, 9)):
        office.clock.moment = local(2026, 11, day, hour, 5)
        sweep_digests(office.desk)
    set_person(office, "U0GRACE01", away_until=local(2026, 12, 2, 0, 0))
    office.clock.moment = local(2026, 11, 30, 9, 5)
    sweep_digests(office.desk)
    deliver(office)
    assert letters(office.grace) == []
    assert letters(office.priya) == []


def test_no_morning_digest_in_the_afternoon(office: Office) -> None:
    on_weekdays_nine_to_five(office, "U0GRACE01")
    new_request(office, received_on=office.clock().date() - timedelta(days=20))
    office.clock.moment = local(2026, 11, 24, 15, 0)
    sweep_digests(office.desk)
    deliver(office)
    assert letters(office.grace) == []
