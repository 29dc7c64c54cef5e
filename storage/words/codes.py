"""The fixed words of code systems."""

from __future__ import annotations

from enum import StrEnum


class EditionState(StrEnum):
    """Whether an edition of a code system may be searched."""

    READING = "reading"
    READY = "ready"
    RETIRED = "retired"


class EditionOrigin(StrEnum):
    """Where an edition came from: with the program, or from files somebody imported."""

    SHIPPED = "shipped"
    IMPORTED = "imported"


class ConceptKind(StrEnum):
    """Levels of a code system."""

    CHAPTER = "chapter"
    BLOCK = "block"
    CATEGORY = "category"
    CODE = "code"


class TermKind(StrEnum):
    """Where another word for a concept comes from."""

    INCLUSION = "inclusion"
    INDEX = "index"
    EXTERNAL_CAUSE_INDEX = "external_cause_index"
    NEOPLASM_TABLE = "neoplasm_table"
    DRUG_TABLE = "drug_table"
    SHORT_TITLE = "short_title"


class NoteKind(StrEnum):
    """Instructions under a code. A seventh character is one line each: the character, a space, its meaning."""

    INCLUDES = "includes"
    EXCLUDES1 = "excludes1"
    EXCLUDES2 = "excludes2"
    CODE_FIRST = "code_first"
    USE_ADDITIONAL = "use_additional"
    CODE_ALSO = "code_also"
    NOTE = "note"
    SEVENTH_CHARACTER_RULE = "seventh_character_rule"
    SEVENTH_CHARACTER = "seventh_character"
