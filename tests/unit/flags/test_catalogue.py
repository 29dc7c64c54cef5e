"""Every error type is offered once, in one group, with the severity the desk's rules give it."""

from __future__ import annotations

from collections import Counter

from bot.flags.catalogue import CATALOGUE, is_worse, kind_of, kinds_in
from storage.words import ErrorGroup, ErrorType, Severity


def test_every_error_type_is_offered_exactly_once() -> None:
    assert Counter(kind.type for kind in CATALOGUE) == Counter(ErrorType)


def test_every_group_offers_something_and_fits_a_menu_of_slack() -> None:
    for group in ErrorGroup:
        assert 1 <= len(kinds_in(group)) <= 100
    assert all(len(f"{kind.label} ({kind.preset})") <= 75 for kind in CATALOGUE)


def test_only_patient_identity_and_wrong_recipient_are_critical_from_the_start() -> None:
    critical = {kind.type for kind in CATALOGUE if kind.preset is Severity.CRITICAL}
    assert critical == {ErrorType.WRONG_PATIENT, ErrorType.WRONG_RECIPIENT}


def test_principal_diagnosis_and_drg_are_high_and_poa_and_modifier_medium() -> None:
    for error_type in (ErrorType.WRONG_PRINCIPAL_DIAGNOSIS, ErrorType.DRG_APC_CHANGE):
        assert kind_of(error_type).preset is Severity.HIGH
    for error_type in (ErrorType.POA_INDICATOR, ErrorType.MODIFIER, ErrorType.DISCHARGE_DISPOSITION, ErrorType.MISSED_CC_MCC):
        assert kind_of(error_type).preset is Severity.MEDIUM


def test_critical_is_worse_than_high_and_nothing_is_worse_than_itself() -> None:
    assert is_worse(Severity.CRITICAL, Severity.HIGH)
    assert not is_worse(Severity.LOW, Severity.MEDIUM)
    assert not is_worse(Severity.HIGH, Severity.HIGH)
