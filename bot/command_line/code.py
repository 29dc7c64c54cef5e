"""``chartdesk code``: look up codes, one question or many."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from bot.codes.batch import answer_batch
from bot.codes.catalogue import editions
from bot.codes.search.index import CodeIndex
from bot.command_line.opening import installation
from bot.command_line.showing import JsonOption, print_table, read_lines
from bot.database_trouble import CannotGoOn
from bot.processes import prepare_codes

app = typer.Typer()


@app.command()
def code(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="QUERY…", help="Words, or a code in any spelling.")
    ] = None,
    batch: Annotated[bool, typer.Option("--batch", help="Read one question a line from standard input.")] = False,
    as_json: JsonOption = False,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many codes at most.")] = 10,
) -> None:
    """Look up a medical code by words or by its number."""
    if batch == bool(words):
        raise CannotGoOn("Say what to look up: chartdesk code broken wrist left. Or give many questions with --batch.")
    with _index() as index:
        if batch:
            answer_batch(index, read_lines(), _write, limit)
        elif as_json:
            answer_batch(index, [" ".join(words or ())], _write, limit)
        else:
            _show(index, " ".join(words or ()), limit)


@contextmanager
def _index() -> Iterator[CodeIndex]:
    """The search index; the code set is read first where nobody has done so yet."""
    with installation() as (_, database):
        with database.read() as session:
            loaded = bool(editions(session))
        if not loaded:
            prepare_codes(database)
        yield CodeIndex.load(database)


def _write(line: str) -> None:
    """Pass a finished line on at once, so that a program can ask and read in turn."""
    sys.stdout.write(line)
    sys.stdout.flush()


def _show(index: CodeIndex, query: str, limit: int) -> None:
    hits = index.search(query, limit)
    rows = [(hit.code, hit.title, "billable" if hit.billable else "needs more characters", hit.why or "") for hit in hits]
    print_table(
        ("Code", "Title", "Use", "Found by"), rows, "No code like that is in the code set. Try fewer words, or the start of the code."
    )
