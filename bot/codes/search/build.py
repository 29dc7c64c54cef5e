"""Builds the packed search index of an edition."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import log

import numpy as np

from bot.codes.entry import plain_code
from bot.codes.official import Entry, with_dot
from bot.codes.search.corekeys import core_keys
from bot.codes.search.knowledge import Knowledge
from bot.codes.search.pack import Array, Arrays, pack_texts
from bot.codes.search.roles import role_arrays
from bot.codes.search.sayings import Sayings
from bot.codes.search.slips import letters_key, typo_arrays
from bot.codes.search.texts import CODE_KINDS, SearchText, TextKind, search_texts
from bot.codes.search.words import sound, split_words, stem
from storage.words import ConceptKind

#: Words that turn what follows into its absence, up to the next comma.
NEGATIONS = frozenset({"without", "not", "no"})
ABSENT = "~"
#: "without loss of consciousness" denies consciousness too; "without foreign body of left thumb" does not deny the thumb.
ABSENT_OF = frozenset({"loss", "mention", "evidence", "history", "sign", "signs", "exposure"})
#: How much a word that is nonessential (in brackets) or named as absent counts against a text when nobody asked for it.
NONESSENTIAL, ABSENCE = 0.15, 0.08
#: Endings that make one word of another: obstruction, obstructive. The rest must agree, in at least this many letters.
ROOT_LETTERS = 5
ENDINGS = (
    "ically", "ations", "ation", "ative", "ating", "ated", "ical", "itis", "itic", "osis", "otic", "ities", "ity", "ious", "eous", "ous", "ions", "ion",
    "ive", "ing", "ed", "ies", "ier", "ial", "ic", "al", "ary", "ar", "ia", "ae", "um", "us", "is", "es", "er", "ent", "ant", "ency", "ancy", "ence",
    "ance", "ment", "ism", "ist", "ly", "y", "e", "a", "s", "n", "",
)  # fmt: skip
FAMILY = 0.85
#: How readily a kind of text is meant, and what each further code of one wording loses.
KIND_TRUST = {
    TextKind.TITLE: 1.0, TextKind.INCLUSION: 1.0, TextKind.INCLUDES: 0.97, TextKind.REFERENCE: 0.93, TextKind.KNOWN: 1.03,
    TextKind.INDEX: 1.0, TextKind.EXTERNAL_CAUSE_INDEX: 1.0, TextKind.NEOPLASM_TABLE: 1.0, TextKind.DRUG_TABLE: 1.0, TextKind.PART: 0.985,
}  # fmt: skip
RANK_COST = 0.02
#: A manifestation code is never the first answer to a plain question (guideline I.A.13).
MANIFESTED, MANIFESTATION = re.compile(r"classified elsewhere$|in other (specified )?diseases"), 0.94


#: For each stem, the stems it may stand for and how surely.
Related = defaultdict[int, dict[int, float]]


@dataclass(slots=True)
class _Words:
    """Stems numbered as they come, and the spellings that lead to each."""

    number: dict[str, int] = field(default_factory=dict)
    spelled: dict[str, int] = field(default_factory=dict)

    def of(self, word: str) -> int:
        """The number of a word's stem."""
        found = self.spelled.get(word)
        if found is None:
            found = self.spelled[word] = self.number.setdefault(stem(word), len(self.number))
            self.spelled.setdefault(stem(word), found)
        return found

    def absent(self, word: str) -> int:
        """The number of a word's stem where it is said to be absent."""
        return self.number.setdefault(ABSENT + stem(word), len(self.number))


def build_arrays(entries: Sequence[Entry], knowledge: Knowledge) -> Arrays:
    """The whole index of an edition as arrays (:mod:`bot.codes.search.arrays` says what each holds)."""
    codes = [entry for entry in entries if entry.kind in CODE_KINDS]
    words = _Words()
    for pair in knowledge.synonyms():
        words.of(pair.typed)
    arrays = _code_arrays(codes)
    texts = list(search_texts(entries, knowledge))
    table_words = _seventh_words(codes, words)
    arrays |= _text_arrays(texts, words, table_words, _code_trust(entries, knowledge), knowledge)
    arrays |= _wording_arrays(texts, knowledge.sayings())
    related = _related(words, knowledge)
    arrays |= _word_arrays(words, knowledge, arrays["posting_borders"], related)
    arrays |= role_arrays(words.number, knowledge.roles(), knowledge.conditions(), related)
    arrays |= typo_arrays(list(words.spelled))
    arrays["core_keys"] = core_keys(arrays)
    return arrays


def _code_arrays(codes: Sequence[Entry]) -> Arrays:
    place = {entry.position: at for at, entry in enumerate(codes)}
    parent = np.array([place.get(entry.parent if entry.parent is not None else -1, -1) for entry in codes], np.int32)
    end = np.arange(1, len(codes) + 1, dtype=np.int32)
    for at in range(len(codes) - 1, -1, -1):
        if parent[at] >= 0:
            end[parent[at]] = max(end[parent[at]], end[at])
    meanings: dict[str, int] = {}
    seventh = np.full(len(codes), -1, np.int16)
    for at, entry in enumerate(codes):
        if entry.extended:
            seventh[at] = meanings.setdefault(entry.title[len(codes[parent[at]].title) + 2 :], len(meanings))
    plain = np.array([plain_code(entry.code) for entry in codes], "S")
    titles, title_borders = pack_texts(["" if entry.extended else entry.title for entry in codes])
    sevenths, seventh_borders = pack_texts(list(meanings))
    return {
        "code": plain,
        **_printed(codes),
        "code_order": np.argsort(plain, kind="stable").astype(np.int32),
        "parent": parent,
        "end": end,
        "billable": np.array([entry.billable for entry in codes], np.bool_),
        "extended": np.array([entry.extended for entry in codes], np.bool_),
        "seventh": seventh,
        "titles": titles,
        "title_borders": title_borders,
        "meanings": sevenths,
        "meaning_borders": seventh_borders,
    }


def _printed(codes: Sequence[Entry]) -> Arrays:
    """How codes are printed, where that is not with the dot of ICD-10-CM: none of these keys is there then."""
    if all(entry.code == with_dot(plain_code(entry.code)) for entry in codes):
        return {}
    body, borders = pack_texts([entry.code for entry in codes])
    return {"printed": body, "printed_borders": borders}


def _seventh_words(codes: Sequence[Entry], words: _Words) -> dict[int, set[int]]:
    """For each code that takes a 7th character, the words of the meanings it may take."""
    found: dict[int, set[int]] = {}
    stem_at = -1
    for at, entry in enumerate(codes):
        if not entry.extended:
            stem_at = at
            continue
        meaning = entry.title[len(codes[stem_at].title) :]
        found.setdefault(stem_at, set()).update(words.of(word) for word in split_words(meaning))
    return found


def weigh_words(text: str, words: _Words) -> dict[int, float]:
    """The words of a text with how essential each is: 1, or little for what stands in brackets or is said to be absent."""
    weights: dict[int, float] = {}
    for part, nonessential in _parts(text):
        absent, before = False, ""
        for word in split_words(part):
            absent = absent and (word != "of" or before in ABSENT_OF)
            before = word
            if absent and word not in ("and", "or", "with"):
                weights[words.absent(word)] = ABSENCE
                continue
            at = words.of(word)
            weights[at] = max(weights.get(at, 0.0), NONESSENTIAL if nonessential else 1.0)
            absent = (absent and word != "with") or word in NEGATIONS
    return weights


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Cut at commas and brackets; true for what stands in brackets."""
    depth, start = 0, 0
    for at, sign in enumerate(text + ","):
        if sign in "([)],;:":
            yield text[start:at], depth > 0
            depth = max(0, depth + (sign in "([") - (sign in ")]"))
            start = at + 1


def _trust(text: SearchText, chapters: Sequence[float]) -> float:
    """How readily a text is meant, before any word of it is asked for."""
    return (KIND_TRUST[text.kind] - RANK_COST * text.rank) * chapters[text.concept] * text.trust


def _code_trust(entries: Sequence[Entry], knowledge: Knowledge) -> list[float]:
    """For each code, how readily it is meant when nothing in the question says so."""
    known, trust, found = knowledge.chapters(), 1.0, []
    for entry in entries:
        if entry.kind is ConceptKind.CHAPTER:
            trust = known.get(entry.code, 1.0)
        elif entry.kind in CODE_KINDS:
            found.append(trust * (MANIFESTATION if MANIFESTED.search(entry.title) else 1.0))
    return found


def _text_arrays(
    texts: Sequence[SearchText],
    words: _Words,
    table_words: dict[int, set[int]],
    code_trust: Sequence[float],
    knowledge: Knowledge,
) -> Arrays:
    held = _postings(texts, words, table_words, knowledge)
    bodies, body_borders = pack_texts([text.shown for text in texts])
    return held | {
        "total": np.bincount(held["postings"], held["worth"], len(texts)).astype(np.float32),
        "text_trust": np.array([_trust(text, code_trust) for text in texts], np.float32),
        "text_code": np.array([text.concept for text in texts], np.int32),
        "text_kind": np.array([text.kind for text in texts], np.uint8),
        "title_text": _titles(texts, len(code_trust)),
        "texts": bodies,
        "text_borders": body_borders,
    } | _forward(held["postings"], held["posting_borders"], held["worth"], len(texts))


def _wording_arrays(texts: Sequence[SearchText], rows: Sequence[tuple[str, str]]) -> Arrays:
    """The texts of the wordings coders know, by a key of what they say: of one wording the default first."""
    sayings = Sayings(rows)
    known = np.flatnonzero([text.kind is TextKind.KNOWN for text in texts])
    keys = np.array([letters_key(sayings.told(split_words(texts[at].text))) for at in known.tolist()], np.uint32)
    order = np.argsort(keys, kind="stable")
    packed = "\n".join("\t".join(row) for row in rows)
    return {
        "wording_keys": keys[order],
        "wording_texts": known[order].astype(np.int32),
        "sayings": np.frombuffer(packed.encode() or b"\n", np.uint8),
    }


def _postings(texts: Sequence[SearchText], words: _Words, table_words: dict[int, set[int]], knowledge: Knowledge) -> Arrays:
    """For each stem the texts that hold it, and what it is worth in each: how much it counts, times how essential it is there."""
    holders, shares = _holders(texts, words, table_words)
    stems = range(len(words.number))
    counts = [len(holders[number]) for number in stems]
    value = _word_values(words, knowledge, counts, len(texts))
    borders = np.zeros(len(counts) + 1, np.int32)
    np.cumsum(counts, out=borders[1:])
    return {
        "postings": np.concatenate([np.array(holders[number], np.int32) for number in stems]),
        "posting_borders": borders,
        "worth": np.concatenate([np.array(shares[number], np.float32) * value[number] for number in stems]).astype(np.float32),
        "word_value": value,
    }


def _holders(
    texts: Sequence[SearchText], words: _Words, table_words: dict[int, set[int]]
) -> tuple[defaultdict[int, list[int]], defaultdict[int, list[float]]]:
    """For each stem the texts that hold it, and how essential it is in each; the words of 7th characters may be asked for and need not be."""
    holders: defaultdict[int, list[int]] = defaultdict(list)
    shares: defaultdict[int, list[float]] = defaultdict(list)
    for at, text in enumerate(texts):
        weights = weigh_words(text.words, words)
        for word in table_words.get(text.concept, ()):
            weights.setdefault(word, 0.0)
        for word, weight in weights.items():
            holders[word].append(at)
            shares[word].append(weight)
    return holders, shares


def _titles(texts: Sequence[SearchText], codes: int) -> Array:
    """For each code the text that is its title, -1 for none."""
    title_of = np.full(codes, -1, np.int32)
    for at, text in enumerate(texts):
        if text.kind is TextKind.TITLE:
            title_of[text.concept] = at
    return title_of


def _forward(postings: Array, borders: Array, worth: Array, texts: int) -> Arrays:
    """The same table the other way round: the words of each text."""
    word = np.repeat(np.arange(len(borders) - 1, dtype=np.int32), np.diff(borders))
    order = np.argsort(postings, kind="stable")
    ends = np.zeros(texts + 1, np.int32)
    np.cumsum(np.bincount(postings, minlength=texts), out=ends[1:])
    return {"text_words": word[order], "text_worth": worth[order].astype(np.float32), "text_word_borders": ends}


def _word_values(words: _Words, knowledge: Knowledge, holders: list[int], texts: int) -> Array:
    """How much each stem counts: its rarity, times what the knowledge files say of it."""
    factors = {stem(word): weight for word, weight in knowledge.weights().items()}
    value = np.empty(len(words.number), np.float32)
    for name, number in words.number.items():
        value[number] = rarity(holders[number], texts) * factors.get(name.lstrip(ABSENT), 1.0)
    return value


def rarity(holders: int, texts: int) -> float:
    """Inverse document frequency, between about 0.2 and 1."""
    return max(0.2, log(1 + texts / (1 + holders)) / log(1 + texts))


def _word_arrays(words: _Words, knowledge: Knowledge, borders: Array, related: Related) -> Arrays:
    spellings = sorted(words.spelled)
    used = np.diff(borders)
    starts = np.zeros(len(words.number) + 1, np.int32)
    np.cumsum([len(related[number]) for number in range(len(words.number))], out=starts[1:])
    flat = [pair for number in range(len(words.number)) for pair in sorted(related[number].items())]
    absent = np.full(len(words.number), -1, np.int32)
    for name, number in words.number.items():
        if not name.startswith(ABSENT) and (other := words.number.get(ABSENT + name)) is not None:
            absent[number] = other
    body = np.frombuffer("\n".join(spellings).encode(), np.uint8)
    rewrites = "\n".join(
        f"{' '.join(split_words(row.phrase))}\t{'|'.join(row.meanings)}\t{row.kind}" for row in knowledge.rewrites()
    )
    frames = "\n".join(f"{wording}\t{frame}" for wording, frame in knowledge.frames().items())
    framed = "\n".join("\t".join(row) for row in knowledge.framed_codes())
    endings = "\n".join(f"{ending}\t{drug}" for ending, drug in knowledge.endings().items())
    return {
        "spellings": body,
        "sounds": np.frombuffer("\n".join(sound(word) for word in spellings).encode(), np.uint8),
        "endings": np.frombuffer(endings.encode() or b"\n", np.uint8),
        "frames": np.frombuffer(frames.encode() or b"\n", np.uint8),
        "framed": np.frombuffer(framed.encode() or b"\n", np.uint8),
        "spelling_word": np.array([words.spelled[word] for word in spellings], np.int32),
        "word_uses": used.astype(np.int32),
        "related_borders": starts,
        "related": np.array([other for other, _ in flat], np.int32),
        "related_weight": np.array([weight for _, weight in flat], np.float32),
        "absent_word": absent,
        "rewrites": np.frombuffer(rewrites.encode() or b"\n", np.uint8),
        "weight_words": np.frombuffer(
            "\n".join(f"{word}\t{weight}" for word, weight in sorted(knowledge.weights().items())).encode() or b"\n",
            np.uint8,
        ),
    }


def _related(words: _Words, knowledge: Knowledge) -> Related:
    """Which stems may stand for which: word families by their endings, synonyms from the knowledge files."""
    related: Related = defaultdict(dict)
    families: defaultdict[str, set[int]] = defaultdict(set)
    for name, number in words.number.items():
        for ending in ENDINGS:
            if name.isalpha() and name.endswith(ending) and len(name) - len(ending) >= ROOT_LETTERS:
                families[name[: len(name) - len(ending)]].add(number)
    for family in families.values():
        for one, other in combinations(family, 2):
            related[one][other] = related[other][one] = FAMILY
    for pair in knowledge.synonyms():
        typed, printed = words.of(pair.typed), words.number.get(stem(pair.printed))
        if printed is not None:
            related[typed][printed] = max(pair.weight, related[typed].get(printed, 0.0))
    return related
