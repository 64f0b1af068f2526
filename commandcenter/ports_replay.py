"""What the core needs from the outside for any moment of the last 90 days; `db` implements it, tests fake it.

Every call may raise a DomainError. Calls block: screens reach them through ui.bridge, never on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from commandcenter.domain.model import CaseRow
from commandcenter.ports_joint import JointRows


@dataclass(frozen=True, slots=True)
class ReplayLimits:
    """The first and the last moment that can be shown; Unix seconds of the city's clock."""

    since: float
    until: float


@dataclass(frozen=True, slots=True)
class CaseChange:
    """What one moment made of a case; `row` None: it left the caller's scope."""

    at: float
    id: int
    row: CaseRow | None


@dataclass(frozen=True, slots=True)
class CaseChanges:
    """All that changed after the moment asked from until `until`, in the order of time."""

    changes: tuple[CaseChange, ...]
    until: float


@dataclass(frozen=True, slots=True)
class JointChanges:
    """The same of whistles, orders, meetings and tasks: (moment, the one row it made)."""

    changes: tuple[tuple[float, JointRows], ...]
    until: float


class Replay(Protocol):
    """Asked for any moment of the last 90 days; moments are Unix seconds of the city's clock.

    Raises InvalidInput for a moment outside `limits`. The caller sees what lay then in his present scope.
    """

    def limits(self) -> ReplayLimits:
        """How far back can be gone now."""

    def density(self, since: float, until: float) -> list[tuple[float, int]]:
        """(beginning of the hour, events in it) for hours in which something happened."""

    def cases_at(self, at: float) -> Iterator[Sequence[CaseRow]]:
        """What `CaseQueries.open_cases` would have told at that moment, in batches of at most 1,000."""

    def case_changes(self, since: float, until: float) -> CaseChanges:
        """What happened after `since` until `until`, or until an earlier moment when it is very much."""

    def joint_at(self, at: float) -> JointRows:
        """What `JointQueries.open_joint` would have told at that moment."""

    def joint_changes(self, since: float, until: float) -> JointChanges:
        """What happened to them; a row that is not open any more is told as it ended."""
