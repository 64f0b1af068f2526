"""What the core needs from the outside for topics; `db` implements it, tests fake it.

Every call may raise a DomainError. Calls block: screens reach them through ui.bridge, never on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from commandcenter.domain.topic import Topic


class Topics(Protocol):
    """专题 of the caller's district or city; who gathers them: domain.topic.GATHERERS."""

    def topics(self, closed: bool = False) -> list[Topic]:
        """Those going on, or those that are over, the newest first."""

    def begin(self, command_id: UUID, name: str, month: str, cases: Sequence[int]) -> int:
        """A new one about these cases, at most 1,000; its id. Raises NotAllowed, NotFound, InvalidInput."""

    def change(self, command_id: UUID, topic_id: int, added: Sequence[int], removed: Sequence[int] = ()) -> None:
        """Put cases in, take cases out. Raises NotAllowed, NotFound, WrongState (it is over), InvalidInput."""

    def rename(self, command_id: UUID, topic: Topic, name: str, month: str) -> None:
        """Raises as `change`, and Conflict when somebody changed it meanwhile."""

    def close(self, command_id: UUID, topic: Topic) -> None:
        """It is over. Raises as `rename`."""
