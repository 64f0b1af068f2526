"""What hands do at the screens of whistles, orders, meetings and tasks of a whole program."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.support.desk import Desk
from tests.support.town import PNG

WHISTLE, ORDER, AFFAIRS = "吹哨", "联合执法", "会商督办"
_SCREENS = {WHISTLE: "JointScreen", ORDER: "JointScreen", AFFAIRS: "AffairsScreen"}
_WRITES = ("Edit", "Editor")
_COMMANDS = "CommandLine"


def go_to(desk: Desk, screen: str) -> None:
    """Choose a screen by its tab."""
    desk.click(screen)
    desk.until(lambda: desk.widgets(**{"class": _SCREENS[screen]}), again=lambda: desk.click(screen))


def open_number(desk: Desk, number: str) -> None:
    """Ctrl+K, the number, Enter; until its heading stands there."""
    command(desk, number)
    desk.until(lambda: [w for w in desk.widgets(text=number) if w["class"] != _COMMANDS],
               again=lambda: command(desk, number))  # fmt: skip


def command(desk: Desk, words: str) -> None:
    """Ctrl+K, the words, Enter."""
    desk.screen.key("ctrl+k")
    desk.until(lambda: (found := desk.writing()) and found["class"] == _COMMANDS,
               again=lambda: desk.screen.key("ctrl+k"))  # fmt: skip
    desk.write(words)
    desk.screen.key("Return")


def says(desk: Desk, *words: str) -> str:
    """The text of a widget in sight that has all these words."""
    return desk.until(lambda: next((w["text"] for w in desk.widgets() if all(word in w["text"] for word in words)), ""))


def verb(desk: Desk, word: str) -> dict[str, Any]:
    """The button that does this, with a digit before it or none."""
    return desk.until(lambda: _verb(desk, word))


def _verb(desk: Desk, word: str) -> dict[str, Any] | None:
    wanted = re.compile(rf"(\d )?{re.escape(word)}")
    return next((w for w in desk.widgets() if wanted.fullmatch(w["text"]) and w["enabled"]
                 and w["class"].endswith("Button")), None)  # fmt: skip


def press(desk: Desk, word: str) -> None:
    """Press a verb; once, for it may act."""
    desk.screen.click(desk.still(lambda: _verb(desk, word))["rect"])


def begin(desk: Desk, word: str) -> None:
    """Press a verb that has a form; until the form has the keyboard."""
    press(desk, word)
    desk.until(lambda: writing(desk), again=lambda: press(desk, word))


def writing(desk: Desk) -> bool:
    """Whether an input of a form has the keyboard."""
    found = desk.writing()
    return bool(found and found["class"] != _COMMANDS)


def field(desk: Desk, label: str) -> dict[str, Any] | None:
    """The input with this name, required or not; of a composed one the innermost, where the words go."""
    named = re.compile(rf"{re.escape(label)}( \*|，必填)?(：.*)?")
    return next((w for w in reversed(desk.widgets()) if named.fullmatch(w["label"])
                 and w["class"].endswith(_WRITES)), None)  # fmt: skip


def fill(desk: Desk, label: str, text: str) -> None:
    """Click an input and type; until it stands there."""

    def once_more() -> None:
        desk.focus(lambda: field(desk, label))
        desk.screen.key("ctrl+a")
        desk.screen.type(text)

    once_more()
    desk.until(lambda: (found := field(desk, label)) and found["text"] == text, again=once_more)


def choose(desk: Desk, label: str, typed: str) -> None:
    """Type initials into a picker and take what it offers first; until the initials have given way to it."""
    fill(desk, label, typed)
    desk.screen.key("Return")
    desk.until(lambda: (found := field(desk, label)) and found["text"] != typed,
               again=lambda: _choose_again(desk, label, typed))  # fmt: skip


def _choose_again(desk: Desk, label: str, typed: str) -> None:
    fill(desk, label, typed)
    desk.screen.key("Return")


def send(desk: Desk) -> None:
    """Ctrl+Enter."""
    desk.screen.key("ctrl+Return")


def lanes(desk: Desk) -> list[str]:
    """The lanes in sight as a screen reader tells them: 东城区城市管理委员会 已响应."""
    return [w["label"] for w in desk.widgets(**{"class": "LaneView"})]


def lane_is(desk: Desk, unit: str, state: str) -> None:
    """Wait until this unit's lane stands so."""
    desk.until(lambda: f"{unit} {state}" in lanes(desk))


def photo(folder: Path) -> Path:
    """A picture on the clerk's disk."""
    file = folder / "after.png"
    file.write_bytes(PNG)
    return file


def add_file(desk: Desk, file: Path) -> None:
    """An attachment through the file dialog."""
    press(desk, "选择文件…")
    type_name(desk, file)
    desk.activate("MainWindow")


def type_name(desk: Desk, file: Path) -> None:
    """The name in a file dialog, and Enter until it is gone: the first may only close its completions."""
    desk.focus(lambda: _name_field(desk))
    desk.write(str(file))
    desk.screen.key("Return")
    desk.until(lambda: _name_field(desk) is None, again=lambda: _name_once_more(desk, file))


def _name_field(desk: Desk) -> dict[str, Any] | None:
    return next((w for w in desk.widgets() if w["name"] == "fileNameEdit"), None)


def _name_once_more(desk: Desk, file: Path) -> None:
    found = _name_field(desk)
    if found and found["text"] != str(file):
        desk.focus(lambda: _name_field(desk))
        desk.write(str(file))
    if found:
        desk.screen.key("Return")
