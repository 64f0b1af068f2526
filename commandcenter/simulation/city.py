"""The simulated city: it lives through past days in minutes, or beside the real clock."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from commandcenter.domain.errors import ServerUnavailable
from commandcenter.ports import OpenSession
from commandcenter.profiles.model import Profile
from commandcenter.simulation.desks import Desks
from commandcenter.simulation.facts import gather
from commandcenter.simulation.joint.moving_in import rules_of
from commandcenter.simulation.lifetimes import BackOff, Beside, History
from commandcenter.simulation.settings import ClockControl, Settings, SimulationStats
from commandcenter.simulation.staff import watcher_of
from commandcenter.simulation.tally import Tally
from commandcenter.simulation.town import Town

log = logging.getLogger(__name__)


class Simulation:
    """Agents with their own logins act through the service layer. `history` and `run` block and may follow one
    another; `start` runs in a thread of its own; `stop`, `leave` and `stats` may be called from any thread.

    credentials: passwords by login. control: the city's clock, as the owner of the database. duty: what must be done
    by the clock while history runs (beside the real clock the database's own duty does it). present: real Unix time.
    """

    def __init__(
        self,
        open_session: OpenSession,
        credentials: Mapping[str, str],
        profile: Profile,
        settings: Settings,
        control: ClockControl,
        duty: Callable[[], object] = lambda: None,
        present: Callable[[], float] = time.time,
    ) -> None:
        self._profile, self._settings, self._credentials = profile, settings, credentials
        self._control, self._duty, self._present = control, duty, present
        self._stop = threading.Event()
        self._alive = threading.RLock()  # held while the city lives: nobody switches the light off before
        self._tally = Tally()
        self._desks = Desks(open_session, credentials, settings.sessions, self._pause)
        self._leave = settings.leave
        self._town: Town | None = None
        self._thread: threading.Thread | None = None

    def history(self, days: float) -> SimulationStats:
        """Live through the last `days` up to the present, as fast as the machine allows.
        Raises DomainError when the clock may not be moved (a real city) or the server is not there at first."""
        if self._stop.is_set():
            return self.stats()
        with self._living() as town, self._many_desks():
            past = History(town, self._control, self._duty, self._present, self._settings.step_s)
            past.live(self._present() - days * 86_400, self._stop.is_set, self._pause)
        return self.stats()

    def run(self, minutes: float | None = None, speed: float = 1.0) -> SimulationStats:
        """Live beside the real clock for `minutes`, or until `stop`; or at `speed` such that the end is the present.
        Raises ValueError for a speed without minutes, DomainError as `history` does."""
        if speed != 1.0 and minutes is None:
            raise ValueError("a speed needs the minutes that it lasts")
        if self._stop.is_set():
            return self.stats()
        begin = self._present()
        end = None if minutes is None else begin + minutes * 60
        with self._living() as town, self._clock_at(begin, end, speed):
            beside = Beside(town, self._control, self._settings, lambda: self._leave, speed)
            beside.live(lambda: self._over(end), self._pause)
        return self.stats()

    def start(self) -> None:
        """Live beside the real clock in a thread of its own until `stop`; a server that is away is waited for."""
        self._thread = threading.Thread(target=self._run_on, name="city", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it for good; returns when the agents have put down what they had in hand and have logged out."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        with self._alive:
            if self._town is not None:
                self._town.close()
            self._desks.close()

    def leave(self, roles_or_logins: frozenset[str]) -> None:
        """Leave these to people from now on, and nothing else."""
        self._leave = roles_or_logins

    def stats(self) -> SimulationStats:
        """The figures so far."""
        crowd = self._town.crowd if self._town else None
        return self._tally.stats(waiting=crowd.waiting if crowd else 0, running=crowd.running if crowd else 0)

    def __enter__(self) -> Simulation:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _pause(self, seconds: float) -> None:
        self._stop.wait(seconds)

    def _over(self, end: float | None) -> bool:
        return self._stop.is_set() or (end is not None and self._present() >= end)

    @contextmanager
    def _living(self) -> Iterator[Town]:
        with self._alive:
            self._town = self._town or self._settle_in()
            self._town.leave(self._leave)
            self._tally.start()
            try:
                yield self._town
            finally:
                self._tally.stop()

    def _settle_in(self) -> Town:
        with self._desks.at(watcher_of(self._profile, self._credentials)) as desk:
            directory = desk.session.directory
            rules = rules_of(desk)
        facts = gather(self._profile, directory, self._credentials.keys(), self._settings.seed)
        return Town(facts, rules, self._desks, self._settings, self._tally, self._stop.is_set)

    @contextmanager
    def _many_desks(self) -> Iterator[None]:
        self._desks.keep(self._settings.history_sessions)
        try:
            yield
        finally:
            self._desks.keep(self._settings.sessions)

    @contextmanager
    def _clock_at(self, begin: float, end: float | None, speed: float) -> Iterator[None]:
        if speed == 1.0 or end is None:
            yield
            return
        self._control.set_clock(datetime.fromtimestamp(end - (end - begin) * speed, UTC), speed)
        try:
            yield
        finally:
            self._control.real_clock()

    def _run_on(self) -> None:
        back_off = BackOff(self._pause)
        while not self._stop.is_set():
            try:
                self.run()
            except ServerUnavailable as error:
                log.info("the city waits: %s", error.message)
                back_off.wait()
            except Exception:
                log.exception("the city stopped")
                return
