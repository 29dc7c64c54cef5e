"""The words of a text and what each could be: an ordinary word, part of somebody's name, or unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from bot.privacy.lexicon import Kind, Lexicon

_WORD = re.compile(r"[A-Za-z]{1,40}(?:['-][A-Za-z]{1,40}){0,4}")
#: Endings of medical and office words that no list holds: nobody's name.
_ORDINARY_ENDING = re.compile(
    r".{2,40}(?:ology|ologist|ectomy|otomy|ostomy|plasty|scopy|gram|graphy|itis|osis|emia|pathy|tion|tions"
    r"|sion|ment|ments|ness|able|ible|ively|ally|ingly|ized|izing|mab|statin|cillin|mycin|"
    r"prazole|sartan|oxacin|azole|cycline|parin|gliptin|gliflozin|tinib|vir|caine|amine|olol|dipine|algia"
    r"|lysis|plegia|trophy|megaly|uria|rrhea|rrhage|rrhagic|genic|ogenic|oid|aceous|ectomies|ing|edly"
    r"|ative|izes|ology's)"
)

_CONTRACTED = ("'d", "'ll", "'ve", "'re", "n't", "'m")


class Role(IntEnum):
    """What a word is likely to be, weakest first."""

    ORDINARY = 0
    """A common or medical word, or an abbreviation."""
    BOTH = 1
    """A common word that is also a name: Will, Grant, Rose, Hill."""
    EPONYM = 2
    """A name that mostly stands for a disease, device or operation."""
    UNKNOWN = 3
    INITIAL = 4
    SURNAME = 5
    GIVEN = 6


@dataclass(slots=True)
class Word:
    """One word: ``start`` and ``end`` without a possessive ending; ``capital`` when it is written with a capital or in capitals."""

    start: int
    end: int
    small: str
    kinds: int
    role: Role
    capital: bool
    upper: bool
    possessive: bool

    @property
    def name_like(self) -> bool:
        """Whether nothing but a name (or a word nobody knows) is likely."""
        return self.role in (Role.GIVEN, Role.SURNAME, Role.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text. ``loud``: capitals say nothing here, because all or most words have them, or none does."""

    text: str
    items: list[Word]
    loud: bool
    lexicon: Lexicon

    def gap(self, index: int) -> str:
        """What stands between word ``index - 1`` and word ``index``."""
        return (
            self.text[self.items[index - 1].end : self.items[index].start]
            if index
            else self.text[: self.items[0].start]
        )

    def capital(self, index: int) -> bool:
        """Whether the word's capital tells something."""
        return self.items[index].capital and not self.loud


def read_words(text: str, lexicon: Lexicon) -> Words:
    """Split a text into words and say what each could be.

    :param text: plain text, ordinary work blanked out.
    """
    items = [_word(match, lexicon) for match in _WORD.finditer(text)]
    return Words(text, items, _is_loud(items), lexicon)


def _is_loud(items: list[Word]) -> bool:
    """All small but for abbreviations, all capitals, or a heading in Title Case: most long words have a capital though they are ordinary words."""
    long = [item for item in items if len(item.small) > 3]
    if not any(item.capital and not item.upper and len(item.small) > 1 for item in items) and not (
        items and items[0].role is Role.INITIAL and items[0].capital
    ):
        return not any(item.upper and item.name_like for item in items) or not any(not item.capital for item in long)
    if long and all(item.upper for item in long) and len(long) > 1:
        return True
    capitals = [item for item in long if item.capital]
    ordinary = sum(1 for item in capitals if item.role is Role.ORDINARY)
    return len(long) >= 4 and len(capitals) >= 0.75 * len(long) and ordinary >= 0.6 * len(capitals)


def _word(match: re.Match[str], lexicon: Lexicon) -> Word:
    written, start, end = match.group(), match.start(), match.end()
    small = written.lower()
    if small.endswith(_CONTRACTED):
        return Word(start, end, small, int(Kind.COMMON), Role.ORDINARY, written[:1].isupper(), False, False)
    possessive = small.endswith(("'s", "s'"))
    if small.endswith("'s"):
        small, end = small[:-2], end - 2
    kinds = kinds_of(small, lexicon)
    upper = written.isupper() and len(written) > 1
    return Word(start, end, small, kinds, _role(small, written, kinds, upper), written[:1].isupper(), upper, possessive)


def kinds_of(small: str, lexicon: Lexicon) -> int:
    """The kinds of a word as integers of :class:`Kind`; of a hyphenated word those of its parts together."""
    kinds = lexicon.kinds.get(small)
    if kinds is not None:
        return kinds
    if "-" in small or "'" in small:
        return _kinds_of_parts(small, lexicon)
    for ending in ("s", "es", "ed", "ing", "ly"):
        if small.endswith(ending) and lexicon.kinds.get(small[: -len(ending)], 0) & (Kind.COMMON | Kind.WORD):
            return int(Kind.WORD)
    return 0


def _kinds_of_parts(small: str, lexicon: Lexicon) -> int:
    parts = [lexicon.kinds.get(part, 0) for part in re.split(r"[-']", small) if len(part) > 1]
    names = [kinds for kinds in parts if kinds & (Kind.GIVEN | Kind.SURNAME) and not kinds & (Kind.COMMON | Kind.WORD)]
    if any(kinds & (Kind.COMMON | Kind.WORD) for kinds in parts) and not names:
        return int(Kind.WORD)
    union = 0
    for kinds in parts:
        union |= kinds
    return union & ~int(Kind.COMMON | Kind.WORD)


def _role(small: str, written: str, kinds: int, upper: bool) -> Role:
    if len(small) == 1:
        return Role.INITIAL
    if kinds & Kind.COMMON:
        named = kinds & (Kind.GIVEN | Kind.SURNAME_COMMON) and len(small) > 2
        return Role.BOTH if named else Role.ORDINARY
    if kinds & Kind.EPONYM and not kinds & Kind.GIVEN_COMMON:
        return Role.EPONYM
    if kinds & Kind.GIVEN:
        surname = (kinds & Kind.SURNAME_COMMON and not kinds & Kind.GIVEN_COMMON) or small.startswith(
            ("d'", "o'", "l'")
        )
        return Role.SURNAME if surname else Role.GIVEN
    if kinds & Kind.SURNAME and not kinds & Kind.WORD:
        return Role.SURNAME
    return Role.ORDINARY if kinds & Kind.WORD or _is_code_like(small, written, upper) else Role.UNKNOWN


def _is_code_like(small: str, written: str, upper: bool) -> bool:
    """Abbreviations ("NSTEMI" is in no list, "PTCA"), words in mIxEd case, and words with the ending of an ordinary word."""
    vowels = sum(letter in "aeiouy" for letter in small)
    mixed = (
        not upper
        and any(letter.isupper() for letter in written[1:])
        and not written.startswith(("Mc", "Mac", "O'", "D'", "De", "La", "Le", "Van"))
    )
    return (
        len(small) < 2
        or vowels == 0
        or (upper and len(small) <= 4)
        or mixed
        or _ORDINARY_ENDING.fullmatch(small) is not None
    )
