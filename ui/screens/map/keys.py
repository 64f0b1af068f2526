"""The keys of the map, and what they do."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from ui.screens.map.layers_pane import ORDER
from widgets.key_help import KeyGroup

if TYPE_CHECKING:
    from ui.screens.map.screen import MapDesk


def map_keys(_roles: Collection[str]) -> tuple[KeyGroup, ...]:
    """As the help lists them; the same for every role: what may not be done says so."""
    return (
        KeyGroup("地图", (("↑ ↓ ← →", "移动"), ("+  −", "放大、缩小"), ("Esc", "逐级返回"))),
        KeyGroup("选择", (("Ctrl+L", "到案件列表"), ("Enter", "打开案件"))),
        KeyGroup("图层", (("Ctrl+1 … 4", "开关图层"), ("F4", "收起或展开图层"), ("F5", "重新载入"))),
        KeyGroup("窗口", (("Ctrl+K", "命令行"), ("?", "本屏快捷键"), ("Ctrl+Shift+N", "再开一个窗口"),
                         ("Ctrl+T", "切换明暗主题"))),
    )  # fmt: skip


def add_keys(screen: MapDesk) -> None:
    """Anywhere on the screen."""
    keys = [(f"Ctrl+{n}", lambda layer=layer: screen.layers.toggle(layer)) for n, layer in enumerate(ORDER, 1)]
    keys += [("Ctrl+L", screen.list.take_keyboard), ("F4", screen.toggle_layers), ("F5", screen.reload)]
    for key, deed in keys:
        _add(screen, key, deed)


def _add(over: QWidget, key: str, deed: Callable[[], object],
         context: Qt.ShortcutContext = Qt.ShortcutContext.WidgetWithChildrenShortcut) -> None:
    shortcut = QShortcut(QKeySequence(key), over)
    shortcut.setContext(context)
    shortcut.setAutoRepeat(False)
    shortcut.activated.connect(deed)
