"""The demo's RTSP server over small clips made for a test, as a process that can be ordered about and killed."""

import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np

from commandcenter.domain.video import StreamAddress

PATIENCE_S = 10


def make_clip(
    file: Path, codec: str = "libx264", size: tuple[int, int] = (320, 180), fps: Fraction | int = 25,
    seconds: float = 2, gop: int = 12, noisy: bool = False, **options: str,
) -> Path:  # fmt: skip
    """A moving square over a gradient; noisy: too much for any codec. Codecs libx264, libx265, mjpeg. Returns it."""
    width, height = size
    file.parent.mkdir(parents=True, exist_ok=True)
    quiet = {"x265-params": f"log-level=none:keyint={gop}:bframes=0"} if codec == "libx265" else {}
    with av.open(str(file), "w") as container:
        stream = container.add_stream(codec, rate=fps, options={**_PRESETS.get(codec, {}), **quiet, **options})
        stream.width, stream.height, stream.pix_fmt = width, height, _PIXELS.get(codec, "yuv420p")
        stream.gop_size = gop
        for number in range(round(seconds * fps)):
            picture = _noise(width, height, number) if noisy else _picture(width, height, number)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file


_PRESETS = {
    "libx264": {"preset": "ultrafast", "tune": "zerolatency"},
    "libx265": {"preset": "ultrafast", "tune": "zerolatency"},
}
_PIXELS = {"mjpeg": "yuvj420p"}


def _picture(width: int, height: int, number: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    ramp = np.linspace(40, 200, width, dtype=np.uint8)
    picture = np.repeat(np.repeat(ramp[None, :, None], height, axis=0), 3, axis=2)
    side = height // 4
    left = number * 4 % (width - side)
    picture[side : 2 * side, left : left + side] = (230, 60, 40)
    return picture


def _noise(width: int, height: int, number: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    return np.random.default_rng(number).integers(0, 256, (height, width, 3), np.uint8)


class RtspCameras:
    """Serves a folder: FOLDER/a/b.mp4 is rtsp://…/a/b. Clips that come later are found within half a second."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "commandcenter.video.demo", str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        self.port = int(self._said("ready"))

    @property
    def pid(self) -> int:
        """Of the server."""
        return self._process.pid

    def url(self, path: str) -> str:
        """Of a camera."""
        return f"rtsp://127.0.0.1:{self.port}/{path}"

    def address(self, path: str, transport: str = "tcp", user: str = "", password: str = "") -> StreamAddress:
        """As the database hands it out."""
        return StreamAddress(1, "main", self.url(path), user, password, transport)

    def order(self, *words: str) -> None:
        """`up`, `down`, `freeze`, `mute`, `corrupt`, `forbid` with a path or `all`, or `guard` PATH|all basic|digest
        USER PASSWORD; returns when it holds. `down all` closes the port, `up all` opens it again."""
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join(words) + "\n")
        self._process.stdin.flush()
        self._said("ok")

    def kill(self) -> None:
        """As a crash does."""
        self._process.kill()
        self.stop()

    def stop(self) -> None:
        """End it by closing what it listens to."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _said(self, word: str) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().split()
        assert line[:1] == [word], line
        return line[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
