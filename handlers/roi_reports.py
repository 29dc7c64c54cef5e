"""What is drawn or read out of pending releases, sent to nobody but who asked: the timeline and the accounting of disclosures."""

from __future__ import annotations

from bot.pictures.release_clocks import clocks_picture
from bot.roi.accounting import account
from bot.roi.clocks import timeline
from bot.views.ids import ActionId
from bot.views.layout import full_day, say
from handlers.boundary import Boundary
from handlers.call import ActionCall, Call, CommandCall


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.action(ActionId.ROI_TIMELINE, on_timeline_click)


def send_timeline(call: Call) -> None:
    """``/roi timeline``."""
    shown = call.look(timeline)
    if not shown.clocks:
        call.reply(say("No release is pending, so there is nothing to draw."))
        return
    call.post_picture(clocks_picture(shown), f"How the clocks stand: the nearest {len(shown.clocks)} of {shown.counts.total} pending releases.")
    call.reply(say("The timeline is in your direct messages with me. Only you see it."))


def on_timeline_click(call: ActionCall) -> None:
    """*Timeline* on the Home."""
    send_timeline(call)


def send_disclosures(call: CommandCall) -> None:
    """``/roi disclosures RR-…``."""
    told = call.change(account, call.text.partition(" ")[2])
    span = f"from {full_day(told.since)} to {full_day(told.until)}"
    if not told.lines:
        call.reply(say(f"No disclosure of {told.record} {span} has to be accounted for. That you asked is in the audit trail."))
        return
    count = "1 disclosure" if told.lines == 1 else f"{told.lines} disclosures"
    call.post_file(
        told.name, told.csv, title=f"Accounting of disclosures of {told.record}",
        comment=f"{count} of {told.record} {span}. Please keep the file where patient requests are kept.",
    )  # fmt: skip
    call.reply(say(f"{count} of {told.record}: the file is in your direct messages with me. That you asked is in the audit trail."))
