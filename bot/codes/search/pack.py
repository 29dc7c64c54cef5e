"""A bundle of arrays as one run of bytes: quick to read back, and read where it lies without a copy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Arrays = dict[str, Array]
_ALIGN = 64
_HEAD = 8


def pack(arrays: Mapping[str, Array]) -> bytes:
    """Lay out the arrays behind a small JSON directory, each on a 64-byte border."""
    directory, at, bodies = {}, 0, []
    for name, array in arrays.items():
        body = np.ascontiguousarray(array).tobytes()
        directory[name] = [array.dtype.str, list(array.shape), at]
        bodies.append(body + b"\0" * (-len(body) % _ALIGN))
        at += len(bodies[-1])
    head = json.dumps(directory).encode()
    head += b" " * (-(len(head) + _HEAD) % _ALIGN)
    return b"".join([len(head).to_bytes(_HEAD, "little"), head, *bodies])


def unpack(data: bytes) -> Arrays:
    """The arrays of :func:`pack`, read-only, as views into ``data``.

    :raises ValueError: for bytes that are not a whole bundle.
    """
    head = int.from_bytes(data[:_HEAD], "little")
    if not 0 < head < len(data):
        raise ValueError("The stored search index is not whole.")
    arrays: Arrays = {}
    for name, (kind, shape, at) in json.loads(data[_HEAD : _HEAD + head]).items():
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(data, dtype=np.dtype(kind), count=count, offset=_HEAD + head + at).reshape(shape)
    return arrays


def slices(data: bytes, size: int) -> Iterator[bytes]:
    """Cut into pieces of at most ``size`` bytes."""
    for start in range(0, len(data), size):
        yield data[start : start + size]


def pack_texts(texts: list[str]) -> tuple[Array, Array]:
    """Texts as one array of bytes and the borders between them."""
    encoded = [text.encode() for text in texts]
    borders = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in encoded], out=borders[1:])
    return np.frombuffer(b"".join(encoded), np.uint8), borders.astype(np.uint32)


def text_at(body: Array, borders: Array, at: int) -> str:
    """One text of :func:`pack_texts`."""
    return bytes(body[borders[at] : borders[at + 1]]).decode()


def text_lines(packed: Array) -> list[list[str]]:
    """A small table kept as text: its lines, cut at tabs."""
    return [line.split("\t") for line in bytes(packed).decode().split("\n") if line]
