"""Identifiers and tokens shaped like Slack's, random on every start."""

from __future__ import annotations

import secrets
import string
from typing import Any

Json = dict[str, Any]
"""A JSON object as it travels between the bot and the sandbox."""
JsonValue = Any
"""Any JSON value, not yet looked at."""

_UPPER = string.ascii_uppercase + string.digits
_MIXED = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 9) -> str:
    """A fresh identifier such as ``V7Q2K0DJX1``: the prefix and ``length`` capitals or digits."""
    return prefix + "".join(secrets.choice(_UPPER) for _ in range(length))


def new_token(prefix: str) -> str:
    """A fresh secret such as ``xoxb-…``; never the same on two starts."""
    return f"{prefix}-{secrets.randbelow(10**12)}-{''.join(secrets.choice(_MIXED) for _ in range(24))}"


def new_block_id() -> str:
    """The five characters Slack gives to a block that came without a ``block_id``."""
    return "".join(secrets.choice(_MIXED) for _ in range(5))


def new_trigger_id() -> str:
    """A ``trigger_id`` in Slack's format: two numbers and a hexadecimal word, joined by dots."""
    return f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"


def new_secret() -> str:
    """A signing secret: 32 hexadecimal characters."""
    return secrets.token_hex(16)
