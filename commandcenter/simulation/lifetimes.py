"""Two ways of letting a town live: through past days as fast as possible, and beside a running clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from commandcenter.domain.errors import ServerUnavailable
from commandcenter.simulation.settings import ClockControl, Settings
from commandcenter.simulation.town import Town

_DUTY_EVERY_S = 1800.0  # city seconds, while history runs
_SHORTEST_STEP_S = 10.0
_LONGEST_WAIT_S = 0.5
_FIRST_BACK_OFF_S, _LONGEST_BACK_OFF_S = 0.5, 30.0

Pause = Callable[[float], None]


class BackOff:
    """Waits longer and longer while the server is away."""

    def __init__(self, pause: Pause) -> None:
        self._pause = pause
        self._next = _FIRST_BACK_OFF_S

    def wait(self) -> None:
        """The server was away."""
        self._pause(self._next)
        self._next = min(self._next * 2, _LONGEST_BACK_OFF_S)

    def reset(self) -> None:
        """It is there."""
        self._next = _FIRST_BACK_OFF_S


class History:
    """Moves the clock from step to step; all that falls into a step is done before the next. Ends at the present."""

    def __init__(
        self, town: Town, control: ClockControl, duty: Callable[[], object], present: Callable[[], float], step_s: float
    ) -> None:
        self._town, self._control, self._duty = town, control, duty
        self._present, self._step_s = present, step_s
        self._admitted = self._shown = self._duty_at = 0.0
        self._arrived = False

    def live(self, start: float, stopped: Callable[[], bool], pause: Pause) -> None:
        """From `start` (Unix seconds) to the present. Puts the real clock back, whatever happens."""
        back_off = BackOff(pause)
        self._town.now = self._admitted = self._shown = self._duty_at = start
        self._control.set_clock(_instant(start), 1.0)
        try:
            self._town.sweep()
            self._town.begin(start, self._present())
            while not stopped() and not self._arrived:
                if self._one_step():
                    back_off.reset()
                else:
                    back_off.wait()
            self._town.rest()
        finally:
            self._control.real_clock()

    def _one_step(self) -> bool:
        if not self._town.rest():  # whoever is at work at whistles acts at the time that is shown
            return False
        present = self._present()
        until = min(self._shown + self._step_s, present)
        until = max(self._town.no_later(until), min(self._shown + _SHORTEST_STEP_S, until))
        self._town.admit(self._admitted, until)
        self._admitted = max(until, self._admitted)
        try:
            self._show(until)
            there = self._town.work(until)
        except ServerUnavailable:
            return False
        if there:
            self._arrived = until >= present
            self._shown = until
        return there

    def _show(self, until: float) -> None:
        due = self._town.next_at()
        if due is not None and due <= until:
            self._control.set_clock(_instant(until), 1.0)
            self._town.now = until
        if until - self._duty_at >= _DUTY_EVERY_S:
            self._duty()
            self._duty_at = until
            self._town.look_at_joint()


class Beside:
    """Lives beside a clock that runs by itself: the real one, or one that was set to run faster."""

    def __init__(
        self,
        town: Town,
        control: ClockControl,
        settings: Settings,
        leave: Callable[[], frozenset[str]],
        speed: float,
    ) -> None:
        self._town, self._control, self._leave, self._speed = town, control, leave, speed
        self._sweep_s, self._peek_s = settings.sweep_s, settings.peek_s
        self._sweep_at = self._peek_at = 0.0

    def live(self, over: Callable[[], bool], pause: Pause) -> None:
        """Until it is over. A server that is away is waited for."""
        back_off = BackOff(pause)
        admitted: float | None = None
        begun = False
        while not over():
            try:
                self._town.now = self._control.now().timestamp()
                self._notice()
                if not begun:
                    self._town.begin_now(self._speed)
                    begun = True
                admitted = self._admit(admitted)
                there = self._town.work(self._town.now)
            except ServerUnavailable:
                there = False
            if there:
                back_off.reset()
                pause(self._until_next())
            else:
                back_off.wait()

    def _admit(self, admitted: float | None) -> float:
        now = self._town.now
        if admitted is not None and now > admitted:
            self._town.admit(admitted, now)
        return now

    def _notice(self) -> None:
        real = time.monotonic()
        self._town.leave(self._leave())
        if real >= self._sweep_at:
            self._town.sweep()
            self._sweep_at, self._peek_at = real + self._sweep_s, real + self._peek_s
        elif real >= self._peek_at:
            self._town.peek()
            self._peek_at = real + self._peek_s

    def _until_next(self) -> float:
        due = self._town.next_at()
        wait = _LONGEST_WAIT_S if due is None else (due - self._town.now) / self._speed
        return min(_LONGEST_WAIT_S, max(0.01, wait))


def _instant(unix: float) -> datetime:
    return datetime.fromtimestamp(unix, UTC)
