"""The words of an edition, and which of them a typed word may stand for: itself, its family and synonyms, a beginning, a slip of the fingers."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.codes.search.pack import Array, Arrays
from bot.codes.search.slips import SHORTEST_FOR_TWO, SHORTEST_FOR_TYPOS, deletions, letters_key, sound_pieces
from bot.codes.search.words import sound, stem

#: A stem by its number, and how surely it is meant (0..1).
Guess = tuple[int, float]

SHORTEST_BEGINNING = 3
MOST_BEGINNINGS = 48
MOST_GUESSES = 24
#: Sureness of a beginning that is hardly typed and of one that is nearly whole.
BEGINNING_LOW, BEGINNING_HIGH = 0.62, 0.93
#: A slip in a long word is surer than in a short one; each further slip, and one in the first letter, costs.
SLIP_BASE, SLIP_COST, FIRST_LETTER_COST = 1.0, 1.15, 0.08
LEAST_SURE = 0.4
#: A word that only sounds alike: how sure, how many letters may differ, and how many spellings are compared by ear.
SOUNDS_LIKE, FARTHEST, MOST_HEARD = 0.9, 4, 24
#: Keys of beginnings and slips are numbers of this many bits; those in one drawer differ in this many only.
KEY_BITS, DRAWER_BITS = 32, 14
#: Of two words as likely meant, the one that the book uses more.
COMMON_BONUS = 0.05


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The spellings of an edition, sorted, with the stem each belongs to, and how often the stems are used."""

    spellings: list[str]
    sounds: list[str]
    place: dict[str, int]
    stems: list[int]
    uses: list[int]
    arrays: Arrays
    drawers: Array

    @classmethod
    def over(cls, arrays: Arrays) -> Lexicon:
        """The lexicon inside a packed index."""
        spellings = bytes(arrays["spellings"]).decode().split("\n")
        return cls(
            spellings,
            bytes(arrays["sounds"]).decode().split("\n"),
            {word: at for at, word in enumerate(spellings)},
            arrays["spelling_word"].tolist(),
            arrays["word_uses"].tolist(),
            arrays,
            _drawers(arrays["typo_keys"]),
        )

    def number(self, word: str) -> int | None:
        """The stem of a word as it is spelled, or None when the edition does not have it."""
        at = self.place.get(word)
        if at is None:
            at = self.place.get(stem(word))
        return None if at is None else self.stems[at]

    def related(self, number: int) -> list[Guess]:
        """Stems that may stand for this one: its family and its synonyms."""
        borders = self.arrays["related_borders"]
        start, end = borders[number], borders[number + 1]
        return list(
            zip(
                self.arrays["related"][start:end].tolist(),
                self.arrays["related_weight"][start:end].tolist(),
                strict=True,
            )
        )

    def beginnings(self, word: str) -> list[Guess]:
        """Stems whose spelling begins with what was typed."""
        if len(word) < SHORTEST_BEGINNING:
            return []
        first, last = bisect_left(self.spellings, word), bisect_left(self.spellings, word + "\x7f")
        guesses = [
            (at, BEGINNING_LOW + (BEGINNING_HIGH - BEGINNING_LOW) * len(word) / len(self.spellings[at]))
            for at in range(first, last)
        ]
        return self._best(guesses, MOST_BEGINNINGS)

    def slips(self, word: str) -> list[Guess]:
        """Stems spelled nearly like what was typed: letters missing, doubled, wrong, or swapped."""
        if len(word) < SHORTEST_FOR_TYPOS or not word.isalpha():
            return []
        near = self._near(word)
        names = [self.spellings[at] for at in near]
        limit = 2 if len(word) >= SHORTEST_FOR_TWO else 1
        alike = process.extract(word, names, scorer=OSA.distance, score_cutoff=FARTHEST, limit=None)
        guesses = [(near[at], _sureness(word, name, int(distance))) for name, distance, at in alike if distance <= limit]
        guesses += self._sounding(word, [(near[at], int(distance)) for _, distance, at in alike[:MOST_HEARD]])
        return self._best([(at, sure) for at, sure in guesses if sure >= LEAST_SURE], MOST_GUESSES)

    def _sounding(self, word: str, alike: list[tuple[int, int]]) -> list[Guess]:
        """Of these spellings and the letters in which they differ, those that sound like the word, or nearly."""
        heard = sound(word)
        if len(heard) < SHORTEST_FOR_TWO:
            return []
        guesses = []
        for place, distance in alike:
            other = self.sounds[place]
            apart = int(OSA.distance(heard, other, score_cutoff=1))
            if distance and apart <= 1:
                guesses.append((place, SOUNDS_LIKE * _sureness(heard, other, apart)))
        return guesses

    def _near(self, word: str) -> list[int]:
        keys = np.fromiter((letters_key(piece) for piece in (*deletions(word), *sound_pieces(word))), np.uint32)
        drawer = keys >> DRAWER_BITS
        starts = self.drawers[drawer]
        lengths = self.drawers[drawer + 1] - starts
        places = np.arange(int(lengths.sum())) + np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
        same = self.arrays["typo_keys"][places] == np.repeat(keys, lengths)
        return sorted(set(self.arrays["typo_spellings"][places[same]].tolist()))

    def _best(self, guesses: list[Guess], most: int) -> list[Guess]:
        """From spellings to stems; each stem once, at its best, the surest first."""
        best: dict[int, float] = {}
        for at, sure in guesses:
            number = self.stems[at]
            used = self.uses[number]
            if used:
                best[number] = max(best.get(number, 0.0), sure + COMMON_BONUS * min(1.0, used / 200))
        return sorted(best.items(), key=lambda guess: -guess[1])[:most]


def _drawers(keys: Array) -> Array:
    """Where the keys of each drawer begin: those that agree in their upper bits lie together, so that one look finds them."""
    firsts = np.arange(1 << (KEY_BITS - DRAWER_BITS), dtype=np.uint32) << np.uint32(DRAWER_BITS)
    return np.append(np.searchsorted(keys, firsts), len(keys)).astype(np.int32)


def _sureness(word: str, name: str, distance: int) -> float:
    if not distance:
        return 1.0
    length = max(len(word), len(name))
    first = FIRST_LETTER_COST * (word[0] != name[0])
    return max(0.0, SLIP_BASE - SLIP_COST * distance / (length + 1) - first)
