"""Audits and reports on a real PostgreSQL: every report's figures, and people drawing and finishing at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.actors import Identity
from bot.audits.cases import waiting_cases
from bot.audits.order import cancel_sample, deal_again
from bot.audits.population import Span, Which
from bot.audits.progress import sample_progress, samples_progress
from bot.audits.samples import Size, draw_sample, drawn_again, target_by_code
from bot.audits.worksheets import AuditCancelled, agree
from bot.errors import AlreadyDone, Refusal
from bot.flags.reporting import Problem, report
from bot.reports.accuracy import Grouping, own_accuracy, team_accuracy
from bot.reports.reasons import root_reasons
from bot.reports.sample import sample_file, sample_page
from bot.reports.turnaround import turnaround
from bot.reports.week import weekly_report
from bot.reviews import work
from storage.tables import AuditCase, AuditCode, CodeEdition, CodeSystem, TaskCode
from storage.words import (
    CaseState,
    EditionState,
    ErrorType,
    NoticeKind,
    Role,
    RootReason,
    SampleBasis,
    TaskSetting,
    TaskType,
)
from tests.clinic import Clinic, clean

WHY = RootReason.STANDARD_NOT_FOLLOWED
CODES = ("A41.9", "I10")


@pytest.fixture
def clinic(postgres_clinic: Clinic) -> Clinic:
    """Noor has finished twelve charts; two supervisors and an auditor are at work. The codes are written as completing would have left them."""
    since = {"created_at": postgres_clinic.clock() - timedelta(days=400)}
    noor = postgres_clinic.person("Noor", Role.SPECIALIST, **since)
    postgres_clinic.person("Ana", Role.AUDITOR, **since)
    postgres_clinic.person("Priya", Role.SUPERVISOR, **since)
    postgres_clinic.person("Omar", Role.SUPERVISOR, **since)
    postgres_clinic.allow_active(100)
    shelve_an_edition(postgres_clinic)
    for _ in range(12):
        finish(postgres_clinic, noor)
    return postgres_clinic


def shelve_an_edition(clinic: Clinic) -> None:
    """A code set without any codes: titles are looked for, and not found."""
    now = clinic.clock()
    with clinic.database.write() as session:
        system = CodeSystem(slug="icd-10-cm", title="ICD-10-CM", publisher="tests", created_at=now)
        session.add(system)
        session.flush()
        session.add(
            CodeEdition(
                system_id=system.id, slug="2027", title="2027", valid_from=now.date() - timedelta(days=60), state=EditionState.READY,
                source_digest="0" * 64, concept_count=0, imported_at=now,
            )
        )  # fmt: skip


def finish(clinic: Clinic, who: Identity) -> None:
    task = clinic.owned_task(who, setting=TaskSetting.ED, facility="F1")
    clinic.desk.change(who, work.start, None, task)
    clinic.desk.change(who, work.complete, None, task)
    clinic.change_task(task, type=TaskType.CODING)
    with clinic.database.write() as session:
        session.add_all(
            TaskCode(workspace_id=clinic.workspace_id, task_id=clinic.row(task)["id"], system="icd-10-cm", code=code, position=position)
            for position, code in enumerate(CODES)
        )


def month(clinic: Clinic) -> Which:
    today = clinic.clock().date()
    return Which(Span(today - timedelta(days=30), today))


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """Everything at the same moment; what each came to, or the refusal it got."""

    def outcome(step: Callable[[], Any]) -> object:
        try:
            return step()
        except Refusal as refusal:
            return refusal
        except AlreadyDone as repeated:
            return repeated

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(outcome, steps))


def judge(clinic: Clinic, wrong: int) -> None:
    """Ana finishes every case: so many with another principal code, the rest as they are."""
    ana = clinic.people["Ana"]
    while sheets := clinic.desk.look(ana, waiting_cases).sheets:
        for sheet in sheets:
            clinic.desk.change(ana, agree, None, sheet.id)
    with clinic.database.write() as session:
        cases = session.scalars(sa.select(AuditCase).where(AuditCase.workspace_id == clinic.workspace_id).order_by(AuditCase.id).limit(wrong)).all()
        for case in cases:
            case.state, case.root_reason, case.note = CaseState.EDITED, WHY, clean("See section II")
            case.reviewer_codes, case.agreed, case.moved, case.added = 2, 0, 2, 0
            for code in session.scalars(sa.select(AuditCode).where(AuditCode.workspace_id == case.workspace_id, AuditCode.case_id == case.id)):
                session.delete(code)
            session.flush()
            session.add_all(
                AuditCode(workspace_id=case.workspace_id, case_id=case.id, system="icd-10-cm", code=code, position=position)
                for position, code in enumerate(reversed(CODES))
            )


def test_every_report_counts_the_same_on_postgresql(clinic: Clinic) -> None:
    priya, noor, ana = (clinic.people[name] for name in ("Priya", "Noor", "Ana"))
    drawn = clinic.desk.change(priya, draw_sample, None, month(clinic), Size(percent=100))
    judge(clinic, wrong=3)
    flag = clinic.desk.look(ana, sample_page, drawn.number).sheets[0].task
    clinic.desk.change(ana, report, None, flag, Problem(ErrorType.UNITS, WHY))

    for grouping, label in ((Grouping.PERSON, "Noor"), (Grouping.SETTING, "ed"), (Grouping.FACILITY, "F1")):
        found = clinic.desk.look(priya, team_accuracy, 12, grouping)
        [whole] = found.whole
        assert (whole.code_over_code.numerator, whole.code_over_code.denominator) == (18, 24)
        assert (whole.case_over_case.numerator, whole.case_over_case.denominator, whole.basis) == (9, 12, SampleBasis.RANDOM)
        assert [(line.label, line.accuracy.cases) for line in found.lines] == [(label, 12)]
        assert [week.accuracy.cases for week in found.trend] == [0] * 11 + [12]
    assert [one.cases for one in clinic.desk.look(noor, own_accuracy).whole] == [12]
    [line] = clinic.desk.look(priya, turnaround).lines
    assert (line.type, line.done, line.median_hours) == (TaskType.CODING, 12, 0)
    [reason] = clinic.desk.look(priya, root_reasons).reasons
    assert (reason.reason, reason.flags, reason.findings, reason.notes) == (WHY, 1, 3, ("See section II",))

    page = clinic.desk.look(priya, sample_page, drawn.number, 1)
    assert [sheet.state for sheet in page.sheets] == [CaseState.AGREED] * 2
    assert page.lessons == ((WHY, 3, ("See section II",)),)
    assert clinic.desk.change(priya, sample_file, None, drawn.number).count(b"\r\n") == 13
    assert clinic.desk.look(priya, drawn_again, drawn.number) is True

    clinic.clock.move(days=7)
    week = clinic.desk.look(priya, weekly_report)
    assert (week.done.now, week.done.before, week.opened.now, week.settled.now, week.explained) == (12, 0, 1, 0, 4)
    assert week.accuracy[0].now.cases == 12


def test_two_supervisors_who_draw_at_once_get_two_audits_with_numbers_of_their_own(clinic: Clinic) -> None:
    priya, omar = clinic.people["Priya"], clinic.people["Omar"]
    found = at_once(*(lambda who=who: clinic.desk.change(who, draw_sample, None, month(clinic), Size(per_coder=2)) for who in (priya, omar) * 4))
    assert sorted(drawn.number for drawn in found) == list(range(1, 9))
    assert {progress.cases for progress in clinic.desk.look(priya, samples_progress)} == {2}


def test_a_double_click_draws_once(clinic: Clinic) -> None:
    priya = clinic.people["Priya"]
    found = at_once(*[lambda: clinic.desk.change(priya, draw_sample, "form:abc", month(clinic), Size(per_coder=2))] * 5)
    assert sum(isinstance(one, AlreadyDone) for one in found) == 4
    assert [progress.number for progress in clinic.desk.look(priya, samples_progress)] == [1]
    assert len(clinic.notices(kind=NoticeKind.AUDITS_WAIT)) == 1


def test_an_audit_that_is_cancelled_while_its_charts_are_finished_loses_none_and_counts_none_twice(clinic: Clinic) -> None:
    priya, ana = clinic.people["Priya"], clinic.people["Ana"]
    clinic.desk.change(priya, draw_sample, None, month(clinic), Size(percent=100))
    keys = [sheet.id for page in range(2) for sheet in clinic.desk.look(ana, waiting_cases, page).sheets]
    steps = [lambda key=key: clinic.desk.change(ana, agree, None, key) for key in keys]
    found = at_once(*steps[:6], lambda: clinic.desk.change(priya, cancel_sample, None, 1, clean("Wrong month")), *steps[6:])
    withdrawn = found.pop(6)
    progress = clinic.desk.look(priya, sample_progress, 1)
    assert (progress.open, progress.withdrawn, progress.agreed) == (0, withdrawn, 12 - withdrawn)
    assert sum(isinstance(one, AuditCancelled) for one in found) == withdrawn


def test_two_supervisors_who_deal_again_at_once_move_each_chart_once(clinic: Clinic) -> None:
    priya, omar, ana = clinic.people["Priya"], clinic.people["Omar"], clinic.people["Ana"]
    clinic.person("Ana", away_until=clinic.clock() + timedelta(days=3))
    clinic.desk.change(priya, target_by_code, None, "A41*", month(clinic).span)
    assert clinic.desk.look(priya, sample_progress, 1).unassigned == 12
    ben = clinic.person("Ben", Role.AUDITOR)
    found = at_once(*(lambda who=who: clinic.desk.change(who, deal_again, None, 1) for who in (priya, omar)))
    assert sum(isinstance(one, Refusal) for one in found) == 1
    assert clinic.desk.look(ben, waiting_cases).total == 12
    assert len(clinic.notices(kind=NoticeKind.AUDITS_WAIT, recipient_id=clinic.key_of(ben))) == 1
    assert ana.user_id
