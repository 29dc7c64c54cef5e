"""The audit trail: append-only, hash-chained per actor, written in the transaction of the change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from storage.tables import AuditEntry
from storage.words import Subject

#: The hash before the first entry of a chain.
GENESIS = "0" * 64
_TABLE: Any = AuditEntry.__table__
_COLUMNS = tuple(column.key for column in _TABLE.columns if column.key != "id")
_ROW = sa.insert(_TABLE).inline()


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a chain does not hold: an entry was changed, removed or put in between."""

    workspace_id: int
    chain: int
    seq: int


def record(
    session: Session,
    actor: Actor,
    now: datetime,
    action: str,
    subject: Subject,
    reference: str,
    **facts: Any,  # noqa: ANN401
) -> None:
    """Write who did what to which reference. ``facts`` are words and numbers, never content.

    Call it inside the transaction of the change, after :func:`bot.actors.actor` locked the actor's row: that lock keeps the chain from forking.
    """
    chain = actor.person_id or 0
    seq, previous = _head(session, actor.workspace_id, chain)
    entry = AuditEntry(
        workspace_id=actor.workspace_id,
        chain=chain,
        seq=seq + 1,
        actor_id=actor.person_id,
        on_behalf_of_id=None,
        action=action,
        subject=subject,
        reference=reference,
        source=actor.source,
        facts=facts,
        at=now,
        previous_hash=previous,
    )
    entry.hash = digest(entry)
    # Core, not the unit of work: nothing reads the entry back, and every change of the desk waits for this row.
    session.connection().execute(_ROW, {column: getattr(entry, column) for column in _COLUMNS})
    know_head(session, actor.workspace_id, chain, entry.seq, entry.hash)


def know_head(session: Session, workspace_id: int, chain: int, seq: int | None, head: str | None) -> None:
    """Take note of the end of a chain that another statement of this transaction read, after the actor's row was locked; None for an empty chain."""
    _heads(session)[workspace_id, chain] = (seq or 0, head or GENESIS)


def digest(entry: AuditEntry) -> str:
    """The hash of an entry over all it says and the hash before it."""
    said = [
        entry.workspace_id, entry.chain, entry.seq, entry.actor_id, entry.on_behalf_of_id, entry.action,
        str(entry.subject), entry.reference, entry.source, entry.facts, entry.at.isoformat(), entry.previous_hash,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def breaks(session: Session, workspace_id: int) -> Iterator[Break]:
    """Walk every chain of a workspace and yield each place where it does not hold."""
    rows = session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.workspace_id == workspace_id)
        .order_by(AuditEntry.chain, AuditEntry.seq)
        .execution_options(yield_per=1000)
    )
    chain, seq, previous = -1, 0, GENESIS
    for entry in rows:
        if entry.chain != chain:
            chain, seq, previous = entry.chain, 0, GENESIS
        if entry.seq != seq + 1 or entry.previous_hash != previous or entry.hash != digest(entry):
            yield Break(workspace_id, chain, entry.seq)
        seq, previous = entry.seq, entry.hash


def _heads(session: Session) -> dict[tuple[int, int], tuple[int, str]]:
    heads: dict[tuple[int, int], tuple[int, str]] = session.info.setdefault("audit_heads", {})
    return heads


def _head(session: Session, workspace_id: int, chain: int) -> tuple[int, str]:
    known = _heads(session).get((workspace_id, chain))
    if known:
        return known
    row = session.execute(
        sa.select(AuditEntry.seq, AuditEntry.hash)
        .where(AuditEntry.workspace_id == workspace_id, AuditEntry.chain == chain)
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    ).first()
    return (row.seq, row.hash) if row else (0, GENESIS)
