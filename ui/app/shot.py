"""Draws a screen with all its data into a picture, without a display."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from commandcenter.ports import Session
from ui.app.looks import Looks
from ui.app.machine import UnsuitableMachine, check_fonts, check_versions
from ui.app.preferences import Preferences, sensible_density, sensible_scale
from ui.app.window import MainWindow
from ui.bridge.event_loop import run_to_end
from ui.screens.registry import SCREENS
from ui.screens.workplace import Workplace
from widgets.fonts import install_fonts
from widgets.theme import apply_theme, load_theme

_LONGEST_S = 120.0
_LOOK_S = 0.01


class ShotFailed(RuntimeError):
    """The screen could not be drawn; the message says why."""


def render_screen(session: Session, screen: str, size: tuple[int, int] = (1920, 1080), theme: str = "dark") -> QImage:
    """A picture of `screen` (a key of SCREENS) in pixels `size`, complete; the session is closed afterwards.

    Raises ShotFailed when a screen of that name does not exist, its data did not come within two minutes or this
    machine cannot draw. Set QT_QPA_PLATFORM=offscreen where there is no display.
    """
    if screen not in SCREENS:
        raise ShotFailed(f"没有屏幕“{screen}”；可用：{'、'.join(SCREENS)}")
    app = _application()
    apply_theme(app, load_theme(theme, sensible_density(size[1]), sensible_scale(size[1])))
    found: list[QImage] = []
    errors: list[BaseException] = []
    with tempfile.TemporaryDirectory() as folder:
        run_to_end(app, _draw(app, session, screen, QSize(*size), Path(folder), found), errors.append)
    if errors:
        raise errors[0]
    return found[0]


def _application() -> QApplication:
    try:
        check_versions()
        app = QApplication.instance() or QApplication(["commandcenter"])
        check_fonts(install_fonts())
    except UnsuitableMachine as why:
        raise ShotFailed(str(why)) from why
    return app


async def _draw(app: QApplication, session: Session, screen: str, size: QSize, home: Path,
                found: list[QImage]) -> int:
    place = Workplace(session, home)
    preferences = Preferences(home)
    window = MainWindow(place, Looks(app, preferences), preferences)
    window.resize(size)
    window.show_screen(screen)
    window.show()
    place.live.begin()
    try:
        await _until(lambda: window.shown.complete and place.reminders.ready)
        found.append(window.grab().toImage())
    finally:
        window.close()
        await place.close()
        window.deleteLater()
    return 0


async def _until(condition: Callable[[], bool]) -> None:
    """Look every 10 ms until it holds; raises ShotFailed after two minutes."""
    give_up = time.monotonic() + _LONGEST_S
    while not condition():
        if time.monotonic() > give_up:
            raise ShotFailed("数据没有在两分钟内到齐")
        await asyncio.sleep(_LOOK_S)
