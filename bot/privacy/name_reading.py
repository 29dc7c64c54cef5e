"""Reading one name out of the words: which words can belong together as "First M. Last" or "Last, First"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.privacy import name_cues as cues
from bot.privacy.lexicon import Kind
from bot.privacy.name_cues import Level
from bot.privacy.words import Role, Word, Words

#: Ends of a sentence or of a cell: a cue before one says nothing of the word after it.
STOPS = re.compile(r"[!?;\n|]|\.\s")
_NAMED = (Role.GIVEN, Role.SURNAME)
_LONGEST = 6


@dataclass(frozen=True, slots=True)
class Name:
    """Words ``first`` to ``last`` (exclusive) read as one name; ``comma`` when it is "Last, First"."""

    first: int
    last: int
    comma: bool


def read_name(words: Words, at: int, level: Level) -> Name | None:
    """The longest run of words from ``at`` that can be one name, or None.

    :param level: what the words before say; a strong cue lets doubtful words in.
    """
    items, end, comma = words.items, at, False
    while end < min(len(items), at + _LONGEST):
        if end > at and words.gap(end) in (", ", ","):
            if comma or not _opens_first_name(words, at, end):
                break
            comma = True
        elif end > at and not _joins(words.gap(end), items[end - 1]):
            break
        if not _accepts(words, at, end, level):
            break
        end += 1
        if items[end - 1].possessive:
            break
    while end > at and _dangles(items[end - 1]):
        end -= 1
    return Name(at, end, comma) if end > at else None


def names_a_thing(words: Words, index: int) -> bool:
    """Whether the next words make a disease, device, hospital or form of it: "Whipple procedure", "Jackson Pratt drain"."""
    for further in range(index + 1, min(index + 3, len(words.items))):
        word = words.items[further]
        if STOPS.search(words.gap(further)) or "," in words.gap(further):
            return False
        if word.small in cues.THING:
            return not (word.role is Role.BOTH and words.items[index].role is Role.GIVEN)
        if word.role not in (Role.EPONYM, Role.SURNAME, Role.UNKNOWN, Role.BOTH):
            return False
    return False


def followed_by(words: Words, index: int, wanted: frozenset[str]) -> bool:
    """Whether the next word is one of these, with nothing but a blank or a possessive between."""
    return (
        index + 1 < len(words.items)
        and words.items[index + 1].small in wanted
        and words.gap(index + 1) in (" ", "'s ", "' ", ", ")
    )


def _joins(joint: str, previous: Word) -> bool:
    dotted = joint in (". ", ".") and (previous.role is Role.INITIAL or len(previous.small) <= 2)
    return dotted or joint in (" ", "  ", "-", "/")


def _dangles(word: Word) -> bool:
    """A "de" or "van" at the end belongs to no name; Lê and Do do."""
    return (
        word.small in cues.PARTICLES
        and word.role not in _NAMED
        and not (word.capital and word.kinds & Kind.SURNAME_COMMON)
    )


def _opens_first_name(words: Words, at: int, end: int) -> bool:
    """Whether the comma between these words is that of "Last, First"."""
    last, first = words.items[end - 1], words.items[end]
    if end - at > 4 or last.possessive or (last.capital and not first.capital):
        return False
    if last.kinds & Kind.GIVEN_COMMON and _lists_given_names(words, end):
        return False
    family = bool(last.kinds & Kind.SURNAME_COMMON) or (
        last.role in (Role.SURNAME, Role.UNKNOWN, Role.EPONYM) and not last.kinds & Kind.GIVEN_COMMON
    )
    return family and _is_given_or_initial(words, first)


def _is_given_or_initial(words: Words, word: Word) -> bool:
    if word.role is Role.GIVEN or word.kinds & Kind.GIVEN_COMMON:
        return True
    if word.role is Role.INITIAL:
        return word.small not in "ai"
    return word.capital and not words.loud and word.role in (Role.SURNAME, Role.UNKNOWN)


def _lists_given_names(words: Words, index: int) -> bool:
    """Whether given names go on after this word: "Rosa, Tim and Lakshmi" are colleagues."""
    if index + 1 >= len(words.items):
        return False
    goes_on = words.items[index + 1].small in cues.AND or words.gap(index + 1).strip() in (",", "&", "/")
    further = [item for item in words.items[index + 1 : index + 3] if item.small not in cues.AND]
    return goes_on and bool(further) and bool(further[0].kinds & Kind.GIVEN)


def _accepts(words: Words, at: int, index: int, level: Level) -> bool:
    """Whether word ``index`` may be part of the name that began at ``at``."""
    word = words.items[index]
    if index > at and words.capital(at) and not word.capital and word.small not in cues.PARTICLES:
        return False
    if (word.small in cues.CREDENTIALS and "-" in word.small) or (
        word.small in cues.PROVIDER_BEFORE and (word.upper or len(word.small) > 2)
    ):
        return False
    if word.small in cues.PARTICLES and (index > at or word.capital) and _next_can_be_name(words, index):
        return index > at or level >= Level.STRONG or words.items[index + 1].role is not Role.EPONYM
    return _ACCEPTS[word.role](words, at, index, level)


def _accepts_ordinary(words: Words, at: int, index: int, _level: Level) -> bool:
    """Lê, Ng, Vo: short surnames that are also words or abbreviations."""
    word = words.items[index]
    if not index or not word.kinds & Kind.SURNAME_COMMON:
        return False
    before = words.items[index - 1]
    if index == at:
        return before.small in cues.TITLES
    return words.capital(index) and not word.upper and before.role is Role.GIVEN


def _accepts_named(words: Words, at: int, index: int, _level: Level) -> bool:
    return not names_a_thing(words, index) or (index > at and words.items[at].role is Role.GIVEN)


def _accepts_unknown(words: Words, at: int, index: int, level: Level) -> bool:
    return not names_a_thing(words, index) and (words.capital(index) or _accepts_unknown_small(words, at, index, level))


def _next_can_be_name(words: Words, index: int) -> bool:
    if index + 1 >= len(words.items) or words.gap(index + 1) not in (" ", "", "-", "'"):
        return False
    following = words.items[index + 1]
    both = following.role is Role.BOTH and words.capital(index + 1)
    return both or following.small in cues.PARTICLES or following.role >= Role.EPONYM


def _accepts_initial(words: Words, at: int, index: int, level: Level) -> bool:
    word = words.items[index]
    dotted = words.text[word.end : word.end + 1] == "."
    article = word.small in "ai" and not dotted
    if index > at:
        return dotted or (not article and (word.capital or level >= Level.STRONG))
    if article or index + 1 >= len(words.items) or words.gap(index + 1) not in (". ", ".", " "):
        return False
    following = words.items[index + 1]
    if not (dotted or level >= Level.MEDIUM or (word.capital and words.capital(index + 1))):
        return False
    surname = following.role in (Role.SURNAME, Role.GIVEN, Role.UNKNOWN, Role.EPONYM)
    both = following.role is Role.BOTH and (words.capital(index + 1) or dotted)
    return (surname or both) and not names_a_thing(words, index + 1)


def _accepts_unknown_small(words: Words, at: int, index: int, level: Level) -> bool:
    """A word nobody knows, written small or where capitals say nothing: part of a name only beside one or after a cue."""
    word, first = words.items[index], words.items[at]
    if len(word.small) < 3 or (not words.loud and level < Level.MEDIUM and first.capital):
        return False
    if index == at:
        fits = (
            level >= Level.MEDIUM
            or followed_by(words, index, cues.OWNED_BY_SMALL)
            or _given_follows_comma(words, index)
        )
    else:
        previous = words.items[index - 1]
        fits = level >= Level.MEDIUM or previous.role in (*_NAMED, Role.INITIAL) or previous.small in cues.PARTICLES
    return fits and not words.lexicon.looks_misspelt(word.small)


def _given_follows_comma(words: Words, index: int) -> bool:
    return (
        index + 1 < len(words.items)
        and words.items[index + 1].role is Role.GIVEN
        and words.gap(index + 1) in (", ", ",")
    )


def _accepts_eponym(words: Words, at: int, index: int, level: Level) -> bool:
    word, first = words.items[index], words.items[at]
    if names_a_thing(words, index) and not (index > at and first.role is Role.GIVEN):
        return False
    if word.possessive:
        return followed_by(words, index, cues.OWNED)
    if index > at:
        return level >= Level.STRONG or first.role >= Role.UNKNOWN or bool(first.kinds & Kind.GIVEN)
    return level >= Level.WEAK or followed_by(words, index, cues.OWNED_BY_SMALL) or bool(word.kinds & Kind.SURNAME)


def _accepts_both(words: Words, at: int, index: int, level: Level) -> bool:
    """A common word that is also a name: with a capital that says something, or as the surname after a given name."""
    word = words.items[index]
    if index == at and names_a_thing(words, index):
        return False
    if words.capital(index):
        return True
    if index > at:
        surname = words.items[index - 1].role in (Role.GIVEN, Role.INITIAL) and bool(word.kinds & Kind.SURNAME_COMMON)
        return surname and (
            word.small not in cues.VERBS or (level >= Level.STRONG and word.small not in cues.AUXILIARIES)
        )
    return _begins_name_small(words, index, level)


def _begins_name_small(words: Words, index: int, level: Level) -> bool:
    """ "mark delgado", "young, mary", "PT ROSE HILL" where capitals say nothing."""
    word = words.items[index]
    if index + 1 < len(words.items) and words.gap(index + 1) == " " and word.kinds & Kind.GIVEN:
        following = words.items[index + 1]
        plain = word.small not in cues.VERBS
        both = following.role is Role.BOTH and plain and following.small not in cues.VERBS
        surname = following.role is Role.SURNAME or (
            following.kinds & Kind.SURNAME_COMMON and level >= Level.MEDIUM and following.role is Role.GIVEN
        )
        return bool(surname and (plain or level >= Level.MEDIUM)) or (both and words.loud and level >= Level.STRONG)
    return bool(word.kinds & Kind.SURNAME_COMMON) and _given_follows_comma(words, index)


_ACCEPTS = {
    Role.ORDINARY: _accepts_ordinary,
    Role.BOTH: _accepts_both,
    Role.EPONYM: _accepts_eponym,
    Role.UNKNOWN: _accepts_unknown,
    Role.INITIAL: _accepts_initial,
    Role.SURNAME: _accepts_named,
    Role.GIVEN: _accepts_named,
}
