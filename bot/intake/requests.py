"""Importing releases: each line becomes a request, logged as people log one, with its due date reckoned by our rules. Part by part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.errors import Refusal
from bot.intake.keys import KeyedHash
from bot.intake.known_work import in_parts
from bot.intake.line_cells import CodeCheck
from bot.intake.means import Means
from bot.intake.problems import Problem
from bot.intake.report import ImportReport
from bot.intake.request_lines import RequestLine, RequestReader
from bot.intake.roster import Roster
from bot.intake.source import Line, Source
from bot.moments import local_day
from bot.roi.due_rules import RuleBook
from bot.roi.intake import log_request
from bot.roi.states import DONE
from storage.tables import RoiRequest

#: Facts the source owns: a later file may change them. Everything else belongs to the desk once a request is here.
OWNED_BY_SOURCE = ("pages", "delivery_method", "requester_type", "purpose", "facility")
#: What a refusal of the rules is about, in the file's words.
COLUMN_OF = {
    "letter_on": "letter_date",
    "received_on": "received_date",
    "letter_due_on": "due_date",
    "promised_on": "promised_date",
    "authorization_valid_on": "authorization_date",
    "legal_state": "state",
    "extended": "extension_used",
    "reference": "request_ref",
    "record": "record_ref",
}


class RequestImport:
    """Takes over the requests of one file. The same file again changes nothing; lines that cannot be used are rejected one by one and the others stay."""

    #: Lines of one transaction. Each is logged with a statement of its own for everything, so there are fewer than of tasks.
    at_once = 100

    def __init__(self, source: Source, means: Means, rulebook: RuleBook) -> None:
        self.source = source
        self.means = means
        self.rulebook = rulebook
        self.check = CodeCheck(means.guard)
        self.report = ImportReport.of(source, dry_run=means.dry_run)
        self._seen: dict[int, int] = {}
        self._unknown: dict[tuple[str, str], list[int]] = {}

    def take(self, session: Session, actor: Actor, now: datetime, lines: Sequence[Line | list[Problem]]) -> None:
        """Take over some lines, the next ones in their order. A dry run logs them too and takes all of it back."""
        roster = Roster.of(session, actor.workspace_id, self._unknown)
        today = local_day(now, actor.legal_zone)
        reader = RequestReader(
            self.check, KeyedHash(self.means.secret, actor.workspace_id), roster, today, self.source.unit
        )
        everything = session.begin_nested()
        intake = _Intake(session, actor, now, self.rulebook, self.report, self._seen)
        intake.take(self._read(lines, reader))
        if self.means.dry_run:
            everything.rollback()
            self.report.references.clear()
        else:
            everything.commit()

    def finish(self) -> None:
        """Note what only the whole file tells."""
        for warning in Roster({}, self._unknown).warnings(self.source.unit):
            self.report.warn(warning)

    def _read(self, lines: Iterable[Line | list[Problem]], reader: RequestReader) -> list[RequestLine]:
        read = []
        for line in lines:
            found = line if isinstance(line, list) else reader.read(line)
            if isinstance(found, list):
                self.report.reject(found)
            else:
                read.append(found)
        return read


@dataclass(slots=True)
class _Intake:
    """Logs or compares one line after the other."""

    session: Session
    actor: Actor
    now: datetime
    rulebook: RuleBook
    report: ImportReport
    seen: dict[int, int]
    _known: dict[str, RoiRequest] = field(default_factory=dict)

    def take(self, lines: list[RequestLine]) -> None:
        """Go through some lines of a file in their order."""
        self._look_up(lines)
        for line in lines:
            name = line.facts.reference or line.facts.external_key or ""
            before = self.seen.setdefault(hash(name), line.number)
            known = self._known.get(line.facts.reference or "") or self._known.get(line.facts.external_key or "")
            if before != line.number:
                self._reject(line, "request_ref", f"is the same request as on line {before}")
            elif known is None:
                self._log(line)
            else:
                self._compare(known, line)
        self.session.flush()

    def _look_up(self, lines: Iterable[RequestLine]) -> None:
        facts = [line.facts for line in lines]
        for column in (RoiRequest.reference, RoiRequest.external_key):
            names = {getattr(fact, column.key) for fact in facts} - {None}
            for part in in_parts(names):
                where = (RoiRequest.workspace_id == self.actor.workspace_id, column.in_(part))
                for request in self.session.scalars(sa.select(RoiRequest).where(*where)):
                    self._known[str(getattr(request, column.key))] = request

    def _log(self, line: RequestLine) -> None:
        """Log a new request; what the rules refuse leaves nothing of its line behind."""
        try:
            with self.session.begin_nested():
                request = log_request(self.session, self.actor, self.now, self.rulebook, line.facts)
        except Refusal as refusal:
            column = COLUMN_OF.get(refusal.field or "", refusal.field or "request_type")
            self._reject(line, column, refusal.sentence.rstrip("."))
            return
        self.report.new += 1
        self.report.references[line.number] = request.reference
        if line.due_on is not None and line.due_on != request.due_on:
            told = f"our rule {request.due_rule} gives {request.due_on:%Y-%m-%d}, so that date counts"
            self.report.warn(Problem(line.number, "due_date", told))

    def _compare(self, request: RoiRequest, line: RequestLine) -> None:
        self.report.references[line.number] = request.reference
        said = {name: getattr(line.facts, name) for name in OWNED_BY_SOURCE}
        if line.priority_stated:
            said["priority"] = line.facts.priority
        values = {name: value for name, value in said.items() if value is not None and value != getattr(request, name)}
        if not values or request.state in DONE:
            self.report.unchanged += 1
            return
        for name, value in values.items():
            setattr(request, name, value)
        self.report.updated += 1

    def _reject(self, line: RequestLine, column: str, reason: str) -> None:
        self.report.reject([Problem(line.number, column, reason)])
