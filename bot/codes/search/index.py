"""The search desk of one edition: from a typed line to codes, best first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from heapq import nlargest
from itertools import tee

import numpy as np
from sqlalchemy.exc import OperationalError

from bot.codes.catalogue import Edition, latest_edition, stored_entries
from bot.codes.entry import Certainty, EnteredCode, plain_code, read_code, read_listed_code
from bot.codes.official import ICD_10_CM
from bot.codes.search.choose import Chooser
from bot.codes.search.codetable import CodeTable
from bot.codes.search.core import Cores
from bot.codes.search.frames import Frames
from bot.codes.search.knowledge import Knowledge
from bot.codes.search.lexicon import Lexicon
from bot.codes.search.pack import Arrays, text_at, text_lines, unpack
from bot.codes.search.question import Reader, Reading
from bot.codes.search.rank import COVER_POWER, Match, Ranker
from bot.codes.search.sayings import Sayings
from bot.codes.search.slips import letters_key
from bot.codes.search.store import build_parts, fingerprint, keep_parts, kept_parts, knowledge_of
from bot.codes.search.texts import SHOWN_BY_TITLE, TextKind
from bot.codes.search.words import split_words
from storage.database import Database

#: Below this cover of the best answer, known words are also tried as beginnings and slips of others.
GOOD_COVER = 0.86
LONGEST_LINE = 400
#: A score (0..1) that says the line was answered as it was typed.
ANSWERED = 0.97
#: A score that makes loose readings needless.
GOOD_SCORE = 0.8
#: Below this score a line is taken to be about the wording that stands in it; what is found so is trusted a little less.
PARTLY, ABOUT = 0.35, 0.95
#: Score of a line that is a known wording, times the trust in its text.
WORDED, WORDED_BUT = 1.1, 0.91
#: The same where the line only says the same in other words, and where it also says how, when or whose.
SAID, SAID_IN_DETAIL = 0.95, 0.88
#: Said with the side of what is a disease of them anyway: "glaucoma both eyes".
PAIRED_ORGANS, EYES_AND_EARS = frozenset({"eye", "eyes", "ear", "ears"}), "H"
BEST_IN_WORDS = 99.0
#: Score of codes whose beginning was typed.
BEGUN = 90.0
#: A condition in a frame is taken up from this score on, and what the frame makes of it scores a little less.
WELL_KNOWN, FRAMED = 60.0, 0.96
#: By how much it comes before the condition itself, should that be found in spite of the frame: "mom had breast cancer".
OUTDOES = 0.1
#: For so many codes at the most texts are looked for, and so many more texts than codes, for several lead to the same code; a few more of all readings
#: together are followed to their codes.
MOST_CODES, MORE_TEXTS, STILL_MORE = 20, 12, 4
WHY = {
    TextKind.INCLUSION: "inclusion term",
    TextKind.INCLUDES: "includes",
    TextKind.REFERENCE: "named in a note",
    TextKind.KNOWN: "also called",
    TextKind.INDEX: "index",
    TextKind.EXTERNAL_CAUSE_INDEX: "external cause index",
    TextKind.NEOPLASM_TABLE: "neoplasm table",
    TextKind.DRUG_TABLE: "table of drugs",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer. ``score`` is 0..100; ``why`` says what matched when the title does not show it."""

    code: str
    title: str
    billable: bool
    needs_seventh: bool
    score: float
    why: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    place: int
    score: float
    why: str | None


class CodeIndex:
    """Searches one edition. Read-only after loading; safe to use from several threads."""

    def __init__(self, edition: Edition, arrays: Arrays) -> None:
        self.edition = edition
        self.table = CodeTable(arrays)
        self._arrays = arrays
        lexicon = Lexicon.over(arrays)
        self._reader = Reader(lexicon, arrays)
        self._ranker = Ranker(arrays)
        self._chooser = Chooser(arrays, lexicon)
        self._cores = Cores(arrays)
        self._sayings = Sayings((wording, meaning) for wording, meaning in text_lines(arrays["sayings"]))
        self._frames = Frames(
            dict(text_lines(arrays["frames"])), [(one, two, three) for one, two, three in text_lines(arrays["framed"])]
        )

    @classmethod
    def load(cls, database: Database, edition: Edition | None = None, knowledge: Knowledge | None = None) -> CodeIndex:
        """The index of an edition (the newest ICD-10-CM when none is named) from the database; built and kept when it is not there.

        :raises NoEdition: when no edition is loaded.
        """
        with database.read() as session:
            edition = edition or latest_edition(session)
            knowledge = knowledge or knowledge_of(edition.system)
            data = kept_parts(session, edition.id, fingerprint(edition.source_digest, knowledge))
        return cls(edition, unpack(data if data is not None else _rebuild(database, edition, knowledge)))

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        """The codes most likely meant, best first; an empty list when nothing is near."""
        line = query[:LONGEST_LINE]
        entered = (
            read_code(self.table, line) if self.edition.system == ICD_10_CM else read_listed_code(self.table, line)
        )
        found = self._entered(entered, limit) if entered else self._told(line, limit)
        return [self._hit(one) for one in found[:limit]]

    def hit(self, place: int, score: float = 100.0, why: str | None = None) -> Hit:
        """A code by its place, as an answer."""
        return self._hit(_Found(place, score, why))

    def _hit(self, found: _Found) -> Hit:
        table, at = self.table, found.place
        return Hit(
            table.code(at),
            table.title(at),
            bool(table.billable[at]),
            table.needs_seventh(at),
            round(found.score, 1),
            found.why,
        )

    def _entered(self, entered: EnteredCode, limit: int) -> list[_Found]:
        score, why = _certainty(entered, self.table.code(entered.place))
        others = entered.instead or tuple(self.table.children(entered.place))
        if entered.certainty is Certainty.BEGINNING:
            return [_Found(place, BEGUN, None) for place in (entered.place, *others)]
        found = [_Found(entered.place, score, why)]
        return found + [_Found(place, score - 10, None) for place in others[: limit - 1] if place != entered.place]

    def _told(self, line: str, limit: int) -> list[_Found]:
        """Answers to a line in words; where a condition is told in a frame ("history of"), what the frame makes of it is among them."""
        found = self._in_words(line, limit)
        framed = self._frames.around(split_words(line))
        condition = self._in_words(framed.condition, 1) if framed else []
        if framed is None or not condition or condition[0].score < WELL_KNOWN:
            return found
        code = self._frames.code(framed.frame, self.table.code(condition[0].place))
        place = self.table.find(plain_code(code)) if code else None
        if place is None:
            return found
        unframed = max((one.score for one in found if one.place == condition[0].place), default=0.0)
        score = max(FRAMED * condition[0].score, unframed + OUTDOES)
        made = _Found(place, score, f"{framed.frame} of {self.table.title(condition[0].place)}")
        others = [one for one in found if one.place != place]
        known = next((one for one in found if one.place == place and one.score >= made.score), made)
        return sorted([known, *others], key=lambda one: -one.score)

    def _in_words(self, line: str, limit: int) -> list[_Found]:
        texts = min(limit, MOST_CODES) + MORE_TEXTS
        first, readings, again = tee(self._reader.readings(line), 3)
        matches = self._as_worded(line, next(first))
        self._gather(matches, readings, texts)
        best = max(matches, key=lambda pair: pair[1].score, default=None)
        if best is None or best[1].cover < GOOD_COVER:
            self._gather(matches, [self._reader.widened(line, best[0].told if best else None)], texts)
        if max((match.score for _, match in matches), default=0.0) < PARTLY:
            self._gather(matches, self._about(again), texts)
        matches.sort(key=lambda pair: -pair[1].score)
        return self._settle(matches[: texts + STILL_MORE], limit)

    def _as_worded(self, line: str, reading: Reading) -> list[tuple[Reading, Match]]:
        """The texts of a known wording that is the whole line, letter for letter, or all of it but the side and what was done.

        They come before anything that only comes close.
        """
        words = split_words(line)
        if texts := self._wording(words):
            return self._worded(reading, texts, WORDED, named=False)
        rest = self._reader.bare(words)
        if texts := (self._wording(rest) or self._of_paired_organs(rest)) if rest != words else []:
            return self._worded(reading, texts, WORDED_BUT, named=True)
        return self._as_said(reading, rest)

    def _as_said(self, reading: Reading, words: list[str]) -> list[tuple[Reading, Match]]:
        """The texts of the known wordings that say the same as these words of the line, or as much of them as is not a mere detail."""
        for worth, details in ((SAID, True), (SAID_IN_DETAIL, False)):
            if texts := self._saying(self._sayings.told(words, details=details)):
                return self._worded(reading, texts, worth, named=True)
        return []

    def _wording(self, words: list[str]) -> list[int]:
        """The texts of a known wording, the default first."""
        wording = " ".join(words)
        return [text for text in self._kept(self._sayings.told(words)) if self._text(text) == wording]

    def _saying(self, told: str) -> list[int]:
        """The texts of the known wordings that say this."""
        return [text for text in self._kept(told) if self._sayings.told(split_words(self._text(text))) == told] if told else []

    def _kept(self, told: str) -> list[int]:
        """The texts kept under the key of what they say."""
        keys, key = self._arrays["wording_keys"], np.uint32(letters_key(told))
        found: list[int] = self._arrays["wording_texts"][keys.searchsorted(key) : keys.searchsorted(key, "right")].tolist()
        return found

    def _text(self, text: int) -> str:
        return text_at(self._arrays["texts"], self._arrays["text_borders"], text)

    def _of_paired_organs(self, words: list[str]) -> list[int]:
        """The texts of a known disease of eyes or ears that was said with them: "glaucoma both eyes"."""
        texts = self._wording([word for word in words if word not in PAIRED_ORGANS])
        return [text for text in texts if self.table.code(int(self._arrays["text_code"][text])).startswith(EYES_AND_EARS)]

    def _worded(self, reading: Reading, texts: list[int], worth: float, *, named: bool) -> list[tuple[Reading, Match]]:
        """Matches of whole wordings; ``named``: the line also names a side."""
        sides = self._cores.sides(reading.asked) if named else ()
        absent = [True] * len(sides)
        return [(reading, Match(text, worth * float(self._arrays["text_trust"][text]), 1.0, sides, absent)) for text in texts]

    def _about(self, readings: Iterable[Reading]) -> Iterator[Reading]:
        """The readings of the wording a line is about, where nothing answers the whole of it."""
        weighed = ((reading, self._cores.weighed(reading.asked)) for reading in readings)
        return (replace(reading, asked=asked, trust=ABOUT * reading.trust) for reading, asked in weighed if asked)

    def _gather(self, matches: list[tuple[Reading, Match]], readings: Iterable[Reading], texts: int) -> None:
        """Add so many of the best texts of each reading; when one is answered in full, no further reading is tried.

        Texts that cannot be among those followed to their codes, for so many better ones are known, are left out.
        """
        best, followed = 0.0, texts + STILL_MORE
        for reading in readings:
            if best >= (GOOD_SCORE if reading.loose else ANSWERED):
                break
            floor = nlargest(followed, (match.score for _, match in matches))[-1] if len(matches) >= followed else 0.0
            found = self._ranker.rank(reading, texts, floor)
            matches += [(reading, match) for match in found]
            best = max(best, found[0].score if found else 0.0)

    def _settle(self, matches: list[tuple[Reading, Match]], limit: int) -> list[_Found]:
        """From texts to codes, each once, at its best; texts that cannot come before the last of ``limit`` codes are not followed."""
        best: dict[int, tuple[float, int, Reading]] = {}
        floor = 0.0
        for reading, match in matches:
            left = match.left
            if match.score < floor * (match.cover**COVER_POWER if left else 1.0):
                continue
            text = match.text
            place, gained = self._chooser.choose(int(self._arrays["text_code"][text]), left, reading.meant)
            score = match.score
            if gained:
                whole = sum(one.value for one in reading.asked)
                score *= min(1.0, (match.cover + gained / whole)) ** COVER_POWER / match.cover**COVER_POWER
            if place not in best or best[place][0] < score:
                best[place] = (score, text, reading)
                if len(best) >= limit and score > floor:
                    floor = nlargest(limit, (known for known, _, _ in best.values()))[-1]
        ordered = sorted(best.items(), key=lambda found: -found[1][0])[:limit]
        return [
            _Found(place, min(BEST_IN_WORDS, 100 * score), self._why(place, text, reading))
            for place, (score, text, reading) in ordered
        ]

    def _why(self, place: int, text: int, reading: Reading) -> str | None:
        """What matched, unless the title shows it: the wording, or which shorthand was read as what."""
        kind = TextKind(int(self._arrays["text_kind"][text]))
        if not reading.told and self._chooser.shows(place, reading.asked):
            return None
        if kind in SHOWN_BY_TITLE:
            return reading.told
        return f"{WHY[kind]}: {self._text(text)}"


def _certainty(entered: EnteredCode, code: str) -> tuple[float, str | None]:
    if entered.certainty is Certainty.EXACT:
        return 100.0, None
    if entered.certainty is Certainty.CORRECTED:
        return 95.0, f"{entered.typed} read as {code}"
    return 80.0, f"{entered.typed} does not exist; {code} is the nearest above it"


def _rebuild(database: Database, edition: Edition, knowledge: Knowledge) -> bytes:
    """Build from the stored catalogue and keep it for the other processes; where another process is writing, the next start keeps it."""
    with database.read() as session:
        entries = list(stored_entries(session, edition))
    mark, parts = build_parts(edition.system, edition.source_digest, entries, knowledge)
    try:
        with database.write() as session:
            keep_parts(session, edition.id, mark, parts, datetime.now(UTC))
    except OperationalError:
        pass
    return b"".join(parts)
