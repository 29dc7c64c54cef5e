"""References: what people call records, tasks, flags and requests. Random, without vowels or look-alikes, and never derived from anything."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.errors import BadInput

ALPHABET = "23456789CDFGHJKMNPQRTVWXY"
LENGTH = 5
_SHAPE = re.compile(r"(?:(RR|RV|FL|ROI)[-_ ]?)?([0-9A-Z]{5})", re.IGNORECASE)
#: What people leave around a reference when they copy it.
_AROUND = "<>`*_.,;:"
_MEANT = re.compile(rf"(?:RR|RV|FL|ROI)[-_ ]?[0-9A-Z]{{5}}|[{ALPHABET}]{{5}}", re.IGNORECASE)


class Prefix(StrEnum):
    """What kind of thing a reference names."""

    RECORD = "RR"
    TASK = "RV"
    FLAG = "FL"
    REQUEST = "ROI"


def mint(prefix: Prefix) -> str:
    """Make one random reference: ``RV-2F7KQ``. It may already be taken; :func:`free_references` looks."""
    return f"{prefix}-{''.join(secrets.choice(ALPHABET) for _ in range(LENGTH))}"


def free_references(
    session: Session,
    column: InstrumentedAttribute[str],
    workspace_id: int,
    prefix: Prefix,
    count: int = 1,
    avoid: Collection[str] = (),
) -> list[str]:
    """Make ``count`` references that nothing in the workspace has yet, and none of those to ``avoid``. The unique constraint stays the last word."""
    free: set[str] = set()
    while len(free) < count:
        batch = {name for name in (mint(prefix) for _ in range(min(count - len(free), 500))) if name not in avoid} - free
        owner: Any = column.class_
        taken = session.scalars(sa.select(column).where(owner.workspace_id == workspace_id, column.in_(batch)))
        free |= batch - set(taken)
    return sorted(free)


def read_reference(text: str, *expected: Prefix) -> str:
    """Read a reference in any case, with or without its prefix where that is clear.

    :param expected: the kinds that may stand here; without a prefix the first is meant.
    :raises BadInput: when it is no reference, or one of another kind.
    """
    kinds = " or ".join(f"{prefix}-2F7KQ" for prefix in expected)
    found = _SHAPE.fullmatch(text.strip().strip(_AROUND))
    if not found:
        raise BadInput(f"That is not a reference. It looks like {kinds}.")
    prefix = Prefix(found[1].upper()) if found[1] else expected[0]
    if prefix not in expected:
        raise BadInput(f"{prefix}-{found[2].upper()} is another kind of reference. Here one like {kinds} is needed.")
    return f"{prefix}-{found[2].upper()}"


def looks_like_reference(text: str) -> bool:
    """Whether somebody probably meant a reference, and not a word of five letters."""
    return bool(_MEANT.fullmatch(text.strip().strip(_AROUND)))
