"""From a code that cannot be billed as it stands to the one below it that fits: the side or the intent that was asked for, else the unspecified one."""

from __future__ import annotations

from math import inf

from bot.codes.search.pack import Arrays, text_at
from bot.codes.search.question import Asked
from bot.codes.search.words import split_words, stem

#: What a matched left-over word brings against what an unasked word costs.
BRINGS, COSTS = 1.0, 0.5
#: 7th characters taken when none is asked for, in this order: unspecified, initial encounter, not applicable, without.
PLAIN_SEVENTHS = ("unspecified", "initial encounter", "not applicable or unspecified", "stage unspecified", "without tophus")


class Chooser:
    """Walks the tree of codes of one packed index."""

    def __init__(self, arrays: Arrays) -> None:
        self.end: list[int] = arrays["end"].tolist()
        self.parent = arrays["parent"]
        self.billable = arrays["billable"]
        self.extended = arrays["extended"]
        self.seventh = arrays["seventh"]
        self.title_text = arrays["title_text"]
        self.borders = arrays["text_word_borders"]
        self.words = arrays["text_words"]
        self.worth = arrays["text_worth"]
        count = len(arrays["meaning_borders"]) - 1
        self.meanings = [text_at(arrays["meanings"], arrays["meaning_borders"], at) for at in range(count)]
        self.meaning_stems = [frozenset(stem(word) for word in split_words(meaning)) for meaning in self.meanings]
        self.plainness = [_plainness(meaning) for meaning in self.meanings]
        self.known: dict[int, int] = {}
        self.added: dict[int, list[tuple[int, list[tuple[int, float]]]]] = {}

    def choose(self, code: int, left: tuple[Asked, ...], asked: frozenset[str]) -> tuple[int, float]:
        """The code to offer for ``code``, and the value of the left-over words it accounts for on the way.

        :param left: asked words that the matched text did not hold.
        :param asked: stems of everything asked, for the 7th character.
        """
        wanted = {number: (one.value * sure) for one in left for number, sure in one.guesses}
        if wanted and self.billable[code]:
            top = self._anchor(code)
            if top == code:
                return code, 0.0
            chosen, gained = self._walk(top, wanted, asked)
            return (chosen, gained) if gained else (code, 0.0)
        return self._walk(code, wanted, asked)

    def plain(self, code: int) -> int:
        """The code to bill when nothing more is known."""
        return self._finish(code, frozenset())

    def _anchor(self, code: int) -> int:
        """The highest entry above that comes down to this code when nothing more is known: where a side or a stage may still be chosen."""
        top, above = code, int(self.parent[code])
        while above >= 0 and self.plain(above) == code:
            top, above = above, int(self.parent[above])
        return top

    def _walk(self, code: int, wanted: dict[int, float], asked: frozenset[str]) -> tuple[int, float]:
        gained = 0.0
        while not self.billable[code]:
            if self.extended[code + 1]:
                return self._seventh(code, asked), gained
            if not wanted and code in self.known:
                return self._finish(self.known[code], asked), gained
            start = code
            code, value = self._child(code, wanted)
            gained += value
            if not wanted:
                self.known[start] = code
        return code, gained

    def children(self, code: int) -> list[int]:
        """The codes right below."""
        found, at = [], code + 1
        while at < self.end[code]:
            found.append(at)
            at = self.end[at]
        return found

    def _finish(self, code: int, asked: frozenset[str]) -> int:
        while not self.billable[code]:
            if self.extended[code + 1]:
                return self._seventh(code, asked)
            if code not in self.known:
                self.known[code] = self._child(code, {})[0]
            code = self.known[code]
        return code

    def _below(self, code: int) -> list[tuple[int, list[tuple[int, float]]]]:
        """Each child with the words its title adds to this code's, and what each is worth. Kept: few codes are ever asked for."""
        found = self.added.get(code)
        if found is None:
            above = set(self._title(code)[0])
            found = self.added[code] = [
                (child, [(word, worth) for word, worth in zip(*self._title(child), strict=True) if word not in above])
                for child in self.children(code)
            ]
        return found

    def _title(self, code: int) -> tuple[list[int], list[float]]:
        text = self.title_text[code]
        start, end = self.borders[text], self.borders[text + 1]
        return self.words[start:end].tolist(), self.worth[start:end].tolist()

    def _child(self, code: int, wanted: dict[int, float]) -> tuple[int, float]:
        best, best_score, best_gain = -1, -inf, 0.0
        for child, added in self._below(code):
            gain = cost = 0.0
            for word, worth in added:
                if word in wanted:
                    gain += wanted[word]
                else:
                    cost += worth
            score = BRINGS * gain - COSTS * cost
            if score > best_score:
                best, best_score, best_gain = child, score, gain
        return best, best_gain

    def _seventh(self, code: int, asked: frozenset[str]) -> int:
        """The 7th character whose meaning was asked for, else the plain one."""
        options = range(code + 1, self.end[code])

        def fitness(option: int) -> tuple[float, int]:
            meaning = int(self.seventh[option])
            stems = self.meaning_stems[meaning]
            hits = len(stems & asked)
            return (hits - 0.1 * (len(stems) - hits) if hits else -5.0, self.plainness[meaning])

        return max(options, key=fitness)


def _plainness(meaning: str) -> int:
    for rank, plain in enumerate(PLAIN_SEVENTHS):
        if meaning.startswith(plain):
            return len(PLAIN_SEVENTHS) - rank
    return 0


