"""The fixed words of the desk, as the people of a records desk name them. Words only: what may follow what is decided in ``bot``."""

from __future__ import annotations

from storage.words.audits import CaseState, SampleBasis
from storage.words.codes import ConceptKind, EditionOrigin, EditionState, NoteKind, TermKind
from storage.words.flags import ErrorGroup, ErrorType, FlagEvent, FlagOutcome, FlagState, RootReason, Severity
from storage.words.intake import ImportState
from storage.words.notices import NoticeKind, NoticeState, Subject, Surface
from storage.words.people import Role
from storage.words.records import Sensitive
from storage.words.releases import (
    AuthorizationStatus,
    ClockStart,
    DeliveryMethod,
    ExtensionReason,
    PendReason,
    Purpose,
    Requester,
    RequestState,
    RequestType,
)
from storage.words.reviews import (
    CancelReason,
    CheckItem,
    HoldReason,
    OfferState,
    PayerClass,
    Priority,
    QueryCategory,
    QueryOutcome,
    QueryState,
    ReturnReason,
    TaskEvent,
    TaskSetting,
    TaskState,
    TaskType,
)

__all__ = [
    "AuthorizationStatus",
    "CancelReason",
    "CaseState",
    "CheckItem",
    "ClockStart",
    "ConceptKind",
    "DeliveryMethod",
    "EditionOrigin",
    "EditionState",
    "ErrorGroup",
    "ErrorType",
    "ExtensionReason",
    "FlagEvent",
    "FlagOutcome",
    "FlagState",
    "HoldReason",
    "ImportState",
    "NoteKind",
    "NoticeKind",
    "NoticeState",
    "OfferState",
    "PayerClass",
    "PendReason",
    "Priority",
    "Purpose",
    "QueryCategory",
    "QueryOutcome",
    "QueryState",
    "RequestState",
    "RequestType",
    "Requester",
    "ReturnReason",
    "Role",
    "RootReason",
    "SampleBasis",
    "Sensitive",
    "Severity",
    "Subject",
    "Surface",
    "TaskEvent",
    "TaskSetting",
    "TaskState",
    "TaskType",
    "TermKind",
]
