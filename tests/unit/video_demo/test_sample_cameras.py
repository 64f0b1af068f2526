"""The process that `main.py run` starts beside a sample city, and which clip each of its cameras shows."""

import contextlib
import itertools
import os
import subprocess
import sys
import time
from pathlib import Path

import av
import psutil
import pytest

from commandcenter.domain.errors import ServerUnavailable
from commandcenter.domain.video import StreamAddress
from commandcenter.video.demo.cameras import DemoCameras
from commandcenter.video.demo.clips import clips_each, clips_folder
from commandcenter.video.demo.library import Library
from commandcenter.video.demo.resolve import PORT_FILE, local_address
from commandcenter.video.demo.rtsp_server import NotYet
from db.cli.camera_process import CameraProcess
from tests.support.rtsp import make_clip

PATIENCE_S = 60
PROGRAM = Path(__file__).parents[3]


def _wait(done, patience_s: float = PATIENCE_S) -> None:
    limit = time.monotonic() + patience_s
    while not done():
        assert time.monotonic() < limit
        time.sleep(0.05)


@pytest.fixture
def library(tmp_path) -> Library:
    for name in ("street-1/main", "street-1/sub", "street-2/sub"):
        make_clip(tmp_path / f"{name}.mp4", seconds=1)
    library = Library(tmp_path)
    library.read_new()
    return library


def test_cameras_with_one_clip_are_not_at_the_same_picture(library):
    find = DemoCameras(library, {"street": 2}).find
    first, third = find("street-1/main"), find("street-3/main")
    assert first.reel is third.reel
    assert first.lead_s != third.lead_s
    assert find("street-2/sub").reel is library.reels["street-2/sub"]


def test_the_small_picture_is_shown_until_the_large_one_is_made(library):
    find = DemoCameras(library, {"street": 2}).find
    assert find("street-2/main").reel is library.reels["street-2/sub"]
    assert find("street-1/main").reel is library.reels["street-1/main"]


def test_what_is_not_drawn_yet_comes_later_and_what_is_no_stream_never(library):
    find = DemoCameras(library, {"street": 3}).find
    with pytest.raises(NotYet):
        find("street-3/main")
    assert find("street-1/third") is None
    assert find("street-1") is None


def test_a_camera_of_a_category_without_clips_shows_some_scene(library):
    find = DemoCameras(library, {"street": 1}).find
    assert find("zoo-1/main") is not None
    assert find("gate/main") is not None


def test_only_the_own_scheme_is_replaced_and_only_while_the_server_runs(tmp_path):
    real = StreamAddress(1, "main", "rtsp://10.0.0.8/main", "li", "secret")
    assert local_address(real, tmp_path) is real
    demo = StreamAddress(1, "main", "demo://street-1/main")
    with pytest.raises(ServerUnavailable):
        local_address(demo, tmp_path)
    (tmp_path / PORT_FILE).write_text("4711", encoding="utf-8")
    assert local_address(demo, tmp_path).url == "rtsp://127.0.0.1:4711/street-1/main"


@pytest.mark.timeout(360)
def test_a_new_city_has_pictures_and_nothing_runs_on_when_it_ends(tmp_path):
    cameras = CameraProcess(tmp_path)
    try:
        _wait((tmp_path / PORT_FILE).exists)
        children = psutil.Process(cameras.pid).children()
        assert len(children) == 1
        if sys.platform != "win32":
            _wait(lambda: children[0].nice() > 0)  # drawing gives way to the desk
            with contextlib.suppress(psutil.AccessDenied):
                children[0].nice(0)  # and would to the tests beside this one, for minutes
        address = local_address(StreamAddress(1, "main", "demo://street-1/main"), tmp_path)
        folder = clips_folder(tmp_path)
        _wait((folder / "street-1/sub.mp4").exists, 240)
        _wait(lambda: _shows(address.url))
    finally:
        cameras.stop()
    assert not (tmp_path / PORT_FILE).exists()
    _wait(lambda: not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children))


def _shows(url: str) -> bool:
    try:
        with av.open(url, options={"rtsp_transport": "tcp", "probesize": "32", "fpsprobesize": "0"}) as container:
            return len(list(itertools.islice(container.decode(video=0), 3))) == 3
    except av.FFmpegError:  # its picture is being made
        return False


def test_the_cameras_end_when_the_program_dies(tmp_path):
    for name in clips_each():  # nothing is left to draw
        make_clip(clips_folder(tmp_path) / f"{name}-1/main.mp4", seconds=0.4)
    words = "import sys, pathlib, os; from db.cli.camera_process import CameraProcess as C\n"
    words += "print(C(pathlib.Path(sys.argv[1])).pid, flush=True); sys.stdin.read()"
    program = subprocess.Popen(
        [sys.executable, "-c", words, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=PROGRAM, env={**os.environ},
    )  # fmt: skip
    assert program.stdout is not None
    cameras = psutil.Process(int(program.stdout.readline()))
    _wait((tmp_path / PORT_FILE).exists)
    family = [cameras, *cameras.children()]
    program.kill()
    program.communicate()
    _wait(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in family))


def test_of_two_programs_with_one_home_the_one_that_stays_is_found(tmp_path):
    for name in clips_each():
        make_clip(clips_folder(tmp_path) / f"{name}-1/main.mp4", seconds=0.4)
    port_file = tmp_path / PORT_FILE
    first = CameraProcess(tmp_path)
    try:
        _wait(port_file.exists)
        port = port_file.read_text(encoding="utf-8")
        second = CameraProcess(tmp_path)
        try:
            _wait(lambda: port_file.exists() and port_file.read_text(encoding="utf-8") != port)
        finally:
            second.stop()
        _wait(lambda: port_file.exists() and port_file.read_text(encoding="utf-8") == port)
    finally:
        first.stop()
    assert not port_file.exists()
