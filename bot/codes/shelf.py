"""The search indexes a running process holds: the one of the edition in force, and those of other editions for as long as somebody asks for them."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from bot.codes.catalogue import Edition, latest_edition
from bot.codes.search.index import CodeIndex
from storage.database import Database

#: What is published when an edition or its terms were imported: every process looks anew.
TOPIC = "codes"
#: How long a process may go on with what it holds before it asks the database, in seconds: without Redis nobody can tell it.
TRUSTED_SECONDS = 1.0
#: Indexes of other editions and systems that are held at once.
OTHERS = 2


class CodeShelf:
    """Search indexes by edition, loaded when they are asked for and exchanged when something was imported. Safe from any thread."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._current: CodeIndex | None = None
        self._looked_at = float("-inf")
        self._others: OrderedDict[tuple[int, str], CodeIndex] = OrderedDict()
        self._looking = threading.Lock()
        self._loading = threading.Lock()
        self._lock = threading.Lock()

    def adopt(self, index: CodeIndex) -> None:
        """Take over an index somebody has loaded already."""
        self._current = index

    @property
    def empty(self) -> bool:
        """Whether nothing was loaded yet."""
        return self._current is None

    def current(self) -> CodeIndex:
        """The index of the ICD-10-CM edition that is in force today. While one thread exchanges it, the others go on with the old one.

        :raises NoEdition: when no code set is loaded.
        """
        held = self._current
        if held is not None and time.monotonic() - self._looked_at <= TRUSTED_SECONDS:
            return held
        if not self._looking.acquire(blocking=held is None):
            return held if held is not None else self.current()
        try:
            return self._look()
        finally:
            self._looking.release()

    def of(self, edition: Edition) -> CodeIndex:
        """The index of one edition of any system. While one is loaded, those that are there go on answering."""
        if (held := self._held(edition)) is not None:
            return held
        with self._loading:
            if (held := self._held(edition)) is not None:
                return held
            index = CodeIndex.load(self._database, edition)
        with self._lock:
            self._others[_key(edition)] = index
            while len(self._others) > OTHERS:
                self._others.popitem(last=False)
        return index

    def _held(self, edition: Edition) -> CodeIndex | None:
        key, current = _key(edition), self._current
        if current is not None and _key(current.edition) == key:
            return current
        with self._lock:
            if key in self._others:
                self._others.move_to_end(key)
            return self._others.get(key)

    def refresh(self) -> None:
        """Look into the database now, and load what has changed."""
        with self._looking:
            self._look()

    def _look(self) -> CodeIndex:
        with self._database.read() as session:
            edition = latest_edition(session, today=self._now().date())
        if self._current is None or _key(self._current.edition) != _key(edition):
            self._current = CodeIndex.load(self._database, edition)
        self._looked_at = time.monotonic()
        return self._current


def _key(edition: Edition) -> tuple[int, str]:
    return edition.id, edition.source_digest
