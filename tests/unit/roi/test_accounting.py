"""The accounting of disclosures: what the type demands is logged at delivery, and read out for one record, six years back, with a trail."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import sqlalchemy as sa

from bot.errors import BadInput, NotAllowed
from bot.roi.accounting import HEADING, Accounting, NoSuchRecord, account, years_before
from bot.roi.delivery import deliver
from bot.roi.requests import open_card
from storage.tables import Disclosure
from storage.words import DeliveryMethod, Purpose, RequestType, Role
from tests.unit.roi.scene import Scene


@pytest.fixture
def grace(scene: Scene) -> str:
    return scene.person("grace", Role.ROI_SPECIALIST)


@pytest.fixture
def omar(scene: Scene) -> str:
    return scene.person("omar", Role.ROI_SPECIALIST)


def delivered(scene: Scene, owner: str, checker: str, record: str | None = None, **facts: object) -> str:
    given = {"type": RequestType.PUBLIC_HEALTH, "accounting": True, "record": record, **facts}
    reference = scene.ready_to_send(owner, checker, **given)
    scene.do(owner, deliver, reference)
    return reference


def record_of(scene: Scene, who: str, reference: str) -> str:
    return scene.do(who, open_card, reference).record or ""


def rows(told: Accounting) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(told.csv.decode("utf-8-sig"))))


def test_each_disclosure_of_the_record_is_a_line_oldest_first(scene: Scene, grace: str, omar: str) -> None:
    first = delivered(
        scene, grace, omar, requester_type="state_registry", purpose=Purpose.PUBLIC_HEALTH, pages=12, delivery_method=DeliveryMethod.SFTP
    )
    record = record_of(scene, grace, first)
    scene.move(days=1)
    second = delivered(scene, grace, omar, record, type=RequestType.LAW_ENFORCEMENT)
    delivered(scene, grace, omar)

    told = scene.do(grace, account, record.lower())

    assert (told.record, told.lines, told.name) == (record, 2, f"disclosures-{record}-2026-11-24.csv")
    one, other = rows(told)
    assert tuple(one) == HEADING
    assert one == {
        "disclosed_on": "2026-11-23", "recipient": "state registry", "type_of_request": "public health", "purpose": "public health",
        "what": "12 pages", "how": "sftp", "release": first,
    }  # fmt: skip
    assert (other["release"], other["recipient"], other["what"]) == (second, "not recorded", "copies of the record")


def test_what_its_type_does_not_demand_is_not_in_it(scene: Scene, grace: str, omar: str) -> None:
    reference = delivered(scene, grace, omar, type=RequestType.PATIENT_ACCESS, accounting=False)
    assert scene.do(grace, account, record_of(scene, grace, reference)).lines == 0


@pytest.mark.parametrize(("days_after", "lines"), [(-1, 0), (0, 1)])
def test_it_goes_six_years_back_and_no_day_further(scene: Scene, grace: str, omar: str, days_after: int, lines: int) -> None:
    reference = delivered(scene, grace, omar)
    edge = datetime(2020, 11, 23, 5, 0, tzinfo=UTC) + timedelta(days=days_after)  # midnight in New York
    with scene.database.write() as session:
        session.execute(sa.update(Disclosure).values(disclosed_at=edge))
    told = scene.do(grace, account, record_of(scene, grace, reference))
    assert (told.lines, told.since, told.until) == (lines, date(2020, 11, 23), date(2026, 11, 23))


def test_reading_it_out_is_written_into_the_audit_trail(scene: Scene, grace: str, omar: str) -> None:
    record = record_of(scene, grace, delivered(scene, grace, omar))
    scene.do(grace, account, record)
    assert scene.audited(record)[-1] == "disclosures_read_out"


def test_only_who_works_on_releases_may_read_it(scene: Scene, grace: str, omar: str) -> None:
    record = record_of(scene, grace, delivered(scene, grace, omar))
    for name, role in (("daniel", Role.PRIVACY_OFFICER), ("priya", Role.SUPERVISOR)):
        assert scene.do(scene.person(name, role), account, record).lines == 1
    with pytest.raises(NotAllowed):
        scene.do(scene.person("noor", Role.SPECIALIST), account, record)


def test_a_reference_that_is_none_is_told(scene: Scene, grace: str) -> None:
    with pytest.raises(NoSuchRecord):
        scene.do(grace, account, "RR-22222")
    with pytest.raises(BadInput):
        scene.do(grace, account, "ROI-22222")


def test_a_leap_day_has_its_day_six_years_before() -> None:
    assert years_before(date(2028, 2, 29), 6) == date(2022, 2, 28)
    assert years_before(date(2026, 11, 23), 6) == date(2020, 11, 23)
