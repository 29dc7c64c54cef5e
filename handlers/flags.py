"""Accuracy flags in Slack: /flag, the form, the message shortcut, and the buttons of the card."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import BadInput
from bot.flags.cards import FlagCard, open_card
from bot.flags.flow import take_step
from bot.flags.reporting import may_report, mentioned, report
from bot.references import Prefix, looks_like_reference
from bot.views import flags as views
from bot.views.ids import ActionId, CallbackId, Field
from handlers.boundary import Boundary
from handlers.call import ActionCall, Call, CommandCall, FormCall, ShortcutCall
from handlers.codes import on_code_type_ahead
from handlers.home import refresh_home


class FlagWhat(BadInput):
    """Name the task or the record: /flag RV-2F7KQ. Without words, /flag opens the form."""


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.command("flag", on_flag_command)
    boundary.action(ActionId.TASK_FLAG, on_flag_click)
    boundary.action(ActionId.FLAG_OPEN, on_open_click)
    boundary.action(ActionId.FLAG_STEP, on_step_click)
    boundary.form(CallbackId.FLAG_FORM, on_flag_submission)
    boundary.form(CallbackId.FLAG_STEP_FORM, on_step_submission)
    boundary.shortcut(CallbackId.FLAG_MESSAGE, on_message_shortcut)
    boundary.options(Field.CODE_BEFORE, on_code_type_ahead)
    boundary.options(Field.CODE_AFTER, on_code_type_ahead)


def on_flag_command(call: CommandCall) -> None:
    """``/flag``, ``/flag RV-…``, ``/flag RR-…``, ``/flag FL-…``."""
    if call.text and not looks_like_reference(call.text):
        raise FlagWhat
    if call.text.upper().startswith(Prefix.FLAG + "-"):
        call.reply(views.flag_message(call.look(open_card, call.text)))
    else:
        open_flag_form(call, call.text)


def on_flag_click(call: ActionCall) -> None:
    """*Flag a problem* on a card."""
    open_flag_form(call, call.value)


def on_message_shortcut(call: ShortcutCall) -> None:
    """*Report a problem* on a message: only a reference in it is taken over, never its text."""
    open_flag_form(call, mentioned(str(call.body.get("message", {}).get("text") or "")))


def on_open_click(call: ActionCall) -> None:
    """*Open* in a list or a notice shows the card."""
    flag = call.look(open_card, call.value)
    call.reveal(views.flag_message(flag), views.flag_window(flag))


def on_step_click(call: ActionCall) -> None:
    """A step on the card: at once, or by way of a form that asks for a few words."""
    step, reference = views.read_step(call.value)
    if step in views.WITH_WORDS:
        call.open(views.step_form(call.look(open_card, reference), step, call.form_context(reference)))
        return
    flag = call.change(take_step, reference, step)
    call.show(views.flag_message(flag), views.flag_window(flag))
    refresh_home(call)


def on_flag_submission(call: FormCall) -> None:
    """The form that reports a problem."""
    said = views.read_flag_form(call.values)
    flag = call.change(
        report, said.about, said.error_type, said.root_reason, said.severity,
        said.code_before, said.code_after, call.accept_text(said.note),
    )  # fmt: skip
    call.finish(views.reported_message(flag))


def on_step_submission(call: FormCall) -> None:
    """The form of a step."""
    step, reference = views.read_step(call.subject)
    _finish(call, call.change(take_step, reference, step, call.accept_text(call.values.text(Field.NOTE))))


def open_flag_form(call: Call, reference: str = "") -> None:
    """Ask what is wrong, about this reference if there is one."""
    about = call.look(may_report, reference)
    # The answer comes below the card it was opened from: that card is still of use.
    call.open(views.flag_form(replace(call.form_context(about), replaces=False), about))


def _finish(call: FormCall, flag: FlagCard) -> None:
    call.finish(views.flag_message(flag, f"{flag.reference} is {flag.state} now."), views.flag_window(flag))
    call.later(lambda: refresh_home(call))
