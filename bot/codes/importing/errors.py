"""What an import says when it does not go on. Nothing was changed then."""

from __future__ import annotations

from bot.errors import Refusal


class CannotImport(Refusal):
    """These files cannot be imported. Nothing was changed."""


class BadLine(CannotImport):
    """A line of a file is not what it should be."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        """Name the file, the line (from 1) and what is wrong with it."""
        self.line = line
        super().__init__(f"{file}, line {line}: {reason} Nothing was changed.")


class UnknownFile(CannotImport):
    """This is no code file."""

    def __init__(self, file: str, reason: str) -> None:
        """Name the file and why it is none."""
        super().__init__(
            f"{file}: {reason} Known are the official ICD-10-CM and ICD-10-PCS order and code files, the tabular, index, neoplasm and drug XML, "
            "HCPCS ANWEB files, and CSV with the columns code,title,valid_from,valid_to. Nothing was changed."
        )
