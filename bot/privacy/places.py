"""Where somebody lives: street, box and rural-route addresses, ZIP codes, and towns said to be somebody's home."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.findings import Hit, Label
from bot.privacy.lexicon import Kind, Lexicon

_STATES = (
    "al|ak|az|ar|ca|co|ct|de|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|nc|nd"
    "|oh|ok|or|pa|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy|dc|pr"
)
_ZIP = r"\d{5}(?:-\d{4})?"
_SURE = (
    r"street|avenue|boulevard|blvd|road|rd|lane|ln|drive|terrace|circle|parkway|pkwy|highway|hwy|trail"
    r"|turnpike|ave|court|alley|square|plaza|loop|crescent|expressway"
)
_UNSURE = r"st|ct|dr|pl|way|cir|ter|trl|sq|place|run|pike|row|path|aly|xing"
_UNIT = (
    r"(?:[\s,.]{1,3}(?:(?:apt|apartment|unit|ste|suite|lot|trlr|bldg|fl|rm)\.?\s?#?\s?[a-z0-9-]{1,6}"
    r"|#\s?[a-z0-9-]{1,6}))"
)
_TOWN = rf"(?:[\s,]{{1,3}}(?:[a-z][a-z.'-]{{1,20}}\s){{0,4}}?[a-z][a-z.'-]{{1,20}},?\s(?:{_STATES})(?![a-z])(?:[\s,]{{1,2}}{_ZIP})?)"
_ROUTE = (
    r"(?:(?:county|state|us|farm|private|forest)\s(?:road|rd|route|rte|hwy|highway)|highway|hwy|route|rte|cr"
    r"|sr|fm)\s\d{1,4}"
)
_TAIL = rf"{_UNIT}?{_TOWN}?(?:[\s,]{{1,2}}{_ZIP}(?!\d))?"
_STREET = re.compile(
    rf"(?<![\w.,/$#-])\d{{1,6}}(?:-?[a-d])?\s(?:(?:[nsew]|[ns][ew]|north|south|east"
    rf"|west)\.?\s)?(?P<words>(?:[a-z0-9][a-z0-9'.-]{{0,20}}\s){{1,4}}?)"
    rf"(?:(?P<sure>{_SURE})|(?P<unsure>{_UNSURE}))\.?(?![a-z])(?:\s(?:[nsew]|[ns][ew])(?![a-z]))?(?P<tail>{_TAIL})"
)
_ROUTED = re.compile(
    rf"(?<![\w.,/$#-])\d{{1,6}}\s(?:(?:[nsew]|[ns][ew])\.?\s)?(?:{_ROUTE}|(?:[nsew]|north|south|east"
    rf"|west)\.?\s(?:broadway|main|first|[1-9]\d?(?:st|nd|rd|th)))(?![a-z0-9]){_TAIL}"
)
_DIRECTED = re.compile(r"(?<![\w.,/$#-])\d{3,6}\s(?:[nsew]|[ns][ew])\.?\s(?P<name>[a-z]{3,20})(?![a-z])")
_APARTMENT = re.compile(
    rf"(?<![\w.,/$#-])\d{{1,6}}\s(?P<words>(?:[a-z][a-z'.-]{{1,20}}\s){{1,4}}?)(?:apt|apartment|trlr"
    rf"|ste)\.?\s?#?\s?[a-z0-9-]{{1,6}}(?![a-z]){_TOWN}?"
)
_BOX = re.compile(
    rf"(?<![a-z])(?:p\.?\s?o\.?\s?(?:box|bx)|post office box|pob)\s?#?\s?\d{{1,6}}{_TAIL}"
    rf"|(?<![a-z])(?:r\.?\s?r\.?|rr|rt|rte|rural r(?:ou)?te|hc|star r(?:ou)?te|route|psc"
    rf"|unit)\s?#?\s?\d{{1,5}}[\s,]{{1,2}}(?:p\.?o\.?\s)?box\s?#?\s?\d{{1,6}}[a-z]?{_TAIL}"
)
_CITY_STATE_ZIP = re.compile(
    rf"(?<![\w.])(?P<city>(?:[a-z][a-z.'-]{{1,20}}\s){{0,2}}?[a-z][a-z.'-]{{1,20}}),?\s(?:{_STATES})\.?[\s,]{{1,2}}{_ZIP}(?!\d)"
)
_UNIT_ALONE = re.compile(r"(?<![a-z])(?:apt|apartment|trlr|trailer)\.?\s?(?:#|no\.?)?\s?\d{1,5}[a-z]?(?![\w])")
_LIVES_IN = re.compile(
    r"(?i:(?<![a-z])(?:lives?|living|lived|resides|residing|moved|resident|hometown|native)(?: (?:back|out"
    r"|down|up|over|now|is))? (?:in|to|of|near|outside)) ([A-Z][a-z]{2,20}(?: [A-Z][a-z]{2,20}){0,2})"
)
_ZIPPED = (
    re.compile(
        rf"(?<![a-z])zip(?:\s?code)?s?[\s:#=]{{1,3}}(?:(?:is|of|was|shows?|on file|reads"
        rf"|says)\s){{0,2}}({_ZIP})(?!\d)"
    ),
    re.compile(rf"(?<![\w-])({_ZIP})\s(?:is\s|as\s)?(?:(?:the|her|his|wrong|home)\s){{0,2}}zip"),
)
_HOME = (
    r"lives?|living|lived|resid(?:es|ing)|resident of|home(?: is| address)?|house|moved|stays|staying|address"
    r"|addr|mail(?:ed|ing)?|sent|send|ship"
)
_HOME_STREET = re.compile(
    rf"(?<![a-z])(?:{_HOME})(?:\s(?:to|on|at|off|over|in|the|is|it|off of|near"
    rf"|by)){{1,3}}\s(?P<street>(?:[a-z0-9][a-z0-9'.-]{{0,20}}\s){{1,4}}?(?:{_SURE}|st|ct|dr|pl|way)\b\.?"
    rf"|\d{{1,6}}\s(?:[a-z][a-z'.-]{{1,20}})(?:\s[a-z][a-z'.-]{{1,20}})?)"
)
#: A town counts when it is said to be where somebody is from. After "in" it needs a word of living before it.
_FROM = re.compile(
    r"(?<![a-z])(?:from|(?:lives?|living|lived|resid(?:es|ing)|born|moved|home|house|family|address|stays"
    r"|staying|based|back)(?:\s(?:is|now|back|down|up|over|out|her|him|them|pt|mom|dad))?\s(?:in|to|near"
    r"|outside|around)|(?:over|down|up|out|back) in|resident of|native of|hometown(?: is)?|city(?: of)?(?: is"
    r"|:)|town of)\s"
)
_RESIDENT = re.compile(r"(?<![a-z])([a-z]{3,20}(?: [a-z]{3,20})?) (?:resident|native|address)(?![a-z])")
_IN = re.compile(r"(?<![a-z])(?:in|near)\s")
_CITY_STATE = re.compile(
    rf"(?<![\w.])(?P<city>(?:[a-z][a-z.'-]{{1,20}}\s){{0,2}}?[a-z][a-z.'-]{{1,20}}),?\s(?:{_STATES})(?![a-z-])"
)
_WORDS = re.compile(r"[a-z][a-z.'-]{0,20}")
#: After a town's name these make it an office or a hospital.
_OFFICE = re.compile(
    r"[\s-](?:[a-z]{2,12}\s)?(?:hospital|hosp|clinic|medical|med|health|general|regional|memorial|univ"
    r"|university|mercy|children|campus|office|team|site|facility|rehab|snf|nursing|va|center|ctr|location"
    r"|lab|"
    r"surgery|surgical|heart|eye|presbyterian|methodist|baptist|county|stage|physicians|ems|fire|police"
    r"|home)s?(?![a-z])"
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Words that are no part of a street's name: "2 pts per dr", "3 head ct".
_STOP = _set(
    """
    and or of the to in on for with from at by is was are has had have not no right left vs per days day units unit
    charts chart pages page patients patient pts pt codes code hrs hours mg ml head chest abd abdomen pelvis brain
    neck spine sinus repeat low dose contrast con stat outside portable lung screening as her his she he it this
    that these until till due out in over done same more after before when
    """
)
#: After "12 N" these are places inside a hospital.
_INSIDE = _set(
    """
    tele tower wing unit pavilion ward rehab med surg ortho icu hall campus building side bed beds room rooms main charts chart census
    nursing nurses staff neuro cardiac onc peds short full open and or to of is was has per for in on with neg pos plus minus
    """
)


def find_places(small: str, lexicon: Lexicon, *, digits: bool) -> Iterator[Hit]:
    """Addresses, ZIP codes and home towns.

    :param small: plain text in small letters with ordinary work blanked out.
    :param digits: whether the text holds a digit at all; without one only streets and towns after words of living are sought.
    """
    if digits:
        yield from _with_numbers(small, lexicon)
    if any(
        word in small
        for word in ("liv", "resid", "home", "house", "moved", "stay", "address", "addr", "mail", "sen", "ship")
    ):
        for match in _HOME_STREET.finditer(small):
            if not _STOP & set(match["street"].split()[:-1]):
                yield Hit(match.start("street"), match.end("street"), Label.ADDRESS)
    yield from _towns(small, lexicon)


def _with_numbers(small: str, lexicon: Lexicon) -> Iterator[Hit]:
    yield from _streets(small, lexicon)
    boxes = (_ROUTED, _BOX) if "box" in small or "po" in small or _mentions_route(small) else ()
    for pattern in (*boxes, _UNIT_ALONE):
        for match in pattern.finditer(small):
            yield Hit(match.start(), match.end(), Label.ADDRESS)
    for match in _CITY_STATE_ZIP.finditer(small):
        yield Hit(_town_start(match, lexicon), match.end(), Label.ADDRESS)
    for pattern in _ZIPPED if "zip" in small else ():
        for match in pattern.finditer(small):
            yield Hit(match.start(1), match.end(1), Label.ADDRESS)


def _streets(small: str, lexicon: Lexicon) -> Iterator[Hit]:
    for match in _STREET.finditer(small):
        if _is_street(match, lexicon):
            yield Hit(match.start(), match.end(), Label.ADDRESS)
    for match in _APARTMENT.finditer(small):
        if not _STOP & set(match["words"].split()):
            yield Hit(match.start(), match.end(), Label.ADDRESS)
    for match in _DIRECTED.finditer(small):
        if match["name"] not in _INSIDE and not lexicon.kinds.get(match["name"], 0) & Kind.WORD:
            yield Hit(match.start(), match.end(), Label.ADDRESS)


def _mentions_route(small: str) -> bool:
    return any(
        word in small
        for word in (
            "hwy",
            "highway",
            "county",
            "route",
            "rte",
            "fm ",
            "cr ",
            "sr ",
            "broadway",
            " main",
            "rd ",
            "st",
            "th",
            "nd",
        )
    )


def _is_street(match: re.Match[str], lexicon: Lexicon) -> bool:
    """Whether a number, some words and a word like "Ct" are an address: "3 head ct" and "2 pts per dr" are not."""
    words = match["words"].split()
    if _STOP & set(words) or (
        len(words) > 1
        and words[0] in lexicon.kinds
        and words[0] in ("north", "south", "east", "west")
        and words[-1] in _STOP
    ):
        return False
    if match["sure"] or match["tail"].strip():
        return True
    number = match.group().split()[0]
    last = lexicon.kinds.get(words[-1], 0)
    return len(number) > 2 or not last & 3 or bool(last & 96)


def _town_start(match: re.Match[str], lexicon: Lexicon) -> int:
    """Where the town's name begins: words before it are not part of it ("mailed to Dayton OH 45402")."""
    words = list(_WORDS.finditer(match["city"]))
    for word in words:
        if match["city"][word.start() :] in lexicon.cities:
            return match.start("city") + word.start()
    start = len(words) - 1
    while (
        start > 0 and words[start - 1].group() not in _STOP and not lexicon.kinds.get(words[start - 1].group(), 0) & 1
    ):
        start -= 1
    return match.start("city") + words[start].start()


def _towns(small: str, lexicon: Lexicon) -> Iterator[Hit]:
    if (
        "from " in small
        or " in " in small
        or " of " in small
        or " to " in small
        or "near " in small
        or "is " in small
        or "resident" in small
    ):
        homes = "from" in small or any(
            word in small for word in ("liv", "resid", "born", "moved", "home", "stay", "address")
        )
        for match in _FROM.finditer(small):
            yield from _town_at(small, match.end(), lexicon)
        for match in _IN.finditer(small) if homes else ():
            yield from _town_at(small, match.end(), lexicon)
    for match in _RESIDENT.finditer(small) if "resident" in small else ():
        if match.group(1) in lexicon.cities:
            yield Hit(match.start(1), match.end(1), Label.CITY)
    for match in _CITY_STATE.finditer(small) if "," in small else ():
        start = _town_start(match, lexicon)
        if small[start : match.end("city")] in lexicon.cities and not _OFFICE.match(small, match.end()):
            yield Hit(start, match.end(), Label.CITY)


def find_unknown_towns(text: str, lexicon: Lexicon) -> Iterator[Hit]:
    """Towns no list holds, after "lives in" and the like: a word with a capital that is no ordinary word."""
    for match in _LIVES_IN.finditer(text):
        first = match.group(1).split()[0].lower()
        if not lexicon.kinds.get(first, 0) & 3 and not _OFFICE.match(text.lower(), match.end()):
            yield Hit(match.start(1), match.end(1), Label.CITY)


def _town_at(small: str, start: int, lexicon: Lexicon) -> Iterator[Hit]:
    """The longest known town that begins here, unless it is the name of an office or hospital."""
    ends = [match.end() for match in _WORDS.finditer(small, start, start + 40)][:3]
    for end in reversed(ends):
        if small[start:end].rstrip(".'") in lexicon.cities:
            if not _OFFICE.match(small, end):
                yield Hit(start, end, Label.CITY)
            return
