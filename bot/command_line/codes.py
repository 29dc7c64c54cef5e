"""``chartdesk codes``: the code sets."""

from __future__ import annotations

import typer

from bot.codes.catalogue import editions
from bot.command_line.opening import installation
from bot.command_line.showing import JsonOption, print_json, print_table

app = typer.Typer(no_args_is_help=True, help="The code sets that are loaded.")


@app.callback()
def codes() -> None:
    """The code sets that are loaded."""


@app.command("list")
def list_editions(as_json: JsonOption = False) -> None:
    """List every edition that can be searched."""
    with installation() as (_, database), database.read() as session:
        found = editions(session)
    if as_json:
        keys = ("system", "slug", "title", "valid_from", "valid_to", "concept_count")
        print_json([{key: getattr(edition, key) for key in keys} for edition in found])
        return
    rows = [
        (
            edition.system,
            edition.title,
            edition.valid_from,
            edition.valid_to or "no end yet",
            f"{edition.concept_count:,}",
        )
        for edition in found
    ]
    print_table(
        ("System", "Edition", "Valid from", "To", "Codes"), rows, "No code set is loaded. Run: chartdesk db upgrade"
    )
