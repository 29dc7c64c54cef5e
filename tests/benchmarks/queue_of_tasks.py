"""Databases with many tasks, for benchmarks: made once as a template and copied for every slice."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from storage import migrations
from storage.database import Database
from tests.servers import PostgresServer

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
PEOPLE = 300
#: So many take turns where claims are measured, so that what one has in hand stays what people have in hand.
MANY_PEOPLE = 4_000
FIRST_PERSON = 1
NO_LIMIT = 10_000_000
TEAM = "T0BENCH001"

_WORKSPACE = f"""
INSERT INTO workspaces (id, team_id, name, active, legal_zone, active_task_limit, daily_push_limit, created_at{{more}})
VALUES (1, '{TEAM}', 'Bench', true, 'America/New_York', {NO_LIMIT}, 4, '2026-11-01 00:00:00'{{values}})
"""
NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count}) "
_PEOPLE = """
INSERT INTO people (id, workspace_id, slack_user_id, name, zone, roles, skills, facilities, active, hours_start, hours_end, workdays,
  works_holidays, digest, created_at)
{numbers}
SELECT n, 1, 'U0BENCH' || n, 'Person ' || n, 'America/New_York', '["specialist", "supervisor"]', '[]', '[]', true, 480, 1020, '["1", "2", "3", "4", "5"]',
  false, true, '2026-11-01 00:00:00' FROM numbers
"""
_RECORDS = """
INSERT INTO records (id, workspace_id, reference, facility, sensitive, created_at)
{numbers}
SELECT n, 1, 'RR-' || n, 'F' || (n % 5), '[]', '2026-11-01 00:00:00' FROM numbers
"""
#: ``{open}`` tasks wait, spread over urgencies and ages; the rest were done in the last twelve weeks, each some hours or days after it came.
_TASKS = """
INSERT INTO review_tasks (id, workspace_id, reference, record_id, type, setting, state, priority, priority_rank, urgency, urgency_until, restricted, facility,
  second_review, aged_from, due_at, owner_id, completed_at, created_at)
{numbers}
SELECT n, 1, 'RV-' || n, n, CASE WHEN n % 3 = 0 THEN 'coding' ELSE 'data_quality_check' END, 'inpatient',
  CASE WHEN n <= {open} THEN 'available' ELSE 'completed' END, 'normal', n % 5, n % 4, '9999-01-01 00:00:00', false, 'F' || (n % 5),
  false, {aged}, '9999-01-01 00:00:00',
  CASE WHEN n > {open} THEN n % 300 + 1 END, CASE WHEN n > {open} THEN {done} END, CASE WHEN n > {open} THEN {came} ELSE '2026-11-01 00:00:00' END
FROM numbers
"""


def postgres_template(server: PostgresServer, open_tasks: int, stored: int | None = None, people: int = PEOPLE) -> str:
    """The URL of a PostgreSQL database with so many open tasks, vacuumed and with statistics; nobody stays connected to it."""
    url = server.fresh_database()
    _migrated(url)
    _fill(url, open_tasks, stored or open_tasks, people)
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn, autocommit=True) as connection:
        for table in ("workspaces", "people", "records", "review_tasks", "accuracy_flags"):
            connection.execute(f"VACUUM (ANALYZE, FREEZE) {table}")
        connection.execute("CHECKPOINT")
    return url


def procrastinate_template(server: PostgresServer, jobs: int) -> str | None:
    """The same for procrastinate's own tables, or None where it is not installed."""
    try:
        import procrastinate
    except ImportError:
        return None
    schema = (Path(procrastinate.__file__).parent / "sql" / "schema.sql").read_text()
    url = server.fresh_database()
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(schema)
        connection.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, priority) SELECT 'default', 'review', n %% 5 FROM generate_series(1, %s) n",
            (jobs,),
        )
        connection.execute("VACUUM (ANALYZE, FREEZE) procrastinate_jobs")
        connection.execute("CHECKPOINT")
    return url


def sqlite_template(folder: Path, open_tasks: int, stored: int | None = None, people: int = PEOPLE) -> Path:
    """A SQLite file with so many open tasks."""
    path = folder / f"queue-{open_tasks}.db"
    url = f"sqlite:///{path}"
    _migrated(url)
    _fill(url, open_tasks, stored or open_tasks, people)
    database = Database.open(url)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    database.close()
    return path


def sqlite_copy(template: Path, folder: Path) -> str:
    """The URL of a copy of it."""
    target = folder / "copy.db"
    for left in folder.glob("copy.db*"):
        left.unlink()
    shutil.copy(template, target)
    return f"sqlite:///{target}"


def _migrated(url: str) -> None:
    database = Database.open(url)
    migrations.upgrade(database)
    database.close()


def _fill(url: str, open_tasks: int, stored: int, people: int) -> None:
    database = Database.open(url)
    sqlite = database.is_sqlite
    aged = "date('2026-11-23', '-' || (n % 90) || ' days')" if sqlite else "date '2026-11-23' - (n % 90)::int"
    done = "datetime('2026-11-23', '-' || (n % 2000) || ' hours')" if sqlite else "timestamptz '2026-11-23' - (n % 2000) * interval '1 hour'"
    came = done.replace("n % 2000", "n % 2000 + n % 397")
    with database.engine.begin() as connection:
        connection.execute(sa.text(_with_defaults(connection, _WORKSPACE)))
        connection.exec_driver_sql(_PEOPLE.format(numbers=NUMBERS.format(count=people)))
        numbers = NUMBERS.format(count=stored)
        for filled in (_RECORDS.format(numbers=numbers), _TASKS.format(numbers=numbers, open=open_tasks, aged=aged, done=done, came=came)):
            connection.exec_driver_sql(filled if sqlite else filled.replace("%", "%%"))
    database.close()


def _with_defaults(connection: sa.Connection, statement: str) -> str:
    """Fill the workspace's settings that have no default in the database, whatever they are called by now."""
    known = {"id", "team_id", "name", "active", "legal_zone", "active_task_limit", "daily_push_limit", "created_at"}
    needed = [
        column
        for column in sa.inspect(connection).get_columns("workspaces")
        if not column["nullable"] and column["name"] not in known
    ]
    more = "".join(f", {column['name']}" for column in needed)
    values = "".join(", 1" if "INT" in str(column["type"]).upper() else ", true" for column in needed)
    return statement.format(more=more, values=values)
