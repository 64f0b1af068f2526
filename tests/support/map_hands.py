"""What hands do on the map of a whole program, and what eyes see there: a place, a box around it, what pulses."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from PySide6.QtGui import QImage

from commandcenter.domain.model import NewReport
from commandcenter.geo import to_plane
from tests.support import joint_desk as at
from tests.support.desk import Desk
from tests.support.program import ACCEPTOR, ProgramHome

_REACH = 28  # pixels around a whistle within which its pulse beats
_SEEN = 40  # of 255: a difference between two pictures that an eye sees
_BEAT_S = 0.45  # two beats
_STILL_S = 0.2


def placed(home: ProgramHome, *points: tuple[float, float]) -> list[int]:
    """Cases that wait for their dispatch, at these WGS-84 degrees."""
    return [_filed(home, lon, lat) for lon, lat in points]


def _filed(home: ProgramHome, lon: float, lat: float) -> int:
    new = NewReport(uuid4(), channel="patrol", description="井盖移位", item_id=home.item().id, lon=lon, lat=lat)
    case_id = home.session(ACCEPTOR).commands.report(new).case_id
    for action in ("accept", "file"):
        home.act(ACCEPTOR, case_id, action)
    return case_id


def map_in_sight(desk: Desk) -> dict[str, Any] | None:
    """Where it is and what it looks at."""
    found = desk.ask("maps")["maps"]
    return found[0] if found and found[0]["rect"] else None


def stands_there(desk: Desk) -> None:
    """It began at the map, and the keyboard belongs to the map without a click."""
    desk.until(lambda: map_in_sight(desk) and _has_keys(desk))


def go_to_map(desk: Desk) -> None:
    """By its tab; until the map has the keyboard."""
    if map_in_sight(desk) is None or not _has_keys(desk):
        desk.click("地图")
    desk.until(lambda: map_in_sight(desk) and _has_keys(desk), again=lambda: desk.click("地图"))


def _has_keys(desk: Desk) -> bool:
    return any(w["focus"] for w in desk.widgets(**{"class": "MapCanvas"}))


def spot(desk: Desk, lon: float, lat: float) -> tuple[int, int]:
    """Where on the screen a place is, once the map stands still."""
    told = desk.until(lambda: _still(desk))
    (x, y, scale), (east, north) = told["view"], to_plane([(lon, lat)])[0].tolist()
    left, top, width, height = told["rect"]
    return round(left + width / 2 + (east - x) / scale), round(top + height / 2 - (north - y) / scale)


def _still(desk: Desk) -> dict[str, Any] | None:
    """The map, unless it is on its way."""
    before = map_in_sight(desk)
    time.sleep(_STILL_S)
    return before if before == map_in_sight(desk) else None


def box(desk: Desk, place: tuple[int, int], around: int) -> None:
    """B, and a square drawn around a point of the screen."""
    x, y = place
    desk.screen.key("b")
    desk.screen.press((x - around, y - around, 0, 0))
    desk.screen.drag_to((x + around, y + around, 0, 0))
    desk.screen.release()


def click_at(desk: Desk, place: tuple[int, int]) -> None:
    """What lies there."""
    desk.screen.click((*place, 0, 0))


def pulses(desk: Desk, folder: Path, place: tuple[int, int]) -> bool:
    """Whether something moves around this point of the screen: two pictures of it differ."""
    first = _around(desk, folder, place)
    time.sleep(_BEAT_S)
    return bool((np.abs(_around(desk, folder, place) - first) > _SEEN).any())


def _around(desk: Desk, folder: Path, place: tuple[int, int]) -> np.ndarray:
    image = QImage(str(desk.screen.picture(folder / "seen.png"))).convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4).astype(np.int16)
    x, y = place
    return pixels[y - _REACH:y + _REACH, x - _REACH:x + _REACH, :3]


def figures(desk: Desk) -> dict[str, int]:
    """The lists of queues in sight: each count by the queue's name; those that are not known yet are left out."""
    told = [words.removesuffix(" 件").rpartition(" ") for words in desk.ask("lists")["queues"] if words.endswith(" 件")]
    return {name: int(count) for name, _, count in told}


def table(desk: Desk, name: str) -> list[int] | None:
    """The keys of a table in sight, by its accessible name."""
    found: list[int] | None = desk.ask("lists")["tables"].get(name)
    return found


def choose_queue(desk: Desk, name: str) -> None:
    """Of the list of queues in sight, by the mouse on its first line and the arrow keys."""
    spoken = desk.ask("lists")["queues"]
    down = next(number for number, words in enumerate(spoken) if words.startswith(f"{name} "))
    left, top, width, _ = desk.still(lambda: next(iter(desk.widgets(**{"class": "QueueList"})), None))["rect"]
    desk.screen.click((left, top, width, 16))
    if down:
        desk.screen.key(*["Down"] * down)


def listed(desk: Desk, name: str) -> int | None:
    """The figure that stands at a name and leads to its cases: 北京市东城区在办 12 件."""
    label = next((w["label"] for w in desk.widgets() if w["label"].startswith(name)), "")
    number = label.removeprefix(name).strip().partition("，")[0].removesuffix(" 件")
    return int(number.replace(",", "")) if number else None


def find(desk: Desk, case_no: str) -> None:
    """A case by Ctrl+F, its number and Enter; until its card stands beside the map."""

    def look() -> None:
        desk.screen.key("ctrl+f")
        desk.until(lambda: any(w["focus"] for w in desk.widgets(**{"class": "SearchField"})),
                   again=lambda: desk.screen.key("ctrl+f"))  # fmt: skip
        desk.screen.key("ctrl+a")
        desk.screen.type(case_no)
        desk.until(lambda: any(w["text"] == case_no for w in desk.widgets(**{"class": "SearchField"})))
        desk.screen.key("Return")

    look()
    desk.until(lambda: card(desk).startswith(f"{case_no.rpartition('-')[2]} "), again=look)


def card(desk: Desk) -> str:
    """What is picked."""
    return next((str(w["label"]) for w in desk.widgets(**{"class": "PickedCard"})), "")


def type_moment(desk: Desk, moment: str) -> None:
    """Into the bar of the replay, and Enter."""
    at.fill(desk, "回放时刻", moment)
    desk.screen.key("Return")
