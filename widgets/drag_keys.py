"""Keys carried by a drag: JSON in a mime type of the caller's."""

import json
from collections.abc import Hashable, Iterable

from PySide6.QtCore import QMimeData

DEFAULT_MIME = "application/x-keys"


def encode_keys(keys: Iterable[Hashable], mime_type: str = DEFAULT_MIME) -> QMimeData:
    """Pack keys (str, int or tuples of them) for a drag."""
    data = QMimeData()
    data.setData(mime_type, json.dumps(list(keys), ensure_ascii=False).encode())
    return data


def decode_keys(mime: QMimeData, mime_type: str = DEFAULT_MIME) -> tuple[Hashable, ...]:
    """Keys of a drag, in order; empty if it is of another type or not written by us."""
    if not mime.hasFormat(mime_type):
        return ()
    try:
        values = json.loads(bytes(mime.data(mime_type).data()))
    except ValueError:
        return ()  # another program may offer anything under our type: then there is nothing to drop
    return tuple(_hashable(value) for value in values) if isinstance(values, list) else ()


def _hashable(value: object) -> Hashable:
    if isinstance(value, list):
        return tuple(_hashable(part) for part in value)
    return value if isinstance(value, Hashable) else repr(value)
