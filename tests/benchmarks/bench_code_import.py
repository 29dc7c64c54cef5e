"""How long an import takes: ``python -m tests.benchmarks.bench_code_import``.

Makes an order file of the size of the published one (98,000 codes, over 20 MB as text) in the same format from the shipped code set, and imports it into an
empty SQLite file; then a tabular list, and the index and tables where they are given. Goal: a 20 MB file in under 30 seconds. Beside each stands the longest
that somebody who writes all the time, as people do who claim tasks, had to wait meanwhile.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.codes.importing.carry_out import import_files
from bot.codes.importing.naming import Wishes
from bot.codes.official import read_entries, shipped_source
from bot.codes.storing import when_free
from storage import migrations
from storage.database import Database
from storage.words import ConceptKind

GOAL_SECONDS, TITLE_WIDTH = 30.0, 140
OFFICIAL = Path(__file__).parents[3] / "shared" / "data" / "official"


def order_file(folder: Path) -> Path:
    """Every shipped code as a line of an order file; titles are padded so that the file has 20 MB."""
    path = folder / "icd10cm_order_2027.txt"
    entries = (entry for entry in read_entries(shipped_source()) if entry.kind in (ConceptKind.CATEGORY, ConceptKind.CODE))
    with path.open("w", encoding="utf-8") as file:
        for number, entry in enumerate(entries, start=1):
            code = entry.code.replace(".", "")
            file.write(f"{number:05} {code:<7} {entry.billable:d} {entry.title[:60]:<60} {entry.title:<{TITLE_WIDTH}}\n")
    return path


def measure(what: str, database: Database, paths: list[Path]) -> float:
    """Import and print one line."""
    size = sum(path.stat().st_size for path in paths) / 1_000_000
    with beside(database) as waits:
        start, busy = time.perf_counter(), time.process_time()
        done = import_files(database, paths, Wishes(), datetime.now(UTC))
        spent, busy = time.perf_counter() - start, time.process_time() - busy
    counted = ", ".join(f"{one.codes:,} codes, {one.terms:,} terms" for one in done.editions)
    sys.stdout.write(f"{what:<34} {size:6.1f} MB {spent:7.1f} s ({busy:.1f} s of processor)   longest wait {max(waits):5.2f} s   {counted}\n")
    return spent


@contextmanager
def beside(database: Database) -> Iterator[list[float]]:
    """Somebody else who writes a row every few milliseconds; gives the seconds each took."""
    waits: list[float] = [0.0]
    stop = threading.Event()

    def write_on() -> None:
        other = Database.open(database.url.render_as_string(hide_password=False))
        while not stop.is_set():
            start = time.perf_counter()
            when_free(lambda: _touch(other))
            waits.append(time.perf_counter() - start)
            stop.wait(0.005)
        other.close()

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        yield waits
    finally:
        stop.set()
        writer.join()


def _touch(database: Database) -> None:
    with database.write() as session:
        session.connection().exec_driver_sql("CREATE TABLE IF NOT EXISTS beside (at REAL)")
        session.connection().exec_driver_sql("INSERT INTO beside VALUES (1)")


def main() -> int:
    """Print the table; exit code 1 when the 20 MB file takes too long."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        database = Database.open(f"sqlite:///{folder / 'bench.db'}")
        migrations.upgrade(database)
        spent = measure("order file", database, [order_file(folder)])
        tabular = folder / "icd10cm-tabular-April-1-2026.xml"
        tabular.write_bytes(shipped_source().tabular.read_bytes())
        measure("tabular list", database, [tabular])
        given = sorted(OFFICIAL.glob("icd10cm-*.xml"))
        if given:
            measure("external causes, neoplasms, drugs", database, given)
        database.close()
    return 0 if spent < GOAL_SECONDS else 1


if __name__ == "__main__":
    raise SystemExit(main())
