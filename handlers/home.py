"""The App Home: shown when somebody opens it, and again after what they did there."""

from __future__ import annotations

from bot.home import home_board
from bot.views.home import home_view
from handlers.boundary import Boundary
from handlers.call import Call, EventCall


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.event("app_home_opened", on_home_opened)


def on_home_opened(call: EventCall) -> None:
    """Somebody looks at their Home."""
    if call.event.get("tab") == "home":
        show_home(call)


def refresh_home(call: Call) -> None:
    """Show the Home as it stands now, when the person works from it."""
    if call.from_home:
        show_home(call)


def show_home(call: Call) -> None:
    """Publish the person's Home."""
    call.publish_home(home_view(call.look(home_board)))
