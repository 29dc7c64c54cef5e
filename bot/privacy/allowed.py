"""Ordinary work that only looks like an identifier: it is blanked out before the guard looks for patients."""

from __future__ import annotations

import re

#: Takes the place of every allowed character, so that positions stay and no pattern reads across it.
BLANK = "\x00"

_NUMBER = r"[\s:#=]{0,3}(?:(?:number|no|num|id|is|code)\b[\s.:#=]{0,3}){0,2}"
#: Slack's own marks for people, channels and groups.
_SLACK = re.compile(r"<[@#!][^<>\n]{1,120}>")
#: References of the desk, in any case: RR-2F7KQ, RV-1042.
_REFERENCE = re.compile(r"\b(?:rr|rv|fl|roi|af|flag)-(?=[a-z]{0,5}\d|[23456789cdfghjkmnpqrtvwxy]{5}\b)[a-z0-9]{1,8}\b")
#: Hospitals, firms and books that are called like people.
_LIKE_PEOPLE = re.compile(
    r"\b(?:st\.? (?:mary|luke|joseph|john|anne?|jude|francis|vincent|elizabeth|michael|paul|peter|thomas"
    r"|anthony|agnes|rita|barnabas|david|mark|clare|catherine|charles|bernard|dominic|alphonsus|clair"
    r"|bonaventure)(?:'?s)?"
    r"|johnson (?:&|and) johnson|smith (?:&|and) nephew|ernst (?:&|and) young|brigham and women'?s"
    r"|m\.?d\.? anderson|henry ford|walter reed|ben taub|beth israel|fred hutch|mary free bed"
    r"|johns hopkins"
    r"|mary greeley|robert wood johnson|howard brown|george washington|thomas jefferson|wake forest"
    r"|barnes jewish|hill[ -]?rom|hill[ -]burton|press ganey|faye brown|charlotte maxwell|eli lilly|abbott"
    r"|jackson memorial|rose medical"
    r"|patient (?:first|access|safety|portal|financial))\b"
)
_WITH_DIGITS = (
    # National Drug Codes, with hyphens in their three layouts or after "ndc".
    re.compile(
        r"(?<![\w-])(?<!claim )(?<!acct )(?<!account )(?<!mrn )(?<!policy )(?<!member )(?<!id )(?<!# )(?<!#)(?:\d{5}-\d{4}-\d{2}"
        r"|\d{5}-\d{3}-\d{2}|\d{4}-\d{4}-\d{2}|\d{5}-\d{4}-\d)(?![\w-])"
    ),
    re.compile(rf"\bndcs?{_NUMBER}\d{{4,5}}-?\d{{3,4}}-?\d{{1,2}}\b"),
    # Numbers of providers, terminologies and help-desk tickets.
    re.compile(rf"\b(?:npi|tin|snomed(?: ct)?|sctid|loinc|taxonomy|rxnorm|rxcui|ccn){_NUMBER}\d[\d-]{{3,17}}[a-z]?\b"),
    re.compile(rf"\b(?:ticket|inc|chg|ritm|sctask|helpdesk|jira|change request){_NUMBER}[a-z]{{0,6}}-?\d{{3,12}}\b"),
    re.compile(r"\bpcs[\s:]{1,2}[0-9a-z]{7}\b"),
    # Amounts.
    re.compile(r"\$\s?\d[\d,]{0,14}(?:\.\d{1,2})?|(?<![\d.-])\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,2})?(?![\d-])"),
    re.compile(r"\b(?:version|ver|release|build|v)\.?\s?\d{1,5}(?:\.\d{1,5}){1,3}\b"),
    # Toll-free numbers are of offices, not of patients.
    re.compile(r"(?<![\w+-])(?:\+?1[\s.-]?)?\(?8(?:00|33|44|55|66|77|88)\)?[\s.-]{0,2}\d{3}[\s.-]?\d{4}(?!\d)"),
    re.compile(r"\b(?:doi|pmid|isbn|issn):?\s?[\d./x-]{6,30}"),
)


def blanked(small: str) -> str:
    """The text with ordinary work blanked out, every character in its place.

    :param small: plain text in small letters.
    """
    patterns = [_LIKE_PEOPLE, _REFERENCE] if "-" in small else [_LIKE_PEOPLE]
    if "<" in small:
        patterns.append(_SLACK)
    if any(character.isdigit() for character in small):
        patterns.extend(_WITH_DIGITS)
    for pattern in patterns:
        small = pattern.sub(_blank, small)
    return small


def _blank(match: re.Match[str]) -> str:
    return BLANK * len(match.group())
