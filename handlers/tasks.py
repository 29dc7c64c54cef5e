"""Review tasks in Slack: /claim, /tasks, and the buttons and forms of the card."""

from __future__ import annotations

from bot.commands import read_word
from bot.references import Prefix, looks_like_reference
from bot.reviews import claims, work
from bot.reviews.assigned_codes import told_afterwards
from bot.reviews.cards import TaskCard, open_card
from bot.reviews.checklists import CHECKLISTS
from bot.reviews.history import task_history
from bot.reviews.lists import TaskList, looks_like_part, task_page
from bot.views import task_card, task_forms, task_lists
from bot.views.ids import ActionId, CallbackId, Field
from bot.views.layout import Message
from handlers import task_waits
from handlers.assign import open_assign_form
from handlers.audits import show_cases
from handlers.boundary import Boundary
from handlers.call import ActionCall, CommandCall, FormCall
from handlers.codes import on_code_type_ahead
from handlers.flags import open_flag_form
from handlers.second_level import show_review
from handlers.task_answers import finish_task, show_task
from storage.words import CancelReason, ReturnReason, TaskType

#: What is found by a part of a reference is no list to ask for by name.
NAMED_LISTS = [which for which in TaskList if which is not TaskList.FOUND]
#: The one list of /tasks that is not of review tasks.
AUDITS = "audits"


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    task_waits.register(boundary)
    boundary.command("claim", on_claim_command)
    boundary.command("tasks", on_tasks_command)
    boundary.action(ActionId.TASK_CLAIM_NEXT, on_claim_next_click)
    boundary.action(ActionId.TASK_CLAIM, on_claim_click)
    boundary.action(ActionId.TASK_OPEN, on_open_click)
    boundary.action(ActionId.TASK_MORE, on_more_choice)
    boundary.action(ActionId.TASK_START, on_start_click)
    boundary.action(ActionId.TASK_RESUME, on_resume_click)
    boundary.action(ActionId.TASK_HOLD, on_hold_click)
    boundary.action(ActionId.TASK_RETURN, on_return_click)
    boundary.action(ActionId.TASK_COMPLETE, on_complete_click)
    boundary.action(ActionId.TASK_PAGE, on_page_click)
    boundary.form(CallbackId.TASK_HOLD_FORM, on_hold_submission)
    boundary.form(CallbackId.TASK_RETURN_FORM, on_return_submission)
    boundary.form(CallbackId.TASK_CANCEL_FORM, on_cancel_submission)
    boundary.form(CallbackId.TASK_COMPLETE_FORM, on_complete_submission)
    boundary.options(Field.CODES, on_code_type_ahead)


def on_claim_command(call: CommandCall) -> None:
    """``/claim``, ``/claim RV-…``, ``/claim list``, ``/claim list coding ed F1 7d``."""
    if not call.text or call.word == "next":
        call.reply(claimed(call.change(claims.claim_next)))
    elif looks_like_reference(call.text) or call.word.startswith(Prefix.TASK.lower()):
        call.reply(claimed(call.change(claims.claim, call.text)))
    else:
        read_word(call.word, ["list", "next"], command="claim")
        call.reply(task_lists.task_list(call.look(task_page, TaskList.QUEUE, words=_after_first_word(call.text))))


def on_tasks_command(call: CommandCall) -> None:
    """``/tasks`` with the name of a list, a reference, or a part of one."""
    if call.word == AUDITS:
        show_cases(call)
        return
    if call.text and looks_like_reference(call.text) and call.word not in NAMED_LISTS:
        call.reply(task_card.task_message(call.look(open_card, call.text)))
        return
    if call.word not in NAMED_LISTS and looks_like_part(call.text):
        call.reply(task_lists.task_list(call.look(task_page, TaskList.FOUND, words=call.text)))
        return
    which = TaskList(read_word(call.word or TaskList.MINE, [*NAMED_LISTS, AUDITS], command="tasks"))
    call.reply(task_lists.task_list(call.look(task_page, which, words=_after_first_word(call.text))))


def _after_first_word(text: str) -> str:
    return " ".join(text.split()[1:])


def on_claim_next_click(call: ActionCall) -> None:
    """The button *Claim next* of the Home."""
    task = call.change(claims.claim_next)
    show_task(call, task, f"{task.reference} is yours.")


def on_claim_click(call: ActionCall) -> None:
    """*Claim* on a card."""
    task = call.change(claims.claim, call.value)
    show_task(call, task, f"{task.reference} is yours.")


def on_start_click(call: ActionCall) -> None:
    """*Start* on a card."""
    show_task(call, call.change(work.start, call.value))


def on_resume_click(call: ActionCall) -> None:
    """*Resume* on a card."""
    show_task(call, call.change(work.resume, call.value))


def on_open_click(call: ActionCall) -> None:
    """*Open* in a list shows the card."""
    task = call.look(open_card, call.value)
    call.reveal(task_card.task_message(task), task_card.task_window(task))


def on_more_choice(call: ActionCall) -> None:
    """The menu behind ⋯ of a card."""
    choice, reference = task_card.read_choice(call.value)
    match choice:
        case "flag":
            open_flag_form(call, reference)
        case "assign":
            open_assign_form(call, reference)
        case "offer":
            task_waits.open_offer_form(call, reference)
        case "query":
            task_waits.open_query_form(call, reference)
        case "cancel":
            call.open(task_forms.cancel_form(call.look(open_card, reference), call.form_context(reference)))
        case "history":
            call.open(task_card.history_window(reference, call.look(task_history, reference)))
        case _:
            task = call.look(open_card, reference)
            call.open(task_forms.return_form(task, call.form_context(reference)))


def on_hold_click(call: ActionCall) -> None:
    """*Hold* opens its form."""
    call.open(task_forms.hold_form(call.look(open_card, call.value), call.form_context(call.value)))


def on_return_click(call: ActionCall) -> None:
    """*Return* opens its form."""
    call.open(task_forms.return_form(call.look(open_card, call.value), call.form_context(call.value)))


def on_complete_click(call: ActionCall) -> None:
    """*Complete*: a coding task asks for its codes, a review of one opens its worksheet, some kinds ask for their checklist, any other ends at once."""
    task = call.look(open_card, call.value)
    if task.on_worksheet:
        show_review(call, call.value)
    elif task.type is TaskType.CODING or task.type in CHECKLISTS:
        call.open(task_forms.complete_form(task, call.form_context(call.value)))
    else:
        show_task(call, call.change(work.complete, call.value))


def on_page_click(call: ActionCall) -> None:
    """*Previous* and *Next* under a list."""
    which, page, words = task_lists.read_page(call.value)
    call.replace(task_lists.task_list(call.look(task_page, which, page, words=words)))


def on_hold_submission(call: FormCall) -> None:
    """The hold form."""
    said = task_forms.read_hold_form(call.values)
    held = call.change(work.hold, call.subject, said.reasons, said.wake_on, call.accept_text(said.note))
    finish_task(call, held, f"{held.reference} is on hold and stays yours.")


def on_return_submission(call: FormCall) -> None:
    """The return form."""
    reason, note = task_forms.read_why(call.values, ReturnReason)
    returned = call.change(work.return_task, call.subject, reason, call.accept_text(note))
    finish_task(call, returned, f"{returned.reference} is back in the queue.")


def on_cancel_submission(call: FormCall) -> None:
    """The cancel form."""
    reason, note = task_forms.read_why(call.values, CancelReason)
    cancelled = call.change(work.cancel, call.subject, reason, call.accept_text(note))
    finish_task(call, cancelled, f"{cancelled.reference} is cancelled.")


def on_complete_submission(call: FormCall) -> None:
    """The completion form of a coding task."""
    said = task_forms.read_complete_form(call.values)
    done = call.change(work.complete, call.subject, said.codes, looked_at=said.looked_at, checks=said.checks, drg=said.drg)
    notes = " ".join(call.look(told_afterwards, call.subject))
    finish_task(call, done, f"{done.reference} is completed. Thank you. {notes}".strip())


def claimed(task: TaskCard) -> Message:
    """What somebody reads who just took a task."""
    return task_card.task_message(task, f"{task.reference} is yours.")
