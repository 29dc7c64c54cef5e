"""Numbers that stand for a person: record, insurance, account, device and licence numbers, found by the words beside them or their form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.privacy.findings import Hit, Label

#: Digits in groups ("48 29 13", "W2345 67890"), or one run with hyphens ("07-71-92", "D123-4567-8901").
_GROUPED = r"[a-z]{0,3}\d{2,5}(?: \d{2,5}(?![\w/.:-])){1,4}"
_RUN = r"(?=[a-z-]{0,6}\d)[a-z0-9]{1,20}(?:-[a-z0-9]{1,14}){0,4}"
_VALUE = rf"(?:{_GROUPED}|(?:rn|lpn|pt|sn|[a-z]{{1,3}}) (?=\d{{4}})\d{{4,12}}|{_RUN})(?!\w|/\d{{1,3}}(?!\d))"
_FILLER = (
    r"[\s:#=.,(\"'*_`|-]{0,5}(?:(?:no|nos|num|number|numbers|nbr|id|is|are|was|were|of|ends?|ending|in"
    r"|with|the|shows?|should|be|as|value|on|file|"
    r"pt'?s?|patient'?s?|says|reads|has|card|copied|listed|typed|from|to|rejects?|changed|entered|wrong"
    r"|new|old|for|her|his)\b[\s:#=.,-]{0,3}){0,5}"
)
_MORE = re.compile(rf"(?:\s?(?:,|&|/|;|\band\b|\bor\b|\bvs\b|\bnot\b|\bwith\b|\bto\b|\bthen\b)\s?){{1,2}}({_VALUE})")
_BACK = (
    r"\)?,?\s(?:(?:is|was|are|were|as|for|=|on|under|in)\s){0,2}(?:(?:the|her|his|their|its|a|my|what|pt'?s?"
    r"|patient'?s?|old|new|right|correct|wrong)\s){0,3}"
)


@dataclass(frozen=True, slots=True)
class Identifier:
    """A kind of number, the words that announce it, and how many digits make a value of it."""

    label: Label
    triggers: tuple[str, ...]
    forward: re.Pattern[str]
    backward: re.Pattern[str]
    digits: int


def _identifier(label: Label, triggers: str, cue: str, digits: int, value: str = _VALUE) -> Identifier:
    return Identifier(
        label,
        tuple(triggers.split()),
        re.compile(rf"(?<![a-z0-9])(?:{cue})(?![a-z]){_FILLER}({value})"),
        re.compile(rf"(?<![\w-])({value}){_BACK}(?:{cue})(?![a-z])"),
        digits,
    )


_PAYERS = (
    r"aetna|cigna|humana|uhc|united(?: ?healthcare)?|bcbs|blue (?:cross|shield)|anthem|kaiser|tricare|molina"
    r"|centene|ambetter|wellcare|health ?net|medicaid"
)
_IDENTIFIERS = (
    _identifier(Label.MRN, "mrn m.r. m r n mr# mr", r"m\.? ?r\.? ?n\.?'?s?|mr ?#|mr (?:no|num|number)", 3),
    _identifier(
        Label.MRN,
        "rec chart pt patient mpi epi unit hosp",
        r"med(?:ical)?\.? ?rec(?:ord)?s?\.? ?(?:no|num|number|nbr|#|id)s?|charts? ?(?:#|no|num|number|id)"
        r"|(?:pt|patient) ?(?:#|no|num|number|id|identifier)"
        r"|e?mpi ?(?:#|id|no|number)?|epi(?: id)?|unit ?(?:#|number)|hosp(?:ital)? ?(?:#|no|number)"
        r"|record ?(?:#|no|number)",
        4,
    ),
    _identifier(Label.MRN, "chart record", r"charts?|records?", 6),
    _identifier(
        Label.SSN,
        "ssn ss# ss soc",
        r"ssn?'?s?#?|ss ?(?:#|no|number)|soc(?:ial)?\.? ?sec(?:urity)?(?: ?(?:#|no|num|number))?|social",
        9,
        r"\d{3}[ .-]?\d{2}[ .-]?\d{4}(?!\d)",
    ),
    _identifier(
        Label.MEMBER_ID,
        "member recipient enrollee cert subscriber insur polic ins medi group beneficiary cin plan cardholder",
        r"(?:member|mbr|recipient|enrollee|cert|subscriber|subs|insurance|ins|policy|polic(?:y)?holder"
        r"|medicaid|medi-?cal|beneficiary|cardholder|plan|payer|group|grp)(?:'s)? ?(?:#|no|num|number|id"
        r"|card)s?"
        r"|members?|subscribers?|cin",
        5,
    ),
    _identifier(Label.MEMBER_ID, "polic group grp", r"policy|group|grp", 7),
    _identifier(
        Label.MEMBER_ID,
        "aetna cigna humana uhc united bcbs blue anthem kaiser tricare molina centene ambetter wellcare "
        "health medicaid",
        rf"(?:{_PAYERS})(?: (?:ppo|hmo|ma|advantage|plan|member|policy))?(?: ?(?:id|#|no|number|card))?",
        7,
    ),
    _identifier(Label.MBI, "medicare mbi hic", r"mbis?|hicn?|medicare ?(?:#|no|num|number|id|beneficiary id)", 7),
    _identifier(
        Label.ACCOUNT,
        "acct account a/c har csn fin hosp visit enc acc icn dcn tcn inv auth ref confirmation order case "
        "guarantor check tracking specimen contract statement bill control pcn",
        r"accts?|accounts?|a/c|har|csn|fin|hosp(?:ital)? acc(?:oun)?t|enc(?:ounter)?(?: ?(?:#|no|num"
        r"|number|id))?s?|visit ?(?:#|no|num|number|id)|acc(?:ession)? ?(?:#|no|num|number)?|icn|dcn|tcn"
        r"|(?:invoice|inv|auth(?:orization)?|prior auth|referral|ref|reference|confirmation|order|case"
        r"|control|pcn|guarantor|check|tracking|specimen|contract|statement|bill) ?(?:#|no|num|number"
        r"|id)s?",
        5,
    ),
    _identifier(
        Label.ACCOUNT, "claim clm invoice specimen", r"claims? ?(?:#|no|num|number|id)?|clm|invoice|specimen", 6
    ),
    _identifier(
        Label.LICENSE,
        "licen lic dl driver passport dea state",
        r"(?:(?:driver'?s?|dr|medical|nursing|state|professional)'?s? )?licen[cs]e(?! plate)(?: ?(?:#|no"
        r"|num|number))?|driver'?s? lic\.?|lic ?(?:#|no|number)|dl ?#?|passport(?: ?(?:#|no|num|number))?"
        r"|dea ?(?:#|no|number)?|state id",
        5,
        rf"(?:[a-z]{{2}} (?=[a-z]{{1,2}}\d{{5}}))?{_VALUE}",
    ),
    _identifier(
        Label.VEHICLE,
        "plate tag vin",
        r"(?:licen[cs]e )?plates?|tag ?(?:#|number)|vin ?#?",
        2,
        r"(?:\d?[a-z]{2,3}[ -]\d{2,4}|\d{2,4}[ -][a-z]{2,3}|(?=[a-z]{0,4}\d)[a-z0-9]{5,17})(?![\w-])",
    ),
    _identifier(
        Label.DEVICE,
        "ser s/n sn lot udi implant device model",
        r"serials?|ser\.?(?= ?(?:#|no|num))|s/n|sn|lot|udi|implant ?(?:#|no|number|id)|device ?(?:#|no"
        r"|number|id|identifier)|model ?(?:#|no|number)",
        4,
        rf"(?:[a-z]{{2,4}} (?=\d{{4}})\d{{4,10}}|{_VALUE})",
    ),
)
_DIGITS_OF_VIN = re.compile(r"(?<![\w-])(?=[a-z]{0,16}\d)(?=\d{0,16}[a-z])[a-hj-npr-z0-9]{11}\d{6}(?![\w-])")
_SSN = re.compile(r"(?<![\w.-])\d{3}(?:-\d{2}-|\.\d{2}\.| \d{2} | - \d{2} - |/\d{2}/)\d{4}(?![\w-])")
_MASKED_SSN = re.compile(r"(?<!\w)[x*#]{3}[ -]?[x*#]{2}[ -]?(\d{4})(?!\d)")
_LAST_FOUR = re.compile(
    r"(?<!\w)(?:(?:last|final) ?(?:4|four)(?: digits?)?(?: (?:of|on))?(?: the| her"
    r"| his)?(?: pt'?s?)?(?: ?(?:ssn?|soc(?:ial)?)(?: ?sec(?:urity)?)?)?|"
    r"(?:ssn?|soc(?:ial)?(?: ?sec(?:urity)?)?)(?: ?#| no| number)?(?: (?:last ?(?:4|four)|l4"
    r"|(?:that )?ends?(?: in| with)?|ending(?: in| with)?)))"
    r"[\s:#=(.]{0,3}(?:(?:is|are|of|was|in|with)\s){0,2}(\d{4})(?![\d/-])"
)
_MBI = re.compile(r"(?<![\w-])[1-9][a-z][a-z0-9]\d[ -]?[a-z][a-z0-9]\d[ -]?[a-z]{2}\d{2}(?![\w-])")
_CARD = re.compile(r"(?<![\w-])\d{4}[ -]?\d{4,6}[ -]?\d{4,5}(?:[ -]?\d{1,4})?(?![\w-])")
_LONG = re.compile(r"(?<![\w.,/$+-])(?:[a-z]{1,3}-?)?\d{7,20}(?![\w/]|\.\d)")
_COMPACT_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


def find_numbers(small: str) -> Iterator[Hit]:
    """Numbers that stand for a person.

    :param small: plain text in small letters with ordinary work blanked out.
    """
    yield from _by_form(small)
    announced = [identifier for identifier in _IDENTIFIERS if any(map(small.__contains__, identifier.triggers))]
    after = [(identifier, list(_after_cue(small, identifier))) for identifier in announced]
    told = [hit for _, hits in after for hit in hits]
    yield from told
    for identifier, hits in after:
        if not hits:
            yield from (hit for hit in _before_cue(small, identifier) if not _overlaps(hit, told))
    for match in _LONG.finditer(small):
        if not _COMPACT_DATE.fullmatch(match.group()):
            yield Hit(match.start(), match.end(), Label.ACCOUNT)


def _by_form(small: str) -> Iterator[Hit]:
    for match in _SSN.finditer(small):
        yield Hit(match.start(), match.end(), Label.SSN)
    for match in _MBI.finditer(small):
        yield Hit(match.start(), match.end(), Label.MBI)
    for match in _DIGITS_OF_VIN.finditer(small):
        yield Hit(match.start(), match.end(), Label.VEHICLE)
    for match in _CARD.finditer(small):
        if _passes_luhn(match.group()):
            yield Hit(match.start(), match.end(), Label.CARD)
    for pattern in (_MASKED_SSN, _LAST_FOUR):
        for match in pattern.finditer(small):
            yield Hit(match.start(1), match.end(1), Label.SSN_LAST4)


def _passes_luhn(written: str) -> bool:
    digits = [int(character) for character in written if character.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return 13 <= len(digits) <= 19 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _after_cue(small: str, identifier: Identifier) -> Iterator[Hit]:
    for match in identifier.forward.finditer(small):
        if _enough(match.group(1), identifier.digits):
            yield Hit(match.start(1), match.end(1), identifier.label)
            yield from _further(small, match, identifier)


def _before_cue(small: str, identifier: Identifier) -> Iterator[Hit]:
    for match in identifier.backward.finditer(small):
        if _enough(match.group(1), max(identifier.digits, 4)):
            yield Hit(match.start(1), match.end(1), identifier.label)


def _overlaps(hit: Hit, others: list[Hit]) -> bool:
    return any(hit.start < other.end and other.start < hit.end for other in others)


def _further(small: str, match: re.Match[str], identifier: Identifier) -> Iterator[Hit]:
    """Values listed after the first one: "MRNs 448201 and 448210"."""
    length = _digits(match.group(1))
    end = match.end(1)
    for _ in range(6):
        more = _MORE.match(small, end)
        if more is None or not length - 1 <= _digits(more.group(1)) <= length + 1:
            return
        yield Hit(more.start(1), more.end(1), identifier.label)
        end = more.end(1)


def _digits(value: str) -> int:
    return sum(character.isdigit() for character in value)


def _enough(value: str, wanted: int) -> bool:
    return _digits(value) >= wanted
