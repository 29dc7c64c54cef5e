"""Importing releases: each line becomes a request, logged as people log one, with its due date reckoned by our rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.errors import Refusal
from bot.intake.keys import KeyedHash
from bot.intake.known_work import in_parts
from bot.intake.line_cells import CodeCheck
from bot.intake.means import Means
from bot.intake.report import ImportReport, Problem
from bot.intake.request_lines import RequestLine, RequestReader
from bot.intake.roster import Roster
from bot.intake.sheet import Sheet
from bot.intake.trail import note_import
from bot.roi.due_rules import RuleBook
from bot.roi.intake import log_request
from bot.roi.states import DONE
from storage.tables import RoiRequest
from storage.words import Role

#: Facts the source owns: a later file may change them. Everything else belongs to the desk once a request is here.
OWNED_BY_SOURCE = ("pages", "delivery_method", "requester_type")
#: What a refusal of the rules is about, in the file's words.
COLUMN_OF = {
    "letter_on": "letter_date",
    "letter_due_on": "due_date",
    "authorization_valid_on": "authorization_date",
    "legal_state": "state",
    "extended": "extension_used",
    "reference": "request_ref",
    "record": "record_ref",
}


def import_requests(
    session: Session, actor: Actor, now: datetime, sheet: Sheet, means: Means, rulebook: RuleBook
) -> ImportReport:
    """Take over the requests of a file. The same file again changes nothing; lines that cannot be used are rejected one by one and the others stay.

    :raises NotAllowed: unless a supervisor (or the command line) does it.
    """
    actor.require(Role.SUPERVISOR)
    check, roster = CodeCheck(means.guard), Roster.of(session, actor.workspace_id)
    today = now.astimezone(ZoneInfo(actor.legal_zone)).date()
    reader = RequestReader(check, KeyedHash(means.secret, actor.workspace_id), roster, today)
    report = ImportReport.of(sheet, dry_run=means.dry_run)
    everything = session.begin_nested()
    _Intake(session, actor, now, rulebook, report).take(_read(sheet, reader, report), means)
    report.warnings += roster.warnings()
    if means.dry_run:
        everything.rollback()
    else:
        everything.commit()
        note_import(session, actor, now, report, check)
    return report


def _read(sheet: Sheet, reader: RequestReader, report: ImportReport) -> list[RequestLine]:
    lines = []
    for line in sheet.lines:
        found = reader.read(line)
        if isinstance(found, list):
            report.rejected += found
        else:
            lines.append(found)
    return lines


@dataclass(slots=True)
class _Intake:
    """Logs or compares one line after the other."""

    session: Session
    actor: Actor
    now: datetime
    rulebook: RuleBook
    report: ImportReport
    _known: dict[str, RoiRequest] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)

    def take(self, lines: list[RequestLine], means: Means) -> None:
        """Go through the lines of a file in their order."""
        self._look_up(lines)
        for done, line in enumerate(lines, start=1):
            if done % 50 == 0 or done == len(lines):
                means.tell(done, len(lines), "logging")
            name = line.facts.reference or line.facts.external_key or ""
            before = self._seen.setdefault(name, line.number)
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
            self.report.warnings.append(Problem(line.number, "due_date", told))

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
        self.report.rejected.append(Problem(line.number, column, reason))
