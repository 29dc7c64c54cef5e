"""The codes a flag names, as they are and as they should be: checked like the codes of a task, so that no correction is wrong again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot.codes.address import bare_code, read_address
from bot.codes.catalogue import system_titles
from bot.codes.check import FindingKind, check_codes
from bot.codes.check import Severity as Weight
from bot.codes.errors import NoEdition
from bot.codes.standing import find_code
from bot.errors import BadInput

#: Nobody can put this right in a form.
_ONLY_TOLD = FindingKind.EDITION_NOT_LOADED


class CodeNotFound(BadInput):
    """This code is not in the code set. Choose it from the list."""


class CodeUnfit(BadInput):
    """This code could not be assigned either. Choose another one."""


class SameCode(BadInput):
    """The code as it is and the code as it should be are the same. Change one of them, or leave one empty."""


@dataclass(frozen=True, slots=True)
class InvolvedCodes:
    """The code as it is, and as it should be; either may be missing."""

    before: str | None = None
    after: str | None = None


def checked_codes(session: Session, codes: InvolvedCodes, on: date | None, today: date) -> InvolvedCodes:
    """The codes as they are printed.

    :param codes: as they were chosen: the code alone, or with the system it is meant in before it.
    :param on: the date of service, when it is known. The wrong code only has to exist; the right one must be valid on that day, billable and whole.
    :raises CodeNotFound, CodeUnfit, SameCode: under the field of the code.
    """
    before = _printed(session, codes.before, None, today, "code_before")
    after = _printed(session, codes.after, on, today, "code_after")
    if codes.after is not None and after is not None:
        if after == before:
            raise SameCode(field="code_after")
        _require_fit(session, after, _systems(session, codes.after), on, today)
    return InvolvedCodes(before, after)


def _systems(session: Session, chosen: str) -> list[str]:
    """Where a code is looked for: in the system it was chosen from, or in all that are loaded."""
    loaded, meant = list(system_titles(session)), read_address(chosen).system
    return [meant] if meant in loaded else loaded


def _printed(session: Session, chosen: str | None, on: date | None, today: date, field: str) -> str | None:
    """Codes come from a list; what is typed past it must not become stored text."""
    if chosen is None:
        return None
    try:
        found = find_code(session, bare_code(chosen), on, today, _systems(session, chosen))
    except NoEdition:
        found = None
    if found is None:
        raise CodeNotFound(field=field)
    return found.concept.code


def _require_fit(session: Session, code: str, systems: list[str], on: date | None, today: date) -> None:
    found = check_codes(session, [code], on, today, systems[0] if len(systems) == 1 else None)
    wrong = [one for one in found if one.severity is Weight.ERROR and one.kind is not _ONLY_TOLD]
    if wrong:
        raise CodeUnfit(wrong[0].sentence, field="code_after")
