"""The sample city's workers: inside their grids, in their hours, the same for the same seed, never too many at once."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import pytest
import shapely

from commandcenter.domain.errors import ServerUnavailable
from commandcenter.domain.map import Shapes, TeamMember, WorkerFix
from commandcenter.profiles.reader import read_profile
from commandcenter.simulation.patrol_round import Round, round_of
from commandcenter.simulation.patrols import MOST_AT_ONCE, MOST_PEOPLE, Patrols, PatrolThread, platform_of

MIDNIGHT = 1_782_576_000.0  # 2026-06-28 00:00 in the city
MORNING = MIDNIGHT + 10 * 3600
SQUARE = np.array([[117.0, 36.0], [117.004, 36.0], [117.004, 36.003], [117.0, 36.003]])
HOOK = np.array([[117.0, 36.0], [117.004, 36.0], [117.004, 36.0005], [117.0005, 36.0005], [117.0005, 36.003],
                 [117.0, 36.003]])  # fmt: skip
SLIVER = np.array([[117.0, 36.0], [117.004, 36.0], [117.004, 36.00001]])


class Platform:
    """Keeps what phones reported; grids are squares in a row."""

    def __init__(self, people: int) -> None:
        self.people, self.batches = people, list[Sequence[WorkerFix]]()
        self.fails = 0
        self.told = threading.Event()

    def shapes(self) -> Shapes:
        rings = [SQUARE + [0.01 * n, 0] for n in range(self.people)]
        ids = np.arange(1, self.people + 1, dtype=np.int64)
        return Shapes(ids, np.concatenate(rings), np.arange(self.people + 1, dtype=np.int64) * len(SQUARE))

    def members(self) -> list[TeamMember]:
        return [TeamMember(n + 500, n, "worker", "某某", "", None, "") for n in range(1, self.people + 1)]

    def report(self, fixes: Sequence[WorkerFix]) -> int:
        if self.fails:
            self.fails -= 1
            raise ServerUnavailable("away")
        self.batches.append(list(fixes))
        self.told.set()
        return len(fixes)


def _rounds(ring: np.ndarray, number: int = 40) -> list[Round]:
    found = [round_of(1, worker, ring, MIDNIGHT) for worker in range(number)]
    return [one for one in found if one is not None]


@pytest.mark.parametrize("ring", [SQUARE, HOOK, SLIVER], ids=["square", "hook", "sliver"])
def test_a_round_stays_inside_its_grid(ring: np.ndarray) -> None:
    grid = shapely.Polygon(ring).buffer(1e-8)
    wild = 0
    for one in _rounds(ring):
        for t in np.arange(one.begin, one.end, 61.0):
            assert grid.covers(shapely.Point(one.place(t)))
            wild += not grid.covers(shapely.Point(one.fix(t)))
    assert wild < 0.003 * len(_rounds(ring)) * 700  # a wrong fix now and then


def test_nobody_runs_and_everybody_stops_and_walks() -> None:
    for one in _rounds(SQUARE):
        times = np.arange(one.begin, one.end, 10.0)
        places = np.array([one.place(t) for t in times]) * [111_195 * np.cos(np.radians(36)), 111_195]
        speed = np.hypot(*np.diff(places, axis=0).T) / 10
        assert speed.max() < 1.5
        share = np.mean([one.walks(t) for t in times])
        assert 0.3 < share < 0.9
        at_lunch = [t for t in times if one.lunch[0] + 10 <= t < one.lunch[1]]
        assert not any(one.walks(t) for t in at_lunch) and len({one.place(t) for t in at_lunch}) == 1


def test_hours_are_those_of_duty_and_one_day_in_seven_is_free() -> None:
    rounds = [round_of(1, worker, SQUARE, MIDNIGHT) for worker in range(70)]
    out = [one for one in rounds if one is not None]
    assert len(out) == 60
    assert all(8 <= (one.begin - MIDNIGHT) / 3600 <= 8.5 and 19.5 <= (one.end - MIDNIGHT) / 3600 <= 20 for one in out)


def test_the_same_seed_walks_the_same_way_and_another_does_not() -> None:
    def told(seed: int) -> list[tuple[float, float]]:
        rounds = [round_of(seed, 3, SQUARE, MIDNIGHT + day * 86_400) for day in range(2)]
        return [one.fix(one.begin + 1000.0 * n) for one in rounds if one for n in range(20)]

    assert told(1) == told(1)
    assert told(1) != told(2)
    assert len(set(told(1))) == 40


def _live(patrols: Patrols, begin: float, seconds: int, speed: float = 1.0) -> list[int]:
    return [patrols.report(begin + n * speed) for n in range(seconds)]


def test_phones_report_every_now_and_then_and_never_too_many_at_once() -> None:
    platform = Platform(1500)
    counted = _live(Patrols(platform, 1), MORNING, 900)
    assert max(counted) <= MOST_AT_ONCE and max(len(batch) for batch in platform.batches) <= MOST_AT_ONCE
    by_worker = Counter(fix.worker_id for batch in platform.batches for fix in batch)
    assert 0.8 * MOST_PEOPLE < len(by_worker) <= MOST_PEOPLE
    assert 10 < sum(counted) / 900 < 30
    gaps = defaultdict(list)
    for batch in platform.batches:
        for fix in batch:
            gaps[fix.worker_id].append(fix.at)
    between = np.concatenate([np.diff(times) for times in gaps.values()])
    assert between.min() >= 45 and between.max() <= 320


def test_a_clock_that_runs_fast_makes_no_more_reports() -> None:
    platform = Platform(1500)
    counted = _live(Patrols(platform, 1, speed=600.0), MORNING, 30, speed=600.0)
    assert 0 < sum(counted) / 30 <= 90


def test_at_night_nobody_reports_and_in_the_morning_they_come() -> None:
    patrols = Patrols(Platform(200), 1)
    assert sum(_live(patrols, MIDNIGHT - 3 * 3600, 600, speed=60)) == 0
    assert sum(_live(patrols, MIDNIGHT + 8 * 3600 + 1900, 200)) > 150


def test_the_platform_is_the_first_channel_of_the_whole() -> None:
    profile = read_profile("wuji")
    login = platform_of(profile)
    assert login is not None
    person = next(one for one in profile.operators if one.login == login)
    assert ("channel", profile.top.key) in person.duties


def test_patrols_wait_for_a_server_that_is_away_and_go_on() -> None:
    platform, opened = Platform(100), []
    platform.fails = 2

    @contextmanager
    def open_one() -> Iterator[Platform]:
        opened.append(1)
        yield platform

    patrols = PatrolThread(open_one, lambda: MORNING, 1, step_s=0.001).start()
    try:
        assert platform.told.wait(30)
    finally:
        patrols.stop()
    assert len(opened) == 3
