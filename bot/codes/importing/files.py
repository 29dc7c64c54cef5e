"""Opens what was given: plain files, or zip files as the publishers offer them."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bot.codes.importing.errors import BadLine, CannotImport

ZIP = b"PK\x03\x04"
WORKBOOK = "xl/workbook.xml"
#: The largest published file has 20 MB; whatever unpacks to more than this is refused.
MOST_BYTES = 300 * 1024 * 1024
#: What publishers put beside the data.
BESIDE = (".pdf", ".doc", ".docx", ".xsd", ".rtf", ".htm", ".html")


#: What comes out of a zip that is torn, encrypted, or packed in a way nobody uses.
BROKEN = (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, zlib.error)


@dataclass(frozen=True, slots=True)
class GivenFile:
    """One file: its name, the name of the zip it came in, and its bytes."""

    name: str
    inside: str
    data: bytes

    @property
    def text(self) -> str:
        """The file as text: UTF-8, else Windows-1252.

        :raises BadLine: when it is neither.
        """
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            return self._in_cp1252(error.start)

    def _in_cp1252(self, first_bad: int) -> str:
        try:
            return self.data.decode("cp1252")
        except UnicodeDecodeError:
            line = self.data.count(b"\n", 0, first_bad) + 1
            raise BadLine(self.name, line, "there are letters that are neither UTF-8 nor Windows-1252.") from None


def read_files(paths: Sequence[Path]) -> list[GivenFile]:
    """All data files that were given, those inside zip files one by one.

    :raises CannotImport: when a file is missing, empty, too large or a broken zip.
    """
    return [found for path in paths for found in _open(path)]


def is_workbook(data: bytes) -> bool:
    """Whether bytes are a spreadsheet (xlsx), which is a zip too."""
    if not data.startswith(ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return WORKBOOK in packed.namelist()
    except zipfile.BadZipFile:
        return False


def _open(path: Path) -> Iterator[GivenFile]:
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        raise CannotImport(f"{path} cannot be read: {error.strerror}. Nothing was changed.") from None
    if size > MOST_BYTES:
        raise CannotImport(f"{path.name} is too large to be a code file. Nothing was changed.")
    if not data.strip():
        raise CannotImport(f"{path.name} is empty. Nothing was changed.")
    if is_workbook(data):
        _require_size(path.name, data)
    if data.startswith(ZIP) and not is_workbook(data):
        yield from _unpack(path.name, data)
    else:
        yield GivenFile(path.name, "", data)


def _require_size(name: str, workbook: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook)) as packed:
        _require_small(name, packed.infolist())


def _require_small(name: str, members: Sequence[zipfile.ZipInfo]) -> None:
    """A member never gives more bytes than its entry says, so what the entries say together is the most there is."""
    if sum(one.file_size for one in members) > MOST_BYTES:
        raise CannotImport(f"{name} unpacks to more than any code file has. Nothing was changed.")


def _unpack(name: str, data: bytes) -> Iterator[GivenFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = [one for one in packed.infolist() if not one.is_dir() and not one.filename.lower().endswith(BESIDE)]
            _require_small(name, members)
            for member in members:
                yield GivenFile(PurePosixPath(member.filename).name, name, packed.read(member))
    except BROKEN:
        raise CannotImport(f"{name} is a zip file that cannot be opened. Download it again. Nothing was changed.") from None
