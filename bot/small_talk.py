"""Plain words to the bot: the question inside a polite sentence, or talk that is no question about a code."""

from __future__ import annotations

import re
from enum import Enum, auto

from bot.commands import COMMANDS


class Talk(Enum):
    """What somebody said who did not ask for a code."""

    HELLO = auto()
    THANKS = auto()
    HELP = auto()
    WHO = auto()
    PRAISE = auto()
    COMPLAINT = auto()
    GOODBYE = auto()
    BEYOND = auto()
    COMMAND = auto()


#: Whole messages, in small letters, without signs and without the words of :data:`_FILLING`.
_SAID = {
    Talk.HELLO: "hi, hey, hello, hallo, hiya, howdy, yo, good morning, good afternoon, good evening, good day, how are you, how are you doing, what's up, sup",
    Talk.THANKS: "thanks, thank you, thank, thx, ty, tysm, cheers, many thanks, much appreciated, appreciate it, ok thanks, okay thanks, great thanks, "
    "perfect thanks, thanks a lot, thank you a lot, thanks a million, thanks for that, thanks for this, thanks for the help, thank you for your help",
    Talk.HELP: "help, help me, menu, commands, what can you do, what can i do, what can i ask, how does this work, how do you work, how do i use this",
    Talk.WHO: "who are you, who made you, what are you, are you a, are you human, are you a human, are you real, are you a robot, are you an ai, what is this",
    Talk.PRAISE: "good, great, nice, awesome, perfect, excellent, well done, good job, great job, nice job, cool, wow, ok, okay, k, yes, got it, sure, lol, "
    "haha, love it, love you, i love you, good one, nice one",
    Talk.COMPLAINT: "wrong, that's wrong, that is wrong, this is wrong, you are wrong, you're wrong, it's wrong, not helpful, that's not it, useless, "
    "incorrect, stupid, bad, not what i asked, not what i meant, that did not help, that didn't help, no, nope",
    Talk.GOODBYE: "bye, bye bye, goodbye, good bye, good night, see you, see you later, see you tomorrow, have a good day, have a nice day, have a good night, "
    "have a good weekend, have a nice weekend, good weekend",
    Talk.BEYOND: "what time is it, what day is it, what's the time, what's the weather, what is the weather, tell me a joke, is it friday yet, "
    "what's for lunch, what is for lunch, when is lunch, when is the meeting, happy birthday, happy holidays, happy thanksgiving, happy new year, happy friday",
    Talk.COMMAND: ", ".join(command.name for command in COMMANDS if command.name != "code"),
}
_TALK = {phrase: talk for talk, phrases in _SAID.items() for phrase in phrases.split(", ")}
_FILLING = frozenset(["so", "much", "very", "again", "bot", "chartdesk", "there", "today", "please", "pls", "all", "everyone", "team", "dear"])
_WORD = re.compile(r"[a-z']+")
_OTHER_SIGNS = re.compile(r"[0-9]")

_THANKS = r"(?:many )?(?:thanks?(?: you)?|thx|ty|cheers)"
_OPENING = re.compile(r"^(?:hi|hey|hello|good (?:morning|afternoon|evening)|please|pls|quick question)(?: there)?(?=[\s,.!:;-])[\s,.!:;-]*", re.IGNORECASE)
_ASKING = re.compile(
    r"^(?:(?:can|could|would) (?:you|anyone|somebody|someone) (?:please )?(?:tell|give|find|get|show|help)(?: me)?(?: with)?|do you (?:know|have)|"
    r"i (?:need|want|am looking for|'m looking for)|i'm looking for|looking for|need|tell me|give me|find(?: me)?|show me|look ?up|search(?: for)?|"
    r"does anyone know|what(?:'s| is| are|s)?|which(?: is)?|how (?:do|would|should|can) (?:i|you|we) (?:code|bill|report)|how to code)\s+",
    re.IGNORECASE,
)
_CODE_FOR = re.compile(
    r"^(?:(?:the|a|an|any|correct|right|best|icd(?:[- ]?10)?(?:[- ]?cm)?|dx|diagnosis|medical|billing|hcpcs|pcs) )*"
    r"(?:codes?|dx|icd[- ]?10)(?: (?:again|number|do i use|to use))*(?: is| are)?(?: (?:for|of|when|if)|:)\s+(?:(?:a|an|the) )?",
    re.IGNORECASE,
)
_CLOSING = re.compile(rf"[\s,.!?;:-]+(?:please|pls|{_THANKS})?[\s.,!?;:]*$", re.IGNORECASE)


def what_was_said(text: str) -> Talk | None:
    """Which kind of talk a whole message is; None for what may be a question about a code."""
    plain = _plain(text).lower()
    if _OTHER_SIGNS.search(plain):
        return None
    words = _WORD.findall(plain)
    kept = [word for word in words if word not in _FILLING] or words
    if not kept:
        return Talk.HELP if plain.strip() else None
    return _TALK.get(" ".join(kept)) or _TALK.get(" ".join(words))


def words_asked(text: str) -> str:
    """The words of a question without its politeness: ``Hi, what's the code for a broken wrist, please?`` asks ``broken wrist``.

    What would leave nothing is left alone.
    """
    words = _plain(text)
    for pattern in (_OPENING, _ASKING, _CODE_FOR):
        words = pattern.sub("", words, count=1) or words
    return _CLOSING.sub("", words) or words


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").split())
