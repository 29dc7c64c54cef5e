"""Short, kind answers to what is no question about a code."""

from __future__ import annotations

from bot.small_talk import Talk
from bot.views.codes import page_value
from bot.views.ids import ActionId
from bot.views.layout import Message, actions, button, cut, say, section

LOOKS_UP = "I look up codes from plain words, such as “broken wrist left”."
_ANSWERS = {
    Talk.HELLO: f"Hello! {LOOKS_UP} For your work, type /claim; /desk shows all I can do.",
    Talk.THANKS: "You're welcome!",
    Talk.HELP: f"{LOOKS_UP} A code such as E11.9 shows its instructions. /desk shows everything else, with examples.",
    Talk.WHO: f"I am Chartdesk, the bot of your records desk. {LOOKS_UP} People read nothing you write here.",
    Talk.PRAISE: "Glad it helps!",
    Talk.COMPLAINT: "Sorry about that. Try fewer words, the start of a code, or other words for the same thing.",
    Talk.GOODBYE: "See you. Your tasks stay yours until you return them.",
    Talk.BEYOND: f"That is beyond me, sorry. {LOOKS_UP}",
}


def small_talk(talk: Talk, text: str) -> Message:
    """The answer to talk."""
    if talk is Talk.COMMAND:
        name = text.strip().strip("/").lower()
        return say(f"That is a command: type /{name} with the slash, here or anywhere.")
    return say(_ANSWERS[talk])


def not_understood(words: str) -> Message:
    """No code is near what somebody wrote; the nearest are still one click away."""
    told = f"I am not sure what you mean. {LOOKS_UP} For your work, type /claim or /tasks; /desk shows all I can do."
    nearest = button("Show the nearest codes anyway", ActionId.CODE_PAGE, page_value(cut(words, 300), 0), key="anyway")
    return Message(text=told, blocks=[section(told), actions(nearest)])
