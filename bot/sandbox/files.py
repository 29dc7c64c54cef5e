"""Uploaded files: a ticket to upload, the bytes, and where the file was shared."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass, field

from bot.sandbox.identifiers import Json, new_id


@dataclass
class StoredFile:
    """One file. ``complete`` is set once it has been shared or kept by its owner."""

    id: str
    name: str
    size: int
    user: str
    upload_ticket: str
    content: bytes = b""
    title: str = ""
    alt_text: str = ""
    complete: bool = False
    channels: list[str] = field(default_factory=list)
    created: int = 0

    @property
    def mimetype(self) -> str:
        """The media type guessed from the name."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    def as_file(self, base_url: str) -> Json:
        """The ``file`` object of files.info and of messages."""
        address = f"{base_url}/files-pri/{self.id}/{self.name}"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "filetype": self.name.rpartition(".")[2].lower() if "." in self.name else "text",
            "user": self.user,
            "size": self.size,
            "mode": "hosted",
            **({"alt_txt": self.alt_text} if self.alt_text else {}),
            "is_external": False,
            "is_public": False,
            "url_private": address,
            "url_private_download": address,
            "permalink": address,
            "channels": list(self.channels),
        }


class Files:
    """All files of the workspace."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}

    def reserve(self, name: str, size: int, user: str, created: int) -> StoredFile:
        """Make room for an upload of ``size`` bytes."""
        stored = StoredFile(new_id("F"), name, size, user, new_id("", 24), created=created)
        self._by_id[stored.id] = stored
        return stored

    def keep(self, name: str, content: bytes, user: str, created: int) -> StoredFile:
        """A finished file, as a person drops it into a conversation."""
        stored = self.reserve(name, len(content), user, created)
        stored.content, stored.complete = content, True
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        """The file with this id, or None."""
        return self._by_id.get(file_id)

    def find_ticket(self, ticket: str) -> StoredFile | None:
        """The file waiting for an upload with this ticket, or None."""
        return next((stored for stored in self._by_id.values() if stored.upload_ticket == ticket), None)

    def remove(self, file_id: str) -> None:
        """Forget a file."""
        self._by_id.pop(file_id, None)
