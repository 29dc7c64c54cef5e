"""Drawing a sample of finished coding for audit: by chance with a recorded seed, or on purpose and marked as such."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from bot.audits.chance import by_coder, draw, share
from bot.audits.dealing import deal, tell_dealt
from bot.audits.population import CodedTask, Span, Which, coded_tasks, finished_span, named_tasks, read_code
from bot.errors import BadInput, NotFound
from bot.moments import local_day
from bot.people import names
from bot.references import Prefix, read_reference
from storage.tables import AuditCase, AuditSample, Workspace
from storage.words import CaseState, Role, SampleBasis, Subject

#: The roles that draw samples and audit them.
AUDITORS = (Role.AUDITOR, Role.SUPERVISOR)
#: Nobody audits more at once; a longer list is a slip of the finger.
MOST_CASES = 1_000
#: How many people a refusal names.
NAMED = 5


class NothingToAudit(NotFound):
    """Nobody finished any coding in that time. Choose a longer one, or fewer conditions."""


class NoSuchSample(NotFound):
    """There is no audit of that number here. /team audits shows them."""


class SampleTooLarge(BadInput):
    """That is more than there is to draw from. Choose fewer cases, or a longer time."""


class NotFinishedCoding(BadInput):
    """Only finished coding tasks can be audited."""


class SampleSizeNeeded(BadInput):
    """Say how many: a number of cases for each coder from 1 to 500, or a share from 1 to 100 percent."""


class SpanBackwards(BadInput):
    """The first day must not be after the last, and the last day must not be in the future."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many cases of each coder: a number, or a share in percent. One of the two.

    ``all_where_fewer``: somebody with less finished work than the number is audited whole, instead of the sample being refused.

    :raises SampleSizeNeeded: for neither, both, or a number out of range.
    """

    per_coder: int | None = None
    percent: int | None = None
    all_where_fewer: bool = False

    def __post_init__(self) -> None:
        """Check what a form may get wrong."""
        if (self.per_coder is None) == (self.percent is None):
            raise SampleSizeNeeded(field="size")
        if not 1 <= (self.per_coder or self.percent or 0) <= (100 if self.percent is not None else 500):
            raise SampleSizeNeeded(field="size")

    def of(self, population: int) -> int:
        """How many cases of somebody with so many finished tasks."""
        return share(self.percent, population) if self.percent is not None else self.per_coder or 0


@dataclass(frozen=True, slots=True)
class SampleDrawn:
    """What a draw came to. ``unassigned``: cases nobody may audit yet, because only their own coder is an auditor."""

    number: int
    basis: SampleBasis
    seed: str | None
    cases: int
    population: int
    coders: int
    unassigned: int


def draw_sample(
    session: Session, actor: Actor, now: datetime, which: Which, size: Size, seed: str | None = None
) -> SampleDrawn:
    """Draw a random sample, deal its cases to the auditors, and tell them. Nobody is dealt their own work.

    :param seed: to draw an earlier sample again; a new one is made and recorded when left out.
    :raises NotAllowed: unless an auditor or a supervisor does it.
    :raises SpanBackwards, NothingToAudit: when there is no such work.
    :raises SampleTooLarge: naming who has less finished work than the number asked for.
    """
    actor.require(*AUDITORS)
    _require_past(actor, now, which)
    tasks = by_coder(coded_tasks(session, actor, which, now))
    if not tasks:
        raise NothingToAudit(field="starts")
    wanted = {coder: size.of(len(own)) for coder, own in tasks.items()}
    if not size.all_where_fewer:
        _require_enough(session, actor, tasks, wanted)
    chosen = seed or secrets.token_hex(4)
    drawn = draw(chosen, tasks, wanted)
    _require_few(len(drawn))
    sample = _new_sample(session, actor, now, which, SampleBasis.RANDOM, sum(map(len, tasks.values())))
    sample.seed, sample.per_coder, sample.percent = chosen, size.per_coder, size.percent
    return _fill(session, actor, now, sample, drawn)


def target_sample(session: Session, actor: Actor, now: datetime, references: Sequence[str]) -> SampleDrawn:
    """Take the named tasks for audit. Such a sample is marked as targeted: it finds errors and estimates nothing.

    :raises NotAllowed: unless an auditor or a supervisor does it.
    :raises NotFinishedCoding: naming the references that are no finished coding task of this workspace.
    """
    actor.require(*AUDITORS)
    wanted = list(dict.fromkeys(read_reference(text, Prefix.TASK) for text in references))
    _require_few(len(wanted), "tasks")
    tasks = named_tasks(session, actor, wanted)
    missing = sorted(set(wanted) - {task.reference for task in tasks})
    if missing or not tasks:
        which_ones = ", ".join(missing[:NAMED]) or "Nothing"
        raise NotFinishedCoding(f"{which_ones}: no finished coding task. Only finished coding can be audited.", field="tasks")
    which = Which(finished_span(session, actor, tasks))
    sample = _new_sample(session, actor, now, which, SampleBasis.TARGETED, len(tasks))
    return _fill(session, actor, now, sample, tasks)


def target_by_code(session: Session, actor: Actor, now: datetime, code: str, span: Span) -> SampleDrawn:
    """Take all coding of a time that ended with a code (``E11.9``) or with one that begins so (``A41.*``). It is marked as targeted.

    :raises NotAllowed: unless an auditor or a supervisor does it.
    :raises CodeUnclear, SpanBackwards, NothingToAudit, SampleTooLarge: naming the field.
    """
    actor.require(*AUDITORS)
    wanted = read_code(code)
    which = Which(span)
    _require_past(actor, now, which)
    tasks = coded_tasks(session, actor, which, now, wanted)
    if not tasks:
        raise NothingToAudit(f"No coding finished in that time has {wanted}. Choose a longer time, or another code.", field="code")
    _require_few(len(tasks), "code")
    sample = _new_sample(session, actor, now, which, SampleBasis.TARGETED, len(tasks))
    sample.code = str(wanted)
    return _fill(session, actor, now, sample, tasks)


def drawn_again(session: Session, actor: Actor, _now: datetime, number: int) -> bool:
    """Whether drawing a random sample anew from its seed gives the same cases; the proof that nobody chose them.

    :raises NotAllowed: unless an auditor or a supervisor asks.
    :raises NoSuchSample: when there is none of that number, or it was targeted.
    """
    actor.require(*AUDITORS)
    sample = find_sample(session, actor, number)
    if sample.seed is None:
        raise NoSuchSample(f"Audit {number} was chosen on purpose, so there is nothing to draw again.")
    size = Size(sample.per_coder, sample.percent, all_where_fewer=True)
    kept = set(session.scalars(_cases_of(sample).with_only_columns(AuditCase.task_id)))
    coders = set(session.scalars(_cases_of(sample).with_only_columns(AuditCase.coder_id).distinct()))
    tasks = by_coder(
        task for task in coded_tasks(session, actor, _which_of(sample), sample.drawn_at) if task.coder_id in coders
    )
    return {task.id for task in draw(sample.seed, tasks, {coder: size.of(len(own)) for coder, own in tasks.items()})} == kept


def find_sample(session: Session, actor: Actor, number: int, *, lock: bool = False) -> AuditSample:
    """The sample people call by this number.

    :raises NoSuchSample: when this workspace has none.
    """
    query = sa.select(AuditSample).where(AuditSample.workspace_id == actor.workspace_id, AuditSample.number == number)
    found = session.scalars(query.with_for_update(key_share=True) if lock else query).first()
    if found is None:
        raise NoSuchSample
    return found


def _cases_of(sample: AuditSample) -> sa.Select[AuditCase]:
    return sa.select(AuditCase).where(AuditCase.workspace_id == sample.workspace_id, AuditCase.sample_id == sample.id)


def _which_of(sample: AuditSample) -> Which:
    return Which(Span(sample.starts_on, sample.ends_on), sample.setting, sample.facility)


def _require_past(actor: Actor, now: datetime, which: Which) -> None:
    today = local_day(now, actor.legal_zone)
    if which.span.starts_on > which.span.ends_on or which.span.ends_on > today:
        raise SpanBackwards(field="ends")


def _require_enough(
    session: Session, actor: Actor, tasks: Mapping[int, Sequence[CodedTask]], wanted: Mapping[int, int]
) -> None:
    short = {coder: len(own) for coder, own in tasks.items() if len(own) < wanted[coder]}
    if not short:
        return
    people = names(session, actor.workspace_id, short)
    told = ", ".join(f"{people[coder].name} {count}" for coder, count in list(short.items())[:NAMED])
    more = f" and {len(short) - NAMED} more" if len(short) > NAMED else ""
    raise SampleTooLarge(
        f"Finished fewer than {max(wanted.values())}: {told}{more}. Choose fewer cases, a longer time, or tick “Take all where there are fewer”.",
        field="size",
    )


def _require_few(cases: int, field: str = "size") -> None:
    if cases > MOST_CASES:
        raise SampleTooLarge(f"These are {cases} cases; an audit holds at most {MOST_CASES}. Choose fewer.", field=field)


def _new_sample(
    session: Session, actor: Actor, now: datetime, which: Which, basis: SampleBasis, population: int
) -> AuditSample:
    """A sample with the next number of its workspace, whose row is locked so that no two get the same."""
    session.execute(sa.select(Workspace.id).where(Workspace.id == actor.workspace_id).with_for_update())
    last = session.scalar(sa.select(sa.func.max(AuditSample.number)).where(AuditSample.workspace_id == actor.workspace_id))
    sample = AuditSample(
        workspace_id=actor.workspace_id,
        number=(last or 0) + 1,
        basis=basis,
        starts_on=which.span.starts_on,
        ends_on=which.span.ends_on,
        setting=which.setting,
        facility=which.facility,
        population=population,
        drawn_by_id=actor.id,
        drawn_at=now,
    )
    session.add(sample)
    session.flush()
    return sample


def _fill(
    session: Session, actor: Actor, now: datetime, sample: AuditSample, tasks: Sequence[CodedTask]
) -> SampleDrawn:
    """Make the cases, deal them out, tell the auditors, and write it down."""
    auditors = deal(session, actor, now, tasks)
    session.add_all(
        AuditCase(
            workspace_id=sample.workspace_id, sample_id=sample.id, task_id=task.id, coder_id=task.coder_id,
            auditor_id=auditors[task.id], state=CaseState.OPEN,
        )
        for task in tasks
    )  # fmt: skip
    session.flush()
    tell_dealt(session, actor, now, sample, auditors.values())
    audit.record(
        session, actor, now, "sample_drawn", Subject.SAMPLE, str(sample.number),
        basis=sample.basis.value, seed=sample.seed, cases=len(tasks), population=sample.population,
    )  # fmt: skip
    return SampleDrawn(
        number=sample.number,
        basis=sample.basis,
        seed=sample.seed,
        cases=len(tasks),
        population=sample.population,
        coders=len({task.coder_id for task in tasks}),
        unassigned=sum(auditor is None for auditor in auditors.values()),
    )
