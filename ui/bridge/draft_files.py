"""Evidence added to a form and not yet sent, kept through a restart; readable by its owner only, bounded in size."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from ui.forms.evidence_file import DraftAttachment

log = logging.getLogger(__name__)

KEPT_BYTES = 64 * 1024 * 1024  # of all forms of a person together


class DraftFiles:
    """Attachments by form key; one file each beside an index, in `drafts/<login>.files`."""

    def __init__(self, folder: Path, login: str, kept_bytes: int = KEPT_BYTES) -> None:
        self._folder = folder / "drafts" / f"{login}.files"
        self._kept_bytes = kept_bytes
        self._index: dict[str, list[dict[str, str]]] = self._read_index()

    def get(self, key: str) -> list[DraftAttachment]:
        """Attachments of a form, as many as can still be read."""
        return [found for entry in self._index.get(key, []) if (found := self._read(entry)) is not None]

    def keys(self) -> list[str]:
        """Forms with attachments."""
        return list(self._index)

    def keep(self, key: str, attachments: Sequence[DraftAttachment]) -> list[str]:
        """Make these the form's; names of those that are not kept because of the bound. Raises OSError."""
        left = self._kept_bytes - self._size_without(key)
        kept, refused = [], []
        for attachment in attachments:
            if len(attachment.content) <= left:
                left -= len(attachment.content)
                kept.append(attachment)
            else:
                refused.append(attachment.name)
        self._store(key, kept)
        return refused

    def drop(self, key: str) -> None:
        """Forget a form's attachments: they were sent or thrown away."""
        if key in self._index:
            self._store(key, ())

    # ------------------------------------------------------------ inside
    def _store(self, key: str, attachments: Sequence[DraftAttachment]) -> None:
        before = {entry["id"] for entry in self._index.get(key, [])}
        if not attachments and not before:
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for attachment in attachments:
            if str(attachment.id) not in before:
                write_private(self._folder / str(attachment.id), attachment.content)
        listed = [{"id": str(a.id), "kind": a.kind, "name": a.name, "mime": a.mime} for a in attachments]
        self._index.pop(key, None)
        if listed:
            self._index[key] = listed
        write_private(self._folder / "index.json", json.dumps(self._index, ensure_ascii=False).encode())
        for gone in before - {entry["id"] for entry in listed}:
            (self._folder / gone).unlink(missing_ok=True)

    def _size_without(self, key: str) -> int:
        files = (self._folder / entry["id"] for other, listed in self._index.items() if other != key
                 for entry in listed)
        return sum(file.stat().st_size for file in files if file.exists())

    def _read(self, entry: dict[str, str]) -> DraftAttachment | None:
        try:
            content = (self._folder / entry["id"]).read_bytes()
        except OSError as error:
            log.warning("a draft attachment cannot be read and is left aside: %s", error)
            return None
        return DraftAttachment(entry["kind"], entry["name"], entry["mime"], content, UUID(entry["id"]))

    def _read_index(self) -> dict[str, list[dict[str, str]]]:
        try:
            raw = json.loads((self._folder / "index.json").read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            log.warning("draft attachments in %s cannot be read and are left aside: %s", self._folder, error)
            return {}
        return raw if isinstance(raw, dict) else {}


def write_private(file: Path, content: bytes) -> None:
    """In one step, for its owner only."""
    coming = file.with_name(f".{file.name}.new")
    handle = os.open(coming, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
    coming.replace(file)
