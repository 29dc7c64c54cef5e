"""What headers mean, as a supervisor said once: remembered for each workspace and kind of file. Of a header only a keyed hash is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from bot.errors import BadInput
from bot.intake.columns import LEFT_OUT, ColumnSet, Headings, joined, understand
from bot.intake.errors import WrongColumns
from bot.intake.keys import KeyedHash
from bot.intake.sheet import look_at_header
from bot.intake.source import GivenFile
from bot.privacy.guard import Guard
from storage.tables import ColumnMapping
from storage.words import Role, Subject


class CannotMap(BadInput):
    """That cannot be matched."""


def headings(session: Session, workspace_id: int, columns: ColumnSet, secret: bytes, guard: Guard) -> Headings:
    """What is known about headers in one workspace. A header may be repeated where it is nobody's name even beside the word patient."""
    rows = session.execute(
        sa.select(ColumnMapping.header, ColumnMapping.field).where(
            ColumnMapping.workspace_id == workspace_id, ColumnMapping.kind == columns.kind
        )
    )
    said = {row.header: row.field for row in rows}

    def showable(header: str) -> bool:
        return columns.field_of(header) is not None or not guard.scan(f"pt {header}")

    return Headings(lambda header: said.get(header_hash(secret, workspace_id, header)), showable)


def remember(
    session: Session, actor: Actor, now: datetime, columns: ColumnSet, meanings: Mapping[str, str]
) -> None:
    """Remember what headers mean, for this file and those to come.

    :param meanings: by a header's hash (:func:`header_hash`) the field it is, :data:`LEFT_OUT` when nothing of ours is in its column.
    :raises NotAllowed: unless a supervisor (or the command line) says it.
    :raises CannotMap: for a field there is not.
    """
    actor.require(Role.SUPERVISOR)
    for header, field in sorted(meanings.items()):
        if field not in columns.aliases and field != LEFT_OUT:
            raise CannotMap(f"{columns.kind.capitalize()} have no field of that name. They have: {', '.join(columns.aliases)}.")
        _keep(session, actor, now, columns.kind, header, field)
    audit.record(
        session, actor, now, f"{columns.kind}_columns_matched", Subject.WORKSPACE, f"columns:{columns.kind}",
        fields=sorted(set(meanings.values()) - {LEFT_OUT}),
    )  # fmt: skip


def header_hash(secret: bytes, workspace_id: int, header: str) -> str:
    """By what a header is remembered: half of a keyed hash, which tells headers apart and says nothing about them."""
    return KeyedHash(secret, workspace_id)(f"header:{joined(header)}")[:32]


def offered(
    session: Session, actor: Actor, _now: datetime, columns: ColumnSet, file: GivenFile, secret: bytes, guard: Guard
) -> Offered:
    """What a supervisor can say about the headers of a file.

    :raises NotAllowed: unless a supervisor asks.
    :raises BrokenFile: when it is no table.
    """
    actor.require(Role.SUPERVISOR)
    known = headings(session, actor.workspace_id, columns, secret, guard)
    _, cells = look_at_header(file)
    try:
        header = understand(cells, columns, known)
    except WrongColumns as refused:
        header = refused.header
    by_place = {at: header_hash(secret, actor.workspace_id, cells[at]) for _, at in header.others}
    return Offered(
        tuple({by_place[at]: (by_place[at], name) for name, at in header.others}.values()),
        {field: by_place[at] for field, at in header.places.items()},
    )


@dataclass(frozen=True, slots=True)
class Offered:
    """The headers of a file by hash and name, none of them identifying, and which of them is taken for which field."""

    headers: tuple[tuple[str, str], ...]
    taken: Mapping[str, str]


def _keep(session: Session, actor: Actor, now: datetime, kind: str, header: str, field: str) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    said = {"field": field, "mapped_by_id": actor.person_id, "at": now}
    session.execute(
        insert(ColumnMapping)
        .values(workspace_id=actor.workspace_id, kind=kind, header=header, **said)
        .on_conflict_do_update(index_elements=["workspace_id", "kind", "header"], set_=said)
    )
