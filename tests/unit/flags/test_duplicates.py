"""The same problem reported twice is one flag: by record and code, or by type where no code tells more."""

from __future__ import annotations

import pytest

from bot.flags.cards import open_card
from bot.flags.reporting import Problem, report
from storage.words import ErrorType, NoticeKind, Role, RootReason
from tests.unit.roi.scene import Scene, clean

LEFT, RIGHT, OTHER = "S52.502A", "S52.501A", "E11.9"
T = ErrorType


@pytest.fixture(autouse=True)
def _people(scene: Scene) -> None:
    scene.person("noor", Role.SPECIALIST)
    scene.person("tomas", Role.SPECIALIST, Role.AUDITOR)
    scene.person("grace", Role.ROI_SPECIALIST)
    scene.person("priya", Role.SUPERVISOR)
    scene.code(LEFT, RIGHT, OTHER)


def problem(error_type: ErrorType, before: str | None = None, after: str | None = None) -> Problem:
    return Problem(error_type, code_before=before, code_after=after)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (problem(T.MISFILED), problem(T.MISFILED), True),
        (problem(T.MISFILED), problem(T.COPY_FORWARD), False),
        (problem(T.LATERALITY, RIGHT, LEFT), problem(T.LATERALITY, RIGHT), True),
        (problem(T.LATERALITY, RIGHT), problem(T.UNSPECIFIED_DIAGNOSIS, RIGHT, LEFT), True),
        (problem(T.WRONG_DIAGNOSIS, RIGHT), problem(T.WRONG_DIAGNOSIS, OTHER), False),
        (problem(T.MISSED_DIAGNOSIS, None, OTHER), problem(T.MISSED_CC_MCC, None, OTHER), True),
        (problem(T.WRONG_DIAGNOSIS, RIGHT), problem(T.WRONG_DIAGNOSIS), True),
        (problem(T.WRONG_DIAGNOSIS, RIGHT), problem(T.LATERALITY), False),
    ],
)
def test_what_counts_as_the_same(scene: Scene, first: Problem, second: Problem, *, same: bool) -> None:
    task, _ = scene.task("U0NOOR")
    one = scene.do("U0TOMAS", report, task, first)
    other = scene.do("U0PRIYA", report, task, second)
    assert (other.reference == one.reference, other.joined) == (same, same)


def test_the_same_code_on_another_record_is_another_problem(scene: Scene) -> None:
    here, there = scene.task("U0NOOR")[0], scene.task("U0NOOR")[0]
    first, second = (scene.do("U0TOMAS", report, task, problem(T.LATERALITY, RIGHT)) for task in (here, there))
    assert first.reference != second.reference


def test_who_joins_may_see_the_flag_and_fills_in_what_the_first_left_open(scene: Scene) -> None:
    task, record = scene.task("U0NOOR")
    first = scene.do("U0TOMAS", report, task, Problem(T.MISFILED, note=clean("Page two")))
    joined = scene.do("U0GRACE", report, record, Problem(T.MISFILED, RootReason.LOCAL_RULE_OR_SYSTEM, note=clean("Page three too")))
    assert (joined.note, joined.reported_by, joined.also_reported_by) == ("Page two", "U0TOMAS", ("U0GRACE",))
    seen = scene.do("U0GRACE", open_card, first.reference)
    assert seen.root_reason is RootReason.LOCAL_RULE_OR_SYSTEM
    assert [notice.kind for notice in scene.notices("U0NOOR")] == [NoticeKind.FLAG_RAISED, NoticeKind.FLAG_COMMENTED]


def test_joining_again_changes_nothing(scene: Scene) -> None:
    task, _ = scene.task("U0NOOR")
    scene.do("U0TOMAS", report, task, problem(T.MISFILED))
    scene.do("U0PRIYA", report, task, problem(T.MISFILED))
    before = scene.everything()
    for who in ("U0PRIYA", "U0TOMAS"):
        assert scene.do(who, report, task, problem(T.MISFILED)).joined
    assert scene.everything() == before
