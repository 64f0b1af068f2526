"""Draws a screen with all its data into a picture, without a display."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QSize
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

_SILENT_S = 120.0    # without anything new: nothing comes any more
_LONGEST_S = 1800.0  # and in any case: what always changes may never be whole
_LOOK_S = 0.01
_NESTED = 4


class ShotFailed(RuntimeError):
    """The screen could not be drawn; the message says why."""


def render_screen(session: Session, screen: str, size: tuple[int, int] = (1920, 1080), theme: str = "dark") -> QImage:
    """A picture of `screen` (a key of SCREENS) in pixels `size`, complete; the session is closed afterwards.

    It waits as long as data keep coming, however slow the machine. Raises ShotFailed when a screen of that name does
    not exist, nothing more came for two minutes or this machine cannot draw. Set QT_QPA_PLATFORM=offscreen where there
    is no display.
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
        await _all_there(_Arrivals(window, place))
        _settle()
        found.append(window.grab().toImage())
    finally:
        window.close()
        await place.close()
        window.deleteLater()
    return 0


def _settle() -> None:
    """Words that came last get their room; a layout within another asks that one in turn."""
    for _ in range(_NESTED):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)


class _Arrivals:
    """What has come so far: as long as it grows, there is something to wait for."""

    def __init__(self, window: MainWindow, place: Workplace) -> None:
        self._window, self._place, self._answers = window, place, 0
        place.backend.answered.connect(self._count)

    def _count(self) -> None:
        self._answers += 1

    @property
    def missing(self) -> tuple[str, ...]:
        """What the picture still lacks, in words."""
        place = self._place
        parts = (("在办案件", place.live.ready), ("吹哨与会商", place.joint.ready), ("提醒", place.reminders.ready),
                 ("画面上的文件与照片", self._window.shown.complete))
        return tuple(name for name, there in parts if not there)

    @property
    def sum(self) -> object:
        """Differs as soon as anything more has come."""
        return self.missing, self._answers, len(self._place.live.picture.rows)


async def _all_there(arrivals: _Arrivals) -> None:
    """Look every 10 ms until nothing is missing; raises ShotFailed when nothing came for two minutes."""
    began = heard_at = time.monotonic()
    heard: object = None
    while missing := arrivals.missing:
        now = time.monotonic()
        if arrivals.sum != heard:
            heard, heard_at = arrivals.sum, now
        if now - heard_at > _SILENT_S or now - began > _LONGEST_S:
            raise ShotFailed(f"画面没有到齐：还缺{'、'.join(missing)}，已 {now - heard_at:,.0f} 秒没有新的数据；"
                             "服务器可能太忙，可稍后重画：main.py shot 屏幕名 文件")
        await asyncio.sleep(_LOOK_S)
