"""Build the word lists the guard reads: ``python -m bot.privacy.build_lexicon [folder with NCHS index files]``.

Sources, all read here once and never at run time:

* ``data/*.txt``, written by hand for Chartdesk (see the header of each file);
* the 1990 Census name lists (public domain) that the package ``names`` carries;
* the ICD-10-CM tabular list (NCHS/CMS, public domain) that the package ``simple_icd_10_cm`` carries;
* optionally the ICD-10-CM table of drugs, neoplasm table and external-cause index (NCHS/CMS, public domain) from a folder;
* words of the docstrings of Python's standard library (single words, counted).

The result, ``data/lexicon.txt.gz``, has one line per kind: its name, a tab, the words. The same sources give the same bytes.
"""

from __future__ import annotations

import ast
import gzip
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from sysconfig import get_path

from defusedxml import ElementTree

DATA = Path(__file__).parent / "data"
TARGET = DATA / "lexicon.txt.gz"
SURNAMES_KEPT = 40_000
SURNAMES_COMMON = 2_500
GIVEN_COMMON = 420
SURNAMES_PEOPLE = 350
KEPT_EPONYMS = frozenset({"wilson", "graves", "bell", "baker", "jackson", "alzheimer", "murphy", "johnson", "burke"})
_WORD = re.compile(r"[A-Za-z]+")
_DOC_WORD = re.compile(r"(?<![\w.`'\"(-])[a-z]{2,14}(?![\w(`'\"=-])")
_XML_TAGS = {"desc", "note", "title", "extension", "nemod", "name"}


def hand_words(name: str) -> list[str]:
    """Words of one hand-written list; ``cities`` is split at "/" because names of cities hold blanks."""
    lines = [
        line for line in (DATA / f"{name}.txt").read_text(encoding="utf8").splitlines() if not line.startswith("#")
    ]
    if name == "cities":
        return [city.strip() for line in lines for city in line.split("/") if city.strip()]
    return " ".join(lines).split()


def inflected(word: str) -> Iterator[str]:
    """The word, its plural, past and -ing forms; forms that do not exist do no harm."""
    yield word
    if len(word) < 3 or not word.isalpha():
        return
    stem = word.removesuffix("e")
    yield from (word + "s", word + "es", stem + "ed", stem + "ing", word + "ed", word + "ing", word + "ly")
    if word.endswith("y"):
        yield from (word[:-1] + "ies", word[:-1] + "ied")
    if word[-1] in "bdglmnprt" and word[-2] in "aeiou":
        yield from (word + word[-1] + "ed", word + word[-1] + "ing")


def census(name: str) -> list[str]:
    """Names of one Census list, most frequent first."""
    spec = find_spec("names")
    if spec is None or spec.origin is None:
        raise SystemExit("The package 'names' is not installed: install it, it carries the Census lists.")
    lines = (Path(spec.origin).parent / name).read_text(encoding="ascii").splitlines()
    return [line.split()[0].lower() for line in lines if line.strip()]


def medical_files(folder: Path | None) -> list[Path]:
    """The ICD-10-CM files to read words from."""
    spec = find_spec("simple_icd_10_cm")
    if spec is None or spec.origin is None:
        raise SystemExit("The package 'simple_icd_10_cm' is not installed: install it, it carries the ICD-10-CM list.")
    files = sorted((Path(spec.origin).parent / "data").glob("icd10c*tabular*.xml"))
    return files + (sorted(folder.glob("icd10cm-*.xml")) if folder else [])


def medical_words(files: Iterable[Path]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Count words written small, words with a capital inside a text, and words with a capital that begin one."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    opening: Counter[str] = Counter()
    for path in files:
        for element in ElementTree.parse(path).iter():
            if element.tag in _XML_TAGS and element.text:
                found = _WORD.findall(element.text)
                small.update(word for word in found if word.islower())
                capital.update(word.lower() for word in found[1:] if word.istitle())
                opening.update(word.lower() for word in found[:1] if word.istitle())
                if "drug" in path.name:
                    small.update(word.lower() for word in found)
    return small, capital, opening


def library_words() -> Counter[str]:
    """Words of the standard library's docstrings, counted once a docstring."""
    counted: Counter[str] = Counter()
    for path in sorted(Path(get_path("stdlib")).rglob("*.py")):
        if {"site-packages", "test", "tests", "idlelib"} & set(path.parts):
            continue
        try:
            tree = ast.parse(path.read_text(encoding="utf8"))
        except (SyntaxError, UnicodeDecodeError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                counted.update(set(_DOC_WORD.findall(ast.get_docstring(node) or "")))
    return counted


def build(folder: Path | None = None) -> dict[str, list[str]]:
    """All lists by kind, each sorted."""
    common = {form for word in hand_words("english") for form in inflected(word)}
    common |= {form for word in hand_words("office") for form in (word, word + "s")}
    surnames = census("dist.all.last")
    given = [
        name for pair in zip(census("dist.male.first"), census("dist.female.first"), strict=False) for name in pair
    ]
    given += census("dist.female.first") + hand_words("given_names")
    given_common = set(given[:GIVEN_COMMON]) | set(hand_words("modern_names"))
    given += sorted(given_common)
    small, capital, opening = medical_words(medical_files(folder))
    library = library_words()
    # Inflection makes some names ("per" + "es"): a name counts as a word only where somebody wrote it as one.
    written = set(hand_words("english")) | set(hand_words("office"))
    common -= (set(surnames[:SURNAMES_COMMON]) | set(given)) - written
    common -= {name for name in surnames[:SURNAMES_KEPT] if not small[name] and library[name] < 2} - written
    eponyms = set(hand_words("eponyms")) | {word for word in capital if not small[word] and word in set(surnames)}
    # The most frequent surnames are people first; "disease" or "sign" after one still tells.
    eponyms -= set(surnames[:SURNAMES_PEOPLE]) - KEPT_EPONYMS
    words = {word for word, count in library.items() if count >= 3} | set(small)
    words |= {word for word in capital if word not in eponyms}
    words |= {word for word in opening if word not in eponyms} - set(surnames[:SURNAMES_KEPT])
    words -= set(given) | set(surnames[:5000]) | set(hand_words("surnames"))
    words = {word for word in words if len(word) > 1} - common
    kept = {name for name in surnames[:SURNAMES_KEPT] if len(name) > 1} - words
    return {
        "common": sorted(common),
        "words": sorted(words),
        "eponyms": sorted(eponyms),
        "given_common": sorted(given_common),
        "given": sorted(set(given) - given_common),
        "surnames_common": sorted(set(surnames[:SURNAMES_COMMON]) | set(hand_words("surnames"))),
        "surnames": sorted(kept - set(surnames[:SURNAMES_COMMON])),
        "cities": sorted(hand_words("cities")),
    }


def write(lists: dict[str, list[str]]) -> None:
    """Write the lists so that the same lists give the same file."""
    text = "".join(f"{kind}\t{'|'.join(words)}\n" for kind, words in lists.items())
    TARGET.write_bytes(gzip.compress(text.encode("ascii"), mtime=0))


def main(arguments: list[str]) -> None:
    """Build and write, and say how many words of each kind there are."""
    lists = build(Path(arguments[0]) if arguments else None)
    write(lists)
    sys.stdout.write("".join(f"{kind:16}{len(words):7}\n" for kind, words in lists.items()))


if __name__ == "__main__":
    main(sys.argv[1:])
