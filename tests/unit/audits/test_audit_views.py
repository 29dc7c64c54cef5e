"""Audits as Slack sees them, at their worst."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.audits.cases import CasePage, Worksheet
from bot.audits.order import DealtAgain
from bot.audits.progress import Progress
from bot.audits.samples import SampleDrawn
from bot.reports.accuracy import Accuracy
from bot.reports.measures import Measure
from bot.reports.sample import SamplePage
from bot.reviews.assigned_codes import AssignedCode
from bot.views import audit_forms as forms
from bot.views import audit_page as pages
from bot.views import audits as views
from bot.views.flag_form import FlagDraft, flag_form
from bot.views.layout import Message
from storage.words import CaseState, ErrorGroup, ErrorType, RootReason, SampleBasis, TaskSetting
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
REVIEW = replace(SHEET, id=0, sample=None, review="RV-WWWWW", basis=SampleBasis.SECOND_LEVEL, state=CaseState.OPEN, reviewer=CODES, root_reason=None, note=None)
OPEN = replace(SHEET, state=CaseState.OPEN, reviewer=(), root_reason=None, note=None, auditor=None)
PROGRESS = Progress(9999, SampleBasis.RANDOM, LONG, date(2026, 1, 1), date(2026, 11, 30), 10**6, 1000, 400, 300, 100, 5, "A41.*", MONDAY, clean(AWKWARD[:500]))
FOUND = Accuracy(Measure(10**6, 10**7, 10**6, SampleBasis.RANDOM), Measure(10**5, 10**6, 10**6, SampleBasis.RANDOM), 10**6)
LESSONS = tuple((reason, 10**6, (clean(AWKWARD[:500]),) * 3) for reason in RootReason)
PAGE = SamplePage(PROGRESS, FOUND, LESSONS, (SHEET,) * 10, 50, 100, supervises=True)
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
        *(
            view(sheet) for view in (views.worksheet_message, views.worksheet_window)
            for sheet in (SHEET, OPEN, replace(OPEN, codes=()), REVIEW, replace(SHEET, review="RV-WWWWW", sample=None))
        ),
        *(view(page) for view in (pages.sample_message, pages.sample_window) for page in (PAGE, replace(PAGE, page=0), replace(PAGE, page=99))),
        pages.sample_message(replace(PAGE, found=None, lessons=(), sheets=(), pages=1, page=0, supervises=False), "W" * 300),
        pages.sample_message(PAGE, pages.dealt_again_words(DealtAgain(9999, 1000, 50, 7))),
        Message("Charts to audit", views.waiting_blocks(10**6)),
        views.worksheet_window(replace(OPEN, state=CaseState.WITHDRAWN, may_work=False)),
        views.audits_wait_letter(1, 1),
        views.audit_finished_letter(SHEET),
        views.audit_finished_letter(replace(SHEET, review="RV-WWWWW", sample=None)),
        views.sample_finished_letter(PROGRESS),
        Message("What auditors found", views.own_findings_blocks([SHEET] * 5)),
        forms.draw_form(CONTEXT, date(2026, 10, 24), date(2026, 11, 23)),
        forms.target_form(CONTEXT, date(2026, 10, 24), date(2026, 11, 23)),
        forms.cancel_form(9999, 1000, CONTEXT),
        forms.edit_form(replace(SHEET, reviewer=CODES[:30]), CONTEXT),
        forms.edit_form(replace(OPEN, codes=()), CONTEXT),
    ]
    for one in shown:
        assert problems(one) == []


def test_who_coded_a_chart_is_not_shown_to_its_auditor() -> None:
    assert MEMBER not in str([block.to_dict() for block in views.worksheet_blocks(OPEN)])


def test_a_button_knows_the_state_its_case_was_shown_in() -> None:
    assert views.read_case(views.pack_case(OPEN)) == (10**12, CaseState.OPEN)
    assert views.read_case("12") == (12, None)


@pytest.mark.parametrize("typed", ["", "three", "1.5", "-1", "9" * 3000, "²"])
def test_what_is_no_number_of_an_audit_is_answered_with_how_to_type_it(typed: str) -> None:
    with pytest.raises(pages.AuditNumberNeeded):
        pages.read_number(typed)


@pytest.mark.parametrize(
    ("coder", "reviewer", "draft"),
    [
        ("I10 E11.9", "I10 E11.65", FlagDraft("RV-WWWWW", ErrorGroup.DIAGNOSIS, ErrorType.WRONG_DIAGNOSIS, code_before="E11.9", code_after="E11.65")),
        ("I10 E11.9", "I11.9 E11.9", FlagDraft("RV-WWWWW", ErrorGroup.SEQUENCING, ErrorType.WRONG_PRINCIPAL_DIAGNOSIS, code_before="I10", code_after="I11.9")),
        ("I10 0DTJ4ZZ", "I10 0DTJ0ZZ", FlagDraft("RV-WWWWW", ErrorGroup.PROCEDURE, ErrorType.WRONG_PROCEDURE, code_before="0DTJ4ZZ", code_after="0DTJ0ZZ")),
        ("I10 E11.9", "I10", FlagDraft("RV-WWWWW")),
        ("I10 E11.9", "I11.9 E11.65", FlagDraft("RV-WWWWW")),
        ("I10 E11.9", "I10 0DTJ4ZZ", FlagDraft("RV-WWWWW")),
        ("I10 E11.9", "I10 E11.9", FlagDraft("RV-WWWWW")),
    ],
)  # fmt: skip
def test_a_flag_is_filled_in_where_exactly_one_code_was_changed_for_another(coder: str, reviewer: str, draft: FlagDraft) -> None:
    def codes(text: str) -> tuple[AssignedCode, ...]:
        return tuple(AssignedCode("icd-10-pcs" if code[0] == "0" else "icd-10-cm", code) for code in text.split())

    sheet = replace(SHEET, codes=codes(coder), reviewer=codes(reviewer))
    assert views.flag_draft(sheet) == draft
    assert problems(flag_form(CONTEXT, draft)) == []
