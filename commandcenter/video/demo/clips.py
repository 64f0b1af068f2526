"""Makes the clips of sample cities: `python -m commandcenter.video.demo.clips FOLDER`, with what time others leave."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sys
import threading
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import psutil
from fasteners import InterProcessLock

from commandcenter.domain.video import MAIN, SUB
from commandcenter.video.demo.scene.film import pictures
from commandcenter.video.demo.scene.layouts import LAYOUTS
from commandcenter.video.demo.scene.light import DAY, DUSK, OVERCAST, Light

LOOP_S = 20
_NICE = 15
CLIPS_VARIABLE = "COMMANDCENTER_CAMERA_CLIPS"  # a folder that several homes share, as those of tests do


@dataclass(frozen=True, slots=True)
class Format:
    """One of a camera's streams. rate: bit/s."""

    size: tuple[int, int]
    fps: Fraction
    rate: int


FORMATS = {
    MAIN: Format((1280, 720), Fraction(25), 1_500_000),
    SUB: Format((640, 360), Fraction(25, 2), 400_000),
}


@dataclass(frozen=True, slots=True)
class Clip:
    """A camera's view. name: CATEGORY-NUMBER, as in its address."""

    name: str
    category: str
    light: Light
    seed: int


CLIPS = (
    Clip("street-1", "street", DAY, 1),
    Clip("school-1", "school", DAY, 2),
    Clip("hospital-1", "hospital", OVERCAST, 1),
    Clip("mall-1", "mall", DUSK, 3),
    Clip("car_park-1", "car_park", DAY, 1),
    Clip("riverside-1", "riverside", DAY, 4),
    Clip("street-2", "street", DUSK, 6),
)


def clips_each() -> dict[str, int]:
    """How many clips each category has."""
    return {category: sum(clip.category == category for clip in CLIPS) for category in LAYOUTS}


def clips_folder(home: Path) -> Path:
    """Where this program's clips are; a program that draws them otherwise has another."""
    drawn = hashlib.sha256()
    here = Path(__file__).parent
    for source in (Path(__file__), *sorted((here / "scene").glob("*.py"))):
        drawn.update(source.read_bytes())
    shared = os.environ.get(CLIPS_VARIABLE)
    return (Path(shared) if shared else home / "cameras") / drawn.hexdigest()[:12]


def make_clip(file: Path, clip: Clip, kind: str, seconds: float = LOOP_S) -> None:
    """Draw and write one stream; the file appears when it is whole."""
    form = FORMATS[kind]
    scene = LAYOUTS[clip.category](form.size, clip.light, clip.seed)
    file.parent.mkdir(parents=True, exist_ok=True)
    coming = file.with_name(f".{file.name}")
    with av.open(str(coming), "w") as container:
        stream = container.add_stream("libx264", rate=form.fps, options=_options(form))
        stream.width, stream.height, stream.pix_fmt = *form.size, "yuv420p"
        stream.bit_rate = form.rate
        for whole in pictures(scene, round(seconds * form.fps)):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(whole, format="yuv420p")))
        container.mux(stream.encode())
    coming.replace(file)


def _options(form: Format) -> dict[str, str]:
    """As cameras encode: a key picture every second, nothing that looks ahead in what is sent."""
    second = round(form.fps)
    kilobits = form.rate // 1000
    more = f"keyint={second}:min-keyint={second}:scenecut=0:bframes=0:threads=1:rc-lookahead=8"
    return {"preset": "superfast", "profile": "main", "maxrate": f"{kilobits * 3 // 2}k", "bufsize": f"{kilobits}k",
            "x264-params": more}  # fmt: skip


def make_all(folder: Path) -> None:
    """What is not there yet: the small streams first, so that every camera soon shows something.

    Two programs of one home take turns, and the second finds all made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with InterProcessLock(folder / "making.lock"):
        _make_missing(folder)


def _make_missing(folder: Path) -> None:
    for other in folder.parent.glob("*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    for kind in (SUB, MAIN):
        for clip in CLIPS:
            file = folder / clip.name / f"{kind}.mp4"
            if not file.exists():
                make_clip(file, clip, kind)


def _end_with_parent() -> None:
    while os.read(0, 1):  # not sys.stdin, whose lock a thread that waits would take along to the end
        pass
    os._exit(0)  # half a clip is hidden and made anew the next time


def _give_way() -> None:
    if sys.platform == "win32":
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(_NICE)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the program that started us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _give_way()
    make_all(Path(sys.argv[1]))
