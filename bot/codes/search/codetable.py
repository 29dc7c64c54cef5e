"""The codes of an edition in order, found by their characters."""

from __future__ import annotations

import numpy as np

from bot.codes.official import with_dot
from bot.codes.search.pack import Arrays, text_at


class CodeTable:
    """Codes and titles of one packed index; a code is known by its place in the book (from 0)."""

    def __init__(self, arrays: Arrays) -> None:
        self._plain = arrays["code"]
        self._order = arrays["code_order"]
        self._sorted = self._plain[self._order]
        self._printed = arrays.get("printed")
        self._arrays = arrays
        self.parent = arrays["parent"]
        self.end = arrays["end"]
        self.billable = arrays["billable"]
        self.extended = arrays["extended"]

    def __len__(self) -> int:
        return len(self._plain)

    def find(self, plain: str) -> int | None:
        """The place of a code given in capitals and without its dot."""
        wanted = plain.encode("ascii", "replace")
        if len(wanted) > self._sorted.itemsize:  # else all codes would be copied to be as wide as this
            return None
        at = int(self._sorted.searchsorted(np.bytes_(wanted)))
        if at < len(self._sorted) and self._sorted[at] == wanted:
            return int(self._order[at])
        return None

    def beginning(self, plain: str, most: int) -> list[int]:
        """Places of codes that begin with these characters: the shortest first, so that what stands above comes before what stands below."""
        first = int(np.searchsorted(self._sorted, np.bytes_(plain.encode("ascii", "replace"))))
        last = int(np.searchsorted(self._sorted, np.bytes_((plain + "~").encode("ascii", "replace"))))
        lengths = np.char.str_len(self._sorted[first:last])
        places: list[int] = self._order[first + np.argsort(lengths, kind="stable")[:most]].tolist()
        return places

    def code(self, at: int) -> str:
        """The code as it is printed."""
        if self._printed is not None:
            return text_at(self._printed, self._arrays["printed_borders"], at)
        return with_dot(self._plain[at].decode())

    def title(self, at: int) -> str:
        """The full title; with a 7th character it is put together from the stem's and the meaning."""
        arrays = self._arrays
        if not self.extended[at]:
            return text_at(arrays["titles"], arrays["title_borders"], at)
        meaning = text_at(arrays["meanings"], arrays["meaning_borders"], int(arrays["seventh"][at]))
        return f"{text_at(arrays['titles'], arrays['title_borders'], int(self.parent[at]))}, {meaning}"

    def needs_seventh(self, at: int) -> bool:
        """Whether the code is whole but for a 7th character."""
        return not self.billable[at] and at + 1 < len(self) and bool(self.extended[at + 1])

    def children(self, at: int) -> list[int]:
        """The codes right below, in the order of the book."""
        found, child, end = [], at + 1, int(self.end[at])
        while child < end:
            found.append(child)
            child = int(self.end[child])
        return found
