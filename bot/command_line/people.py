"""``chartdesk people``: coworkers and what they may do."""

from __future__ import annotations

import re
from typing import Annotated

import sqlalchemy as sa
import typer
from rapidfuzz import fuzz, process
from sqlalchemy.orm import Session

from bot import people as coworkers
from bot.actors import Identity, NoSuchPerson, desk_actor
from bot.command_line.opening import installation
from bot.command_line.showing import JsonOption, print_json, print_table, write_line
from bot.command_line.workspaces import WorkspaceOption, choose_workspace, read_team_id, read_user_id
from bot.database_trouble import CannotGoOn
from bot.desk import utc_now
from bot.spoken import spoken
from storage.tables import Person
from storage.words import Role

app = typer.Typer(no_args_is_help=True, help="Coworkers and their roles.")

#: How alike a mistyped role must be to be suggested, in percent.
NEAR_MISS = 60
SOURCE = "command line"

UserArgument = Annotated[str, typer.Argument(metavar="USER", help="The person's Slack member id, U….")]
RolesArgument = Annotated[list[str], typer.Argument(metavar="ROLE…", help=f"One or more of: {', '.join(Role)}.")]
StaffCodeOption = Annotated[
    str | None,
    typer.Option(
        "--staff-code", metavar="CODE", help="What the owner column of imported files calls this person, such as sp-03."
    ),
]


@app.command("list")
def list_people(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List everybody the desk knows."""
    with installation() as (_, database), database.read() as session:
        found = coworkers.coworkers(session, choose_workspace(session, workspace).id)
        rows = [(each.slack_user_id, each.name, ", ".join(each.roles), each.staff_code, each.zone) for each in found]
    if as_json:
        keys = ("slack_user_id", "name", "roles", "staff_code", "zone")
        print_json(
            [
                {**dict(zip(keys, row, strict=True)), "roles": list(each.roles)}
                for row, each in zip(rows, found, strict=True)
            ]
        )
    else:
        print_table(("Slack id", "Name", "Roles", "Staff code", "Time zone"), rows, "Nobody has used the desk yet.")


@app.command()
def grant(
    user: UserArgument, roles: RolesArgument, staff_code: StaffCodeOption = None, workspace: WorkspaceOption = None
) -> None:
    """Give a person roles. Somebody the desk has not met yet is added; so is the workspace, when --workspace names a new one."""
    wanted = [read_role(role) for role in roles]
    with installation() as (_, database), database.write() as session:
        person = _met(session, user, workspace)
        actor = desk_actor(session, person.workspace_id, SOURCE)
        if staff_code is not None:
            _call(session, person, staff_code)
        held = coworkers.grant(session, actor, utc_now(), person, *wanted)
    write_line(f"{person.slack_user_id} is now {_listed(held)}.")


@app.command()
def revoke(user: UserArgument, roles: RolesArgument, workspace: WorkspaceOption = None) -> None:
    """Take roles from a person."""
    gone = [read_role(role) for role in roles]
    with installation() as (_, database), database.write() as session:
        chosen = choose_workspace(session, workspace)
        try:
            person = coworkers.person_named(session, chosen.id, read_user_id(user))
        except NoSuchPerson:
            raise CannotGoOn(f"Nobody here has the Slack id {user}. chartdesk people list shows everybody.") from None
        left = coworkers.revoke(session, desk_actor(session, chosen.id, SOURCE), utc_now(), person, *gone)
    write_line(f"{person.slack_user_id} is now {_listed(left)}.")


def read_role(text: str) -> Role:
    """Read a role in any spelling.

    :raises CannotGoOn: with the nearest one when it was probably mistyped, else with all of them.
    """
    wanted = re.sub(r"[^a-z]+", "_", text.lower()).strip("_")
    if wanted in Role.__members__.values():
        return Role(wanted)
    nearest = process.extractOne(wanted, list(Role), scorer=fuzz.ratio, score_cutoff=NEAR_MISS)
    if nearest:
        raise CannotGoOn(f"{text!r} is no role. Did you mean {nearest[0]}?")
    raise CannotGoOn(f"{text!r} is no role. There are: {', '.join(Role)}.")


def _met(session: Session, user: str, team_id: str | None) -> Person:
    """The person, added when the desk has not met them; a workspace that was named is added too."""
    read_user_id(user)
    team = read_team_id(team_id) if team_id else choose_workspace(session, None).team_id
    person = coworkers.meet(session, Identity(team, user), utc_now())
    session.flush()
    return person


def _call(session: Session, person: Person, staff_code: str) -> None:
    """Give a person the code that imported files know them by."""
    code = staff_code.strip().lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,39}", code):
        raise CannotGoOn("A staff code holds up to 40 letters, digits, dots and hyphens, such as sp-03.")
    other = session.scalars(
        sa.select(Person).where(
            Person.workspace_id == person.workspace_id,
            sa.func.lower(Person.staff_code) == code,
            Person.id != person.id,
        )
    ).first()
    if other is not None:
        raise CannotGoOn(f"{code} is the staff code of {other.slack_user_id} already.")
    person.staff_code = code


def _listed(roles: tuple[Role, ...]) -> str:
    return ", ".join(spoken(role) for role in roles) or "without a role"
