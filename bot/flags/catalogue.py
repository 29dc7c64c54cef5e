"""The error types of accuracy flags: their group, how each is called in a list, and how severe it usually is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from storage.words import ErrorGroup, ErrorType, Severity

#: Most harmful first.
SEVERITY_ORDER = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """One error type: ``preset`` is its severity unless the reporter says otherwise."""

    type: ErrorType
    group: ErrorGroup
    preset: Severity
    label: str


class CodesAsked(Enum):
    """Which codes a form asks about: none, the one concerned, or both as it is and as it should be."""

    NONE = auto()
    ONE = auto()
    BOTH = auto()


def codes_asked(group: ErrorGroup) -> CodesAsked:
    """Which codes a problem of this group may name."""
    if group in {ErrorGroup.SEQUENCING, ErrorGroup.DIAGNOSIS, ErrorGroup.PROCEDURE}:
        return CodesAsked.BOTH
    return CodesAsked.ONE if group is ErrorGroup.ABSTRACT else CodesAsked.NONE


def kind_of(error_type: ErrorType) -> ErrorKind:
    """What the catalogue says about an error type."""
    return _BY_TYPE[error_type]


def kinds_in(group: ErrorGroup) -> tuple[ErrorKind, ...]:
    """The error types of a group, in the order a form offers them."""
    return tuple(kind for kind in CATALOGUE if kind.group is group)


def is_worse(one: Severity, other: Severity) -> bool:
    """Whether one severity is more harmful than the other."""
    return SEVERITY_ORDER.index(one) < SEVERITY_ORDER.index(other)


_G, _T, _S = ErrorGroup, ErrorType, Severity

#: Critical are patient identity and wrong recipient; high what changes the DRG, the payment or the principal diagnosis; medium a CC or MCC without a shift,
#: the POA indicator, a modifier, the disposition.
CATALOGUE: tuple[ErrorKind, ...] = (
    ErrorKind(_T.WRONG_PRINCIPAL_DIAGNOSIS, _G.SEQUENCING, _S.HIGH, "Wrong principal diagnosis"),
    ErrorKind(_T.SYMPTOM_AS_PRINCIPAL, _G.SEQUENCING, _S.HIGH, "Symptom instead of the confirmed diagnosis"),
    ErrorKind(_T.WRONG_DIAGNOSIS, _G.DIAGNOSIS, _S.MEDIUM, "Wrong diagnosis code"),
    ErrorKind(_T.MISSED_DIAGNOSIS, _G.DIAGNOSIS, _S.MEDIUM, "Missed diagnosis"),
    ErrorKind(_T.MISSED_CC_MCC, _G.DIAGNOSIS, _S.MEDIUM, "Missed CC or MCC"),
    ErrorKind(_T.UNJUSTIFIED_DIAGNOSIS, _G.DIAGNOSIS, _S.MEDIUM, "Diagnosis not supported by the record"),
    ErrorKind(_T.UNSPECIFIED_DIAGNOSIS, _G.DIAGNOSIS, _S.LOW, "Unspecified though specific is documented"),
    ErrorKind(_T.LATERALITY, _G.DIAGNOSIS, _S.LOW, "Laterality"),
    ErrorKind(_T.SEVENTH_CHARACTER, _G.DIAGNOSIS, _S.LOW, "7th character"),
    ErrorKind(_T.EXCLUDES1, _G.DIAGNOSIS, _S.MEDIUM, "Excludes1 conflict"),
    ErrorKind(_T.MISSING_INSTRUCTED_CODE, _G.DIAGNOSIS, _S.LOW, "Missing code first or use additional"),
    ErrorKind(_T.INVALID_FOR_DATE, _G.DIAGNOSIS, _S.MEDIUM, "Code not valid on the date"),
    ErrorKind(_T.WRONG_PROCEDURE, _G.PROCEDURE, _S.HIGH, "Wrong procedure code"),
    ErrorKind(_T.MISSING_PROCEDURE, _G.PROCEDURE, _S.HIGH, "Missing procedure"),
    ErrorKind(_T.UNJUSTIFIED_PROCEDURE, _G.PROCEDURE, _S.HIGH, "Procedure not supported by the record"),
    ErrorKind(_T.MODIFIER, _G.PROCEDURE, _S.MEDIUM, "Modifier"),
    ErrorKind(_T.UNBUNDLED, _G.PROCEDURE, _S.HIGH, "Unbundled"),
    ErrorKind(_T.UNITS, _G.PROCEDURE, _S.HIGH, "Units"),
    ErrorKind(_T.POA_INDICATOR, _G.ABSTRACT, _S.MEDIUM, "POA indicator"),
    ErrorKind(_T.DISCHARGE_DISPOSITION, _G.ABSTRACT, _S.MEDIUM, "Discharge disposition"),
    ErrorKind(_T.ADMIT_SOURCE, _G.ABSTRACT, _S.LOW, "Admit source"),
    ErrorKind(_T.ABSTRACT_DATES, _G.ABSTRACT, _S.LOW, "Dates in the abstract"),
    ErrorKind(_T.ABSTRACT_PROVIDER, _G.ABSTRACT, _S.LOW, "Provider in the abstract"),
    ErrorKind(_T.DRG_APC_CHANGE, _G.GROUPING, _S.HIGH, "DRG or APC changes"),
    ErrorKind(_T.WRONG_PATIENT, _G.RECORD_INTEGRITY, _S.CRITICAL, "Wrong patient or overlay"),
    ErrorKind(_T.MISFILED, _G.RECORD_INTEGRITY, _S.HIGH, "Misfiled document"),
    ErrorKind(_T.MISSING_DOCUMENT, _G.RECORD_INTEGRITY, _S.MEDIUM, "Missing document"),
    ErrorKind(_T.MISSING_SIGNATURE, _G.RECORD_INTEGRITY, _S.LOW, "Missing signature"),
    ErrorKind(_T.CONFLICTING_DOCUMENTATION, _G.RECORD_INTEGRITY, _S.MEDIUM, "Conflicting documentation"),
    ErrorKind(_T.COPY_FORWARD, _G.RECORD_INTEGRITY, _S.LOW, "Copied forward"),
    ErrorKind(_T.DEMOGRAPHIC, _G.REGISTRATION, _S.MEDIUM, "Demographic data"),
    ErrorKind(_T.INSURANCE, _G.REGISTRATION, _S.HIGH, "Insurance"),
    ErrorKind(_T.PATIENT_CLASS, _G.REGISTRATION, _S.HIGH, "Patient class"),
    ErrorKind(_T.DUPLICATE_ACCOUNT, _G.REGISTRATION, _S.HIGH, "Duplicate account"),
    ErrorKind(_T.WRONG_RECIPIENT, _G.RELEASE, _S.CRITICAL, "Released to the wrong recipient"),
    ErrorKind(_T.OVER_DISCLOSURE, _G.RELEASE, _S.HIGH, "More released than asked for"),
    ErrorKind(_T.SENSITIVE_NOT_AUTHORIZED, _G.RELEASE, _S.HIGH, "Sensitive content without authorization"),
)
_BY_TYPE = {kind.type: kind for kind in CATALOGUE}
