"""``chartdesk code``: look up codes, one question or many."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import typer

from bot.codes.asking import read_question
from bot.codes.batch import answer_batch
from bot.codes.catalogue import editions, latest_edition, system_titles
from bot.codes.lookup import Results, find_codes
from bot.codes.search.index import CodeIndex, Hit
from bot.codes.shelf import CodeShelf
from bot.codes.standing import choose_system
from bot.command_line.opening import installation
from bot.command_line.showing import JsonOption, print_table, read_lines, write_line
from bot.database_trouble import CannotGoOn
from bot.desk import utc_now
from bot.processes import prepare_codes
from storage.database import Database

app = typer.Typer()


@app.command()
def code(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="QUERY…", help="Words, or a code in any spelling; “on DATE” and “in SYSTEM” at the end.")
    ] = None,
    batch: Annotated[bool, typer.Option("--batch", help="Read one question a line from standard input.")] = False,
    system: Annotated[str | None, typer.Option("--in", metavar="SYSTEM", help="Which code system, such as hcpcs; ICD-10-CM where none is named.")] = None,
    as_json: JsonOption = False,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many codes at most.")] = 10,
) -> None:
    """Look up a medical code by words or by its number."""
    if batch == bool(words):
        raise CannotGoOn("Say what to look up: chartdesk code broken wrist left. Or give many questions with --batch.")
    with _desk(system) as desk:
        if batch or as_json:
            desk.search("")  # the index is loaded before the first question, whose time is told
            answer_batch(desk, read_lines() if batch else [" ".join(words or ())], _write, limit)
        else:
            _show(desk, " ".join(words or ()), limit)


@dataclass(frozen=True, slots=True)
class _CodeDesk:
    """The codes of this installation; what is imported while it runs is found at once. ``system`` is None for ICD-10-CM."""

    database: Database
    shelf: CodeShelf
    system: str | None

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        """The codes most likely meant, best first."""
        return self._index().search(query, limit)

    def _index(self) -> CodeIndex:
        if self.system is None:
            return self.shelf.current()
        with self.database.read() as session:
            edition = latest_edition(session, self.system, utc_now().date())
        return self.shelf.of(edition)


@contextmanager
def _desk(system: str | None) -> Iterator[_CodeDesk]:
    """The codes; the shipped set is read first where nobody has done so yet."""
    with installation() as (_, database):
        with database.read() as session:
            loaded = bool(editions(session))
        if not loaded:
            prepare_codes(database)
        with database.read() as session:
            chosen = choose_system(session, system) if system else None
        yield _CodeDesk(database, CodeShelf(database, utc_now), chosen)


def _write(line: str) -> None:
    """Pass a finished line on at once, so that a program can ask and read in turn."""
    sys.stdout.write(line)
    sys.stdout.flush()


def _show(desk: _CodeDesk, query: str, limit: int) -> None:
    today = utc_now().date()
    asked = f"{query} in {desk.system}" if desk.system else query
    with desk.database.read() as session:
        systems = [name for pair in system_titles(session).items() for name in pair]
        found = find_codes(session, today, desk.shelf.of, read_question(asked, today, systems))
    if found.on_date:
        write_line(found.on_date.sentence)
        return
    rows = [_row(hit) for hit in _hits(found)[:limit]]
    print_table(
        ("Code", "Title", "Use", "Found by"), rows, "No code like that is in the code set. Try fewer words, or the start of the code."
    )
    if rows:
        missing = f" {found.missing}, is not loaded." if found.missing else ""
        write_line(f"{found.edition.title}.{missing}")


def _hits(found: Results) -> tuple[Hit, ...]:
    """What was found; the code itself where its system was not named and it is of another one."""
    if found.hits or found.detail is None:
        return found.hits
    line = found.detail.line
    return (Hit(line.code, line.title, line.billable, line.needs_seventh, 100.0),)


def _row(hit: Hit) -> tuple[str, str, str, str]:
    return hit.code, hit.title, "billable" if hit.billable else "needs more characters", hit.why or ""
