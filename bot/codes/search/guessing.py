"""Which stems a typed word may stand for, and how surely: its family and synonyms, what it is a slip or the beginning of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from bot.codes.search.lexicon import Guess, Lexicon
from bot.codes.search.pack import Arrays, text_lines

SHORTEST_ENDING, LONGEST_ENDING = 4, 10
BY_ENDING = 0.8
#: A known word taken for another all the same: for one it may be the beginning of, and for one it may surely be a slip of.
SLIP_OF_ANOTHER, BEGINNING_OF_ANOTHER, SURE_SLIP = 0.75, 0.9, 0.66
#: A word that so many texts of the edition hold is no slip.
EVERYDAY = 200
#: Relatives of a word that was only guessed are guessed where the guess is this sure, and count a little less.
SURE_GUESS, RELATIVE = 0.7, 0.9
#: For so many words it is kept what they may stand for: some 4 MB when all are full.
KEPT_WORDS = 2048


class Guesser:
    """Guesses against the lexicon of one edition."""

    def __init__(self, lexicon: Lexicon, arrays: Arrays) -> None:
        self.lexicon = lexicon
        self.endings = dict(text_lines(arrays["endings"]))
        # The readings of one line ask for the same words again, and so do the lines of a working day.
        self._known = lru_cache(maxsize=KEPT_WORDS)(self._known_word)
        self._widened = lru_cache(maxsize=KEPT_WORDS)(lambda word, number: dict(self._taken_for_others(word, number)) | self._known(number))
        self._guessed = lru_cache(maxsize=KEPT_WORDS)(lambda word: dict(self._unknown_word(word)))

    def guesses(self, word: str, *, wide: bool) -> Mapping[int, float]:
        """The stems with their sureness; ``wide``: a known word may also be a slip or the beginning of another."""
        number = self.lexicon.number(word)
        if number is None or not self.lexicon.uses[number]:
            return self._guessed(word)
        return self._widened(word, number) if wide else self._known(number)

    def joined(self, words: list[str], at: int) -> Iterator[int]:
        """The stems of a word joined with its neighbours: "hyper tension"."""
        pairs = []
        if at + 1 < len(words):
            pairs.append(words[at] + words[at + 1])
        if at:
            pairs.append(words[at - 1] + words[at])
        for pair in pairs:
            number = self.lexicon.number(pair) if len(pair) > 4 else None
            if number is not None:
                yield number

    def _known_word(self, number: int) -> dict[int, float]:
        """What a word of the edition may stand for."""
        return dict(self.lexicon.related(number)) | {number: 1.0}

    def _taken_for_others(self, word: str, number: int) -> Iterator[Guess]:
        """What a word of the edition may stand for if it was mistyped, or not typed to its end."""
        slips = self.lexicon.slips(word) if self.lexicon.uses[number] < EVERYDAY else []
        yield from ((guess, sure * SLIP_OF_ANOTHER) for guess, sure in slips if sure >= SURE_SLIP)
        yield from ((guess, sure * BEGINNING_OF_ANOTHER) for guess, sure in self.lexicon.beginnings(word))

    def _unknown_word(self, word: str) -> Iterator[Guess]:
        """What a word that the edition does not have may stand for."""
        number = self.lexicon.number(word)
        if number is not None:
            yield from self.lexicon.related(number)
        yield from self._by_ending(word)
        found = sorted([*self.lexicon.slips(word), *self.lexicon.beginnings(word)], key=lambda guess: guess[1])
        for guess, sure in found:
            yield from ((other, sure * weight * RELATIVE) for other, weight in self.lexicon.related(guess) if sure > SURE_GUESS)
        yield from found

    def _by_ending(self, word: str) -> Iterator[Guess]:
        """A drug the edition does not name stands for one of its class that it does: the end of the name tells the class."""
        for length in range(LONGEST_ENDING, SHORTEST_ENDING - 1, -1):
            alike = self.endings.get(word[-length:]) if len(word) > length + 1 else None
            number = self.lexicon.number(alike) if alike else None
            if number is not None:
                yield number, BY_ENDING
                return
