"""The codes a coding task ended with."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.errors import BadInput
from storage.tables import CodeConcept, CodeEdition, CodeSystem, ReviewTask, TaskCode
from storage.words import ConceptKind, EditionState


class UnknownCode(BadInput):
    """This code is not in the code set."""


class NotBillable(BadInput):
    """This code needs more characters before it can be used."""


def keep_codes(session: Session, task: ReviewTask, codes: Sequence[str]) -> None:
    """Store the codes of a task in their order, once each; the first is the principal one.

    :raises UnknownCode, NotBillable: naming the code, when one cannot be assigned.
    """
    for position, code in enumerate(dict.fromkeys(codes)):
        system = _system_of(session, code)
        session.add(
            TaskCode(workspace_id=task.workspace_id, task_id=task.id, system=system, code=code, position=position)
        )


def _system_of(session: Session, code: str) -> str:
    found = session.execute(
        sa.select(CodeSystem.slug, CodeConcept.billable)
        .join(CodeEdition, CodeEdition.system_id == CodeSystem.id)
        .join(CodeConcept, CodeConcept.edition_id == CodeEdition.id)
        .where(
            CodeConcept.code == code,
            CodeConcept.kind.in_((ConceptKind.CATEGORY, ConceptKind.CODE)),
            CodeEdition.state == EditionState.READY,
        )
        .order_by(CodeEdition.valid_from.desc(), CodeConcept.billable.desc())
    ).first()
    if found is None:
        raise UnknownCode(f"{code} is not in the code set. Choose it from the list.", field="codes")
    if not found.billable:
        raise NotBillable(f"{code} is not billable: it needs more characters. /code {code} shows them.", field="codes")
    return str(found.slug)
