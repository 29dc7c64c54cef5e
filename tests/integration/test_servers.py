"""The servers the other tests rely on are real, separate, and gone when the tests are gone, however they end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
import redis
import sqlalchemy as sa

from tests.servers import PostgresServer, RedisServer, Unavailable, start_postgres, start_redis
from tests.servers import postgres as postgres_launcher
from tests.servers import redis as redis_launcher
from tests.servers.kept import short_directory

ROOT = Path(__file__).resolve().parents[2]
REFUSED = "postgresql://someone:very-secret@127.0.0.1:9/nothing"
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change to another account")


def until(holds: Callable[[], bool], seconds: float = 5) -> bool:
    give_up = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.02)
    return True


def runs(pid: int) -> bool:
    """True while the process exists and is not just waiting to be reaped."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[1])


class TestPostgres:
    def test_a_fresh_database_is_empty_utf8_and_spoken_to_by_sqlalchemy(self, postgres_url: str) -> None:
        engine = sa.create_engine(postgres_url)
        with engine.begin() as connection:
            assert sa.inspect(connection).get_table_names() == []
            assert connection.scalar(sa.text("SHOW server_encoding")) == "UTF8"
            assert connection.scalar(sa.text("SELECT 'Zoë' || chr(8364)")) == "Zoë€"
        engine.dispose()

    def test_two_databases_do_not_see_each_other_and_a_template_is_copied(self, postgres: PostgresServer) -> None:
        first, second = postgres.fresh_database(), postgres.fresh_database()
        engine = sa.create_engine(first, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE seen (note text)"))
        copy = postgres.fresh_database(template=first)
        tables = {}
        for url in (second, copy):
            with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
                tables[url] = sa.inspect(connection).get_table_names()
        assert tables == {second: [], copy: ["seen"]}
        for url in (first, second, copy):
            postgres.drop_database(url)

    def test_a_dropped_database_is_gone_even_when_a_client_forgot_to_leave(self, postgres: PostgresServer) -> None:
        url = postgres.fresh_database()
        with psycopg.connect(url.replace("+psycopg", "")) as left_open:
            postgres.drop_database(url)
            with pytest.raises(psycopg.OperationalError, match=r"terminat|closed"):
                left_open.execute("SELECT 1")
        with psycopg.connect(postgres.dsn) as connection:
            name = sa.make_url(url).database
            assert connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None

    def test_two_hundred_clients_fit(self, postgres: PostgresServer) -> None:
        with ExitStack() as clients:
            for _ in range(150):
                last = clients.enter_context(psycopg.connect(postgres.dsn))
            assert last.execute("SHOW max_connections").fetchone() == ("200",)

    @linux_only
    @root_only
    def test_the_server_does_not_run_as_root(self, postgres: PostgresServer) -> None:
        if postgres.pid is None:
            pytest.skip("the server was named by the environment and is not ours")
        assert Path(f"/proc/{postgres.pid}").stat().st_uid != 0

    def test_every_postgres_of_this_machine_starts(self) -> None:
        found = list(postgres_launcher._candidates())
        if not found:
            pytest.skip("this machine has no PostgreSQL")
        for binaries, named in found:
            server, kept = postgres_launcher._start(binaries, named)
            with kept, psycopg.connect(server.dsn) as connection:
                assert connection.execute("SELECT 6 * 7").fetchone() == (42,)

    @linux_only
    @root_only
    def test_a_wheel_in_a_directory_only_root_may_enter_is_copied(self, tmp_path: Path) -> None:
        binaries, named = next(postgres_launcher._candidates())
        if postgres_launcher.WHEEL not in named:
            pytest.skip(f"the wheel {postgres_launcher.WHEEL} is not installed here")
        closed = tmp_path / "closed"
        installed = closed / postgres_launcher.WHEEL / binaries.parent.name
        shutil.copytree(binaries.parent, installed, symlinks=True)
        libraries = binaries.parent.parent.with_name(f"{postgres_launcher.WHEEL}.libs")
        shutil.copytree(libraries, closed / libraries.name, symlinks=True)
        closed.chmod(0o700)
        server, kept = postgres_launcher._start(installed / "bin", "closed")
        with kept, psycopg.connect(server.dsn) as connection:
            assert connection.execute("SELECT 6 * 7").fetchone() == (42,)
        assert closed.stat().st_mode & 0o077 == 0

    def test_a_server_named_by_the_environment_is_used_and_left_clean(
        self, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CHARTDESK_TEST_DATABASE_URL", postgres.dsn)
        with start_postgres() as named:
            name = sa.make_url(named.fresh_database()).database
            assert named.source.startswith("CHARTDESK_TEST_DATABASE_URL")
            assert named.pid is None
        with psycopg.connect(postgres.dsn) as connection:
            assert connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None

    def test_a_named_server_that_does_not_answer_is_said_without_its_password(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CHARTDESK_TEST_DATABASE_URL", REFUSED)
        with pytest.raises(Unavailable, match="CHARTDESK_TEST_DATABASE_URL") as refused, start_postgres():
            pass
        assert "very-secret" not in refused.value.reason

    def test_a_server_that_cannot_start_leaves_its_last_words(self) -> None:
        broken = short_directory("cd-broken-")
        broken.chmod(0o755)
        (broken / "postgres").write_text("#!/bin/sh\nexit 0\n")
        (broken / "initdb").write_text("#!/bin/sh\necho this machine has no room >&2\nexit 1\n")
        for script in broken.iterdir():
            script.chmod(0o755)
        with pytest.raises(Unavailable, match="this machine has no room"):
            postgres_launcher._start(broken, "a broken one")
        shutil.rmtree(broken)


class TestRedis:
    def test_it_is_a_redis(self, redis_url: str) -> None:
        with redis.Redis.from_url(redis_url, decode_responses=True) as client:
            client.set("note", "kept")
            assert client.get("note") == "kept"

    def test_every_redis_of_this_machine_starts(self) -> None:
        found = list(redis_launcher._candidates())
        if not found:
            pytest.skip("this machine has no Redis")
        for binary, named in found:
            directory = short_directory("cd-redis-")
            url = f"unix://{directory}/redis.sock"
            server = RedisServer(url, named, redis_launcher._command(binary, directory))
            with redis.Redis.from_url(url) as client:
                assert client.ping() is True
            server.stop()
            assert not directory.exists()

    def test_frozen_it_is_silent_and_thawed_it_answers(self, private_redis: RedisServer) -> None:
        with redis.Redis.from_url(private_redis.url, socket_timeout=0.1, retry=None) as client:
            client.set("note", "kept")
            private_redis.freeze()
            with pytest.raises(redis.TimeoutError):
                client.get("note")
            private_redis.thaw()
            assert client.get("note") == b"kept"

    def test_stopped_it_refuses_and_started_again_it_is_empty_at_the_same_address(
        self, private_redis: RedisServer
    ) -> None:
        with redis.Redis.from_url(private_redis.url) as client:
            client.set("note", "kept")
        private_redis.stop()
        with redis.Redis.from_url(private_redis.url, retry=None) as client, pytest.raises(redis.ConnectionError):
            client.ping()
        private_redis.start()
        with redis.Redis.from_url(private_redis.url) as client:
            assert client.get("note") is None

    def test_somebody_elses_redis_is_neither_stopped_nor_emptied(
        self, private_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CHARTDESK_TEST_REDIS_URL", private_redis.url)
        with redis.Redis.from_url(private_redis.url) as client, start_redis() as named:
            client.set("note", "kept")
            client.set("chartdesk:once:left over", "1")
            named.empty()
            for forbidden in (named.stop, named.freeze):
                with pytest.raises(Unavailable, match="CHARTDESK_TEST_REDIS_URL"):
                    forbidden()
            assert client.keys() == [b"note"]


OWNER = """
import sys, time
from tests.servers import start_postgres, start_redis
with start_postgres() as database, start_redis(ours=True) as shared:
    print(database.pid, shared.pid, database.dsn.split("host=")[1].split("&")[0], flush=True)
    time.sleep(60)
"""


@linux_only
class TestHowTheyEnd:
    @pytest.mark.usefixtures("postgres", "redis_server")
    def test_killing_the_tests_ends_the_servers_and_removes_their_directories(self) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CHARTDESK_TEST_")}
        owner = subprocess.Popen(
            [sys.executable, "-c", OWNER], cwd=ROOT, env=clean | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
        )
        with owner:
            assert owner.stdout is not None
            database, shared, directory = owner.stdout.readline().decode().split()
            assert runs(int(database))
            assert runs(int(shared))
            assert Path(directory).is_dir()
            owner.send_signal(signal.SIGKILL)
        assert until(lambda: not runs(int(database)) and not runs(int(shared)))
        assert until(lambda: not Path(directory).exists())

    def test_killing_the_keeper_ends_the_server(self, private_redis: RedisServer) -> None:
        server = private_redis.pid
        assert server is not None
        os.kill(parent_of(server), signal.SIGKILL)
        assert until(lambda: not runs(server))
        private_redis.stop()
        assert not Path(private_redis.url.removeprefix("unix://")).parent.exists()

    def test_a_server_outlives_the_thread_that_started_it(self) -> None:
        with ExitStack() as kept:
            started: list[RedisServer] = []
            thread = threading.Thread(target=lambda: started.append(kept.enter_context(start_redis(ours=True))))
            thread.start()
            thread.join()
            if not started:
                pytest.skip("no Redis can run here")
            time.sleep(0.2)
            with redis.Redis.from_url(started[0].url) as client:
                assert client.ping() is True

    def test_a_frozen_server_ends_too(self) -> None:
        with start_redis(ours=True) as server:
            pid = server.pid
            server.freeze()
        assert pid is not None
        assert not runs(pid)


class TestFixtures:
    def pytest_without_a_server(self, tmp_path: Path, **environment: str) -> str:
        (tmp_path / "test_needs.py").write_text("def test_needs(postgres_url): pass\n")
        asked = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-rs",
                "-p",
                "no:cacheprovider",
                "-p",
                "tests.servers.fixtures",
                ".",
            ],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT), "CHARTDESK_TEST_DATABASE_URL": REFUSED} | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return asked.stdout

    def test_a_missing_server_is_a_skip_with_its_reason(self, tmp_path: Path) -> None:
        said = self.pytest_without_a_server(tmp_path, CHARTDESK_REQUIRE_SERVERS="0")
        assert "1 skipped" in said
        assert "PostgreSQL is needed: CHARTDESK_TEST_DATABASE_URL names" in said

    def test_where_servers_are_required_it_is_a_failure(self, tmp_path: Path) -> None:
        said = self.pytest_without_a_server(tmp_path, CHARTDESK_REQUIRE_SERVERS="1")
        assert "1 error" in said
        assert "CHARTDESK_REQUIRE_SERVERS=1" in said
