"""What a person's machine remembers: theme, density, last user, where windows stood on which monitor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QGuiApplication, QScreen

from ui.app.tunes import TUNES, VOLUMES
from widgets.theme import DENSITIES

THEMES = {"dark": "深色", "light": "浅色"}
DENSITY_NAMES = {"compact": "紧凑", "normal": "标准", "comfortable": "宽松"}
SOUNDS = {"on": "开", "off": "关"}
WINDOWS = "windows"  # the group of everything about places
_PLACE = re.compile(r"(-?\d+ ){2}(\d+ ){2}(normal|maximized|full)")  # x y width height, on its monitor
_WARNINGS = 20  # remembered as dismissed
_SMALL = 900  # a screen lower than this begins with the compact density


def screen_identity(screen: QScreen) -> str:
    """The monitor itself, not its place: name and serial number, as the system tells them."""
    parts = (screen.manufacturer(), screen.model(), screen.serialNumber(), screen.name())
    named = [part.strip().replace("/", "-").replace(" ", "-") for part in parts if part.strip()]
    return "_".join(named) or "unnamed"


def sensible_scale(height: int, ratio: float = 1.0) -> float:
    """Sizes on a screen of this many device-independent pixels: a 4K screen that the system does not scale gets 2."""
    if ratio > 1:
        return 1.0
    return max(1.0, min(3.0, round(height / 1080 * 4) / 4))


def sensible_density(height: int) -> str:
    """Small screens begin compact."""
    return "compact" if height < _SMALL else "normal"


class Preferences(QObject):
    """An ini file in the program's home. sound_changed(): what a new reminder sounds like was set."""

    sound_changed = Signal()

    def __init__(self, home: Path) -> None:
        super().__init__()
        self.home = home
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._settings = QSettings(str(home / "preferences.ini"), QSettings.Format.IniFormat)

    @property
    def theme(self) -> str:
        """dark or light."""
        value = str(self._settings.value("theme", "dark"))
        return value if value in THEMES else "dark"

    @theme.setter
    def theme(self, name: str) -> None:
        self._settings.setValue("theme", name)

    @property
    def density(self) -> str:
        """compact, normal or comfortable; at first what suits the screen."""
        value = str(self._settings.value("density", ""))
        screen = QGuiApplication.primaryScreen()
        return value if value in DENSITIES else sensible_density(screen.size().height() if screen else 1080)

    @density.setter
    def density(self, name: str) -> None:
        self._settings.setValue("density", name)

    @property
    def sound(self) -> str:
        """on or off: whether a new reminder can be heard."""
        value = str(self._settings.value("sound", "on"))
        return value if value in SOUNDS else "on"

    @sound.setter
    def sound(self, value: str) -> None:
        self._set_sound("sound", value, self.sound)

    @property
    def tune(self) -> str:
        """chime, bell or knock."""
        value = str(self._settings.value("tune", "chime"))
        return value if value in TUNES else "chime"

    @tune.setter
    def tune(self, value: str) -> None:
        self._set_sound("tune", value, self.tune)

    @property
    def volume(self) -> str:
        """low, middle or high."""
        value = str(self._settings.value("volume", "middle"))
        return value if value in VOLUMES else "middle"

    @volume.setter
    def volume(self, value: str) -> None:
        self._set_sound("volume", value, self.volume)

    def _set_sound(self, part: str, value: str, before: str) -> None:
        self._settings.setValue(part, value)
        if value != before:
            self.sound_changed.emit()

    @property
    def last_user(self) -> str:
        """Who logged in last."""
        return str(self._settings.value("last_user", ""))

    @last_user.setter
    def last_user(self, login: str) -> None:
        self._settings.setValue("last_user", login)

    def took_note(self, warning: str) -> bool:
        """Whether this very warning (it names the server's version) was dismissed here before."""
        return warning in self._warnings()

    def take_note(self, warning: str) -> None:
        """It was dismissed: not again until it says something else."""
        self._settings.setValue("warnings", [*self._warnings(), warning][-_WARNINGS:])

    def _warnings(self) -> list[str]:
        value = self._settings.value("warnings", [])
        return [str(part) for part in value] if isinstance(value, list) else [str(value)]

    @property
    def settings(self) -> QSettings:
        """The file itself, for those who copy parts of it."""
        return self._settings

    def keep_open(self, windows: Sequence[tuple[str, str]]) -> None:
        """Which windows are open: post and screen of each, in the order they were opened."""
        self._settings.setValue(f"{WINDOWS}/open", [f"{post} {screen}" for post, screen in windows])

    def open_windows(self) -> list[tuple[str, str]]:
        """Post and screen of those that were open last."""
        value = self._settings.value(f"{WINDOWS}/open", [])
        told = [str(part).split(" ") for part in (value if isinstance(value, list) else [value])]
        return [(part[0], part[1]) for part in told if len(part) == 2]

    def keep_torn(self, post: str, panels: Sequence[str]) -> None:
        """Which panels of a post's window stand in windows of their own."""
        self._settings.setValue(f"{WINDOWS}/{post}/torn", list(panels))

    def torn(self, post: str) -> list[str]:
        """Those panels, as they were last."""
        value = self._settings.value(f"{WINDOWS}/{post}/torn", [])
        return [str(part) for part in value] if isinstance(value, list) else [str(value)]

    def keep_window(self, post: str, screen: QScreen, geometry: str) -> None:
        """Remember where the window of a post stands, for this monitor."""
        identity = screen_identity(screen)
        self._settings.setValue(f"{WINDOWS}/{post}/screen", identity)
        self._settings.setValue(f"{WINDOWS}/{post}/{identity}", geometry)

    def window(self, post: str) -> tuple[str, str | None]:
        """The monitor on which a post's window stood last, and its geometry there."""
        identity = str(self._settings.value(f"{WINDOWS}/{post}/screen", ""))
        value = self._settings.value(f"{WINDOWS}/{post}/{identity}") if identity else None
        return identity, value if isinstance(value, str) and _PLACE.fullmatch(value) else None

    def save(self) -> None:
        """Write to disk now."""
        self._settings.sync()
