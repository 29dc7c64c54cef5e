"""What the desk says when a code cannot be found."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import Refusal


class NoSuchCode(Refusal):
    """That code is not in this edition. Check the characters, or search in words."""

    def __init__(self, code: str | None = None, edition: str | None = None, instead: Sequence[str] = ()) -> None:
        """Build the sentence.

        :param code: what was asked for, as understood.
        :param edition: title of the edition that was looked in.
        :param instead: existing codes that may have been meant, nearest first.
        """
        self.code = code
        self.instead = tuple(instead)
        super().__init__(_sentence(code, edition, self.instead) if code else None)


class NoEdition(Refusal):
    """No code set is loaded yet. The first start loads one; try again in a minute."""


def _sentence(code: str, edition: str | None, instead: Sequence[str]) -> str:
    where = f"in {edition}" if edition else "in this edition"
    if not instead:
        return f"{code} is not {where}. Check the characters, or search in words."
    return f"{code} is not {where}. Did you mean {_either(instead)}?"


def _either(codes: Sequence[str]) -> str:
    return codes[0] if len(codes) == 1 else f"{', '.join(codes[:-1])} or {codes[-1]}"
