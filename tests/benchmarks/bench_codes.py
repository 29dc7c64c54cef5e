"""Code search beside the engines one could take instead: quality and speed in one table, then memory, time to be ready, and growth.

Run ``python -m tests.benchmarks.bench_codes`` (``make bench``). Needs the ``bench`` extra for tantivy. Every engine gets the same texts: titles and
inclusion terms, one entry each. The peers are set up as well as their kind allows: SQLite FTS5 with the porter stemmer and bm25, first all words, then any;
tantivy with fuzzy terms; RapidFuzz with WRatio over all titles. The collections of lines ship with the tests; those of the project's house are added when
they lie beside the repository.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import tantivy
from rapidfuzz import fuzz, process

from bot.codes.catalogue import Edition
from bot.codes.official import Entry, read_entries, shipped_source
from bot.codes.search.build import build_arrays
from bot.codes.search.index import CodeIndex
from bot.codes.search.knowledge import Knowledge
from bot.codes.search.pack import pack, unpack
from bot.codes.search.texts import CODE_KINDS
from bot.codes.shipped import load_shipped_edition
from storage import migrations
from storage.database import Database
from tests.unit.codes.questions import OWN_SETS, Judge, Question, own_questions, read_questions

HOUSE_SETS = Path(__file__).parents[3] / "shared" / "data" / "codes" / "eval"
NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
MOST = 10
#: RapidFuzz takes a second for each line; it is asked only some.
FEW = 5
#: The growth table asks every so manieth line.
GROWTH_STEP = 5
CLOCK, PROCESSOR = "p50 / p99 ms", "the same, processor"
Search = Callable[[str], list[str]]
Rows = list[tuple[str, str]]
_WORD = re.compile(r"[a-z0-9]+")


class Timed:
    """A search that keeps how many milliseconds each line took: on the clock, and of processor time."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.clock: list[float] = []
        self.processor: list[float] = []
        search("warm")

    def __call__(self, line: str) -> list[str]:
        clock, processor = time.perf_counter(), time.thread_time()
        found = self.search(line)
        self.processor.append((time.thread_time() - processor) * 1000)
        self.clock.append((time.perf_counter() - clock) * 1000)
        return found


def say(line: str) -> None:
    """One line of the report, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--no-peers", action="store_true", help="only this search")
    options.add_argument("--no-growth", action="store_true", help="without the index of twice and four times the terms")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'codes.db'}"
        index, edition = _load(url)
        sets = _sets()
        judge = Judge(index.table)
        peers = {} if chosen.no_peers else _peers(_rows())
        print_table({"chartdesk": _own(index), **peers}, sets, judge)
        print_footprint(url)
        if not chosen.no_growth:
            print_growth(edition, [question.line for questions in sets.values() for question in questions][::GROWTH_STEP])
    return 0


def print_table(engines: dict[str, Search], sets: dict[str, list[Question]], judge: Judge) -> None:
    """Percent right at 1 / among 5 by collection, and milliseconds p50 / p99 over all lines: on the clock, and of processor time where others work too."""
    rows: dict[str, list[str]] = {f"{name} ({len(questions)})": [] for name, questions in sets.items()}
    clock, processor = rows.setdefault(CLOCK, []), rows.setdefault(PROCESSOR, [])
    for engine, search in engines.items():
        asked = {name: questions[:FEW] if engine.startswith("RapidFuzz") else questions for name, questions in sets.items()}
        timed = Timed(search)
        for cells, (one, five) in zip(rows.values(), (judge.recall(timed, questions) for questions in asked.values()), strict=False):
            cells.append(f"{one:.0f}/{five:.0f}")
        clock.append(_percentiles(timed.clock))
        processor.append(_percentiles(timed.processor))
    width = max(len(name) for name in rows)
    say(f"{'':{width}}" + "".join(f"{engine:>20}" for engine in engines))
    for name, cells in rows.items():
        say(f"{name:{width}}" + "".join(f"{cell:>20}" for cell in cells))


def print_footprint(url: str) -> None:
    """Memory above an idle Python process, and seconds from the stored catalogue to the first answer, in a fresh process."""
    program = (
        "import os, time; start = time.perf_counter()\n"
        "def held(): return int(open('/proc/self/statm').read().split()[1]) * os.sysconf('SC_PAGE_SIZE') / 1e6\n"
        "base = held()\n"
        "from bot.codes.search.index import CodeIndex; from storage.database import Database\n"
        f"index = CodeIndex.load(Database.open({url!r})); index.search('diabetes')\n"
        "print(time.perf_counter() - start, held() - base)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    seconds, megabytes = (float(number) for number in done.stdout.split())
    say(f"\nready in {seconds:.2f} s (imports and the database layer included), {megabytes:.0f} MB above an idle process")
    say("(for ICD-10-CM, the one system that is shipped)")


def print_growth(edition: Edition, lines: Sequence[str]) -> None:
    """The same lines against the edition, and against twice and four times as many terms: how much longer a line takes."""
    entries = list(read_entries(shipped_source()))
    say(f"\n{'terms':>10}{'p50 / p99 ms processor':>26}{'times the terms':>18}{'times the time':>18}")
    first: tuple[int, float] | None = None
    for times in (1, 2, 4):
        arrays = unpack(pack(build_arrays(_grown(entries, times), Knowledge.shipped())))
        timed = Timed(_own(CodeIndex(edition, arrays)))
        for line in lines:
            timed(line)
        spent = timed.processor
        terms, median = len(arrays["text_code"]), statistics.median(spent)
        first = first or (terms, median)
        say(f"{terms:>10}{_percentiles(spent):>26}{terms / first[0]:>18.1f}{median / first[1]:>18.1f}")


def _percentiles(spent: list[float]) -> str:
    return f"{statistics.median(spent):.2f} / {sorted(spent)[int(0.99 * len(spent))]:.2f}"


def _load(url: str) -> tuple[CodeIndex, Edition]:
    database = Database.open(url)
    migrations.upgrade(database)
    start = time.perf_counter()
    edition = load_shipped_edition(database, NOW)
    say(f"code set read, indexed and stored in {time.perf_counter() - start:.1f} s (peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB)")
    index = CodeIndex.load(database)
    database.close()
    return index, edition


def _sets() -> dict[str, list[Question]]:
    sets = {name: own_questions(name) for name in OWN_SETS}
    if HOUSE_SETS.is_dir():
        sets |= {path.stem: read_questions(path) for path in sorted(HOUSE_SETS.glob("*.tsv"))}
    return sets


def _rows() -> Rows:
    """What every peer searches: code and text."""
    rows: Rows = []
    for entry in read_entries(shipped_source()):
        if entry.kind in CODE_KINDS:
            rows += [(entry.code, text) for text in [entry.title, *entry.terms]]
    return rows


def _peers(rows: Rows) -> dict[str, Search]:
    return {"SQLite FTS5 porter": _fts5(rows), "tantivy 0.27 fuzzy": _tantivy(rows), "RapidFuzz WRatio": _rapidfuzz(rows)}


def _own(index: CodeIndex) -> Search:
    return lambda line: [hit.code for hit in index.search(line, MOST)]


def _unique(codes: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(codes))[:MOST]


def _fts5(rows: Rows) -> Search:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE codes USING fts5(code UNINDEXED, text, tokenize='porter unicode61')")
    connection.executemany("INSERT INTO codes VALUES (?, ?)", rows)

    def search(line: str) -> list[str]:
        words = _WORD.findall(line.lower())
        for joiner in (" ", " OR "):
            match = joiner.join(f'"{word}"' for word in words)
            found = connection.execute("SELECT code FROM codes WHERE codes MATCH ? ORDER BY bm25(codes) LIMIT 40", (match or '""',)).fetchall()
            if found:
                return _unique(code for (code,) in found)
        return []

    return search


def _tantivy(rows: Rows) -> Search:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("code", stored=True, tokenizer_name="raw")
    builder.add_text_field("text", stored=False, tokenizer_name="en_stem")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(50_000_000)
    for code, text in rows:
        writer.add_document(tantivy.Document(code=code, text=text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(line: str) -> list[str]:
        exact = index.parse_query(" ".join(_WORD.findall(line.lower())) or "0", ["text"])
        fuzzy = [
            (tantivy.Occur.Should, tantivy.Query.fuzzy_term_query(schema, "text", word, distance=1 if len(word) < 7 else 2, prefix=False))
            for word in _WORD.findall(line.lower())
            if len(word) > 3
        ]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, tantivy.Query.boost_query(exact, 3.0)), *fuzzy])
        return _unique(searcher.doc(address)["code"][0] for _, address in searcher.search(query, 40).hits)

    return search


def _rapidfuzz(rows: Rows) -> Search:
    titles = [text for _, text in rows]
    return lambda line: _unique(rows[at][0] for _, _, at in process.extract(line, titles, scorer=fuzz.WRatio, limit=40))


def _grown(entries: list[Entry], times: int) -> list[Entry]:
    """The edition with further terms: every text again with one of its words exchanged for another word of the edition."""
    chance = random.Random(11)
    words = sorted({word for entry in entries for word in _WORD.findall(entry.title.lower())})
    grown = []
    for entry in entries:
        more = [_exchanged(text, words, chance) for text in [entry.title, *entry.terms] for _ in range(times - 1) if not entry.extended]
        grown.append(replace(entry, terms=[*entry.terms, *more]))
    return grown


def _exchanged(text: str, words: list[str], chance: random.Random) -> str:
    parts = text.split()
    parts[chance.randrange(len(parts))] = chance.choice(words)
    return " ".join(parts)


if __name__ == "__main__":
    raise SystemExit(main())
