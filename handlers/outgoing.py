"""What the bot says to one person in Slack: direct messages, new versions of them, files, windows, and answers through the address Slack gave for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View
from slack_sdk.webhook import WebhookClient

from bot.actors import Identity
from bot.commands import with_prefix
from bot.desk import Desk
from bot.errors import Refusal
from bot.pictures.drawing import Picture
from bot.views.layout import Message, renamed

#: How long an answer may take on its way to Slack.
WEBHOOK_SECONDS, HTTP_OK = 10, 200


class FilesNotAllowed(Refusal):
    """The bot may not send files in this workspace yet. An admin of Slack allows it by installing the app again; nothing else changes."""


class AnswerRefusedError(RuntimeError):
    """Slack did not take an answer: it was malformed, or its address is used up."""


@dataclass
class Outgoing:
    """Messages, files and views on their way to a person, commands named as this installation names them."""

    desk: Desk
    who: Identity
    client: WebClient

    def post(self, message: Message) -> None:
        """Send a direct message to the person."""
        self.begin(message)

    def begin(self, message: Message) -> tuple[str, str]:
        """Send a direct message to the person; returns where it stands, for :meth:`edit`."""
        sent = self.client.chat_postMessage(
            channel=self.who.user_id, text=self._named(message.text), blocks=self._blocks(message)
        )
        return str(sent["channel"]), str(sent["ts"])

    def edit(self, place: tuple[str, str], message: Message) -> None:
        """Put a new version in place of a message of the bot."""
        channel, ts = place
        self.client.chat_update(channel=channel, ts=ts, text=self._named(message.text), blocks=self._blocks(message))

    def post_to(self, channel: str, message: Message) -> None:
        """Write into a channel, for everybody there. Never anything about a person or a record."""
        self.client.chat_postMessage(channel=channel, text=self._named(message.text), blocks=self._blocks(message))

    def post_file(self, name: str, content: bytes, *, title: str, comment: str, alt: str | None = None) -> None:
        """Send a file as a direct message to the person, for nobody else to see.

        :param comment: the sentence above it.
        :param alt: what stands for a picture to somebody who cannot see it.
        :raises FilesNotAllowed: where the bot was installed before it could send files.
        """
        direct = self.client.conversations_open(users=self.who.user_id)
        try:
            self.client.files_upload_v2(
                channel=str(direct["channel"]["id"]),
                filename=name,
                content=content,
                title=title,
                alt_txt=alt,
                initial_comment=self._named(comment),
            )
        except SlackApiError as error:
            if error.response.get("error") in {"missing_scope", "not_allowed_token_type"}:
                raise FilesNotAllowed from error
            raise

    def post_picture(self, picture: Picture, comment: str) -> None:
        """Send a picture as a direct message to the person."""
        self.post_file(picture.name, picture.png, title=picture.title, comment=comment, alt=picture.alt)

    def publish_home(self, view: View) -> None:
        """Show a new Home."""
        self.client.views_publish(user_id=self.who.user_id, view=self.shown(view))

    def _respond(self, url: str, message: Message, *, replace: bool) -> None:
        # slack_sdk's webhook client: an ephemeral answer cannot be changed by chat.update, only through its response_url.
        self._send_to(
            url,
            text=self._named(message.text),
            blocks=self._blocks(message),
            response_type="ephemeral",
            replace_original=replace,
        )

    def _send_to(self, url: str, **answer: Any) -> None:  # noqa: ANN401 - the fields of Slack's answer
        sent = WebhookClient(url, timeout=WEBHOOK_SECONDS, retry_handlers=[]).send(**answer)
        if sent.status_code != HTTP_OK:
            raise AnswerRefusedError(f"{sent.status_code} {sent.body[:200]}")

    def _named(self, text: str) -> str:
        return with_prefix(text, self.desk.settings.chartdesk_command_prefix)

    def _blocks(self, message: Message) -> list[Any]:
        blocks: list[Any] = renamed(message.blocks_payload(), self.desk.settings.chartdesk_command_prefix)
        return blocks

    def shown(self, view: View) -> dict[str, Any]:
        """A view as Slack's JSON, commands named as this installation names them."""
        shown: dict[str, Any] = renamed(view.to_dict(), self.desk.settings.chartdesk_command_prefix)
        return shown
