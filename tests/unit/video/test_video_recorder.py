"""The last half minute is kept from a key frame on, bounded by time and size, and given to who asks."""

from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from commandcenter.domain.video import StreamAddress
from commandcenter.video import recorder as recorder_module
from commandcenter.video.connection import Connection, connect
from commandcenter.video.recorder import Clip, Recorder
from commandcenter.video.source import source_of

FRAME_S = 0.04


@pytest.fixture
def connection(clips: Path) -> Iterator[Connection]:
    made = connect(source_of(StreamAddress(1, "main", str(clips / "main.mp4"))), None)
    yield made
    made.close()


class Feeding:
    """The clip's packets (a key frame every second) over and over, at the camera's pace on a clock of our own."""

    def __init__(self, connection: Connection) -> None:
        self.recorder = Recorder()
        self.recorder.begin(connection)
        self._packets = [packet for packet in connection.packets() if packet.size]
        self._length = sum(packet.duration or 0 for packet in self._packets)
        self.number = 0

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / FRAME_S)):
            packet = self._packets[self.number % len(self._packets)]
            self.recorder.add(packet, 1e9 + self.number * FRAME_S, 10 + self.number * FRAME_S)
            self.number += 1

    def clip(self, seconds: float) -> list[Clip | None]:
        taken: list[Clip | None] = []
        self.recorder.want(seconds, taken.append)
        return taken


@pytest.fixture
def feeding(connection: Connection) -> Feeding:
    return Feeding(connection)


def test_a_clip_begins_with_a_key_frame_and_is_hardly_longer_than_asked_for(feeding: Feeding) -> None:
    feeding.run(20.5)
    (clip,) = feeding.clip(10)
    assert clip is not None
    assert clip.packets[0].key
    assert 10 <= clip.seconds < 11.1
    assert clip.packets[-1].tick == 10 + (feeding.number - 1) * FRAME_S
    assert clip.short == ""


def test_what_begins_before_a_key_frame_is_left_out(feeding: Feeding) -> None:
    feeding.number = 10
    feeding.run(2)
    (clip,) = feeding.clip(1)
    assert clip is not None
    assert clip.packets[0].key


def test_no_more_than_half_a_minute_is_kept(feeding: Feeding) -> None:
    feeding.run(100)
    kept = feeding.recorder._kept
    assert 30 <= kept[-1].tick - kept[0].tick < 31.1
    assert kept[0].key


def test_no_more_than_the_memory_allowed_is_kept(feeding: Feeding, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder_module, "MOST_BYTES", 60_000)
    for _ in range(40):
        feeding.run(0.5)
        kept = feeding.recorder._kept
        assert sum(len(packet.data) for packet in kept) <= 60_000
        assert not kept or kept[0].key
    assert feeding.recorder._bytes == sum(len(packet.data) + recorder_module.AROUND for packet in kept)


def test_who_asks_for_more_than_is_kept_waits_until_it_is_there(feeding: Feeding) -> None:
    feeding.run(5)
    taken = feeding.clip(45)
    feeding.run(39)
    assert taken == []
    assert feeding.recorder.busy
    feeding.run(2)
    assert taken[0] is not None
    assert 45 <= taken[0].seconds < 46.1
    assert not feeding.recorder.busy


def test_who_asks_for_more_than_fits_gets_what_fits(feeding: Feeding, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder_module, "MOST_BYTES", 200_000)
    feeding.run(2)
    taken = feeding.clip(60)
    feeding.run(60)
    assert taken[0] is not None
    assert "码流太大" in taken[0].short
    assert taken[0].seconds > 1


def test_at_the_end_everybody_is_answered(feeding: Feeding) -> None:
    nothing = Recorder()
    waiting: list[Clip | None] = []
    nothing.want(5, waiting.append)
    nothing.end()
    assert waiting == [None]
    feeding.run(3)
    taken = feeding.clip(20)
    feeding.recorder.end()
    assert taken[0] is not None
    assert "不足" in taken[0].short
    after = feeding.clip(20)
    assert after[0] is not None
    assert "中断前" in after[0].short


def test_after_the_end_nothing_is_added(feeding: Feeding) -> None:
    feeding.run(1)
    feeding.recorder.end()
    feeding.run(1)
    assert len(feeding.recorder._kept) == 25


def test_packets_of_mp4_are_kept_with_start_codes_and_parameter_sets(feeding: Feeding) -> None:
    feeding.run(1.1)
    first, second = feeding.recorder._kept[0], feeding.recorder._kept[1]
    assert first.data[:4] == second.data[:4] == b"\0\0\0\1"
    codec = av.CodecContext.create("h264", "r")
    assert codec.decode(av.Packet(first.data)) + codec.decode(None), "a decoder needs nothing else"
