"""How a table of cameras travels: no statement, and so no log of a server, ever holds an address or a password.

The server gives a key as an answer, which nobody logs, and forgets it once used (functions/57_camera_import.sql).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from commandcenter.profiles.camera_model import CameraEntry

_BLOCK = hashlib.sha256().digest_size


def sealed(key: bytes, content: bytes) -> bytes:
    """The content under the key: SHA-256 of the key and a counter, laid over it bit by bit."""
    blocks = range(-(-len(content) // _BLOCK))
    pad = b"".join(hashlib.sha256(key + n.to_bytes(4, "big")).digest() for n in blocks)[: len(content)]
    mixed = int.from_bytes(content, "big") ^ int.from_bytes(pad, "big")
    return mixed.to_bytes(len(content), "big")


def camera_rows(entries: Iterable[CameraEntry], orgs: Mapping[str, int]) -> bytes:
    """The table as cc.load_cameras reads it; `orgs`: ids by key."""
    rows = [_row(entry, orgs) for entry in entries]
    return json.dumps(rows, ensure_ascii=False).encode()


def _row(entry: CameraEntry, orgs: Mapping[str, int]) -> dict[str, Any]:
    names = ("row", "no", "name", "category", "lon", "lat", "place", "main", "sub", "user", "password", "transport")
    row = {name: getattr(entry, name) for name in names}
    view = None if entry.view is None else list(entry.view)
    return row | {"owner": orgs.get(entry.owner_key), "view": view, "in_use": entry.in_use}
