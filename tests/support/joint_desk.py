"""What hands do at the screens of whistles, orders, meetings and tasks of a whole program."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.support.desk import Desk
from tests.support.desktop import middle, until
from tests.support.town import PNG

WHISTLE, ORDER, AFFAIRS = "吹哨", "联合执法", "会商督办"
_SCREENS = {WHISTLE: "JointScreen", ORDER: "JointScreen", AFFAIRS: "AffairsScreen"}
_WRITES = ("Edit", "Editor")
_STILL_S = 0.15


def go_to(desk: Desk, screen: str) -> None:
    """Choose a screen by its tab."""
    desk.click(screen)
    desk.until(lambda: desk.widgets(**{"class": _SCREENS[screen]}))


def open_number(desk: Desk, number: str) -> None:
    """Ctrl+K, the number, Enter; until its heading stands there."""
    desk.screen.key("ctrl+k")
    desk.screen.type(number)
    desk.screen.key("Return")
    desk.until(lambda: desk.widgets(text=number))


def says(desk: Desk, *words: str) -> str:
    """The text of a widget in sight that has all these words."""
    return desk.until(lambda: next((w["text"] for w in desk.widgets() if all(word in w["text"] for word in words)), ""))


def verb(desk: Desk, word: str) -> dict[str, Any]:
    """The button that does this, with a digit before it or none."""
    wanted = re.compile(rf"(\d )?{re.escape(word)}")
    return desk.until(lambda: next((w for w in desk.widgets() if wanted.fullmatch(w["text"]) and w["enabled"]
                                    and w["class"].endswith("Button")), None))  # fmt: skip


def press(desk: Desk, word: str) -> None:
    """Press a verb as soon as it stands still, for a sheet that has just come is still being laid out, and no toast
    lies over it."""
    before = None
    while (place := verb(desk, word)["rect"]) != before:
        before = place
        time.sleep(_STILL_S)
    desk.until(lambda: not any(_covers(toast["rect"], place) for toast in desk.widgets(**{"class": "Toast"})))
    desk.screen.click(place)


def _covers(above: Sequence[int], below: Sequence[int]) -> bool:
    x, y = middle(below)
    return above[0] <= x < above[0] + above[2] and above[1] <= y < above[1] + above[3]


def begin(desk: Desk, word: str) -> None:
    """Press a verb that has a form; until the form has the keyboard."""
    press(desk, word)
    desk.until(lambda: writing(desk))


def writing(desk: Desk) -> bool:
    """Whether an input has the keyboard."""
    return any(one["focus"] and one["class"].endswith(_WRITES) for one in desk.widgets())


def field(desk: Desk, label: str) -> dict[str, Any]:
    """The input with this name, required or not; of a composed one the innermost, where the words go."""
    named = re.compile(rf"{re.escape(label)}( \*|，必填)?(：.*)?")
    return desk.until(lambda: [w for w in desk.widgets() if named.fullmatch(w["label"])
                               and w["class"].endswith(_WRITES)])[-1]  # fmt: skip


def fill(desk: Desk, label: str, text: str) -> None:
    """Click an input and type; until it stands there."""
    desk.screen.click(field(desk, label)["rect"])
    desk.until(lambda: field(desk, label)["focus"])
    desk.screen.key("ctrl+a")
    desk.screen.type(text)
    desk.until(lambda: field(desk, label)["text"] == text)


def choose(desk: Desk, label: str, typed: str) -> None:
    """Type initials into a picker and take what it offers first."""
    desk.screen.click(field(desk, label)["rect"])
    desk.screen.type(typed)
    desk.until(lambda: field(desk, label)["text"] == typed)
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
    name = desk.until(lambda: _name_field(desk))[0]
    desk.screen.click(name["rect"])
    desk.screen.key("ctrl+a")
    desk.screen.type(str(file))
    desk.until(lambda: _is_taken(desk))


def _name_field(desk: Desk) -> Sequence[dict[str, Any]]:
    return [w for w in desk.widgets() if w["name"] == "fileNameEdit"]


def _is_taken(desk: Desk) -> bool:
    if not _name_field(desk):
        return True
    desk.screen.key("Return")
    with contextlib.suppress(AssertionError):
        until(lambda: not _name_field(desk), 2)
    return not _name_field(desk)
