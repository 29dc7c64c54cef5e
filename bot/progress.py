"""A progress bar on standard error for work that takes long; silent where nobody looks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

#: Told with done, total and what is being done.
Tell = Callable[[int, int, str], None]


@contextmanager
def progress_bar() -> Iterator[Tell]:
    """Yield a function to be told of progress; one bar for each kind of work, nothing when standard error is not a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    bars: dict[str, TaskID] = {}
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as shown:

        def tell(done: int, total: int, what: str) -> None:
            if what not in bars:
                bars[what] = shown.add_task(what, total=total)
            shown.update(bars[what], completed=done, total=total)

        yield tell
