"""Slack's published limits of messages and views, checked before the sandbox shows anything."""

from __future__ import annotations

from bot.sandbox.limits.checks import Problem
from bot.sandbox.limits.surfaces import check_message, check_suggestions, check_view

__all__ = ["Problem", "check_message", "check_suggestions", "check_view"]
