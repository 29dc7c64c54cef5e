"""/assign: supervisors put tasks into people's hands, one or many, and may undo it for a minute."""

from __future__ import annotations

from bot.team.assign import Assigned, assign, assign_many, may_assign
from bot.team.everything import hand_on_everything
from bot.team.orders import Order, read_order
from bot.team.undo import undo
from bot.views import assigning as views
from bot.views.ids import ActionId, CallbackId
from handlers.boundary import Boundary
from handlers.call import ActionCall, Call, CommandCall, FormCall

#: The value of a button that opens an empty form.
NEW = "new"


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.command("assign", on_assign_command)
    boundary.action(ActionId.TASK_ASSIGN, on_assign_click)
    boundary.action(ActionId.ASSIGN_UNDO, on_undo_click)
    boundary.form(CallbackId.ASSIGN_FORM, on_assign_submission)


def on_assign_command(call: CommandCall) -> None:
    """``/assign RV-… @person``, ``/assign next 10 inpatient @person @person``, ``/assign everything of @person to team``, or the form."""
    order = read_order(call.text)
    if order.names_work and order.names_people:
        call.reply(views.assigned_message(carry_out(call, order)))
    else:
        call.look(may_assign)
        call.open(views.assign_form(call.form_context(), views.without_people(call.text), order.to, team=order.team))


def on_assign_click(call: ActionCall) -> None:
    """*Assign* on a board or a card."""
    open_assign_form(call, "" if call.value == NEW else call.value)


def on_assign_submission(call: FormCall) -> None:
    """The assign form."""
    done = carry_out(call, views.read_assign_form(call.values))
    call.finish(views.assigned_message(done), views.assigned_window(done))


def on_undo_click(call: ActionCall) -> None:
    """*Undo* under an assignment."""
    undone = call.change(undo, int(call.value))
    call.show(views.undone_message(undone), views.undone_window(undone))


def carry_out(call: Call, order: Order) -> Assigned:
    """One task to one person, several, or everything of somebody."""
    if order.of:
        return call.change(hand_on_everything, order)
    if len(order.references) == 1 and len(order.to) == 1:
        return call.change(assign, order.references[0], order.to[0])
    return call.change(assign_many, order)


def open_assign_form(call: Call, reference: str = "") -> None:
    """Ask which tasks go to whom."""
    call.look(may_assign)
    call.open(views.assign_form(call.form_context(reference), reference))
