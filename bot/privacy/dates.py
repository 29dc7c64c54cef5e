"""Dates, judged by the words beside them: a birth date, a date of care, or a date of the office."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.privacy.findings import Hit, Label

_YEAR = r"(?:19|20)\d\d"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_ORDINAL = rf"{_DAY}(?:st|nd|rd|th)?"
_FULL = (
    rf"{_YEAR}[-/.](?:0?[1-9]|1[0-2])[-/.]{_DAY}(?![\d])",
    rf"{_DAY}[-/.]{_DAY}[-/.](?:{_YEAR}|\d\d)(?!\d|-\d{{3}}|/\d)",
    rf"{_MONTH}\.?[\s-]{{1,2}}{_ORDINAL},?[\s-]{{1,2}}(?:{_YEAR}|'?\d\d(?![\d:/]))",
    rf"{_ORDINAL}(?:\sof)?[\s-]?{_MONTH}[\s,.-]{{0,2}}(?:{_YEAR}|'?\d\d(?![\d:/]))",
)
_PART = (
    rf"(?:0?[1-9]|1[0-2])/{_DAY}(?![\d%/])",
    rf"{_MONTH}\.?\s{_ORDINAL}(?![\d:/])",
    rf"{_DAY}(?:st|nd|rd|th)?\sof\s{_MONTH}(?![a-z])",
    rf"{_DAY}(?:st|nd|rd|th)?\s{_MONTH}(?![a-z])",
)
_DATE = re.compile(
    rf"(?<![\d.$a-z])(?<!\d/)(?<![a-z]-)(?<!\d{{3}}-)(?:(?P<full>{'|'.join(_FULL)})"
    rf"|(?P<part>{'|'.join(_PART)}))"
)
_MONTH_YEAR = re.compile(
    rf"(?<![a-z]){_MONTH}\.?,?\s(?:of\s)?{_YEAR}(?!\d)|(?<![\d/.-])(?:0?[1-9]|1[0-2])[/-]{_YEAR}(?!\d)"
)
_BIRTH_WORD = (
    r"d\.?\s?o\.?\s?b\.?|birth ?dates?|birth ?days?|b-?day|date of birth|dates of birth|born|b\.(?= ?\d)"
    r"|birth ?year|yob|birth"
)
_BIRTH_LOOSE = re.compile(
    rf"(?<![a-z])(?:{_BIRTH_WORD})[\s:#=.,(-]{{0,4}}(?:(?:is|was|on|in|of|yr|year|per|the|chart|as|shows?"
    rf"|entered|around|about|listed|and|date)\b[\s:.]{{0,2}}){{0,3}}"
    rf"((?:{_YEAR}(?![\d/-]))|\d{{8}}(?!\d)|\d{{6}}(?!\d)|{_DAY}[-.]{_DAY}(?![\d.-])"
    rf"|{_DAY}[\s-]{_DAY}[\s-](?:{_YEAR}|\d\d)(?!\d)|{_MONTH}\.?,?\s{_YEAR}|'\d\d(?!\d))"
)
_CARE_WORD = (
    r"d\.?o\.?s\.?|dates? of (?:service|surgery|death|admission|admit|discharge|injury|procedure)"
    r"|adm(?:it(?:s|ted|ting)?|ission)?|adm date|d/?c'?e?d?|disch(?:arged?|g)?|discharges?|surg(?:ery"
    r"|eries)?|"
    r"procedures?|proc|op(?:eration|erated)?|op date|died|death|dod|doa|doi|deceased|passed(?: away)?"
    r"|expired|los|seen|visit(?:s|ed)?|er|ed|encounter|enc|inpt|inpatient|stay(?:ed)?|service|svc|"
    r"transfer(?:red)?|delivered|implanted|hospitalized|intubated|extubated|fell|injured|onset|lmp|edd|edc"
    r"|left ama|readmit(?:ted)?|ama"
)
#: Documents and tests: with a whole date they are tied to care; "notes 4/2" is how the office talks.
_RECORD_WORD = (
    r"op note|appt|appointment|consult(?:ed)?|dispo|injury|fall|h&p|progress notes?|note|notes|path"
    r"|pathology|labs?|ct|mri|xray|x-ray|echo|ekg|scan|biopsy|bx|cath|scope|egd|colonoscopy|colo|chemo"
    r"|dialysis|delivery|c-?section|infusion|injection|"
    r"vaccin(?:e|ated)|shot|arrived|arrival|presented|came in|treated|obs|observation|swing|rehab stay"
    r"|clinic visit|telehealth|summary|record of|records? from|specimen|collected|drawn|wreck|mva|mvc"
    r"|accident"
)
_OFFICE_WORD = (
    r"due|by|until|till|til|deadline|effective|eff|eff\.|audit(?:s|ed)?|snooze|remind(?:er)?|meeting|mtg"
    r"|standup|huddle|webinar|training|class|clock|ends?|starts?|expires?|expiration|since|as of|upgrade|"
    r"downtime|go-?live|pto|vacation|off|leave|on call|call|shift|schedule[d]?|posted|updated?|release[d]?"
    r"|unbilled|hold|held|worklist|queue|pull list|letter|denial|denied|appeal|remit|paid|payment|"
    r"termed|term|active|coverage|received|rec'?d|sent|faxed|mailed|signed|dated|requested|request|query"
    r"|queried|submitted|billed|invoice|fy|version|revised|published|guidelines?|clinic (?:1|2|3|4)q|"
    r"bring|before|after|tomorrow|week|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon"
    r"|tues?|wed|thurs?|fri|sat|sun|policy|auth|authorization|consent|ssa-827|certificate|report due"
    r"|closes?|closed|opened|completed|finish|codes?|code set|changed|changes|implemented|deployed"
    r"|installed|live"
)
_WORD_BEFORE = re.compile(
    rf"(?<![a-z/&-])(?:(?P<birth>{_BIRTH_WORD})|(?P<care>{_CARE_WORD})|(?P<record>{_RECORD_WORD})"
    rf"|(?P<office>{_OFFICE_WORD}))(?![a-z])"
)
#: What may stand between such a word and its date.
_BETWEEN = re.compile(
    r"[\s:#=.,(@'-]{0,4}(?:(?:on|was|is|were|are|date|dates|dated|of|from|in|again|the|to|and|then|for"
    r"|home|around|about|last|a|at|here|with|per|md|pt|patient|time|ed|er|or|icu|"
    r"away|service|surgery|procedure|admission|report|note|done|shows?|says|listed|entered|typed|recorded"
    r"|changed|as|her|his|this|that|both|between|twice)\b[\s:#=.,(@'-]{0,3}){0,5}"
)
#: Before a whole date any few words may stand, as long as none of them tells of the office.
_LOOSELY_BETWEEN = re.compile(r"[\s:#=.,(@'-]{0,4}(?:[\w&'/-]{1,16}[\s:#=.,(@'-]{1,3}){0,4}")
_BIRTH_STUCK = re.compile(r"(?:dob|d\.o\.b\.?|birthdate|bday)[:=#]?$")
_AFTER = re.compile(
    rf"[\s,)]{{1,2}}(?:(?:is|was|as|=|-|for|on|her|his|the|listed|pt'?s?|a|right|correct|wrong|real|actual"
    rf"|true|old)\s){{0,4}}(?:(?P<birth>{_BIRTH_WORD})|(?P<care>dos|admi(?:t|ssion)|adm|discharges?|dc|d/c"
    rf"|surgery|procedure|encounter|visit|stay|op note|dod|death)|(?P<office>deadline|due|meeting|audit"
    rf"|letter|webinar))(?![a-z])"
)
_RANGE = re.compile(r"\s?(?:-|–|to|thru|through|and|&|/|until|or|vs|,)\s?(?:then\s|again\s)?")
_OFFICE_PAPER = re.compile(
    r"(?:auth|authorization|consent|licen[cs]e|cert|certificate|password|form|contract|id|card|token"
    r"|827)\s(?:is\s|has\s)?$"
)
_HYPHENED = re.compile(
    r"(?<![a-z])(?:dos|adm|admit(?:ted)?|dc'?d?|d/c|disch(?:arged)?|los|surgery|op date)[\s:]{1,2}(?:on "
    r"|date |is |was ){0,2}"
    r"((?:0?[1-9]|1[0-2])-(?:[12]\d|3[01]|0[1-9]))(?![\d/-])(?:\s?(?:-|to|thru|through)\s?((?:0?[1-9]"
    r"|1[0-2])-(?:0?[1-9]|[12]\d|3[01])))?(?![\d/-]|\s(?:days|times|hours|charts))"
)
_SENTENCE_END = re.compile(r"[!?;\n]")
_REACH = 34
_OLD_YEAR = re.compile(r"(?:19\d\d|200\d)|[-/.](?:3[1-9]|[4-9]\d)$")
_ABOUT_CARE = re.compile(
    r"(?<![a-z])(?:pts?|patients?|she|he|her|his|him|chart|stay|order|orders|note|op|admit(?:ted)?|adm"
    r"|claim|dates|surgery|procedure|order|family|wife|husband|mom|dad|son|daughter|inpatient|obs|ed|icu"
    r"|bed|fall|death)(?![a-z])"
)


class Sense(StrEnum):
    """What the words beside a date make of it."""

    BIRTH = "birth"
    CARE = "care"
    RECORD = "record"
    OFFICE = "office"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class DateFound:
    """A date in the text: where, whether its year is written, and its sense."""

    start: int
    end: int
    full: bool
    sense: Sense


def read_dates(small: str) -> list[DateFound]:
    """All dates of the text with their sense, in order.

    :param small: plain text in small letters with ordinary work blanked out.
    """
    found: list[DateFound] = []
    for match in _DATE.finditer(small):
        before = found[-1] if found else None
        sense = _sense(small, match, before)
        found.append(DateFound(match.start(), match.end(), match["full"] is not None, sense))
    return found


def _sense(small: str, match: re.Match[str], before: DateFound | None) -> Sense:
    start = max(before.end if before else 0, match.start() - _REACH)
    if before and (_RANGE.fullmatch(small, before.end, match.start())):
        return before.sense
    beside = next(reversed(list(_WORD_BEFORE.finditer(small, start, match.start()))), None)
    if beside and not _SENTENCE_END.search(small, beside.end(), match.start()):
        return _refined(small, Sense(beside.lastgroup or "open"), beside, match.start(), full=match["full"] is not None)
    after = _AFTER.match(small, match.end())
    if after:
        return Sense(after.lastgroup or "open")
    if _BIRTH_STUCK.search(small, max(0, match.start() - 12), match.start()):
        return Sense.BIRTH
    if before and before.sense is Sense.CARE and match.start() - before.end < 40 and not beside:
        return Sense.CARE
    return Sense.OPEN


def _refined(small: str, sense: Sense, beside: re.Match[str], at: int, *, full: bool) -> Sense:
    """Put right what one word cannot tell: an authorization expires, a patient expired; an office letter may be for a stay."""
    word = beside.group()
    if word == "expired" and _OFFICE_PAPER.search(small, max(0, beside.start() - 24), beside.start()):
        return Sense.OFFICE
    between = _LOOSELY_BETWEEN if full else _BETWEEN
    if sense is not Sense.OFFICE and not between.fullmatch(small, beside.end(), at):
        return Sense.OPEN
    return sense


def find_dates(dates: Sequence[DateFound]) -> Iterator[Hit]:
    """Dates whose own words make them a birth date or a date of care."""
    for date in dates:
        if date.sense is Sense.BIRTH:
            yield Hit(date.start, date.end, Label.DOB)
        elif date.sense is Sense.CARE or (date.sense is Sense.RECORD and date.full):
            yield Hit(date.start, date.end, Label.DATE)


def find_hyphened_dates(small: str) -> Iterator[Hit]:
    """Month and day with a hyphen, right after a strong word of care: "DOS 2-11 through 2-15"."""
    for match in _HYPHENED.finditer(small):
        for group in (1, 2):
            if match.group(group):
                yield Hit(match.start(group), match.end(group), Label.DATE)


def find_birth_dates(small: str) -> Iterator[Hit]:
    """Birth dates that are not written as a whole date: "DOB yr 1931", "DOB 03141962", "born in March 1962"."""
    for match in _BIRTH_LOOSE.finditer(small):
        yield Hit(match.start(1), match.end(1), Label.DOB)


def beside_names(dates: Sequence[DateFound]) -> Iterator[Hit]:
    """Full dates nobody explained, as birth dates: only to recognise a name beside one."""
    for date in dates:
        if date.sense is Sense.OPEN and date.full:
            yield Hit(date.start, date.end, Label.DOB)


def find_open_dates(small: str, dates: Sequence[DateFound], hits: Sequence[Hit]) -> Iterator[Hit]:
    """Full dates nobody explained: beside a name they are a birth date, beside other identifiers a date of care, old ones a birth date."""
    names = [hit for hit in hits if hit.label is Label.NAME]
    others = [hit for hit in hits if hit.label not in (Label.URL, Label.IP, Label.CITY)]
    about_care = bool(dates) and _ABOUT_CARE.search(small) is not None
    for date in dates:
        if date.sense is not Sense.OPEN or not date.full:
            continue
        old = _OLD_YEAR.search(small[date.start : date.end]) is not None
        beside = any(0 <= date.start - name.end <= 6 or 0 <= name.start - date.end <= 4 for name in names)
        if beside or old:
            yield Hit(date.start, date.end, Label.DOB)
        elif others or about_care:
            yield Hit(date.start, date.end, Label.DATE)
