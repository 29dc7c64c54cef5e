"""Which edition a file is: from its name, the zip it came in, the version written in it, and what the person said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.codes.importing.errors import CannotImport
from bot.codes.importing.files import GivenFile
from bot.codes.importing.kinds import FileKind
from bot.codes.official import ICD_10_CM
from bot.codes.on_date import read_date
from bot.codes.standing import APRIL, OCTOBER, squeezed

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_VERSION = re.compile(rb"<version>\s*(20\d\d)\s*</version>")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(r"(?<![a-z])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?![a-z])", re.IGNORECASE)
_SLUG = re.compile(r"[a-z0-9][a-z0-9.\-]{0,38}")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
#: Slug, title and publisher of the systems whose files are known.
SYSTEMS = {
    ICD_10_CM: ("ICD-10-CM", "CDC/NCHS and CMS"),
    "icd-10-pcs": ("ICD-10-PCS", "CMS"),
    "hcpcs": ("HCPCS Level II", "CMS"),
}
HCPCS, PCS = "hcpcs", "icd-10-pcs"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person said about the files; None where the files are to say it."""

    system: str | None = None
    edition: str | None = None
    starts: date | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class EditionName:
    """An edition as it will be called."""

    system: str
    system_title: str
    publisher: str
    slug: str
    title: str
    starts: date
    ends: date | None


def read_wishes(system: str | None, edition: str | None, starts: str | None, ends: str | None, today: date) -> Wishes:
    """The options of the command line.

    :raises ImpossibleDate: for a date no calendar has; :raises CannotImport: for an edition that cannot be a name, or an end before the start.
    """
    slug = _NOT_SLUG.sub("-", system.lower()).strip("-") if system else None
    known = {squeezed(name): name for name in SYSTEMS} | {squeezed(title): name for name, (title, _) in SYSTEMS.items()}
    chosen = known.get(squeezed(system), slug) if system else None
    if edition is not None and not _SLUG.fullmatch(edition.lower()):
        raise CannotImport(f"“{edition[:40]}” cannot be the name of an edition. Use letters, digits and dashes, such as 2026-10.")
    first, last = (read_date(said, today) if said else None for said in (starts, ends))
    if first and last and last < first:
        raise CannotImport("--to lies before --from. Nothing was changed.")
    return Wishes(chosen, edition.lower() if edition else None, first, last)


def name_edition(given: GivenFile, kind: FileKind, wishes: Wishes, first_day: date | None = None) -> EditionName:
    """What the edition of a file is called.

    :param first_day: the earliest day a list itself names, for lists that say nothing else.
    :raises CannotImport: when that cannot be told; the sentence says which option does.
    """
    system = system_of(kind, given, wishes)
    starts, ends, says = _dates(given, system, wishes, first_day)
    title, publisher = SYSTEMS.get(system, (system.upper(), "the customer's own licence"))
    slug = wishes.edition or f"{starts:%Y-%m}"
    shown = says if wishes.edition is None else wishes.edition
    joint = " " if shown.startswith("FY") else ", "
    return EditionName(system, title, publisher, slug, f"{title}{joint}{shown}", starts, ends)


def system_of(kind: FileKind, given: GivenFile, wishes: Wishes) -> str:
    """The code system a file belongs to.

    :raises CannotImport: for a CSV without one, or for a wish that does not fit the file.
    """
    fits = {FileKind.PCS_ORDER: PCS, FileKind.PCS_CODES: PCS, FileKind.HCPCS_TEXT: HCPCS, FileKind.HCPCS_WORKBOOK: HCPCS}
    if kind is FileKind.CSV:
        if not wishes.system:
            raise CannotImport(f"{given.name}: say which code system it is, such as --system cpt. Nothing was changed.")
        return wishes.system
    system = fits.get(kind, ICD_10_CM)
    if wishes.system not in (None, system):
        raise CannotImport(f"{given.name} is a file of {SYSTEMS[system][0]}, not of {wishes.system}. Leave --system out. Nothing was changed.")
    return system


def _dates(given: GivenFile, system: str, wishes: Wishes, first_day: date | None) -> tuple[date, date | None, str]:
    """First day, last day, and how the edition is called after its system."""
    if wishes.starts is not None:
        return wishes.starts, wishes.ends, f"from {wishes.starts.isoformat()}"
    year, month = _year_of(given), _month_of(given)
    if year is None:
        if first_day is None:
            raise CannotImport(f"{given.name}: say from which day it applies, such as --from 2026-10-01. Nothing was changed.")
        return first_day, wishes.ends, f"from {first_day.isoformat()}"
    if system in (ICD_10_CM, PCS):
        return _fiscal(year, month, wishes)
    starts = date(year, month or 1, 1)
    return starts, wishes.ends, f"{starts:%B} {year}" if month else str(year)


def _fiscal(year: int, month: int | None, wishes: Wishes) -> tuple[date, date | None, str]:
    ends = wishes.ends or date(year, OCTOBER, 1) - timedelta(days=1)
    if month == APRIL:
        return date(year, APRIL, 1), ends, f"April {year}"
    if month == OCTOBER:
        return date(year, OCTOBER, 1), wishes.ends or date(year + 1, OCTOBER, 1) - timedelta(days=1), f"FY{year + 1}"
    return date(year - 1, OCTOBER, 1), ends, f"FY{year}"


def _year_of(given: GivenFile) -> int | None:
    for said in (given.name, given.inside):
        if found := _YEAR.findall(said):
            return int(found[-1])
    written = _VERSION.search(given.data[:2000])
    return int(written[1]) if written else None


def _month_of(given: GivenFile) -> int | None:
    for said in (given.name, given.inside):
        if found := _MONTH.search(said.replace("_", " ").replace("-", " ")):
            return _MONTHS.index(found[1].lower()) + 1
    return None
