"""What headers mean, as a supervisor said once: remembered for each workspace and kind of file. Of a header only a keyed hash is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from bot.errors import BadInput
from bot.intake.columns import LEFT_OUT, ColumnSet, Headings, joined, looks_identifying
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
    keyed = KeyedHash(secret, workspace_id)

    def showable(header: str) -> bool:
        return columns.field_of(header) is not None or not guard.scan(f"pt {header}")

    return Headings(lambda header: said.get(_hash(keyed, header)), showable)


def remember(
    session: Session, actor: Actor, now: datetime, columns: ColumnSet, file: GivenFile, places: Mapping[str, int], secret: bytes
) -> int:
    """Remember which column of a file is which field of ours; every other header then has nothing of ours. Returns how many were said.

    :param places: by field the place of its column in the file.
    :raises NotAllowed: unless a supervisor (or the command line) says it.
    :raises CannotMap: when one column would be two fields, or identifies patients; ``field`` names the input.
    """
    actor.require(Role.SUPERVISOR)
    _, cells = look_at_header(file)
    _check(cells, columns, places)
    keyed, meant = KeyedHash(secret, actor.workspace_id), {at: field for field, at in places.items()}
    rows = {
        _hash(keyed, cell): meant.get(at, LEFT_OUT)
        for at, cell in sorted(enumerate(cells), key=lambda one: one[0] in meant)
        if cell.strip() and not _identifies(columns, cell)
    }
    for header, field in rows.items():
        _keep(session, actor, now, columns.kind, header, field)
    audit.record(
        session, actor, now, f"{columns.kind}_columns_matched", Subject.WORKSPACE, f"columns:{columns.kind}", fields=sorted(places)
    )
    return len(rows)


def _check(cells: list[str], columns: ColumnSet, places: Mapping[str, int]) -> None:
    taken: dict[int, str] = {}
    for field, at in places.items():
        if field not in columns.aliases:
            raise CannotMap(f"{columns.kind} have no field of that name. They have: {', '.join(columns.aliases)}.")
        if at in taken:
            raise CannotMap(f"This column is chosen for {taken[at]} already. Each column can be one thing.", field=field)
        if not 0 <= at < len(cells):
            raise CannotMap("The file has no such column any more. Send it again.", field=field)
        taken[at] = field


def _identifies(columns: ColumnSet, header: str) -> bool:
    return columns.field_of(header) is None and looks_identifying(header)


def _hash(keyed: KeyedHash, header: str) -> str:
    return keyed(f"header:{joined(header)}")


def _keep(session: Session, actor: Actor, now: datetime, kind: str, header: str, field: str) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    said = {"field": field, "mapped_by_id": actor.person_id, "at": now}
    session.execute(
        insert(ColumnMapping)
        .values(workspace_id=actor.workspace_id, kind=kind, header=header, **said)
        .on_conflict_do_update(index_elements=["workspace_id", "kind", "header"], set_=said)
    )
