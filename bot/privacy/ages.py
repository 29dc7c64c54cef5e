"""Ages of 90 and over, which HIPAA counts as identifiers; "90+" and younger ages are ordinary work."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.findings import Hit, Label

_OLD = r"(?:9\d|1[01]\d)"
_WORDS = (
    r"(?:ninety(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?|(?:one |a )?hundred(?: and)?(?: one"
    r"| two| three| four| five)?)"
)
_YEARS = r"(?:y(?:ea)?rs?|y|y\.?\s?/?\s?o\.?|y/o)(?![a-z])"
_WHO = r"(?:pt|patient|she|he|mom|dad|mother|father|wife|husband|lady|woman|man|female|male|resident)(?:'s|'ll)?"
_PATTERNS = (
    re.compile(rf"(?<![\w.$/-])({_OLD}y)(?![\w+/])"),
    re.compile(rf"(?<![\w.$/-])({_OLD}\s?-?\s?(?:yo|y/o|y\.o\.?))(?![\w+])"),
    re.compile(
        rf"(?<![\w.$/-])((?:{_OLD}|{_WORDS})[\s-]{{0,2}}(?:year|yr|y)s?[\s-]{{0,2}}(?:old|young"
        rf"|of age))(?![a-z])"
    ),
    re.compile(
        rf"(?<![\w.$/-])((?:{_OLD}|{_WORDS})[\s-]{{0,2}}{_YEARS})(?=[\s,/-]{{0,2}}(?:old|m|f|male|female"
        rf"|man|woman|lady|gentleman|pt|patient|with|w/|s/p|here)(?![a-z]))"
    ),
    re.compile(
        rf"(?<![\w.$/-])({_OLD}\s?(?:f|m|female|male|fem))(?=[\s,]{{1,2}}(?:s/p|with|w/|c/o|pt|here|who"
        rf"|adm|admit|fall|h/o|hx|from|in|presents|chf|pna|uti|hip|on|is|was|,|mrn|dob))"
    ),
    re.compile(
        rf"(?<![a-z])(?:aged?|turn(?:ed|s|ing)?)[\s:=]{{1,2}}(?:is |of |now |about |almost |at |was )?({_OLD}|{_WORDS})"
        r"(?![\w+%/.:-]|\s?(?:days?|hrs?|hours?|min|weeks?|months?|charts?|accounts?|claims?))"
    ),
    re.compile(
        rf"(?<![a-z]){_WHO}\s(?:age\s)?(?:is\s|was\s|will be\s|'ll be\s|be\s|age\s|aged\s|now\s|turned\s"
        rf"|just\s|almost\s|about\s"
        rf"|like\s){{0,3}}({_OLD}|{_WORDS})"
        r"(?=\s(?:now|and|years?|yrs?|with|but|so|still|on|in|today|at)\b|[,.;!?)]|$)"
    ),
    re.compile(
        rf"(?<![a-z]){_WHO}(?:\s[a-z0-9#-]{{1,12}}){{1,5}}\s(?:is|was|who's|turned)\s({_OLD}"
        rf"|{_WORDS})(?=\s(?:now|and|years?|yrs?|but|so)\b|[,;!?)]|\.(?:\s|$)|$)"
    ),
)


def find_ages(small: str) -> Iterator[Hit]:
    """Ages of 90 and over, in digits or words.

    :param small: plain text in small letters with ordinary work blanked out.
    """
    for pattern in _PATTERNS:
        for match in pattern.finditer(small):
            yield Hit(match.start(1), match.end(1), Label.AGE90)


def may_hold_age(small: str) -> bool:
    """The cheap question before :func:`find_ages`: is there a 9, a 10x, a 11x or "ninety" at all?"""
    return "9" in small or "10" in small or "11" in small or "ninety" in small or "hundred" in small
