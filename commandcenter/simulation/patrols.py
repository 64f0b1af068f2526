"""The sample city's workers on their rounds: their phones report through one platform, some tens of places a second."""

from __future__ import annotations

import heapq
import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from random import Random

import numpy as np

from commandcenter.domain.errors import DomainError, ServerUnavailable
from commandcenter.domain.map import WorkerFix
from commandcenter.ports_map import PhonePlatform
from commandcenter.profiles.model import Profile
from commandcenter.simulation.lifetimes import BackOff
from commandcenter.simulation.patrol_round import DAY_S, Ring, Round, round_of

MOST_PEOPLE = 1200  # of a city: the others of a large one are out on other days
MOST_AT_ONCE = 100
MOST_A_SECOND = 60.0
STEP_S = 1.0
_WALKING_S, _STANDING_S = 45.0, 300.0  # between two reports of a phone, of the city's time
_ZONE_S = 8 * 3600.0
_WALKS = 0.6  # share of the time

log = logging.getLogger(__name__)


class Patrols:
    """Whose phone reports when. speed: of the city's clock; a fast one makes phones report less often by it."""

    def __init__(self, platform: PhonePlatform, seed: int, speed: float = 1.0) -> None:
        shapes = platform.shapes()
        rings = dict(zip(shapes.ids.tolist(), np.split(shapes.vertices, shapes.offsets[1:-1]), strict=True))
        people = [(member.id, rings[member.grid_id]) for member in platform.members()]
        chosen = Random(seed).sample(people, min(MOST_PEOPLE, len(people)))
        self._platform, self._seed = platform, seed
        self._grids: dict[int, Ring] = dict(chosen)
        self._rounds: dict[int, tuple[float, Round | None]] = {}
        usual = len(chosen) * (_WALKS / _WALKING_S + (1 - _WALKS) / _STANDING_S)
        self._slower = max(1.0, speed * usual / MOST_A_SECOND)
        self._due: list[tuple[float, int]] = []

    def report(self, now: float) -> int:
        """Everybody who is due at `now` (Unix seconds of the city's clock), at most 100 people; how many reported."""
        if not self._due:
            self._due = [(now + self._spread(worker), worker) for worker in self._grids]
            heapq.heapify(self._due)
        fixes: list[WorkerFix] = []
        for _ in range(MOST_AT_ONCE):
            if not self._due or self._due[0][0] > now:
                break
            worker = self._due[0][1]
            heapq.heapreplace(self._due, (self._next(worker, now, fixes), worker))
        self._platform.report(fixes)
        return len(fixes)

    def _next(self, worker: int, now: float, fixes: list[WorkerFix]) -> float:
        """Have him report, if he is out; when he is due again."""
        midnight = (now + _ZONE_S) // DAY_S * DAY_S - _ZONE_S
        today = self._round(worker, midnight)
        if today is None or now >= today.end:
            return midnight + DAY_S
        if now < today.begin:
            return today.begin
        fixes.append(WorkerFix(worker, *today.fix(now), now))
        return now + min(max(today.stands_for(now), _WALKING_S), _STANDING_S) * self._slower

    def _round(self, worker: int, midnight: float) -> Round | None:
        known = self._rounds.get(worker)
        if known is None or known[0] != midnight:
            known = (midnight, round_of(self._seed, worker, self._grids[worker], midnight))
            self._rounds[worker] = known
        return known[1]

    def _spread(self, worker: int) -> float:
        """Not all in the first second."""
        return Random(f"{self._seed}:{worker}").uniform(0, _WALKING_S * self._slower)


class PatrolThread:
    """Lets them walk beside the city until stopped; a server that is away is waited for."""

    def __init__(
        self,
        platform: Callable[[], AbstractContextManager[PhonePlatform]],
        now: Callable[[], float],
        seed: int,
        speed: float = 1.0,
        step_s: float = STEP_S,
    ) -> None:
        self._platform, self._now, self._seed, self._speed, self._step_s = platform, now, seed, speed, step_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="patrols", daemon=True)

    def start(self) -> PatrolThread:
        """Begin; returns itself."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """End; returns when the last report is out."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        back_off = BackOff(self._pause)
        while not self._stop.is_set():
            try:
                with self._platform() as platform:
                    patrols = Patrols(platform, self._seed, self._speed)
                    while not self._stop.wait(self._step_s):
                        patrols.report(self._now())
                        back_off.reset()
            except ServerUnavailable as error:
                log.info("the patrols wait: %s", error.message)
                back_off.wait()
            except DomainError as error:
                log.warning("the patrols wait: %s", error.message)
                back_off.wait()
            except Exception:
                log.exception("the patrols ended")
                return

    def _pause(self, seconds: float) -> None:
        self._stop.wait(seconds)


def platform_of(profile: Profile) -> str | None:
    """The login that phones report through: the first channel for the whole deployment."""
    whole = ("channel", profile.top.key)
    return next((person.login for person in profile.operators if whole in person.duties), None)
