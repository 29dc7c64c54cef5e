"""What stands for a name without being read as words: initials, other scripts, and employers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.findings import Hit, Label
from bot.privacy.lexicon import Kind
from bot.privacy.words import Words

#: Runs of letters outside Latin and its neighbours (General Punctuation, symbols, emoji).
_NOT_LATIN = re.compile(r"[^\x00-\u024f\u2000-\u2bff\ufe00-\ufe0f\U0001f000-\U0001faff]{2,40}")
_DOTTED = re.compile(
    r"(?i:(?<![a-z])(?:pt|pts|ptn|patient|initials?(?: [a-z]{1,12}){0,4}|name)[\s:.(]{1,3}(?:is |are |w/ )?)"
    r"((?:[A-Za-z]\.\s?){2,3}(?![A-Za-z]{2}))"
)
_BARE = re.compile(
    r"(?i:(?<![a-z])(pt|patient|initials?)[\s:.(]{1,3}(?:is |are )?)"
    r"([A-Z]{2,3})(?=(?:\s(?i:in|room|rm|bed|from|has|needs|chart|dob|mrn|with)\b)|[,)]|$)"
)
_TITLED = re.compile(r"(?i:(?<![a-z\d])(?:mr|mrs|ms|miss)\.?) [A-Z](?![A-Za-z'-])\.?(?! [A-Z][a-z])")
_EMPLOYER = re.compile(
    r"(?i:(?:employer|employed (?:by|at)|boss (?:at|from)|job (?:at|with)|"
    r"(?:pt|patient|he|she|husband|wife|dad|mom|son|daughter|spouse) (?:still )?work(?:s|ed|ing)? (?:at|for)))"
    r"(?:(?i: is| listed as| name| of record)|:| -){0,3} ?"
    r"((?:[A-Z][\w&'.-]{1,25})(?: (?:of |and |& )?[A-Z][\w&'.-]{1,25}){0,4})"
)
EMPLOYER_WORDS = ("mploy", "work", "boss", "job")


def find_other_names(text: str, words: Words) -> Iterator[Hit]:
    """Initials after "pt" or a title, names in other scripts, and employers of patients and their families.

    :param text: plain text in its own capitals, ordinary work blanked out.
    """
    yield from _initials(text, words)
    if not text.isascii():
        for match in _NOT_LATIN.finditer(text):
            if all(character.isalpha() or character == " " for character in match.group()):
                yield Hit(match.start(), match.end(), Label.NAME)
    if any(word in text.lower() for word in EMPLOYER_WORDS):
        for match in _EMPLOYER.finditer(text):
            yield Hit(match.start(1), match.end(1), Label.NAME)


def _initials(text: str, words: Words) -> Iterator[Hit]:
    for match in _DOTTED.finditer(text):
        yield Hit(match.start(1), match.start(1) + len(match.group(1).rstrip()), Label.INITIALS)
    for match in _TITLED.finditer(text):
        yield Hit(match.start(), match.end(), Label.INITIALS)
    for match in _BARE.finditer(text):
        known = words.lexicon.kinds.get(match.group(2).lower(), 0) & (Kind.COMMON | Kind.WORD)
        after_pt = not known and len(match.group(2)) == 2
        if after_pt or match.group(1).lower().startswith("initial"):
            yield Hit(match.start(2), match.end(2), Label.INITIALS)
