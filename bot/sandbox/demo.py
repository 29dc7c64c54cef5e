"""The workspace a newcomer meets: invented people in three time zones and two channels."""

from __future__ import annotations

from bot.sandbox.app_setup import AppSetup
from bot.sandbox.members import Member
from bot.sandbox.messages import Clock
from bot.sandbox.workspace import Workspace, current_time


def demo_members() -> list[Member]:
    """The people of the demonstration, fresh objects on every call."""
    return [
        Member("U0NOOR001", "Noor Haddad", "America/New_York", "Coding specialist"),
        Member("U0TOMAS01", "Tomás Lindqvist", "America/Los_Angeles", "Coding specialist"),
        Member("U0GRACE01", "Grace Okafor", "America/Chicago", "Release-of-information specialist"),
        Member("U0PRIYA01", "Priya Nair", "America/New_York", "Supervisor"),
        Member("U0DANIEL1", "Daniel Cho", "America/Chicago", "Privacy officer"),
    ]


def workspace_for_demo(app: AppSetup | None = None, clock: Clock = current_time) -> Workspace:
    """The workspace "Lakeside Records (demo)" with its five people and two public channels."""
    workspace = Workspace("Lakeside Records (demo)", demo_members(), app, clock)
    workspace.create_channel("records-desk")
    workspace.create_channel("coding-questions")
    return workspace
