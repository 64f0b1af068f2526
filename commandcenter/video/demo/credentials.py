"""Who may look, asked as RTSP does: Basic and Digest (RFC 2617)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

_REALM = "camera"


def _md5(*words: str) -> str:
    return hashlib.md5(":".join(words).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Guard:
    """One user. kind: basic or digest."""

    kind: str
    user: str = field(repr=False)
    password: str = field(repr=False)
    nonce: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)

    def challenge(self) -> str:
        """What is answered to who has not said who he is."""
        if self.kind == "basic":
            return f'Basic realm="{_REALM}"'
        return f'Digest realm="{_REALM}", nonce="{self.nonce}", algorithm=MD5'

    def admits(self, method: str, said: str) -> bool:
        """Whether the Authorization header is right."""
        scheme, _, rest = said.partition(" ")
        if scheme.lower() != self.kind:
            return False
        expected = self._basic() if self.kind == "basic" else self._digest(method, rest)
        given = rest if self.kind == "basic" else _values(rest).get("response", "")
        return hmac.compare_digest(expected.encode(), given.strip().encode())

    def _basic(self) -> str:
        return base64.b64encode(f"{self.user}:{self.password}".encode()).decode()

    def _digest(self, method: str, rest: str) -> str:
        uri = _values(rest).get("uri", "")
        return _md5(_md5(self.user, _REALM, self.password), self.nonce, _md5(method, uri))


def _values(rest: str) -> dict[str, str]:
    return dict(re.findall(r'(\w+)="([^"]*)"', rest))
