"""Files that a supervisor sent: looked at first, taken over when they say so. Nothing of a file is kept, neither here nor between the two steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.actors import Actor, Identity
from bot.csv_file import csv_bytes
from bot.desk import Desk
from bot.errors import NotAllowed
from bot.intake.carry_out import carry_out
from bot.intake.columns import Headings
from bot.intake.errors import FileChanged
from bot.intake.mapping import Offered, headings, offered, remember
from bot.intake.means import Means
from bot.intake.opening import COLUMNS, FileKind, importer, kind_of, open_source
from bot.intake.report import ImportReport
from bot.intake.source import GivenFile
from bot.progress import Tell
from storage.words import Role

T = TypeVar("T")

#: Files larger than this are brought in by the command line, in bytes.
LARGEST_SENT = 20 * 1024 * 1024


class NotYourFile(NotAllowed):
    """Work lists are brought in by supervisors, so I opened no file. If you sent one that holds patient data, please delete it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to do with a file: what kind of work is in it (None: see by its headers), and whether identifying columns are left out.

    ``digest`` is the beginning of the file's, once it was checked.
    """

    kind: FileKind | None = None
    drop: bool = False
    digest: str = ""


@dataclass(slots=True)
class MapFile:
    """Which line became which reference, for the one who brought the file and nobody else."""

    _written: StringIO = field(default_factory=StringIO)
    lines: int = 0

    def add(self, line: int, reference: str) -> None:
        """One line more."""
        self._written.write(f"{line},{reference}\r\n")
        self.lines += 1

    def content(self, unit: str) -> bytes:
        """As a CSV file."""
        return f"{unit},reference\r\n{self._written.getvalue()}".encode("utf-8-sig")


def may_bring_in(_session: Session, actor: Actor, _now: datetime) -> None:
    """Refuse before a file is opened.

    :raises NotYourFile: unless a supervisor asks.
    """
    if not actor.has(Role.SUPERVISOR):
        raise NotYourFile


def check_file(desk: Desk, who: Identity, file: GivenFile, wish: Wish, tell: Tell) -> tuple[ImportReport, FileKind]:
    """What would come of a file. Nothing is stored.

    :raises BrokenFile, IdentifiersFound, WrongColumns: when it is refused whole.
    :raises NotAllowed: unless a supervisor asks.
    """
    kind = wish.kind or kind_of(file)
    means = Means(desk.guard_for(who.team_id), desk.settings.secret_key(), dry_run=True, tell=tell)
    return _run(desk, who, file, Wish(kind, wish.drop), means), kind


def bring_in(desk: Desk, who: Identity, file: GivenFile, wish: Wish, tell: Tell) -> tuple[ImportReport, MapFile]:
    """Take a file over that was checked, part by part.

    :raises FileChanged: when it is not the one that was checked.
    :raises ImportRunning, ImportStopped, NotAllowed: as they say.
    """
    mapped = MapFile()
    means = Means(desk.guard_for(who.team_id), desk.settings.secret_key(), tell=tell, mapped=mapped.add)
    return _run(desk, who, file, wish, means), mapped


def headers_of(desk: Desk, who: Identity, file: GivenFile, kind: FileKind) -> Offered:
    """What the supervisor can say about the headers of a file."""
    return desk.look(who, offered, COLUMNS[kind], file, desk.settings.secret_key(), desk.guard_for(who.team_id))


def match_headers(desk: Desk, who: Identity, kind: FileKind, meanings: Mapping[str, str], once: str) -> None:
    """Remember what headers mean, once for a form."""
    desk.change(who, remember, once, COLUMNS[kind], meanings)


def rejected_file(report: ImportReport) -> bytes:
    """Every rejected line with its column and the reason, as CSV. The cells are not in it."""
    return csv_bytes((report.unit, "column", "reason"), [(one.line, one.column, one.reason) for one in report.rejected])


def _run(desk: Desk, who: Identity, file: GivenFile, wish: Wish, means: Means) -> ImportReport:
    kind = wish.kind or kind_of(file)
    known = desk.look(who, _headings, kind, means)
    source = open_source(file, kind, known, drop_identifiers=wish.drop)
    if wish.digest and not source.digest.startswith(wish.digest):
        raise FileChanged

    def transact(rule: Callable[[Session, Actor, datetime], T]) -> T:
        # A dry run of releases logs them and takes it back, which needs a transaction that may write.
        if means.dry_run and kind is FileKind.TASKS:
            return desk.look(who, rule)
        return desk.change(who, rule)

    return carry_out(importer(kind, source, means, desk.rules), transact)


def _headings(session: Session, actor: Actor, _now: datetime, kind: FileKind, means: Means) -> Headings:
    may_bring_in(session, actor, _now)
    return headings(session, actor.workspace_id, COLUMNS[kind], means.secret, means.guard)
