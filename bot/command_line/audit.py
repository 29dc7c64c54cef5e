"""``chartdesk audit``: the audit trail."""

from __future__ import annotations

import sqlalchemy as sa
import typer

from bot import audit as trail
from bot.command_line.opening import installation
from bot.command_line.showing import JsonOption, print_json, write_line
from bot.command_line.workspaces import WorkspaceOption, choose_workspace
from storage.tables import AuditEntry, Workspace

app = typer.Typer(no_args_is_help=True, help="Check the audit trail.")


@app.callback()
def audit() -> None:
    """Check the audit trail."""


@app.command()
def verify(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Walk every chain of the audit trail and name each place where an entry was changed, removed or put in between."""
    with installation() as (_, database), database.read() as session:
        chosen = [choose_workspace(session, workspace)] if workspace else session.scalars(sa.select(Workspace)).all()
        teams = {each.id: each.team_id for each in chosen}
        entries = session.scalar(
            sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.workspace_id.in_(teams))
        )
        broken = [found for each in teams for found in trail.breaks(session, each)]
    if as_json:
        places = [{"workspace": teams[each.workspace_id], "chain": each.chain, "seq": each.seq} for each in broken]
        print_json({"entries": entries, "breaks": places})
    for each in broken if not as_json else ():
        write_line(f"{teams[each.workspace_id]}: the chain of person {each.chain} does not hold at entry {each.seq}.")
    if not broken and not as_json:
        write_line(f"The audit trail holds: {entries} entries, nothing changed, nothing missing.")
    raise typer.Exit(1 if broken else 0)
