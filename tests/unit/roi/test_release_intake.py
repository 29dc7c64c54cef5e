"""A request is logged: a reference, a record, a due date by rule, and nothing twice."""

from __future__ import annotations

from datetime import date

import pytest

from bot.errors import BadInput
from bot.roi.due_dates import MissingClockStart
from bot.roi.intake import ReferenceTaken, RequestFacts, log_request
from bot.roi.requests import open_card
from bot.roi.types import accounting_by_type
from storage.tables import RoiRequest
from storage.words import AuthorizationStatus, PendReason, RequestState, RequestType, Role, Sensitive
from tests.unit.roi.scene import Scene

KEY = "ab" * 32


def log(scene: Scene, **facts: object) -> RoiRequest:
    return scene.tick(log_request, scene.rules, RequestFacts(**facts))  # type: ignore[arg-type]


def test_the_due_date_comes_by_the_earliest_rule_with_its_source_and_version(scene: Scene) -> None:
    request = log(scene, type=RequestType.PATIENT_ACCESS, received_on=date(2026, 11, 20), legal_state="CA")
    assert (request.due_rule, request.due_on, request.effective_due_on) == ("CA-15C", date(2026, 12, 5), date(2026, 12, 4))
    assert request.due_rule_version == scene.rules.version
    assert request.due_source == scene.rules.rule("CA-15C").source
    assert request.due_verified is False


def test_without_a_record_one_is_minted_and_without_a_reference_one_too(scene: Scene) -> None:
    grace = scene.person("grace", Role.ROI_SPECIALIST)
    request = log(scene, type=RequestType.PATIENT_ACCESS, received_on=date(2026, 11, 12))
    card = scene.do(grace, open_card, request.reference)
    assert card.record is not None
    assert card.record.startswith("RR-")
    assert card.reference.startswith("ROI-")


def test_a_reference_of_its_own_is_kept_and_found_in_any_spelling(scene: Scene) -> None:
    grace = scene.person("grace", Role.ROI_SPECIALIST)
    log(scene, type=RequestType.PATIENT_ACCESS, received_on=date(2026, 11, 12), reference="roi-7k3qx")
    assert scene.do(grace, open_card, "7K3QX").reference == "ROI-7K3QX"
    before = scene.everything()
    with pytest.raises(ReferenceTaken):
        log(scene, type=RequestType.PATIENT_ACCESS, received_on=date(2026, 11, 12), reference="ROI-7K3QX")
    assert scene.everything() == before


def test_the_same_row_again_changes_nothing(scene: Scene) -> None:
    facts = {"type": RequestType.PATIENT_ACCESS, "received_on": date(2026, 11, 12), "external_key": KEY}
    first = log(scene, **facts)
    before = scene.everything()
    assert log(scene, **facts).reference == first.reference
    assert scene.everything() == before


def test_the_date_on_a_subpoena_counts_and_any_other_given_date_is_reckoned(scene: Scene) -> None:
    subpoena = log(
        scene, type=RequestType.SUBPOENA, received_on=date(2026, 11, 13), legal_state="NV",
        given_rule="SUBPOENA-DATE", given_due_on=date(2026, 12, 4),
    )  # fmt: skip
    assert (subpoena.due_rule, subpoena.due_on) == ("SUBPOENA-DATE", date(2026, 12, 4))
    access = log(
        scene, type=RequestType.PATIENT_ACCESS, received_on=date(2026, 11, 12), legal_state="CA",
        given_rule="CA-15C", given_due_on=date(2026, 12, 24),
    )  # fmt: skip
    assert access.due_on == date(2026, 11, 27)


@pytest.mark.parametrize(
    "facts",
    [
        {"type": RequestType.SUBPOENA, "received_on": date(2026, 11, 13)},
        {"type": RequestType.PAYER_ADR, "received_on": date(2026, 11, 13)},
    ],
)
def test_a_date_that_is_missing_is_asked_for_and_nothing_is_left_behind(scene: Scene, facts: dict[str, object]) -> None:
    before = scene.everything()
    with pytest.raises(MissingClockStart) as refused:
        log(scene, **facts)
    assert refused.value.field in {"letter_on", "letter_due_on"}
    assert scene.everything() == before


def test_an_unknown_record_is_refused(scene: Scene) -> None:
    with pytest.raises(BadInput, match="RR-22222"):
        log(scene, type=RequestType.PATIENT_ACCESS, received_on=date(2026, 11, 12), record="RR-22222")


def test_what_the_source_says_against_the_accounting_rule_is_asked_again(scene: Scene) -> None:
    coroner = log(scene, type=RequestType.CORONER, received_on=date(2026, 11, 12), accounting=False)
    access = log(scene, type=RequestType.PATIENT_ACCESS, received_on=date(2026, 11, 12), accounting=False)
    assert (coroner.accounting_required, access.accounting_required) == (None, False)


def test_an_authorization_nobody_looked_at_is_unchecked_where_one_is_needed(scene: Scene) -> None:
    attorney = log(scene, type=RequestType.ATTORNEY, received_on=date(2026, 11, 12))
    access = log(scene, type=RequestType.PATIENT_ACCESS, received_on=date(2026, 11, 12))
    assert attorney.authorization is AuthorizationStatus.UNCHECKED
    assert access.authorization is AuthorizationStatus.NOT_REQUIRED


def test_one_that_comes_pending_goes_on_where_its_authorization_allows(scene: Scene) -> None:
    waiting = {"state": RequestState.PENDING, "pend_reason": PendReason.RECORDS_OFFSITE, "received_on": date(2026, 11, 12)}
    assert log(scene, type=RequestType.ATTORNEY, **waiting).resumes_to is RequestState.AUTHORIZATION_REVIEW
    assert log(scene, type=RequestType.PATIENT_ACCESS, **waiting).resumes_to is RequestState.READY_TO_FULFILL


def test_the_record_lends_its_sensitive_categories(scene: Scene) -> None:
    first = log(
        scene, type=RequestType.PATIENT_ACCESS, received_on=date(2026, 11, 12), sensitive=(Sensitive.MENTAL_HEALTH,)
    )
    grace = scene.person("grace", Role.ROI_SPECIALIST)
    record = scene.do(grace, open_card, first.reference).record
    second = log(
        scene, type=RequestType.PATIENT_ACCESS, received_on=date(2026, 11, 12), record=record, sensitive=(Sensitive.VIP,)
    )
    assert second.sensitive == (Sensitive.MENTAL_HEALTH, Sensitive.VIP)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [(RequestType.PATIENT_ACCESS, False), (RequestType.SUBPOENA, True), (RequestType.RESEARCH, None)],
)
def test_where_the_source_is_silent_the_type_answers_the_accounting_question(
    kind: RequestType, answer: bool | None
) -> None:
    assert accounting_by_type(kind) is answer
