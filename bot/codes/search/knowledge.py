"""What coders know beside the book, read from the data files in ``bot/codes/knowledge``: see README.md there for the columns."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

from bot.codes.official import with_dot

BEHAVIORS = (
    "primary malignant neoplasm",
    "secondary malignant neoplasm (metastasis)",
    "carcinoma in situ",
    "benign neoplasm",
    "neoplasm of uncertain behavior",
    "neoplasm of unspecified behavior",
)


#: What the sixth character of a drug code says.
DRUG_STEM = 5
HAPPENINGS = {
    "1": "poisoning by {}, accidental (unintentional)",
    "2": "poisoning by {}, intentional self-harm",
    "3": "poisoning by {}, assault",
    "4": "poisoning by {}, undetermined",
    "5": "adverse effect of {}",
    "6": "underdosing of {}",
}

#: How charts say that somebody takes a drug.
USES = ("on {}", "long term use of {}")


@dataclass(frozen=True, slots=True)
class KnownTerm:
    """A wording and the codes it means, the most likely first."""

    phrase: str
    codes: tuple[str, ...]
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A wording and the words of the book for it; several when it has several meanings, the most likely first."""

    phrase: str
    meanings: tuple[str, ...]
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class Synonym:
    """``typed`` may stand for ``printed``: as sure as ``weight`` (0..1)."""

    typed: str
    printed: str
    weight: float
    source: str


@dataclass(frozen=True, slots=True)
class Role:
    """What a word does in a text. Of the words of one ``group`` only one can be meant (None: no group). A text that says the word though nobody asked
    for it is trusted ``unsaid`` as much; one that does not say it though it was asked for, ``unmet``."""

    word: str
    group: str | None
    unsaid: float
    unmet: float


@dataclass(frozen=True)
class Knowledge:
    """All knowledge files of one folder. Without ``diagnoses`` only what is known of words, for systems whose codes the files do not name."""

    folder: Traversable
    diagnoses: bool = True

    @classmethod
    def shipped(cls, *, diagnoses: bool = True) -> Knowledge:
        """The files that come with the bot."""
        return cls(files("bot.codes") / "knowledge", diagnoses)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all files, so that an index built from other knowledge is noticed."""
        found = hashlib.sha256()
        for file in self._files(""):
            found.update(file.name.encode() + b"\0" + file.read_bytes())
        return found.hexdigest()

    def terms(self) -> list[KnownTerm]:
        """``terms-*.tsv``: wording, codes, kind, source."""
        rows = self._rows("terms", 4) if self.diagnoses else ()
        return [KnownTerm(phrase, _codes(codes), kind, source) for phrase, codes, kind, source in rows]

    def conditions(self) -> list[str]:
        """Words that alone are the name of a condition."""
        return [
            term.phrase
            for term in self.terms()
            if term.kind in ("clinical", "default", "abbr", "lay") and " " not in term.phrase
        ]

    def neoplasms(self) -> list[KnownTerm]:
        """``neoplasms.tsv``: a site and its code for each behavior, in the order of :data:`BEHAVIORS`; ``-`` where there is none."""
        return [
            KnownTerm(f"{behavior} of {site}", (code,), "neoplasm", "behavior by site")
            for site, *codes in (self._rows("neoplasms", 1 + len(BEHAVIORS)) if self.diagnoses else ())
            for behavior, code in zip(BEHAVIORS, codes, strict=True)
            if code != "-"
        ]

    def drugs(self) -> list[KnownTerm]:
        """What may happen with each drug of ``terms-drugs.tsv``, with the code of each: the sixth character tells (guideline I.C.19.e); and its use over
        a long time (``drug-uses.tsv``)."""
        drugs = [term for term in self.terms() if term.kind == "drug"]
        happenings = [
            KnownTerm(
                happening.format(term.phrase),
                (with_dot(code.replace(".", "").ljust(DRUG_STEM, "X") + character),),
                "happening",
                term.source,
            )
            for term in drugs
            for code in term.codes
            for character, happening in HAPPENINGS.items()
        ]
        return happenings + list(self._uses(drugs))

    def _uses(self, drugs: list[KnownTerm]) -> Iterator[KnownTerm]:
        known = {name: _codes(codes) for name, codes, _ in self._rows("drug-uses", 3)}
        stated = {term.phrase for term in self.terms()}
        for term in drugs:
            code = term.codes[0]
            names = [term.phrase, *(code[:length] for length in range(len(code), 2, -1))]
            use = next((known[name] for name in names if name in known), None)
            if use:
                wordings = (wording.format(term.phrase) for wording in USES)
                yield from (
                    KnownTerm(wording, use, "drug", term.source) for wording in wordings if wording not in stated
                )

    def chapters(self) -> dict[str, float]:
        """``chapters.tsv``: chapter, how readily a code of it is meant when nothing in the question says so, why."""
        return {chapter: float(trust) for chapter, trust, _ in self._rows("chapters", 3)}

    def rewrites(self) -> list[Rewrite]:
        """``rewrites*.tsv``: wording, meanings parted by ``|``, kind, source."""
        return [
            Rewrite(phrase, tuple(part.strip() for part in words.split("|")), kind, source)
            for phrase, words, kind, source in self._rows("rewrites", 4)
        ]

    def synonyms(self) -> list[Synonym]:
        """``synonyms*.tsv``: words parted by ``=`` (either way) or ``>`` (the left may mean the right), weight, source."""
        return [
            pair for words, weight, source in self._rows("synonyms", 3) for pair in _pairs(words, float(weight), source)
        ]

    def weights(self) -> dict[str, float]:
        """``weights.tsv``: word, how much it counts beside an ordinary word (1), why."""
        return {word: float(weight) for word, weight, _ in self._rows("weights", 3)}

    def alternatives(self) -> dict[str, list[str]]:
        """``alternatives.tsv``: words of the book that join things of which one is enough, those things, source."""
        return {
            printed: [part.strip() for part in parts.split("|")] for printed, parts, _ in self._rows("alternatives", 3)
        }

    def frames(self) -> dict[str, str]:
        """``frames.tsv``: for each wording its frame."""
        return {wording: frame for frame, wordings, _ in self._rows("frames", 3) for wording in wordings.split("|")}

    def sayings(self) -> list[tuple[str, str]]:
        """``sayings.tsv``: wordings parted by ``|``, what they say in other words (``-`` nothing, ``?`` a detail: how, when, whose or where to), source."""
        return [(wording, meaning) for wordings, meaning, _ in self._rows("sayings", 3) for wording in wordings.split("|")]

    def framed_codes(self) -> list[tuple[str, str, str]]:
        """``framed-codes.tsv``: frame, beginning of the code of a condition, the code that is meant, source."""
        return [(frame, beginning, code) for frame, beginning, code, _ in self._rows("framed-codes", 4)]

    def roles(self) -> list[Role]:
        """``roles.tsv``: words, the group of which only one is meant (``-`` for none), two factors, why."""
        return [
            Role(word, None if group == "-" else group, float(unsaid), float(unmet))
            for words, group, unsaid, unmet, _ in self._rows("roles", 5)
            for word in words.split()
        ]

    def endings(self) -> dict[str, str]:
        """``endings.tsv``: the end of a drug's name, a drug of the same class that ``terms-drugs.tsv`` knows, source."""
        return {ending: drug for ending, drug, _ in self._rows("endings", 3)}

    def _files(self, stem: str) -> list[Traversable]:
        found = (file for file in self.folder.iterdir() if file.name.startswith(stem) and file.name.endswith(".tsv"))
        return sorted(found, key=lambda file: file.name)

    def _rows(self, stem: str, columns: int) -> Iterator[list[str]]:
        for file in self._files(stem):
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                if not line.strip() or line.startswith("#"):
                    continue
                cells = [cell.strip() for cell in line.split("\t")]
                if len(cells) != columns:
                    raise ValueError(f"{file.name}, line {number}: {len(cells)} columns instead of {columns}.")
                yield cells


def _codes(cell: str) -> tuple[str, ...]:
    return tuple(code.strip() for code in cell.split(",") if code.strip())


def _pairs(words: str, weight: float, source: str) -> Iterator[Synonym]:
    if ">" in words:
        typed, printed = (side.split() for side in words.split(">"))
        yield from (Synonym(one, other, weight, source) for one in typed for other in printed)
        return
    group = [word.strip() for word in words.split("=")]
    yield from (Synonym(one, other, weight, source) for one in group for other in group if one != other)
