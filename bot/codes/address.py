"""What stands for a code behind a button or a choice: the code alone where ICD-10-CM in force is meant, else its system in front, and its edition where another
one than that in force was shown: ``J15.0``, ``hcpcs:E0840``, ``icd-10-cm@2026-10:R05.82``. E0840 is a frame in HCPCS and E08.40 a kind of diabetes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot.codes.catalogue import Edition, editions, latest_edition
from bot.codes.official import ICD_10_CM

_NAMED = re.compile(r"(?P<system>[a-z0-9][a-z0-9.\-]*)(?:@(?P<edition>[a-z0-9.\-]+))?:(?P<code>[^\s:]+)")


@dataclass(frozen=True, slots=True)
class Address:
    """A code, and the slugs of the system and the edition it is meant in; None where the ones in force are."""

    code: str
    system: str | None = None
    edition: str | None = None


def read_address(text: str) -> Address:
    """Take an address apart; a text that is none is a code."""
    found = _NAMED.fullmatch(text.strip())
    return Address(found["code"], found["system"], found["edition"]) if found else Address(text)


def bare_code(text: str) -> str:
    """The code of an address alone."""
    return read_address(text).code


def address_of(session: Session, edition: Edition, today: date) -> str:
    """What stands before the codes of an edition; empty for ICD-10-CM in force."""
    if latest_edition(session, edition.system, today).id != edition.id:
        return f"{edition.system}@{edition.slug}:"
    return "" if edition.system == ICD_10_CM else f"{edition.system}:"


def edition_meant(session: Session, address: Address, today: date) -> Edition | None:
    """The edition an address names, the one in force where that is gone; None when no system is named that is loaded."""
    there = editions(session, address.system) if address.system else []
    named = next((one for one in there if one.slug == address.edition), None)
    return named or (latest_edition(session, there[0].system, today) if there else None)
