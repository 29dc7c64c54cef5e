"""Telling the queue's channel how much new work came, offering what is urgent, and telling supervisors what passes unseen."""

from __future__ import annotations

import sqlalchemy as sa
import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.commands import with_prefix
from bot.desk import Desk
from bot.installations import bot_token
from bot.team.escalations import tell_bill_holds
from bot.team.new_work import NewWork, count_new_work, offer_urgent
from bot.views.layout import renamed
from bot.views.team import new_work_message
from storage.tables import Workspace

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 3


def sweep_new_work(desk: Desk) -> int:
    """Count new work for the channel of every workspace that has one; returns how many channels heard something."""
    told = 0
    for workspace_id in _workspaces(desk):
        new = desk.run_as_desk(workspace_id, "clock", count_new_work)
        told += new is not None and _say(desk, workspace_id, new)
    return told


def sweep_urgent(desk: Desk) -> int:
    """Offer what is urgent in every workspace; returns how many offers were made."""
    return sum(desk.run_as_desk(workspace_id, "clock", offer_urgent) for workspace_id in _workspaces(desk))


def sweep_escalations(desk: Desk) -> int:
    """Tell supervisors of bill holds that pass, once a day; returns how many were told."""
    return sum(desk.run_as_desk(workspace_id, "clock", tell_bill_holds) for workspace_id in _workspaces(desk))


def _workspaces(desk: Desk) -> list[int]:
    with desk.database.read() as session:
        return list(session.scalars(sa.select(Workspace.id).where(Workspace.active)))


def _say(desk: Desk, workspace_id: int, new: NewWork) -> bool:
    """Write into the channel. A count that Slack does not take is not repeated: the next one says how much waits in all."""
    with desk.database.read() as session:
        token = bot_token(session.scalars(sa.select(Workspace).where(Workspace.id == workspace_id)).one(), desk.settings)
    if token is None:
        return False
    client = WebClient(token=token, base_url=desk.settings.slack_api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
    prefix, message = desk.settings.chartdesk_command_prefix, new_work_message(new)
    try:
        client.chat_postMessage(
            channel=new.channel, text=with_prefix(message.text, prefix), blocks=renamed(message.blocks_payload(), prefix)
        )
    except (SlackClientError, OSError) as error:
        log.warning("new_work_not_told", workspace=workspace_id, error=type(error).__name__)
        return False
    return True
