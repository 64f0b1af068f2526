"""A login whose program also takes its turn at the duty: the desk of a shared server without a duty service."""

from __future__ import annotations

from db.duty import DutyThread
from db.engine import with_login
from db.gateways.session import PgSession


class DutySession(PgSession):
    """`ports.Session` with the duty beside it, under the same login, until it is closed."""

    def __init__(self, url: str, user: str, password: str, *, reader: str | None = None) -> None:
        """Log in, then begin. Raises as PgSession does."""
        super().__init__(url, user, password, reader=reader)
        self._duty = DutyThread(with_login(url, user, password)).start()

    def close(self) -> None:
        """End the duty's turn, the feed and every connection; a round under way ends by itself."""
        self._duty.stop(wait_s=1.0)
        super().close()
