"""Names of patients and of their families, told from names of colleagues, providers, diseases and places by the words beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.privacy import name_cues as cues
from bot.privacy.findings import Hit, Label
from bot.privacy.lexicon import Kind
from bot.privacy.name_cues import Level
from bot.privacy.name_judging import PATIENT_KINDS, is_at_work, is_patient, is_provider, level_beside
from bot.privacy.name_reading import STOPS, Name, read_name
from bot.privacy.words import Role, Words

_TITLED = ("pt", "mr", "mrs", "ms", "re", "st", "miss")
_AWAY = ("with", "to", "for", "from", "w", "by", "on", "the")
_IS = ("is", "was", "are", "as")


@dataclass(frozen=True, slots=True)
class _Cue:
    """What the words before a name say; ``title`` is the index of a title that belongs to the name."""

    level: Level
    title: int | None = None


@dataclass(frozen=True, slots=True)
class _Before:
    """The name found before: where its words end, and how sure it was."""

    last: int
    level: Level


def find_names(words: Words, hits: Sequence[Hit], roster: frozenset[str]) -> Iterator[Hit]:
    """Names in the text.

    :param hits: identifiers found so far: a name beside one is a patient's.
    :param roster: names of colleagues in small letters, full names and single ones.
    """
    at, before = 0, None
    has_identifier = any(hit.label in PATIENT_KINDS for hit in hits)
    while at < len(words.items):
        possible = words.items[at].role is not Role.ORDINARY or bool(words.items[at].kinds & Kind.SURNAME_COMMON)
        cue = _cue(words, at, before) if possible else _Cue(Level.NONE)
        name = read_name(words, at, cue.level) if possible else None
        if name is None:
            at += 1
            continue
        if is_provider(words, name):
            at = name.last
            continue
        level = max(cue.level, level_beside(words, name, hits))
        if is_patient(words, name, level, has_identifier=has_identifier) and not is_at_work(words, name, level, roster):
            name = _widened(words, name, hits)
            yield from _given_before_and(words, name)
            yield _hit(words, name, cue, level)
            before = _Before(name.last, max(level, Level.STRONG if name.last - name.first > 1 else Level.MEDIUM))
            at = name.last
        else:
            at = name.last if name.last - name.first > 1 and level < Level.MEDIUM else at + 1


def _widened(words: Words, name: Name, hits: Sequence[Hit]) -> Name:
    """The name with a given name nobody knows before it, and with a surname that is also a word between it and an identifier."""
    first, last, items = name.first, name.last, words.items
    unknown = first > 0 and items[first - 1].role is Role.UNKNOWN and words.gap(first) == " "
    if unknown and not words.lexicon.looks_misspelt(items[first - 1].small):
        first -= 1
    if last < len(items) and words.gap(last) == " " and items[last].kinds & Kind.SURNAME_COMMON:
        last += any(0 < hit.start - items[last].end <= 2 for hit in hits)
    return Name(first, last, name.comma)


def _hit(words: Words, name: Name, cue: _Cue, level: Level) -> Hit:
    first = name.first if cue.title is None else cue.title
    last = words.items[name.last - 1]
    dot = last.role is Role.INITIAL and words.text[last.end : last.end + 1] == "."
    return Hit(words.items[first].start, last.end + dot, Label.NAME, level is Level.DIRECT)


def _cue(words: Words, at: int, before: _Before | None) -> _Cue:
    """What the words before word ``at`` say of it."""
    items = words.items
    if "\x00" in words.gap(at)[-6:]:
        return _Cue(Level.WEAK)  # right after a reference: "RR-2F7KQ is X"
    if at == 0 or (STOPS.search(words.gap(at)) and items[at - 1].small not in _TITLED):
        return _Cue(Level.NONE)
    if before and _goes_on(words, at, before):
        return _Cue(before.level)
    return _title_before(words, at) or _Cue(_level_before(words, at))


def _title_before(words: Words, at: int) -> _Cue | None:
    """The cue of a title (Mrs), of "goes by" or of "baby girl", or None."""
    items = words.items
    if at > 1 and (items[at - 2].small, items[at - 1].small) in cues.ALIAS:
        return _Cue(Level.DIRECT)
    title = items[at - 1]
    if title.small in cues.TITLES and not words.text[max(0, title.start - 2) : title.start].strip().isdigit():
        return _Cue(Level.STRONG, at - 1)
    if _is_newborn(words, at - 1):
        return _Cue(Level.STRONG, at - 2 if at > 1 and items[at - 2].small == "baby" else None)
    return None


def _goes_on(words: Words, at: int, before: _Before) -> bool:
    """ "X and Y", "X, Y", "last name X first name Y": what was said of X holds for Y."""
    between = [item.small for item in words.items[before.last : at]]
    if not between:
        return words.gap(at).strip() in (",", "&", "/", "+")
    joined = len(between) == 1 and between[0] in cues.AND
    return joined or (len(between) <= 3 and all(word in cues.NAME_PARTS for word in between))


def _level_before(words: Words, at: int) -> Level:
    items, back = words.items, at - 1
    while (
        back > 0
        and at - back < 5
        and items[back].small in cues.BACK_OVER - cues.PATIENT
        and not STOPS.search(words.gap(back))
    ):
        back -= 1
    cue = items[back].small
    between = [item.small for item in items[back + 1 : at]]
    last = between[-1] if between else ""
    if cue in cues.NAME_WORDS and (not between or last in _IS):
        return Level.DIRECT
    if cue in cues.PATIENT:
        return Level.WEAK if last in _AWAY or last in _IS or last == "of" else Level.DIRECT
    if cue in cues.RELATIVES or _is_newborn(words, back):
        return Level.WEAK if last in _AWAY else Level.STRONG
    if cue in ("re", "regarding") and not between:
        return Level.MEDIUM
    if between and last != "by" and (cue in cues.RECORDS or cue in cues.SPEAKING):
        return Level.MEDIUM if last in ("for", "of", "on", "with", "to", "w", "from") else Level.WEAK
    return (
        Level.WEAK if items[at - 1].small in cues.PREPOSITIONS or items[at - 1].small in cues.SPEAKING else Level.NONE
    )


def _is_newborn(words: Words, back: int) -> bool:
    word = words.items[back].small
    if word in ("bb", "bg", "babyboy", "babygirl", "newborn", "infant"):
        return True
    return back > 0 and word in cues.NEWBORN and words.items[back - 1].small in ("baby", "newborn", "infant")


def _given_before_and(words: Words, name: Name) -> Iterator[Hit]:
    """The given name before "and": "John and Jane Doe"."""
    at = name.first
    if at < 2 or words.items[at - 1].small not in ("and", "&") or name.last - at < 2:
        return
    other = words.items[at - 2]
    asked = at > 2 and words.items[at - 3].small in cues.COWORKER_BEFORE
    if other.role is Role.GIVEN and (other.capital or words.loud) and not asked:
        yield Hit(other.start, other.end, Label.NAME)
