"""/assign: supervisors put tasks into people's hands."""

from __future__ import annotations

import re

from bot.errors import BadInput
from bot.reviews.assign import Assignment, assign, may_assign
from bot.views import assigning as views
from bot.views.ids import ActionId, CallbackId
from bot.views.task_card import task_window
from handlers.boundary import Boundary
from handlers.call import ActionCall, Call, CommandCall, FormCall

#: The value of a button that opens an empty form.
NEW = "new"
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


class AssignWhat(BadInput):
    """Name the task and the person: /assign RV-2F7KQ @person. Without words, /assign opens a form."""


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.command("assign", on_assign_command)
    boundary.action(ActionId.TASK_ASSIGN, on_assign_click)
    boundary.form(CallbackId.ASSIGN_FORM, on_assign_submission)


def on_assign_command(call: CommandCall) -> None:
    """``/assign RV-… @person``, or the form."""
    person = _PERSON.search(call.text)
    reference = _PERSON.sub(" ", call.text).strip()
    if person and reference and len(reference.split()) == 1:
        done = call.change(assign, reference, person[1])
        call.reply(views.assigned_message(done))
    elif (person and not reference) or not call.text:
        open_assign_form(call, assignee=person[1] if person else None)
    elif len(reference.split()) == 1 and "@" not in reference:
        open_assign_form(call, reference)
    else:
        raise AssignWhat


def on_assign_click(call: ActionCall) -> None:
    """*Assign* on a board."""
    open_assign_form(call, "" if call.value == NEW else call.value)


def on_assign_submission(call: FormCall) -> None:
    """The assign form."""
    said = views.read_assign_form(call.values)
    done: Assignment = call.change(assign, said.task, said.person)
    call.finish(views.assigned_message(done), task_window(done.card))


def open_assign_form(call: Call, reference: str = "", assignee: str | None = None) -> None:
    """Ask which task goes to whom."""
    call.look(may_assign)
    call.open(views.assign_form(call.form_context(reference), reference, assignee))
