"""A slot plays in a process of its own: pictures at the size shown, reports, and a crash that costs this slot only."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from commandcenter.domain.video import CONNECTING, IDLE, LIVE, LOST, UNSUPPORTED, StreamAddress
from commandcenter.video import buffers, keeper
from tests.support.video_slots import PATIENCE_S, Slot, wait_until

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.mark.timing
def test_a_stream_is_connected_then_live_with_its_facts(slot: Slot, clips: Path) -> None:
    slot.live(clips / "main.mp4")
    wait_until(lambda: slot.reports[-1].fps > 12, PATIENCE_S, lambda: f"its rate, but {slot.reports[-1]}")
    report = slot.reports[-1]
    assert slot.reports[0].state == CONNECTING
    assert (report.codec, report.size, report.hardware) == ("h264", (320, 180), False)
    assert report.fps < 30


def test_h265_and_mjpeg_are_shown_too(slot: Slot, clips: Path, mjpeg: Path) -> None:
    slot.live(clips / "h265.mp4")
    assert slot.reports[-1].codec == "hevc"
    slot.live(mjpeg)
    assert slot.reports[-1].codec == "mjpeg"


ROOMS = [((320, 180), (320, 180)), ((160, 160), (160, 90)), ((640, 1000), (640, 360)), ((101, 57), (101, 57))]


@pytest.mark.parametrize(("room", "size"), ROOMS)
def test_a_picture_keeps_its_shape_within_the_room(
    slot: Slot, clips: Path, room: tuple[int, int], size: tuple[int, int]
) -> None:
    frame = slot.live(clips / "main.mp4", room)
    assert (frame.width, frame.height) == size
    assert frame.stride >= frame.width * 4
    assert len(frame.data) == frame.stride * frame.height
    assert frame.data.readonly


def test_its_colours_are_those_that_were_filmed(slot: Slot, clips: Path) -> None:
    frame = slot.live(clips / "main.mp4")
    left, right = (bytes(frame.data[frame.stride * 150 + x * 4 :][:4]) for x in (8, 310))
    assert max(left[:3]) < 80 < 170 < min(right[:3]), "dark on the left, bright on the right"
    assert abs(left[0] - left[2]) < 12, "grey"


def test_a_slot_that_grows_gets_larger_pictures(slot: Slot, clips: Path) -> None:
    slot.live(clips / "main.mp4", (160, 90))
    slot.process.resize((960, 540))
    wait_until(lambda: _size(slot) == (960, 540), PATIENCE_S, lambda: "large pictures")
    slot.process.resize((64, 36))
    wait_until(lambda: _size(slot) == (64, 36), PATIENCE_S, lambda: "small pictures")


@pytest.mark.timing
def test_a_thousand_sizes_in_a_second_end_with_the_last(slot: Slot, clips: Path) -> None:
    slot.live(clips / "main.mp4")
    began = time.monotonic()
    for width in range(400, 1400):
        slot.process.resize((width, 180))
    assert time.monotonic() - began < 1.0, "it is called while a window is dragged"
    slot.process.resize((200, 180))
    wait_until(lambda: _size(slot) == (200, 112), PATIENCE_S, lambda: "the last size")


def test_the_picture_that_is_held_stays_as_it_is_while_others_come(slot: Slot, clips: Path) -> None:
    slot.takes = False
    frame = slot.live(clips / "main.mp4")
    held = bytes(frame.data)
    for _ in range(10):
        slot.until_pictures(1)
        assert bytes(frame.data) == held
        frame = slot.process.frame() or frame
        held = bytes(frame.data)


def test_a_picture_outlives_its_slot(clips: Path) -> None:
    with Slot() as slot:
        frame = slot.live(clips / "main.mp4")
        before = bytes(frame.data)
    wait_until(lambda: slot.process.pid is None, PATIENCE_S, lambda: "the end of the process")
    assert len(bytes(frame.data)) == len(before)


def test_after_play_the_picture_before_is_not_shown_again(slot: Slot, clips: Path) -> None:
    slot.live(clips / "main.mp4")
    slot.play("/nowhere/else.mp4")
    assert slot.process.frame() is None
    slot.until(LOST)
    assert slot.process.frame() is None


def test_a_picture_that_was_on_its_way_when_the_stream_changed_is_not_shown(slot: Slot, clips: Path) -> None:
    slot.takes = False
    slot.live(clips / "main.mp4")
    slot.until_pictures(1)  # not taken, so that no other comes
    late = {"say": "frame", "generation": 1, "buffers": 1, "serial": 9, "width": 2, "height": 2, "stride": 8}
    slot.process.heard(late, b"")
    frame = slot.process.frame()
    assert frame is not None
    assert frame.width == 2
    slot.process.stop()
    slot.process.heard(late, b"")
    assert slot.process.frame() is None


def test_one_process_plays_one_stream_after_another(slot: Slot, clips: Path) -> None:
    slot.live(clips / "main.mp4")
    pid = slot.process.pid
    slot.live(clips / "h265.mp4")
    slot.process.stop()
    slot.until(IDLE)
    assert slot.process.frame() is None
    slot.live(clips / "main.mp4")
    assert slot.process.pid == pid


def test_nothing_is_started_before_something_is_played() -> None:
    with Slot() as slot:
        slot.process.resize((100, 100))
        slot.process.show(False)
        assert slot.process.pid is None


@pytest.mark.timing
def test_no_call_keeps_the_caller_waiting(slot: Slot, clips: Path) -> None:
    calls = [
        lambda: slot.process.play(StreamAddress(1, "main", str(clips / "main.mp4")), (320, 180)),
        lambda: slot.process.resize((1920, 1080)),
        lambda: slot.process.show(False),
        lambda: slot.process.show(True),
        slot.process.frame,
        lambda: slot.process.snapshot(lambda _: None),
        lambda: slot.process.clip(1, lambda _: None),
        slot.process.stop,
        slot.process.close,
    ]
    for number, call in enumerate(calls):
        began = time.thread_time()
        call()
        assert time.thread_time() - began < 0.005, f"call {number}"


def test_a_missing_file_is_lost_and_found_when_it_comes(slot: Slot, clips: Path, tmp_path: Path) -> None:
    file = tmp_path / "later.mp4"
    slot.play(file)
    assert "找不到" in slot.until(LOST).words
    file.write_bytes((clips / "main.mp4").read_bytes())
    slot.until(LIVE)


def test_an_address_of_another_kind_is_unsupported(slot: Slot) -> None:
    slot.play("ftp://127.0.0.1/a")
    assert "不支持" in slot.until(UNSUPPORTED).words


def test_a_crash_costs_this_slot_only_and_it_comes_back(slot: Slot, clips: Path) -> None:
    with Slot() as other:
        other.live(clips / "main.mp4")
        slot.live(clips / "main.mp4")
        others_reports = len(other.reports)
        pid = slot.decoder().pid
        os.kill(pid, signal.SIGSEGV if sys.platform != "win32" else signal.SIGTERM)
        slot.until(LOST)
        assert slot.words == keeper.DIED
        slot.until(LIVE)
        slot.until_pictures(5)
        assert slot.process.pid != pid
        assert {report.state for report in other.reports[others_reports:]} <= {LIVE}


@posix
def test_a_process_that_says_nothing_is_ended_and_replaced(
    slot: Slot, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "SILENCE_S", 2.0)
    slot.live(clips / "main.mp4")
    pid = slot.decoder().pid
    os.kill(pid, signal.SIGSTOP)
    for _ in range(100):
        slot.process.resize((300, 200))  # what is told to it is not read
    slot.until(LOST)
    slot.until(LIVE)
    assert slot.process.pid != pid
    assert not psutil.pid_exists(pid)


def test_the_process_ends_when_the_slot_is_closed(clips: Path) -> None:
    with Slot() as slot:
        slot.live(clips / "main.mp4")
        decoder = slot.decoder()
    decoder.wait(PATIENCE_S)


def test_closed_slots_leave_no_thread(clips: Path) -> None:
    before = set(threading.enumerate())
    with Slot() as slot:
        slot.live(clips / "main.mp4")
    wait_until(lambda: not (set(threading.enumerate()) - before), PATIENCE_S, lambda: f"{threading.enumerate()}")


@posix
def test_no_shared_memory_is_left_behind(clips: Path) -> None:
    folders = [Path(folder) for folder in buffers._folders()]
    before = {file for folder in folders for file in folder.glob("commandcenter-*")}
    with Slot() as slot:
        slot.live(clips / "main.mp4")
        slot.process.resize((800, 600))
        wait_until(lambda: _size(slot) == (800, 450), PATIENCE_S, lambda: "large pictures")
        assert {file for folder in folders for file in folder.glob("commandcenter-*")} <= before
        slot.decoder().kill()
        slot.until(LOST)
    wait_until(lambda: slot.process.pid is None, PATIENCE_S, lambda: "its end")
    assert {file for folder in folders for file in folder.glob("commandcenter-*")} <= before


def test_without_memory_it_is_said_and_tried_again(slot: Slot, clips: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> buffers.Buffers:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as short:
        short.setattr(keeper, "make", full)
        slot.play(clips / "main.mp4")
        assert "内存不足" in slot.until(LOST).words
    slot.until(LIVE)


def test_a_listener_that_fails_does_not_deafen_the_slot(clips: Path, caplog: pytest.LogCaptureFixture) -> None:
    slot = Slot()
    failures = []

    def report(_: object) -> None:
        failures.append(1)
        raise RuntimeError("a bug of the screen")

    slot.process._on_report = report
    with slot:
        slot.process.play(StreamAddress(1, "main", str(clips / "main.mp4")), (320, 180))
        slot.until_pictures(5)
    assert failures
    assert "listener failed" in caplog.text


def _size(slot: Slot) -> tuple[int, int]:
    frame = slot.process.frame()
    return (frame.width, frame.height) if frame is not None else (0, 0)


def test_what_a_desk_once_took_is_not_counted_as_its_decoders() -> None:
    """The most memory a process ever had is told to the processes it starts (Linux, getrusage)."""
    asks = "from commandcenter.video.worker import _memory; print(_memory())"
    desk = f"""import subprocess, sys
large = b"x" * 400_000_000
del large
sys.stdout.write(subprocess.run([sys.executable, "-c", {asks!r}], capture_output=True, text=True).stdout)"""
    told = subprocess.run([sys.executable, "-c", desk], capture_output=True, text=True, timeout=60, check=True).stdout
    assert 1_000_000 < int(told) < 200_000_000
