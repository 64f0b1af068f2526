"""Monitors by name: what a person types for one, and which one he means."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication, QScreen

from ui.app.machine import UnsuitableMachine
from ui.app.preferences import screen_identity


def monitor_words(screen: QScreen) -> str:
    """HDMI-1（3840×2160）."""
    size = screen.size() * screen.devicePixelRatio()
    return f"{screen.name()}（{size.width()}×{size.height()}）"


def named_monitor(text: str, screens: Sequence[QScreen] | None = None) -> QScreen:
    """The one of this name, number (from 1) or part of its identity. Raises UnsuitableMachine with those there are."""
    there = QGuiApplication.screens() if screens is None else screens
    wanted = text.strip().casefold()
    by_number = [there[int(wanted) - 1]] if wanted.isdecimal() and 0 < int(wanted) <= len(there) else []
    exact = [screen for screen in there if wanted in (screen.name().casefold(), screen_identity(screen).casefold())]
    part = [screen for screen in there if wanted and wanted in screen_identity(screen).casefold()]
    for found in (exact, by_number, part):
        if len(found) == 1:
            return found[0]
    why = "不止一台" if len(part) > 1 else "没有"
    raise UnsuitableMachine(f"{why}叫“{text}”的显示器；可用：{'、'.join(monitor_words(screen) for screen in there)}")


def named_monitors(text: str, screens: Sequence[QScreen] | None = None) -> list[QScreen]:
    """Several, with commas between: a wall that spans them. Raises UnsuitableMachine."""
    return [named_monitor(part, screens) for part in text.replace("，", ",").split(",")]
