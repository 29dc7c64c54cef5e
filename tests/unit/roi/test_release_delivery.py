"""Delivery is refused while anything stands in its way, one by one; and it is done, and accounted for, once."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from bot.errors import Stale
from bot.flags.flow import take_step
from bot.flags.reporting import Problem, report
from bot.flags.states import Step
from bot.roi.answers import (
    AccountingDemanded,
    AuthorizationFound,
    ExpiredAlready,
    NotForThisType,
    answer_accounting,
    record_authorization,
)
from bot.roi.blocks import BlockKind, what_blocks
from bot.roi.cards import RoiCard
from bot.roi.checklist import AuthorizationPart, Checklist, PartsMissing, SignedLater
from bot.roi.delivery import DeliveryBlocked, NotYoursToDeliver, deliver
from bot.roi.requests import open_card
from bot.roi.types import TYPE_RULES, accounting_demanded
from bot.roi.work import NotYourRequest
from storage.tables import Disclosure
from storage.words import AuthorizationStatus, ErrorType, RequestState, RequestType, Role, Sensitive
from tests.unit.roi.scene import Scene

A = AuthorizationStatus


@pytest.fixture
def grace(scene: Scene) -> str:
    return scene.person("grace", Role.ROI_SPECIALIST)


@pytest.fixture
def omar(scene: Scene) -> str:
    return scene.person("omar", Role.ROI_SPECIALIST)


def refused(scene: Scene, who: str, reference: str) -> list[BlockKind]:
    """What delivery is refused for; nothing may have changed by trying, and the card says the same."""
    before = scene.everything()
    with pytest.raises(DeliveryBlocked) as blocked:
        scene.do(who, deliver, reference)
    assert scene.everything() == before
    shown = scene.do(who, open_card, reference).blocks
    assert shown == blocked.value.blocks
    assert all(block.sentence in blocked.value.sentence for block in shown)
    return [block.kind for block in shown]


def delivered(scene: Scene, who: str, reference: str) -> RoiCard:
    card = scene.do(who, deliver, reference)
    assert (card.state, card.blocks) == (RequestState.DELIVERED, ())
    return card


def disclosures(scene: Scene) -> int:
    with scene.database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Disclosure)) or 0


def test_delivered_is_refused_while_a_required_authorization_is_not_checked(scene: Scene, grace: str, omar: str) -> None:
    reference = scene.ready_to_send(grace, omar, type=RequestType.ATTORNEY)
    assert refused(scene, grace, reference) == [BlockKind.AUTHORIZATION]
    scene.do(grace, record_authorization, reference, scene.rules, AuthorizationFound(A.INVALID))
    assert refused(scene, grace, reference) == [BlockKind.AUTHORIZATION]
    scene.do(grace, record_authorization, reference, scene.rules, AuthorizationFound(A.VALID))
    delivered(scene, grace, reference)


def test_delivered_is_refused_from_the_day_after_the_authorization_ends(scene: Scene, grace: str, omar: str) -> None:
    reference = scene.ready_to_send(grace, omar, type=RequestType.ATTORNEY)
    scene.do(grace, record_authorization, reference, scene.rules, AuthorizationFound(A.VALID, date(2026, 11, 24)))
    scene.move(days=1)
    assert scene.do(grace, open_card, reference).blocks == ()
    scene.move(days=1)
    assert refused(scene, grace, reference) == [BlockKind.AUTHORIZATION]


def test_the_day_an_authorization_ends_is_that_of_the_legal_zone(scene: Scene, grace: str, omar: str) -> None:
    reference = scene.ready_to_send(
        grace, omar, type=RequestType.ATTORNEY, authorization=A.VALID, authorization_expires_on=date(2026, 11, 23)
    )
    scene.move(hours=12)
    assert scene.now.date() == date(2026, 11, 24)
    delivered(scene, grace, reference)


def test_delivered_is_refused_while_qa_was_done_by_the_preparer(scene: Scene, grace: str, omar: str) -> None:
    reference = scene.ready_to_send(grace, grace)
    assert refused(scene, grace, reference) == [BlockKind.QA]
    with scene.row(reference) as request:
        request.checked_by_id = scene.key_of(omar)
    delivered(scene, grace, reference)


def test_delivered_is_refused_while_nobody_recorded_the_qa(scene: Scene, grace: str) -> None:
    reference = scene.release(grace, state=RequestState.READY_TO_SEND)
    assert refused(scene, grace, reference) == [BlockKind.QA]


def test_delivered_is_refused_while_a_critical_flag_is_open_on_the_record(scene: Scene, grace: str, omar: str) -> None:
    noor = scene.person("noor", Role.SPECIALIST)
    ana = scene.person("ana", Role.AUDITOR)
    task, record = scene.task(noor)
    reference = scene.ready_to_send(grace, omar, record=record)
    flag = scene.do(ana, report, task, Problem(ErrorType.WRONG_PATIENT)).reference
    assert refused(scene, grace, reference) == [BlockKind.CRITICAL_FLAG]
    with pytest.raises(DeliveryBlocked, match=flag):
        scene.do(grace, deliver, reference)
    for who, step in ((noor, Step.ACKNOWLEDGE), (noor, Step.ACCEPT), (noor, Step.CORRECT)):
        scene.do(who, take_step, flag, step)
        assert refused(scene, grace, reference) == [BlockKind.CRITICAL_FLAG]
    scene.do(ana, take_step, flag, Step.VERIFY)
    delivered(scene, grace, reference)


def test_a_flag_that_is_not_critical_or_on_another_record_blocks_nothing(scene: Scene, grace: str, omar: str) -> None:
    ana = scene.person("ana", Role.AUDITOR)
    task, record = scene.task()
    elsewhere, _ = scene.task()
    reference = scene.ready_to_send(grace, omar, record=record)
    scene.do(ana, report, task, Problem(ErrorType.MISFILED))
    scene.do(ana, report, elsewhere, Problem(ErrorType.WRONG_PATIENT))
    delivered(scene, grace, reference)


def test_delivered_is_refused_while_sensitive_content_has_no_authorization_of_its_own(
    scene: Scene, grace: str, omar: str
) -> None:
    reference = scene.ready_to_send(grace, omar, sensitive=(Sensitive.SUD_PART2,))
    assert refused(scene, grace, reference) == [BlockKind.SENSITIVE]
    scene.do(grace, record_authorization, reference, scene.rules, AuthorizationFound(A.VALID, sensitive_authorized=True))
    delivered(scene, grace, reference)


def test_who_a_record_is_about_is_no_sensitive_content(scene: Scene, grace: str, omar: str) -> None:
    reference = scene.ready_to_send(grace, omar, sensitive=(Sensitive.VIP, Sensitive.MINOR))
    delivered(scene, grace, reference)


def test_an_invalid_authorization_does_not_name_sensitive_content(scene: Scene, grace: str, omar: str) -> None:
    reference = scene.ready_to_send(grace, omar, type=RequestType.ATTORNEY, sensitive=(Sensitive.HIV,))
    scene.do(grace, record_authorization, reference, scene.rules, AuthorizationFound(A.INVALID, sensitive_authorized=True))
    assert refused(scene, grace, reference) == [BlockKind.AUTHORIZATION, BlockKind.SENSITIVE]


def test_delivered_is_refused_while_the_accounting_question_is_unanswered(scene: Scene, grace: str, omar: str) -> None:
    reference = scene.ready_to_send(grace, omar, accounting=None)
    assert refused(scene, grace, reference) == [BlockKind.ACCOUNTING]
    scene.do(grace, answer_accounting, reference, required=False)
    delivered(scene, grace, reference)
    assert disclosures(scene) == 0


def test_everything_that_blocks_is_named_at_once(scene: Scene, grace: str) -> None:
    reference = scene.ready_to_send(
        grace, grace, type=RequestType.ATTORNEY, sensitive=(Sensitive.GENETIC,), accounting=None
    )
    assert refused(scene, grace, reference) == [
        BlockKind.AUTHORIZATION, BlockKind.QA, BlockKind.SENSITIVE, BlockKind.ACCOUNTING,
    ]  # fmt: skip


def test_a_delivery_that_must_be_accounted_for_leaves_one_line_however_often_it_is_clicked(
    scene: Scene, grace: str, omar: str
) -> None:
    reference = scene.ready_to_send(
        grace, omar, type=RequestType.SUBPOENA, letter_due_on=date(2026, 12, 4), accounting=True, pages=40
    )
    first = delivered(scene, grace, reference)
    before = scene.everything()
    scene.move(hours=1)
    assert scene.do(grace, deliver, reference).delivered_at == first.delivered_at
    assert scene.everything() == before
    assert disclosures(scene) == 1


def test_no_is_refused_where_the_type_demands_the_accounting(scene: Scene, grace: str, omar: str) -> None:
    reference = scene.ready_to_send(
        grace, omar, type=RequestType.SUBPOENA, letter_due_on=date(2026, 12, 4), accounting=None
    )
    with pytest.raises(AccountingDemanded) as refusal:
        scene.do(grace, answer_accounting, reference, required=False)
    assert refusal.value.field == "accounting"
    assert scene.do(grace, answer_accounting, reference, required=True).permission.accounting is True


def test_a_waiver_for_research_opens_the_accounting_question_again(scene: Scene, grace: str, omar: str) -> None:
    reference = scene.ready_to_send(grace, omar, type=RequestType.RESEARCH)
    scene.do(grace, record_authorization, reference, scene.rules, AuthorizationFound(A.WAIVER))
    assert refused(scene, grace, reference) == [BlockKind.ACCOUNTING]


@pytest.mark.parametrize(
    ("request_type", "authorization", "demanded"),
    [
        (RequestType.SUBPOENA, A.NOT_REQUIRED, True),
        (RequestType.COURT_ORDER, A.NOT_REQUIRED, True),
        (RequestType.WORKERS_COMP, A.NOT_REQUIRED, True),
        (RequestType.PUBLIC_HEALTH, A.NOT_REQUIRED, True),
        (RequestType.LAW_ENFORCEMENT, A.NOT_REQUIRED, True),
        (RequestType.HEALTH_OVERSIGHT, A.NOT_REQUIRED, True),
        (RequestType.CORONER, A.NOT_REQUIRED, True),
        (RequestType.RESEARCH, A.WAIVER, True),
        (RequestType.RESEARCH, A.VALID, False),
        (RequestType.SUBPOENA, A.VALID, False),
        (RequestType.PATIENT_ACCESS, A.NOT_REQUIRED, False),
        (RequestType.CONTINUITY_OF_CARE, A.NOT_REQUIRED, False),
        (RequestType.PAYER_REQUEST, A.NOT_REQUIRED, False),
        (RequestType.ATTORNEY, A.VALID, False),
    ],
)
def test_what_goes_into_the_accounting(request_type: RequestType, authorization: A, demanded: bool) -> None:
    assert accounting_demanded(request_type, authorization) is demanded


def test_every_type_of_request_has_its_rule() -> None:
    assert set(TYPE_RULES) == set(RequestType)


def test_an_authorization_that_is_over_is_not_recorded_as_valid(scene: Scene, grace: str) -> None:
    reference = scene.release(grace, type=RequestType.ATTORNEY)
    with pytest.raises(ExpiredAlready) as refusal:
        scene.do(grace, record_authorization, reference, scene.rules, AuthorizationFound(A.VALID, date(2026, 11, 22)))
    assert refusal.value.field == "authorization_expires"


def test_a_type_takes_only_the_results_it_can_have(scene: Scene, grace: str) -> None:
    reference = scene.release(grace, type=RequestType.ATTORNEY)
    for result in (A.NOT_REQUIRED, A.WAIVER, A.UNCHECKED):
        with pytest.raises(NotForThisType):
            scene.do(grace, record_authorization, reference, scene.rules, AuthorizationFound(result))


def test_what_is_not_ready_is_not_delivered(scene: Scene, grace: str) -> None:
    reference = scene.release(grace, state=RequestState.RETRIEVAL)
    with pytest.raises(Stale, match="is retrieval"):
        scene.do(grace, deliver, reference)


def test_only_its_owner_a_supervisor_or_a_privacy_officer_delivers(scene: Scene, grace: str, omar: str) -> None:
    priya = scene.person("priya", Role.SUPERVISOR)
    reference = scene.ready_to_send(grace, omar)
    with pytest.raises(NotYoursToDeliver):
        scene.do(omar, deliver, reference)
    with pytest.raises(NotYourRequest):
        scene.do(omar, answer_accounting, reference, required=True)
    delivered(scene, priya, reference)


def test_what_blocks_can_be_asked_without_a_reader(scene: Scene, grace: str, omar: str) -> None:
    reference = scene.ready_to_send(grace, omar, accounting=None)
    with scene.row(reference) as request:
        session = sa.orm.object_session(request)
        assert session is not None
        assert [block.kind for block in what_blocks(session, request, scene.now)] == [BlockKind.ACCOUNTING]


EVERYTHING = frozenset(AuthorizationPart)


def test_a_valid_authorization_has_every_part_of_the_checklist(scene: Scene, grace: str) -> None:
    reference = scene.release(grace, type=RequestType.ATTORNEY)
    before = scene.everything()
    lacking = Checklist(EVERYTHING - {AuthorizationPart.EXPIRATION, AuthorizationPart.REVOCATION})
    with pytest.raises(PartsMissing, match="Not ticked: an expiration date or event, the right to revoke it") as refused:
        scene.do(grace, record_authorization, reference, scene.rules, AuthorizationFound(A.VALID, checklist=lacking))
    assert refused.value.field == "parts"
    with pytest.raises(SignedLater):
        scene.do(grace, record_authorization, reference, scene.rules, AuthorizationFound(A.VALID, checklist=Checklist(EVERYTHING, date(2026, 11, 24))))
    assert scene.everything() == before
    card = scene.do(grace, record_authorization, reference, scene.rules, AuthorizationFound(A.INVALID, checklist=lacking))
    assert card.permission.authorization is A.INVALID
    assert scene.do(grace, record_authorization, reference, scene.rules, AuthorizationFound(A.VALID, checklist=Checklist(EVERYTHING))).blocks == ()


def test_the_ssa_form_ends_twelve_months_after_its_signature_and_an_old_one_is_over(scene: Scene, grace: str) -> None:
    reference = scene.release(grace, type=RequestType.DISABILITY_SSA)
    signed = Checklist(EVERYTHING, date(2026, 3, 1))
    card = scene.do(grace, record_authorization, reference, scene.rules, AuthorizationFound(A.VALID, checklist=signed))
    assert card.permission.expires_on == date(2027, 3, 1)
    with pytest.raises(ExpiredAlready):
        scene.do(grace, record_authorization, reference, scene.rules, AuthorizationFound(A.VALID, checklist=Checklist(EVERYTHING, date(2025, 11, 20))))
    card = scene.do(grace, record_authorization, reference, scene.rules, AuthorizationFound(A.VALID, date(2026, 12, 24), checklist=signed))
    assert card.permission.expires_on == date(2026, 12, 24)
