"""Reading FHIR: a Bundle of Tasks, one Task, or Tasks line by line (ndjson). Entry by entry, never the whole file at once."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import ijson

from bot.intake import fhir_words as words
from bot.intake.columns import ColumnSet
from bot.intake.errors import BrokenFile, IdentifiersFound
from bot.intake.fhir_task import TaskReader, identifying_inputs
from bot.intake.keys import any_reference
from bot.intake.problems import Problem
from bot.intake.sheet import BLOCK, LARGEST
from bot.intake.source import GivenFile, Line
from bot.intake.task_words import TASK_COLUMNS

#: The longest line of ndjson, and the largest file of one resource, in bytes.
LONGEST_LINE = 1024 * 1024
#: Levels a bundle of tasks can have; FHIR's own elements need some ten.
DEEPEST = 100
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_NO_BRACKETS = bytes(sign for sign in range(256) if sign not in b"[]{}")
#: Resources of other kinds that may lie beside tasks without anybody's name in them.
_HARMLESS = frozenset({"Organization", "Location", "OperationOutcome"})

#: A resource with the address its bundle gives it, and its number in the file.
Entry = tuple[int, Any, str]


@dataclass(frozen=True, slots=True)
class TaskFile:
    """A FHIR file that may be imported."""

    file: GivenFile
    by_line: bool
    digest: str
    total: int = 0
    dropped: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    given: frozenset[str] = frozenset()
    unit: str = "entry"
    encoding: str = "utf-8"
    columns: ColumnSet = TASK_COLUMNS

    def lines(self) -> Iterator[Line | list[Problem]]:
        """Every task in its order; what is wrong with one that cannot be read."""
        met, reader = dict[int, int](), TaskReader()
        for number, resource, full_url in entries(self.file, by_line=self.by_line):
            if _is_task(resource):
                yield _once(number, resource, met) or reader.read(number, resource, full_url)


def read_fhir(file: GivenFile, *, drop_identifiers: bool = False) -> TaskFile:
    """Look through a FHIR file, or refuse it whole.

    :param drop_identifiers: leave out elements with free text and people instead of refusing the file.
    :raises BrokenFile: when it is no JSON, no Bundle, or has no task.
    :raises IdentifiersFound: naming the elements.
    """
    told = TaskFile(file, _by_line(file), _digest(file))
    total, identifying, references, given = 0, set[str](), set[str](), set[str]()
    for _, resource, _ in entries(file, by_line=told.by_line):
        if not _is_task(resource):
            identifying |= _of_others(resource)
            continue
        total += 1
        identifying |= _identifying(resource)
        references |= {f"Task.{name}" for name in words.REFERENCES if name in resource}
        given |= {reference for value in _identifiers(resource) if (reference := any_reference(value))}
    if not total:
        raise BrokenFile("Nothing was imported: the file has no FHIR task in it.")
    if identifying and not drop_identifiers:
        raise IdentifiersFound(tuple(sorted(identifying)))
    return replace(
        told, total=total, dropped=tuple(sorted(identifying | references)), given=frozenset(given)
    )


def entries(file: GivenFile, *, by_line: bool) -> Iterator[Entry]:
    """Every resource of a file.

    :raises BrokenFile: where it breaks off.
    """
    try:
        yield from _lines(file) if by_line else _bundle(file)
    except (ijson.JSONError, UnicodeDecodeError, RecursionError, ValueError):
        raise BrokenFile(
            "Nothing was imported: this is no complete JSON. Export the bundle again, or one resource a line (ndjson)."
        ) from None


def _lines(file: GivenFile) -> Iterator[Entry]:
    with file.open() as stream:
        for number, line in enumerate(iter(lambda: stream.readline(LONGEST_LINE), b""), start=1):
            if not line.strip():
                continue
            try:
                resource = json.loads(line.decode("utf-8-sig"))
            except (ValueError, RecursionError):
                raise BrokenFile(
                    f"Nothing was imported: line {number} is no complete JSON, or longer than a task can be."
                ) from None
            yield number, resource, ""


def _bundle(file: GivenFile) -> Iterator[Entry]:
    with file.open() as stream:
        kind = next(ijson.items(_after_mark(stream), "resourceType"), None)
    if kind == "Task":
        with file.open() as stream:
            yield 1, json.loads(stream.read(LONGEST_LINE).decode("utf-8-sig")), ""
        return
    if kind != "Bundle":
        raise BrokenFile("Nothing was imported: this is no FHIR Bundle of tasks, and no task either.")
    with file.open() as stream:
        for number, entry in enumerate(ijson.items(_after_mark(stream), "entry.item"), start=1):
            held = entry if isinstance(entry, dict) else {}
            yield number, held.get("resource"), str(held.get("fullUrl") or "")


def _after_mark(stream: Any) -> Any:  # noqa: ANN401 - a binary file
    """A stream behind the byte order mark that some systems write."""
    if stream.read(3) != b"\xef\xbb\xbf":
        stream.seek(0)
    return stream


def _by_line(file: GivenFile) -> bool:
    """Whether the first line is a whole resource that is no Bundle."""
    with file.open() as stream:
        first = next((line for line in iter(lambda: stream.readline(LONGEST_LINE), b"") if line.strip()), b"")
    try:
        resource = json.loads(first.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return isinstance(resource, dict) and resource.get("resourceType") != "Bundle"


def _digest(file: GivenFile) -> str:
    """The SHA-256 of a file, which is looked over on the way: a parser of JSON in C can be brought down by a file that is nested deeply enough."""
    digest, size, depth, left = hashlib.sha256(), 0, 0, b""
    with file.open() as stream:
        for block in iter(lambda: stream.read(BLOCK), b""):
            size += len(block)
            if size > LARGEST:
                raise BrokenFile(f"Nothing was imported: the file is larger than {LARGEST // 1024 // 1024} MB. Split it.")
            digest.update(block)
            depth, left = _deeper(depth, left + block)
    return digest.hexdigest()


def _deeper(depth: int, text: bytes) -> tuple[int, bytes]:
    """How deep a piece of JSON ends, and the beginning of a string that the next piece ends.

    :raises BrokenFile: when it goes deeper than any resource, or a string is longer than a task.
    """
    bare = _STRING.sub(b"", text)
    whole, quote, rest = bare.partition(b'"')
    if len(rest) > LONGEST_LINE:
        raise BrokenFile("Nothing was imported: something in this file is longer than a task can be. Export it without attachments.")
    for sign in whole.translate(None, _NO_BRACKETS):
        depth += 1 if sign in b"[{" else -1
        if depth > DEEPEST:
            raise BrokenFile("Nothing was imported: this file is nested deeper than any FHIR resource, so it is none.")
    return depth, quote + rest


def _is_task(resource: Any) -> bool:  # noqa: ANN401 - any JSON
    return isinstance(resource, dict) and resource.get("resourceType") == "Task"


def _once(number: int, resource: Mapping[str, Any], met: dict[int, int]) -> list[Problem] | None:
    """What is wrong with a resource whose id an earlier one had."""
    key = resource.get("id")
    before = met.setdefault(hash(key), number) if isinstance(key, str) else number
    return None if before == number else [Problem(number, "Task.id", f"is the id of entry {before} too", "entry")]


def _identifying(resource: Mapping[str, Any]) -> set[str]:
    found = {f"Task.{name}" for name in words.IDENTIFYING if name in resource}
    return found | ({"Task.input"} if identifying_inputs(resource) else set())


def _of_others(resource: Any) -> set[str]:  # noqa: ANN401 - any JSON
    """Resources of other kinds are left out; most of them are about somebody. A kind FHIR does not know is not repeated."""
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    if kind in _HARMLESS:
        return set()
    known = kind in {"Patient", "Encounter", "Practitioner", "PractitionerRole", "Account", "Coverage", "RelatedPerson", "ServiceRequest"}
    return {f"Bundle.entry ({kind})" if known else "Bundle.entry (not a Task)"}


def _identifiers(resource: Mapping[str, Any]) -> Iterator[str]:
    found = resource.get("identifier")
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict) and isinstance(one.get("value"), str):
            yield one["value"]
