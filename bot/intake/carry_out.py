"""Carrying an import out, part by part: each part is one transaction, so that an import of any length holds nobody up and a killed one loses nothing.

What is stored is whole lines in their order; the same file again finds them and goes on with the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Protocol, TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.errors import Refusal
from bot.intake import trail
from bot.intake.errors import ImportStopped
from bot.intake.line_cells import CodeCheck
from bot.intake.means import Means
from bot.intake.problems import Problem
from bot.intake.report import ImportReport
from bot.intake.source import Line, Source
from storage.statistics import count_again
from storage.words import Role

T = TypeVar("T")

log = structlog.get_logger(__name__)

#: The database counts its tables again after a part with which an import has come past so many lines.
COUNTED_AFTER = (1, 2_000, 10_000, 50_000, 250_000)
#: How often a part is tried while the database is busy; each time waits some seconds by itself.
ATTEMPTS = 20

Lines = Sequence[Line | list[Problem]]


class Importer(Protocol):
    """Takes over the lines of one file, so many ``at_once``."""

    at_once: int
    source: Source
    means: Means
    check: CodeCheck
    report: ImportReport

    def take(self, session: Session, actor: Actor, now: datetime, lines: Lines) -> None: ...  # noqa: D102

    def finish(self) -> None: ...  # noqa: D102


class Transact(Protocol):
    """Carries out a rule in a transaction of its own, for somebody and at the time it is then."""

    def __call__(self, rule: Callable[[Session, Actor, datetime], T]) -> T: ...  # noqa: D102


def carry_out(importer: Importer, transact: Transact) -> ImportReport:
    """Take over a whole file, or look what would come of it.

    :raises NotAllowed: unless a supervisor (or the command line) does it, at every part.
    :raises ImportRunning: while another import of the same person is at work.
    """
    report, means = importer.report, importer.means
    run_id = None if means.dry_run else _patiently(transact, partial(_begin, report))
    try:
        for lines, last in in_parts(importer.source.lines(), importer.at_once):
            _patiently(transact, partial(_take, importer, run_id, lines, last))
            report.hand_on(means.mapped)
            means.tell(report.done, report.total, "checking" if means.dry_run else "importing")
    except Exception as error:
        if run_id is None:
            raise
        with suppress(sa.exc.SQLAlchemyError, OSError, Refusal):
            transact(partial(_stop, run_id))
        if isinstance(error, Refusal):
            raise
        log.exception("import_stopped", run=run_id)
        raise ImportStopped(report.done, report.total) from None
    return report


def _patiently(transact: Transact, rule: Callable[[Session, Actor, datetime], T]) -> T:
    """Carry out a rule, again while SQLite's only writer is busy with somebody else: then the rule has not begun."""
    begun: list[bool] = []

    def noted(session: Session, actor: Actor, now: datetime) -> T:
        begun.append(True)
        return rule(session, actor, now)

    for _ in range(ATTEMPTS - 1):
        try:
            return transact(noted)
        except sa.exc.OperationalError as error:
            if begun or "locked" not in str(error.orig):
                raise
    return transact(noted)


def in_parts(lines: Iterable[T], size: int) -> Iterator[tuple[list[T], bool]]:
    """The lines in lists of ``size``, each with whether it is the last; one empty list when there are none."""
    left = iter(lines)
    part = list(islice(left, size))
    while True:
        following = list(islice(left, size)) if len(part) == size else []
        yield part, not following
        if not following:
            return
        part = following


def _begin(report: ImportReport, session: Session, actor: Actor, now: datetime) -> int:
    return trail.begin(session, actor, now, report)


def _stop(run_id: int, session: Session, actor: Actor, now: datetime) -> None:
    trail.stop(session, actor, now, run_id)


def _take(
    importer: Importer, run_id: int | None, lines: Lines, last: bool, session: Session, actor: Actor, now: datetime
) -> None:
    actor.require(Role.SUPERVISOR)
    report, before = importer.report, importer.report.counts()
    if run_id is not None:
        trail.alone(session, actor)
    importer.take(session, actor, now, lines)
    report.done += len(lines)
    if last:
        importer.finish()
    if run_id is not None:
        if any(report.done - len(lines) < passed <= report.done for passed in COUNTED_AFTER):
            count_again(session)
        brought = {name: count - before[name] for name, count in report.counts().items()}
        trail.note_part(session, actor, now, report, brought, importer.check)
        trail.move(session, actor, now, run_id, report, last=last)
