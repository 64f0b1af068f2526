"""A door that a test can close, with errors that it can order."""

from __future__ import annotations

import threading

from commandcenter.domain.errors import DomainError, ServerUnavailable

_PATIENCE_S = 30.0


class Door:
    """Calls wait here while it is closed and fail with the errors ordered, first come first served."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()
        self._errors: list[DomainError] = []
        self.passed = self.waiting = 0
        self.down = False

    def close(self) -> None:
        """Hold every call from now on."""
        self._open.clear()

    def open(self) -> None:
        """Let them all through."""
        self._open.set()

    def order(self, error: DomainError) -> None:
        """The next call fails with this error."""
        self._errors.append(error)

    def enter(self) -> None:
        """Wait and fail as ordered."""
        self.waiting += 1
        assert self._open.wait(_PATIENCE_S), "the door was never opened"
        self.waiting -= 1
        self.passed += 1
        if self.down:
            raise ServerUnavailable("数据库连接中断")
        if self._errors:
            raise self._errors.pop(0)
