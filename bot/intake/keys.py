"""Finding a row again at the next import, without keeping what the EHR calls it."""

from __future__ import annotations

import hashlib
import hmac
import re

from bot.references import Prefix

_OURS = re.compile(r"(RR|RV|ROI)-([0-9A-Z]{5})")


class KeyedHash:
    """Turns a key of the EHR into a hash nobody can turn back without the installation's secret; another one in every workspace."""

    def __init__(self, secret: bytes, workspace_id: int) -> None:
        self._key = hmac.new(secret, f"external-key:{workspace_id}".encode(), hashlib.sha256).digest()

    def __call__(self, text: str) -> str:
        """The hash, in hex; capitals and blanks around make no difference."""
        return hmac.new(self._key, text.strip().upper().encode(), hashlib.sha256).hexdigest()


def own_reference(text: str, *prefixes: Prefix) -> str | None:
    """The text as one of our references when it has the shape of one, so that people keep the name they use."""
    found = _OURS.fullmatch(text.strip().upper())
    return found[0] if found and Prefix(found[1]) in prefixes else None


def any_reference(text: str) -> str | None:
    """The text as a reference of ours of any kind, so that none is minted a second time."""
    return own_reference(text, *Prefix) if text else None
