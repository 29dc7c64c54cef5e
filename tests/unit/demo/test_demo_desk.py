"""What a newcomer finds in the sandbox: work for every role, the same for the same seed, and nobody's data."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.actors import Identity
from bot.audits.cases import waiting_cases
from bot.demo.desk import fill_desk
from bot.demo.people import DEMO_ROLES, DemoPerson
from bot.desk import Desk
from bot.reports.accuracy import team_accuracy
from bot.reports.reasons import root_reasons
from bot.reviews.priority import Urgency
from bot.sandbox.demo import demo_members
from storage.tables import AccuracyFlag, AuditSample, Notice, ReviewTask, RoiRequest
from storage.words import NoticeKind, NoticeState, TaskState
from tests.desk_fixtures import MONDAY, StandingClock

ALL = {"all_workspaces": True}


def filled(desk: Desk) -> None:
    people = [DemoPerson(one.id, one.real_name, one.tz, DEMO_ROLES[one.id]) for one in demo_members()]
    with desk.database.write() as session:
        fill_desk(session, "T0SANDBOX1", "Lakeside Records (demo)", people, desk.rules, desk.now())


def test_the_desk_has_tasks_and_requests_for_everybody(desk: Desk) -> None:
    filled(desk)
    with desk.database.read() as session:
        tasks = session.scalars(sa.select(ReviewTask).execution_options(**ALL)).all()
        requests = session.scalars(sa.select(RoiRequest).execution_options(**ALL)).all()
        flags = session.scalars(sa.select(AccuracyFlag).execution_options(**ALL)).all()

    assert sum(task.state is not TaskState.COMPLETED for task in tasks) >= 200 - 2
    assert len(requests) == 40
    assert len(flags) == 1
    assert sum(task.urgency == Urgency.PATIENT_SAFETY and task.state is TaskState.AVAILABLE for task in tasks) == 1
    assert any(request.effective_due_on < MONDAY.date() for request in requests)
    assert any(request.effective_due_on == MONDAY.date() for request in requests)
    assert any(request.effective_due_on > MONDAY.date() for request in requests)
    assert {TaskState.AVAILABLE, TaskState.IN_PROGRESS, TaskState.ON_HOLD, TaskState.COMPLETED} == {
        task.state for task in tasks
    }


@pytest.mark.parametrize("hours", [8.5, 12.9, 13.5, 24 * 5, 24 * 38 + 9])
def test_the_sandbox_opens_at_any_hour(desk: Desk, clock: StandingClock, hours: float) -> None:
    """Past midnight in London, when it is still the evening before at the desk; on a Saturday; in the first night of a year."""
    clock.move(hours=hours)
    filled(desk)
    with desk.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(AuditSample).execution_options(**ALL)) == 4


def test_a_second_start_changes_nothing(desk: Desk) -> None:
    def tasks() -> int:
        with desk.database.read() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(ReviewTask).execution_options(**ALL)) or 0

    filled(desk)
    first = tasks()
    filled(desk)
    assert tasks() == first


def test_the_supervisor_finds_weeks_of_audits_and_the_auditor_a_sample_to_work(desk: Desk) -> None:
    filled(desk)
    priya, tomas = Identity("T0SANDBOX1", "U0PRIYA01"), Identity("T0SANDBOX1", "U0TOMAS01")
    report = desk.look(priya, team_accuracy)
    shares = [week.accuracy.case_over_case.share for week in report.trend]
    assert [share for share in shares if share is not None] == [0.6, 0.7, 0.8]
    assert desk.look(priya, root_reasons).reasons[0].notes
    assert desk.look(tomas, waiting_cases).total == 4
    with desk.database.read() as session:
        pending = sa.select(Notice.kind).where(Notice.state == NoticeState.PENDING).execution_options(**ALL)
        assert list(session.scalars(pending)).count(NoticeKind.AUDITS_WAIT) == 1


def test_the_person_flagged_is_told_while_everybody_is_on_shift(desk: Desk) -> None:
    filled(desk)
    with desk.database.read() as session:
        notices = session.scalars(sa.select(Notice).execution_options(**ALL)).all()
    assert notices
    assert all(notice.not_before <= desk.now() for notice in notices)
