"""A desk as a process on a screen of its own: seen through its probe, worked with mouse and keyboard."""

import json
import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import psutil

from tests.support.desktop import Desktop, until
from tests.support.program import ProgramHome, command
from ui.app.probe import VARIABLE

T = TypeVar("T")


class Desk:
    """`main.py run …` of a home; a context that ends the program, what it started, and its screen."""

    def __init__(self, home: ProgramHome, folder: Path, *words: object) -> None:
        self.home, self._folder = home, folder
        self.screen = Desktop(folder)
        self._socket = folder / "probe"
        self._said = folder / "said.txt"
        shown = {"DISPLAY": self.screen.name, "QT_QPA_PLATFORM": "xcb", VARIABLE: str(self._socket)}
        with self._said.open("w") as said:
            self.process = subprocess.Popen(
                command("run", *words), stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT,
                env=home.environment(**shown),
            )  # fmt: skip
        self._line: socket.socket | None = None

    def __enter__(self) -> "Desk":
        return self

    def __exit__(self, *_: object) -> None:
        family = self.family()
        for one in family:
            one.terminate()
        _gone, left = psutil.wait_procs(family, timeout=15)
        for one in left:
            one.kill()
        if self._line is not None:
            self._line.close()
        self.screen.close()

    def family(self) -> list[psutil.Process]:
        """The program and every process it started that still lives."""
        try:
            program = psutil.Process(self.process.pid)
            return [program, *program.children(recursive=True)] if self.process.poll() is None else []
        except psutil.NoSuchProcess:
            return []

    # ------------------------------------------------------------ seeing
    def ask(self, question: str, **more: object) -> Any:
        """The probe's answer, None while there is no probe."""
        assert self.process.poll() is None, f"the program ended: {self.said()}"
        try:
            line = self._line = self._line or self._connected()
            line.sendall((json.dumps({"ask": question, **more}) + "\n").encode())
            told = json.loads(_line_from(line))
        except (FileNotFoundError, ConnectionError):
            return None
        assert "error" not in told, told
        return told

    def state(self) -> dict[str, Any] | None:
        """The desk's state, None while no desk is shown."""
        told = self.ask("state")
        return told["desk"] if told else None

    def login(self) -> dict[str, Any] | None:
        """What the login window says, None while none is shown."""
        told = self.ask("state")
        return told["login"] if told else None

    def rows(self) -> dict[int, dict[str, Any]]:
        """Rows in sight by case."""
        return {row["key"]: row for row in self.ask("rows")["rows"] if row["rect"]}

    def cards(self, unit: int) -> list[dict[str, Any]]:
        """Cards of a unit in sight."""
        return [card for card in self.ask("cards")["cards"] if card["key"] == unit and card["rect"]]

    def widgets(self, **which: str) -> list[dict[str, Any]]:
        """Widgets in sight that say `text` or are of a `class`."""
        return [one for one in self.ask("widgets", **which)["widgets"] if one["rect"]]

    def toasts(self) -> list[str]:
        """What the toasts say."""
        state = self.state()
        return [f"{t['text']} {t['detail']} [{t['action']}]" for t in state["toasts"]] if state else []

    def said(self) -> str:
        """What the program printed."""
        return self._said.read_text()

    # ------------------------------------------------------------ waiting
    def until(self, condition: Callable[[], T], seconds: float = 40.0) -> T:
        """Wait for it; a failure leaves a picture of the screen and says where."""
        return until(condition, seconds, self._describe)

    def ready(self, seconds: float = 90.0) -> dict[str, Any]:
        """Wait until the desk is live and shows all it has, and give it the keyboard."""
        state = self.until(self._live_state, seconds)
        self.activate("MainWindow")
        return state

    def activate(self, kind: str) -> None:
        """What a window manager does with a new window; there is none here."""
        window = self.until(lambda: self._window(kind))
        self.screen.do("windowfocus", window["id"])
        self.until(lambda: self._window(kind)["active"])

    def _window(self, kind: str) -> dict[str, Any] | None:
        told = self.ask("windows")
        return next((w for w in told["windows"] if w["class"] == kind), None) if told else None

    def _live_state(self) -> dict[str, Any] | None:
        state = self.state()
        return state if state and state["complete"] and state["live"]["kind"] == "live" else None

    def row(self, case_id: int) -> dict[str, Any]:
        """The row of a case as soon as it is in sight."""
        return self.until(lambda: self.rows().get(case_id))

    def has_left(self, case_id: int) -> bool:
        """Whether the case's row is gone from the queue shown."""
        return self.until(lambda: case_id not in self.rows())

    def hears(self, *words: str) -> str:
        """A toast that says all these words."""
        return self.until(lambda: next((t for t in self.toasts() if all(w in t for w in words)), ""))

    # ------------------------------------------------------------ working
    def click(self, text: str) -> None:
        """Press the button that says this."""
        self.screen.click(self.until(lambda: self._pressable(text))["rect"])

    def _pressable(self, text: str) -> dict[str, Any] | None:
        found = [one for one in self.widgets(text=text) if one["enabled"] and one["class"].endswith("Button")]
        return found[0] if found else None

    def pick(self, *case_ids: int) -> None:
        """Click a row, further ones with Ctrl."""
        for number, case_id in enumerate(case_ids):
            self.screen.click(self.row(case_id)["rect"], "ctrl" if number else "")
        self.until(lambda: set(self.state()["selected"]) == set(case_ids))

    def shows(self, case_id: int) -> None:
        """Wait until this case is the one whose file is shown."""
        self.until(lambda: self.state()["case"] == case_id)

    def hover(self, case_id: int, unit: int) -> None:
        """Drag the row of a case over a unit's card and hold it there until the card invites it."""
        self.screen.press(self.row(case_id)["rect"])
        card = self.until(lambda: self.cards(unit))[0]
        self.screen.drag_to(card["rect"])
        self.until(lambda: self._invites(unit))

    def _invites(self, unit: int) -> bool:
        self.screen.nudge()
        return any(card["inviting"] for card in self.cards(unit))

    def drag(self, case_id: int, unit: int) -> None:
        """Drag the row of a case, with all that is selected, onto a unit's card."""
        self.hover(case_id, unit)
        self.screen.release()

    def queue(self, key: str) -> None:
        """Choose a queue by Alt and its number in the list."""
        number = list(self.state()["counts"]).index(key) + 1
        self.screen.key(f"alt+{number}")
        self.until(lambda: self.state()["queue"] == key)

    def leave(self) -> int:
        """Close the window by its frame; the program's exit code."""
        window = self._window("MainWindow") or self._window("LoginWindow")
        assert window is not None
        self.screen.ask_to_close(window["id"])
        return self.process.wait(timeout=30)

    # ------------------------------------------------------------ inside
    def _connected(self) -> socket.socket:
        line = socket.socket(socket.AF_UNIX)
        try:
            line.settimeout(20)
            line.connect(os.fspath(self._socket))
        except OSError:
            line.close()
            raise
        return line

    def _describe(self) -> str:
        picture = self.screen.picture(self._folder / "failed.png")
        return f"{picture}\n{json.dumps(self.ask('state'), ensure_ascii=False)}\n{self.said()}"


def _line_from(line: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\n"):
        part = line.recv(65_536)
        if not part:
            raise ConnectionResetError
        received += part
    return received.decode()
