"""Bringing a request to the bot: the interface, and signed HTTP requests as Slack sends them."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlencode

import httpx
from slack_sdk.signature import SignatureVerifier

from bot.sandbox.identifiers import Json

ACK_SECONDS = 3.0
TIMED_OUT = 0
UNREACHABLE = -1
OK = 200


class Kind(StrEnum):
    """The four shapes of request Slack sends."""

    COMMAND = "command"
    INTERACTIVE = "interactive"
    OPTIONS = "options"
    EVENT = "event"


class Reply(NamedTuple):
    """What the bot answered. ``status`` is TIMED_OUT after three seconds of silence, UNREACHABLE without a bot."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def ok(self) -> bool:
        """Whether the bot acknowledged."""
        return self.status == OK

    def json(self) -> Json:
        """The body as a JSON object; empty when it is none."""
        try:
            parsed = json.loads(self.body) if self.body else {}
        except ValueError:
            return {}
        return parsed if isinstance(parsed, dict) else {}


class Delivery(ABC):
    """The way to the bot. A test may bring its own, for example one that calls ``App.dispatch`` directly.

    An answer that took longer than ``patience`` seconds counts as none, as it does for Slack.
    """

    patience: float = ACK_SECONDS

    @abstractmethod
    def post(self, kind: str, body: Json, headers: Mapping[str, str]) -> Reply:
        """Hand over one request (``kind`` is one of Kind) and wait for the acknowledgement."""

    def settle(self) -> None:  # noqa: B027 - a delivery that cannot know when the bot is done has nothing to wait for
        """Wait until the bot has finished what it does after acknowledging, if the delivery can tell."""


class HttpDelivery(Delivery):
    """Signed requests to the bot's request URL, with Slack's three seconds of patience."""

    def __init__(self, url: str, signing_secret: str, timeout: float = ACK_SECONDS) -> None:
        self.url = url
        self.patience = timeout
        self._verifier = SignatureVerifier(signing_secret)
        self._client = httpx.Client(timeout=timeout, trust_env=False)

    def post(self, kind: str, body: Json, headers: Mapping[str, str]) -> Reply:
        """Send one request; never raises for a bot that is slow or not there."""
        content_type, encoded = encode_body(kind, body)
        signed = {**headers, **self._sign(encoded), "Content-Type": content_type}
        try:
            response = self._client.post(self.url, content=encoded.encode(), headers=signed)
        except httpx.TimeoutException:
            return Reply(TIMED_OUT, {}, "")
        except (httpx.HTTPError, RuntimeError):  # the latter: closed while a retry was on its way
            return Reply(UNREACHABLE, {}, "")
        return Reply(response.status_code, dict(response.headers), response.text)

    def close(self) -> None:
        """Close the connections kept open."""
        self._client.close()

    def _sign(self, body: str) -> dict[str, str]:
        timestamp = str(int(time.time()))
        signature = self._verifier.generate_signature(timestamp=timestamp, body=body)
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature or "",
            "User-Agent": "Chartdesk-Sandbox",
        }


def encode_body(kind: str, body: Json) -> tuple[str, str]:
    """The content type and the body of a request: commands as fields, interactions as ``payload``, events as JSON."""
    form = "application/x-www-form-urlencoded"
    if kind == Kind.EVENT:
        return "application/json", json.dumps(body)
    if kind == Kind.COMMAND:
        return form, urlencode(body)
    return form, urlencode({"payload": json.dumps(body)})
