"""Small clips, made once, and a slot that is closed at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.rtsp import make_clip
from tests.support.video_http import VideoHttp
from tests.support.video_slots import Slot


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """main.mp4 (320×180, 25 a second, 3 s, a key frame every second), h265.mp4, mjpeg.mp4."""
    folder = tmp_path_factory.mktemp("clips")
    make_clip(folder / "main.mp4", seconds=3, gop=25)
    make_clip(folder / "h265.mp4", codec="libx265", seconds=2, gop=25)
    return folder


@pytest.fixture(scope="session")
def mjpeg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("mjpeg") / "mjpeg.avi", codec="mjpeg", seconds=2)


@pytest.fixture
def slot() -> Iterator[Slot]:
    with Slot() as made:
        yield made


@pytest.fixture
def http(clips: Path, tmp_path: Path) -> Iterator[VideoHttp]:
    with VideoHttp(clips / "main.mp4", tmp_path / "hls") as server:
        yield server
