"""What an edition changed, and who is told."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from bot.actors import desk_actor
from bot.codes.catalogue import Edition, editions
from bot.codes.changes import ChangeKind, edition_changes
from bot.codes.importing.carry_out import import_files
from bot.codes.importing.naming import Wishes
from bot.codes.telling import still_true, tell_about_edition
from bot.reviews import work
from bot.views.code_changes import changes_message, edition_letter
from storage.words import NoticeKind, Role, TaskType
from tests.clinic import Clinic
from tests.unit.codes.importing import samples

LATER = (
    samples.ORDER.replace("Cough of the evening", "Cough at dusk        ")
    .replace(samples.ORDER.splitlines(keepends=True)[4], "")
    + samples.order_line(7, "R0583", 1, "Cough of the night")
    + samples.order_line(8, "R0584", 1, "Cough of the small hours")
)


@pytest.fixture
def two_editions(clinic: Clinic, tmp_path: Path) -> Edition:
    for year, text in ((2026, samples.TABULAR), (2027, LATER)):
        name = f"icd10cm_order_{year}.txt" if year == 2027 else f"icd10cm-tabular-{year}.xml"
        (tmp_path / name).write_text(text, encoding="utf-8")
        import_files(clinic.database, [tmp_path / name], Wishes(), clinic.clock())
    with clinic.database.read() as session:
        return editions(session, "icd-10-cm")[0]


def test_codes_that_came_went_and_were_reworded(clinic: Clinic, two_editions: Edition) -> None:
    with clinic.database.read() as session:
        found = edition_changes(session, two_editions, used={"R05.82"})
    told = [(change.kind, change.code, change.used) for change in found.changes]
    assert told[0] == (ChangeKind.REVISED, "R05.82", True)
    assert {code for kind, code, _ in told if kind is ChangeKind.ADDED} == {"R05.83", "R05.84"}
    assert {code for kind, code, _ in told if kind is ChangeKind.DELETED} == {"R05.8", "S02", "S02.2XXA"}
    assert found.changes[0].before == "Cough of the evening"
    assert [(one.title, one.added, one.deleted, one.revised) for one in found.chapters] == [("Diseases of the nose (R05-S02)", 2, 3, 1)]


def test_the_answer_counts_and_lists_the_readers_codes_first(clinic: Clinic, two_editions: Edition) -> None:
    with clinic.database.read() as session:
        message = changes_message(edition_changes(session, two_editions, used={"R05.82"}), "new")
    shown = str(message.blocks_payload())
    assert message.text == "ICD-10-CM FY2027 against ICD-10-CM FY2026: 2 added, 3 deleted, 1 revised."
    assert shown.index("Codes you have used") < shown.index("R05.83")
    assert "(was: Cough of the evening)" in shown


def test_specialists_get_one_message_with_their_own_codes_first(clinic: Clinic, two_editions: Edition) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    clinic.person("Grace", Role.ROI_SPECIALIST)
    task = clinic.owned_task(noor, type=TaskType.CODING, aged_from=date(2026, 5, 4))
    clinic.desk.change(noor, work.start, None, task)
    clinic.desk.change(noor, work.complete, None, task, ["R05.82"])

    assert _tell(clinic, two_editions, clinic.clock()) == 1
    assert _tell(clinic, two_editions, clinic.clock()) == 0

    [notice] = clinic.notices(kind=NoticeKind.EDITION_IMPORTED)
    letter = edition_letter(notice.facts)
    assert letter.text == (
        "ICD-10-CM FY2027 is loaded and applies from Oct 1, 2026. Against ICD-10-CM FY2026: 2 added, 3 deleted, 1 revised. You have used 1 of them."
    )
    assert "R05.82 revised" in str(letter.blocks_payload())
    with clinic.database.read() as session:
        assert still_true(session, notice)


def test_a_first_edition_is_told_without_a_comparison(clinic: Clinic, tmp_path: Path) -> None:
    clinic.person("Noor", Role.SPECIALIST)
    (tmp_path / "list.csv").write_text(samples.CSV, encoding="utf-8")
    done = import_files(clinic.database, [tmp_path / "list.csv"], Wishes(system="cpt"), clinic.clock())
    edition = done.editions[0].edition
    assert edition is not None
    assert _tell(clinic, edition, clinic.clock()) == 1
    [notice] = clinic.notices(kind=NoticeKind.EDITION_IMPORTED)
    assert edition_letter(notice.facts).text == "CPT, from 2026-01-01 is loaded and applies from Jan 1, 2026. It holds 2 codes."


def _tell(clinic: Clinic, edition: Edition, now: datetime) -> int:
    with clinic.database.write() as session:
        return tell_about_edition(session, desk_actor(session, clinic.workspace_id, "test"), now, edition)
