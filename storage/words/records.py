"""The fixed words of records."""

from __future__ import annotations

from enum import StrEnum


class Sensitive(StrEnum):
    """Categories shown only to those who may act on them."""

    SUD_PART2 = "sud_part2"
    MENTAL_HEALTH = "mental_health"
    PSYCHOTHERAPY_NOTES = "psychotherapy_notes"
    HIV = "hiv"
    REPRODUCTIVE = "reproductive"
    GENETIC = "genetic"
    MINOR = "minor"
    VIP = "vip"
    EMPLOYEE = "employee"
