"""Why a whole file is refused. Nothing of a refused file is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import BadInput, Refusal

if TYPE_CHECKING:
    from bot.intake.columns import Header


class BrokenFile(BadInput):
    """This file cannot be read as a table. Export it again as CSV."""


class WrongColumns(BadInput):
    """This file lacks columns that are needed."""

    def __init__(self, sentence: str, header: Header) -> None:
        """Keep what was understood of the header, so that somebody can say what the others mean."""
        self.header = header
        super().__init__(sentence)


class IdentifiersFound(BadInput):
    """This file has columns that look like patient identifiers."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self.columns = columns
        these = "this column looks like a patient identifier" if len(columns) == 1 else "these columns look like patient identifiers"
        super().__init__(
            f"Nothing was imported: {these}: {', '.join(columns)}. "
            "Export the file without them, or import it with --drop-identifiers, which leaves them out."
        )


class ImportRunning(Refusal):
    """An import of yours is still at work. Wait for its answer."""


class FileChanged(Refusal):
    """This is not the file that was checked. Send it again, and look at the new check first."""


class ImportStopped(Refusal):
    """The import stopped before its end. What was stored stays; send the same file again, it goes on where it was."""

    def __init__(self, done: int, total: int) -> None:
        """Say how far it came."""
        super().__init__(
            f"The import stopped after {done:,} of {total:,}, by a fault on our side. What was stored stays. "
            "Send the same file again: it goes on where it was, and nothing comes in twice."
        )
