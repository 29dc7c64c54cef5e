"""How a text becomes words: the same for titles when the index is built and for what a coder types."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Longer input is cut here: nobody types a code question of more than this, and every word costs time.
LONGEST_TEXT = 400
LONGEST_WORD = 40
MOST_WORDS = 40

_PIECES = re.compile(r"[a-z]+[0-9]*[a-z]*|[0-9]+[a-z]*")
#: Shorthand with a slash or a sign, as written in charts; read before the text is cut at signs.
_SHORTHAND = (
    (re.compile(r"\bw\s?/\s?o\b"), " without "),
    (re.compile(r"\bs\s?/\s?p\b"), " sp "),
    (re.compile(r"\bh\s?/\s?o\b"), " ho "),
    (re.compile(r"\bf\s?/\s?h\b"), " fhx "),
    (re.compile(r"\br\s?/\s?o\b"), " ro "),
    (re.compile(r"\bc\s?/\s?o\b"), " co "),
    (re.compile(r"\bd\s?/\s?t\b"), " due to "),
    (re.compile(r"\b2\s?/\s?2\b"), " due to "),
    (re.compile(r"\bb\s?/\s?l\b"), " bilateral "),
    (re.compile(r"\bf\s?/\s?u\b"), " fu "),
    (re.compile(r"\bn\s?/\s?v\b"), " nausea and vomiting "),
    (re.compile(r"\bw\s?/"), " with "),
    (re.compile(r"(?<!\S)\+ ?(?=[a-z])"), " positive "),
    (re.compile(r"(?<=[a-z]) ?\+(?!\w)"), " positive "),
    (re.compile(r"(\bx|\bfor|\btimes) ?\d+ ?(d|days?|wks?|weeks?|mos?|months?|yrs?|years?|hrs?|hours?|min)\b"), " "),
    (re.compile(r"\b\d+(\.\d+)? ?(mm|cm|mg|mcg|ml|cc|mmhg)\b"), " "),
    (re.compile(r"\b(lost|gained) \d+ ?(lbs?|pounds|kgs?)\b"), r"\1 weight"),
    (re.compile(r"[’'`´]s\b"), ""),
    (re.compile(r"[’'`´]"), ""),
    (re.compile(r"(?<=\d),(?=\d{3}\b)"), ""),
    (re.compile(r"&"), " and "),
    (re.compile(r"\bnon[ -](?=[a-z]{4})"), "non"),
)
#: British spelling, as in titles of the WHO edition and as many physicians write.
_BRITISH = (
    ("haem", "hem"),
    ("aemi", "emi"),
    ("anaes", "anes"),
    ("oedem", "edem"),
    ("oesoph", "esoph"),
    ("oestr", "estr"),
    ("rrhoe", "rrhe"),
    ("foet", "fet"),
    ("paed", "ped"),
    ("gynaec", "gynec"),
    ("orthopaed", "orthoped"),
    ("leukaem", "leukem"),
    ("tumour", "tumor"),
    ("colour", "color"),
    ("behaviour", "behavior"),
    ("labour", "labor"),
    ("caec", "cec"),
    ("faec", "fec"),
    ("aetiol", "etiol"),
    ("ischaem", "ischem"),
    ("coeliac", "celiac"),
    ("diarrhoea", "diarrhea"),
    ("dyspnoea", "dyspnea"),
    ("apnoea", "apnea"),
)
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12"}
_IRREGULAR = {
    "feet": "foot",
    "teeth": "tooth",
    "children": "child",
    "women": "woman",
    "men": "man",
    "vertebrae": "vertebra",
    "broke": "broken",
    "fell": "fall",
    "fallen": "fall",
    "bitten": "bite",
    "bit": "bite",
    "stung": "sting",
    "burnt": "burn",
    "burned": "burn",
    "swelled": "swelling",
    "struck": "strike",
    "torn": "tear",
    "swollen": "swelling",
    "lice": "louse",
    "ova": "ovum",
    "testes": "testis",
    "viruses": "virus",
    "fetuses": "fetus",
    "uteri": "uterus",
    "calculi": "calculus",
    "thrombi": "thrombus",
    "emboli": "embolus",
    "nuclei": "nucleus",
    "fungi": "fungus",
    "bacilli": "bacillus",
    "bacteria": "bacterium",
    "diverticula": "diverticulum",
    "phalanges": "phalanx",
    "metastases": "metastasis",
    "pus": "pus",
    "gas": "gas",
    "abuse": "abuse",
    "does": "do",
    "diabetes": "diabetes",
    "herpes": "herpes",
    "rabies": "rabies",
    "scabies": "scabies",
    "feces": "feces",
    "series": "series",
    "caries": "caries",
    "menses": "menses",
    "forceps": "forceps",
    "biceps": "biceps",
    "triceps": "triceps",
    "quadriceps": "quadriceps",
    "herpangina": "herpangina",
    "rubeola": "measles",
}
_LEAST_STEM = 4


def split_words(text: str) -> list[str]:
    """Cut a text into lower-case words without signs, accents, or possessive endings; shorthand like ``w/o`` is spelled out."""
    return list(_cut(text[:LONGEST_TEXT]))


@lru_cache(maxsize=4096)
def _cut(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    for pattern, words in _SHORTHAND:
        plain = pattern.sub(words, plain)
    return tuple(piece[:LONGEST_WORD] for piece in _PIECES.findall(plain)[:MOST_WORDS])


_SOUNDS = (
    (re.compile(r"ph"), "f"),
    (re.compile(r"rrh|rh"), "r"),
    (re.compile(r"gh"), "g"),
    (re.compile(r"th"), "t"),
    (re.compile(r"sch|sc(?=[eiy])"), "s"),
    (re.compile(r"ch|ck|q|c(?![eiy])"), "k"),
    (re.compile(r"c|z|x"), "s"),
    (re.compile(r"^ps"), "s"),
    (re.compile(r"^pn"), "n"),
    (re.compile(r"[aeo]e|oe|y|ie|ei|ea|ee"), "i"),
    (re.compile(r"au|oa|ou"), "o"),
    (re.compile(r"(.)\1"), r"\1"),
)


def sound(word: str) -> str:
    """Roughly how a word sounds, so that spellings that sound alike meet: ``menoraghia`` and ``menorrhagia``."""
    for pattern, letters in _SOUNDS:
        word = pattern.sub(letters, word)
    return word


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The form under which a word is kept: American spelling, singular, numbers in digits. No derivation: ``renal`` stays ``renal``."""
    if word in _ROMAN:
        return _ROMAN[word]
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < _LEAST_STEM or not word.isalpha():
        return word
    for british, american in _BRITISH:
        if british in word:
            word = word.replace(british, american)
    return _singular(word)


def _singular(word: str) -> str:
    if not word.endswith("s") or word.endswith(("ss", "us", "is", "ies")):
        return word[:-3] + "y" if word.endswith("ies") and len(word) > _LEAST_STEM else word
    if word.endswith(("oses", "eses", "yses", "stases", "apses")):
        return word[:-2] + "is"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1]
