"""The audit trail: append-only, hash-chained per actor, written in the transaction of the change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
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


def entry_for(taken: sa.CTE, now: sa.ColumnElement[datetime], action: str, subject: Subject, source: str) -> sa.Insert:
    """The same as a part of another statement, for PostgreSQL: an entry without facts of what the ``owner_id`` in ``taken`` did to its ``reference``.

    The database ties it to the end of the chain. No lock on the actor's row is needed: when somebody wrote the next entry of the chain meanwhile, its number is
    taken and the whole statement comes to nothing. Its parameter: that of :func:`entry_moment`.
    """
    last = (
        sa.select(_TABLE.c.seq, _TABLE.c.hash)
        .where(_TABLE.c.workspace_id == taken.c.workspace_id, _TABLE.c.chain == taken.c.owner_id)
        .order_by(_TABLE.c.seq.desc())
        .limit(sa.literal_column("1"))
        .lateral("last")
    )
    told: dict[str, Any] = {
        "workspace_id": taken.c.workspace_id, "chain": taken.c.owner_id, "seq": sa.func.coalesce(last.c.seq, sa.literal_column("0")) + sa.literal_column("1"),
        "actor_id": taken.c.owner_id, "reference": taken.c.reference, "previous_hash": sa.func.coalesce(last.c.hash, _text(GENESIS)),
    }  # fmt: skip
    words = {"action": _text(action), "subject": _text(subject), "source": _text(source), "facts": sa.literal_column("'{}'::json")}
    row = {**told, **words, "at": now, "hash": _hashed(_pieces(action, subject, source), *told.values())}
    return sa.insert(_TABLE).from_select(
        list(row), sa.select(*row.values()).select_from(taken.outerjoin(last, sa.true())), include_defaults=False
    )


def entry_moment(now: datetime) -> dict[str, str]:
    """When such an entry is written, as it is hashed."""
    return {"moment": now.isoformat()}


def _hashed(pieces: list[str], *found_out: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """The hash of an entry, made by the database: the pieces of its text, what it found out between them, and the moment before the last."""
    between = [*found_out[:-1], sa.bindparam("moment", type_=sa.Text), found_out[-1]]
    said = [_text(pieces[0]), *(part for one, piece in zip(between, pieces[1:], strict=True) for part in (one, _text(piece)))]
    text = sa.func.convert_to(sa.func.concat(*said), sa.literal_column("'UTF8'"))
    return sa.func.encode(sa.func.sha256(text), sa.literal_column("'hex'"))


def _pieces(action: str, subject: Subject, source: str) -> list[str]:
    """The text that is hashed, cut where the database puts in what it knows: workspace, chain, number, actor, reference, moment and the hash before."""
    number, word = f"{_UNKNOWN}#", _UNKNOWN
    said: list[Any] = [number, number, number, number, None, action, str(subject), word, source, {}, word, word]
    # A number stands there without quotes.
    return _written(said).replace(f'"{number}"', word).split(word)


def _text(words: str) -> sa.ColumnElement[str]:
    """Words of the program, written into a statement as they are: nothing is left to be told or read anew each time."""
    return sa.literal_column(f"'{words}'", sa.Text)


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
