"""Importing review tasks: the lines of a file become records, tasks and their history, part by part and in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.intake.keys import KeyedHash
from bot.intake.known_work import KnownWork
from bot.intake.line_cells import CodeCheck
from bot.intake.means import Means
from bot.intake.problems import Problem
from bot.intake.report import ImportReport
from bot.intake.roster import Roster
from bot.intake.source import Line, Source
from bot.intake.task_lines import LineReader, TaskFacts
from bot.intake.task_plan import Met, Planner
from bot.intake.task_store import TaskStore
from bot.moments import local_day


class TaskImport:
    """Takes over the tasks of one file. The same file again changes nothing; lines that cannot be used are rejected one by one and the others stay."""

    #: Lines of one transaction: on SQLite others wait for it, some tenths of a second.
    at_once = 1_000

    def __init__(self, source: Source, means: Means) -> None:
        self.source = source
        self.means = means
        self.check = CodeCheck(means.guard)
        self.report = ImportReport.of(source, dry_run=means.dry_run)
        self._met = Met()
        self._unknown: dict[tuple[str, str], list[int]] = {}

    def take(self, session: Session, actor: Actor, now: datetime, lines: Sequence[Line | list[Problem]]) -> None:
        """Take over some lines, the next ones in their order."""
        today = local_day(now, actor.legal_zone)
        reader = LineReader(self.check, today, actor.legal_zone, self.report.warn, self.source.unit)
        facts = self._read(lines, reader)
        keyed = KeyedHash(self.means.secret, actor.workspace_id)
        known = _known(session, actor, facts, keyed)
        plan = Planner(known, keyed, self.report, self._met).go_through(facts)
        roster = Roster.of(session, actor.workspace_id, self._unknown)
        store = TaskStore(session, actor, now, today, roster, self.report, self.source.given)
        rows = [store.task_row(task) for task in plan.tasks]
        if not self.means.dry_run:
            store.keep(plan, rows)

    def finish(self) -> None:
        """Note what only the whole file tells."""
        for warning in Roster({}, self._unknown).warnings(self.source.unit):
            self.report.warn(warning)

    def _read(self, lines: Iterable[Line | list[Problem]], reader: LineReader) -> list[TaskFacts]:
        facts = []
        for line in lines:
            found = line if isinstance(line, list) else reader.read(line)
            if isinstance(found, list):
                self.report.reject(found)
            else:
                facts.append(found)
        return facts


def _known(session: Session, actor: Actor, facts: Iterable[TaskFacts], keyed: KeyedHash) -> KnownWork:
    records, keys, tasks = set(), set(), set()
    for fact in facts:
        records |= {fact.record} if fact.record else set()
        keys |= {keyed(fact.external_key)} if fact.external_key else set()
        tasks |= {fact.task} if fact.task else set()
    return KnownWork.of(session, actor.workspace_id, records, keys, tasks)
