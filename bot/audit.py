"""The audit trail: append-only, hash-chained per actor, written in the transaction of the change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from storage.tables import AuditEntry
from storage.words import Subject

#: The hash before the first entry of a chain.
GENESIS = "0" * 64
_TABLE: Any = AuditEntry.__table__
_ROW = sa.insert(_TABLE).inline()
_LAST = (
    sa.select(_TABLE.c.seq, _TABLE.c.hash)
    .where(_TABLE.c.workspace_id == sa.bindparam("workspace"), _TABLE.c.chain == sa.bindparam("chain"))
    .order_by(_TABLE.c.seq.desc())
    .limit(1)
)
#: Stands in a text for what is not known yet; no reference, word or hash contains it.
_UNKNOWN = "<?>"
_MOMENT = "<when>"


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
    entry = SimpleNamespace(
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
    hashed = digest(cast("AuditEntry", entry))
    # Core, not the unit of work: nothing reads the entry back, and every change of the desk waits for this row.
    session.connection().execute(_ROW, {**vars(entry), "hash": hashed})
    _heads(session)[actor.workspace_id, chain] = (entry.seq, hashed)


def entry_for(taken: sa.CTE, now: sa.ColumnElement[datetime]) -> sa.Insert:
    """The same as a part of another statement, for PostgreSQL: an entry without facts of what the ``owner_id`` in ``taken`` did to its ``reference``.

    The database ties it to the end of the chain. No lock on the actor's row is needed: when somebody wrote the next entry of the chain meanwhile, its number is
    taken and the whole statement comes to nothing. Parameters: those of :func:`entry_parameters`.
    """
    last = (
        sa.select(_TABLE.c.seq, _TABLE.c.hash)
        .where(_TABLE.c.workspace_id == taken.c.workspace_id, _TABLE.c.chain == taken.c.owner_id)
        .order_by(_TABLE.c.seq.desc())
        .limit(sa.literal_column("1"))
        .lateral("last")
    )
    seq = sa.func.coalesce(last.c.seq, sa.literal_column("0")) + sa.literal_column("1")
    previous = sa.func.coalesce(last.c.hash, sa.literal_column(f"'{GENESIS}'"))
    told: dict[str, Any] = {
        "workspace_id": taken.c.workspace_id, "chain": taken.c.owner_id, "actor_id": taken.c.owner_id, "seq": seq,
        "reference": taken.c.reference, "previous_hash": previous, "at": now, "facts": sa.literal_column("'{}'::json"),
    }  # fmt: skip
    words = {name: sa.bindparam(name, type_=_TABLE.c[name].type) for name in ("action", "subject", "source")}
    row = {**told, **words, "hash": _hashed(*(told[name] for name in _FOUND_OUT))}
    return sa.insert(_TABLE).from_select(
        list(row), sa.select(*row.values()).select_from(taken.outerjoin(last, sa.true())), include_defaults=False
    )


#: What only the database knows of such an entry, in the order in which it is said.
_FOUND_OUT = ("workspace_id", "chain", "seq", "actor_id", "reference", "previous_hash")


def _hashed(*found_out: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """The hash of an entry, made by the database from the pieces of :func:`entry_parameters` and what it found out between them."""
    pieces: list[sa.ColumnElement[Any]] = [sa.bindparam("said_0", type_=sa.Text)]
    for number, one in enumerate(found_out, start=1):
        pieces += [one, sa.bindparam(f"said_{number}", type_=sa.Text)]
    text = sa.func.convert_to(sa.func.concat(*pieces), sa.literal_column("'UTF8'"))
    return sa.func.encode(sa.func.sha256(text), sa.literal_column("'hex'"))


def entry_parameters(now: datetime, action: str, subject: Subject, source: str) -> dict[str, Any]:
    """What an entry says that is known before: its words, and the pieces of the text to be hashed around what only the database knows."""
    words = {"action": action, "subject": subject, "source": source}
    moment = now.isoformat()
    return words | {f"said_{at}": piece.replace(_MOMENT, moment) for at, piece in enumerate(_pieces(action, subject, source))}


@cache
def _pieces(action: str, subject: Subject, source: str) -> list[str]:
    number, word = f"{_UNKNOWN}#", _UNKNOWN
    said: list[Any] = [number, number, number, number, None, action, str(subject), word, source, {}, _MOMENT, word]
    # A number stands there without quotes.
    return _written(said).replace(f'"{number}"', word).split(word)


def digest(entry: AuditEntry) -> str:
    """The hash of an entry over all it says and the hash before it."""
    said = [
        entry.workspace_id, entry.chain, entry.seq, entry.actor_id, entry.on_behalf_of_id, entry.action,
        str(entry.subject), entry.reference, entry.source, entry.facts, entry.at.isoformat(), entry.previous_hash,
    ]  # fmt: skip
    return hashlib.sha256(_written(said).encode()).hexdigest()


def _written(said: list[Any]) -> str:
    return json.dumps(said, sort_keys=True, separators=(",", ":"))


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
    row = session.execute(_LAST, {"workspace": workspace_id, "chain": chain}).first()
    return (row.seq, row.hash) if row else (0, GENESIS)
