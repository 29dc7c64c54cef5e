"""Connections that stay at hand between prepared statements: few, fresh, and never one that broke."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from zoneinfo import ZoneInfo

import psycopg
import pytest
import sqlalchemy as sa
from psycopg.pq import TransactionStatus
from sqlalchemy.pool import QueuePool

from storage import at_hand
from storage.columns import UtcDateTime
from storage.database import Database
from storage.prepared import NothingHappenedError, Prepared

WHO = Prepared(sa.select(sa.func.pg_backend_pid().label("process")))
WHEN = Prepared(sa.select(sa.bindparam("moment", type_=UtcDateTime).label("moment")))
WRONG = Prepared(sa.select((sa.bindparam("number", type_=sa.Integer) / 0).label("answer")))


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    """A database whose pool and connections at hand are empty."""
    opened = Database.open(postgres_url)
    yield opened
    opened.close()


def process(database: Database) -> int:
    """Which process of the server answered."""
    row = WHO.run(database.at_hand, {})
    assert row is not None
    return int(row["process"])


def out_of_the_pool(database: Database) -> int:
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


def test_one_statement_after_the_other_goes_over_the_same_connection(database: Database) -> None:
    assert process(database) == process(database)
    assert out_of_the_pool(database) == 1


def test_of_many_at_once_a_few_stay_at_hand_and_the_others_go_back_to_the_pool(database: Database) -> None:
    everybody = threading.Barrier(12)

    def ask(_: int) -> None:
        with database.at_hand.connection():
            everybody.wait(20)

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(ask, range(12)))
    assert out_of_the_pool(database) == at_hand.MOST_AT_HAND


def test_what_rested_goes_back_to_the_pool_which_tries_it_first(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    first = process(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend({first})")
    monkeypatch.setattr("storage.at_hand.RESTED_SECONDS", 0.0)
    assert process(database) != first
    assert out_of_the_pool(database) == 1


def test_a_connection_on_which_something_went_wrong_is_not_used_again(database: Database) -> None:
    first = process(database)
    with pytest.raises(psycopg.errors.DivisionByZero):
        WRONG.run(database.at_hand, {"number": 1})
    assert process(database) != first


def test_a_key_that_is_taken_costs_no_connection(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE taken (key INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO taken VALUES (1)")
    taken = sa.table("taken", sa.column("key", sa.Integer))
    adding = sa.insert(taken).values(key=sa.literal_column("1")).returning(taken.c.key).cte("adding")
    first = process(database)
    with pytest.raises(NothingHappenedError):
        Prepared(sa.select(adding)).run(database.at_hand, {})
    assert process(database) == first


@pytest.mark.parametrize("zone", ["UTC", "America/Phoenix"])
def test_a_moment_of_any_zone_arrives_as_it_was_told_to_the_microsecond(database: Database, zone: str) -> None:
    told = datetime(2026, 11, 23, 15, 0, 7, 123_457, tzinfo=ZoneInfo(zone))
    assert WHEN.run(database.at_hand, {"moment": told}) == {"moment": told}
    assert WHEN.run(database.at_hand, {"moment": None}) == {"moment": None}


def test_a_moment_without_a_zone_is_refused_here_too(database: Database) -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        WHEN.run(database.at_hand, {"moment": datetime(2026, 11, 23, 15, 0)})  # noqa: DTZ001 - what is refused


def test_closing_the_database_gives_all_of_them_back(database: Database) -> None:
    process(database)
    database.close()
    assert out_of_the_pool(database) == 0


@pytest.mark.parametrize("way", ["write", "read"])
def test_a_transaction_that_failed_is_not_left_open_on_a_connection_of_the_pool(database: Database, way: str) -> None:
    """The pool itself rolls nothing back: whoever takes a connection ends what they began."""

    def fail_half_way() -> None:
        with getattr(database, way)() as session:
            session.execute(sa.text("CREATE TABLE half_done (key INTEGER)"))
            session.execute(sa.text("SELECT 1 / 0"))

    with pytest.raises(sa.exc.DataError):
        fail_half_way()
    with database.engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
    with database.at_hand.connection() as pooled:
        connection_of_the_driver = pooled.driver_connection
        assert connection_of_the_driver is not None
        assert connection_of_the_driver.pgconn.transaction_status == TransactionStatus.IDLE
    assert not sa.inspect(database.engine).has_table("half_done")
