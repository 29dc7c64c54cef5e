"""The forms of a flag's life: a step that asks for words, and a comment."""

from __future__ import annotations

from dataclasses import replace

from slack_sdk.models.views import View

from bot.flags.cards import FlagCard
from bot.flags.states import NEED_WORDS, Step
from bot.views.flag_card import flag_title, step_value
from bot.views.forms import FormContext
from bot.views.ids import CallbackId
from bot.views.layout import form, note_input, section

#: Steps that ask for a few words first; a rebuttal and a reopening need them.
WITH_WORDS = (Step.REBUT, Step.UPHOLD, Step.OVERTURN, Step.ESCALATE, Step.REOPEN)
_ASKS = {
    Step.REBUT: ("Disagree", "Why do you disagree?", "Somebody who did not report it decides."),
    Step.UPHOLD: ("Uphold", "Why?", "The flag stands; the person puts it right."),
    Step.OVERTURN: ("Overturn", "Why?", "The flag falls; nothing is to be corrected."),
    Step.ESCALATE: ("Escalate", "Why?", "A supervisor decides."),
    Step.REOPEN: ("Open again", "Why is it opened again?", "It begins anew: the person flagged is asked again."),
}


def step_form(card: FlagCard, step: Step, context: FormContext) -> View:
    """Ask for a few words on a step that others will want to understand."""
    title, asked, means = _ASKS[step]
    return form(
        CallbackId.FLAG_STEP_FORM,
        title,
        [section(f"*{flag_title(card)}*\n{means}"), note_input(asked, optional=step not in NEED_WORDS)],
        replace(context, subject=step_value(step, card.reference)),
        submit=title,
    )


def comment_form(card: FlagCard, context: FormContext) -> View:
    """Ask for a comment."""
    return form(
        CallbackId.FLAG_COMMENT_FORM,
        "Comment",
        [section(f"*{flag_title(card)}*\nAll whom it concerns will read it."), note_input("Comment", optional=False)],
        context,
        submit="Send",
    )
