"""Second-level review is made by rule, for somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.actors import Identity, actor
from bot.references import ALPHABET
from bot.reviews import work
from bot.reviews.claims import OwnWorkUnderReview, QueueEmpty, claim, claim_next
from bot.reviews.second_review import ReviewRules, in_sample, review_again
from storage.tables import ReviewTask
from storage.words import Role, Sensitive, TaskState, TaskType
from tests.clinic import Clinic

SETTLED = timedelta(days=400)
NEVER, ALWAYS = ReviewRules(sample_percent=0), ReviewRules(sample_percent=100)


def finished(clinic: Clinic, who: Identity, rules: ReviewRules, **facts: object) -> ReviewTask | None:
    """What completing a coding task of theirs makes."""
    task = clinic.owned_task(who, **{"type": TaskType.CODING, **facts})
    with clinic.database.write() as session:
        row = session.scalars(sa.select(ReviewTask).filter_by(workspace_id=clinic.workspace_id, reference=task)).one()
        return review_again(session, actor(session, who, lock=True), clinic.clock(), row, rules)


def test_a_new_coder_is_always_reviewed_and_an_old_hand_by_sample(clinic: Clinic) -> None:
    new = clinic.person("New", Role.SPECIALIST, created_at=clinic.clock() - timedelta(days=89))
    old = clinic.person("Old", Role.SPECIALIST, created_at=clinic.clock() - SETTLED)
    assert finished(clinic, new, NEVER) is not None
    assert finished(clinic, old, NEVER) is None
    assert finished(clinic, old, ALWAYS) is not None
    assert finished(clinic, old, ALWAYS, type=TaskType.DENIAL_REVIEW) is None
    assert [entry.facts["rule"] for entry in clinic.audit(action="second_review_created")] == ["new_coder", "sample"]


def test_a_task_marked_for_it_gets_its_review_for_somebody_else(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.AUDITOR, created_at=clinic.clock() - SETTLED)
    tomas = clinic.person("Tomas", Role.AUDITOR)
    task = clinic.owned_task(noor, second_review=True, facility="F1", sensitive=(Sensitive.MINOR,))
    clinic.desk.change(noor, work.start, None, task)
    clinic.desk.change(noor, work.complete, None, task)
    clinic.desk.change(noor, work.complete, None, task)

    with pytest.raises(QueueEmpty):
        clinic.desk.change(noor, claim_next, None)
    card = clinic.desk.change(tomas, claim_next, None)
    made = clinic.row(card.reference)
    assert (card.type, card.facility) == (TaskType.SECOND_LEVEL_REVIEW, "F1")
    assert (made["worked_by_id"], made["record_id"]) == (clinic.key_of(noor), clinic.row(task)["record_id"])
    assert clinic.row(task)["state"] is TaskState.COMPLETED


def test_a_restricted_record_stays_restricted_in_its_review(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.AUDITOR)
    task = clinic.task(type=TaskType.CODING, sensitive=(Sensitive.VIP,))
    with clinic.database.write() as session:
        row = session.scalars(sa.select(ReviewTask).filter_by(workspace_id=clinic.workspace_id, reference=task)).one()
        made = review_again(session, actor(session, noor, lock=True), clinic.clock(), row, ALWAYS)
    assert made is not None
    assert made.restricted
    clinic.change_task(made.reference, restricted=False)
    with pytest.raises(OwnWorkUnderReview):
        clinic.desk.change(noor, claim, None, made.reference)


@given(st.sets(st.text(ALPHABET, min_size=5, max_size=5), min_size=200, max_size=200), st.text(max_size=8))
def test_the_sample_can_be_drawn_again_and_grows_with_its_percentage(references: set[str], seed: str) -> None:
    drawn = [{one for one in references if in_sample(one, ReviewRules(sample_percent=part, seed=seed))} for part in (0, 20, 50, 100)]
    assert drawn[0] == set()
    assert drawn[0] <= drawn[1] <= drawn[2] <= drawn[3] == references
    assert drawn[2] == {one for one in references if in_sample(one, ReviewRules(sample_percent=50, seed=seed))}
