"""Measure the PHI guard: ``python -m tests.benchmarks.bench_privacy``.

Prints, for every set shipped with the tests (and the house's own where they are beside the repository), recall, clean, precision and
the share of harmless messages with an alarm; then processor time a text, load time and memory.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from pathlib import Path

from bot.privacy.guard import Guard
from tests.unit.privacy.marked import Marked, Score, house_set, read_set, score

HOUSE = Path(__file__).parents[3] / "shared/data/phi/eval"
SHIPPED = ("fresh", "second", "third", "fourth")
ROUNDS = 5


def sets() -> dict[str, list[Marked]]:
    """All sets at hand by name."""
    found = {f"{name}_{kind}": read_set(f"{name}_{kind}") for name in SHIPPED for kind in ("phi", "harmless")}
    return found | {path.stem: house_set(path) for path in sorted(HOUSE.glob("*.jsonl"))}


def row(name: str, texts: list[Marked], found: Score) -> str:
    """One line of the table; a dash where a set has nothing to measure."""

    def percent(share: float, *, of: int) -> str:
        return f"{100 * share:9.1f}" if of else "        -"

    measures = (
        percent(found.recall, of=found.spans),
        percent(found.clean_share, of=found.messages),
        percent(found.precision, of=found.told),
        percent(found.alarm_rate, of=found.harmless),
    )
    return f"{name:18}{len(texts):6}" + "".join(measures)


def loaded() -> tuple[Guard, float, float]:
    """A guard, the processor seconds it took to load, and the megabytes its lists hold."""
    start = time.process_time()
    Guard.load()
    seconds = time.process_time() - start
    tracemalloc.start()
    guard = Guard.load()
    megabytes = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    return guard, seconds, megabytes


def latencies(guard: Guard, texts: list[str]) -> list[float]:
    """Processor milliseconds of each scan, sorted."""
    for text in texts[:100]:
        guard.scan(text)
    times = []
    for _ in range(ROUNDS):
        for text in texts:
            start = time.process_time_ns()
            guard.scan(text)
            times.append((time.process_time_ns() - start) / 1e6)
    return sorted(times)


def main() -> None:
    """Print the table."""
    guard, seconds, megabytes = loaded()
    found = sets()
    lines = [f"{'set':18}{'texts':>6}{'recall %':>9}{'clean %':>9}{'prec. %':>9}{'alarms %':>9}"]
    lines += [row(name, texts, score((text, guard.scan(text.text)) for text in texts)) for name, texts in found.items()]
    times = latencies(guard, [text.text for texts in found.values() for text in texts])
    lines.append(
        f"scan: p50 {times[len(times) // 2]:.3f} ms, p99 {times[len(times) * 99 // 100]:.3f} ms, longest {times[-1]:.2f} ms"
    )
    lines.append(f"lists: loaded in {seconds:.3f} s, {megabytes:.1f} MB")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
