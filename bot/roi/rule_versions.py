"""The rules of deadlines of one workspace, by version: what the program brings along, until an admin changes them here.

Every request remembers the version it was reckoned by and keeps to it; see :mod:`bot.roi.recomputing` for reckoning on purpose anew.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.roi.due_rules import RuleBook
from storage.tables import DueRuleVersion, RoiRequest

#: Where a session keeps what it has read, so that a batch of requests asks once.
_READ = "due_rules"
#: The number of a version that came with the program.
SHIPPED_NUMBER = 0


def current_rules(session: Session, workspace_id: int, shipped: RuleBook) -> RuleBook:
    """The rules that count for new requests: the newest version an admin made here, else those that come with the program."""
    read = session.info.setdefault(_READ, {})
    if workspace_id not in read:
        newest = newest_version(session, workspace_id)
        read[workspace_id] = shipped if newest is None else read_document(newest.document, newest.version)
    found: RuleBook = read[workspace_id]
    return found


def rules_of(session: Session, request: RoiRequest, shipped: RuleBook) -> RuleBook:
    """The rules a request was reckoned by; those of today when nobody kept that version."""
    if request.due_rule_version == shipped.version:
        return shipped
    read = session.info.setdefault(_READ, {})
    key = (request.workspace_id, request.due_rule_version)
    if key not in read:
        kept = session.scalars(
            sa.select(DueRuleVersion.document).where(
                DueRuleVersion.workspace_id == request.workspace_id,
                DueRuleVersion.version == request.due_rule_version,
            )
        ).first()
        missing = current_rules(session, request.workspace_id, shipped)
        read[key] = missing if kept is None else read_document(kept, request.due_rule_version)
    found: RuleBook = read[key]
    return found


def newest_version(session: Session, workspace_id: int) -> DueRuleVersion | None:
    """The newest version an admin made here, if there is one."""
    return session.scalars(
        sa.select(DueRuleVersion)
        .where(DueRuleVersion.workspace_id == workspace_id, DueRuleVersion.number > SHIPPED_NUMBER)
        .order_by(DueRuleVersion.number.desc())
        .limit(1)
    ).first()


def keep_version(session: Session, workspace_id: int, rules: RuleBook, now: datetime) -> None:
    """Keep rules that came with the program as soon as a request is reckoned by them, because the next release of the program may bring others."""
    read = session.info.setdefault(_READ, {})
    key = (workspace_id, rules.version)
    if key in read:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(DueRuleVersion)
        .values(
            workspace_id=workspace_id, number=SHIPPED_NUMBER, version=rules.version, document=write_document(rules), at=now
        )
        .on_conflict_do_nothing(index_elements=["workspace_id", "version"])
    )
    read[key] = rules


def forget_read(session: Session) -> None:
    """Let the next look read the rules again, because they were just changed."""
    session.info.pop(_READ, None)


def write_document(rules: RuleBook) -> str:
    """The rules as they are stored, without their version."""
    return json.dumps(rules.model_dump(mode="json", exclude={"version"}), ensure_ascii=False, sort_keys=True)


@lru_cache(maxsize=64)
def read_document(document: str, version: str) -> RuleBook:
    """Read stored rules back."""
    return RuleBook.model_validate({**json.loads(document), "version": version})
