"""The time of a replay: runs at its speed, stands at its ends, waits for what is not known."""

import pytest

from commandcenter.replay import SPEEDS, ReplayClock


class Hand:
    """A monotonic clock moved by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def clock(hand: Hand) -> ReplayClock:
    made = ReplayClock(1_000.0, 9_000.0, hand)
    made.jump(2_000.0)
    return made


def test_it_stands_until_it_is_played(clock: ReplayClock, hand: Hand) -> None:
    hand.at += 50
    assert clock.now() == 2_000.0 and not clock.playing


@pytest.mark.parametrize("speed", SPEEDS)
def test_it_runs_at_its_speed(speed: float, clock: ReplayClock, hand: Hand) -> None:
    clock.set_speed(speed)
    clock.play()
    hand.at += 2
    assert clock.now() == 2_000.0 + 2 * speed


def test_another_speed_counts_from_now_on(clock: ReplayClock, hand: Hand) -> None:
    clock.play()
    hand.at += 10
    clock.set_speed(60)
    hand.at += 10
    assert clock.now() == 2_000.0 + 10 + 600


@pytest.mark.parametrize("speed", [0.5, 601, 0, -1])
def test_no_other_speed_is_taken(speed: float, clock: ReplayClock) -> None:
    with pytest.raises(ValueError, match="speed"):
        clock.set_speed(speed)


def test_pausing_keeps_the_moment(clock: ReplayClock, hand: Hand) -> None:
    clock.play()
    hand.at += 7
    clock.pause()
    hand.at += 7
    assert clock.now() == 2_007.0


def test_it_ends_at_the_last_moment(clock: ReplayClock, hand: Hand) -> None:
    clock.set_speed(600)
    clock.play()
    hand.at += 60
    assert clock.now() == 9_000.0 and clock.over


def test_a_jump_beyond_the_limits_goes_to_the_nearest(clock: ReplayClock) -> None:
    assert (clock.jump(5.0), clock.jump(1e9)) == (1_000.0, 9_000.0)


def test_it_waits_for_what_is_not_known_and_does_not_make_up_for_it(clock: ReplayClock, hand: Hand) -> None:
    clock.know_until(2_030.0)
    clock.play()
    hand.at += 100
    assert clock.now() == 2_030.0
    clock.know_until(5_000.0)
    hand.at += 10
    assert clock.now() == 2_040.0


def test_when_the_present_goes_on_the_moment_stays(clock: ReplayClock) -> None:
    clock.set_limits(2_500.0, 9_500.0)
    assert (clock.since, clock.until, clock.now()) == (2_500.0, 9_500.0, 2_500.0)
