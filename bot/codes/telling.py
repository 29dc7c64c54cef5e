"""Tells specialists that an edition was imported: one message each, first the codes they used."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import notices
from bot.actors import Actor
from bot.codes.catalogue import Edition
from bot.codes.changes import ChangeKind, EditionChanges, edition_changes, used_codes
from bot.people import coworkers
from storage.tables import CodeEdition, Notice, Person, Workspace
from storage.words import EditionState, NoticeKind, Role, Subject

#: Codes of their own a notice names; /code new shows all.
NAMED = 10


def tell_about_edition(session: Session, actor: Actor, now: datetime, edition: Edition) -> int:
    """Put one notice for each specialist of the workspace into the outbox; returns how many are new. Telling again tells nobody twice."""
    changes = edition_changes(session, edition)
    return sum(
        notices.tell(
            session, person, now, NoticeKind.EDITION_IMPORTED, Subject.CODES, edition.id,
            key=f"edition_imported:{edition.id}:{person.id}", **_facts(session, actor.workspace_id, person, changes),
        )
        for person in coworkers(session, actor.workspace_id, Role.SPECIALIST)
    )  # fmt: skip


def still_true(session: Session, notice: Notice) -> bool:
    """Whether the edition a notice is about is still loaded."""
    row = session.get(CodeEdition, notice.subject_id)
    return row is not None and row.state is EditionState.READY


def workspace_ids(session: Session) -> list[int]:
    """Every active workspace of this installation."""
    return list(session.scalars(sa.select(Workspace.id).where(Workspace.active).order_by(Workspace.id)))


def _facts(session: Session, workspace_id: int, person: Person, changes: EditionChanges) -> dict[str, Any]:
    used = used_codes(session, workspace_id, person.id)
    mine = [change for change in changes.changes if change.code in used]
    return {
        "edition": changes.edition.title,
        "from": changes.edition.valid_from.isoformat(),
        "codes": changes.edition.concept_count,
        "compared": changes.before.title if changes.before else "",
        **{str(kind): changes.count(kind) for kind in ChangeKind},
        "yours": [f"{change.code} {change.kind}" for change in mine[:NAMED]],
        "yours_more": max(len(mine) - NAMED, 0),
    }
