"""Short-lived permissions: trigger ids, response URLs and upload tickets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.identifiers import new_id, new_trigger_id

TRIGGER_LIFETIME = timedelta(seconds=3)
RESPONSE_URL_LIFETIME = timedelta(minutes=30)
RESPONSE_URL_USES = 5


@dataclass
class Trigger:
    """The right to open one modal. ``view_id`` is the modal it came from, if it came from one."""

    id: str
    user: str
    issued: datetime
    view_id: str = ""
    exchanged: bool = False


@dataclass
class ResponseUrl:
    """The right to answer an interaction five times within thirty minutes."""

    id: str
    user: str
    channel: str
    issued: datetime
    message_ts: str = ""
    ephemeral: bool = False
    uses: int = 0


class TicketError(Exception):
    """The permission is unknown, used up or too old; ``code`` is Slack's word for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Tickets:
    """Issues the permissions and redeems them."""

    def __init__(self) -> None:
        self._triggers: dict[str, Trigger] = {}
        self._response_urls: dict[str, ResponseUrl] = {}

    def issue_trigger(self, user: str, now: datetime, view_id: str = "") -> str:
        """A trigger id for this person, good for three seconds and one view."""
        trigger = Trigger(new_trigger_id(), user, now, view_id)
        self._triggers[trigger.id] = trigger
        return trigger.id

    def redeem_trigger(self, trigger_id: str, now: datetime) -> Trigger:
        """Use up a trigger id. Raises TicketError when unknown, already exchanged or expired."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise TicketError("invalid_trigger_id")
        if trigger.exchanged:
            raise TicketError("exchanged_trigger_id")
        if now - trigger.issued > TRIGGER_LIFETIME:
            raise TicketError("expired_trigger_id")
        trigger.exchanged = True
        return trigger

    def issue_response_url(self, ticket: ResponseUrl) -> str:
        """Remember a response URL and return its id."""
        self._response_urls[ticket.id] = ticket
        return ticket.id

    def new_response_url(
        self, user: str, channel: str, now: datetime, message_ts: str = "", *, ephemeral: bool = False
    ) -> str:
        """The id of a response URL for this person, channel and (if any) message."""
        return self.issue_response_url(ResponseUrl(new_id("R", 20), user, channel, now, message_ts, ephemeral))

    def redeem_response_url(self, ticket_id: str, now: datetime) -> ResponseUrl:
        """Count one use. Raises TicketError when unknown, older than 30 minutes or used five times."""
        ticket = self._response_urls.get(ticket_id)
        if ticket is None or now - ticket.issued > RESPONSE_URL_LIFETIME:
            raise TicketError("expired_url")
        if ticket.uses >= RESPONSE_URL_USES:
            raise TicketError("used_url")
        ticket.uses += 1
        return ticket
