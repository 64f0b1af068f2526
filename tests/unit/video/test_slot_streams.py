"""HTTP-FLV, HLS, MJPEG and files; and what is no stream, or a bad one, is said and never ends the process."""

import base64
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from commandcenter.domain.video import FORBIDDEN, LIVE, LOST, UNSUPPORTED, StreamAddress
from tests.support.rtsp import make_clip
from tests.support.video_http import VideoHttp, remuxed
from tests.support.video_slots import PATIENCE_S, Slot, wait_until


@pytest.mark.parametrize(("path", "codec"), [("live.flv", "h264"), ("hls/index.m3u8", "h264"), ("mjpeg", "mjpeg")])
def test_a_stream_over_http_is_live(slot: Slot, http: VideoHttp, path: str, codec: str) -> None:
    slot.live(http.url(path))
    slot.until_pictures(25)
    assert slot.reports[-1].codec == codec
    assert {report.state for report in slot.reports[1:]} == {LIVE}


@pytest.mark.timing
def test_flv_and_hls_run_at_the_speed_of_the_camera(slot: Slot, http: VideoHttp) -> None:
    for path in ("live.flv", "hls/index.m3u8"):
        slot.live(http.url(path))
        wait_until(lambda: len(slot.reports) >= 6, PATIENCE_S, lambda: "five seconds")
        assert 12 < slot.reports[-1].fps < 30, path
        assert slot.reports[-1].delay_s < 1.0, path


@pytest.mark.timing
def test_mjpeg_shows_as_many_pictures_as_come(slot: Slot, http: VideoHttp) -> None:
    slot.live(http.url("mjpeg"))
    wait_until(lambda: len(slot.reports) >= 5, PATIENCE_S, lambda: "four seconds")
    assert 5 < slot.reports[-1].fps < 12


@pytest.mark.timing
def test_a_recording_over_http_runs_at_its_own_speed_and_begins_again(slot: Slot, http: VideoHttp) -> None:
    slot.live(http.url("file.mp4"))
    wait_until(lambda: len(slot.reports) >= 6, PATIENCE_S, lambda: "five seconds of a clip of three")
    assert {report.state for report in slot.reports[1:]} == {LIVE}
    assert 12 < slot.reports[-1].fps < 30


@pytest.mark.parametrize("form", ["mpegts", "matroska", "flv", "h264"])
def test_files_of_other_forms_are_played(slot: Slot, clips: Path, tmp_path: Path, form: str) -> None:
    file = tmp_path / f"clip.{form}"
    file.write_bytes(remuxed(clips / "main.mp4", form))
    slot.live(file.as_uri())
    slot.until_pictures(10)


def test_user_and_password_reach_the_camera(slot: Slot, http: VideoHttp) -> None:
    slot.live(StreamAddress(1, "main", http.url("guarded.flv"), "viewer", "p@ss:1"))
    said = base64.b64encode(b"viewer:p@ss:1").decode()
    assert http.seen[-1] == f"/guarded.flv Basic {said}"


REFUSALS = [
    (401, FORBIDDEN, "密码"),
    (403, FORBIDDEN, "不允许"),
    (404, LOST, "没有这路码流"),
    (410, LOST, "拒绝了请求"),
    (503, LOST, "平台出错"),
]


@pytest.mark.parametrize(("code", "state", "words"), REFUSALS)
def test_a_refusal_is_said(slot: Slot, http: VideoHttp, code: int, state: str, words: str) -> None:
    slot.play(http.url(f"status/{code}"))
    assert words in slot.until(state).words


def test_nobody_there_is_lost(slot: Slot) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        slot.play(f"http://127.0.0.1:{taken.getsockname()[1]}/a.flv")
        assert "没有开启服务" in slot.until(LOST).words


@pytest.mark.timing
@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_who_accepts_and_says_nothing_is_lost_after_three_seconds(slot: Slot, scheme: str) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        slot.play(f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/a")
        slot.until("connecting")
        report = slot.until(LOST, within_s=15)
        assert "没有应答" in report.words
        assert report.since - slot.reports[0].since < 6
        assert slot.decoder().is_running()


def test_who_looks_through_dead_cameras_quickly_has_one_process_all_the_time(slot: Slot, clips: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        slot.live(clips / "main.mp4")
        pid = slot.process.pid
        for _ in range(10):
            slot.play(f"http://127.0.0.1:{silent.getsockname()[1]}/a")
            slot.until("connecting")
        slot.live(clips / "main.mp4")
        assert slot.process.pid == pid


def test_rubbish_is_unsupported(slot: Slot, http: VideoHttp, tmp_path: Path) -> None:
    slot.play(http.url("garbage.flv"))
    assert "无法识别" in slot.until(UNSUPPORTED).words
    file = tmp_path / "rubbish.mp4"
    file.write_bytes(b"no film" * 5000)
    slot.play(file)
    assert slot.until(UNSUPPORTED).words


def test_an_empty_file_and_one_without_video_are_said(slot: Slot, tmp_path: Path) -> None:
    file = tmp_path / "empty.mp4"
    file.touch()
    slot.play(file)
    wait_until(lambda: slot.state in (LOST, UNSUPPORTED), PATIENCE_S, lambda: "a reason")
    assert slot.words


def test_another_codec_is_unsupported(slot: Slot, tmp_path: Path) -> None:
    slot.play(make_clip(tmp_path / "old.avi", codec="mpeg4", seconds=1))
    assert "H.264" in slot.until(UNSUPPORTED).words


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_truncated_file_is_played_as_far_as_it_goes_or_refused(
    slot: Slot, clips: Path, tmp_path: Path, share: float
) -> None:
    for form, state in (("mpegts", LIVE), ("flv", LIVE), ("mp4", UNSUPPORTED)):
        whole = remuxed(clips / "main.mp4", form)
        file = tmp_path / f"cut.{form}"
        file.write_bytes(whole[: int(len(whole) * share)])
        slot.play(file)
        slot.until(state)
    assert slot.decoder().is_running()


def test_damage_within_a_stream_is_lived_through(slot: Slot, clips: Path, tmp_path: Path) -> None:
    content = bytearray(remuxed(clips / "main.mp4", "mpegts"))
    for position in range(20_000 % len(content), len(content) - 64, 3000):
        content[position : position + 40] = bytes(40)
    file = tmp_path / "damaged.ts"
    file.write_bytes(content)
    slot.live(file)
    pid = slot.process.pid
    slot.until_pictures(60)
    assert slot.process.pid == pid


@pytest.fixture
def flood(tmp_path: Path) -> Iterator[VideoHttp]:
    clip = make_clip(tmp_path / "4k.mp4", size=(3840, 2160), seconds=1, gop=12)
    with VideoHttp(clip, tmp_path / "hls") as server:
        yield server


def test_a_flood_of_4k_shows_what_it_can_and_takes_no_more_memory(slot: Slot, flood: VideoHttp) -> None:
    slot.live(flood.url("flood.flv"), (640, 360))
    slot.until_pictures(20)
    decoder = slot.decoder()
    early = decoder.memory_info().rss
    slot.until_pictures(100, within_s=90)
    assert decoder.memory_info().rss < early + 60_000_000
    assert decoder.memory_info().rss < 600_000_000
    assert slot.state == LIVE
    assert slot.process.pid == decoder.pid


def test_a_playlist_cannot_lead_to_files_of_this_computer(slot: Slot, clips: Path) -> None:
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nfile://{clips / 'main.mp4'}\n#EXT-X-ENDLIST\n"
    with _Says(playlist.encode()) as port:
        slot.play(f"http://127.0.0.1:{port}/list.m3u8")
        wait_until(lambda: slot.state in (LOST, UNSUPPORTED), PATIENCE_S, lambda: f"a refusal, but {slot.reports}")
        assert slot.pictures == 0


class _Says:
    """A server that answers every request with this."""

    def __init__(self, content: bytes) -> None:
        self._answer = b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(content), content)
        self._listening = socket.create_server(("127.0.0.1", 0))

    def __enter__(self) -> int:
        threading.Thread(target=self._serve, daemon=True).start()
        return int(self._listening.getsockname()[1])

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                connection = self._listening.accept()[0]
            except OSError:
                return
            with connection:
                connection.recv(4096)
                connection.sendall(self._answer)
