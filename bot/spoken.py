"""How the words of the desk are said: ``on_hold`` is on hold, ``qa_review`` is QA review."""

from __future__ import annotations

#: What people write in capitals.
ABBREVIATIONS = frozenset({"adr", "apc", "cc", "cdi", "drg", "ed", "hcc", "hiv", "mcc", "mpi", "poa", "qa", "roi", "ssa", "sud", "vip"})
#: Words that are said with one more, because alone they would make no sentence, or with a hyphen.
_SAID = {"hold": "on hold", "sensitive": "sensitive content", "second_level_review": "second-level review"}


def spoken(word: str) -> str:
    """A word of the desk, with spaces, and abbreviations in capitals."""
    if word in _SAID:
        return _SAID[word]
    return " ".join(part.upper() if part in ABBREVIATIONS else part for part in word.split("_"))


def has_words(text: str | None) -> bool:
    """Whether a text says anything: it has a letter or a digit of some script. Blanks, signs and characters nobody sees are no words."""
    return any(sign.isalnum() for sign in text or "")
