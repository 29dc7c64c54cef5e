"""Ways to reach somebody: telephone and fax numbers, e-mail and web addresses, IP addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.findings import Hit, Label

_CUE = (
    r"(?<![a-z])(?:call(?:ed|ing|back)?|ph|phone|tel|telephone|cell|mobile|home|wk|work|fax(?:ed)?|contact"
    r"|reach|text(?:ed)?|num|number|dial|pager|page|vm|lvm|"
    r"voicemail|voice mail|cb|callback|ring|rang|landline)(?![a-z])"
)
_PHONES = (
    re.compile(
        r"(?<![\w.+-])(?:\+?1[\s./-]{0,2})?(?:\(\s?\d{3}\s?\)"
        r"|\d{3})[\s./-]{1,3}\d{3}[\s./-]{1,2}\d{4}(?:\s?(?:x|ext\.?)\s?\d{1,6})?(?![\w-])"
    ),
    re.compile(r"(?<![\w.+-])(?:\+?1[\s./-]{0,2})?\(\d{3}\)\s{0,2}\d{3}[\s./-]?\d{4}(?!\d)"),
    re.compile(r"(?<![\w.+-])\d{3}[\s./-]?\d{3}-\d{4}(?![\w-])"),
    re.compile(r"(?<![\w+])\+\d{1,3}[\s.-]?(?:\(?\d{1,4}\)?[\s.-]?){2,5}\d{2,4}(?![\w-])"),
)
#: Seven digits alone, unless they count pages, lines or the like.
_LOCAL_PHONE = re.compile(
    r"(?<![\w.,/+$-])(?<!pages )(?<!lines )(?<!line )(?<!form )(?<!pgs )(?<!pp )(?<!edits )[2-9]\d\d-\d{4}(?![\w/.-])"
)
_CUED_PHONE = re.compile(
    _CUE + r"[\s:#.=<(-]{0,4}(?:(?:is|no|number|num|at|back|her|him|them|me|us|the|pt|patient|requester|records?"
    r"|it|on|to|for|listed|was|now|mom|dad|wife|son|or|please|pls)\b[\s:#.,=]{0,3}){0,5}"
    r"(\+?1?[\s.-]?\(?[2-9]\d{2}\)?[\s./-]{0,2}\d{3}[\s./-]?\d{4}(?!\d)(?:\s?(?:x|ext\.?)\s?\d{1,6})?"
    r"|\d{3}[\s.-]\d{4}(?![\w/-]))"
)
_PHONE_FIRST = re.compile(
    r"(?<![\w.+-])([2-9]\d{9}|\d{3}[ .-]\d{4})(?![\w/-])[\s,)]{0,2}(?:(?:is|was|the|her|his|a|=)\s){0,3}" + _CUE
)
_SLACK_LINK = re.compile(r"<(tel|mailto):[^<>\n]{1,200}>")
_EMAIL = re.compile(r"(?<![\w.+-])[a-z0-9][\w.+'%-]{0,60}\s?@\s?[a-z0-9][a-z0-9-]{0,60}(?:\.[a-z0-9-]{1,40}){1,4}")
_ANY_EMAIL = re.compile(r"[^\s@<>|,;]{1,60}@[^\s@<>|,;]{1,60}\.[^\s@<>|,;.]{2,20}")
_SPELLED_EMAIL = re.compile(
    r"(?<![\w.+-])(?:[a-z0-9]{1,20}\s(?:dot|period"
    r"|underscore)\s){0,2}[a-z0-9][\w.+-]{1,40}\s?(?:[(\[{]\s?at\s?[)\]}]|\sat\s)\s?(?:gmail|yahoo|hotmail"
    r"|outlook|aol|icloud|comcast|proton(?:mail)?|msn|live|att|verizon|sbcglobal|me|mail|gmx|ymail"
    r"|[a-z0-9-]{3,30}(?=\s?(?:[(\[{]\s?dot|\sdot\s)))"
    r"(?:\s?(?:[(\[{]\s?dot\s?[)\]}]|\sdot\s|\.)\s?(?:com|net|org|edu|me|us|co|gov|uk|ca))?(?![a-z])"
)
_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>|\"')\]\x00]{3,300}|(?<![\w@.-])(?:[a-z0-9-]{1,40}\.){1,3}(?:com|org|net|edu"
    r"|gov|io|health|local|me|us|info|co)/[^\s<>|\"')\]\x00]{1,300}"
)
_HOST = re.compile(r"(?:https?://)?(?:www\.)?([^/:?#]{1,200})")
#: Paths that lead to one person's record.
_PERSONAL = re.compile(
    r"mychart|portal|patient|/pts?/|chart/|/chart|mrn|encounter|[?&](?:id|pid|csn|dob|ssn)=|obituar|memorial"
    r"|/member"
)
_SOCIAL = re.compile(
    r"(?:^|\.)(?:facebook|fb|instagram|twitter|x|tiktok|linkedin|gofundme|caringbridge|legacy|ancestry|youtube"
    r"|nextdoor|givesendgo)\.(?:com|org)$"
)
_IP = re.compile(r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w]|\.\d)")
_IP6 = re.compile(
    r"(?<![\w:.])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}(?![\w:])"
    r"|(?<![\w:.])(?:[0-9a-f]{1,4}:){1,5}:(?:[0-9a-f]{1,4}:){0,4}[0-9a-f]{1,4}(?![\w:])"
)
_WORK_SUBDOMAIN = re.compile(
    r"(?:wiki|jira|confluence|docs|help|helpdesk|support|intranet|sharepoint|teams|kb|learn|training|status"
    r"|git|gitlab)\."
)


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


#: Hosts of ordinary work: government, coding books and societies, office tools, payers and vendors.
_WORK_HOSTS = _listed(
    """
    slack.com localhost cms.gov cdc.gov hhs.gov nih.gov ssa.gov ecfr.gov federalregister.gov who.int ahima.org
    aapc.com ama-assn.org aha.org ahacentraloffice.org codingclinicadvisor.com acdis.org icd10data.com
    icd10monitor.com icd10coded.com aapc.org snomed.org loinc.org hl7.org jointcommission.org zoom.us microsoft.com
    office.com sharepoint.com google.com atlassian.net github.com servicenow.com service-now.com 3m.com
    solventum.com optum.com epic.com medicare.gov medicaid.gov novitas-solutions.com noridianmedicare.com
    palmettogba.com ngsmedicare.com wpsgha.com cgsmedicare.com fcso.com availity.com wikipedia.org pubmed.gov
    """
)


def find_contacts(small: str, hosts: tuple[str, ...] = ()) -> Iterator[Hit]:
    """Telephone numbers, e-mail, web and IP addresses.

    :param small: plain text in small letters with ordinary work blanked out.
    :param hosts: further web and mail hosts that are ordinary work, such as the hospital's own.
    """
    if "<" in small:
        for match in _SLACK_LINK.finditer(small):
            yield Hit(match.start(), match.end(), Label.PHONE if match.group(1) == "tel" else Label.EMAIL)
    if "@" in small or "at" in small:
        yield from _emails(small, hosts)
    if "/" in small or "www." in small:
        yield from _addresses_of_web(small, hosts)
    yield from _machines(small)


def find_phones(small: str) -> Iterator[Hit]:
    """Telephone and fax numbers; to be run on texts with digits only."""
    for pattern in (*_PHONES, _LOCAL_PHONE):
        for match in pattern.finditer(small):
            yield Hit(match.start(), match.end(), Label.PHONE)
    for pattern in (_CUED_PHONE, _PHONE_FIRST):
        for match in pattern.finditer(small):
            yield Hit(match.start(1), match.end(1), Label.PHONE)


def _emails(small: str, hosts: tuple[str, ...]) -> Iterator[Hit]:
    patterns = (_EMAIL, _ANY_EMAIL, _SPELLED_EMAIL) if "@" in small else (_SPELLED_EMAIL,)
    for pattern in patterns:
        for match in pattern.finditer(small):
            if not hosts or not match.group().endswith(hosts):
                start = match.start() + (7 if match.group().startswith("mailto:") else 0)
                yield Hit(start, match.end(), Label.EMAIL)


def _addresses_of_web(small: str, hosts: tuple[str, ...]) -> Iterator[Hit]:
    for match in _URL.finditer(small):
        address = match.group().rstrip(".,;:!?")
        if not _is_work(address, hosts):
            yield Hit(match.start(), match.start() + len(address), Label.URL)


def _is_work(address: str, hosts: tuple[str, ...]) -> bool:
    match = _HOST.match(address)
    host = match.group(1) if match else ""
    if _SOCIAL.search(host) or _PERSONAL.search(address):
        return False
    return bool(_WORK_SUBDOMAIN.match(host)) or any(
        host == known or host.endswith("." + known) for known in (*_WORK_HOSTS, *hosts)
    )


def _machines(small: str) -> Iterator[Hit]:
    if small.count(".") >= 3:
        for match in _IP.finditer(small):
            if match.group() not in ("127.0.0.1", "0.0.0.0"):  # noqa: S104 - addresses in a text, nothing listens on them
                yield Hit(match.start(), match.end(), Label.IP)
    if small.count(":") >= 3:
        for match in _IP6.finditer(small):
            yield Hit(match.start(), match.end(), Label.IP)
