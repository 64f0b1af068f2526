"""The server seen by libav, as the slots see it, and by a client that misbehaves."""

import itertools
import socket
import time

import av
import pytest

from tests.support.rtsp import RtspCameras, make_clip

# libav else waits for enough packets to guess a rate, and throws away what it guessed from
AT_ONCE = {"fpsprobesize": "0", "probesize": "32", "analyzeduration": "0"}


def _open(url: str, transport: str = "tcp"):
    return av.open(url, options={"rtsp_transport": transport, **AT_ONCE}, timeout=(3.0, 1.5))


def _times(url: str, count: int, transport: str = "tcp") -> list[float]:
    with _open(url, transport) as container:
        packets = itertools.islice(container.demux(video=0), count)
        return [float(packet.dts * packet.time_base) for packet in packets if packet.dts is not None]


def _with_password(url: str, words: str) -> str:
    return url.replace("//", f"//{words}@")


def _raw(cameras: RtspCameras) -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", cameras.port), timeout=5)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    return opened


def _ask(line: socket.socket, method: str, url: str, *headers: str) -> str:
    line.sendall("\r\n".join([f"{method} {url} RTSP/1.0", "CSeq: 7", *headers, "", ""]).encode())
    return line.recv(4096).decode("utf-8", "replace")


@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize(("path", "codec"), [("h264/main", "h264"), ("h265/main", "hevc")])
def test_pictures_arrive_whole(cameras, path, codec, transport):
    with _open(cameras.url(path), transport) as container:
        frames = list(itertools.islice(container.decode(video=0), 30))
        assert container.streams.video[0].codec_context.name == codec
    assert not any(frame.is_corrupt for frame in frames)
    red = frames[-1].to_ndarray(format="rgb24")[:, :, 0]
    assert red.max() > 215  # the square, brighter than the ramp behind it


def test_time_goes_on_evenly_when_the_clip_begins_anew(cameras):
    times = _times(cameras.url("h264/main"), 65)  # the clip has 50 pictures
    steps = [late - early for early, late in itertools.pairwise(times)]
    assert steps == pytest.approx([0.04] * len(steps), abs=0.0005)


@pytest.mark.timing
def test_who_comes_in_sees_the_last_whole_picture_and_waits_for_none(cameras):
    before = time.monotonic()
    with _open(cameras.url("rare/main")) as container:  # 8 s pass between two key pictures
        next(container.decode(video=0))
    assert time.monotonic() - before < 2


def test_listeners_do_not_disturb_each_other(cameras):
    with _open(cameras.url("h264/main")) as first, _open(cameras.url("h264/main"), "udp") as second:
        assert len(list(itertools.islice(second.decode(video=0), 10))) == 10
        second.close()
        assert len(list(itertools.islice(first.decode(video=0), 30))) == 30


@pytest.mark.parametrize("kind", ["basic", "digest"])
def test_only_the_right_password_opens(cameras, kind):
    url = cameras.url("h264/main")
    cameras.order("guard", "h264/main", kind, "li", "p@ss")
    for wrong in (url, _with_password(url, "li:pass"), _with_password(url, "wang:p%40ss")):
        with pytest.raises(av.error.HTTPUnauthorizedError):
            _open(wrong)
    assert _times(_with_password(url, "li:p%40ss"), 3)
    assert _times(cameras.url("h265/main"), 3)


def test_refusals_have_their_numbers(cameras):
    with pytest.raises(av.error.HTTPNotFoundError):
        _open(cameras.url("nowhere/main"))
    cameras.order("forbid", "h264/main")
    with pytest.raises(av.error.HTTPForbiddenError):
        _open(cameras.url("h264/main"))
    cameras.order("down", "h264/main")
    with pytest.raises(av.error.HTTPServerError):
        _open(cameras.url("h264/main"))


def test_one_camera_goes_and_returns_while_others_stay(cameras):
    with _open(cameras.url("h264/main")) as gone, _open(cameras.url("h265/main")) as stays:
        next(gone.decode(video=0))
        cameras.order("down", "h264/main")
        with pytest.raises((av.FFmpegError, StopIteration)):
            while True:
                next(gone.decode(video=0))
        assert len(list(itertools.islice(stays.decode(video=0), 40))) == 40
    cameras.order("up", "h264/main")
    assert _times(cameras.url("h264/main"), 3)


def test_down_all_closes_the_port_and_up_all_opens_the_same(cameras):
    cameras.order("down", "all")
    with pytest.raises(ConnectionRefusedError):
        _raw(cameras)
    cameras.order("up", "all")
    assert _times(cameras.url("h264/main"), 3)


def test_a_frozen_camera_answers_but_shows_nothing_until_it_goes_on(cameras):
    with _raw(cameras) as line:
        url = cameras.url("h264/main")
        answer = _ask(line, "SETUP", f"{url}/track0", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
        session = answer.split("Session: ")[1].split(";")[0]
        cameras.order("freeze", "h264/main")
        assert _ask(line, "PLAY", url, f"Session: {session}").startswith("RTSP/1.0 200 OK")
        line.settimeout(0.5)
        with pytest.raises(TimeoutError):
            line.recv(1)
        assert "200 OK" in _ask(line, "GET_PARAMETER", url, f"Session: {session}")
        cameras.order("up", "h264/main")
        line.settimeout(5)
        assert line.recv(1) == b"$"


def test_a_mute_camera_takes_the_connection_and_says_nothing(cameras):
    cameras.order("mute", "h264/main")
    with _raw(cameras) as line:
        line.settimeout(0.5)
        with pytest.raises(TimeoutError):
            _ask(line, "OPTIONS", cameras.url("h264/main"))


def test_rubbish_arrives_as_rubbish(cameras):
    cameras.order("corrupt", "h264/main")
    with pytest.raises(av.FFmpegError), _open(cameras.url("h264/main")) as container:
        list(itertools.islice(container.decode(video=0), 30))


def test_who_does_not_take_what_he_is_sent_is_dropped(cameras):
    """Else the server's memory would fill with pictures nobody sees."""
    with _raw(cameras) as line:
        url = cameras.url("flood/main")
        answer = _ask(line, "SETUP", f"{url}/track0", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
        session = answer.split("Session: ")[1].split(";")[0]
        line.sendall(f"PLAY {url} RTSP/1.0\r\nCSeq: 8\r\nSession: {session}\r\n\r\n".encode())
        assert _cut_off(line)
    assert _times(cameras.url("h264/main"), 3)


def _cut_off(line: socket.socket) -> bool:
    """Whether the other side resets the connection while one does not read; a question now and then finds it out."""
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        try:
            line.send(b"$\0\0\0")
        except OSError:
            return True
        time.sleep(0.05)
    return False


def test_questions_that_make_no_sense_are_answered_or_end_the_connection(cameras):
    url = cameras.url("h264/main")
    with _raw(cameras) as line:
        assert "461 Unsupported Transport" in _ask(line, "SETUP", url, "Transport: RTP/AVP;multicast")
        assert "454 Session Not Found" in _ask(line, "PLAY", url)
        assert "501 Not Implemented" in _ask(line, "DANCE", url)
        assert "PAUSE" in _ask(line, "OPTIONS", url)
        line.sendall(b"\x16\x03\x01 what TLS begins with\r\n\r\n")
        assert line.recv(10) == b""


def test_a_pause_holds_until_play(cameras):
    url = cameras.url("h264/main")
    with _raw(cameras) as line:
        answer = _ask(line, "SETUP", f"{url}/track0", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
        session = f"Session: {answer.split('Session: ')[1].split(';')[0]}"
        _ask(line, "PLAY", url, session)
        line.sendall(f"PAUSE {url} RTSP/1.0\r\nCSeq: 9\r\n{session}\r\n\r\n".encode())
        line.settimeout(0.5)
        with pytest.raises(TimeoutError):
            while True:
                line.recv(65536)
        assert "200 OK" in _ask(line, "PLAY", url, session)
        assert line.recv(65536)


def test_clips_that_come_later_are_found(tmp_path):
    with RtspCameras(tmp_path) as cameras:
        with pytest.raises(av.error.HTTPNotFoundError):
            _open(cameras.url("new/main"))
        make_clip(tmp_path / "new.part.mp4", seconds=1).rename(tmp_path / "main.mp4")
        limit = time.monotonic() + 10
        while time.monotonic() < limit:
            try:
                assert _times(cameras.url("main"), 3)
                return
            except av.error.HTTPNotFoundError:
                time.sleep(0.05)
        pytest.fail("not found")


@pytest.mark.timing
def test_the_server_ends_when_who_started_it_is_gone(cameras):
    began = time.monotonic()
    cameras.stop()
    assert time.monotonic() - began < 5
    with pytest.raises(ConnectionRefusedError):
        _raw(cameras)
