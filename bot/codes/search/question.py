"""From the typed line to one or more readings: the words that count, and for each the stems it may stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.codes.search.build import NEGATIONS
from bot.codes.search.guessing import Guesser
from bot.codes.search.lexicon import Guess, Lexicon
from bot.codes.search.pack import Arrays, text_lines
from bot.codes.search.shorthand import SHORTENED, SHORTHAND, Piece, Shorthand
from bot.codes.search.words import split_words, stem

MOST_READINGS = 2
#: A reading through a rewritten wording counts a little less than the words as typed; a second meaning less again.
REWRITTEN, NEXT_MEANING = 0.985, 0.97
#: Sureness of two words that were typed apart but printed as one, or the other way round.
JOINED = 0.95
#: Importance of a word the edition does not know.
UNKNOWN = 0.8
SMALLEST_SHARE = 0.02
#: What a site counts beside a condition.
SITE_VALUE = 0.8
#: What follows was done for it, and is not what it is: "thyroid cancer s/p thyroidectomy".
DONE_BEFORE = "sp"
#: A line whose words together count less than this asks nothing.
LEAST_VALUE = 0.1
#: Words that count less than this are not taken for others.
LEAST_FACTOR = 0.12
#: How surely a word that was asked for is met where a text says that it is absent: in a line without denial, and in one with it.
ABSENT_THOUGH_ASKED, ABSENT_PERHAPS = 0.25, 0.95
#: And in one whose "without" stands before nothing that titles deny: any of its words may be what it denied before the order was lost.
ABSENT_LIKELY = 1.02
#: Words that deny what follows, words that end it, those of the first that reach one word only, words that carry it on.
DENYING = NEGATIONS | {"denies", "denied", "didnt"}
ENDS_DENIAL = frozenset(
    {"with", "but", "and", "on", "in", "for", "due", "to", "from", "since", "after", "during", "at", "unspecified"}
)
NEARLY, LONGEST_DENIAL = frozenset({"without", "not"}), 3
#: The word that titles deny with: in a scrambled title it stands before any word, so it only denies what some title denies.
SCRAMBLED = "without"
#: A title that denies a word once in this many times denies it by chance: "without back pain".
SELDOM = 30
#: Wordings that rule out the word before them, unless that word says which kind: "rapid strep neg", "nstemi ruled out", but "gram negative".
RULES_OUT = (("neg",), ("negative",), ("ruled", "out"), ("test", "negative"), ("test", "neg"))
BY_KIND = frozenset({"rh", "gram", "receptor", "er", "pr", "her2", "triple", "coagulase", "seronegative"})
CARRIES_DENIAL = frozenset({"or", "of", "any", "current", "mention", "evidence", "sign", "signs"})
#: What a denied word counts, and from which sureness on a text that names it is contradicted.
DENIED_VALUE, DENIES = 0.35, 0.8
#: Guesses at least this sure may choose between codes of one family.
MEANT = 0.15


@dataclass(slots=True)
class Asked:
    """One typed word: how much it counts, and the stems it may stand for (stem, sureness). ``denied``: stems of which the line says that they are not
    there."""

    word: str
    value: float
    guesses: list[Guess]
    denied: frozenset[int] = frozenset()


class Meant(dict[int, float]):
    """The stems of everything asked with their sureness. ``sevenths`` keeps how well 7th characters fit them, by what they mean."""

    def __init__(self, sure: Iterable[Guess] = ()) -> None:
        super().__init__(sure)
        self.sevenths: dict[int, tuple[float, int]] = {}


@dataclass(slots=True)
class Reading:
    """One way to understand the line. ``trust`` scales its results; ``told`` says which wording was read as which; a ``loose`` one is the last resort."""

    asked: list[Asked]
    trust: float = 1.0
    told: str | None = None
    meant: Meant = field(default_factory=Meant)
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
        self.value: list[float] = arrays["word_value"].tolist()
        self.absent: list[int] = arrays["absent_word"].tolist()
        self.site: list[bool] = arrays["role_site"].tolist()
        self.side: list[bool] = arrays["role_side"].tolist()
        self.guesser = Guesser(lexicon, arrays)
        self.unmet: list[float] = arrays["role_unmet"].tolist()
        self.shorthand = Shorthand(
            {phrase: (tuple(meanings.split("|")), kind) for phrase, meanings, kind in text_lines(arrays["rewrites"])}
        )
        self.weights = {word: float(weight) for word, weight in text_lines(arrays["weight_words"])}

    def readings(self, line: str) -> Iterator[Reading]:
        """The ways to understand a line, the likeliest first."""
        words = self._words(line)
        return (self._reading(draft, wide=False) for draft in self._drafts(words))

    def widened(self, line: str, told: str | None) -> Reading:
        """The reading of the line that says ``told``, with known words also taken for beginnings or slips of other words."""
        words = self._words(line)
        draft = next((draft for draft in self._drafts(words) if draft.says == told), _Draft(words))
        return self._reading(draft, wide=True)

    def bare(self, words: list[str]) -> list[str]:
        """The words without those that say on which side, and without what was done before."""
        kept: list[str] = []
        for piece in self.shorthand.pieces(words, (SHORTENED,)):
            if kept and piece.words[0] == DONE_BEFORE:
                break
            spelled = split_words(piece.meanings[0]) if piece.meanings else list(piece.words)
            rest = [word for word in spelled if not self._is_side(word)]
            kept += piece.words if len(rest) == len(spelled) else rest
        return kept

    def _is_side(self, word: str) -> bool:
        number = self.lexicon.number(word)
        return number is not None and self.side[number]

    def _words(self, line: str) -> list[str]:
        return self._split_numbers(_without_ruled_out(split_words(line)))

    def _drafts(self, words: list[str]) -> Iterator[_Draft]:
        """The line as typed, then with chart shorthand spelled out, then with everyday wordings replaced as well."""
        shorthand = self._rewritten(words, (SHORTENED, SHORTHAND))
        wordings = self._rewritten(words, None)
        if shorthand != wordings or shorthand[0].told:
            yield self._rewritten(words, (SHORTENED,))[0]
        yield from shorthand if shorthand[0].told or not wordings[0].told else ()
        if shorthand != wordings:
            for draft in wordings:
                draft.loose = True
                yield draft

    def _rewritten(self, words: list[str], kinds: tuple[str, ...] | None) -> list[_Draft]:
        drafts = [_Draft([])]
        for piece in self.shorthand.pieces(words, kinds):
            if not piece.meanings:
                for draft in drafts:
                    draft.words += piece.words
                continue
            drafts = [_extend(draft, piece, rank) for rank in range(len(piece.meanings)) for draft in drafts][
                :MOST_READINGS
            ]
        return drafts

    def _split_numbers(self, words: list[str]) -> list[str]:
        """``type2`` and ``stage3`` as two words, unless the edition or a rewrite knows them as one."""
        cut: list[str] = []
        for word in words:
            letters = word.rstrip("0123456789")
            known = self.lexicon.number(word) is not None or word in self.shorthand
            if (
                letters != word
                and letters
                and not known
                and (self.lexicon.number(letters) is not None or letters in self.shorthand)
            ):
                cut += [letters, word[len(letters) :]]
            else:
                cut.append(word)
        return cut

    def _reading(self, draft: _Draft, *, wide: bool) -> Reading:
        denied = _denied(draft.words)
        words = list(dict.fromkeys(draft.words))
        readily = self._readily(words, denied)
        asked = [
            self._asked(words, at, wide=wide, denied=denied.get(words[at]), readily=readily) for at in range(len(words))
        ]
        self._weigh_sites(asked)
        useful = [one for one in asked if one.value > 0]
        if sum(one.value for one in useful) < LEAST_VALUE:
            useful = []
        return Reading(useful, draft.trust, draft.says, _meant(asked), draft.loose)

    def _weigh_sites(self, asked: list[Asked]) -> None:
        """Where a condition is named, its site counts less: pneumonia of the right upper lobe is a pneumonia first."""
        sites = [bool(one.guesses) and self.site[one.guesses[-1][0]] for one in asked]
        named = any(
            one.guesses and self.unmet[one.guesses[-1][0]] < 0 and not site
            for one, site in zip(asked, sites, strict=True)
        )
        for one, site in zip(asked, sites, strict=True):
            if site and named:
                one.value *= SITE_VALUE

    def _asked(self, words: list[str], at: int, *, wide: bool, denied: str | None, readily: float) -> Asked:
        word = words[at]
        factor = self.weights.get(word, self.weights.get(stem(word), 1.0))
        number = self.lexicon.number(word)
        if factor < LEAST_FACTOR:
            return Asked(word, SMALLEST_SHARE if factor > 0 else 0.0, [(number, 1.0)] if number is not None else [])
        guesses = dict(self.guesser.guesses(word, wide=wide))
        for joined in self.guesser.joined(words, at):
            guesses[joined] = max(JOINED, guesses.get(joined, 0.0))
        if number is not None and self.lexicon.uses[number]:
            value = self.value[number]
        else:
            value = factor * max(
                (self.value[guess] for guess, sure in guesses.items() if sure > JOINED - 0.2), default=UNKNOWN
            )
        if denied and (denied != SCRAMBLED or any(self._deniable(guess) for guess in guesses)):
            return self._denial(word, value, guesses)
        self._add_absent(guesses, readily)
        return Asked(
            word, max(value, SMALLEST_SHARE if factor > 0 else 0.0), sorted(guesses.items(), key=lambda guess: guess[1])
        )

    def _readily(self, words: list[str], denied: dict[str, str]) -> float:
        """How surely the words of a line are met where a text says that they are absent."""
        if not DENYING.intersection(words):
            return ABSENT_THOUGH_ASKED
        numbers = (self.lexicon.number(word) for word in denied)
        lost = SCRAMBLED in words and not any(number is not None and self._deniable(number) for number in numbers)
        return ABSENT_LIKELY if lost else ABSENT_PERHAPS

    def _deniable(self, number: int) -> bool:
        """Whether titles that name the word say often enough that it is absent."""
        absent = self.absent[number]
        return absent >= 0 and SELDOM * self.lexicon.uses[absent] > self.lexicon.uses[number]

    def _add_absent(self, guesses: dict[int, float], readily: float) -> None:
        """A word may also be met where a text says it is absent: hardly, unless the line denies something."""
        for number, sure in list(guesses.items()):
            other = self.absent[number]
            if other >= 0:
                guesses[other] = max(guesses.get(other, 0.0), sure * readily)

    def _denial(self, word: str, value: float, guesses: dict[int, float]) -> Asked:
        """A word that is said not to be there: met where a text says so too; a text that does not mention it is hardly worse for it."""
        absent = [(self.absent[number], sure) for number, sure in guesses.items() if self.absent[number] >= 0]
        named = frozenset(number for number, sure in guesses.items() if sure >= DENIES)
        return Asked(
            word, value * DENIED_VALUE if absent else SMALLEST_SHARE, sorted(absent, key=lambda guess: guess[1]), named
        )


def _denied(words: list[str]) -> dict[str, str]:
    """The words a line denies, with what denies them: the one after ``without``, up to :data:`LONGEST_DENIAL` after ``no``. A line that begins with it
    denies nothing: "no insurance"."""
    denied: dict[str, str] = {}
    by, left = "", 0
    for at, word in enumerate(words):
        if word in DENYING and at and words[at - 1] != "do":
            by, left = word, 1 if word in NEARLY else LONGEST_DENIAL
        elif word in ENDS_DENIAL:
            left = 0
        elif left and word not in CARRIES_DENIAL:
            denied.setdefault(word, by)
            left -= 1
    return denied


def _without_ruled_out(words: list[str]) -> list[str]:
    """The line without what it says is ruled out, and without saying so; its first word is what it is about."""
    left: list[str] = []
    at = 0
    while at < len(words):
        wording = next((wording for wording in RULES_OUT if tuple(words[at : at + len(wording)]) == wording), None)
        if wording is None or len(left) < 2 or left[-1] in BY_KIND:
            left.append(words[at])
            at += 1
        else:
            left.pop()
            at += len(wording)
    return left


def _meant(asked: list[Asked]) -> Meant:
    return Meant((number, sure) for one in asked for number, sure in one.guesses if sure >= MEANT)


def _extend(draft: _Draft, piece: Piece, rank: int) -> _Draft:
    """The draft with one more wording spelled out."""
    words = draft.words + split_words(piece.meanings[rank])
    if piece.kind == SHORTENED:
        return _Draft(words, draft.trust, draft.told)
    trust = draft.trust * REWRITTEN * NEXT_MEANING**rank
    return _Draft(words, trust, [*draft.told, f"{' '.join(piece.words)} = {piece.meanings[rank]}"])
