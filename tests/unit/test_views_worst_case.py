"""Views at their worst: the longest texts a column can hold, every reason at once, ten thousand tasks. Slack would take each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot.actors import Actor
from bot.codes.catalogue import Edition
from bot.codes.detail import CodeDetail, CodeLine, Instruction, SeventhCharacters
from bot.codes.lookup import Results
from bot.codes.search.index import Hit
from bot.codes.suggesting import Suggestion
from bot.flags.cards import FlagCard
from bot.flags.catalogue import CATALOGUE
from bot.flags.education import Education, EducationCount
from bot.flags.history import FlagEntry
from bot.flags.states import Step as FlagStep
from bot.home import LINES, HomeBoard, home_board
from bot.intake.mapping import Offered
from bot.intake.opening import COLUMNS, FileKind
from bot.intake.problems import Problem
from bot.intake.report import ImportReport
from bot.intake.sent import Wish
from bot.reviews.cards import TaskCard
from bot.reviews.history import LATEST, Happening
from bot.reviews.lists import PAGE, TaskList, TaskPage
from bot.reviews.priority import Urgency
from bot.reviews.states import Step
from bot.sandbox.limits import check_message, check_suggestions, check_view
from bot.team.assign import Assigned
from bot.team.board import Countdown, Load, Row, SlicePage, TeamBoard
from bot.team.hands import Share
from bot.team.limits import Limits
from bot.team.new_work import NewWork
from bot.team.people import Coworker, PeoplePage
from bot.team.slices import Slice, SliceKind
from bot.team.telling import Changed
from bot.team.undo import Undone
from bot.views import (
    assigning,
    code_results,
    codes,
    desk_help,
    exports,
    flag_card,
    flag_form,
    flag_notices,
    flag_steps,
    intake,
    lookup,
    task_card,
    task_forms,
    task_lists,
    team,
    team_limits,
    team_people,
)
from bot.views import notices as letters
from bot.views.flag_form import FlagDraft
from bot.views.forms import FormContext
from bot.views.home import home_view
from bot.views.layout import Message, notice_modal, say
from bot.views.task_notices import WITH_CARD, task_letter
from storage.tables import Person
from storage.words import (
    ConceptKind,
    ErrorGroup,
    ErrorType,
    FlagEvent,
    FlagState,
    HoldReason,
    NoticeKind,
    PayerClass,
    Priority,
    QueryCategory,
    QueryState,
    ReturnReason,
    Role,
    RootReason,
    Severity,
    TaskEvent,
    TaskSetting,
    TaskState,
    TaskType,
)  # fmt: skip
from tests.clinic import NEW_YORK, Clinic, clean, task_facts
from tests.desk_fixtures import MONDAY
from tests.unit.worst_releases import COUNTS, WORST_RELEASES, request_pages

#: Three hundred characters, as the longest titles and notes of the code set have, that grow when they are escaped.
AWKWARD = "Fracture & displacement <5 mm> of the " * 8
LONG = "W" * 200
MEMBER = "U" + "0" * 30
CARD = TaskCard(
    reference="RV-WWWWW", record="RR-WWWWW", type=TaskType.INSURANCE_VERIFICATION, setting=TaskSetting.SAME_DAY_SURGERY,
    state=TaskState.IN_PROGRESS, priority=Priority.CRITICAL, urgency=Urgency.PATIENT_SAFETY, facility=LONG,
    payer_class=PayerClass.MEDICARE_ADVANTAGE, working_drg=LONG, age_days=99_999, due_at=MONDAY, bill_hold_until=date(2026, 11, 30),
    owner=MEMBER, owner_is_reader=True, since=MONDAY, holds=tuple(HoldReason), wake_at=MONDAY, open_flags=10_000,
    legal_zone=NEW_YORK, why="W" * 300, may=frozenset(Step), offered_to=MEMBER, offered_to_reader=True,
    query=QueryState.ANSWERED, query_about=QueryCategory.CONFLICTING_DOCUMENTATION, query_since=MONDAY, on_worksheet=True,
    overdue=True,
)  # fmt: skip
CONTEXT = FormContext(subject="RV-WWWWW", key="f" * 16, answer_to="https://hooks.slack.com/commands/" + "x" * 300, replaces=True)
READER = Actor(1, 1, MEMBER, LONG, NEW_YORK, NEW_YORK, "NY", frozenset(Role))
EDITION = Edition(1, "icd-10-cm", "2026", AWKWARD[:100], date(2026, 4, 1), None, "d" * 64, 98_186)
LINE = CodeLine("W" * 10, AWKWARD, ConceptKind.CODE, billable=False, needs_seventh=True)
MANY = tuple(Instruction(AWKWARD, "W" * 10) for _ in range(60))
FEW = MANY[:2]
#: Twice what the fullest card of the code set holds, which is some 5,300 characters; a message may hold 13,000.
DETAIL = CodeDetail(
    line=LINE, edition=EDITION, path=(LINE,) * 8, inclusion_terms=(AWKWARD,) * 4, includes=FEW, excludes1=FEW, excludes2=MANY,
    code_first=FEW, use_additional=FEW, code_also=FEW, notes=FEW,
    sevenths=SeventhCharacters(AWKWARD, tuple((letter, AWKWARD[:80]) for letter in "ABCDEFGHJKMNPQRS"), "W" * 10),
    children=tuple(replace(LINE, code=f"W{number}") for number in range(80)), previous=replace(LINE, code="W98"),
    next=replace(LINE, code="W99"), valid_from=date(2026, 4, 1), valid_to=date(2026, 9, 30), under="icd-10-cm@2026-10:", missing=AWKWARD,
)  # fmt: skip
HITS = [Hit(f"W{number}", AWKWARD, billable=False, needs_seventh=True, score=99.0, why=AWKWARD) for number in range(60)]
FOUND = Results(
    AWKWARD, tuple(HITS), EDITION, None, missing=AWKWARD, under="icd-10-cm@2026-10:", elsewhere=(LONG,) * 5,
    on=date(2026, 11, 3), dates={hit.code: (date(2026, 1, 1), date(2026, 12, 31)) for hit in HITS},
)  # fmt: skip
SUGGESTIONS = [Suggestion(f"icd-10-pcs@2026-10:W{number}", f"W{number}", AWKWARD, billable=False, system=LONG) for number in range(100)]


def problems(shown: Message | View) -> list[str]:
    """What Slack would say against it; a message without words for a screen reader is one too."""
    if isinstance(shown, View):
        return [str(problem) for problem in check_view(shown.to_dict())]
    missing = [] if shown.text.strip() else ["no fallback text"]
    too_long = ["the fallback text is too long"] if len(shown.text) > 4000 else []
    cut = ["blocks were cut off"] if len(shown.blocks) > 50 else []
    return [*missing, *too_long, *cut, *(str(problem) for problem in check_message(shown.blocks_payload()))]


def page(which: TaskList, number: int = 600, cards: int = PAGE) -> TaskPage:
    return TaskPage(which, tuple(replace(CARD, reference=f"RV-WWWW{at}") for at in range(cards)), number, 10_000)


SHARES = tuple(
    Share(MEMBER, LONG, got, 5, "" if got else why) for got, why in [(9, "")] * 150 + [(0, "on leave"), (0, "has 5 already"), (0, "other skills")] * 50
)
TEAM_BOARD = TeamBoard(
    waiting=100_000, at_risk=100_000, oldest_days=99_999, in_hand=100_000, on_hold=100_000, done_today=100_000,
    types=tuple(Row(kind, (99_999,) * 4, 99_999) for kind in TaskType),
    facilities=tuple(Row(LONG + str(number), (99_999,) * 4, 99_999) for number in range(300)),
    holds=tuple((reason, 99_999) for reason in HoldReason),
    loads=tuple(Load(MEMBER, LONG, number % 7, 99_999, away=number % 2 == 0, left=number % 3 == 0) for number in range(300)),
    bill_holds=Countdown(99_999, 99_999), charts=Countdown(99_999, 99_999), queries=Countdown(99_999, 99_999), chart_days=999,
)  # fmt: skip
NO_WORK = TeamBoard(0, 0, 0, 0, 0, 0, (), (), (), (), Countdown(0, 0), Countdown(0, 0), Countdown(0, 0), 30)
SLICES = [
    *(Slice(SliceKind.TYPE, kind) for kind in TaskType), *(Slice(SliceKind.HOLD, reason) for reason in HoldReason), Slice(SliceKind.ALL),
    Slice(SliceKind.FACILITY, LONG), Slice(SliceKind.FACILITY), Slice(SliceKind.AGE, "31"), Slice(SliceKind.RISK), Slice(SliceKind.QUERY),
    Slice(SliceKind.OWNER, MEMBER), Slice(SliceKind.BILL, "over"), Slice(SliceKind.BILL, "soon"), Slice(SliceKind.CHART, "over"),
    Slice(SliceKind.CHART, "soon"),
]  # fmt: skip
COWORKER = Coworker(
    MEMBER, LONG, "America/Argentina/ComodRivadavia", tuple(Role), ("w" * 30,) * 12, ("W" * 30,) * 12, "w" * 40, works_restricted=True,
    away_first=date(2026, 11, 23), away_last=date(2026, 12, 31), active_tasks=99_999,
)  # fmt: skip
STATES = [replace(CARD, state=state) for state in TaskState]
CARDS = [*STATES, replace(CARD, may=frozenset(), owner=None, owner_is_reader=False), replace(CARD, type=TaskType.CODING)]
FLAG = FlagCard(
    reference="FL-WWWWW", record="RR-WWWWW", task="RV-WWWWW", request="ROI-WWWWW", error_type=ErrorType.MISSING_INSTRUCTED_CODE,
    group=ErrorGroup.RECORD_INTEGRITY, label="Unspecified though specific is documented", root_reason=RootReason.POOR_SOURCE_DOCUMENTATION,
    severity=Severity.CRITICAL, state=FlagState.ACKNOWLEDGED, code_before="W" * 200, code_after="W" * 200, citation="W" * 24,
    note=clean("&" * 500), answer=clean("&" * 500), reported_by=MEMBER, also_reported_by=(MEMBER,) * 200, flagged=MEMBER,
    reader_is_flagged=True, waits_for_flagged=True, created_at=MONDAY, since=MONDAY, freezes=True, may=frozenset(FlagStep), joined=True,
)  # fmt: skip
FLAGS = [replace(FLAG, state=state) for state in FlagState] + [replace(FLAG, may=frozenset(), reader_is_flagged=False, freezes=False)]
ENTRIES = [FlagEntry(event, MEMBER, MONDAY, FlagState.ACKNOWLEDGED, clean("&" * 500), reopened=True) for event in FlagEvent] * 60
DRAFTS = [FlagDraft("RV-WWWWW", kind.group, kind.type, "note~2") for kind in CATALOGUE] + [FlagDraft(), *(FlagDraft("", group) for group in ErrorGroup)]
EDUCATION = Education("W" * 60, RootReason.POOR_SOURCE_DOCUMENTATION, 10_000, 3650, "W" * 200, ("W" * 24,) * 5)
#: A file with a thousand wrong lines and three hundred columns, and one with nothing in it.
WORK_LISTS = [
    ImportReport(
        kind, "f" * 64, unit, 1_000_000, new=new, rejected_lines=999_999, more_problems=999_999, more_warnings=9,
        rejected=[Problem(1_000_000, "&" * 60, "W" * 300, unit)] * 1000, warnings=[Problem(1, "<" * 60, "W" * 300, unit)] * 1000,
        dropped=("&" * 60,) * 300, ignored=("<" * 60,) * 300, encoding="cp1252",
    )
    for kind, unit, new in (("tasks", "line", 1_000_000), ("requests", "entry", 0))
] + [ImportReport("tasks", "f" * 64)]
SENT_FILE = intake.Choice("F" * 30, Wish(FileKind.TASKS, True, "f" * 16))
HEADERS = Offered(
    tuple((f"{number:032}", "W" * 60) for number in range(300)),
    {field: f"{number:032}" for number, field in enumerate(COLUMNS[FileKind.TASKS].aliases)},
)
WORST: dict[str, Callable[[], Sequence[Message | View]]] = {
    "task cards": lambda: [task_card.task_message(card, "W" * 300) for card in CARDS],
    "task windows": lambda: [task_card.task_window(card) for card in CARDS],
    "task lists": lambda: [task_lists.task_list(page(which, number)) for which in TaskList for number in (0, 600, 1249)],
    "empty lists": lambda: [task_lists.task_list(TaskPage(which, (), 0, 0)) for which in TaskList],
    "task history": lambda: [
        task_card.history_window(
            "RV-WWWWW",
            [Happening(MONDAY, event, MEMBER, MEMBER, ReturnReason.CONFLICT_OF_INTEREST, clean(AWKWARD)) for event in TaskEvent] * 2,
        ),
        task_card.history_window("RV-WWWWW", [Happening(MONDAY, TaskEvent.CREATED, None, None, None, None)] * LATEST),
        task_card.history_window("RV-WWWWW", []),
    ],
    "task forms": lambda: [
        form(card, CONTEXT) for form in (task_forms.hold_form, task_forms.return_form, task_forms.cancel_form, task_forms.complete_form) for card in CARDS
    ],
    "assign forms": lambda: [assigning.assign_form(CONTEXT), assigning.assign_form(CONTEXT, "RV-WWWWW " * 400, [MEMBER] * 300, team=True)],
    "assigned": lambda: [
        shown(done)
        for done in (
            Assigned(0, ("RV-WWWWW",), (), card=CARD, was_theirs=True), Assigned(7, ("RV-WWWWW",), (), card=CARD),
            Assigned(7, ("RV-WWWWW",) * 200, SHARES, ("W" * 300,) * 200, requests=999, offers=99),
            Assigned(7, (), SHARES[:1], requests=1),
        )
        for shown in (assigning.assigned_message, assigning.assigned_window)
    ],
    "undone": lambda: [
        shown(undone)
        for undone in (Undone(200, 99, ("RV-WWWWW",) * 200), Undone(1, 0, ()))
        for shown in (assigning.undone_message, assigning.undone_window)
    ],
    "changed hands": lambda: [
        assigning.changed_letter(Changed(by, theirs, gone, (CARD,) * min(theirs, 8), undone=undone))
        for by in (MEMBER, None) for theirs, gone in ((200, 0), (0, 200), (1, 1)) for undone in (True, False)
    ],
    "letters": lambda: [letters.taken_back_letter(CARD), *(task_letter(kind, CARD, {"by": MEMBER}) for kind in (*WITH_CARD, NoticeKind.TASK_CANCELLED))],
    "team board": lambda: [team.board_message(board) for board in (TEAM_BOARD, NO_WORK)],
    "tasks behind a number": lambda: [
        team.slice_form(SlicePage(one, shown, number, 10_000), CONTEXT)
        for one in SLICES for shown, number in (((CARD,) * 8, 600), ((CARD,), 0), ((), 0))
    ],
    "new work": lambda: [
        team.new_work_message(NewWork("C1", tuple((kind, 99_999) for kind in TaskType), 99_999)),
        team.new_work_message(NewWork("C1", ((TaskType.CODING, 1),), 1)), team.bill_holds_letter(Countdown(99_999, 99_999)),
        team.bill_holds_letter(Countdown(1, 0)),
    ],
    "people": lambda: [
        shown
        for page in (PeoplePage((COWORKER,) * 10, 30, 301), PeoplePage((replace(COWORKER, roles=(), away_last=None),), 0, 1))
        for shown in (team_people.people_message(page), team_people.people_window(page), team_people.kept_message(page.people[0]))
    ],
    "person forms": lambda: [
        team_people.person_form(one, CONTEXT, gives_roles=gives_roles)
        for one in (COWORKER, replace(COWORKER, roles=(), skills=(), facilities=(), staff_code=None, away_first=None, away_last=None))
        for gives_roles in (True, False)
    ],
    "limits": lambda: [
        team_limits.limits_form(Limits(50, 20, 40, 80, 168, 120, 365, 100, 20, 365, 240, channel), CONTEXT) for channel in (None, "C" + "0" * 30)
    ],
    "limits kept": lambda: [team_limits.kept_message(), team_limits.counts_begin(), team_limits.cannot_write()],
    "code results": lambda: [
        shown for number in (0, 5, 9) for shown in (code_results.result_list(FOUND, AWKWARD, number), code_results.shared_results(FOUND, number, MEMBER))
    ],
    "codes to copy": lambda: [code_results.copy_results(FOUND), codes.copy_code(DETAIL)],
    "no code": lambda: [code_results.result_list(replace(FOUND, hits=()), AWKWARD)],
    "code details": lambda: [codes.detail_message(DETAIL), codes.detail_window(DETAIL), codes.shared_code(DETAIL, MEMBER)],
    "a code alone": lambda: [codes.detail_message(replace(DETAIL, path=(), children=(), previous=None, next=None, sevenths=None))],
    "one code below": lambda: [codes.detail_message(replace(DETAIL, children=DETAIL.children[:1]))],
    "help": lambda: [desk_help.help_message(READER), desk_help.help_message(None), desk_help.help_message(replace(READER, roles=frozenset()))],
    "settings": lambda: [
        desk_help.settings_form(
            Person(zone="America/Argentina/ComodRivadavia", hours_start=start, hours_end=end, workdays=days, digest=on, weekly_report=on, roles=roles), CONTEXT
        )
        for start, end, days, on in ((0, 1440, tuple("1234567"), True), (1439, 0, (), False))
        for roles in (tuple(Role), ())
    ],
    "lookup": lambda: [lookup.lookup_form(CONTEXT)],
    "flag cards": lambda: [shown(card) for card in FLAGS for shown in (flag_card.flag_message, flag_card.flag_window, flag_card.reported_message)],
    "flag history": lambda: [flag_card.history_window("FL-WWWWW", ENTRIES[:20])],
    "flag forms": lambda: [
        *(flag_form.flag_form(CONTEXT, draft) for draft in DRAFTS),
        *(flag_form.opened_form(CONTEXT, ("RV-WWWWW",) * count) for count in (0, 1, 200)),
        *(flag_steps.step_form(FLAG, step, CONTEXT) for step in flag_steps.WITH_WORDS),
        flag_steps.comment_form(FLAG, CONTEXT),
    ],
    "flag notices": lambda: [
        *(flag_notices.flag_notice(kind, card) for card in FLAGS for kind in (NoticeKind.FLAG_RAISED, NoticeKind.FLAG_MOVED)),
        *(flag_notices.first_with_entries(NoticeKind.FLAG_COMMENTED, card, ENTRIES) for card in FLAGS),
        *(flag_notices.reply(card, ENTRIES, "W" * 300) for card in FLAGS),
        *(flag_notices.waiting_letter(FLAG, MONDAY, overseen=overseen) for overseen in (True, False)),
        flag_notices.settled_notice(FLAG), flag_notices.snoozed_message(FLAG, MONDAY), flag_notices.noted_message(FLAG, (MEMBER,) * 200),
        flag_notices.education_letter(EDUCATION), flag_notices.education_letter(replace(EDUCATION, code=None, citations=())),
    ],
    "work lists": lambda: [
        intake.how_to_message(),
        intake.progress_message(None, "checking", 0, 0),
        intake.progress_message(FileKind.REQUESTS, "importing", 999_999, 1_000_000),
        *(intake.checked_message(report, SENT_FILE) for report in WORK_LISTS),
        *(intake.imported_message(report) for report in WORK_LISTS),
        intake.identifiers_message(("&" * 60,) * 300, SENT_FILE),
        intake.columns_message("W" * 600, SENT_FILE),
        intake.reading_window(),
        intake.match_form(HEADERS, SENT_FILE, CONTEXT),
        intake.match_form(HEADERS, intake.Choice("F" * 30, Wish(FileKind.REQUESTS, True, "f" * 16)), CONTEXT),
        intake.import_stopped_letter("requests", 999_999, 1_000_000),
    ],
    "exports": lambda: [exports.export_message()],
    "sentences": lambda: [say("W" * 600), notice_modal("W" * 100, "W" * 600)],
}  # fmt: skip

WORST |= WORST_RELEASES


@pytest.mark.parametrize("name", WORST)
def test_slack_takes_it(name: str) -> None:
    for shown in WORST[name]():
        assert problems(shown) == []


def test_type_ahead_takes_a_hundred_awkward_codes() -> None:
    assert check_suggestions({"options": [option.to_dict() for option in codes.code_options(SUGGESTIONS)]}) == []


def board(**parts: Any) -> HomeBoard:
    """The Home of somebody with every role and far too much to do."""
    full = {
        "reader": READER, "tasks": page(TaskList.MINE, 0), "due": page(TaskList.DUE, 0), "releases": request_pages()[0],
        "flags": (FLAG,) * LINES, "team": TEAM_BOARD, "clocks": COUNTS,
        "education": tuple(EducationCount(kind.type, kind.label, reason, 10_000) for kind in CATALOGUE for reason in RootReason),
    }  # fmt: skip
    return HomeBoard(**{**full, **parts})


@pytest.mark.parametrize(
    "shown",
    [
        board(),
        board(reader=replace(READER, roles=frozenset()), tasks=None, due=None, team=None),
        board(tasks=TaskPage(TaskList.MINE, (), 0, 0), due=TaskPage(TaskList.DUE, (), 0, 0)),
    ],
)
def test_slack_takes_the_home(shown: HomeBoard) -> None:
    assert problems(home_view(shown)) == []


def test_the_home_of_a_desk_with_thousands_of_tasks_and_releases(clinic: Clinic) -> None:
    """Everything a supervisor can see at once, from the database."""
    priya = clinic.person("Priya", *Role)
    key = clinic.key_of(priya)
    clinic.allow_active(10_000)
    references = clinic.tasks([task_facts(clinic.clock, due_at=MONDAY + timedelta(hours=number % 90)) for number in range(1500)])
    for reference in references[:20]:
        clinic.change_task(reference, state=TaskState.CLAIMED, owner_id=key, claimed_at=MONDAY, facility=LONG, working_drg=LONG)
    for number in range(30):
        clinic.request(owner_id=key, received_on=MONDAY.date() - timedelta(days=number))

    home = home_view(clinic.desk.look(priya, home_board))

    assert problems(home) == []
    shown = str(home.to_dict())
    assert "My tasks (20)" in shown
    assert f"{20 - LINES} more" in shown
    assert "1480" in shown


texts = st.text(min_size=0, max_size=200) | st.sampled_from([LONG, AWKWARD[:200], "\u202e" * 50, "🩺" * 200])


@settings(max_examples=60, deadline=None)
@given(facility=texts, drg=texts, card_state=st.sampled_from(list(TaskState)), may=st.sets(st.sampled_from(list(Step))), mine=st.booleans())
def test_whatever_an_import_put_into_a_task_its_card_is_taken(
    facility: str, drg: str, card_state: TaskState, may: set[Step], *, mine: bool
) -> None:
    card = replace(CARD, facility=facility, working_drg=drg, state=card_state, may=frozenset(may), owner_is_reader=mine)
    assert problems(task_card.task_message(card, "Yours.")) == []
    assert problems(task_card.task_window(card)) == []


@settings(max_examples=60, deadline=None)
@given(query=st.text(min_size=1, max_size=300), number=st.integers(0, 12))
def test_whatever_was_typed_the_results_are_taken_and_their_pages_lead_back(query: str, number: int) -> None:
    shown = code_results.result_list(replace(FOUND, query=query), query, min(number, 9))
    assert problems(shown) == []
    assert codes.read_page_value(codes.page_value(query, number)) == (number, query)


def test_a_page_past_the_end_is_still_a_page() -> None:
    """The list got shorter between two clicks."""
    assert problems(code_results.result_list(replace(FOUND, hits=FOUND.hits[:3]), "fracture", 7)) == []


def test_every_field_of_the_card_is_at_its_worst() -> None:
    """When the card grows a field, this page must learn of it."""
    assert {field.name for field in fields(TaskCard)} == {
        "reference", "record", "type", "setting", "state", "priority", "urgency", "facility", "payer_class", "working_drg", "age_days",
        "due_at", "bill_hold_until", "owner", "owner_is_reader", "since", "holds", "wake_at", "open_flags", "legal_zone", "why", "may", "overdue",
        "offered_to", "offered_to_reader", "query", "query_about", "query_since", "on_worksheet",
    }  # fmt: skip


def test_every_field_of_the_flag_is_at_its_worst() -> None:
    assert all(getattr(FLAG, field.name) for field in fields(FlagCard))
