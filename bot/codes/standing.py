"""Where a typed code stands: in which system and edition it is found, and which edition applies on a date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot.codes.address import read_address
from bot.codes.catalogue import Concept, Edition, concept, edition_on, latest_edition, system_titles
from bot.codes.entry import plain_code
from bot.codes.errors import NoSuchCode
from bot.codes.official import ICD_10_CM, with_dot
from bot.errors import BadInput

OCTOBER, APRIL = 10, 4
#: Nothing longer than this is looked up as a code.
LONGEST_TYPED = 40
#: Systems whose fiscal-year editions start on October 1, with an addendum on April 1 (45 CFR 162.1002 and the guidelines of CMS and CDC).
FISCAL = (ICD_10_CM, "icd-10-pcs")


class UnknownSystem(BadInput):
    """No code system of that name is loaded."""


@dataclass(frozen=True, slots=True)
class Found:
    """A code in an edition. ``applies`` is False when the edition for the date asked for is not loaded and the newest one answers instead."""

    edition: Edition
    concept: Concept
    applies: bool = True


def choose_system(session: Session, name: str) -> str:
    """The slug of a code system, however its name is written: ``CPT``, ``icd10cm``, ``HCPCS Level II``.

    :raises UnknownSystem: naming those that are loaded.
    """
    titles = system_titles(session)
    wanted = squeezed(name)
    for slug, title in titles.items():
        if wanted in {squeezed(slug), squeezed(title), squeezed(slug).replace("10", "")}:
            return slug
    near = [slug for slug, title in titles.items() if wanted and squeezed(title).startswith(wanted)]
    if len(near) == 1:
        return near[0]
    loaded = ", ".join(titles.values()) or "none yet"
    raise UnknownSystem(f"No code system “{name.strip()[:40]}” is loaded. Loaded: {loaded}.")


def squeezed(name: str) -> str:
    """A name without anything but its letters and digits."""
    return "".join(sign for sign in name.lower() if sign.isalnum())


def spellings(system: str, code: str) -> tuple[str, ...]:
    """How a code may be printed in a system: with a dot in ICD-10-CM, without in the others, or as a customer's list has it."""
    if len(code) > LONGEST_TYPED:
        return ()
    plain = plain_code(code)
    if system == ICD_10_CM:
        return (with_dot(plain),)
    return tuple(dict.fromkeys((plain, code.strip().upper(), code.strip())))


def find_in(session: Session, edition: Edition, code: str) -> Concept | None:
    """A code of one edition, however it is spelled; None when it is not there. Blocks and chapters do not count."""
    for spelled in spellings(edition.system, code):
        try:
            found = concept(session, edition, spelled)
        except NoSuchCode:
            continue
        return found if found.is_code else None
    return None


def edition_for(session: Session, system: str, on: date | None, today: date) -> tuple[Edition, bool]:
    """The edition of a system to look in, and whether it is the one that applies on the date (always, when none is asked for).

    :raises NoEdition: when the system has none.
    """
    if on is None:
        return latest_edition(session, system, today), True
    found = edition_on(session, system, on)
    return (found, True) if found else (latest_edition(session, system, on), False)


def find_code(session: Session, code: str, on: date | None, today: date, systems: Sequence[str]) -> Found | None:
    """A code in the first of the systems that has it, or in the one its address names."""
    meant = read_address(code)
    if meant.system is not None and meant.system in systems:
        systems, code = [meant.system], meant.code
    for system in systems:
        edition, applies = edition_for(session, system, on, today)
        found = find_in(session, edition, code)
        if found is not None:
            return Found(edition, found, applies)
    return None


def expected_edition(system: str, title: str, on: date) -> str:
    """What the edition is called that applies on a date: ``ICD-10-CM FY2027, which applies from Oct 1, 2026``."""
    if system not in FISCAL:
        return f"the edition of {title} for {day_words(on)}"
    fiscal = on.year + (on.month >= OCTOBER)
    start = date(fiscal - 1, OCTOBER, 1) if on.month >= OCTOBER or on.month < APRIL else date(fiscal, APRIL, 1)
    update = f" with the update of April {fiscal}" if start.month == APRIL else ""
    return f"{title} FY{fiscal}{update}, which applies from {day_words(start)}"


def day_words(on: date) -> str:
    """A day in a sentence: ``Nov 3, 2026``."""
    return f"{on:%b} {on.day}, {on.year}"
