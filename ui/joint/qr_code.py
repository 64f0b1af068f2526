"""The verification code as a QR code: a scanner at the desk types it into 校验公文 as a keyboard would."""

from __future__ import annotations

from functools import lru_cache

import segno

Modules = tuple[bytes, ...]


@lru_cache(maxsize=8)
def modules_of(text: str) -> Modules:
    """Rows of modules without the quiet zone, 1 is dark; error correction M, or better where it costs no room."""
    return tuple(bytes(row) for row in segno.make_qr(text, error="m").matrix)
