"""Where a guideline says it: a section number, never the words printed there."""

from __future__ import annotations

import re

from bot.errors import BadInput

#: ICD-10-CM: roman section, then letter and number in turn (I.C.9.a.1). ICD-10-PCS: a letter and numbers (B3.2a).
_DIAGNOSES = re.compile(r"(?P<part>IV|I{1,3})(?P<rest>(?:\.(?:[A-U]|\d{1,2}|[a-z]))*)", re.IGNORECASE)
_TURNS = re.compile(r"(?:\.[A-Z](?:\.\d{1,2}(?:\.[a-z](?:\.\d{1,2}(?:\.[a-z])?)?)?)?)?", re.IGNORECASE)
_PROCEDURES = re.compile(r"[A-D]\d{1,2}(?:\.\d{1,2}[a-z]?)?", re.IGNORECASE)
_LEAD = re.compile(r"^(?:official\s+)?(?:guidelines?|sections?|sec\.?|§)\s*", re.IGNORECASE)
LONGEST = 24


class CitationUnclear(BadInput):
    """Give only the section number of the guideline, such as I.C.9.a.1 or B3.2a. Its words stay where they are printed."""


def read_citation(text: str) -> str:
    """A section number as the guidelines print it: ``i.c.9.A.1`` as ``I.C.9.a.1``.

    Source of the numbering: ICD-10-CM and ICD-10-PCS Official Guidelines for Coding and Reporting.

    :raises CitationUnclear: for anything but a section number.
    """
    plain = _LEAD.sub("", text.strip()).strip(" .()").replace(" ", "")
    if len(plain) <= LONGEST:
        if _PROCEDURES.fullmatch(plain):
            return plain[0].upper() + plain[1:].lower()
        found = _DIAGNOSES.fullmatch(plain)
        if found and _TURNS.fullmatch(found["rest"]):
            return found["part"].upper() + found["rest"][:2].upper() + found["rest"][2:].lower()
    raise CitationUnclear(field="citation")
