"""The same imports on PostgreSQL, where an error inside a transaction would spoil all of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from storage import migrations
from storage.database import Database
from storage.tables import Record, ReviewTask, RoiRequest
from tests.unit.intake.conftest import Importer, fill
from tests.unit.intake.test_request_import import ACCESS
from tests.unit.intake.test_request_import import file_of as request_file
from tests.unit.intake.test_task_import import INPATIENT, counts
from tests.unit.intake.test_task_import import file_of as task_file


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    opened = Database.open(postgres_url)
    migrations.upgrade(opened)
    fill(opened)
    yield opened
    opened.close()


def test_tasks_come_in_once(database: Database, import_task_file: Importer) -> None:
    lines = [f"WQ-{number},coding,ed,F1,medicare,,1,{number % 60},3,high,ED,available,," for number in range(700)]
    text = task_file(INPATIENT, *lines, "RR-HX61R,chart_completion,,,,,,27,,,,on_hold,unsigned_note,sp-01")
    assert counts(import_task_file(text, dry_run=True)) == (702, 0, 0, 0)
    assert counts(import_task_file(text)) == (702, 0, 0, 0)
    assert counts(import_task_file(text)) == (0, 0, 702, 0)
    assert counts(import_task_file(text.replace(",high,ED,", ",urgent,ED,"))) == (0, 700, 2, 0)
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count(sa.distinct(ReviewTask.reference)))) == 702
        assert session.scalar(sa.select(sa.func.count()).select_from(Record)) == 702


def test_a_refused_request_does_not_spoil_the_others(database: Database, import_request_file: Importer) -> None:
    text = request_file(ACCESS.replace("ROI-7K3QX", "ROI-AAAAA").replace(",CA,", ",ZZ,"), ACCESS)
    assert counts(import_request_file(text, dry_run=True)) == (1, 0, 0, 1)
    assert counts(import_request_file(text)) == (1, 0, 0, 1)
    assert counts(import_request_file(text)) == (0, 0, 1, 1)
    with database.read() as session:
        assert session.scalars(sa.select(RoiRequest.reference)).all() == ["ROI-7K3QX"]
        assert session.scalar(sa.select(sa.func.count()).select_from(Record)) == 1
