"""How long the web process needs from its start until it says it is ready, after the first start.

Run ``python -m tests.benchmarks.bench_startup``; prints one line a run (wall seconds, and the processor seconds of the process and its worker), then the best.
The code set is read into a database of the script's own before the clock starts.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from bot.processes import prepare
from bot.settings import Settings

HOST = "127.0.0.1"
PATIENCE_SECONDS = 60.0
GOAL_SECONDS = 2.0


def main() -> int:
    """Measure, print, and fail when the best run misses the goal."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=5)
    runs = options.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'desk.db'}"
        prepare(Settings(_env_file=None, database_url=url))
        taken = [one_start(url) for _ in range(runs)]
    sys.stdout.write(f"best {min(taken):.2f} s, goal {GOAL_SECONDS:.2f} s\n")
    return 0 if min(taken) < GOAL_SECONDS else 1


def one_start(database_url: str) -> float:
    """Start, wait for ``/readyz``, stop; returns the seconds until it was ready."""
    port = free_port()
    environment = {
        **os.environ,
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": "bench",
        "SLACK_API_URL": f"http://{HOST}:9/api/",
        "DATABASE_URL": database_url,
        "PORT": str(port),
        "CHARTDESK_LOG_LEVEL": "WARNING",
    }
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, "-m", "handlers"], env=environment) as process:
        try:
            wait_until_ready(process, port)
            taken = time.perf_counter() - began
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - used
    sys.stdout.write(f"ready after {taken:.2f} s ({used:.2f} s of processor time, stopping included)\n")
    return taken


def wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    """Ask ``/readyz`` until it answers 200."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"The web process ended with {process.returncode}.")
        try:
            if httpx.get(f"http://{HOST}:{port}/readyz", timeout=5).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.01)
    raise TimeoutError("The web process is not ready.")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


if __name__ == "__main__":
    sys.exit(main())
