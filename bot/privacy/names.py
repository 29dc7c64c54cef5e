"""Names of patients and of their families, told from names of colleagues, providers, diseases and places by the words beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.privacy import name_cues as cues
from bot.privacy.findings import Hit, Label
from bot.privacy.lexicon import Kind
from bot.privacy.name_cues import Level
from bot.privacy.words import Role, Word, Words

_STOPS = re.compile(r"[!?;\n|]|\.\s")
_ONLY_BLANK = re.compile(r"[\s:=,#()*_~'\"`/-]{0,6}")
_NOT_LATIN = re.compile(r"[^\x00-\u024f\u2000-\u2bff\ufe00-\ufe0f\U0001f000-\U0001faff]{2,40}")
_INITIALS = re.compile(r"(?i:(?<![a-z])(?:pt|pts|ptn|patient|initials?|name)[\s:.(]{1,3}(?:is |are |w/ )?)((?:[A-Za-z]\.\s?){2,3}(?![A-Za-z]{2}))")
_BARE_INITIALS = re.compile(r"(?i:(?<![a-z])(pt|patient|initials?)[\s:.(]{1,3}(?:is |are )?)([A-Z]{2,3})(?=(?:\s(?:in|room|rm|bed|from|has|needs|chart|dob|mrn|with)\b)|[,)]|$)")
_TITLED_INITIAL = re.compile(r"(?i:(?<![a-z\d])(?:mr|mrs|ms|miss)\.?) [A-Z](?![A-Za-z'-])\.?(?! [A-Z][a-z])")
_EMPLOYER = re.compile(
    r"(?i:(?:employer|employed (?:by|at)|(?:(?:pt|patient|he|she|husband|wife|dad|mom|son|daughter|spouse) (?:still )?work(?:s|ed|ing)? (?:at|for)))(?: is| listed as| name| of record|:| -)*) ?"
    r"((?:[A-Z][\w&'.-]{1,25})(?: (?:of |and |& )?[A-Z][\w&'.-]{1,25}){0,4})"
)
_PATIENT_KINDS = frozenset({Label.MRN, Label.DOB, Label.SSN, Label.SSN_LAST4, Label.MBI, Label.MEMBER_ID, Label.ACCOUNT, Label.PHONE, Label.EMAIL, Label.ADDRESS, Label.DATE, Label.AGE90, Label.LICENSE})


@dataclass(frozen=True, slots=True)
class _Name:
    """Words ``first`` to ``last`` (exclusive) read as one name."""

    first: int
    last: int
    comma: bool


def find_names(words: Words, hits: Sequence[Hit], roster: frozenset[str]) -> Iterator[Hit]:
    """Names in the text.

    :param hits: identifiers found so far: a name beside one is a patient's.
    :param roster: words of coworkers' names, in small letters, each full name a string with blanks.
    """
    at = 0
    has_identifier = any(hit.label in _PATIENT_KINDS for hit in hits)
    before: tuple[int, Level] | None = None
    while at < len(words.items):
        if words.items[at].role is Role.ORDINARY:
            at += 1
            continue
        level, title = _level(words, at, before)
        name = _read_name(words, at, level)
        if name is None:
            at += 1
            continue
        if _is_provider(words, name):
            at = name.last
            continue
        level = max(level, _beside_identifier(words, name, hits))
        if _is_patient(words, name, level, has_identifier=has_identifier) and not _is_at_work(words, name, level, roster):
            before = (name.last, max(level, Level.MEDIUM))
            yield from _joined(words, name, at)
            yield Hit(words.items[title if title is not None else name.first].start, words.items[name.last - 1].end, Label.NAME, level is Level.DIRECT)
            at = name.last
        else:
            at = name.last if name.last - name.first > 1 and level < Level.MEDIUM else at + 1


def find_other_writing(text: str) -> Iterator[Hit]:
    """Words in other scripts than Latin: on this desk they are names."""
    for match in _NOT_LATIN.finditer(text):
        if all(character.isalpha() or character == " " for character in match.group()):
            yield Hit(match.start(), match.end(), Label.NAME)


def find_initials(text: str, words: Words) -> Iterator[Hit]:
    """Initials after "pt" or "initials": "pt U.Q.", "initials KW"."""
    for match in _INITIALS.finditer(text):
        yield Hit(match.start(1), match.start(1) + len(match.group(1).rstrip()), Label.INITIALS)
    for match in _BARE_INITIALS.finditer(text):
        known = words.lexicon.kinds.get(match.group(2).lower(), 0) & (Kind.COMMON | Kind.WORD)
        if match.group(1).lower().startswith("initial") or (not words.loud and not known and len(match.group(2)) == 2):
            yield Hit(match.start(2), match.end(2), Label.INITIALS)


def find_titled_initials(text: str) -> Iterator[Hit]:
    """ "Mr. D", "Ms K." """
    for match in _TITLED_INITIAL.finditer(text):
        yield Hit(match.start(), match.end(), Label.INITIALS)


def find_employers(text: str) -> Iterator[Hit]:
    """Employers of patients and of their families, which HIPAA counts too."""
    for match in _EMPLOYER.finditer(text):
        yield Hit(match.start(1), match.end(1), Label.NAME)


def _level(words: Words, at: int, before: tuple[int, Level] | None) -> tuple[Level, int | None]:
    """The level the words before give, and the index of a title (Mrs) that belongs to the name."""
    items = words.items
    if at == 0 or _STOPS.search(words.gap(at)) and items[at - 1].small not in ("pt", "mr", "mrs", "ms", "re", "st", "miss"):
        return Level.NONE, None
    if before and all(item.small in ("first", "last", "middle", "name", "is", "and") for item in items[before[0]:at]) and at - before[0] <= 3 and at > before[0]:
        return before[1], None
    if at > 1 and (items[at - 2].small, items[at - 1].small) in (("goes", "by"), ("went", "by"), ("known", "as"), ("spelled", "as"), ("registered", "as"), ("listed", "as")):
        return Level.DIRECT, None
    if before and before[0] in (at, at - 1) and (before[0] == at and words.gap(at).strip() in (",", "&", "/", "+") or items[at - 1].small in cues.AND):
        return before[1], None
    cue = items[at - 1]
    if cue.small in cues.TITLES and not (cue.start > 1 and words.text[cue.start - 2:cue.start].strip().isdigit()):
        return Level.STRONG, at - 1
    if _is_newborn(words, at - 1):
        return Level.STRONG, at - 2 if at > 1 and items[at - 2].small == "baby" else None
    if "\x00" in words.gap(at):
        return Level.WEAK, None
    back = at - 1
    while back > 0 and at - back < 5 and items[back].small in cues.BACK_OVER and items[back].small not in cues.PATIENT and not _STOPS.search(words.gap(back)):
        back -= 1
    return _level_of_cue(words, back, at), None


def _level_of_cue(words: Words, back: int, at: int) -> Level:
    cue, between = words.items[back], [item.small for item in words.items[back + 1:at]]
    level = Level.NONE
    if cue.small in cues.PATIENT:
        level = Level.DIRECT if not between or between[-1] not in ("is", "was", "are", "of", "with", "to", "for", "from", "w", "by", "on", "the") else Level.WEAK
    elif cue.small in cues.RELATIVES or _is_newborn(words, back):
        level = Level.STRONG if not between or between[-1] not in ("with", "to", "for", "from", "w", "by", "on", "the") else Level.WEAK
    elif between and between[-1] != "by" and (cue.small in cues.RECORDS or cue.small in cues.SPEAKING):
        level = Level.MEDIUM if between[-1] in ("for", "of", "on", "with", "to", "w", "from") else Level.WEAK
    elif words.items[at - 1].small in cues.PREPOSITIONS or words.items[at - 1].small in cues.SPEAKING:
        level = Level.WEAK
    if cue.small in ("re", "regarding") and not between:
        level = Level.MEDIUM
    if between and between[-1] in ("is", "are", "was", "as") and cue.small in ("name", "names", "named", "surname", "aka", "lastname", "firstname"):
        level = Level.DIRECT
    return level


def _is_newborn(words: Words, back: int) -> bool:
    word = words.items[back].small
    if word in ("bb", "bg", "babyboy", "babygirl", "newborn", "infant"):
        return True
    return back > 0 and word in cues.NEWBORN and words.items[back - 1].small in ("baby", "newborn", "infant")


def _read_name(words: Words, at: int, level: Level) -> _Name | None:
    """The longest run of words from ``at`` that can be one name, or None."""
    items, end, comma = words.items, at, False
    while end < len(items) and end - at < 6:
        if end > at:
            joint = words.gap(end)
            if joint in (", ", ","):
                if comma or not _opens_first_name(words, at, end):
                    break
                comma = True
            elif not _joins(joint, items[end - 1]):
                break
        if not _accepts(words, at, end, level):
            break
        end += 1
        if items[end - 1].possessive:
            break
    while end > at and (items[end - 1].small in cues.PARTICLES and items[end - 1].role not in (Role.GIVEN, Role.SURNAME)):
        end -= 1
    return _Name(at, end, comma) if end > at else None


def _joins(joint: str, previous: Word) -> bool:
    return joint in (" ", "  ", "-", "/") or (joint in (". ", ".") and (previous.role is Role.INITIAL or len(previous.small) <= 2))


def _opens_first_name(words: Words, at: int, end: int) -> bool:
    """Whether the comma between these words is that of "Last, First"."""
    if end - at > 4:
        return False
    last, first = words.items[end - 1], words.items[end]
    if last.possessive or (last.capital and not first.capital):
        return False
    if last.kinds & Kind.GIVEN_COMMON and _lists_given_names(words, end):
        return False
    family = bool(last.kinds & Kind.SURNAME_COMMON) or (last.role in (Role.SURNAME, Role.UNKNOWN, Role.EPONYM) and not last.kinds & Kind.GIVEN_COMMON)
    if words.text[at:at] or words.items[at].small in words.lexicon.cities and first.role is Role.ORDINARY:
        return False
    given = first.role is Role.GIVEN or (first.role is Role.INITIAL and first.small not in "ai") or (first.capital and not words.loud and first.role in (Role.SURNAME, Role.UNKNOWN)) or bool(first.kinds & Kind.GIVEN_COMMON)
    return family and given


def _lists_given_names(words: Words, index: int) -> bool:
    """Whether given names go on after this word: "Rosa, Tim and Lakshmi" are colleagues."""
    further = [item for item in words.items[index + 1:index + 3] if item.small not in cues.AND]
    return len(words.items) > index + 1 and (words.items[index + 1].small in cues.AND or words.gap(index + 1).strip() in (",", "&", "/")) and bool(further) and bool(further[0].kinds & Kind.GIVEN)


def _accepts(words: Words, at: int, index: int, level: Level) -> bool:
    """Whether word ``index`` may be part of the name that began at ``at``."""
    word, first = words.items[index], words.items[at]
    capital = words.capital(index)
    if index > at and words.capital(at) and not word.capital and word.small not in cues.PARTICLES:
        return False
    if word.small in cues.PARTICLES and index == at and level < Level.STRONG and index + 1 < len(words.items) and words.items[index + 1].role is Role.EPONYM:
        return False
    if word.small in cues.PARTICLES and (index > at or word.capital) and _next_can_be_name(words, index):
        return True
    if word.small in cues.CREDENTIALS and "-" in word.small:
        return False
    if word.role is Role.INITIAL:
        return _accepts_initial(words, at, index, level)
    if word.role in (Role.GIVEN, Role.SURNAME):
        return not _names_a_thing(words, index) or (index > at and first.role is Role.GIVEN)
    if word.role is Role.UNKNOWN:
        return capital and not _names_a_thing(words, index) or _accepts_unknown_small(words, at, index, level)
    if word.role is Role.EPONYM:
        return _accepts_eponym(words, at, index, level)
    return word.role is Role.BOTH and _accepts_both(words, at, index, level)


def _next_can_be_name(words: Words, index: int) -> bool:
    if index + 1 >= len(words.items) or words.gap(index + 1) not in (" ", "", "-", "'"):
        return False
    following = words.items[index + 1]
    return following.small in cues.PARTICLES or following.role >= Role.EPONYM or (following.role is Role.BOTH and words.capital(index + 1))


def _accepts_initial(words: Words, at: int, index: int, level: Level) -> bool:
    word = words.items[index]
    dotted = words.text[word.end:word.end + 1] == "."
    if index > at:
        return word.small not in "ai" or dotted or word.capital and not words.loud if dotted or word.capital or level >= Level.STRONG else False
    if index + 1 >= len(words.items) or (word.small in "ai" and not dotted):
        return False
    following = words.items[index + 1]
    if words.gap(index + 1) not in (". ", ".", " ") or not (dotted or level >= Level.MEDIUM or (word.capital and words.capital(index + 1))):
        return False
    return (following.role in (Role.SURNAME, Role.GIVEN, Role.UNKNOWN, Role.EPONYM) or (following.role is Role.BOTH and (words.capital(index + 1) or dotted))) and not _names_a_thing(words, index + 1)


def _accepts_unknown_small(words: Words, at: int, index: int, level: Level) -> bool:
    word = words.items[index]
    if len(word.small) < 3 or (not words.loud and not (level >= Level.MEDIUM or not words.items[at].capital)):
        return False
    if index == at and level < Level.MEDIUM and not _followed_by(words, index, cues.OWNED_BY_SMALL) and not _next_role(words, index, Role.GIVEN):
        return False
    if index > at and words.items[index - 1].role not in (Role.GIVEN, Role.INITIAL, Role.SURNAME) and words.items[index - 1].small not in cues.PARTICLES and level < Level.STRONG:
        return False
    return not words.lexicon.looks_misspelt(word.small)


def _next_role(words: Words, index: int, role: Role) -> bool:
    return index + 1 < len(words.items) and words.items[index + 1].role is role and words.gap(index + 1) in (", ", ",")


def _accepts_eponym(words: Words, at: int, index: int, level: Level) -> bool:
    word = words.items[index]
    if _names_a_thing(words, index) and not (index > at and words.items[at].role is Role.GIVEN):
        return False
    if word.possessive:
        return _followed_by(words, index, cues.OWNED)
    if index > at:
        return words.items[at].role in (Role.GIVEN, Role.INITIAL, Role.SURNAME, Role.UNKNOWN) or words.items[at].kinds & Kind.GIVEN > 0 or level >= Level.STRONG
    return level >= Level.WEAK or _followed_by(words, index, cues.OWNED_BY_SMALL) or bool(word.kinds & Kind.SURNAME)


def _accepts_both(words: Words, at: int, index: int, level: Level) -> bool:
    """A common word that is also a name: only with a capital that says something, or as the surname after a given name."""
    word = words.items[index]
    if _names_a_thing(words, index) and index == at:
        return False
    if words.capital(index):
        return True
    if index > at:
        previous = words.items[index - 1]
        return previous.role in (Role.GIVEN, Role.INITIAL) and bool(word.kinds & Kind.SURNAME_COMMON) and (word.small not in cues.VERBS or level >= Level.STRONG and word.small not in ("will", "may", "can", "case", "said", "call"))
    if index + 1 < len(words.items) and words.gap(index + 1) == " " and word.kinds & Kind.GIVEN:
        following = words.items[index + 1]
        return following.role is Role.SURNAME and (level >= Level.MEDIUM or word.small not in cues.VERBS) or (words.loud and level >= Level.STRONG and following.role is Role.BOTH and following.small not in cues.VERBS and word.small not in cues.VERBS)
    return bool(word.kinds & Kind.SURNAME_COMMON) and _next_role(words, index, Role.GIVEN)


def _followed_by(words: Words, index: int, wanted: frozenset[str]) -> bool:
    return index + 1 < len(words.items) and words.items[index + 1].small in wanted and words.gap(index + 1) in (" ", "'s ", "' ", "' ", ", ")


def _names_a_thing(words: Words, index: int) -> bool:
    """Whether the next words make a disease, device, hospital, form or score of it: "Whipple procedure", "Jackson Pratt drain"."""
    for further in (index + 1, index + 2):
        if further >= len(words.items) or _STOPS.search(words.gap(further)) or "," in words.gap(further):
            return False
        if words.items[further].small in cues.THING:
            return not (words.items[further].role is Role.BOTH and words.items[index].role is Role.GIVEN)
        if words.items[further].role not in (Role.EPONYM, Role.SURNAME, Role.UNKNOWN, Role.BOTH):
            return False
    return False


def _is_provider(words: Words, name: _Name) -> bool:
    """ "Dr. X", "surgeon X", "X MD", "X, PA-C": a provider's name does not count."""
    items = words.items
    if name.first and items[name.first - 1].small in cues.PROVIDER_BEFORE and words.gap(name.first).strip() in ("", ".", ":", "-"):
        return not (items[name.first - 1].small in ("rn", "pa", "md", "np", "do") and not items[name.first - 1].upper and not words.loud)
    after = name.last
    if name.first > 1 and items[name.first - 1].small in cues.AND and items[name.first - 2].role >= Role.BOTH and name.first > 2 and items[name.first - 3].small in cues.PROVIDER_BEFORE:
        return True
    return after < len(items) and items[after].small in cues.CREDENTIALS and words.gap(after) in (" ", ", ", ",", "-") and (items[after].small not in ("do", "dc", "dos", "pa") or items[after].upper and not words.loud)


def _beside_identifier(words: Words, name: _Name, hits: Sequence[Hit]) -> Level:
    """STRONG when a record number, birth date or the like stands right beside the name."""
    start, end = words.items[name.first].start, words.items[name.last - 1].end
    for hit in hits:
        if hit.label not in _PATIENT_KINDS:
            continue
        gap = words.text[end:hit.start] if hit.start >= end else words.text[hit.end:start]
        if (0 <= hit.start - end <= 16 or 0 <= start - hit.end <= 4) and not re.search(r"[.!?;\x00]\s|\b(?:is|was|to|the|due|by|at)\b", gap):
            return Level.STRONG
    return Level.NONE


def _is_patient(words: Words, name: _Name, level: Level, *, has_identifier: bool) -> bool:
    parts = [item for item in words.items[name.first:name.last] if item.small not in cues.PARTICLES or item.role in (Role.GIVEN, Role.SURNAME)]
    full = [part for part in parts if part.role is not Role.INITIAL]
    if not full:
        return False
    if len(parts) > 1 and "/" in words.text[parts[0].start:parts[-1].end]:
        return level >= Level.STRONG and any(part.role is Role.SURNAME for part in parts)
    if len(parts) > 1:
        return _is_full_name(words, name, parts, level)
    return _is_lone_name(words, name, full[0], level, has_identifier=has_identifier)


def _is_of_clinical_paper(words: Words, first: int) -> bool:
    """Whether "chart for", "ED note for" or the like stands before."""
    if first < 2:
        return False
    paper = words.items[first - 2].small
    if words.items[first - 1].small not in ("for", "of", "from", "re", "on"):
        return False
    return paper in cues.CLINICAL or (paper in ("note", "notes", "report", "summary") and first > 2 and words.items[first - 3].small in cues.CLINICAL_NOTES)


def _medical_follows(words: Words, name: _Name) -> bool:
    """A medical word right after it makes a thing of it: "Bugbee fulguration"."""
    if name.last >= len(words.items) or words.gap(name.last) != " ":
        return False
    word = words.items[name.last]
    return bool(word.kinds & Kind.WORD) and not word.capital and word.small not in cues.OWNED


_WEIGHT = {Role.ORDINARY: 0.0, Role.BOTH: 0.6, Role.EPONYM: 0.6, Role.UNKNOWN: 1.0, Role.INITIAL: 0.6, Role.SURNAME: 1.5, Role.GIVEN: 2.0}


def _is_full_name(words: Words, name: _Name, parts: list[Word], level: Level) -> bool:
    if level >= Level.MEDIUM and any(part.role >= Role.UNKNOWN for part in parts):
        return True
    weight = sum(_WEIGHT[part.role] + (0.6 if part.role in (Role.BOTH, Role.EPONYM) and part.kinds & Kind.GIVEN_COMMON else 0) for part in parts)
    if parts[0].role is Role.BOTH and parts[0].small in cues.VERBS and parts[1].role is Role.GIVEN and not parts[1].kinds & Kind.SURNAME_COMMON and level < Level.STRONG:
        return False
    if name.comma:
        return weight >= 1.6
    small = words.loud or not parts[0].capital
    sure = any(part.role in (Role.GIVEN, Role.SURNAME) for part in parts)
    if level >= Level.STRONG:
        return sure or not small
    return sure and weight >= (2.5 if not small else 2.6) - (0.5 if level else 0)


def _is_lone_name(words: Words, name: _Name, word: Word, level: Level, *, has_identifier: bool) -> bool:
    capital = words.capital(name.first)
    if level >= Level.STRONG:
        return word.name_like or (capital and word.role in (Role.BOTH, Role.EPONYM))
    if _owns(words, name, word, capital):
        return True
    if word.role in (Role.GIVEN, Role.SURNAME, Role.UNKNOWN, Role.EPONYM) and (capital or words.loud) and cues.PATIENT_DOES.match(words.text.lower(), word.end):
        return word.role is not Role.GIVEN or bool(re.match(r"\s(?:was|passed|died|expired|left ama|dob|mrn|in \d|room|rm|bed|is the (?:pt|patient))", words.text.lower()[word.end:word.end + 24]))
    if word.possessive:
        return False
    if word.role in (Role.GIVEN, Role.BOTH):
        return word.role is Role.GIVEN and level is Level.MEDIUM and (has_identifier or _is_of_clinical_paper(words, name.first)) and (capital or words.loud)
    if level <= Level.WEAK and (_medical_follows(words, name) or word.small in words.lexicon.cities):
        return False
    if level is Level.MEDIUM:
        return word.role in (Role.SURNAME, Role.UNKNOWN) or capital
    if words.loud and level is Level.WEAK and word.role is Role.SURNAME and word.kinds & Kind.SURNAME_COMMON:
        return words.items[name.first - 1].small in ("for", "on", "re", "about", "regarding", "at", "see", "of")
    if not capital or word.upper:
        return False
    return word.role is Role.SURNAME and name.first > 0 or (level is Level.WEAK and word.role in (Role.SURNAME, Role.UNKNOWN))


def _owns(words: Words, name: _Name, word: Word, capital: bool) -> bool:
    """ "Delgado's chart", "the okonkwo chart", "Ezekiel's mom"."""
    if name.last >= len(words.items) or words.gap(name.last) not in (" ", "'s ", "' ", "s ", "'s"):
        return False
    owned = words.items[name.last].small
    if word.role in (Role.BOTH,):
        return (capital and word.possessive and owned in cues.OWNED_BY_SMALL) or (capital and owned in ("chart", "family", "record") and name.first > 0)
    if word.possessive:
        return owned in cues.OWNED and (word.role is not Role.GIVEN or owned not in ("query", "note", "file", "summary", "case", "claim", "records", "visit"))
    if word.role is Role.EPONYM:
        return owned in ("chart", "family", "record") and name.first > 0
    return owned in (cues.OWNED if capital and word.role is not Role.GIVEN else cues.OWNED_BY_SMALL)


def _is_at_work(words: Words, name: _Name, level: Level, roster: frozenset[str]) -> bool:
    """Whether the name is a colleague's: on the roster, thanked or asked, or doing what colleagues do."""
    if level >= Level.STRONG:
        return False
    items = words.items
    spelled = " ".join(item.small for item in items[name.first:name.last])
    if spelled in roster or (level <= Level.WEAK and spelled in words.lexicon.cities):
        return True
    if name.first > 1 and items[name.first - 1].small in ("to", "so", "you", "again", "much") and any(item.small.startswith(("thank", "kudos", "congrat", "shout", "thx")) for item in items[max(0, name.first - 4):name.first - 1]):
        return True
    if name.first and items[name.first - 1].small in cues.COWORKER_BEFORE and not _STOPS.search(words.gap(name.first)):
        return True
    if name.first and items[name.first - 1].small == "by" and not cues.SIGNED_PAPER.search(words.text.lower(), max(0, items[name.first].start - 60), items[name.first].start):
        return True
    if name.first > 1 and items[name.first - 1].small in ("to", "with") and items[name.first - 2].small in ("assigned", "assign", "reassign", "reassigned", "coded", "reviewed", "audited", "claimed", "handed"):
        return True
    tail = words.text.lower()[items[name.last - 1].end:items[name.last - 1].end + 60]
    if cues.STAFF_DOES.match(tail):
        return True
    following = [item.small for item in items[name.last:name.last + 2]]
    return len(following) == 2 and following[0] in ("in", "from", "at", "over") and following[1] in cues.DEPARTMENTS


def _joined(words: Words, name: _Name, at: int) -> Iterator[Hit]:
    """The given name before "and": "John and Jane Doe"."""
    if at < 2 or words.items[at - 1].small not in cues.AND or name.last - name.first < 2:
        return
    other = words.items[at - 2]
    if other.role is Role.GIVEN and (other.capital or words.loud) and (at < 3 or words.items[at - 3].small not in cues.COWORKER_BEFORE):
        yield Hit(other.start, other.end, Label.NAME)
