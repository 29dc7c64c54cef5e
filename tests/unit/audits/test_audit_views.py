"""Audits as Slack sees them, at their worst."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.audits.cases import CasePage, Progress, Worksheet
from bot.audits.samples import SampleDrawn
from bot.reviews.assigned_codes import AssignedCode
from bot.views import audit_forms as forms
from bot.views import audits as views
from bot.views.layout import Message
from storage.words import CaseState, RootReason, SampleBasis, TaskSetting
from tests.clinic import clean
from tests.desk_fixtures import MONDAY
from tests.unit.test_views_worst_case import AWKWARD, CONTEXT, LONG, MEMBER, problems

CODES = tuple(AssignedCode("icd-10-cm", f"S52.5{number:02}A") for number in range(60))
SHEET = Worksheet(
    id=10**12, sample=9999, basis=SampleBasis.TARGETED, task="RV-WWWWW", record="RR-WWWWW", setting=TaskSetting.SAME_DAY_SURGERY,
    facility=LONG, coder=MEMBER, auditor=MEMBER, state=CaseState.EDITED, codes=CODES, reviewer=CODES[::-1],
    root_reason=RootReason.POOR_SOURCE_DOCUMENTATION, note=clean(AWKWARD[:500]), finished_at=MONDAY, may_work=True,
    titles={code.code: AWKWARD for code in CODES},
)  # fmt: skip
OPEN = replace(SHEET, state=CaseState.OPEN, reviewer=(), root_reason=None, note=None, auditor=None)
PROGRESS = Progress(9999, SampleBasis.RANDOM, LONG, date(2026, 1, 1), date(2026, 11, 30), 10**6, 1000, 400, 300, 5)
DRAWN = SampleDrawn(9999, SampleBasis.RANDOM, LONG, 1000, 10**6, 300, 12)


def test_slack_takes_every_audit_view() -> None:
    lists = [CasePage((OPEN,) * 10, 999, page, 100) for page in (0, 50, 99)]
    shown = [
        views.samples_message(()),
        views.samples_message((PROGRESS,) * 10),
        views.drawn_message(DRAWN),
        views.drawn_message(replace(DRAWN, basis=SampleBasis.TARGETED, seed=None)),
        *(views.checked_message(1, same=same) for same in (True, False)),
        *(views.case_list(page) for page in (*lists, CasePage((), 0, 0, 1))),
        *(view(sheet) for view in (views.worksheet_message, views.worksheet_window) for sheet in (SHEET, OPEN, replace(OPEN, codes=()))),
        views.audits_wait_letter(1, 1),
        views.audit_finished_letter(SHEET),
        views.sample_finished_letter(PROGRESS),
        Message("What auditors found", views.own_findings_blocks([SHEET] * 5)),
        forms.draw_form(CONTEXT, date(2026, 10, 24), date(2026, 11, 23)),
        forms.target_form(CONTEXT),
        forms.edit_form(replace(SHEET, reviewer=CODES[:30]), CONTEXT),
        forms.edit_form(replace(OPEN, codes=()), CONTEXT),
    ]
    for one in shown:
        assert problems(one) == []


def test_who_coded_a_chart_is_not_shown_to_its_auditor() -> None:
    assert MEMBER not in str([block.to_dict() for block in views.worksheet_blocks(OPEN)])
