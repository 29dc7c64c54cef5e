"""What the guard reports: where, which kind, and what the policy asks for. Never the value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    """Kinds of identifiers, after 45 CFR 164.514(b)(2)."""

    NAME = "NAME"
    INITIALS = "INITIALS"
    DOB = "DOB"
    DATE = "DATE"
    MRN = "MRN"
    SSN = "SSN"
    SSN_LAST4 = "SSN_LAST4"
    MBI = "MBI"
    MEMBER_ID = "MEMBER_ID"
    ACCOUNT = "ACCOUNT"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    ADDRESS = "ADDRESS"
    CITY = "CITY"
    LICENSE = "LICENSE"
    VEHICLE = "VEHICLE"
    DEVICE = "DEVICE"
    URL = "URL"
    IP = "IP"
    CARD = "CARD"
    AGE90 = "AGE90"


class Action(StrEnum):
    """What the policy asks for: ``block`` has no override, ``confirm`` takes one of the fixed reasons."""

    BLOCK = "block"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Finding:
    """Characters ``start`` to ``end`` (half-open) of the text look like a ``label``; ``action`` says what the policy asks for."""

    start: int
    end: int
    label: Label
    action: Action


@dataclass(frozen=True, slots=True)
class Hit:
    """A finding before the policy has spoken. ``direct`` marks a name right after "pt", "patient" or "name:"."""

    start: int
    end: int
    label: Label
    direct: bool = False
