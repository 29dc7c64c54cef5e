"""The audit trail: complete, chained, and unable to hide that somebody touched it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit, people
from bot.actors import Actor, desk_actor
from bot.audit import GENESIS, Break
from bot.errors import Refusal
from bot.reviews import work
from bot.reviews.claims import claim
from storage.tables import AuditEntry, Person
from storage.words import ReturnReason, Role, Subject
from tests.clinic import Clinic


def a_days_work(clinic: Clinic) -> int:
    """Somebody does five things; returns the number of their chain."""
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.owned_task(noor)
    for step in (work.start, work.complete):
        clinic.desk.change(noor, step, None, task)
    other = clinic.owned_task(noor)
    clinic.desk.change(noor, work.return_task, None, other, ReturnReason.END_OF_SHIFT)
    return clinic.key_of(noor)


def breaks(clinic: Clinic) -> list[Break]:
    with clinic.database.read() as session:
        return list(audit.breaks(session, clinic.workspace_id))


def entry(session: Session, chain: int, seq: int) -> AuditEntry:
    return session.scalars(sa.select(AuditEntry).filter_by(chain=chain, seq=seq)).one()


def test_a_days_work_is_one_chain_without_a_gap(clinic: Clinic) -> None:
    chain = a_days_work(clinic)
    mine = clinic.audit(chain=chain)
    assert [row.action for row in mine] == [
        "task_claimed", "task_started", "task_completed", "task_claimed", "task_returned",
    ]  # fmt: skip
    assert [row.seq for row in mine] == [1, 2, 3, 4, 5]
    assert [row.previous_hash for row in mine] == [GENESIS, *(row.hash for row in mine[:-1])]
    assert breaks(clinic) == []


def test_each_person_and_the_desk_itself_have_a_chain_of_their_own(clinic: Clinic) -> None:
    chain = a_days_work(clinic)
    tomas = clinic.person("Tomas", Role.SPECIALIST)
    clinic.owned_task(tomas)
    assert {row.chain for row in clinic.audit()} == {0, chain, clinic.key_of(tomas)}
    assert {row.source for row in clinic.audit(chain=0)} == {"test"}


@pytest.mark.parametrize(
    "values",
    [
        {"action": "task_returned"},
        {"reference": "RV-99999"},
        {"facts": {"count": 2}},
        {"actor_id": None},
        {"source": "clock"},
        {"subject": Subject.FLAG},
    ],
)
def test_a_changed_entry_is_named(clinic: Clinic, values: dict[str, Any]) -> None:
    chain = a_days_work(clinic)
    with clinic.database.write() as session:
        for name, value in values.items():
            setattr(entry(session, chain, 3), name, value)
    assert breaks(clinic) == [Break(clinic.workspace_id, chain, 3)]


def test_a_changed_time_is_named(clinic: Clinic) -> None:
    chain = a_days_work(clinic)
    with clinic.database.write() as session:
        entry(session, chain, 1).at += timedelta(microseconds=1)
    assert breaks(clinic) == [Break(clinic.workspace_id, chain, 1)]


def remove(session: Session, chain: int) -> None:
    session.delete(entry(session, chain, 3))


def remove_and_close_the_gap(session: Session, chain: int) -> None:
    session.delete(entry(session, chain, 3))
    session.flush()
    for seq in (4, 5):
        entry(session, chain, seq).seq = seq - 1
        session.flush()


def put_one_in_between(session: Session, chain: int) -> None:
    for seq in (5, 4):
        entry(session, chain, seq).seq = seq + 1
        session.flush()
    last = entry(session, chain, 3)
    copied = {column.key: getattr(last, column.key) for column in sa.inspect(AuditEntry).column_attrs}
    added = AuditEntry(**{**copied, "seq": 4, "previous_hash": last.hash})
    added.hash = audit.digest(added)
    session.add(added)


def swap_two(session: Session, chain: int) -> None:
    third, fourth = entry(session, chain, 3), entry(session, chain, 4)
    third.seq = 99
    session.flush()
    fourth.seq = 3
    session.flush()
    third.seq = 4


def rewrite_with_a_fresh_hash(session: Session, chain: int) -> None:
    row = entry(session, chain, 3)
    row.action = "task_returned"
    row.hash = audit.digest(row)


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (remove, [4]),
        (remove_and_close_the_gap, [3, 4]),
        (put_one_in_between, [5, 6]),
        (swap_two, [3, 4, 5]),
        (rewrite_with_a_fresh_hash, [4]),
    ],
)
def test_what_somebody_does_to_the_chain_shows_where_they_did_it(
    clinic: Clinic, tamper: Callable[[Session, int], None], expected: list[int]
) -> None:
    chain = a_days_work(clinic)
    with clinic.database.write() as session:
        tamper(session, chain)
    assert breaks(clinic) == [Break(clinic.workspace_id, chain, seq) for seq in expected]


def test_a_refused_step_leaves_no_entry_and_no_gap(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.owned_task(noor)
    with pytest.raises(Refusal):
        clinic.desk.change(noor, work.complete, None, task)
    clinic.desk.change(noor, work.start, None, task)
    assert [row.seq for row in clinic.audit(chain=clinic.key_of(noor))] == [1, 2]
    assert breaks(clinic) == []


def test_a_rule_that_fails_after_its_entry_leaves_nothing(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.task()

    def claims_and_fails(session: Session, actor: Actor, now: Any) -> None:
        claim(session, actor, now, task)
        raise RuntimeError("the machine stops here")

    with pytest.raises(RuntimeError):
        clinic.desk.change(noor, claims_and_fails, None)
    assert clinic.audit(chain=clinic.key_of(noor)) == []
    assert clinic.row(task)["owner_id"] is None


def test_several_entries_of_one_change_follow_each_other(clinic: Clinic) -> None:
    with clinic.database.write() as session:
        by = desk_actor(session, clinic.workspace_id, "command line")
        person = session.scalars(sa.select(Person).limit(1)).one()
        people.grant(session, by, clinic.clock(), person, Role.SPECIALIST, Role.AUDITOR)
        people.revoke(session, by, clinic.clock(), person, Role.AUDITOR)
    granted, revoked = clinic.audit(chain=0)
    assert (granted.facts, revoked.facts) == ({"roles": ["auditor", "specialist"]}, {"roles": ["auditor"]})
    assert (granted.seq, revoked.seq, revoked.previous_hash) == (1, 2, granted.hash)
    assert breaks(clinic) == []
