"""From the typed line to one or more readings: the words that count, and for each the stems it may stand for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from bot.codes.search.build import NEGATIONS
from bot.codes.search.lexicon import Guess, Lexicon
from bot.codes.search.pack import Array, Arrays
from bot.codes.search.words import split_words, stem

MOST_READINGS = 2
#: The kind of rewrite that always counts; others only when the line as typed is not answered.
SHORTHAND = "abbr"
LONGEST_REWRITE = 5
#: A reading through a rewritten wording counts a little less than the words as typed; a second meaning less again.
REWRITTEN, NEXT_MEANING = 0.985, 0.97
#: Sureness of two words that were typed apart but printed as one, or the other way round.
JOINED = 0.95
#: Importance of a word the edition does not know.
UNKNOWN = 0.8
SMALLEST_SHARE = 0.02
#: A line whose words together count less than this asks nothing.
LEAST_VALUE = 0.1
#: How sure a word is where it is named, and where it is said to be absent: in a line without denial, of a word not denied, of one denied.
PRESENCE: dict[bool | None, tuple[float, float]] = {None: (1.0, 0.25), False: (1.0, 0.97), True: (0.93, 1.0)}
#: Guesses at least this sure may choose a 7th character.
MEANT = 0.6
SHORTEST_ENDING, LONGEST_ENDING = 4, 10
BY_ENDING = 0.8


@dataclass(slots=True)
class Asked:
    """One typed word: how much it counts, and the stems it may stand for (stem, sureness)."""

    word: str
    value: float
    guesses: list[Guess]


@dataclass(slots=True)
class Reading:
    """One way to understand the line. ``trust`` scales its results; ``told`` says which wording was read as which; a ``loose`` one is the last resort."""

    asked: list[Asked]
    trust: float = 1.0
    told: str | None = None
    meant: dict[int, float] = field(default_factory=dict)
    loose: bool = False


@dataclass(slots=True)
class _Draft:
    words: list[str]
    trust: float = 1.0
    told: list[str] = field(default_factory=list)
    loose: bool = False

    @property
    def says(self) -> str | None:
        """Which wordings were read as which."""
        return "; ".join(self.told) or None


class Reader:
    """Reads lines against the lexicon of one edition."""

    def __init__(self, lexicon: Lexicon, arrays: Arrays) -> None:
        self.lexicon = lexicon
        self.value = arrays["word_value"]
        self.absent = arrays["absent_word"]
        self.rewrites = {phrase: (meanings.split("|"), kind) for phrase, meanings, kind in _lines(arrays["rewrites"])}
        self.endings = dict(_lines(arrays["endings"]))
        self.weights = {word: float(weight) for word, weight in _lines(arrays["weight_words"])}

    def readings(self, line: str) -> Iterator[Reading]:
        """The ways to understand a line, the likeliest first."""
        words = self._split_numbers(split_words(line))
        return (self._reading(draft, wide=False) for draft in self._drafts(words))

    def widened(self, line: str, told: str | None) -> Reading:
        """The reading of the line that says ``told``, with known words also taken for beginnings or slips of other words."""
        words = self._split_numbers(split_words(line))
        draft = next((draft for draft in self._drafts(words) if draft.says == told), _Draft(words))
        return self._reading(draft, wide=True)

    def _drafts(self, words: list[str]) -> Iterator[_Draft]:
        """The line as typed, then with chart shorthand spelled out, then with everyday wordings replaced as well."""
        shorthand = self._rewritten(words, SHORTHAND)
        wordings = self._rewritten(words, None)
        if shorthand != wordings or shorthand[0].told:
            yield _Draft(words)
        yield from shorthand if shorthand[0].told or not wordings[0].told else ()
        if shorthand != wordings:
            for draft in wordings:
                draft.loose = True
                yield draft

    def _rewritten(self, words: list[str], kind: str | None) -> list[_Draft]:
        drafts = [_Draft([])]
        at = 0
        while at < len(words):
            length, meanings = self._rewrite_at(words, at, kind)
            if not length:
                for draft in drafts:
                    draft.words.append(words[at])
                at += 1
                continue
            phrase = " ".join(words[at : at + length])
            drafts = [_extend(draft, phrase, meaning, rank) for rank, meaning in enumerate(meanings) for draft in drafts][:MOST_READINGS]
            at += length
        return drafts

    def _rewrite_at(self, words: list[str], at: int, kind: str | None) -> tuple[int, list[str]]:
        for length in range(min(LONGEST_REWRITE, len(words) - at), 0, -1):
            found = self.rewrites.get(" ".join(words[at : at + length]))
            if found and kind in (None, found[1]):
                return length, found[0]
        return 0, []

    def _split_numbers(self, words: list[str]) -> list[str]:
        """``type2`` and ``stage3`` as two words, unless the edition or a rewrite knows them as one."""
        cut: list[str] = []
        for word in words:
            letters = word.rstrip("0123456789")
            known = self.lexicon.number(word) is not None or word in self.rewrites
            if letters != word and letters and not known and (self.lexicon.number(letters) is not None or letters in self.rewrites):
                cut += [letters, word[len(letters) :]]
            else:
                cut.append(word)
        return cut

    def _reading(self, draft: _Draft, *, wide: bool) -> Reading:
        words = list(dict.fromkeys(draft.words))
        denied = _denied(words)
        asked = [self._asked(words, at, wide=wide, denied=denied) for at in range(len(words))]
        useful = [one for one in asked if one.value > 0]
        if sum(one.value for one in useful) < LEAST_VALUE:
            useful = []
        return Reading(useful, draft.trust, draft.says, _meant(asked), draft.loose)

    def _asked(self, words: list[str], at: int, *, wide: bool, denied: frozenset[str] | None) -> Asked:
        word = words[at]
        factor = self.weights.get(word, self.weights.get(stem(word), 1.0))
        number = self.lexicon.number(word)
        guesses = dict(self._guesses(word, number, wide=wide))
        for joined in self._joined(words, at):
            guesses[joined] = max(JOINED, guesses.get(joined, 0.0))
        if number is not None and self.arrays_uses(number):
            value = float(self.value[number])
        else:
            value = factor * max((float(self.value[guess]) for guess, sure in guesses.items() if sure > JOINED - 0.2), default=UNKNOWN)
        self._add_absent(guesses, None if denied is None else word in denied)
        return Asked(word, max(value, SMALLEST_SHARE if factor > 0 else 0.0), sorted(guesses.items(), key=lambda guess: guess[1]))

    def arrays_uses(self, number: int) -> bool:
        """Whether any text of the edition holds the stem."""
        return bool(self.lexicon.arrays["word_uses"][number])

    def _guesses(self, word: str, number: int | None, *, wide: bool) -> Iterator[Guess]:
        if number is not None and self.arrays_uses(number):
            if wide:
                yield from ((guess, sure * 0.75) for guess, sure in self.lexicon.slips(word))
                yield from ((guess, sure * 0.9) for guess, sure in self.lexicon.beginnings(word))
            yield from self.lexicon.related(number)
            yield number, 1.0
            return
        if number is not None:
            yield from self.lexicon.related(number)
        yield from self._by_ending(word)
        found = sorted([*self.lexicon.slips(word), *self.lexicon.beginnings(word)], key=lambda guess: guess[1])
        for guess, sure in found:
            yield from ((other, sure * weight * 0.9) for other, weight in self.lexicon.related(guess) if sure > 0.7)
        yield from found

    def _by_ending(self, word: str) -> Iterator[Guess]:
        """A drug the edition does not name stands for one of its class that it does: the end of the name tells the class."""
        for length in range(LONGEST_ENDING, SHORTEST_ENDING - 1, -1):
            alike = self.endings.get(word[-length:]) if len(word) > length + 1 else None
            number = self.lexicon.number(alike) if alike else None
            if number is not None:
                yield number, BY_ENDING
                return

    def _joined(self, words: list[str], at: int) -> Iterator[int]:
        pairs = []
        if at + 1 < len(words):
            pairs.append(words[at] + words[at + 1])
        if at:
            pairs.append(words[at - 1] + words[at])
        for pair in pairs:
            number = self.lexicon.number(pair) if len(pair) > 4 else None
            if number is not None:
                yield number

    def _add_absent(self, guesses: dict[int, float], denied: bool | None) -> None:
        """A word may also be met where a text says it is absent: hardly, when the line denies nothing (None); first of all, when it denies this word."""
        named, absent = PRESENCE[denied]
        for number, sure in list(guesses.items()):
            guesses[number] = sure * named
            other = int(self.absent[number])
            if other >= 0:
                guesses[other] = max(guesses.get(other, 0.0), sure * absent)


def _denied(words: list[str]) -> frozenset[str] | None:
    """The words right after ``without`` or ``no``; None when the line denies nothing."""
    if not NEGATIONS.intersection(words):
        return None
    return frozenset(after for word, after in pairwise(words) if word in NEGATIONS)


def _meant(asked: list[Asked]) -> dict[int, float]:
    return {number: sure for one in asked for number, sure in one.guesses if sure >= MEANT}


def _extend(draft: _Draft, phrase: str, meaning: str, rank: int) -> _Draft:
    trust = draft.trust * REWRITTEN * NEXT_MEANING**rank
    return _Draft(draft.words + split_words(meaning), trust, [*draft.told, f"{phrase} = {meaning}"])


def _lines(packed: Array) -> list[list[str]]:
    text = bytes(packed).decode()
    return [line.split("\t") for line in text.split("\n") if line]
