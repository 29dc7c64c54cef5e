"""Which workspace a command is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

import sqlalchemy as sa
import typer
from sqlalchemy.orm import Session

from bot.database_trouble import CannotGoOn
from storage.tables import Workspace

#: For every command that works in one workspace.
WorkspaceOption = Annotated[
    str | None,
    typer.Option(
        "--workspace", metavar="TEAM_ID", help="Slack's id of the workspace (T…); needed only when there are several."
    ),
]


def choose_workspace(session: Session, team_id: str | None) -> Workspace:
    """The workspace that was named, or the only one.

    :raises CannotGoOn: when there is none, or several and none was named.
    """
    known = session.scalars(sa.select(Workspace).order_by(Workspace.team_id)).all()
    if team_id is not None:
        found = next((workspace for workspace in known if workspace.team_id == read_team_id(team_id)), None)
        if found is None:
            raise CannotGoOn(f"There is no workspace {team_id} here. {_listed(known)}")
        return found
    if len(known) == 1:
        return known[0]
    if known:
        raise CannotGoOn(f"Say which workspace with --workspace TEAM_ID. {_listed(known)}")
    raise CannotGoOn(_listed(known))


def read_team_id(text: str) -> str:
    """Read Slack's id of a workspace.

    :raises CannotGoOn: when it is none.
    """
    if not re.fullmatch(r"[TE][A-Z0-9]{1,40}", text):
        raise CannotGoOn(
            f"{text!r} is no workspace id. It looks like T012AB3CD and stands in the address of Slack in a browser."
        )
    return text


def read_user_id(text: str) -> str:
    """Read Slack's id of a person, as it stands in their profile.

    :raises CannotGoOn: when it is none.
    """
    if not re.fullmatch(r"[UW][A-Z0-9]{1,40}", text):
        raise CannotGoOn(
            f"{text!r} is no member id. Open the person's Slack profile and choose Copy member ID; it looks like U012AB3CD."
        )
    return text


def _listed(known: Sequence[Workspace]) -> str:
    if not known:
        return (
            "No workspace is known yet. Use the bot in Slack once, or name it: "
            "chartdesk people grant USER admin --workspace TEAM_ID"
        )
    return "Known here: " + ", ".join(f"{workspace.team_id} ({workspace.name})" for workspace in known) + "."
