"""An accuracy flag as people see it, and the row behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.errors import NotAllowed, NotFound
from bot.flags.catalogue import kind_of
from bot.flags.duplicates import joined_reporters
from bot.flags.states import DECIDERS, SETTLED, TURN_OF_FLAGGED, Standing, Step, steps_for
from bot.people import names
from bot.references import Prefix, read_reference
from storage.columns import CleanText
from storage.tables import AccuracyFlag, FlagHistory, Person, Record, ReviewTask, RoiRequest
from storage.words import ErrorGroup, ErrorType, FlagState, Role, RootReason, Severity


class NoSuchFlag(NotFound):
    """No accuracy flag here has that reference. Check it and try again."""


class NotYourFlag(NotAllowed):
    """A flag is shown to who reported it, to the person it is about, and to auditors, supervisors and privacy officers."""


@dataclass(frozen=True, slots=True)
class FlagCard:
    """One flag as one reader sees it: ``may`` holds the steps this reader can take now, people are Slack ids.

    ``freezes``: while it stands like this, nothing from the record may be delivered. ``joined``: the report was added to a flag that was there already.
    """

    reference: str
    record: str
    task: str | None
    request: str | None
    error_type: ErrorType
    group: ErrorGroup
    label: str
    root_reason: RootReason | None
    severity: Severity
    state: FlagState
    code_before: str | None
    code_after: str | None
    citation: str | None
    note: CleanText | None
    answer: CleanText | None
    reported_by: str | None
    also_reported_by: tuple[str, ...]
    flagged: str | None
    reader_is_flagged: bool
    waits_for_flagged: bool
    created_at: datetime
    since: datetime
    freezes: bool
    may: frozenset[Step]
    joined: bool = False


def find_flag(session: Session, workspace_id: int, text: str, *, lock: bool = False) -> AccuracyFlag:
    """The flag with this reference, in any spelling.

    :raises NoSuchFlag: when this workspace has none.
    """
    reference = read_reference(text, Prefix.FLAG)
    query = sa.select(AccuracyFlag).where(
        AccuracyFlag.workspace_id == workspace_id, AccuracyFlag.reference == reference
    )
    flag = session.scalars(query.with_for_update(key_share=True) if lock else query).first()
    if flag is None:
        raise NoSuchFlag(f"No accuracy flag here is called {reference}. Check it and try again.")
    return flag


def open_card(session: Session, reader: Actor, now: datetime, reference: str) -> FlagCard:
    """The card of the flag with this reference.

    :raises NoSuchFlag: when there is none.
    :raises NotYourFlag: for somebody it does not concern.
    """
    flag = find_flag(session, reader.workspace_id, reference)
    require_sight(session, reader, flag)
    return card(session, reader, now, flag)


def require_sight(session: Session, reader: Actor, flag: AccuracyFlag) -> None:
    """Let only those pass whom a flag concerns.

    :raises NotYourFlag: for everybody else.
    """
    concerned = reader.person_id is not None and reader.person_id in {flag.flagged_id, flag.reported_by_id}
    if concerned or reader.has(*DECIDERS, Role.PRIVACY_OFFICER):
        return
    if reader.person_id not in joined_reporters(session, flag.workspace_id, [flag.id]).get(flag.id, ()):
        raise NotYourFlag


def standing_of(session: Session, flag: AccuracyFlag) -> Standing:
    """What the steps of a flag depend on besides its row."""
    joined = joined_reporters(session, flag.workspace_id, [flag.id]).get(flag.id, ())
    flagged = names(session, flag.workspace_id, [flag.flagged_id]).get(flag.flagged_id or 0)
    return _standing(flag, joined, flagged)


def _standing(flag: AccuracyFlag, joined: tuple[int, ...], flagged: Person | None) -> Standing:
    return Standing(frozenset({flag.reported_by_id, *joined}), vacant=flagged is None or not flagged.active)


def card_by_id(session: Session, reader: Actor, now: datetime, flag_id: int) -> FlagCard:
    """The card of a flag by its key, for a notice about it.

    :raises NoSuchFlag: when this workspace has none.
    """
    flag = session.scalars(
        sa.select(AccuracyFlag).where(AccuracyFlag.workspace_id == reader.workspace_id, AccuracyFlag.id == flag_id)
    ).first()
    if flag is None:
        raise NoSuchFlag
    return card(session, reader, now, flag)


def card(session: Session, reader: Actor, now: datetime, flag: AccuracyFlag, *, joined: bool = False) -> FlagCard:
    """One flag for one reader."""
    return cards(session, reader, now, [flag], joined=joined)[0]


def cards(
    session: Session,
    reader: Actor,
    now: datetime,  # noqa: ARG001 - every card of the desk is of a moment
    flags: Sequence[AccuracyFlag],
    *,
    joined: bool = False,
) -> list[FlagCard]:
    """Several flags for one reader, with six queries whatever their number."""
    also = joined_reporters(session, reader.workspace_id, [flag.id for flag in flags])
    concerned = [key for flag in flags for key in (flag.reported_by_id, flag.flagged_id, *also.get(flag.id, ()))]
    people = names(session, reader.workspace_id, concerned)
    records = _references(session, Record, reader.workspace_id, {flag.record_id for flag in flags})
    tasks = _references(session, ReviewTask, reader.workspace_id, {flag.task_id for flag in flags})
    requests = _references(session, RoiRequest, reader.workspace_id, {flag.request_id for flag in flags})
    answers = _answers(session, reader.workspace_id, [flag.id for flag in flags])
    return [
        _card(
            reader, flag, people, also.get(flag.id, ()),
            Beside(records[flag.record_id], tasks.get(flag.task_id or 0), requests.get(flag.request_id or 0), answers.get(flag.id)),
            joined=joined,
        )
        for flag in flags
    ]  # fmt: skip


def waiting_for(session: Session, actor: Actor, now: datetime, limit: int = 8) -> tuple[FlagCard, ...]:
    """The flags that wait for this person: those about their work to be answered or corrected, and for who decides also those to be decided; oldest first."""
    mine = sa.and_(
        AccuracyFlag.flagged_id == actor.person_id,
        AccuracyFlag.state.in_(TURN_OF_FLAGGED),
    )
    to_decide = sa.or_(
        AccuracyFlag.state.in_((FlagState.REBUTTED, FlagState.ESCALATED, FlagState.CORRECTED)),
        AccuracyFlag.flagged_id.is_(None),
        AccuracyFlag.flagged_id.in_(
            sa.select(Person.id).where(Person.workspace_id == actor.workspace_id, Person.active.is_(False))
        ),
    )
    scope = sa.or_(mine, to_decide) if actor.has(*DECIDERS) else mine
    rows = session.scalars(
        sa.select(AccuracyFlag)
        .where(AccuracyFlag.workspace_id == actor.workspace_id, AccuracyFlag.state.not_in(SETTLED), scope)
        .order_by(AccuracyFlag.changed_at, AccuracyFlag.id)
        .limit(limit * 4)
    ).all()
    return tuple(shown for shown in cards(session, actor, now, rows) if shown.may)[:limit]


@dataclass(frozen=True, slots=True)
class Beside:
    """What other tables say about a flag: the references it is about, and what the person flagged answered."""

    record: str
    task: str | None
    request: str | None
    answer: CleanText | None


def _card(
    reader: Actor, flag: AccuracyFlag, people: dict[int, Person], also: tuple[int, ...], beside: Beside, *, joined: bool
) -> FlagCard:
    kind = kind_of(flag.error_type)
    flagged, reporter = people.get(flag.flagged_id or 0), people.get(flag.reported_by_id)
    return FlagCard(
        reference=flag.reference,
        record=beside.record,
        task=beside.task,
        request=beside.request,
        error_type=flag.error_type,
        group=kind.group,
        label=kind.label,
        root_reason=flag.root_reason,
        severity=flag.severity,
        state=flag.state,
        code_before=flag.code_before,
        code_after=flag.code_after,
        citation=flag.citation,
        note=flag.note,
        answer=beside.answer,
        reported_by=reporter.slack_user_id if reporter else None,
        also_reported_by=tuple(people[key].slack_user_id for key in also),
        flagged=flagged.slack_user_id if flagged else None,
        reader_is_flagged=flag.flagged_id is not None and flag.flagged_id == reader.person_id,
        waits_for_flagged=flag.state in TURN_OF_FLAGGED and flagged is not None and flagged.active,
        created_at=flag.created_at,
        since=flag.changed_at,
        freezes=flag.severity is Severity.CRITICAL and flag.state not in SETTLED,
        may=steps_for(reader, flag, _standing(flag, also, flagged)),
        joined=joined,
    )


def _references(
    session: Session, table: type[Record | ReviewTask | RoiRequest], workspace_id: int, ids: set[int | None] | set[int]
) -> dict[int, str]:
    wanted = {key for key in ids if key is not None}
    if not wanted:
        return {}
    rows = session.execute(
        sa.select(table.id, table.reference).where(table.workspace_id == workspace_id, table.id.in_(wanted))
    )
    return dict(rows.all())


def _answers(session: Session, workspace_id: int, ids: Sequence[int]) -> dict[int, CleanText]:
    """What the person flagged wrote when they disagreed."""
    rows = session.execute(
        sa.select(FlagHistory.flag_id, FlagHistory.note)
        .where(
            FlagHistory.workspace_id == workspace_id,
            FlagHistory.flag_id.in_(ids),
            FlagHistory.to_state == FlagState.REBUTTED,
            FlagHistory.from_state == FlagState.ACKNOWLEDGED,
        )
        .order_by(FlagHistory.id)
    )
    return {flag_id: note for flag_id, note in rows if note is not None}
