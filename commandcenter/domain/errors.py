"""What can go wrong in the world, in words for the user; anything else is a bug."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """The world's fault: `message` is shown to the user as it stands; `detail` holds plain facts."""

    def __init__(self, message: str, detail: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.detail: Mapping[str, Any] = detail or {}


class LoginRefused(DomainError):
    """Wrong password, unknown or disabled user."""


class ServerUnavailable(DomainError):
    """No server, or the connection broke. `unknown_outcome` tells that a command may or may not have been done."""

    unknown_outcome = False


class OutcomeUnknown(ServerUnavailable):
    """The connection broke after a command was sent; ask `command_outcome` when it is back."""

    unknown_outcome = True


class SchemaMismatch(DomainError):
    """The database is older or newer than this program."""


class NotAllowed(DomainError):
    """The role or scope does not allow it (CC403)."""


class NotFound(DomainError):
    """No such case, or not in the caller's scope (CC404)."""


class Conflict(DomainError):
    """Somebody else was first (CC409). detail: who, login, at, action, label, unit, state, version."""


class TooLate(DomainError):
    """A limit has passed or a right is spent (CC410)."""


class InvalidInput(DomainError):
    """Something missing or wrong (CC422); detail may name the `field`."""


class WrongState(DomainError):
    """The workflow does not allow it in this state (CC423)."""


class Busy(DomainError):
    """The database did not answer in time; nothing was changed."""
