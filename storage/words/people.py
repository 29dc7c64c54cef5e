"""The fixed words of people: what somebody may do."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person may do; a person may have several, and without any may only look up codes."""

    SPECIALIST = "specialist"
    ROI_SPECIALIST = "roi_specialist"
    AUDITOR = "auditor"
    SUPERVISOR = "supervisor"
    PRIVACY_OFFICER = "privacy_officer"
    ADMIN = "admin"
