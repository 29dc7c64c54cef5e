"""What else people do with a task in their hands: hand it over, change what it waits for, follow its physician query; and narrow the queue."""

from __future__ import annotations

from bot.reviews import handoff
from bot.reviews.cards import open_card
from bot.reviews.holds import change_reasons
from bot.reviews.lists import TaskList, task_page
from bot.reviews.queries import move_query
from bot.views import task_lists
from bot.views import task_waits as views
from bot.views.ids import ActionId, CallbackId
from handlers.boundary import Boundary
from handlers.call import ActionCall, FormCall
from handlers.task_answers import finish_task, show_task


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.action(ActionId.TASK_REASONS, on_reasons_click)
    boundary.action(ActionId.TASK_FILTER, on_filter_click)
    boundary.action(ActionId.OFFER_ACCEPT, on_accept_click)
    boundary.action(ActionId.OFFER_DECLINE, on_decline_click)
    boundary.form(CallbackId.TASK_OFFER_FORM, on_offer_submission)
    boundary.form(CallbackId.TASK_REASONS_FORM, on_reasons_submission)
    boundary.form(CallbackId.TASK_QUERY_FORM, on_query_submission)
    boundary.form(CallbackId.TASK_FILTER_FORM, on_filter_submission)


def open_offer_form(call: ActionCall, reference: str) -> None:
    """Ask who could take a task over."""
    call.open(views.offer_form(call.look(open_card, reference), call.form_context(reference)))


def open_query_form(call: ActionCall, reference: str) -> None:
    """Ask what happened to the physician query."""
    call.open(views.query_form(call.look(open_card, reference), call.form_context(reference)))


def on_accept_click(call: ActionCall) -> None:
    """*Accept* under an offer."""
    task = call.change(handoff.accept, call.value)
    show_task(call, task, f"{task.reference} is yours now.")


def on_decline_click(call: ActionCall) -> None:
    """*Decline* under an offer."""
    task = call.change(handoff.decline, call.value)
    show_task(call, task, f"You declined {task.reference}. It stays where it was.")


def on_reasons_click(call: ActionCall) -> None:
    """*Waits for…* on the card of a hold."""
    call.open(views.reasons_form(call.look(open_card, call.value), call.form_context(call.value)))


def on_filter_click(call: ActionCall) -> None:
    """*Narrow the list* under the queue."""
    call.open(views.filter_form(call.form_context(call.value)))


def on_offer_submission(call: FormCall) -> None:
    """The form that offers a task to somebody."""
    to = views.read_offer_form(call.values)
    offered = call.change(handoff.offer, call.subject, to)
    finish_task(call, offered, f"{offered.reference} is offered. It stays yours until they accept.")


def on_reasons_submission(call: FormCall) -> None:
    """The form about what a hold waits for."""
    said = views.read_reasons_form(call.values)
    held = call.change(change_reasons, call.subject, said.settled, said.opened, said.wake_on)
    told = "waits for what the card shows" if held.holds else "waits for nothing any more. Resume it to go on"
    finish_task(call, held, f"{held.reference} {told}.")


def on_query_submission(call: FormCall) -> None:
    """The form about a physician query."""
    step, category = views.read_query_form(call.values)
    task = call.change(move_query, call.subject, step, category)
    finish_task(call, task, f"The physician query of {task.reference} is noted.")


def on_filter_submission(call: FormCall) -> None:
    """The form that narrows the queue."""
    page = call.look(task_page, TaskList.QUEUE, words=views.read_filter_form(call.values))
    call.finish(task_lists.task_list(page), task_lists.list_window(page))
