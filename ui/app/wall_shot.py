"""Draws the wall with all its figures into a picture, without a display."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from commandcenter.ports import Session
from ui.app.machine import UnsuitableMachine, check_fonts, check_versions
from ui.app.shot import ShotFailed
from ui.app.wall_start import DENSITY
from ui.bridge.event_loop import run_to_end
from ui.screens.wall.screen import WallScreen
from ui.screens.workplace import Workplace
from widgets.fonts import install_fonts
from widgets.theme import apply_theme, load_theme

_SILENT_S = 120.0
_LOOK_S = 0.02
_QUIET_S = 0.6  # charts draw once a second at most, the map in turns: after this nothing is under way any more


def render_wall(session: Session, size: tuple[int, int] = (1920, 1080), theme: str = "dark", scene: str = "") -> QImage:
    """A picture of the wall in pixels `size`, of the first scene or the one named by its code, complete; the session is
    closed afterwards. Raises ShotFailed. Set QT_QPA_PLATFORM=offscreen where there is no display."""
    try:
        check_versions()
        app = QApplication.instance() or QApplication(["commandcenter"])
        check_fonts(install_fonts())
    except UnsuitableMachine as why:
        raise ShotFailed(str(why)) from why
    apply_theme(app, load_theme(theme, DENSITY))
    found: list[QImage] = []
    errors: list[BaseException] = []
    with tempfile.TemporaryDirectory() as folder:
        run_to_end(app, _draw(session, size, scene, Path(folder), found), errors.append)
    if errors:
        raise errors[0]
    return found[0]


async def _draw(session: Session, size: tuple[int, int], scene: str, home: Path, found: list[QImage]) -> int:
    place = Workplace(session, home)
    wall = WallScreen(place)
    wall.resize(*size)
    wall.show()
    place.live.begin()
    try:
        await _complete(wall)
        if scene and not wall.choose(scene) and wall.play.showing.scene.code != scene:
            raise ShotFailed(f"没有场景“{scene}”")
        await asyncio.sleep(2 * _QUIET_S)
        await _complete(wall)
        found.append(wall.grab().toImage())
    finally:
        wall.end()
        wall.close()
        await place.close()
        wall.deleteLater()
    return 0


async def _complete(wall: WallScreen) -> None:
    began = time.monotonic()
    while not wall.complete:
        if time.monotonic() - began > _SILENT_S:
            raise ShotFailed(f"大屏没有到齐，已等 {_SILENT_S:,.0f} 秒；服务器可能太忙，可稍后重画")
        await asyncio.sleep(_LOOK_S)
