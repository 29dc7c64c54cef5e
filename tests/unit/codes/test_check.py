"""A set of codes against the book: what an instruction names, what a check finds, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import given as for_any
from hypothesis import settings as with_settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bot.codes.asking import Verb, read_question
from bot.codes.check import FindingKind, NoCodesToCheck, Severity, TooManyCodes, check_codes
from bot.codes.note_codes import named_codes
from bot.codes.on_date import ImpossibleDate, code_on, read_date
from bot.codes.standing import UnknownSystem
from bot.errors import Refusal
from storage.database import Database

TODAY = date(2026, 11, 23)
IN_FORCE = date(2026, 5, 4)


@pytest.fixture(scope="module")
def database(code_set: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{code_set}")
    yield opened
    opened.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.read() as opened:
        yield opened


def kinds(session: Session, *codes: str, on: date | None = IN_FORCE) -> list[tuple[FindingKind, tuple[str, ...]]]:
    return [(finding.kind, finding.codes) for finding in check_codes(session, codes, on, TODAY)]


@pytest.mark.parametrize(
    ("note", "inside", "outside"),
    [
        ("gestational diabetes (O24.4-)", "O24.410", "O24.311"),
        ("injury (S00-T88)", "T88.9XXA", "V00.01"),
        ("one (P70.2)", "P70.2", "P70.3"),
        ("diabetes (E08.-)", "E08.9", "E09.9"),
        ("skin disorders in diabetes (E08-E13 with .62-)", "E11.621", "E11.9"),
        ("angiopathy (E08-E13 with .51-.52)", "E11.52", "E11.59"),
        ("atherosclerosis (I70.2--I70.7-)", "I70.711", "I70.8"),
        ("apnea of newborn (P28.3- - P28.4-)", "P28.40", "P28.5"),
        ("aphasia (I69. with final characters -20)", "I69.320", "I69.321"),
        ("poisoning (T36-T65 with fifth or sixth character 1-4)", "T39.011A", "T39.015A"),
        ("open skull fracture (S02.- with 7th character B)", "S02.0XXB", "S02.0XXA"),
        ("open fracture (S52.- with open fracture 7th character)", "S52.501C", "S52.501A"),
        ("neoplasm of genital skin (C51-C52, C60.-, C63.2)", "C63.2", "C63.1"),
        ("hemorrhage (I69.01-I69.11-, I69.21-I69.31-, I69.81- I69.91-)", "I69.818", "I69.8"),
    ],
)
def test_the_codes_an_instruction_names(note: str, inside: str, outside: str) -> None:
    spans = named_codes(note)
    assert any(span.holds(inside) for span in spans)
    assert not any(span.holds(outside) for span in spans)


@pytest.mark.parametrize("note", ["", "no codes here", "(s)", "poisoning (T51-T65 with fifth or sixth character to indicate intent)"])
def test_an_instruction_that_is_not_understood_names_nothing(note: str) -> None:
    assert named_codes(note) == ()


def test_sound_codes_have_no_findings(session: Session) -> None:
    assert kinds(session, "E11.9", "I10", "Z79.4") == []


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["E11.9", "O24.410"], [(FindingKind.EXCLUDES1, ("E11.9", "O24.410"))]),
        (["O24.410", "E11.9", "I10"], [(FindingKind.EXCLUDES1, ("E11.9", "O24.410"))]),
        (["I10", "O10.019"], [(FindingKind.EXCLUDES1, ("I10", "O10.019"))]),
        (["E11"], [(FindingKind.NOT_BILLABLE, ("E11",))]),
        (["S52.501"], [(FindingKind.SEVENTH_CHARACTER, ("S52.501",))]),
        (["I10", "i10"], [(FindingKind.DUPLICATE, ("I10",))]),
        (["M25.569"], [(FindingKind.LATERALITY, ("M25.569",))]),
        (["S52.509A"], [(FindingKind.LATERALITY, ("S52.509A",))]),
        (["M25.561"], []),
        (["M25.50"], []),
        (["H40.9"], []),
        (["F02.80", "G30.9"], [(FindingKind.CODE_FIRST, ("F02.80", "G30.9"))]),
        (["G30.9", "F02.80"], []),
        (["G63"], [(FindingKind.MANIFESTATION_FIRST, ("G63",))]),
        (["D63.1"], [(FindingKind.MANIFESTATION_FIRST, ("D63.1",))]),
        (["N18.4", "D63.1"], []),
        (["QQ9"], [(FindingKind.UNKNOWN, ("QQ9",))]),
    ],
)
def test_what_a_check_finds(session: Session, codes: list[str], expected: list[tuple[FindingKind, tuple[str, ...]]]) -> None:
    assert kinds(session, *codes) == expected


def test_a_note_of_a_parent_is_quoted_with_its_place(session: Session) -> None:
    [finding] = check_codes(session, ["E11.9", "O24.410"], IN_FORCE, TODAY)
    assert finding.note is not None
    assert (finding.note.code, finding.note.text) == ("E11", "gestational diabetes (O24.4-)")
    assert (finding.severity, finding.may_stand) == (Severity.ERROR, True)


def test_errors_come_first_and_only_they_block(session: Session) -> None:
    found = check_codes(session, ["M25.569", "E11"], IN_FORCE, TODAY)
    assert [(one.severity, one.may_stand) for one in found] == [(Severity.ERROR, False), (Severity.WARNING, True)]


def test_a_day_without_its_edition_is_said_once(session: Session) -> None:
    assert kinds(session, "I10", "E11.9", on=date(2026, 11, 3)) == [(FindingKind.EDITION_NOT_LOADED, ("I10", "E11.9"))]


def test_sets_that_cannot_be_checked_are_refused(session: Session) -> None:
    with pytest.raises(NoCodesToCheck):
        check_codes(session, [], None, TODAY)
    with pytest.raises(TooManyCodes):
        check_codes(session, ["I10"] * 61, None, TODAY)
    with pytest.raises(UnknownSystem, match="Loaded: ICD-10-CM"):
        check_codes(session, ["I10"], None, TODAY, "snomed")


@with_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_any(codes=st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_whatever_is_typed_gets_findings_in_whole_sentences(session: Session, codes: list[str]) -> None:
    for finding in check_codes(session, codes, IN_FORCE, TODAY):
        assert finding.sentence.rstrip().endswith((".", "?"))
        assert len(finding.sentence) < 1000


@with_settings(max_examples=300, deadline=None)
@for_any(text=st.one_of(st.text(max_size=80), st.from_regex(r"(check |new )?[A-Z]\d\d(\.\d)?( (on|in) [ \w/-]{0,12}){0,3}", fullmatch=True)))
def test_whatever_is_typed_is_a_question_or_refused_in_a_sentence(text: str) -> None:
    try:
        assert read_question(text, TODAY, ("icd-10-cm", "ICD-10-CM")).verb in Verb
    except Refusal as refused:
        assert refused.sentence.endswith(".")  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    ("typed", "verb", "text", "on", "system"),
    [
        ("E11.9 on 2026-11-03", Verb.FIND, "E11.9", date(2026, 11, 3), None),
        ("99213 in cpt", Verb.FIND, "99213", None, "cpt"),
        ("99213 in cpt on 5/4/26", Verb.FIND, "99213", date(2026, 5, 4), "cpt"),
        ("99213 on 5/4/26 in cpt", Verb.FIND, "99213", date(2026, 5, 4), "cpt"),
        ("pain in knee", Verb.FIND, "pain in knee", None, None),
        ("burn on hand", Verb.FIND, "burn on hand", None, None),
        ("burn on 2 fingers", Verb.FIND, "burn on 2 fingers", None, None),
        ("burn on hand on May 4, 2026", Verb.FIND, "burn on hand", date(2026, 5, 4), None),
        ("knee pain in icd-10-cm", Verb.FIND, "knee pain", None, "icd-10-cm"),
        ("check up of a child", Verb.FIND, "check up of a child", None, None),
        ("new onset seizure", Verb.FIND, "new onset seizure", None, None),
        ("new", Verb.NEW, "", None, None),
        ("new in hcpcs", Verb.NEW, "", None, "hcpcs"),
        ("check I10, E11.9 on 2026-05-04", Verb.CHECK, "I10, E11.9", date(2026, 5, 4), None),
    ],
)
def test_on_and_in_are_words_unless_a_date_a_system_or_a_code_stands_there(
    typed: str, verb: Verb, text: str, on: date | None, system: str | None
) -> None:
    asked = read_question(typed, TODAY, ("icd-10-cm", "ICD-10-CM"))
    assert (asked.verb, asked.text, asked.on, asked.system) == (verb, text, on, system)


@pytest.mark.parametrize("typed", ["2026-02-30", "2026-13-01", "13/40/2026", "Feb 30, 2026", "", "soon", "1700-01-01", "x" * 3000, "🙂", "9999-99-99"])
def test_an_impossible_date_is_one_sentence(typed: str) -> None:
    with pytest.raises(ImpossibleDate) as refused:
        read_date(typed, TODAY)
    assert len(refused.value.sentence) < 120


@for_any(day=st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_in_every_spelling(day: date) -> None:
    for shape in ("%Y-%m-%d", "%m/%d/%Y", "%b %d, %Y", "%d %B %Y", "%Y%m%d", "%Y/%m/%d"):
        assert read_date(day.strftime(shape), TODAY) == day


def test_the_last_and_the_next_day_of_an_edition(session: Session) -> None:
    assert code_on(session, "I10", date(2026, 9, 30)).valid is True
    after = code_on(session, "I10", date(2026, 10, 1))
    assert after.valid is None
    assert "FY2027, which applies from Oct 1, 2026, is not loaded" in after.sentence
    before = code_on(session, "I10", date(2026, 3, 31))
    assert "FY2026, which applies from Oct 1, 2025, is not loaded" in before.sentence
