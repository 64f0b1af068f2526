"""What the core needs from the outside for the hall screen; `db` implements it, tests fake it.

Every call may raise a DomainError. Calls block: screens reach them through ui.bridge, never on the GUI thread.
"""

from __future__ import annotations

from typing import Protocol


class Wall(Protocol):
    """Asked for the hall screen."""
