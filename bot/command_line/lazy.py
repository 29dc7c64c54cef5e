"""A group of commands whose modules are imported when they are used, so that ``chartdesk --help`` answers at once."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


@dataclass(frozen=True, slots=True)
class Entry:
    """A command or group: what people type, the module whose ``app`` it is, and the line the help shows."""

    name: str
    module: str
    help: str


class LazyGroup(TyperGroup):
    """A group over :class:`Entry` rows; subclasses set ``entries``."""

    entries: Sequence[Entry] = ()

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - typer's own
        super().__init__(**attributes)
        self.commands = {entry.name: TyperCommand(name=entry.name, help=entry.help) for entry in self.entries}
        self._showing_help = False

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - typer's own
        """Show the help from the table alone."""
        self._showing_help = True
        super().format_help(ctx, formatter)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - typer's own
        """The command, from its module; its line of the table while help is shown."""
        if self._showing_help or cmd_name not in self.commands:
            return super().get_command(ctx, cmd_name)
        module = next(entry.module for entry in self.entries if entry.name == cmd_name)
        found = typer.main.get_command(importlib.import_module(module).app)
        found.name = cmd_name
        return found
