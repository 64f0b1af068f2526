"""One server over a few clips for all tests of a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.rtsp import RtspCameras, make_clip


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """h264 and h265: pictures larger than a packet; rare: few key pictures; flood: more than a socket's
    buffers hold; mjpeg, odd: what is no clip."""
    folder = tmp_path_factory.mktemp("clips")
    make_clip(folder / "h264/main.mp4", crf="5")
    make_clip(folder / "h265/main.mp4", "libx265", size=(640, 360))
    make_clip(folder / "rare/main.mp4", seconds=8, gop=200)
    make_clip(folder / "flood/main.mp4", size=(640, 360), seconds=0.4, noisy=True, crf="5")
    make_clip(folder / "mjpeg/main.mp4", "mjpeg")
    (folder / "odd.mp4").write_bytes(b"nothing of the kind")
    return folder


@pytest.fixture
def cameras(clips: Path) -> Iterator[RtspCameras]:
    """A server of its own for each test, as tests make it misbehave."""
    with RtspCameras(clips) as running:
        yield running
