"""The senders of one clock in a process of their own, to be killed."""

from __future__ import annotations

import logging
import time
from multiprocessing.synchronize import Event
from typing import Any, cast

import structlog

from bot.desk import Desk
from bot.outbox import Pace
from bot.settings import Settings
from jobs.senders import Senders
from storage.coordination.in_process import InProcessCoordinator
from storage.database import Database


def send_for_ever(url: str, api_url: str, pace: Pace, at_work: Event) -> None:
    """Send as a clock does, until killed; ``at_work`` is set at the beginning."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    settings = Settings(_env_file=None, slack_bot_token="xoxb-faults", slack_api_url=api_url, database_url=url)
    desk = Desk(
        settings=settings,
        database=Database.open(url),
        coordinator=InProcessCoordinator(),
        guard=cast("Any", None),  # a sender takes in no text
        rules=cast("Any", None),
    )
    senders = Senders(desk, pace)
    at_work.set()
    while True:
        senders.begin()
        time.sleep(0.05)
