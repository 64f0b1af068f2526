"""RTSP over TCP and UDP against a real server that goes away, stands still, refuses and sends rubbish."""

import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from commandcenter.domain.video import FORBIDDEN, LIVE, LOST, STALLED, StreamAddress
from tests.support.rtsp import RtspCameras
from tests.support.video_slots import PATIENCE_S, Slot, wait_until


@pytest.fixture
def cameras(clips: Path) -> Iterator[RtspCameras]:
    with RtspCameras(clips) as server:
        yield server


@pytest.mark.timing
@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize(("path", "codec"), [("main", "h264"), ("h265", "hevc")])
def test_a_camera_is_live_at_its_own_speed(
    slot: Slot, cameras: RtspCameras, path: str, codec: str, transport: str
) -> None:
    slot.live(cameras.address(path, transport))
    wait_until(lambda: len(slot.reports) >= 5, PATIENCE_S, lambda: "four seconds")
    report = slot.reports[-1]
    assert (report.state, report.codec, report.size) == (LIVE, codec, (320, 180))
    assert 12 < report.fps < 30, "a loaded computer leaves some out, none may come too early"
    assert report.delay_s < 1.0


@pytest.mark.timing
def test_the_first_picture_does_not_wait_for_twenty_more(slot: Slot, cameras: RtspCameras) -> None:
    slot.live(cameras.address("main"))
    assert min(_seconds_to(slot, cameras.address("main")) for _ in range(4)) < 0.5, "libav as it comes takes a second"


def _seconds_to(slot: Slot, address: StreamAddress) -> float:
    began = time.monotonic()
    slot.live(address)
    return time.monotonic() - began


@pytest.mark.parametrize("kind", ["basic", "digest"])
def test_with_user_and_password_it_is_live(slot: Slot, cameras: RtspCameras, kind: str) -> None:
    cameras.order("guard", "main", kind, "viewer", "p@ss/:w%rd")
    slot.live(cameras.address("main", "tcp", "viewer", "p@ss/:w%rd"))


@pytest.mark.parametrize("kind", ["basic", "digest"])
def test_with_a_wrong_password_it_is_forbidden(slot: Slot, cameras: RtspCameras, kind: str) -> None:
    cameras.order("guard", "main", kind, "viewer", "right")
    slot.play(cameras.address("main", "tcp", "viewer", "wrong"))
    assert "密码" in slot.until(FORBIDDEN).words


def test_who_may_not_look_is_told(slot: Slot, cameras: RtspCameras) -> None:
    cameras.order("forbid", "main")
    slot.play(cameras.address("main"))
    assert "不允许" in slot.until(FORBIDDEN).words


def test_a_camera_that_does_not_exist_is_lost(slot: Slot, cameras: RtspCameras) -> None:
    slot.play(cameras.address("nobody"))
    assert "没有这路码流" in slot.until(LOST).words


def test_a_picture_that_stands_still_is_stalled_then_lost_then_live_again(slot: Slot, cameras: RtspCameras) -> None:
    slot.live(cameras.address("main"))
    slot.until_pictures(10)
    cameras.order("freeze", "main")
    slot.until(STALLED)
    slot.until(LOST)
    lost_since = slot.reports[-1].since
    cameras.order("up", "main")
    slot.until(LIVE)
    slot.until_pictures(10)
    lost = [report for report in slot.reports if report.state == LOST]
    assert {report.since for report in lost} == {lost_since}, "while it tries again it says since when it is lost"


def test_pictures_that_are_rubbish_are_lost_and_come_back(slot: Slot, cameras: RtspCameras) -> None:
    slot.live(cameras.address("main"))
    pid = slot.process.pid
    cameras.order("corrupt", "main")
    slot.until(LOST)
    cameras.order("up", "main")
    slot.until(LIVE)
    slot.until_pictures(10)
    assert slot.process.pid == pid


def test_who_takes_connections_and_says_nothing_is_lost(slot: Slot, cameras: RtspCameras) -> None:
    cameras.order("mute", "main")
    slot.play(cameras.address("main"))
    assert "没有应答" in slot.until(LOST).words


def test_a_server_that_goes_away_and_returns_is_seen_again(slot: Slot, cameras: RtspCameras) -> None:
    slot.live(cameras.address("main"))
    cameras.order("down", "all")
    slot.until(LOST)
    wait_until(lambda: "没有开启服务" in slot.words, PATIENCE_S, lambda: f"the reason, but {slot.words}")
    cameras.order("up", "all")
    slot.until(LIVE)
    states = [report.state for report in slot.reports]
    assert set(states[states.index(LOST) :]) == {LOST, LIVE}, "lost until it is live, however often it is tried"
    slot.until_pictures(10)


@pytest.mark.timing
def test_a_server_that_is_killed_is_lost_at_once(slot: Slot, cameras: RtspCameras) -> None:
    slot.live(cameras.address("main"))
    cameras.kill()
    slot.until(LOST, within_s=5)


def test_the_camera_is_told_when_a_slot_looks_elsewhere(slot: Slot, cameras: RtspCameras, clips: Path) -> None:
    """Over UDP it would go on sending until its session times out."""
    slot.live(cameras.address("main", "udp"))
    slot.live(clips / "main.mp4")
    server = psutil.Process(cameras.pid)
    wait_until(lambda: not server.net_connections(kind="udp"), PATIENCE_S, lambda: "its sockets closed")
