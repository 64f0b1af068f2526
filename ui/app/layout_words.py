"""`main.py layout list | save | load`: the words outside a running desk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtGui import QGuiApplication

from ui.app.layouts import layouts, load_layout, save_layout
from ui.app.monitors import monitor_words
from ui.app.preferences import Preferences, screen_identity

Said = tuple[dict[str, Any], tuple[str, ...]]


def list_layouts(home: Path, with_monitors: bool) -> Said:
    """Those saved, and the monitors of this machine where it has a display."""
    names = layouts(Preferences(home))
    monitors: list[dict[str, str]] = []
    lines = [f"布局 {name}" for name in names] or ["还没有保存的布局：摆好窗口后执行 layout save 名称"]
    if with_monitors:
        app = QGuiApplication.instance() or QGuiApplication(["commandcenter"])
        monitors = [{"name": s.name(), "identity": screen_identity(s)} for s in app.screens()]
        lines += [f"显示器 {monitor_words(screen)} {screen_identity(screen)}" for screen in app.screens()]
    return {"layouts": names, "monitors": monitors}, tuple(lines)


def save_last(home: Path, name: str) -> Said:
    """Keep where the windows stood last. Raises NoLayout."""
    save_layout(Preferences(home), name)
    return {"layout": name}, (f"布局“{name}”已保存",)


def load_next(home: Path, name: str) -> Said:
    """The next start takes it up. Raises NoLayout."""
    load_layout(Preferences(home), name)
    return {"layout": name}, (f"下次启动按布局“{name}”摆放；正在运行的工作台请在命令行输入：布局 {name}",)
