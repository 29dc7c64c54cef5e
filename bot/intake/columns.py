"""What the header of a file says: columns we take, columns that look like identifiers, and columns nobody needs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.intake.errors import WrongColumns

#: Spelled in a header, each alone marks a column of identifiers (45 CFR 164.514(b)(2) lists the kinds).
_IDENTIFIER_WORDS = frozenset(
    "mrn emrn empi epi har csn fin ssn dob mbi hicn hic name surname lastname firstname fullname maiden birth birthdate birthday born "  # noqa: SIM905 - a page of quotes reads worse
    "address addr street zip zipcode postal city county phone telephone tel cell mobile fax email guarantor subscriber member insured "
    "beneficiary policy account acct passport license licence vin plate spouse mother father relative employer death deceased dod serial "
    "url photo fingerprint patientname patientid ptname mothersname fathersname dateofbirth medicalrecordnumber accountnumber "
    "hospitalaccount acctnumber memberid subscriberid phonenumber emailaddress streetaddress socialsecurity socialsecuritynumber "
    "guarantorname visitnumber encounterid contactserialnumber".split()
)  # fmt: skip
#: Words that only together mark one.
_IDENTIFIER_PHRASES = (
    "e mail", "medical record", "social security", "contact serial", "hospital account", "financial number", "next of kin",
    "emergency contact", "patient number", "pt number", "mr number", "visit number", "encounter number", "case number", "chart number",
    "medicare number", "medicaid number", "insurance number", "group number", "certificate number", "device number", "ip address",
    "person number", "unit number", "claim number", "control number",
)  # fmt: skip
#: A whole header that is one.
_IDENTIFIER_HEADERS = frozenset({"patient", "pt", "person", "last", "first", "mi", "mr", "member", "kin"})
#: Whose name is no patient's, so that "Facility Name" is not one.
_NOT_A_PATIENT = frozenset(
    "payer payor plan facility hospital provider physician attending coder department dept queue workqueue file rule location site "  # noqa: SIM905
    "service clinic unit product drg task type status reason user owner assigned".split()
)
#: What an account may have that is no number.
_OF_AN_ACCOUNT = frozenset({"balance", "bal", "status", "class", "type"})
#: Of two identifying columns, the first of these that a file has finds the row again; only its keyed hash is kept.
_ROW_KEYS = (
    "har",
    "hospital account",
    "csn",
    "contact serial",
    "fin",
    "financial number",
    "account",
    "acct",
    "encounter",
    "visit",
)
_NUMBER_WORDS = frozenset({"id", "ids", "no", "nbr", "num", "nr", "identifier"})


@dataclass(frozen=True, slots=True)
class ColumnSet:
    """The columns one kind of import takes: by field the names other systems give it, and what a file cannot do without."""

    kind: str
    aliases: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]

    def field_of(self, header: str) -> str | None:
        """The field a header means."""
        wanted = joined(header)
        return next(
            (field for field, names in self.aliases.items() if wanted in {joined(name) for name in (field, *names)}),
            None,
        )


@dataclass(frozen=True, slots=True)
class Header:
    """A header understood: where each field stands, which column finds a row again, what is left out and why."""

    places: Mapping[str, int]
    row_key: tuple[int, str] | None
    identifiers: tuple[str, ...]
    ignored: tuple[str, ...]
    width: int


def understand(cells: Sequence[str], columns: ColumnSet) -> Header:
    """Sort the columns of a file.

    :raises WrongColumns: when no column is known, which means that there is no header.
    """
    places: dict[str, int] = {}
    identifiers: list[int] = []
    ignored: list[int] = []
    for position, cell in enumerate(cells):
        field = columns.field_of(cell)
        if field is not None and (field not in places or joined(cell) == joined(field)):
            ignored += [places[field]] if field in places else []
            places[field] = position
        elif field is None and looks_identifying(cell):
            identifiers.append(position)
        elif cell.strip():
            ignored.append(position)
    if not places:
        raise WrongColumns(
            f"The first line names no column this import knows. It needs: {', '.join(columns.required)}."
        )
    return Header(
        places=places,
        row_key=_row_key(cells, identifiers),
        identifiers=tuple(cells[at].strip() for at in identifiers),
        ignored=tuple(cells[at].strip() for at in sorted(ignored)),
        width=len(cells),
    )


def require(header: Header, columns: ColumnSet) -> None:
    """Check that a file has what it cannot do without. ``a|b`` means that one of the two is enough; a row key stands for ``external_key``.

    :raises WrongColumns: naming what is missing.
    """
    there = {*header.places, *(["external_key"] if header.row_key else [])}
    missing = [need.replace("|", " or ") for need in columns.required if there.isdisjoint(need.split("|"))]
    if missing:
        raise WrongColumns(f"Nothing was imported: the file lacks the column {', and '.join(missing)}.")


def looks_identifying(header: str) -> bool:
    """Whether a column of this name probably identifies a patient."""
    words = _words(header)
    phrase = " ".join(words)
    if phrase in _IDENTIFIER_HEADERS or any(re.search(rf"\b{known}\b", phrase) for known in _IDENTIFIER_PHRASES):
        return True
    found = {joined(header), *words} & _IDENTIFIER_WORDS
    harmless = (found == {"name"} and _NOT_A_PATIENT & set(words)) or (
        found <= {"account", "acct"} and _OF_AN_ACCOUNT & set(words)
    )
    return bool(found) and not harmless


def joined(header: str) -> str:
    """A header without spaces and signs: ``Disch Date`` and ``disch_date`` are one."""
    return re.sub(r"[^a-z0-9#]", "", header.lower())


def _words(header: str) -> list[str]:
    """``PatientName`` and ``Pt. Acct #``, as small words: every sign for a number is "number"."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header).replace("#", " number ")
    return ["number" if word in _NUMBER_WORDS else word for word in re.findall(r"[a-z0-9]+", spaced.lower())]


def _row_key(cells: Sequence[str], identifiers: Sequence[int]) -> tuple[int, str] | None:
    for wanted in _ROW_KEYS:
        for position in identifiers:
            if re.search(rf"\b{wanted}\b", " ".join(_words(cells[position]))):
                return position, wanted
    return None
