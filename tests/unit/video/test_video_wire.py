"""What is said arrives as it was said, and what nobody understands ends the talk."""

import io

import pytest

from commandcenter.domain.video import LIVE, StreamAddress, StreamReport
from commandcenter.video import wire
from commandcenter.video.frames import Shot


def over_the_wire(message: wire.Message, content: bytes = b"") -> tuple[wire.Message, bytes]:
    pipe = io.BytesIO()
    wire.write(pipe, message, content)
    pipe.seek(0)
    heard = wire.read(pipe)
    assert heard is not None
    return heard, pipe.read()


def test_an_address_arrives_whole() -> None:
    address = StreamAddress(7, "main", "rtsp://10.0.0.1/路", "用户", 'p"\n\\', "udp")
    message, _ = over_the_wire(wire.play(3, address, hardware=True))
    assert wire.address_of(message) == address
    assert (message["generation"], message["hardware"]) == (3, True)


def test_a_report_arrives_whole() -> None:
    report = StreamReport(LIVE, 12.5, "实时", 24.9, 0.12, "hevc", (1280, 720), 3, True)
    message, _ = over_the_wire(wire.report(2, report))
    assert wire.report_of(message) == report


def test_a_view_arrives_whole() -> None:
    view = wire.View((640, 360), visible=False)
    assert wire.view_of(over_the_wire(wire.view(view, None))[0]) == view


def test_a_shot_follows_its_line_whatever_bytes_it_has() -> None:
    shot = Shot(b"\n{}\n\0", "image/jpeg", 1.0, 2.0, "短")
    message, content = over_the_wire(*wire.shot(9, shot))
    assert message["length"] == len(content)
    assert wire.shot_of(message, content) == shot


def test_no_shot_is_said_as_none() -> None:
    assert wire.shot_of(*over_the_wire(*wire.shot(9, None))) is None


def test_a_line_that_breaks_off_is_the_end() -> None:
    assert wire.read(io.BytesIO(b'{"do":"st')) is None
    assert wire.read(io.BytesIO(b"")) is None


@pytest.mark.parametrize("line", [b"[1]\n", b"hello\n", b"\xff\n"])
def test_what_is_no_message_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):
        wire.read(io.BytesIO(line))


def test_the_address_is_in_no_words_about_it() -> None:
    address = StreamAddress(7, "main", "rtsp://secret-host/x", "secret-user", "secret-word")
    assert "secret" not in repr(address)
