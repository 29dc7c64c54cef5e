"""The Bolt app, built once from a desk: synchronous, with enough listener threads, and every client on the configured Web API address."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from slack_bolt import App

from bot.desk import Desk
from handlers import (
    assign,
    audits,
    codes,
    desk_help,
    events,
    exports,
    flags,
    home,
    intake,
    reports,
    roi,
    second_level,
    tasks,
    team,
)
from handlers.boundary import Boundary
from handlers.install import oauth_flow

#: A listener's call to Slack must not outlast Slack's patience with the listener.
WEB_API_SECONDS = 10


def build_app(desk: Desk, executor: ThreadPoolExecutor) -> App:
    """Build the app and register every listener.

    :param executor: where listeners run; Bolt's own default of five threads loses acknowledgements under load.
    """
    settings = desk.settings
    app = App(
        name="chartdesk",
        token=None if settings.by_oauth else settings.bot_token(),
        signing_secret=settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else "",
        oauth_flow=oauth_flow(desk) if settings.by_oauth else None,
        listener_executor=executor,
        token_verification_enabled=False,
    )
    # Bolt makes each request's client after this one.
    app.client.base_url, app.client.timeout = settings.slack_api_url, WEB_API_SECONDS
    boundary = Boundary(app, desk)
    for part in (codes, tasks, assign, flags, roi, audits, second_level, reports, team, home, desk_help, events, intake, exports):
        part.register(boundary)
    return app


def listener_threads(desk: Desk) -> ThreadPoolExecutor:
    """The threads listeners run on."""
    return ThreadPoolExecutor(desk.settings.chartdesk_listener_threads, thread_name_prefix="listener")
