"""The screens of the program by name; a screen that is not here has no tab and no shot."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtWidgets import QWidget

from commandcenter.domain.joint import ORDER, WHISTLE
from ui.screens.affairs.screen import AFFAIRS, AffairsScreen, affair_keys
from ui.screens.desk.desk import DeskScreen, desk_keys
from ui.screens.video.keys import video_keys
from ui.screens.video.screen import VIDEO, VideoScreen
from ui.screens.whistle.keys import joint_keys
from ui.screens.whistle.screen import JointScreen
from ui.screens.workplace import Workplace
from widgets.key_help import KeyGroup


class Screen(Protocol):
    """What the shell asks of a screen beside being a widget."""

    @property
    def complete(self) -> bool:
        """Everything that it shows at first has been read."""

    def take_keyboard(self) -> None:
        """The screen comes into sight, or a command was carried out: the keyboard belongs to it."""

    def keep_drafts(self) -> None:
        """Write down what is typed: the window closes."""


@dataclass(frozen=True, slots=True)
class ScreenSpec:
    """A screen: its name on the command line, its tab's title for a role, how it is made, its keys for a role."""

    name: str
    title: Callable[[Collection[str]], str]
    make: Callable[[Workplace], QWidget]
    keys: Callable[[Collection[str]], tuple[KeyGroup, ...]]


MAP, EMERGENCY, FIGURES = "map", "emergency", "figures"


def _map(place: Workplace) -> QWidget:
    """Projections and outlines cost a desk that shows no map nothing."""
    from ui.screens.map.screen import MapDesk

    return MapDesk(place)


def _map_keys(roles: Collection[str]) -> tuple[KeyGroup, ...]:
    from ui.screens.map.keys import map_keys

    return map_keys(roles)


def _emergency(place: Workplace) -> QWidget:
    from ui.screens.emergency.screen import EmergencyScreen

    return EmergencyScreen(place)


def _emergency_keys(roles: Collection[str]) -> tuple[KeyGroup, ...]:
    from ui.screens.emergency.screen import emergency_keys

    return emergency_keys(roles)


def _figures(place: Workplace) -> QWidget:
    from ui.screens.wall.seat_screen import SeatScreen

    return SeatScreen(place)


def _figure_keys(roles: Collection[str]) -> tuple[KeyGroup, ...]:
    from ui.screens.wall.seat_screen import seat_keys

    return seat_keys(roles)


_DESK_TITLES = (("dispatcher", "派遣"), ("supervisor", "值班"), ("acceptor", "受理"), ("handler", "办理"),
                ("verifier", "核查"), ("followup", "回访"), ("street_leader", "街道"))


def _desk_title(roles: Collection[str]) -> str:
    return next((title for role, title in _DESK_TITLES if role in roles), "案件")


SCREENS: Mapping[str, ScreenSpec] = {
    "dispatch": ScreenSpec("dispatch", _desk_title, DeskScreen, desk_keys),
    WHISTLE: ScreenSpec(WHISTLE, lambda _: "吹哨", lambda place: JointScreen(place, WHISTLE), joint_keys),
    ORDER: ScreenSpec(ORDER, lambda _: "联合执法", lambda place: JointScreen(place, ORDER), joint_keys),
    AFFAIRS: ScreenSpec(AFFAIRS, lambda _: "会商督办", AffairsScreen, affair_keys),
    MAP: ScreenSpec(MAP, lambda _: "地图", _map, _map_keys),
    VIDEO: ScreenSpec(VIDEO, lambda _: "视频", VideoScreen, video_keys),
    FIGURES: ScreenSpec(FIGURES, lambda _: "态势", _figures, _figure_keys),
    EMERGENCY: ScreenSpec(EMERGENCY, lambda _: "应急", _emergency, _emergency_keys),
}
