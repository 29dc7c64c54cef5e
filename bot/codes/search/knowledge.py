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

    def neoplasms(self) -> list[KnownTerm]:
        """``neoplasms.tsv``: a site and its code for each behavior, in the order of :data:`BEHAVIORS`; ``-`` where there is none."""
        return [
            KnownTerm(f"{behavior} of {site}", (code,), "neoplasm", "behavior by site")
            for site, *codes in (self._rows("neoplasms", 1 + len(BEHAVIORS)) if self.diagnoses else ())
            for behavior, code in zip(BEHAVIORS, codes, strict=True)
            if code != "-"
        ]

    def drugs(self) -> list[KnownTerm]:
        """What may happen with each drug of ``terms-drugs.tsv``, with the code of each: the sixth character tells (guideline I.C.19.e)."""
        return [
            KnownTerm(happening.format(term.phrase), (with_dot(code.replace(".", "").ljust(DRUG_STEM, "X") + character),), "drug", term.source)
            for term in self.terms()
            if term.kind == "drug"
            for code in term.codes
            for character, happening in HAPPENINGS.items()
        ]

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
        return [pair for words, weight, source in self._rows("synonyms", 3) for pair in _pairs(words, float(weight), source)]

    def weights(self) -> dict[str, float]:
        """``weights.tsv``: word, how much it counts beside an ordinary word (1), why."""
        return {word: float(weight) for word, weight, _ in self._rows("weights", 3)}

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
