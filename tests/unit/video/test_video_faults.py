"""Every error of libav has words of ours, and none has an address in it."""

import errno

import av
import pytest

from commandcenter.domain.video import FORBIDDEN, LOST, UNSUPPORTED
from commandcenter.video.faults import NO_VIDEO, StreamFailed, fault_of

SECRET = "rtsp://user:word@camera-7.example/live"


def libav_error(kind: type[Exception], number: int = 1) -> Exception:
    return kind(number, "said by libav", SECRET)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (libav_error(av.error.HTTPUnauthorizedError), FORBIDDEN),
        (libav_error(av.error.HTTPForbiddenError), FORBIDDEN),
        (libav_error(av.error.HTTPNotFoundError), LOST),
        (libav_error(av.error.HTTPServerError), LOST),
        (libav_error(av.error.InvalidDataError), UNSUPPORTED),
        (libav_error(av.error.ProtocolNotFoundError), UNSUPPORTED),
        (libav_error(av.error.DecoderNotFoundError), UNSUPPORTED),
        (libav_error(av.error.ConnectionRefusedError), LOST),
        (libav_error(av.error.TimeoutError), LOST),
        (libav_error(av.error.ExitError), LOST),
        (libav_error(av.error.FileNotFoundError), LOST),
        (libav_error(av.error.OSError, errno.EHOSTUNREACH), LOST),
        (libav_error(av.error.OSError, errno.EIO), LOST),
        (libav_error(av.error.OSError, 9999), LOST),
    ],
)
def test_an_error_becomes_a_state_and_words_without_the_address(error: Exception, state: str) -> None:
    fault = fault_of(error)
    assert fault.state == state
    assert fault.words
    assert not {"camera-7", "word", "rtsp"} & set(fault.words.replace(":", " ").replace("/", " ").split())
    assert "程序出错" not in fault.words


def test_what_we_found_ourselves_is_said_as_it_is() -> None:
    assert fault_of(StreamFailed(NO_VIDEO)) is NO_VIDEO


def test_a_bug_is_said_as_ours() -> None:
    fault = fault_of(KeyError(SECRET))
    assert fault.state == LOST
    assert "KeyError" in fault.words
    assert "camera-7" not in fault.words
