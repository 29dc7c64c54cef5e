"""The outbox: every notice goes to one sender at a time, and what became of it is never forgotten."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from bot import outbox, stale
from bot.actors import Identity
from bot.flags.comments import comment, flag_of_thread
from bot.flags.reporting import Problem, report
from bot.manifest import manifest
from bot.outbox import LEASE, MOST_ATTEMPTS, SETTLE_AFTER, Leased
from bot.sandbox.app_setup import AppSetup
from bot.sandbox.channels import Channel
from bot.sandbox.demo import workspace_for_demo
from bot.sandbox.members import Member
from bot.sandbox.server import SandboxServer
from bot.sandbox.web_api import chat
from bot.sandbox.web_api.calls import ApiError, Call
from bot.sandbox.workspace import Workspace
from bot.team.assign import assign
from jobs.cards import sweep_cards
from jobs.sender import Sender
from storage.tables import Notice
from storage.words import ErrorType, NoticeKind, NoticeState, Role, Subject
from tests.clinic import Clinic, clean

ONE, OTHER = "sender one", "sender other"


@pytest.fixture
def outbox_of_25(clinic: Clinic) -> Clinic:
    """Twenty-five notices that are due, one that is not yet."""
    noor = clinic.key_of(clinic.person("Noor", Role.SPECIALIST))
    with clinic.database.write() as session:
        session.add_all(notice(clinic, noor, number) for number in range(25))
        session.add(notice(clinic, noor, 99, clinic.clock() + timedelta(hours=1)))
    return clinic


def notice(clinic: Clinic, recipient: int, number: int, not_before: datetime | None = None) -> Notice:
    now = clinic.clock()
    return Notice(
        workspace_id=clinic.workspace_id, recipient_id=recipient, kind=NoticeKind.WELCOME, subject=Subject.PERSON,
        subject_id=number, facts={}, dedupe_key=f"key {number}", state=NoticeState.PENDING,
        not_before=not_before or now - timedelta(minutes=100 - number), created_at=now,
    )  # fmt: skip


def lease(clinic: Clinic, sender: str, limit: int = 10) -> list[Leased]:
    with clinic.database.write() as session:
        return outbox.lease(session, sender, clinic.clock(), limit)


def stored(clinic: Clinic, leased: Leased) -> Notice:
    return next(row for row in clinic.notices() if row.id == leased.id)


def test_the_oldest_leave_first_and_the_early_ones_wait(outbox_of_25: Clinic) -> None:
    clinic = outbox_of_25
    taken = [stored(clinic, one).subject_id for _ in range(3) for one in lease(clinic, ONE)]
    assert taken == list(range(25))
    assert lease(clinic, ONE) == []
    clinic.clock.move(hours=1, seconds=-1)
    clinic.clock.move(seconds=1)
    assert 99 in [stored(clinic, one).subject_id for one in lease(clinic, OTHER, 30)]


def test_senders_at_the_same_moment_never_take_the_same_notice(outbox_of_25: Clinic) -> None:
    clinic, gate = outbox_of_25, threading.Barrier(5)

    def drain(number: int) -> list[int]:
        gate.wait()
        taken: list[int] = []
        while batch := lease(clinic, f"sender {number}", 3):
            taken += [one.id for one in batch]
        return taken

    with ThreadPoolExecutor(5) as pool:
        everything = [key for taken in pool.map(drain, range(5)) for key in taken]
    assert len(everything) == len(set(everything)) == 25


def test_a_sender_that_died_leaves_a_doubt_behind_when_its_lease_ends(outbox_of_25: Clinic) -> None:
    clinic = outbox_of_25
    [first] = lease(clinic, ONE, 1)
    assert not first.ambiguous
    clinic.clock.move(seconds=LEASE.total_seconds() - 1)
    assert first.id not in [one.id for one in lease(clinic, OTHER, 30)]
    clinic.clock.move(seconds=1)

    [again] = [one for one in lease(clinic, OTHER, 1) if one.id == first.id]

    assert again.ambiguous
    assert again.first_try_at == first.first_try_at
    with clinic.database.write() as session:
        assert not outbox.sent(session, first, ONE, clinic.clock(), "D1", "1.1")
        assert not outbox.still_ours(session, first, ONE, clinic.clock())
        assert outbox.still_ours(session, again, OTHER, clinic.clock())
    assert stored(clinic, first).state is NoticeState.SENDING


def test_a_sender_at_work_on_a_slow_batch_keeps_what_it_is_about_to_send(outbox_of_25: Clinic) -> None:
    clinic = outbox_of_25
    batch = lease(clinic, ONE)
    clinic.clock.move(seconds=40)
    with clinic.database.write() as session:
        assert outbox.still_ours(session, batch[-1], ONE, clinic.clock())
    clinic.clock.move(seconds=20)
    taken = {one.id for one in lease(clinic, OTHER, 50)}
    assert batch[-1].id not in taken
    assert {one.id for one in batch[:-1]} <= taken


def test_each_end_of_a_notice_is_written_down(outbox_of_25: Clinic) -> None:
    clinic, now = outbox_of_25, outbox_of_25.clock()
    sent, cancelled, postponed, doubtful, refused, unreachable = lease(clinic, ONE, 6)
    with clinic.database.write() as session:
        assert outbox.sent(session, sent, ONE, now, "D024", "17.42")
        assert outbox.cancelled(session, cancelled, ONE)
        assert outbox.postponed(session, postponed, ONE, now + timedelta(minutes=7))
        assert outbox.doubtful(session, doubtful, ONE, now, "TimeoutError")
        assert outbox.refused(session, refused, ONE, now, "not_in_channel")
        assert outbox.unreachable(session, unreachable, ONE, "user_disabled")

    def found(one: Leased) -> tuple[object, ...]:
        row = stored(clinic, one)
        return row.state, row.attempts, row.error, row.lease_by

    assert found(sent) == (NoticeState.SENT, 0, None, None)
    assert (stored(clinic, sent).channel, stored(clinic, sent).message_ts, stored(clinic, sent).sent_at) == ("D024", "17.42", now)
    assert found(cancelled) == (NoticeState.CANCELLED, 0, None, None)
    assert found(postponed) == (NoticeState.PENDING, 0, None, None)
    assert stored(clinic, postponed).not_before == now + timedelta(minutes=7)
    assert found(doubtful) == (NoticeState.AMBIGUOUS, 1, "TimeoutError", None)
    assert now + SETTLE_AFTER <= stored(clinic, doubtful).not_before <= now + 2 * SETTLE_AFTER
    assert found(refused) == (NoticeState.PENDING, 1, "not_in_channel", None)
    assert stored(clinic, refused).not_before > now
    assert found(unreachable) == (NoticeState.FAILED, 1, "user_disabled", None)

    clinic.clock.move(days=30)
    later = {one.id: one for _ in range(4) for one in lease(clinic, ONE)}
    assert not {sent.id, cancelled.id, unreachable.id} & set(later)
    assert later[doubtful.id].ambiguous
    assert not later[postponed.id].ambiguous


def test_only_the_sender_who_holds_a_notice_can_mark_it(outbox_of_25: Clinic) -> None:
    clinic = outbox_of_25
    [one] = lease(clinic, ONE, 1)
    with clinic.database.write() as session:
        assert not outbox.sent(session, one, OTHER, clinic.clock(), "D1", "1.1")
        assert outbox.sent(session, one, ONE, clinic.clock(), "D1", "1.1")
        assert not outbox.refused(session, one, ONE, clinic.clock(), "late")
    assert stored(clinic, one).state is NoticeState.SENT


def test_what_slack_refuses_is_tried_later_and_later_and_given_up_at_last(outbox_of_25: Clinic) -> None:
    clinic, waits = outbox_of_25, []
    [first] = lease(clinic, ONE, 1)
    one = first
    for _ in range(MOST_ATTEMPTS):
        with clinic.database.write() as session:
            outbox.refused(session, one, ONE, clinic.clock(), "msg_too_long")
        row = stored(clinic, one)
        waits.append(row.not_before - clinic.clock())
        clinic.clock.moment = row.not_before
        found = [taken for taken in lease(clinic, ONE, 50) if taken.id == first.id]
        one = found[0] if found else one
    assert waits == sorted(waits)
    assert timedelta(seconds=30) <= waits[0] <= timedelta(seconds=38)
    assert stored(clinic, one).state is NoticeState.FAILED
    assert stored(clinic, one).attempts == MOST_ATTEMPTS


@pytest.mark.parametrize("how", ["postponed", "refused", "doubtful"])
def test_a_doubt_stays_until_the_message_was_looked_for(outbox_of_25: Clinic, how: str) -> None:
    """Whatever happens to the second try: the first message may be out, so the third try looks for it too."""
    clinic = outbox_of_25
    [first] = lease(clinic, ONE, 1)
    with clinic.database.write() as session:
        outbox.doubtful(session, first, ONE, clinic.clock(), "TimeoutError")
    clinic.clock.move(seconds=60)
    again = next(one for one in lease(clinic, ONE, 50) if one.id == first.id)
    with clinic.database.write() as session:
        facts = {"postponed": (clinic.clock(),)}.get(how, (clinic.clock(), "error"))
        getattr(outbox, how)(session, again, ONE, *facts)
    clinic.clock.move(hours=2)
    assert next(one for one in lease(clinic, OTHER, 50) if one.id == first.id).ambiguous


def test_a_notice_that_cannot_be_told_does_not_keep_the_others_waiting(clinic: Clinic) -> None:
    noor, priya = clinic.person("Noor", Role.SPECIALIST), clinic.person("Priya", Role.SUPERVISOR)
    with clinic.database.write() as session:
        broken = notice(clinic, clinic.key_of(noor), 40)
        broken.kind, broken.subject = NoticeKind.TASK_ASSIGNED, Subject.TASK
        session.add(broken)
    task = clinic.task()
    clinic.desk.change(priya, assign, None, task, noor.user_id)
    with slack_for(clinic) as (workspace, sender):
        assert [sender.send_due(), sender.send_due()] == [1, 1]
        [message] = workspace.calls.to("chat.postMessage")
    assert task in message.arguments["text"]
    failed, told = clinic.notices()
    assert (failed.state, failed.attempts, failed.error) == (NoticeState.PENDING, 1, "failed")
    assert told.state is NoticeState.SENT


def test_when_the_mark_is_lost_the_message_is_found_and_not_sent_again(clinic: Clinic) -> None:
    """Slack took the message, and then the database was away: the next try must not say it twice."""
    noor, priya = clinic.person("Noor", Role.SPECIALIST), clinic.person("Priya", Role.SUPERVISOR)
    clinic.desk.change(priya, assign, None, clinic.task(), noor.user_id)
    with slack_for(clinic) as (workspace, sender):
        with forget_marks(clinic):
            assert sender.send_due() == 1
        assert [row.state for row in clinic.notices()] == [NoticeState.SENDING]
        clinic.clock.move(seconds=LEASE.total_seconds())
        assert Sender(clinic.desk).send_due() == 1
        assert len(workspace.calls.to("chat.postMessage")) == 1
    assert [row.state for row in clinic.notices()] == [NoticeState.SENT]


def flag_of_noor(clinic: Clinic) -> tuple[Identity, Identity, str]:
    """Noor's task is flagged by Tomás."""
    noor, tomas = clinic.person("Noor", Role.SPECIALIST), clinic.person("Tomas", Role.SPECIALIST)
    task = clinic.owned_task(noor)
    return noor, tomas, clinic.desk.change(tomas, report, None, task, Problem(ErrorType.MISFILED)).reference


def test_a_reply_whose_mark_is_lost_is_found_in_its_thread_and_not_sent_again(clinic: Clinic) -> None:
    _, tomas, flag = flag_of_noor(clinic)
    with slack_for(clinic) as (workspace, sender):
        assert sender.send_due() == 1
        clinic.desk.change(tomas, comment, None, flag, clean("On page two"))
        with forget_marks(clinic):
            assert sender.send_due() == 1
        clinic.clock.move(seconds=LEASE.total_seconds())
        assert Sender(clinic.desk).send_due() == 1
        assert len(workspace.calls.to("chat.postMessage")) == 2
        assert len(workspace.calls.to("conversations.replies")) == 1
    card, reply = clinic.notices()
    assert (card.state, reply.state) == (NoticeState.SENT, NoticeState.SENT)
    assert (card.thread_ts, reply.thread_ts) == (None, card.message_ts)


def test_a_reply_waits_for_the_card_above_it_and_takes_no_place_of_the_day(clinic: Clinic) -> None:
    _, tomas, flag = flag_of_noor(clinic)
    clinic.desk.change(tomas, comment, None, flag, clean("On page two"))
    with slack_for(clinic) as (workspace, sender):
        with forget_marks(clinic):
            sender.send_due()
        assert len(workspace.calls.to("chat.postMessage")) == 1
        clinic.clock.move(seconds=LEASE.total_seconds())
        while sender.send_due():
            clinic.clock.move(seconds=10)
        clinic.clock.move(seconds=10)
        sender.send_due()
    card, reply = clinic.notices()
    assert reply.thread_ts == card.message_ts
    assert (card.pushed_on is not None, reply.pushed_on) == (True, None)


def test_what_began_as_one_line_of_a_list_gets_a_card_of_its_own_later(clinic: Clinic) -> None:
    """A list of several flags is no place for a conversation about one."""
    noor, tomas, flag = flag_of_noor(clinic)
    clinic.desk.change(tomas, report, None, clinic.owned_task(noor), Problem(ErrorType.MISFILED))
    with slack_for(clinic) as (workspace, sender):
        sender.send_due()
        clinic.desk.change(tomas, comment, None, flag, clean("On page two"))
        sender.send_due()
        listed, card = workspace.messages.in_channel(clinic.notices()[0].channel or "")
    assert "2 flags to look at" in listed.text
    assert not card.in_thread
    assert flag in card.text


def delete_card(workspace: Workspace, clinic: Clinic) -> None:
    """An administrator of Slack removes the first message of a conversation."""
    card = clinic.notices()[0]
    found = workspace.messages.find(card.channel or "", card.message_ts or "")
    assert found is not None
    workspace.messages.remove(found)


def test_a_reply_under_a_deleted_card_becomes_the_card_and_the_thread_goes_on_there(clinic: Clinic) -> None:
    """Slack takes a reply to a message that is gone, and puts it beside."""
    noor, tomas, flag = flag_of_noor(clinic)
    with slack_for(clinic) as (workspace, sender):
        sender.send_due()
        delete_card(workspace, clinic)
        clinic.desk.change(tomas, comment, None, flag, clean("On page two"))
        sender.send_due()
        gone, anew = clinic.notices()
        assert (gone.error, anew.state, anew.thread_ts) == ("gone", NoticeState.SENT, None)
        clinic.clock.move(seconds=10)
        sweep_cards(clinic.desk)
        [shown] = workspace.messages.in_channel(anew.channel or "")
        assert "On page two" in str(shown.blocks)
        assert "Acknowledge" in str(shown.blocks)

        clinic.desk.change(tomas, comment, None, flag, clean("And on page four"))
        sender.send_due()
        [_, below] = workspace.messages.in_channel(anew.channel or "")
        assert (below.in_thread, below.thread_ts) == (True, shown.ts)
        written_under = clinic.desk.look(noor, flag_of_thread, gone.channel or "", gone.message_ts or "")
        assert written_under == clinic.desk.look(noor, flag_of_thread, anew.channel or "", anew.message_ts or "") == flag


def only_where_it_is(call: Call, channel: Channel) -> str:
    """A Slack that refuses replies to what is not there."""
    thread_ts = call.text("thread_ts")
    if thread_ts and call.workspace.messages.find(channel.id, thread_ts) is None:
        raise ApiError("thread_not_found")
    return thread_ts


@pytest.mark.parametrize("ambiguous", [False, True])
def test_where_slack_refuses_a_reply_to_a_deleted_card_the_card_comes_anew(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, *, ambiguous: bool
) -> None:
    monkeypatch.setattr(chat, "_thread_of", only_where_it_is)
    _, tomas, flag = flag_of_noor(clinic)
    with slack_for(clinic) as (workspace, sender):
        sender.send_due()
        clinic.desk.change(tomas, comment, None, flag, clean("On page two"))
        if ambiguous:
            with forget_marks(clinic):
                sender.send_due()
            for reply in workspace.messages.replies(clinic.notices()[0].channel or "", clinic.notices()[0].message_ts or ""):
                workspace.messages.remove(reply)
            clinic.clock.move(seconds=LEASE.total_seconds())
        delete_card(workspace, clinic)
        sender.send_due()
        sender.send_due()
        [card] = workspace.messages.in_channel(clinic.notices()[0].channel or "")
    assert "On page two" in str(card.blocks)
    assert "Acknowledge" in str(card.blocks)
    assert [(one.state, one.error) for one in clinic.notices()] == [(NoticeState.SENT, "gone"), (NoticeState.SENT, None)]


def test_a_card_that_cannot_be_brought_up_to_date_because_it_is_gone_is_followed_by_a_new_one(clinic: Clinic) -> None:
    """Slack keeps a thread that has replies when its first message is deleted; nobody could press a button there."""
    _, tomas, flag = flag_of_noor(clinic)
    with slack_for(clinic) as (workspace, sender):
        sender.send_due()
        clinic.desk.change(tomas, comment, None, flag, clean("On page two"))
        sender.send_due()
        delete_card(workspace, clinic)
        with clinic.database.write() as session:
            stale.mark(session, clinic.workspace_id, Subject.FLAG, clinic.notices()[0].subject_id, clinic.clock())
        clinic.clock.move(seconds=10)
        sweep_cards(clinic.desk)
        clinic.desk.change(tomas, comment, None, flag, clean("Last word"))
        sender.send_due()
        newest = workspace.messages.in_channel(clinic.notices()[0].channel or "")[-1]
    assert not newest.in_thread
    assert "Last word" in str(newest.blocks)
    assert "Acknowledge" in str(newest.blocks)


@contextmanager
def slack_for(clinic: Clinic) -> Iterator[tuple[Workspace, Sender]]:
    """A Slack that knows the clinic's people, and a sender that speaks with it."""
    workspace = workspace_for_demo(AppSetup.from_manifest(manifest()), clinic.clock)
    for name, who in clinic.people.items():
        workspace.add_member(Member(who.user_id, name, "America/New_York", ""))
    with SandboxServer(workspace) as server:
        told = {"slack_api_url": server.api_url, "slack_bot_token": SecretStr(workspace.credentials.bot_token)}
        clinic.desk.settings = clinic.desk.settings.model_copy(update=told)
        yield workspace, Sender(clinic.desk)


@contextmanager
def forget_marks(clinic: Clinic) -> Iterator[None]:
    """A database that fails whenever a notice is to be marked as sent."""

    def fail(_connection: object, _cursor: object, statement: str, _parameters: object, _context: object, _many: bool) -> None:
        if statement.startswith("UPDATE notices") and "sent_at" in statement:
            raise sa.exc.OperationalError(statement, None, ConnectionError("the server went away"))

    sa.event.listen(clinic.database.engine, "before_cursor_execute", fail)
    yield
    sa.event.remove(clinic.database.engine, "before_cursor_execute", fail)
