"""What libav is told of an address, and what it is not let do."""

import pytest

from commandcenter.domain.video import StreamAddress
from commandcenter.video.faults import OTHER_SCHEME, StreamFailed
from commandcenter.video.source import FILE, HLS, HTTP, RTSP, source_of


def address(url: str, user: str = "", password: str = "", transport: str = "tcp") -> StreamAddress:
    return StreamAddress(1, "main", url, user, password, transport)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("rtsp://h/a", RTSP),
        ("RTSP://h/a", RTSP),
        ("http://h/live.flv", HTTP),
        ("https://h/a.m3u8?token=1", HLS),
        ("http://h/mjpeg", HTTP),
        ("file:///v/a.mp4", FILE),
        ("/v/a.mp4", FILE),
        (r"C:\v\a.mp4", FILE),
    ],
)
def test_the_kind_is_seen_from_the_address(url: str, kind: str) -> None:
    assert source_of(address(url)).kind == kind


OTHERS = ["concat:/etc/passwd", "ftp://h/a", "data:,x", "rtmp://h/a", "rtsp:///a", "http://[", "x11:0"]


@pytest.mark.parametrize("url", OTHERS)
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(StreamFailed) as failed:
        source_of(address(url))
    assert failed.value.fault == OTHER_SCHEME


def test_user_and_password_are_written_so_that_no_letter_ends_them() -> None:
    source = source_of(address("rtsp://10.1.1.1:554/a", "ad:min", "p@ss/?#%"))
    assert source.url == "rtsp://ad%3Amin:p%40ss%2F%3F%23%25@10.1.1.1:554/a"


def test_they_take_the_place_of_those_in_the_address() -> None:
    assert source_of(address("http://old:word@h/a", "new", "one")).url == "http://new:one@h/a"


def test_an_address_may_bring_its_own() -> None:
    assert source_of(address("rtsp://u:p@h/a")).url == "rtsp://u:p@h/a"


def test_nothing_of_it_is_shown() -> None:
    assert "word" not in repr(source_of(address("rtsp://h/word", "u", "word")))


@pytest.mark.parametrize("url", ["rtsp://h/a", "http://h/a", "http://h/a.m3u8"])
def test_a_stream_from_the_network_cannot_reach_files(url: str) -> None:
    for options in source_of(address(url)).probes:
        allowed = options["protocol_whitelist"].split(",")
        assert not {"file", "concat", "subfile", "pipe"} & set(allowed)


def test_a_file_cannot_reach_the_network() -> None:
    assert [options["protocol_whitelist"] for options in source_of(address("/v/a.mp4")).probes] == ["file"]


@pytest.mark.parametrize(("asked", "told"), [("udp", "udp"), ("tcp", "tcp"), ("", "tcp")])
def test_the_transport_of_rtsp_is_the_cameras(asked: str, told: str) -> None:
    assert {o["rtsp_transport"] for o in source_of(address("rtsp://h/a", transport=asked)).probes} == {told}
