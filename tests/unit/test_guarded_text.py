"""Free text of people has one way in: through the guard. Every text column says what kind of text it may hold."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot.privacy.refusal import PhiFound
from storage import columns, tables
from storage.columns import Base, CleanText, Facts, GuardedText
from storage.tables import AccuracyFlag, ReviewTask, TaskHistory
from storage.words import Role, Surface, TaskEvent, TaskState
from tests.clinic import Clinic, clean, shipped_guard

OWN = tuple(
    kind for _, kind in inspect.getmembers(columns, inspect.isclass)
    if issubclass(kind, sa.types.TypeDecorator) and kind.__module__ == columns.__name__
)  # fmt: skip
EVERY_COLUMN = [column for table in Base.metadata.sorted_tables for column in table.columns]


def holds_text(column: sa.Column[object]) -> bool:
    kind = column.type.impl if isinstance(column.type, sa.types.TypeDecorator) else column.type
    return isinstance(kind, sa.String | sa.JSON)


@pytest.mark.parametrize("column", [column for column in EVERY_COLUMN if holds_text(column)], ids=str)
def test_every_column_with_text_has_one_of_our_kinds(column: sa.Column[object]) -> None:
    assert isinstance(column.type, OWN), f"{column} takes any text; use a type of storage.columns"


def test_the_columns_people_write_into_are_the_guarded_ones() -> None:
    guarded = {str(column) for column in EVERY_COLUMN if isinstance(column.type, GuardedText)}
    notes = {str(column) for column in EVERY_COLUMN if column.name == "note"}
    assert notes | {"audit_samples.cancel_note", "due_rule_versions.why", "roi_requests.purpose_note"} == guarded
    assert {"task_history.note", "accuracy_flags.note", "flag_history.note", "request_history.note"} <= guarded


def test_what_is_kept_as_facts_is_listed_here() -> None:
    """Facts hold words and numbers the desk chose itself; a new column of them needs a look at who fills it."""
    facts = {str(column) for column in EVERY_COLUMN if isinstance(column.type, Facts)}
    assert facts <= {"audit_entries.facts", "guard_events.labels", "notices.facts", "code_editions.term_digests"}


def test_clean_text_cannot_be_made_by_hand() -> None:
    with pytest.raises(TypeError, match="PHI guard"):
        CleanText("a note")
    with pytest.raises(TypeError, match="PHI guard"):
        CleanText("a note", proof="trust me")
    assert type(clean("a note").upper()) is str, "what is made of a clean text is not clean by itself"


def test_a_guarded_column_refuses_a_plain_string(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.owned_task(noor)
    before = len(clinic.history(task))
    with pytest.raises(sa.exc.StatementError, match="passed the PHI guard"), clinic.database.write() as session:
        session.add(
            TaskHistory(
                workspace_id=clinic.workspace_id, task_id=clinic.row(task)["id"], event=TaskEvent.HELD,
                to_state=TaskState.ON_HOLD, note="typed by somebody", at=clinic.clock(),
            )
        )  # fmt: skip
    with pytest.raises(sa.exc.StatementError, match="passed the PHI guard"), clinic.database.write() as session:
        session.execute(sa.update(AccuracyFlag).values(note="typed by somebody"))
    assert len(clinic.history(task)) == before


def test_the_guard_makes_what_the_column_takes_and_gives_it_back_clean(clinic: Clinic) -> None:
    note = shipped_guard().accept_text("Discharge summary is not signed yet.", surface=Surface.FORM, field="note", max_length=500)
    assert isinstance(note, CleanText)
    with pytest.raises(PhiFound):
        shipped_guard().accept_text("SSN 412-55-7810", surface=Surface.FORM, field="note", max_length=500)
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.owned_task(noor)
    with clinic.database.write() as session:
        session.add(
            TaskHistory(
                workspace_id=clinic.workspace_id, task_id=clinic.row(task)["id"], event=TaskEvent.HELD,
                to_state=TaskState.ON_HOLD, note=note, at=clinic.clock(),
            )
        )  # fmt: skip
    stored = clinic.history(task)[-1].note
    assert stored == note
    assert isinstance(stored, CleanText)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (ReviewTask.reference, "RV-2F7KQ and a story"),
        (ReviewTask.facility, "x" * 201),
        (ReviewTask.state, "somewhere"),
        (ReviewTask.created_at, datetime(2026, 11, 23)),  # noqa: DTZ001 - that is the point
    ],
)
def test_each_kind_refuses_what_it_is_not_for(clinic: Clinic, column: sa.orm.InstrumentedAttribute[object], value: object) -> None:
    clinic.task()
    with pytest.raises(sa.exc.StatementError), clinic.database.write() as session:
        session.execute(sa.update(ReviewTask).values({column: value}))


def test_moments_come_back_aware_and_in_utc(clinic: Clinic) -> None:
    assert clinic.row(clinic.task())["created_at"].tzinfo is UTC


def test_all_tables_are_told_by_name() -> None:
    assert {mapper.class_.__name__ for mapper in Base.registry.mappers} - set(tables.__all__) <= {"CodeSearchPart"}
