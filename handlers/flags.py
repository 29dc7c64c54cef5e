"""Accuracy flags in Slack: /flag, the form that grows, the message shortcut, the buttons of the card, and the thread under it."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import BadInput
from bot.flags.about import may_report, mentioned, mentioned_in_message, what_to_flag
from bot.flags.cards import FlagCard, open_card
from bot.flags.comments import comment, flag_of_thread
from bot.flags.flow import take_step
from bot.flags.history import flag_history
from bot.flags.reminders import snooze
from bot.flags.reporting import Problem, report
from bot.flags.states import Step
from bot.references import Prefix, looks_like_reference
from bot.views import flag_card as views
from bot.views import flag_form as forms
from bot.views import flag_notices as notices
from bot.views import flag_steps as steps
from bot.views.forms import FormContext, FormValues
from bot.views.ids import ActionId, CallbackId, Field
from handlers.boundary import Boundary
from handlers.call import ActionCall, Call, CommandCall, EventCall, FormCall, ShortcutCall
from handlers.codes import on_code_type_ahead
from handlers.home import refresh_home


class FlagWhat(BadInput):
    """Name the task, the release or the record: /flag RV-2F7KQ. Without words, /flag opens the form."""


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.command("flag", on_flag_command)
    boundary.action(ActionId.TASK_FLAG, on_flag_click)
    boundary.action(ActionId.FLAG_OPEN, on_open_click)
    boundary.action(ActionId.FLAG_STEP, on_step_click)
    boundary.action(ActionId.FLAG_MORE, on_more_choice)
    boundary.action(ActionId.FLAG_SNOOZE, on_snooze_click)
    boundary.action(ActionId.FLAG_GROUP, on_form_choice)
    boundary.action(ActionId.FLAG_TYPE, on_form_choice)
    boundary.form(CallbackId.FLAG_FORM, on_flag_submission)
    boundary.form(CallbackId.FLAG_STEP_FORM, on_step_submission)
    boundary.form(CallbackId.FLAG_COMMENT_FORM, on_comment_submission)
    boundary.shortcut(CallbackId.FLAG_MESSAGE, on_message_shortcut)
    boundary.options(Field.CODE_BEFORE, on_code_type_ahead)
    boundary.options(Field.CODE_AFTER, on_code_type_ahead)


def on_flag_command(call: CommandCall) -> None:
    """``/flag``, ``/flag RV-…``, ``/flag ROI-…``, ``/flag RR-…``, ``/flag FL-…``; of other words only the references in them are taken over."""
    if call.text.upper().startswith(Prefix.FLAG + "-"):
        call.reply(views.flag_message(call.look(open_card, call.text)))
    elif not call.text or looks_like_reference(call.text):
        open_flag_form(call, call.text)
    elif named := mentioned(call.text):
        _open_form(call, call.look(what_to_flag, named) or (call.look(may_report, named[0]),))
    else:
        raise FlagWhat


def on_flag_click(call: ActionCall) -> None:
    """*Flag a problem* on a card."""
    open_flag_form(call, call.value)


def on_message_shortcut(call: ShortcutCall) -> None:
    """*Report a problem* on a message: only the references in it are taken over, never its text."""
    _open_form(call, call.look(what_to_flag, mentioned_in_message(call.body.get("message", {}))))


def on_form_choice(call: ActionCall) -> None:
    """The kind or the type was chosen: the form grows by what belongs to it."""
    view = call.body["view"]
    draft = forms.read_draft(FormValues.of(view), view["blocks"])
    call.update(forms.flag_form(FormContext.unpack(view["private_metadata"]), draft))


def on_open_click(call: ActionCall) -> None:
    """*Open* in a list or a notice shows the card."""
    flag = call.look(open_card, call.value)
    call.reveal(views.flag_message(flag), views.flag_window(flag))


def on_step_click(call: ActionCall) -> None:
    """A step on the card."""
    _take(call, *views.read_step(call.value))


def on_more_choice(call: ActionCall) -> None:
    """The menu behind ⋯ of a card: a comment, the history, or one more step."""
    choice, reference = views.read_choice(call.value)
    match choice:
        case views.COMMENT:
            # The card stays where it is; that the comment was noted is said below it.
            context = replace(call.form_context(reference), replaces=False)
            call.open(steps.comment_form(call.look(open_card, reference), context))
        case views.HISTORY:
            call.open(views.history_window(reference, call.look(flag_history, reference)))
        case _:
            _take(call, Step(choice), reference)


def on_snooze_click(call: ActionCall) -> None:
    """*Snooze* on a reminder: it comes again on the next working day."""
    flag, at = call.change(snooze, call.value)
    call.replace(notices.snoozed_message(flag, at))


def on_flag_submission(call: FormCall) -> None:
    """The form that reports a problem."""
    said = forms.read_flag_form(call.values)
    problem = Problem(
        said.error_type, said.root_reason, said.severity, said.code_before, said.code_after,
        call.accept_text(said.note), said.citation,
    )  # fmt: skip
    call.finish(views.reported_message(call.change(report, said.about, problem)))


def on_step_submission(call: FormCall) -> None:
    """The form of a step."""
    step, reference = views.read_step(call.subject)
    _finish(call, call.change(take_step, reference, step, call.accept_text(call.values.text(Field.NOTE))))


def on_comment_submission(call: FormCall) -> None:
    """The form of a comment."""
    words = call.accept_text(call.values.text(Field.NOTE))
    kept = call.change(comment, call.subject, words)
    call.finish(notices.noted_message(kept.card, kept.told))


def answer_in_thread(call: EventCall, text: str) -> bool:
    """Keep what somebody wrote under a flag's card as a comment; False when the thread is about something else."""
    reference = call.look(flag_of_thread, str(call.event.get("channel", "")), call.thread_ts)
    if reference is None:
        return False
    kept = call.change(comment, reference, call.accept_text(text))
    call.reply(notices.noted_message(kept.card, kept.told))
    return True


def open_flag_form(call: Call, reference: str = "") -> None:
    """Ask what is wrong, about this reference if there is one."""
    about = call.look(may_report, reference)
    _open_form(call, (about,) if about else ())


def open_filled_flag_form(call: Call, draft: forms.FlagDraft) -> None:
    """Ask what is wrong, with what is known already filled in."""
    about = call.look(may_report, draft.about)
    call.open(forms.flag_form(replace(call.form_context(), replaces=False), replace(draft, about=about)))


def _open_form(call: Call, references: tuple[str, ...]) -> None:
    # The answer comes below the card it was opened from: that card is still of use.
    call.open(forms.opened_form(replace(call.form_context(), replaces=False), references))


def _take(call: ActionCall, step: Step, reference: str) -> None:
    """At once, or by way of a form that asks for a few words."""
    if step in steps.WITH_WORDS:
        call.open(steps.step_form(call.look(open_card, reference), step, call.form_context(reference)))
        return
    flag = call.change(take_step, reference, step)
    call.show(views.flag_message(flag), views.flag_window(flag))
    refresh_home(call)


def _finish(call: FormCall, flag: FlagCard) -> None:
    call.finish(views.flag_message(flag, f"{flag.reference} is {flag.state} now."), views.flag_window(flag))
    call.later(lambda: refresh_home(call))
