"""Writing a text plainly (ASCII letters and digits where there are any) without losing where each character came from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

#: Characters that look like others, or that Word and phones put in place of them.
_PLAIN = {
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    **dict.fromkeys("‘’‚‛′`´ʼ＇", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("⁄∕／", "/"),
    **dict.fromkeys("đĐðÐ", "d"),
    **dict.fromkeys("łŁ", "l"),
    **dict.fromkeys("øØ", "o"),
    **dict.fromkeys("ıİ", "i"),
    **dict.fromkeys("‹", "<"),
    **dict.fromkeys("›", ">"),
    "Đ": "D",
    "Ł": "L",
    "Ø": "O",
    "İ": "I",
    "•": "|",
    "·": "|",
    "…": ".",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "Æ": "Ae",
    "Œ": "Oe",
}
_DROPPED = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad")
_ESCAPES = (("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"))
_ESCAPED = re.compile("&(?:amp|lt|gt);")


@dataclass(frozen=True, slots=True)
class PlainText:
    """``text`` written plainly; character ``i`` of it came from character ``origin[i]`` of the original (None: the same)."""

    text: str
    origin: list[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The same half-open span in the original text."""
        if self.origin is None:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1 if end > start else self.origin[start]


def _plain_character(character: str) -> str:
    if character in _DROPPED:
        return ""
    if (known := _PLAIN.get(character)) is not None:
        return known
    if character.isspace():
        return character if character in "\n\t" else " "
    kept = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    return _PLAIN.get(kept, kept)


def plainly(text: str) -> PlainText:
    """Write a text plainly: accents, full-width digits, typographic dashes, zero-width characters and Slack's escapes go."""
    if text.isascii() and not _ESCAPED.search(text):
        return PlainText(text, None)
    written: list[str] = []
    origin: list[int] = []
    at = 0
    while at < len(text):
        escape = next((pair for pair in _ESCAPES if text.startswith(pair[0], at)), None) if text[at] == "&" else None
        plain = escape[1] if escape else _plain_character(text[at])
        written.append(plain)
        origin.extend([at] * len(plain))
        at += len(escape[0]) if escape else 1
    return _closed(PlainText("".join(written), origin), text)


def _closed(plain: PlainText, text: str) -> PlainText:
    """End the map one past the last character, so that an empty span at the end has a place."""
    assert plain.origin is not None  # noqa: S101 - for the type checker: only called with a map
    plain.origin.append(len(text))
    return plain


def lowered(text: str) -> str:
    """Small letters, with every character staying where it is (``str.lower`` makes some characters longer)."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(letter if len(letter) == 1 else original for original in text for letter in [original.lower()])
