"""The parts a valid authorization has (45 CFR 164.508(c)). What was ticked is looked at and not kept: only the result is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.errors import BadInput


class AuthorizationPart(StrEnum):
    """What has to be in it, in the words of the checklist."""

    WHAT = "what"
    WHO_DISCLOSES = "who_discloses"
    WHO_RECEIVES = "who_receives"
    PURPOSE = "purpose"
    EXPIRATION = "expiration"
    SIGNATURE = "signature"
    AUTHORITY = "authority"
    REVOCATION = "revocation"
    CONDITIONING = "conditioning"
    REDISCLOSURE = "redisclosure"


NAMES: dict[AuthorizationPart, str] = {
    AuthorizationPart.WHAT: "What is released",
    AuthorizationPart.WHO_DISCLOSES: "Who discloses it",
    AuthorizationPart.WHO_RECEIVES: "Who receives it",
    AuthorizationPart.PURPOSE: "The purpose",
    AuthorizationPart.EXPIRATION: "An expiration date or event",
    AuthorizationPart.SIGNATURE: "Signature and date",
    AuthorizationPart.AUTHORITY: "A representative’s authority, or none signed",
    AuthorizationPart.REVOCATION: "The right to revoke it",
    AuthorizationPart.CONDITIONING: "That care does not depend on it",
    AuthorizationPart.REDISCLOSURE: "That it may be redisclosed",
}


class PartsMissing(BadInput):
    """A valid authorization has every part of the checklist. Tick what is there, or choose invalid."""


class SignedLater(BadInput):
    """That day is still to come. Enter the day it was signed."""


@dataclass(frozen=True, slots=True)
class Checklist:
    """What somebody found when they went through an authorization; ``signed_on`` is its date, where it was looked at."""

    ticked: frozenset[AuthorizationPart]
    signed_on: date | None = None

    def require_complete(self, today: date) -> None:
        """Let an authorization be valid only with all its parts.

        :raises PartsMissing: naming what was not ticked.
        :raises SignedLater: for a signature of a day to come.
        """
        missing = [NAMES[part] for part in AuthorizationPart if part not in self.ticked]
        if missing:
            listed = ", ".join(name[0].lower() + name[1:] for name in missing)
            raise PartsMissing(f"Not ticked: {listed}. A valid authorization has them all: tick them, or choose invalid.", field="parts")
        if self.signed_on is not None and self.signed_on > today:
            raise SignedLater(field="signed_on")
