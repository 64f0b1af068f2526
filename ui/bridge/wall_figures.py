"""Figures of the hall screen: asked for again when the feed brought something and when a day, month or shift ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.errors import DomainError
from commandcenter.domain.wall import SLOT_S, WallEvent, WallMonth, WallPast, WallPlan, WallToday, WorkersNow
from ui.bridge.backend import Backend
from ui.bridge.live_cases import LiveCases

log = logging.getLogger(__name__)

# Real seconds between two questions for the same part; what came meanwhile makes one question.
SPACING_S: Final = {"today": 1.0, "latest": 1.0, "month": 5.0, "past": 1.0, "plan": 1.0, "workers": 3.0}
_RETRY_S: Final = (1.0, 2.0, 5.0)
_BEYOND_S: Final = 0.05        # the server's clock may be a little behind the border that was seen here
_LONGEST_WAIT_S: Final = 30.0  # the city's clock may be set


class _Part:
    """One question: whether its answer is wanted anew, and when it was asked for last (loop time)."""

    def __init__(self) -> None:
        self.wanted = False
        self.asking = False
        self.asked_at = float("-inf")
        self.failed = 0


class WallFigures(QObject):
    """The last good answers, None before the first; `latest` newest first.

    today_changed(), month_changed(), past_changed(), latest_changed(), plan_changed(), workers_changed(): an answer
    differs.
    still_changed(): `still_since` differs, by the city's clock: since then the figures stand still, because the
    connection is gone or a question fails; None while they are live.
    """

    today_changed = Signal()
    month_changed = Signal()
    past_changed = Signal()
    latest_changed = Signal()
    plan_changed = Signal()
    workers_changed = Signal()
    still_changed = Signal()

    def __init__(self, backend: Backend, live: LiveCases) -> None:
        super().__init__(live)
        self._backend, self._live = backend, live
        self.today: WallToday | None = None
        self.month: WallMonth | None = None
        self.past: WallPast | None = None
        self.latest: tuple[WallEvent, ...] = ()
        self.plan: WallPlan | None = None
        self.workers: WorkersNow | None = None
        self.still_since: float | None = None
        self._parts = {name: _Part() for name in SPACING_S}
        self._running = False
        self._fresh = False  # whether the day's figures were answered since they stood still
        self._border = QTimer(self)
        self._border.setSingleShot(True)
        self._border.timeout.connect(self._at_border)
        live.cases_told.connect(self._on_feed)
        live.joint_changed.connect(self._on_feed)
        live.positions_changed.connect(self._on_positions)
        live.resync_begun.connect(self._on_resync)
        live.state_changed.connect(self._look_at_connection)
        backend.directory_changed.connect(self._on_resync)

    # ------------------------------------------------------------ doing
    def start(self) -> None:
        """Ask for everything, and from now on whenever something happens."""
        self._running = True
        self._want(*SPACING_S)
        self._look_at_connection()

    def stop(self) -> None:
        """Ask no more; the last answers stay."""
        self._running = False
        self._border.stop()
        for part in self._parts.values():
            part.wanted = False

    # ------------------------------------------------------------ why
    def _on_feed(self, _ids: object) -> None:
        self._want("today", "latest", "month")

    def _on_positions(self, _streets: object) -> None:
        self._want("workers")

    def _on_resync(self) -> None:
        self._want(*SPACING_S)

    def _look_at_connection(self) -> None:
        if not self._live.online:
            self._stand_still()
        elif self.still_since is not None:
            self._want("today")

    def _at_border(self) -> None:
        """The day, month, shift or the ten minutes are over, or the wait was long enough to look again."""
        if self._live.online and self._live.clock.now() >= self._next_border():
            self._want("today", "past", "month", "workers")  # a worker who fell silent tells nobody
        else:
            self._wait_for_border()

    def _next_border(self) -> float:
        """The first moment by the city's clock at which a held answer is out of date by itself."""
        ends = []
        if self.today is not None:
            ends += [self.today.day_ends, self.today.trend.begins + self._slots_s()]
            ends += [self.today.shift.ends] if self.today.shift else []
        if self.month is not None:
            ends.append(self.month.month_ends)
        return min(ends, default=float("inf"))

    def _slots_s(self) -> float:
        return SLOT_S * len(self.today.trend.reported) if self.today else 0.0

    def _wait_for_border(self) -> None:
        if not self._running:
            return
        left = (self._next_border() - self._live.clock.now()) / max(self._live.clock.speed, 1e-9) + _BEYOND_S
        self._border.start(int(1000 * min(max(left, _BEYOND_S), _LONGEST_WAIT_S)) + 1)

    # ------------------------------------------------------------ asking
    def _want(self, *names: str) -> None:
        if not self._running:
            return
        for name in names:
            part = self._parts[name]
            part.wanted = True
            if not part.asking:
                part.asking = self._backend.start(self._ask(name, part), self) is not None

    async def _ask(self, name: str, part: _Part) -> None:
        try:
            while part.wanted and self._running:
                await self._pause(name, part)
                part.wanted = False
                part.asked_at = asyncio.get_running_loop().time()
                try:
                    answer = await self._backend.call(self._question(name))
                except DomainError as error:
                    self._failed(name, part, error)
                else:
                    self._answered(name, part, answer)
        finally:
            part.asking = False

    async def _pause(self, name: str, part: _Part) -> None:
        """At most one question in a while; after a failure longer and longer."""
        wait = SPACING_S["today"] if self._is_over(name) else SPACING_S[name]
        wait = _RETRY_S[min(part.failed, len(_RETRY_S)) - 1] if part.failed else wait
        left = part.asked_at + wait - asyncio.get_running_loop().time()
        if left > 0:
            await asyncio.sleep(left)

    def _is_over(self, name: str) -> bool:
        """Whether the month's figures are of a day that has ended: those are not shown for seconds."""
        ends = [self.today.day_ends] if self.today else []
        ends += [self.month.month_ends] if self.month else []
        return name == "month" and bool(ends) and self._live.clock.now() >= min(ends)

    def _question(self, name: str) -> Callable[[], Any]:
        wall = self._backend.session.wall
        return getattr(wall, name)  # type: ignore[no-any-return]

    def _answered(self, name: str, part: _Part, answer: Any) -> None:
        part.failed = 0
        if name == "latest":
            answer = tuple(answer)
        if getattr(self, name) != answer:
            setattr(self, name, answer)
            getattr(self, f"{name}_changed").emit()
        self._fresh = self._fresh or name == "today"
        if self._fresh and self._live.online and not any(one.failed for one in self._parts.values()):
            self._move_again()
        self._wait_for_border()

    def _failed(self, name: str, part: _Part, error: DomainError) -> None:
        log.info("no figures of the wall (%s): %s", name, error)
        part.failed += 1
        part.wanted = True
        self._stand_still()

    # ------------------------------------------------------------ standing still
    def _stand_still(self) -> None:
        self._fresh = False
        if self.still_since is None:
            self.still_since = self._live.clock.now()
            self.still_changed.emit()

    def _move_again(self) -> None:
        if self.still_since is not None:
            self.still_since = None
            self.still_changed.emit()
