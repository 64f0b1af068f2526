"""Attempts come ever later, but never later than the last step, and not all slots at once."""

import pytest

from commandcenter.video.back_off import PROCESS_STEPS_S, STREAM_STEPS_S, BackOff


def test_waits_grow_to_the_last_step_and_stay_there() -> None:
    back_off = BackOff(STREAM_STEPS_S, chance=lambda: 0.0)
    assert [back_off.wait_s() for _ in range(5)] == [0.5, 1.0, 2.0, 2.0, 2.0]


def test_after_success_the_first_wait_comes_again() -> None:
    back_off = BackOff(STREAM_STEPS_S, chance=lambda: 0.0)
    for _ in range(4):
        back_off.wait_s()
    back_off.reset()
    assert back_off.wait_s() == 0.5


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999])
def test_a_camera_that_is_back_is_asked_within_two_seconds_whatever_chance_says(chance: float) -> None:
    back_off = BackOff(STREAM_STEPS_S, chance=lambda: chance)
    waits = [back_off.wait_s() for _ in range(10)]
    assert max(waits) <= 2.0
    assert min(waits) > 0.25


def test_slots_do_not_knock_together() -> None:
    first, second = BackOff(STREAM_STEPS_S), BackOff(STREAM_STEPS_S)
    assert [first.wait_s() for _ in range(8)] != [second.wait_s() for _ in range(8)]


def test_a_stream_that_kills_every_decoder_is_tried_twice_a_minute() -> None:
    back_off = BackOff(PROCESS_STEPS_S, chance=lambda: 0.0)
    assert [back_off.wait_s() for _ in range(9)][-1] == 30.0
