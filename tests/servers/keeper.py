"""Run one server for as long as its owner lives: a script, standard library only, never imported by the tests.

The owner is the process that started this script and holds the other end of its standard input. Two ways of noticing
its end, because each alone can miss it: the pipe closes (but a forked child of the owner may hold a copy), and the
parent's process id changes (but only polling shows it). The server itself gets PR_SET_PDEATHSIG, so that it also goes
when *this* process is killed. That signal follows the parent *thread*; here the parent is the only thread of the
keeper, so a test may start a server from a short-lived thread.

Called with one argument, a JSON object: ``owner`` (process id), ``directory`` (the server's own, removed at the end),
``prepare`` (list of commands to run first), ``serve`` (the server's command), ``environment``, ``run_as`` ([uid, gid]
or null), ``end_signal``. It prints one line of JSON, ``{"pid": …}`` or ``{"error": …}``, and, when the server ends by
itself, ``{"error": …}`` with the end of its log.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
LOOK_EVERY_SECONDS = 0.2
GRACE_SECONDS = 3
LOG_TAIL = 1500


def main(spec: dict[str, Any]) -> int:
    """Prepare, serve, wait, clean up. Returns the exit code: 0 when ended because the owner did."""
    server: subprocess.Popen[bytes] | None = None
    log_path = Path(spec["directory"]) / "log"
    try:
        with log_path.open("wb") as log:
            for command in spec["prepare"]:
                _run(command, spec, log)
            server = _serve(spec, log)
        _say({"pid": server.pid})
        if _wait_for_the_owner(spec["owner"], server):
            return 0
        _say({"error": f"the server ended with code {server.returncode}: {_tail(log_path)}"})
    except (OSError, subprocess.SubprocessError) as error:
        _say({"error": f"{error}: {_tail(log_path)}"})
    finally:
        if server is not None:
            _end(server, spec["end_signal"])
        shutil.rmtree(spec["directory"], ignore_errors=True)
    return 1


def _run(command: list[str], spec: dict[str, Any], log: Any) -> None:
    ended = subprocess.run(
        command, check=False, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=60, **_surroundings(spec)
    )
    if ended.returncode != 0:
        raise OSError(f"{Path(command[0]).name} ended with code {ended.returncode}")


def _serve(spec: dict[str, Any], log: Any) -> subprocess.Popen[bytes]:
    keeper = os.getpid()
    prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None

    def follow_the_keeper() -> None:
        # Runs after the change of user, which would clear the signal.
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, spec["end_signal"])
        if os.getppid() != keeper:
            os._exit(1)

    return subprocess.Popen(
        spec["serve"],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        preexec_fn=follow_the_keeper,  # noqa: PLW1509 - the keeper has one thread
        **_surroundings(spec),
    )


def _surroundings(spec: dict[str, Any]) -> dict[str, Any]:
    around: dict[str, Any] = {"cwd": spec["directory"], "env": spec["environment"]}
    if spec["run_as"] is not None:
        around |= {"user": spec["run_as"][0], "group": spec["run_as"][1], "extra_groups": []}
    return around


def _wait_for_the_owner(owner: int, server: subprocess.Popen[bytes]) -> bool:
    """Return True when the owner has gone or let go, False when the server ended first."""
    while server.poll() is None:
        readable, _, _ = select.select([0], [], [], LOOK_EVERY_SECONDS)
        if (readable and not os.read(0, 1)) or os.getppid() != owner:
            return True
    return False


def _end(server: subprocess.Popen[bytes], end_signal: int) -> None:
    if server.poll() is not None:
        return
    server.send_signal(end_signal)
    try:
        server.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _tail(log: Path) -> str:
    with contextlib.suppress(OSError):
        return log.read_text(encoding="utf-8", errors="replace")[-LOG_TAIL:].strip()
    return "no log"


def _say(message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):
        print(json.dumps(message), flush=True)  # noqa: T201 - the pipe to the owner


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    sys.exit(main(json.loads(sys.argv[1])))
