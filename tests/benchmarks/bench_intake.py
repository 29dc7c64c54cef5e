"""How long a work list takes to come in: ``python -m tests.benchmarks.bench_intake [LINES]``.

Makes lists of 50,000 lines (CSV, a FHIR bundle, FHIR line by line) and 2,000 releases, and imports each by the command line as an operator does, into an empty
SQLite file and an empty PostgreSQL database, twice: the second time nothing changes. Seconds are of the whole command, start-up included, beside them the
processor's time it took itself, which a busy machine changes less. Memory is the command's peak, beside that of one that imports ten lines.
Goal: 50,000 lines in under 60 seconds.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.actors import Identity
from bot.desk import utc_now
from bot.people import meet
from storage import migrations
from storage.database import Database
from storage.words import Role
from tests.servers import start_postgres

LINES, RELEASES, FEW, GOAL_SECONDS = 50_000, 2_000, 10, 60.0
HEADING = "row key,task_type,setting,facility_code,payer_class,working_drg,charges_usd,age_days,bill_hold_days,priority,skill,due_date\n"
ROI_HEADING = "tracking id,request_type,state,received_date,delivery_method,pages\n"


def csv_lines(count: int, pick: random.Random) -> Iterator[str]:
    """A list as an EHR exports it, without patients."""
    yield HEADING
    for number in range(count):
        kind, setting = pick.choice(("coding", "denial_review", "cdi_review")), pick.choice(("ip", "er", "clinic"))
        payer, drg, charges = pick.choice(("Medicare", "Blue Cross")), f"{pick.randint(1, 900):03}", f'"{pick.randint(1, 99)},{pick.randint(100, 999)}.00"'
        days, due = pick.randint(0, 60), f"12/{pick.randint(1, 28):02}/2026"
        yield f"WQ-{number},{kind},{setting},F{number % 9},{payer},{drg},{charges},{days},3,high,S{number % 5},{due}\n"


def fhir_task(number: int, pick: random.Random) -> str:
    """A FHIR Task as an EHR sends it."""
    facts = {"setting": pick.choice(("inpatient", "ed")), "facility": f"F{pick.randint(1, 9)}", "payer": "medicare", "drg": f"{pick.randint(1, 900):03}"}
    return json.dumps(
        {
            "resourceType": "Task", "id": f"t{number}", "status": "requested", "intent": "order", "priority": pick.choice(("routine", "urgent")),
            "identifier": [{"system": "urn:oid:2.16.840.1", "value": f"WQ{number}"}], "code": {"text": pick.choice(("coding", "denial review"))},
            "focus": {"reference": f"Encounter/{number}"}, "for": {"reference": f"Patient/{number}"}, "authoredOn": f"2026-10-{pick.randint(1, 28):02}",
            "restriction": {"period": {"end": f"2026-12-{pick.randint(1, 28):02}T17:{pick.randint(0, 59):02}:00-05:00"}},
            "input": [{"type": {"text": name}, "valueString": value} for name, value in facts.items()],
        }
    )  # fmt: skip


def bundle(count: int, pick: random.Random) -> Iterator[str]:
    """Tasks as one Bundle."""
    yield '{"resourceType":"Bundle","type":"collection","entry":['
    for number in range(count):
        yield f'{"," if number else ""}{{"fullUrl":"urn:uuid:{number}","resource":{fhir_task(number, pick)}}}\n'
    yield "]}"


def ndjson(count: int, pick: random.Random) -> Iterator[str]:
    """Tasks line by line."""
    for number in range(count):
        yield fhir_task(number, pick) + "\n"


def releases(count: int, pick: random.Random) -> Iterator[str]:
    """Releases as a log exports them."""
    yield ROI_HEADING
    for number in range(count):
        kind, state = pick.choice(("patient_access", "attorney", "disability_ssa")), pick.choice(("CA", "TX", "NY", "WA"))
        yield f"R-{number},{kind},{state},2026-11-{pick.randint(1, 20):02},mail,{pick.randint(1, 900)}\n"


LISTS: dict[str, tuple[str, str, Callable[[int, random.Random], Iterator[str]]]] = {
    "tasks, CSV": ("tasks", "list.csv", csv_lines),
    "tasks, FHIR bundle": ("tasks", "list.json", bundle),
    "tasks, FHIR ndjson": ("tasks", "list.ndjson", ndjson),
    "releases, CSV": ("roi", "roi.csv", releases),
}


def carry_out(url: str, kind: str, file: Path) -> tuple[float, float, float, dict[str, int]]:
    """Seconds, seconds of its own work, peak memory in MB, and the report of one command."""
    ours = {"DATABASE_URL": url, "CHARTDESK_SECRET_KEY": "a key for benchmarks only"}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "CHARTDESK_"))}
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "import", kind, str(file), "--json"], env={**inherited, **ours}, stdout=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        told = running.stdout.read()
        _, _, used = os.wait4(running.pid, 0)
        running.returncode = 0
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, json.loads(told)


def fresh(url: str) -> str:
    """A migrated database with one workspace."""
    database = Database.open(url)
    migrations.upgrade(database)
    with database.write() as session:
        meet(session, Identity("T0BENCH001", "U0BENCH1"), utc_now()).roles = (Role.SUPERVISOR,)
    database.close()
    return url


def main() -> int:
    """Print the table; exit code 1 when a list of tasks misses the goal or comes in wrong."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    missed = False
    with tempfile.TemporaryDirectory() as place, start_postgres() as server:
        folder = Path(place)
        sys.stdout.write(f"{'list':<20} {'database':<11} {'lines':>7} {'first s':>8} {'cpu s':>6} {'again s':>8} {'peak MB':>8} {'few MB':>7}\n")
        for name, (kind, file_name, make) in LISTS.items():
            count = lines if kind == "tasks" else min(RELEASES, lines)
            file, few = folder / file_name, folder / f"few-{file_name}"
            file.write_text("".join(make(count, random.Random(1))))
            few.write_text("".join(make(FEW, random.Random(1))))
            for store in ("sqlite", "postgresql"):
                url = fresh(f"sqlite:///{folder}/{file_name}.db" if store == "sqlite" else server.fresh_database())
                _, _, little, _ = carry_out(fresh(f"sqlite:///{folder}/few-{file_name}-{store}.db"), kind, few)
                first, work, peak, report = carry_out(url, kind, file)
                again, _, _, repeated = carry_out(url, kind, file)
                right = (report["new"], repeated["unchanged"], repeated["new"]) == (count, count, 0)
                missed |= not right or (kind == "tasks" and first > GOAL_SECONDS)
                figures = f"{count:>7,} {first:>8.1f} {work:>6.1f} {again:>8.1f} {peak:>8.0f} {little:>7.0f}"
                sys.stdout.write(f"{name:<20} {store:<11} {figures}{'' if right else '  WRONG'}\n")
                sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
