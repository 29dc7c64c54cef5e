"""A file that may be imported, whatever its form: it is read from its beginning as often as needed and never held whole."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from bot.intake.columns import ColumnSet
from bot.intake.problems import Problem


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file as somebody gave it: its name, and a way to open it again and again."""

    name: str
    open: Callable[[], BinaryIO]

    @classmethod
    def at(cls, path: Path) -> GivenFile:
        """A file on this machine."""
        return cls(path.name, lambda: path.open("rb"))

    @classmethod
    def of(cls, data: bytes, name: str = "file.csv") -> GivenFile:
        """A file that was sent."""
        return cls(name, lambda: io.BytesIO(data))


@dataclass(frozen=True, slots=True)
class Line:
    """One line (or entry) of a file: its number as an editor shows it, its cells by field (blank ones left out), and the key that finds it again.

    ``called`` are the file's own names of fields, where they differ from ours.
    """

    number: int
    cells: dict[str, str]
    row_key: str | None
    called: Mapping[str, str] = field(default_factory=dict)


class Source(Protocol):
    """What an import asks of a file that has been looked through once.

    ``total`` lines (or entries; ``unit`` says which) are in it. ``dropped`` names what looked identifying and is left out, ``ignored`` what nobody needs,
    ``given`` the references of ours that stand in it.
    """

    @property
    def columns(self) -> ColumnSet: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def total(self) -> int: ...  # noqa: D102
    @property
    def digest(self) -> str: ...  # noqa: D102
    @property
    def encoding(self) -> str: ...  # noqa: D102
    @property
    def given(self) -> frozenset[str]: ...  # noqa: D102
    @property
    def dropped(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def ignored(self) -> tuple[str, ...]: ...  # noqa: D102

    def lines(self) -> Iterator[Line | list[Problem]]:
        """Every line in its order; what is wrong with one that cannot be read."""
        ...
