"""The tabular list of ICD-10-CM as an import reads it: with the refusals of an XML file that is not what it should be."""

from __future__ import annotations

import io
from collections.abc import Callable, Container, Iterator
from typing import IO, TypeVar
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException

from bot.codes.importing.errors import BadLine
from bot.codes.importing.files import GivenFile
from bot.codes.official import Entry, read_tabular

T = TypeVar("T")


class EveryCode(Container[str]):
    """Stands for the list of valid codes where none was given: every 7th character of a table goes with every code under it."""

    def __contains__(self, code: object) -> bool:
        return True


def read_tabular_file(given: GivenFile, valid: Container[str]) -> list[Entry]:
    """The entries of a tabular list.

    :raises BadLine: for XML that is broken, declares entities, or holds no codes.
    """
    entries = read_xml(given, lambda stream: read_tabular(stream, valid))
    if not any(entry.code for entry in entries):
        raise BadLine(given.name, 1, "there are no codes in it.")
    return entries


def read_xml(given: GivenFile, read: Callable[[IO[bytes]], Iterator[T]]) -> list[T]:
    """What a reader finds in an XML file.

    :raises BadLine: for XML that is broken or declares a document type or entities: those are never read.
    """
    try:
        return list(read(io.BytesIO(given.data)))
    except ParseError as error:
        raise BadLine(given.name, error.position[0], "the XML is broken here.") from None
    except DefusedXmlException:
        raise BadLine(given.name, _line_of(given, b"<!"), "it declares a document type or entities, which are never read.") from None
    except (KeyError, ValueError) as error:
        raise BadLine(given.name, 1, f"it is not built as expected ({type(error).__name__}).") from None


def _line_of(given: GivenFile, sign: bytes) -> int:
    return given.data.count(b"\n", 0, max(given.data.find(sign), 0)) + 1
