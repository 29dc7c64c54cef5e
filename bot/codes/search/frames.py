"""A condition in a frame: "history of", "family history of", "screening for" and the like make another code of it, told by where the condition stands in
the book (``bot/codes/knowledge/frames.tsv`` and ``framed-codes.tsv``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LONGEST_FRAME = 5
#: Small words that join a frame to its condition.
JOINING = frozenset({"of", "to", "for", "a", "the", "an"})


@dataclass(frozen=True, slots=True)
class Framed:
    """A line read as a frame around a condition."""

    frame: str
    wording: str
    condition: str


class Frames:
    """The frames coders know, and the code each makes of a condition."""

    def __init__(self, frames: Mapping[str, str], codes: Iterable[tuple[str, str, str]]) -> None:
        """:param frames: wording to frame. :param codes: frame, beginning of the condition's code, code that is meant."""
        self._frames = frames
        self._codes = {(frame, beginning.replace(".", "")): code for frame, beginning, code in codes}

    def around(self, words: list[str]) -> Framed | None:
        """The frame in a line, and what is left of the line without it; None without a frame, or without anything in it."""
        for length in range(min(LONGEST_FRAME, len(words) - 1), 0, -1):
            for at in range(len(words) - length + 1):
                wording = " ".join(words[at : at + length])
                if (frame := self._frames.get(wording)) is not None:
                    rest = [word for word in words[:at] + words[at + length :] if word not in JOINING]
                    return Framed(frame, wording, " ".join(rest)) if rest else None
        return None

    def code(self, frame: str, condition: str) -> str | None:
        """The code a frame makes of the code of a condition, by the longest beginning that is known."""
        plain = condition.replace(".", "")
        return next(
            (found for length in range(len(plain), 0, -1) if (found := self._codes.get((frame, plain[:length])))), None
        )
