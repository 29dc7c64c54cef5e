"""All tables, one module per part of the desk."""

from storage.tables.assignments import AssignedRequest, AssignedTask, Assignment
from storage.tables.audit import AuditEntry, GuardEvent
from storage.tables.audits import AuditCase, AuditCode, AuditSample
from storage.tables.codes import CodeConcept, CodeEdition, CodeNote, CodeSystem, CodeTerm
from storage.tables.flags import AccuracyFlag, EducationNote, FlagHistory, FlagReporter
from storage.tables.intake import ColumnMapping, ImportRun
from storage.tables.notices import Notice, SlackPause, StaleCard
from storage.tables.people import Person
from storage.tables.records import Record
from storage.tables.reviews import (
    PhysicianQuery,
    ReviewTask,
    TaskCheck,
    TaskCode,
    TaskHistory,
    TaskHold,
    TaskOffer,
)
from storage.tables.roi import Disclosure, DueRuleVersion, RequestHistory, RoiRequest
from storage.tables.workspaces import Heartbeat, ProcessedRequest, Workspace

__all__ = [
    "AccuracyFlag",
    "AssignedRequest",
    "AssignedTask",
    "Assignment",
    "AuditCase",
    "AuditCode",
    "AuditEntry",
    "AuditSample",
    "CodeConcept",
    "CodeEdition",
    "CodeNote",
    "CodeSystem",
    "CodeTerm",
    "ColumnMapping",
    "Disclosure",
    "DueRuleVersion",
    "EducationNote",
    "FlagHistory",
    "FlagReporter",
    "GuardEvent",
    "Heartbeat",
    "ImportRun",
    "Notice",
    "Person",
    "PhysicianQuery",
    "ProcessedRequest",
    "Record",
    "RequestHistory",
    "ReviewTask",
    "RoiRequest",
    "SlackPause",
    "StaleCard",
    "TaskCheck",
    "TaskCode",
    "TaskHistory",
    "TaskHold",
    "TaskOffer",
    "Workspace",
]
