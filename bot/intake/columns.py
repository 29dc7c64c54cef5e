"""What the header of a file says: columns we take, columns that look like identifiers, and columns nobody needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

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
#: What a remembered header means when nothing of ours is in its column.
LEFT_OUT = ""
#: More of a header is never shown.
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class ColumnSet:
    """The columns one kind of import takes: by field the names other systems give it, what a file cannot do without, and where references of ours stand."""

    kind: str
    aliases: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    references: tuple[str, ...] = ()
    _fields: Mapping[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Spell every name as headers are compared; where two fields share one, the first counts."""
        names = [(joined(name), field) for field, others in self.aliases.items() for name in (field, *others)]
        object.__setattr__(self, "_fields", dict(reversed(names)))

    def field_of(self, header: str) -> str | None:
        """The field a header means."""
        return self._fields.get(joined(header))

    def known(self, cells: Sequence[str]) -> int:
        """How many headers of a file mean something to this kind of import."""
        return sum(self.field_of(cell) is not None for cell in cells)


def _nothing_remembered(_header: str) -> str | None:
    return None


def _shown_as_it_is(_header: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Headings:
    """What is known about headers beside the lists of this module.

    ``remembered`` gives the field somebody said a header means, :data:`LEFT_OUT` when nothing of ours is in it, None when nobody said anything.
    ``showable`` tells whether a header may be repeated: the first line of a file without a header is data.
    """

    remembered: Callable[[str], str | None] = field(default=_nothing_remembered)
    showable: Callable[[str], bool] = field(default=_shown_as_it_is)

    def name(self, cells: Sequence[str], position: int) -> str:
        """What a column is called in what people read."""
        header = cells[position].strip()
        if len(header) <= LONGEST_NAME and (looks_identifying(header) or self.showable(header)):
            return header
        return f"column {position + 1}"


@dataclass(frozen=True, slots=True)
class Header:
    """A header understood: where each field stands, which column finds a row again, what is left out and why.

    ``others`` are the columns somebody may still say something about: neither identifying nor blank, by name and place.
    """

    places: Mapping[str, int]
    row_key: tuple[int, str] | None
    identifiers: tuple[str, ...]
    ignored: tuple[str, ...]
    others: tuple[tuple[str, int], ...]
    width: int


def understand(cells: Sequence[str], columns: ColumnSet, headings: Headings | None = None) -> Header:
    """Sort the columns of a file. What somebody said about a header counts before our lists; an identifying column is one whatever was said.

    :raises WrongColumns: when no column is known, which means that there is no header.
    """
    headings = headings or Headings()
    places: dict[str, int] = {}
    said: set[str] = set()
    identifiers: list[int] = []
    ignored: list[int] = []
    for position, cell in enumerate(cells):
        own, stated = columns.field_of(cell), headings.remembered(cell) if cell.strip() else None
        found = own if stated is None else stated
        if own is None and looks_identifying(cell):
            identifiers.append(position)
        elif not found:
            ignored += [position] if cell.strip() else []
        elif found not in places or (found not in said and (stated is not None or _fits_better(cell, cells[places[found]], found))):
            ignored += [places[found]] if found in places else []
            places[found] = position
            said |= {found} if stated is not None else set()
        else:
            ignored.append(position)
    header = Header(
        places=places,
        row_key=_row_key(cells, identifiers),
        identifiers=tuple(headings.name(cells, at) for at in identifiers),
        ignored=tuple(headings.name(cells, at) for at in sorted(ignored)),
        others=tuple(
            (headings.name(cells, at), at) for at in range(len(cells)) if cells[at].strip() and at not in identifiers
        ),
        width=len(cells),
    )
    if not places:
        raise WrongColumns(
            f"The first line names no column this import knows. It needs: {', '.join(columns.required).replace('|', ' or ')}.", header
        )
    return header


def _fits_better(header: str, before: str, field: str) -> bool:
    """Whether a header is the very name of a field where an earlier one was only another name of it."""
    return joined(header) == joined(field) != joined(before)


def missing_columns(header: Header, columns: ColumnSet) -> list[str]:
    """What a file cannot do without and lacks. ``a|b`` means that one of the two is enough; a row key stands for ``external_key``."""
    there = {*header.places, *(["external_key"] if header.row_key else [])}
    return [need.replace("|", " or ") for need in columns.required if there.isdisjoint(need.split("|"))]


def require(header: Header, columns: ColumnSet) -> None:
    """Check that a file has what it cannot do without.

    :raises WrongColumns: naming what is missing.
    """
    missing = missing_columns(header, columns)
    if missing:
        raise WrongColumns(f"Nothing was imported: the file lacks the column {', and '.join(missing)}.", header)


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
