"""Opening a file that was given: which form it has, and what kind of work is in it."""

from __future__ import annotations

from enum import StrEnum

from bot.intake.carry_out import Importer
from bot.intake.columns import ColumnSet, Headings
from bot.intake.errors import BrokenFile
from bot.intake.means import Means
from bot.intake.request_words import REQUEST_COLUMNS
from bot.intake.requests import RequestImport
from bot.intake.sheet import look_at_header, read_sheet
from bot.intake.source import GivenFile, Source
from bot.intake.task_words import TASK_COLUMNS
from bot.intake.tasks import TaskImport
from bot.roi.due_rules import RuleBook

#: Bytes looked at to tell JSON from a table.
FIRST_BYTES = 64


class FileKind(StrEnum):
    """What kind of work a file brings."""

    TASKS = "tasks"
    REQUESTS = "requests"


COLUMNS: dict[FileKind, ColumnSet] = {FileKind.TASKS: TASK_COLUMNS, FileKind.REQUESTS: REQUEST_COLUMNS}


def is_json(file: GivenFile) -> bool:
    """Whether a file is JSON and not a table."""
    with file.open() as stream:
        start = stream.read(FIRST_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith((b"{", b"[{", b"[\n", b"[ "))


def kind_of(file: GivenFile) -> FileKind:
    """What kind of work a file brings, by the headers it knows most of; FHIR carries tasks.

    :raises BrokenFile: when it is no table.
    """
    if is_json(file):
        return FileKind.TASKS
    _, cells = look_at_header(file)
    return max(FileKind, key=lambda kind: COLUMNS[kind].known(cells))


def open_source(file: GivenFile, kind: FileKind, headings: Headings, *, drop_identifiers: bool = False) -> Source:
    """Look through a file, a table or FHIR.

    :raises BrokenFile, IdentifiersFound, WrongColumns: when it is refused whole.
    """
    if not is_json(file):
        return read_sheet(file, COLUMNS[kind], headings, drop_identifiers=drop_identifiers)
    if kind is not FileKind.TASKS:
        raise BrokenFile("Nothing was imported: FHIR files bring review tasks only. Releases come as CSV.")
    # Imported here because the library of FHIR's resources is large and most processes never read one.
    from bot.intake.fhir_file import read_fhir  # noqa: PLC0415

    return read_fhir(file, drop_identifiers=drop_identifiers)


def importer(kind: FileKind, source: Source, means: Means, rulebook: RuleBook) -> Importer:
    """What takes over a file of this kind."""
    return TaskImport(source, means) if kind is FileKind.TASKS else RequestImport(source, means, rulebook)
