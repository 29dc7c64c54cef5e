"""``chartdesk manifest``: what a Slack workspace is asked for."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from bot import manifest as slack_app
from bot.command_line.showing import JsonOption, print_json
from bot.errors import Refusal

app = typer.Typer()


class WrongPrefix(Refusal):
    """A prefix holds up to 12 small letters, digits, - and _, such as cd-."""


class WrongUrl(Refusal):
    """The address must begin with https:// and name a host, such as https://chartdesk.example.com."""


@app.command()
def manifest(
    prefix: Annotated[
        str, typer.Option(help="Put before each command, where a name is taken: cd- makes /cd-code.")
    ] = "",
    socket_mode: Annotated[bool, typer.Option("--socket-mode", help="For a bot without a public address.")] = False,
    url: Annotated[str | None, typer.Option(help="The public address of this installation, https://…")] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the Slack app manifest: paste it where Slack asks for one (Create New App, From a manifest)."""
    if not re.fullmatch(r"[a-z0-9_-]{0,12}", prefix):
        raise WrongPrefix
    if url is not None and not re.fullmatch(r"https://[^\s/]+(/\S*)?", url):
        raise WrongUrl
    told = slack_app.manifest(prefix, url, socket_mode=socket_mode)
    if as_json:
        print_json(told)
    else:
        typer.echo(slack_app.manifest_file(told), nl=False)
