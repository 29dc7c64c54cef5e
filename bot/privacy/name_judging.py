"""Judging a name that was read: a patient's or their family's, or somebody's at work."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.privacy import name_cues as cues
from bot.privacy.findings import Hit, Label
from bot.privacy.lexicon import Kind
from bot.privacy.name_cues import Level
from bot.privacy.name_reading import STOPS, Name
from bot.privacy.words import Role, Word, Words

#: Kinds that belong to patients: a name beside one is the patient's.
PATIENT_KINDS = frozenset({
    Label.MRN, Label.DOB, Label.SSN, Label.SSN_LAST4, Label.MBI, Label.MEMBER_ID, Label.ACCOUNT, Label.PHONE, Label.EMAIL, Label.ADDRESS,
    Label.DATE, Label.AGE90, Label.LICENSE,
})  # fmt: skip
#: How much each role speaks for a name where no cue does; a name needs one word that is surely a name and about 2.5 together.
WEIGHT = {
    Role.ORDINARY: 0.0,
    Role.BOTH: 0.6,
    Role.EPONYM: 0.6,
    Role.UNKNOWN: 1.0,
    Role.INITIAL: 0.6,
    Role.SURNAME: 1.5,
    Role.GIVEN: 2.0,
}
#: A name at the head of a line: "Delgado - sepsis", "Lindholm: path addendum".
_HEADS = re.compile(r"\s?(?:-|:|\|)\s")
_OTHER_CLAUSE = re.compile(r"[.!?;\x00]\s|\b(?:is|was|to|the|due|by|at)\b")


def level_beside(words: Words, name: Name, hits: Sequence[Hit]) -> Level:
    """STRONG when a record number, birth date or the like stands right beside the name."""
    start, end = words.items[name.first].start, words.items[name.last - 1].end
    for hit in hits:
        if hit.label in PATIENT_KINDS and (0 <= hit.start - end <= 16 or 0 <= start - hit.end <= 4):
            gap = words.text[end : hit.start] if hit.start >= end else words.text[hit.end : start]
            if not _OTHER_CLAUSE.search(gap):
                return Level.STRONG
    return Level.NONE


def is_patient(words: Words, name: Name, level: Level, *, has_identifier: bool) -> bool:
    """Whether the name counts, as far as the words of it and before it tell.

    :param has_identifier: whether the text holds any identifier of a patient.
    """
    items = words.items[name.first : name.last]
    parts = [item for item in items if item.small not in cues.PARTICLES or item.role >= Role.SURNAME] or items
    if all(part.role is Role.INITIAL for part in parts):
        return False
    if len(parts) == 1:
        return _is_lone_name(words, name, parts[0], level, has_identifier=has_identifier)
    if "/" in words.text[parts[0].start : parts[-1].end]:
        return level >= Level.STRONG and any(part.role is Role.SURNAME for part in parts)
    return _is_full_name(words, name, parts, level)


def is_provider(words: Words, name: Name) -> bool:
    """ "Dr. X", "surgeon X", "Drs. X and Y", "X MD", "X, PA-C": a provider's name does not count."""
    items, first = words.items, name.first
    if first and items[first - 1].small in cues.PROVIDER_BEFORE and words.gap(first).strip() in ("", ".", ":", "-"):
        title = items[first - 1]
        return title.upper or words.loud or title.small not in ("rn", "pa", "md", "np", "do")
    if (
        first > 2
        and items[first - 1].small in cues.AND
        and items[first - 2].role >= Role.BOTH
        and items[first - 3].small in cues.PROVIDER_BEFORE
    ):
        return True
    if (
        name.last >= len(items)
        or items[name.last].small not in cues.CREDENTIALS
        or words.gap(name.last) not in (" ", ", ", ",", "-")
    ):
        return False
    after = items[name.last]
    return after.small not in ("do", "pa") or (after.upper and not words.loud)


def is_at_work(words: Words, name: Name, level: Level, roster: frozenset[str]) -> bool:
    """Whether the name is a colleague's: on the roster, thanked or asked, or doing what colleagues do.

    :param roster: full names and single names of colleagues, in small letters.
    """
    if level >= Level.STRONG:
        return False
    spelled = " ".join(item.small for item in words.items[name.first : name.last])
    if spelled in roster or (level <= Level.WEAK and spelled in words.lexicon.cities):
        return True
    return _is_addressed(words, name) or _works(words, name)


def _is_addressed(words: Words, name: Name) -> bool:
    """ "thanks X", "ask X", "big thanks to X", "coded by X", "assigned to X"."""
    items, first = words.items, name.first
    if not first or STOPS.search(words.gap(first)):
        return False
    cue = items[first - 1].small
    if cue in cues.COWORKER_BEFORE:
        return True
    if cue == "by":
        return not cues.SIGNED_PAPER.search(words.text.lower(), max(0, items[first].start - 60), items[first].start)
    if cue in ("to", "with") and first > 1 and items[first - 2].small in cues.WORK_DONE:
        return True
    thanks = any(item.small.startswith(cues.THANKS) for item in items[max(0, first - 4) : first - 1])
    return thanks and cue in ("to", "so", "you", "again", "much")


def _works(words: Words, name: Name) -> bool:
    """ "X is out", "X will review", "X in CDI"."""
    end = words.items[name.last - 1].end
    if cues.STAFF_DOES.match(words.text[end : end + 60].lower()):
        return True
    following = [item.small for item in words.items[name.last : name.last + 2]]
    return len(following) == 2 and following[0] in ("in", "from", "at", "over") and following[1] in cues.DEPARTMENTS


def _is_full_name(words: Words, name: Name, parts: list[Word], level: Level) -> bool:
    sure = any(part.role >= Role.SURNAME for part in parts)
    if level >= Level.MEDIUM and (sure or any(part.role >= Role.UNKNOWN for part in parts)):
        return True
    capital = parts[0].capital and not words.loud
    if level >= Level.STRONG:
        return capital
    if parts[0].small in cues.VERBS and parts[1].role is Role.GIVEN and not parts[1].kinds & Kind.SURNAME_COMMON:
        return False  # "Will Keisha cover"
    if level and capital and all(part.role is Role.UNKNOWN and len(part.small) > 3 for part in parts):
        return True
    weight = sum(
        WEIGHT[part.role] + (0.6 if part.role in (Role.BOTH, Role.EPONYM) and part.kinds & Kind.GIVEN_COMMON else 0)
        for part in parts
    )
    if name.comma:
        return weight >= 1.6
    return sure and weight >= (2.5 if capital else 2.6) - (0.5 if level else 0)


def _is_lone_name(words: Words, name: Name, word: Word, level: Level, *, has_identifier: bool) -> bool:
    capital = words.capital(name.first)
    if level >= Level.STRONG:
        month = word.small in cues.MONTHS and name.first > 0 and words.items[name.first - 1].small in cues.BEFORE_MONTHS
        titled = name.first > 0 and words.items[name.first - 1].small in cues.TITLES
        return word.name_like or titled or (not month and capital and word.role in (Role.BOTH, Role.EPONYM))
    if _owns(words, name, word, capital=capital) or _does_as_patients_do(words, word, capital=capital):
        return True
    if word.possessive or word.role is Role.BOTH:
        return False
    if word.role is Role.GIVEN:
        told = has_identifier or _is_of_clinical_paper(words, name.first)
        return level is Level.MEDIUM and told and (capital or words.loud)
    if level is Level.MEDIUM:
        return word.role in (Role.SURNAME, Role.UNKNOWN) or capital
    return _is_lone_surname(words, name, word, level, capital=capital)


def _is_lone_surname(words: Words, name: Name, word: Word, level: Level, *, capital: bool) -> bool:
    """A surname with little or nothing to announce it: in the middle of a sentence, and no town, disease or device."""
    if word.small in words.lexicon.cities or _medical_follows(words, name):
        return False
    if words.loud and level is Level.WEAK and word.role is Role.SURNAME and word.kinds & Kind.SURNAME_COMMON:
        return name.first > 0 and words.items[name.first - 1].small in (
            "for",
            "on",
            "re",
            "about",
            "regarding",
            "at",
            "see",
            "of",
        )
    if not name.first and word.role is Role.SURNAME and (capital or words.loud) and _HEADS.match(words.text, word.end):
        return True
    if not capital or word.upper:
        return False
    surname = word.role is Role.SURNAME and (name.first > 0 or level is Level.WEAK)
    return surname or (level is Level.WEAK and word.role is Role.UNKNOWN)


def _does_as_patients_do(words: Words, word: Word, *, capital: bool) -> bool:
    """ "Okonkwo was admitted", "Kathleen is the pt"."""
    if word.role in (Role.BOTH, Role.ORDINARY) or not (capital or words.loud):
        return False
    tail = words.text[word.end : word.end + 60].lower()
    if not cues.PATIENT_DOES.match(tail):
        return False
    return word.role is not Role.GIVEN or cues.ONLY_PATIENT_DOES.match(tail) is not None


def _owns(words: Words, name: Name, word: Word, *, capital: bool) -> bool:
    """ "Delgado's chart", "the okonkwo chart", "Ezekiel's mom"."""
    if name.last >= len(words.items) or words.gap(name.last) not in (" ", "'s ", "' ", "'s"):
        return False
    owned = words.items[name.last].small
    inside = name.first > 0 and owned in ("chart", "family", "record")
    if word.role is Role.BOTH:
        return capital and (inside or (word.possessive and owned in cues.OWNED_BY_SMALL))
    if word.possessive and word.role in (Role.SURNAME, Role.UNKNOWN) and _owns_further(words, name.last):
        return True
    if word.possessive:
        return owned in cues.OWNED and (word.role is not Role.GIVEN or owned not in cues.OWNED_BY_COLLEAGUES)
    if word.role is Role.EPONYM:
        return inside
    return owned in (cues.OWNED if capital and word.role is not Role.GIVEN else cues.OWNED_BY_SMALL)


def _owns_further(words: Words, index: int) -> bool:
    """ "Prewitt's anesthesia record": ordinary words may stand before the thing owned."""
    for item in words.items[index : index + 3]:
        if item.small in cues.OWNED:
            return True
        if item.role is not Role.ORDINARY:
            return False
    return False


def _is_of_clinical_paper(words: Words, first: int) -> bool:
    """Whether "chart for", "ED note for" or the like stands before."""
    if first < 2 or words.items[first - 1].small not in ("for", "of", "from", "re", "on"):
        return False
    paper = words.items[first - 2].small
    noted = (
        paper in ("note", "notes", "report", "summary")
        and first > 2
        and words.items[first - 3].small in cues.CLINICAL_NOTES
    )
    return noted or paper in cues.CLINICAL


def _medical_follows(words: Words, name: Name) -> bool:
    """A medical word right after it makes a thing of it: "Bugbee fulguration"."""
    if name.last >= len(words.items) or words.gap(name.last) != " ":
        return False
    word = words.items[name.last]
    return bool(word.kinds & Kind.WORD) and not word.capital and word.small not in cues.OWNED
