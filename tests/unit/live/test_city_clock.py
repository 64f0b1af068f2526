"""The city's clock runs on between batches, does not jump back for latency, and follows a clock that was set."""

from __future__ import annotations

from commandcenter.live.city_clock import CityClock


class Ticks:
    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        return self.s


def test_time_runs_at_the_citys_speed() -> None:
    ticks = Ticks()
    clock = CityClock(5_000.0, 60.0, ticks)
    ticks.s += 2
    assert clock.now() == 5_120.0


def test_a_batch_corrects_it_forward() -> None:
    ticks = Ticks()
    clock = CityClock(5_000.0, 1.0, ticks)
    ticks.s += 5
    clock.heard(5_030.0, 10.0)
    assert (clock.now(), clock.speed) == (5_030.0, 10.0)


def test_latency_never_makes_it_run_backwards() -> None:
    ticks = Ticks()
    clock = CityClock(5_000.0, 1.0, ticks)
    ticks.s += 5
    assert clock.now() == 5_005.0
    clock.heard(5_004.8, 1.0)
    assert clock.now() == 5_005.0
    ticks.s += 1
    assert clock.now() == 5_005.8


def test_a_clock_that_was_set_back_is_followed() -> None:
    ticks = Ticks()
    clock = CityClock(50_000.0, 1.0, ticks)
    clock.heard(5_000.0, 1.0)
    assert clock.now() == 5_000.0
