"""Late pictures are left out, drift of clocks is not lateness, and a backlog is never shown one by one."""

from itertools import pairwise

import pytest

from commandcenter.video.timing import CatchUp, Live, Paced, Rest, Timing

FRAME_S = 0.04


def test_a_picture_is_as_late_as_it_is_behind_the_quickest() -> None:
    live = Live()
    assert live.delay_s(100.0, now=7.0) == 0.0
    assert live.delay_s(100.04, now=7.34) == pytest.approx(0.3)
    assert live.delay_s(100.08, now=7.08) == pytest.approx(0.0)


@pytest.mark.parametrize("drift", [1 + 300e-6, 1 - 300e-6])
def test_a_camera_whose_clock_drifts_is_not_late_after_a_day(drift: float) -> None:
    live = Live()
    worst = max(live.delay_s(second * drift, now=float(second)) for second in range(86_400))
    assert worst < 0.02


@pytest.mark.parametrize("timing", [Live(), Paced()])
@pytest.mark.parametrize("jump_s", [-3.0, -4000.0, 4000.0])
def test_a_new_clock_of_the_camera_is_no_delay(timing: Timing, jump_s: float) -> None:
    for number in range(50):
        timing.delay_s(5000 + number * FRAME_S, now=number * FRAME_S)
    assert timing.delay_s(5002 + jump_s, now=50 * FRAME_S) == pytest.approx(0.0)


def test_a_recording_says_how_long_to_wait_for_each_picture() -> None:
    paced = Paced()
    assert paced.delay_s(0.0, now=10.0) == 0.0
    assert paced.delay_s(0.5, now=10.1) == pytest.approx(-0.4)
    assert paced.delay_s(0.5, now=10.7) == pytest.approx(0.2)


class Flood:
    """A decoder that takes `decode_s` for a picture, fed by a network that keeps what is not read. Reading: 0.1 ms."""

    def __init__(self, decode_s: float, gop: int = 25) -> None:
        self.now = 0.0
        self.decode_s = decode_s
        self.gop = gop
        self.live = Live()
        self.catch_up = CatchUp(self.live)
        self.shown: list[tuple[float, float]] = []  # when, how far behind
        self.decoded: list[int] = []

    def run(self, seconds: float, offset_s: float = 0.0, begin: int = 0) -> int:
        """offset_s: how long the network holds each packet back. Returns the number of the next picture."""
        number = begin
        end = self.now + seconds
        while self.now < end:
            taken_at = number * FRAME_S
            waited = max(taken_at + offset_s - self.now, 0.0)
            self.now += waited + 0.0001
            self.catch_up.came(waited, self.now)
            delay = self.live.delay_s(taken_at, self.now)
            if self.catch_up.decode(delay, taken_at, number % self.gop == 0, self.now):
                self.decoded.append(number)
                self.now += self.decode_s
                if self.catch_up.show(self.live.delay_s(taken_at, self.now), self.now):
                    self.shown.append((self.now, self.now - taken_at))
            number += 1
        return number


def test_a_decoder_that_keeps_up_shows_everything() -> None:
    flood = Flood(decode_s=0.01)
    assert len(flood.shown) == 0
    flood.run(20)
    assert len(flood.shown) == pytest.approx(500, abs=2)


@pytest.mark.parametrize("decode_s", [0.06, 0.12, 0.3])
def test_a_decoder_too_slow_for_the_stream_stays_near_the_present_and_goes_on_showing(decode_s: float) -> None:
    flood = Flood(decode_s)
    flood.run(120)
    assert max(behind for _, behind in flood.shown) < 5.0, "it grows without bound if nothing is left out"
    assert max(after[0] - before[0] for before, after in pairwise(flood.shown)) < 3.0


def test_after_a_burst_the_present_is_shown_again_at_once() -> None:
    flood = Flood(decode_s=0.005)
    number = flood.run(5)
    flood.now += 2.0  # the network held everything back
    held_until = flood.now
    flood.run(5, begin=number)
    late = [at for at, behind in flood.shown if at > held_until and behind > 0.5]
    assert len(late) <= 1
    assert [at for at, behind in flood.shown if behind < 0.1][-1] > held_until


def test_who_begins_behind_and_is_just_quick_enough_finds_the_present() -> None:
    """A server that begins with what it has sent before; no packet ever comes earlier than the first."""
    flood = Flood(decode_s=0.0399)
    flood.now = 2.0
    flood.run(20)
    assert max(behind for at, behind in flood.shown if at > 6) < 0.6


def test_who_has_time_to_spare_never_skips() -> None:
    flood = Flood(decode_s=0.03)
    flood.run(60)
    assert flood.decoded == list(range(len(flood.decoded)))


def test_a_longer_way_through_the_network_is_no_backlog() -> None:
    flood = Flood(decode_s=0.005)
    number = flood.run(5)
    flood.run(30, offset_s=1.5, begin=number)
    assert len([at for at, _ in flood.shown if at > 12]) > 500, "it would show two pictures a second for half a minute"


def test_while_skipping_nothing_is_decoded_but_from_a_key_frame_on() -> None:
    flood = Flood(decode_s=0.12)
    flood.run(60)
    for before, after in pairwise(flood.decoded):
        assert after == before + 1 or after % flood.gop == 0


def test_no_more_than_sixty_pictures_a_second_are_shown() -> None:
    catch_up = CatchUp(Live())
    shown = [catch_up.show(0.0, now=number / 1000) for number in range(20, 1020)]
    assert 40 < sum(shown) <= 72


def test_pictures_that_stand_alone_take_half_of_the_time_at_most() -> None:
    rest = Rest()
    assert rest.over(1.0)
    rest.after_work(1.0, 1.3)
    assert not rest.over(1.55)
    assert rest.over(1.6)
