"""Column types of the desk. A table may hold text only through one of these, so that what each text is allowed to be is plain to see."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine

E = TypeVar("E", bound=StrEnum)

#: A date no due date reaches: stands for "none" where an index must sort by a due date (SQLite has no NULLS LAST).
FAR_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)


class Base(DeclarativeBase):
    """The mother of all tables; constraint names follow one rule so that migrations can name them on every database."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class CleanText(str):
    """Free text that passed the PHI guard. Only the guard makes one, and a :class:`GuardedText` column takes nothing else."""

    __slots__ = ()
    _made_by_guard: ClassVar[object] = object()

    def __new__(cls, text: str, *, proof: object = None) -> CleanText:
        """Refuse to be built by anybody but the guard.

        :raises TypeError: always, unless the guard's own proof is given.
        """
        if proof is not cls._made_by_guard:
            raise TypeError("Free text enters through the PHI guard: call Guard.accept_text().")
        return super().__new__(cls, text)

    @classmethod
    def _passed_guard(cls, text: str) -> CleanText:
        """Mark a text as checked. For ``bot.privacy`` and for reading back what was stored."""
        return cls(text, proof=cls._made_by_guard)


class BigId(TypeDecorator[int]):
    """A 64-bit key. SQLite needs plain INTEGER for a key that counts by itself."""

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """Choose the column type for the database."""
        return dialect.type_descriptor(sa.Integer() if dialect.name == "sqlite" else sa.BigInteger())


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, in UTC. SQLite drops offsets silently, so a naive moment is refused and every value comes back aware."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """Keep the zone on databases that can."""
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC before storing.

        :raises ValueError: for a moment without a zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Give it back aware, in UTC."""
        if value is None:
            return None
        if value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[E]):
    """One word of a fixed list (a :class:`~enum.StrEnum` of :mod:`storage.words`), stored as itself."""

    impl = sa.String
    cache_ok = True

    def __init__(self, words: type[E], others: type[E] | None = None) -> None:
        """:param others: a second list for a column that holds a word of either; no word may be on both."""
        super().__init__(40)
        self.words = words
        self.others = others

    def process_bind_param(self, value: E | str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Refuse what is not on the list.

        :raises ValueError: for any other word.
        """
        return None if value is None else self._member(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:  # noqa: ARG002
        """Give back the enum member."""
        return None if value is None else self._member(value)

    def _member(self, value: str) -> E:
        if self.others is not None and value in {word.value for word in self.others}:
            return self.others(value)
        return self.words(value)


class Words(TypeDecorator[tuple[E, ...]]):
    """Several words of one list, stored as a sorted JSON array."""

    impl = sa.String
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__(400)
        self.words = words

    def process_bind_param(self, value: tuple[E, ...] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Sort and store."""
        return json.dumps(sorted({self.words(word).value for word in value or ()}))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[E, ...]:  # noqa: ARG002
        """Give back a tuple of members."""
        return _words_in(self.words, value or "[]")


class Slugs(TypeDecorator[tuple[str, ...]]):
    """Several short identifiers, stored as a sorted JSON array."""

    impl = sa.String
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(400)

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Sort and store."""
        return json.dumps(sorted(set(value or ())))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002
        """Give back a tuple."""
        return _slugs_in(value or "[]")


@lru_cache(maxsize=256)
def _words_in(words: type[E], stored: str) -> tuple[E, ...]:
    """Few combinations are in use, and everybody's are read with everything they do."""
    return tuple(words(word) for word in json.loads(stored))


@lru_cache(maxsize=256)
def _slugs_in(stored: str) -> tuple[str, ...]:
    return tuple(json.loads(stored))


class _Bounded(TypeDecorator[str]):
    """Text of a known kind and length; too long is refused, never cut."""

    impl = sa.String
    cache_ok = True
    longest: ClassVar[int] = 80

    def __init__(self) -> None:
        super().__init__(self.longest)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Refuse what is too long.

        :raises ValueError: naming the column type and its length.
        """
        if value is not None and len(value) > self.longest:
            raise ValueError(f"{type(self).__name__} holds at most {self.longest} characters.")
        return value


class Reference(_Bounded):
    """What people call a thing: ``RV-2F7KQ``."""

    cache_ok = True
    longest = 12


class SlackId(_Bounded):
    """An id Slack made: a team, user, channel, view or message time stamp."""

    cache_ok = True
    longest = 64


class Slug(_Bounded):
    """A short identifier of the desk or of its data files: a rule id, a facility code, a key for once-only."""

    cache_ok = True
    longest = 200


class CodeSigns(_Bounded):
    """A code as its list prints it. Compared sign by sign on every database, whatever its language: the codes that begin with E11 stand side by side."""

    cache_ok = True
    longest = 200

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """PostgreSQL compares by the rules of a language unless it is told not to."""
        return dialect.type_descriptor(sa.String(self.longest, collation="C") if dialect.name == "postgresql" else sa.String(self.longest))


class Zone(_Bounded):
    """An IANA time zone."""

    cache_ok = True
    longest = 64


class RosterName(_Bounded):
    """The name of a coworker or of the workspace, as Slack gives it. Never a patient's."""

    cache_ok = True
    longest = 200


class Digest(_Bounded):
    """A keyed or chained hash, in hex."""

    cache_ok = True
    longest = 64


class Sealed(TypeDecorator[bytes]):
    """Bytes encrypted by the desk: a token."""

    impl = sa.LargeBinary
    cache_ok = True


class Facts(TypeDecorator[dict[str, Any]]):
    """A small JSON object of references, words and numbers; never free text."""

    impl = sa.JSON
    cache_ok = True


class CatalogueText(TypeDecorator[str]):
    """Text of a published code system: a title, a term, a note."""

    impl = sa.Text
    cache_ok = True


class GuardedText(TypeDecorator[CleanText]):
    """Free text of a person. Takes only what the PHI guard passed."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: CleanText | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Refuse anything but :class:`CleanText`.

        :raises TypeError: for a plain string.
        """
        if value is not None and not isinstance(value, CleanText):
            raise TypeError("This column takes text that passed the PHI guard.")
        return None if value is None else str.__str__(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> CleanText | None:  # noqa: ARG002
        """What was stored had passed the guard."""
        return None if value is None else CleanText._passed_guard(value)
