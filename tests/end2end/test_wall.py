"""The wall as a program of its own: over two monitors, unplugged, killed, its server gone, and each time back again."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.end2end.test_outage import kill_server
from tests.support.desktop import Desktop, until
from tests.support.endings import still_running
from tests.support.probe_line import ProbeLine
from tests.support.program import SUPERVISOR, ProgramHome, command
from ui.app.probe import VARIABLE

MONITORS = {"DESK-1": (0, 1280, 720), "WALL-1": (1280, 1280, 720), "WALL-2": (2560, 1280, 720)}
SCREEN = "screen0001"
BOTH, FIRST = [1280, 0, 2560, 720], [1280, 0, 1280, 720]


class Hall:
    """A machine with a desk's monitor and two of a wall, on which `main.py run --screen wall` runs unattended."""

    def __init__(self, home: ProgramHome, folder: Path) -> None:
        self.screen = Desktop(folder, (3840, 720))
        for name in MONITORS:
            self.plug(name)
        self._said, self._probe = folder / "said.txt", folder / "probe"
        shown = {"DISPLAY": self.screen.name, "QT_QPA_PLATFORM": "xcb", VARIABLE: str(self._probe)}
        words = ("--screen", "wall", "--monitor", "WALL-1,WALL-2", "--unattended", "--no-simulator", "--name", "大厅")
        with self._said.open("w") as said:
            self.process = subprocess.Popen(command("run", *words), stdin=subprocess.DEVNULL, stdout=said,
                                            stderr=subprocess.STDOUT, env=home.environment(**shown))  # fmt: skip
        self._line = ProbeLine(self._probe)

    def close(self) -> None:
        """The watch ends, and the wall with it."""
        self._line.close()
        family = [psutil.Process(self.process.pid), *self.children()] if self.process.poll() is None else []
        self.process.terminate()
        for one in still_running(family, 20.0):
            one.kill()
        self.screen.close()

    def children(self) -> list[psutil.Process]:
        """The wall and what it started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def wall(self) -> psutil.Process | None:
        """The wall itself."""
        found = psutil.Process(self.process.pid).children()
        return found[0] if found else None

    def plug(self, name: str) -> None:
        """A monitor, left to right."""
        x, width, height = MONITORS[name]
        output = "screen" if name == "DESK-1" else "none"
        self._xrandr("--setmonitor", name, f"{width}/300x{height}/170+{x}+0", output)

    def unplug(self, name: str) -> None:
        """It is gone."""
        self._xrandr("--delmonitor", name)

    def _xrandr(self, *words: str) -> None:
        subprocess.run(["xrandr", *words], env={**os.environ, "DISPLAY": self.screen.name}, check=True, timeout=30)

    def ask(self, question: str, **more: object) -> Any:
        """The probe's answer."""
        return self._line.ask(question, **more)

    def stands(self) -> list[int] | None:
        """Where the wall's window is."""
        told = self.ask("windows")
        return next((one["rect"] for one in told["windows"] if one["class"] == "HallWindow"), None) if told else None

    def says(self) -> str:
        """What the line at the top says."""
        told = self.ask("widgets", **{"class": "WallHeader"})
        return str(told["widgets"][0]["label"]) if told and told["widgets"] else ""

    def until(self, holds: Callable[[], object], seconds: float = 90.0) -> None:
        """Wait for it."""
        until(holds, seconds, lambda: self._said.read_text("utf-8"))


@pytest.fixture
def hall(home: ProgramHome, tmp_path: Path) -> Iterator[Hall]:
    made = Hall(home, tmp_path)
    try:
        made.until(lambda: made.stands() == BOTH and "实时" in made.says())
        yield made
    finally:
        made.close()


def test_it_spans_its_monitors_and_goes_with_them_when_they_are_pulled_and_plugged(hall: Hall) -> None:
    hall.unplug("WALL-2")
    hall.until(lambda: hall.stands() == FIRST)
    hall.plug("WALL-2")
    hall.until(lambda: hall.stands() == BOTH)
    hall.unplug("WALL-1")
    hall.unplug("WALL-2")
    hall.until(lambda: hall.stands() is None)
    hall.plug("WALL-1")
    hall.plug("WALL-2")
    hall.until(lambda: hall.stands() == BOTH)
    assert hall.wall() is not None


def test_a_server_that_is_killed_is_said_and_then_everything_is_live_again(hall: Hall, home: ProgramHome) -> None:
    kill_server(home)
    hall.until(lambda: "断开" in hall.says())
    hall.until(lambda: "实时" in hall.says())
    home.filed()
    assert home.url


def test_a_wall_that_is_killed_is_there_again_and_ends_with_the_one_who_watches(hall: Hall) -> None:
    first = hall.wall()
    assert first is not None
    first.send_signal(signal.SIGKILL)
    hall.until(lambda: (now := hall.wall()) is not None and now.pid != first.pid)
    hall.until(lambda: subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "大屏"], capture_output=True,
                                      env={**os.environ, "DISPLAY": hall.screen.name}, timeout=30).stdout)  # fmt: skip
    family = hall.children()
    hall.process.terminate()
    assert hall.process.wait(30) == 0
    assert [one.name() for one in still_running(family, 20.0)] == []


def test_its_login_is_kept_only_if_it_is_the_halls_and_no_others(home: ProgramHome) -> None:
    kept = home.path / "wall-login.json"
    refused = home.word("wall", "login", SUPERVISOR, given=home.password(SUPERVISOR) + "\n")
    assert refused.returncode == 1 and "岗位仅为“大屏”" in refused.stderr and not kept.exists()
    wrong = home.word("wall", "login", SCREEN, given="falsch\n")
    assert wrong.returncode == 1 and not kept.exists()
    taken = home.word("wall", "login", SCREEN, given=home.password(SCREEN) + "\n")
    assert taken.returncode == 0 and kept.stat().st_mode & 0o777 == 0o600
    assert home.word("wall", "uninstall").returncode == 0 and not kept.exists()


def test_it_is_entered_into_the_session_and_taken_out(home: ProgramHome, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    entered = home.figures("wall", "install", "--monitor", "WALL-1,WALL-2", "--distance", "12")
    entry = tmp_path / "autostart" / "commandcenter-wall.desktop"
    assert entered["entry"] == str(entry) and "--distance 12" in entry.read_text("utf-8")
    assert f"COMMANDCENTER_HOME={home.path}" in entry.read_text("utf-8")
    assert home.figures("wall", "uninstall")["removed"] == ["开机启动"] and not entry.exists()
