"""A desk as a process on a screen of its own: seen through its probe, worked with mouse and keyboard."""

import json
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import psutil

from tests.support import aim
from tests.support.aim import Seen
from tests.support.desktop import PATIENCE_S, Desktop, until
from tests.support.endings import still_running
from tests.support.probe_line import ProbeLine
from tests.support.program import ProgramHome, command
from ui.app.probe import VARIABLE

T = TypeVar("T")

_WRITES = ("Edit", "Editor", "CommandLine")


class Desk:
    """`main.py run …` of a home; a context that ends the program, what it started, and its screen."""

    def __init__(self, home: ProgramHome, folder: Path, *words: object) -> None:
        self.home, self._folder = home, folder
        self.screen = Desktop(folder)
        self._said = folder / "said.txt"
        probe = folder / "probe"
        shown = {"DISPLAY": self.screen.name, "QT_QPA_PLATFORM": "xcb", VARIABLE: str(probe)}
        with self._said.open("w") as said:
            self.process = subprocess.Popen(
                command("run", *words), stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT,
                env=home.environment(**shown),
            )  # fmt: skip
        self._line = ProbeLine(probe)
        self._ending: list[psutil.Process] = []
        self._leafed: set[int] = set()

    def __enter__(self) -> "Desk":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        for one in still_running(self._ending, 15.0):
            with suppress(psutil.NoSuchProcess):
                one.kill()
        self._line.close()
        self.screen.close()

    def end(self) -> None:
        """Tell the program to end, and what it started; several are told before the first is waited for."""
        if not self._ending:
            self._ending = self.family()
            for one in self._ending:
                with suppress(psutil.NoSuchProcess):
                    one.terminate()

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
        return self._line.ask(question, **more)

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
    def until(
        self, condition: Callable[[], T], seconds: float = PATIENCE_S, again: Callable[[], object] | None = None
    ) -> T:
        """Wait for it, as `desktop.until`; a failure leaves a picture of the screen and says where."""
        return until(condition, seconds, self._describe, again)

    def still(self, find: Callable[[], Seen | None]) -> Seen:
        """What is looked for as soon as one can click on it (`tests.support.aim`)."""
        return aim.still(self.until, self.widgets, self.screen, find)

    def ready(self, seconds: float = 2 * PATIENCE_S) -> dict[str, Any]:
        """Wait until the desk is live and shows all it has, and give it the keyboard."""
        state = self.until(self._live_state, seconds)
        self.activate("MainWindow")
        return state

    def activate(self, kind: str) -> None:
        """What a window manager does with a new window; there is none here."""
        self.until(lambda: self._window(kind))
        self._focus(kind)
        self.until(lambda: (window := self._window(kind)) and window["active"], again=lambda: self._focus(kind))

    def _focus(self, kind: str) -> None:
        if window := self._window(kind):
            self.screen.focus(window["id"])

    def _window(self, kind: str) -> dict[str, Any] | None:
        told = self.ask("windows")
        return next((w for w in told["windows"] if w["class"] == kind), None) if told else None

    def _live_state(self) -> dict[str, Any] | None:
        state = self.state()
        return state if state and state["complete"] and state["live"]["kind"] == "live" else None

    def row(self, case_id: int) -> dict[str, Any]:
        """The row of a case as soon as it is in sight."""
        return self.until(lambda: self.rows().get(case_id), again=self._leaf)

    def _leaf(self) -> None:
        """A queue longer than the screen (other tests left cases in it) is leafed through, from its end anew."""
        state, seen = self.state(), set(self.rows())
        if state and state["counts"].get(state["queue"], 0) > len(seen):
            ended, self._leafed = seen == self._leafed, seen
            self.screen.wheel(self.widgets(**{"class": "LiveTableView"})[0]["rect"], 60 if ended else -4)

    def has_left(self, case_id: int) -> bool:
        """Whether the case's row is gone from the queue shown."""
        return self.until(lambda: case_id not in self.rows())

    def hears(self, *words: str) -> str:
        """A toast that says all these words."""
        return self.until(lambda: next((t for t in self.toasts() if all(w in t for w in words)), ""))

    # ------------------------------------------------------------ working
    def click(self, text: str) -> None:
        """Press the button that says this; once, for it may act."""
        self.screen.click(self.still(lambda: self._pressable(text))["rect"])

    def click_toast(self, text: str) -> None:
        """Press the button of a toast."""
        self.screen.click(self.until(lambda: self._pressable(text))["rect"])

    def _pressable(self, text: str) -> dict[str, Any] | None:
        found = [one for one in self.widgets(text=text) if one["enabled"] and one["class"].endswith("Button")]
        return found[0] if found else None

    def focus(self, find: Callable[[], dict[str, Any] | None]) -> None:
        """Click an input until it has the keyboard: the first click may only close a list that lay open."""
        self.screen.click(self.still(find)["rect"])
        self.until(lambda: (found := find()) and found["focus"],
                   again=lambda: self.screen.click(self.still(find)["rect"]))  # fmt: skip

    def writing(self) -> dict[str, Any] | None:
        """The input that has the keyboard; of a composed one the innermost, where the words go."""
        found = [one for one in self.widgets() if one["focus"] and one["class"].endswith(_WRITES)]
        return found[-1] if found else None

    def write(self, text: str) -> None:
        """Type into the input that has the keyboard, instead of what stands there; until it stands there."""
        self._type_anew(text)
        self.until(lambda: (found := self.writing()) and found["text"] == text, again=lambda: self._type_anew(text))

    def _type_anew(self, text: str) -> None:
        self.screen.key("ctrl+a")
        self.screen.type(text)

    def pick(self, *case_ids: int) -> None:
        """Click a row, further ones with Ctrl; all anew when rows moved under the hand."""
        self._click_rows(case_ids)
        self.until(lambda: set(self.state()["selected"]) == set(case_ids), again=lambda: self._click_rows(case_ids))

    def _click_rows(self, case_ids: Sequence[int]) -> None:
        for number, case_id in enumerate(case_ids):
            self.screen.click(self.row(case_id)["rect"], "ctrl" if number else "")

    def shows(self, case_id: int) -> None:
        """Wait until this case is the one whose file is shown."""
        self.until(lambda: self.state()["case"] == case_id)

    def hover(self, case_id: int, unit: int) -> None:
        """Drag the row of a case over a unit's card and hold it there until the card invites it."""
        self._take_hold(case_id)
        self._over(unit)
        self.until(lambda: self._invites(unit), again=lambda: self._over(unit))

    def _take_hold(self, case_id: int) -> None:
        """Of the row, with what was selected if it is among that; another one may have come under the hand."""
        chosen = set(self.state()["selected"])
        wanted = chosen if case_id in chosen else {case_id}
        self.screen.press(self.row(case_id)["rect"])

        def once_more() -> None:
            self.screen.release()
            self.pick(*wanted)
            self.screen.press(self.row(case_id)["rect"])

        self.until(lambda: set(self.state()["selected"]) == wanted, again=once_more)

    def _over(self, unit: int) -> None:
        self.screen.drag_to(self.until(lambda: self.cards(unit))[0]["rect"])

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
        self.until(lambda: self.state()["queue"] == key, again=lambda: self.screen.key(f"alt+{number}"))

    def leave(self) -> int:
        """Close the window by its frame; the program's exit code."""
        window = self._window("MainWindow") or self._window("LoginWindow")
        assert window is not None
        self.screen.ask_to_close(window["id"])
        return self.process.wait(timeout=30)

    # ------------------------------------------------------------ inside
    def _describe(self) -> str:
        picture = self.screen.picture(self._folder / "failed.png")
        focused = [one for one in self.widgets() if one["focus"]]
        return f"{picture}\n{focused}\n{json.dumps(self.ask('state'), ensure_ascii=False)}\n{self.said()}"

