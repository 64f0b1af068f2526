"""What a stream's signs mean, second by second."""

import pytest

from commandcenter.domain.video import CONNECTING, LIVE, STALLED
from commandcenter.video.faults import BROKEN_OFF, DAMAGED, SILENT, UNREADABLE
from commandcenter.video.signs import Signs
from commandcenter.video.states import hung, judged


def signs(**known: float) -> Signs:
    made = Signs(began=100.0)
    for name, value in known.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("age_s", "state"), [(0.0, LIVE), (0.9, LIVE), (1.1, STALLED), (2.9, STALLED)]
)  # fmt: skip
def test_a_picture_makes_it_live_and_a_second_without_one_stalled(age_s: float, state: str) -> None:
    found = judged(signs(packet_at=200.0, tried_at=101.0, picture_at=200.0), 200.0 + age_s, shown_since=100.0)
    assert isinstance(found, tuple)
    assert found[0] == state


def test_three_seconds_without_a_picture_are_the_end() -> None:
    assert judged(signs(packet_at=203.0, picture_at=200.0), 203.1, shown_since=100.0) == BROKEN_OFF


def test_a_camera_with_a_picture_a_second_is_not_stalled_between_two() -> None:
    slow = signs(packet_at=200.0, picture_at=200.0, gap_s=1.0)
    assert judged(slow, 201.5, shown_since=100.0) == (LIVE, "")
    assert judged(slow, 204.0, shown_since=100.0) == (STALLED, "画面卡顿，等待摄像机")


def test_nothing_at_all_is_connecting_until_libav_should_have_given_up() -> None:
    assert judged(signs(), 105.0, shown_since=100.0) == (CONNECTING, "")
    assert judged(signs(), 107.0, shown_since=100.0) == SILENT


def test_packets_without_a_key_frame_are_waited_for() -> None:
    waiting = signs(packet_at=110.0)
    assert judged(waiting, 110.1, shown_since=100.0) == (CONNECTING, "等待关键帧")
    assert judged(signs(packet_at=116.0), 116.1, shown_since=100.0) == SILENT


def test_packets_that_give_no_picture_are_unreadable() -> None:
    assert judged(signs(packet_at=107.0, tried_at=101.0), 107.0, shown_since=100.0) == UNREADABLE


def test_the_reason_at_the_end_is_the_players() -> None:
    over = signs()
    over.over, over.fault = True, DAMAGED
    assert judged(over, 101.0, shown_since=100.0) == DAMAGED


def test_hidden_it_lives_by_its_packets() -> None:
    hidden = signs(packet_at=200.0, picture_at=120.0)
    assert judged(hidden, 201.0, shown_since=None) == (LIVE, "未显示")
    assert judged(hidden, 203.5, shown_since=None) == BROKEN_OFF


def test_shown_again_it_has_time_for_its_first_picture() -> None:
    shown = signs(packet_at=200.0, picture_at=120.0, tried_at=101.0)
    assert judged(shown, 200.5, shown_since=200.0) == (LIVE, "")


def test_a_call_that_does_not_come_back_is_hung() -> None:
    assert not hung(signs(busy_since=100.0), 104.0)
    assert hung(signs(busy_since=100.0), 106.0)
    assert not hung(signs(), 200.0)
