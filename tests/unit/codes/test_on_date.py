"""Editions side by side: which one applied, what came, what went, and what stands in its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.codes.catalogue import edition_on, latest_edition, system_titles
from bot.codes.check import FindingKind, check_codes
from bot.codes.errors import NoSuchCode
from bot.codes.importing.carry_out import import_files
from bot.codes.importing.naming import Wishes
from bot.codes.lookup import show_code
from bot.codes.on_date import code_on
from bot.codes.standing import UnknownSystem, choose_system
from storage.database import Database
from tests.clinic import copied
from tests.unit.codes.importing import samples

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
BEFORE = samples.ORDER + samples.order_line(7, "R059", 1, "Cough, unspecified")
SPRING, WINTER = date(2026, 5, 4), date(2026, 12, 1)


@pytest.fixture
def session(empty_database: Path, tmp_path: Path) -> Iterator[Session]:
    """FY2026 with one code more than FY2027 and one less; a customer's CPT; HCPCS."""
    database = Database.open(copied(empty_database, tmp_path))
    later = samples.ORDER + samples.order_line(7, "R0583", 1, "Cough of the night")
    for name, text, wishes in (
        ("icd10cm_order_2026.txt", BEFORE, Wishes()),
        ("icd10cm_order_2027.txt", later, Wishes()),
        ("list.csv", samples.CSV, Wishes(system="cpt")),
        ("HCPC2026_OCT_ANWEB.txt", samples.HCPCS, Wishes()),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        import_files(database, [tmp_path / name], wishes, NOW)
    with database.read() as opened:
        yield opened
    database.close()


def test_each_day_has_its_edition(session: Session) -> None:
    names = {day: edition_on(session, "icd-10-cm", day) for day in (SPRING, date(2026, 9, 30), date(2026, 10, 1), WINTER)}
    assert [found.title if found else None for found in names.values()] == [
        "ICD-10-CM FY2026",
        "ICD-10-CM FY2026",
        "ICD-10-CM FY2027",
        "ICD-10-CM FY2027",
    ]
    assert edition_on(session, "icd-10-cm", date(2028, 1, 1)) is None


def test_an_edition_to_come_is_not_in_force_yet(session: Session) -> None:
    assert latest_edition(session, today=date(2026, 8, 1)).title == "ICD-10-CM FY2026"
    assert latest_edition(session, today=date(2026, 10, 1)).title == "ICD-10-CM FY2027"


def test_a_code_that_went_names_what_stands_in_its_place(session: Session) -> None:
    gone = code_on(session, "R05.9", WINTER)
    assert (gone.valid, gone.instead) == (False, ("R05.83",))
    assert gone.sentence == (
        "R05.9 is not valid on Dec 1, 2026 (ICD-10-CM FY2027): its last edition here is ICD-10-CM FY2026. In its place: R05.83."
    )
    assert code_on(session, "r059", SPRING).valid is True
    assert [(line.edition.title, line.title) for line in gone.editions] == [
        ("ICD-10-CM FY2027", None),
        ("ICD-10-CM FY2026", "Cough, unspecified"),
    ]


def test_a_code_to_come_says_from_when(session: Session) -> None:
    early = code_on(session, "R05.83", SPRING)
    assert (early.valid, early.instead) == (False, ())
    assert "it comes with ICD-10-CM FY2027, from Oct 1, 2026" in early.sentence
    [finding] = check_codes(session, ["R05.83"], SPRING, NOW.date())
    assert (finding.kind, finding.sentence) == (FindingKind.NOT_VALID_ON_DATE, early.sentence)


def test_codes_of_other_systems_are_found_with_and_without_their_name(session: Session) -> None:
    assert code_on(session, "90002", SPRING, "CPT").valid is True
    assert code_on(session, "90002", WINTER).valid is False
    assert [one.kind for one in check_codes(session, ["90002", "A0001"], WINTER, NOW.date())] == [FindingKind.NOT_VALID_ON_DATE]


def test_the_names_of_systems(session: Session) -> None:
    assert list(system_titles(session)) == ["icd-10-cm", "cpt", "hcpcs"]
    for name, slug in (("CPT", "cpt"), ("icd10cm", "icd-10-cm"), ("HCPCS Level II", "hcpcs"), ("hcpcs", "hcpcs"), ("icdcm", "icd-10-cm")):
        assert choose_system(session, name) == slug
    with pytest.raises(UnknownSystem) as refused:
        choose_system(session, "snomed")
    assert refused.value.sentence == "No code system “snomed” is loaded. Loaded: ICD-10-CM, CPT, HCPCS Level II."


def test_the_card_of_another_systems_code(session: Session) -> None:
    anybody = Actor(1, 1, "U0NOOR", "Noor", "America/New_York", "America/New_York", "NY", frozenset())
    shown = show_code(session, anybody, NOW, "90001")
    assert (shown.line.code, shown.edition.system, shown.line.billable) == ("90001", "cpt", True)


def test_a_code_no_edition_has_is_refused(session: Session) -> None:
    with pytest.raises(NoSuchCode, match=r"ZZ9\.9 is not in ICD-10-CM, CPT, HCPCS Level II"):
        code_on(session, "ZZ9.9", SPRING)
