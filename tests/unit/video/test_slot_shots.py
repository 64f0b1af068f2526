"""A snapshot is the whole picture, a clip what came over the stream, both with the times at which it came."""

import io
import time
from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.bitstream import BitStreamFilterContext

from commandcenter.domain.video import LIVE
from commandcenter.video import shots
from commandcenter.video.frames import Shot
from commandcenter.video.recorder import Clip, Kept
from tests.support.rtsp import make_clip
from tests.support.video_http import VideoHttp
from tests.support.video_slots import PATIENCE_S, Slot, wait_until


def pictures_of(shot: Shot | None) -> list[av.VideoFrame]:
    assert shot is not None
    with av.open(io.BytesIO(shot.content)) as container:
        return list(container.decode(video=0))


def packets_of(content: bytes | Path) -> list[bytes]:
    source = str(content) if isinstance(content, Path) else io.BytesIO(content)
    with av.open(source) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


@pytest.mark.timing
def test_a_snapshot_is_a_jpeg_of_the_full_size(slot: Slot, clips: Path) -> None:
    slot.live(clips / "main.mp4", (64, 36))
    shot = slot.shot(slot.process.snapshot)
    assert shot is not None
    assert (shot.mime, shot.words) == ("image/jpeg", "")
    assert shot.content.startswith(b"\xff\xd8")
    assert shot.content.endswith(b"\xff\xd9")
    assert [(picture.width, picture.height) for picture in pictures_of(shot)] == [(320, 180)]
    assert shot.taken_at == shot.taken_until
    assert 0 <= time.time() - shot.taken_at < 5


def test_without_a_picture_there_is_no_snapshot_and_no_clip(slot: Slot) -> None:
    assert slot.shot(slot.process.snapshot) is None
    slot.play("/nowhere/at/all.mp4")
    slot.until("lost")
    assert slot.shot(slot.process.snapshot) is None
    assert slot.shot(lambda done: slot.process.clip(2, done)) is None


@pytest.mark.timing
@pytest.mark.parametrize("name", ["main.mp4", "h265.mp4"])
def test_a_clip_has_what_came_over_the_stream_without_encoding_it_anew(slot: Slot, clips: Path, name: str) -> None:
    slot.live(clips / name)
    shot = slot.shot(lambda done: slot.process.clip(1.5, done))
    assert shot is not None
    assert (shot.mime, shot.words) == ("video/mp4", "")
    assert 1.5 <= shot.taken_until - shot.taken_at < 3.5
    assert len(pictures_of(shot)) == pytest.approx((shot.taken_until - shot.taken_at) * 25, abs=4)
    original = {packet[-40:] for packet in packets_of(clips / name)}
    assert {packet[-40:] for packet in packets_of(shot.content)} <= original


@pytest.mark.timing
def test_a_clip_of_the_past_comes_at_once(slot: Slot, clips: Path) -> None:
    slot.live(clips / "main.mp4")
    slot.until_pictures(75)
    began = time.time()
    shot = slot.shot(lambda done: slot.process.clip(1, done))
    assert shot is not None
    assert shot.taken_at < began - 1
    assert shot.taken_until < began + 0.2


def test_a_clip_longer_than_the_past_is_recorded_on(slot: Slot, clips: Path) -> None:
    slot.live(clips / "main.mp4")
    began = time.time()
    shot = slot.shot(lambda done: slot.process.clip(4, done))
    assert shot is not None
    assert shot.taken_until > began
    assert shot.taken_until - shot.taken_at >= 4


@pytest.mark.timing
def test_its_times_go_on_when_a_file_begins_again(slot: Slot, clips: Path) -> None:
    slot.live(clips / "main.mp4")
    shot = slot.shot(lambda done: slot.process.clip(4, done))
    times = [float(picture.time or 0) for picture in pictures_of(shot)]
    steps = [after - before for before, after in zip(times, times[1:], strict=False)]
    assert times[-1] >= 3.9
    assert max(steps) < 0.1


def test_a_clip_of_flv_begins_with_what_the_decoder_needs(slot: Slot, http: VideoHttp) -> None:
    slot.live(http.url("live.flv"))
    assert len(pictures_of(slot.shot(lambda done: slot.process.clip(1, done)))) >= 25


def test_parameter_sets_that_came_outside_the_packets_are_put_in(clips: Path) -> None:
    """As cameras do that send them in the SDP alone."""
    with av.open(str(clips / "main.mp4")) as container:
        stream = container.streams.video[0]
        cut = BitStreamFilterContext("h264_mp4toannexb", stream)
        whole = [part for packet in container.demux(stream) if packet.size for part in cut.filter(packet)]
        nals = [b"\0\0\0\1" + nal for nal in bytes(whole[0]).replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")[1:]]
        sets = b"".join(nal for nal in nals if nal[4] & 31 in (7, 8))
        picture = b"".join(nal for nal in nals if nal[4] & 31 == 5)
        datas = [picture] + [bytes(part) for part in whole[1:]]
        kept = [Kept(data, n * 512, n * 512, n == 0, 512, 1e9 + n, float(n)) for n, data in enumerate(datas[:20])]
    clip = Clip("h264", (320, 180), Fraction(1, 12800), sets, tuple(kept))
    assert len(pictures_of(shots.mp4(clip))) == 20


@pytest.mark.timing
def test_a_clip_lasts_as_long_though_its_first_packet_has_no_time(clips: Path) -> None:
    """As the first one of an RTSP stream; it came at once with the second."""
    with av.open(str(clips / "main.mp4")) as container:
        stream = container.streams.video[0]
        cut = BitStreamFilterContext("h264_mp4toannexb", stream)
        datas = [bytes(part) for packet in container.demux(stream) if packet.size for part in cut.filter(packet)][:25]
    kept = [Kept(data, n * 7200 or None, n * 7200 or None, n == 0, 7200, 1e9 + n, 4e5 + max(n, 1) * 0.08)
            for n, data in enumerate(datas)]
    shot = shots.mp4(Clip("h264", (320, 180), Fraction(1, 90000), b"", tuple(kept)))
    times = [float(picture.time or 0) for picture in pictures_of(shot)]
    assert len(times) == 25 and times[0] == 0 and 1.7 < times[-1] < 2


def test_a_clip_of_mjpeg_is_possible(slot: Slot, http: VideoHttp) -> None:
    slot.live(http.url("mjpeg"))
    assert len(pictures_of(slot.shot(lambda done: slot.process.clip(1, done)))) >= 8


def test_pictures_that_are_shown_in_another_order_than_they_came_stay_in_order(slot: Slot, tmp_path: Path) -> None:
    file = make_clip(tmp_path / "b.mp4", seconds=2, gop=25, preset="fast", tune="psnr", bf="2")
    slot.live(file)
    times = [float(picture.time or 0) for picture in pictures_of(slot.shot(lambda done: slot.process.clip(1, done)))]
    assert times == sorted(times)


def test_when_the_picture_breaks_off_who_waits_gets_what_there_is(slot: Slot, http: VideoHttp) -> None:
    slot.live(http.url("live.flv"))
    slot.until_pictures(40)
    taken: list[Shot | None] = []
    slot.process.clip(60, taken.append)
    slot.until_pictures(25)
    http.close()
    wait_until(lambda: bool(taken), PATIENCE_S, lambda: "a short clip")
    assert taken[0] is not None
    assert "不足" in taken[0].words
    assert len(pictures_of(taken[0])) >= 50


def test_what_came_before_the_picture_broke_off_can_still_be_had(slot: Slot, http: VideoHttp) -> None:
    slot.live(http.url("live.flv"))
    slot.until_pictures(40)
    http.close()
    slot.until("lost")
    shot = slot.shot(lambda done: slot.process.clip(30, done))
    assert shot is not None
    assert "中断前" in shot.words
    assert len(pictures_of(shot)) >= 30


def test_another_stream_takes_nothing_of_the_one_before(slot: Slot, clips: Path) -> None:
    slot.live(clips / "main.mp4")
    slot.until_pictures(30)
    slot.live(clips / "h265.mp4")
    shot = slot.shot(lambda done: slot.process.clip(1, done))
    assert shot is not None
    with av.open(io.BytesIO(shot.content)) as container:
        assert container.streams.video[0].codec_context.name == "hevc"


def test_who_waits_when_the_process_dies_is_answered(slot: Slot, clips: Path) -> None:
    slot.live(clips / "main.mp4")
    taken: list[Shot | None] = []
    slot.process.clip(30, taken.append)
    slot.until_pictures(3)
    slot.decoder().kill()
    wait_until(lambda: bool(taken), PATIENCE_S, lambda: "an answer")
    assert taken == [None]
    slot.until(LIVE)
