"""What a run of the city may be told, what it needs of the clock, and what it tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

REPORTS_A_DAY = 1640.0  # 598,429 reports in 2018 ÷ 365 (published by 东城区)


@dataclass(frozen=True, slots=True)
class Settings:
    """seed: same seed, same decisions. rate: reports a day. leave: roles or logins left to people.

    workers: threads; sessions: connections kept open at most, while history runs `history_sessions` (a new session
    costs as much as 20 commands); step_s: seconds of city time done together in history; sweep_s, peek_s: real
    seconds between looks at all open cases, and at those left to people.
    """

    seed: int = 1
    rate: float = REPORTS_A_DAY
    leave: frozenset[str] = frozenset()
    workers: int = 6
    sessions: int = 40
    history_sessions: int = 150
    step_s: float = 150.0
    sweep_s: float = 30.0
    peek_s: float = 3.0


class ClockControl(Protocol):
    """The city's clock in the database. Only a city of sample data may be moved. Raises DomainError."""

    def now(self) -> datetime:
        """The city's present, aware."""

    def set_clock(self, shown: datetime, speed: float) -> None:
        """Show this instant from now on and run `speed` (> 0) times as fast as real time."""

    def real_clock(self) -> None:
        """Show the real time again."""


@dataclass(frozen=True, slots=True)
class SimulationStats:
    """What happened since the start. overdue: cases that passed a limit while the agents knew them.

    whistles, orders, meetings: what agents called for; joint_actions: commands on these, which `actions` leaves out.
    errors: refused commands and faults by kind, without `races` (two agents on one case, on purpose).
    waiting: cases left to people now; running: cases in the agents' hands.
    """

    reported: int
    filed: int
    dispatched: int
    closed: int
    self_handled: int
    returned: int
    reworked: int
    overdue: int
    rejected: int
    merged: int
    forced: int
    actions: int
    races: int
    whistles: int
    orders: int
    meetings: int
    joint_actions: int
    waiting: int
    running: int
    errors: Mapping[str, int]
    seconds: float
    actions_per_s: float
