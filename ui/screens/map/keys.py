"""The keys of the map, and what they do."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from commandcenter.domain.joint import ORDER as SUMMONS_ORDER
from commandcenter.domain.joint import WHISTLE
from ui.screens.map.layers_pane import HEAT, ORDER
from widgets.key_help import KeyGroup

if TYPE_CHECKING:
    from ui.screens.map.screen import MapDesk


def map_keys(_roles: Collection[str]) -> tuple[KeyGroup, ...]:
    """As the help lists them; the same for every role: what may not be done says so."""
    return (
        KeyGroup("地图", (("↑ ↓ ← →", "移动"), ("+  −", "放大、缩小"), ("Home", "看本区域全图"),
                         ("Tab", "逐个选择标记"), ("Enter", "打开所选"), ("双击", "进入区域，或打开案件"),
                         ("Esc", "逐级返回"))),
        KeyGroup("选择", (("B", "框选（或按住 Shift 拖动）"), ("L", "套索（或按住 Alt 拖动）"), ("P", "拖动地图"),
                         ("Ctrl+L", "到案件列表"), ("Ctrl+Shift+B", "就所选吹哨"), ("Ctrl+Shift+J", "拟联合执法令"),
                         ("Ctrl+Shift+T", "归入专题"), ("Delete", "从所列专题移出所选"))),
        KeyGroup("查找与图层", (("Ctrl+F", "搜索地名、案件、摄像机、人员、坐标"), ("Ctrl+1 … 8", "开关图层"),
                              ("H", "热力"), ("V", "看最近的摄像机"), ("R", "回放，或回到现在"),
                              ("F4", "收起或展开图层"), ("F5", "重新载入"), ("Ctrl+Shift+S", "存为图片"))),
        KeyGroup("命令行", (("地图 地名", "到这个街道、社区或网格"), ("定位 案件号", "在地图上找案件、摄像机、坐标"),
                         ("回放 案件号", "回到它受理的时刻；也可写吹哨、令的编号或时刻"))),
        KeyGroup("窗口", (("Ctrl+K", "命令行"), ("?", "本屏快捷键"), ("Ctrl+Shift+N", "再开一个窗口"),
                         ("Ctrl+Shift+R", "回放到所选受理时"), ("Ctrl+T", "切换明暗主题"))),
    )  # fmt: skip


def add_keys(screen: MapDesk) -> None:
    """Single letters while the canvas has the keyboard, the others anywhere on the screen."""
    own = [(key, lambda mode=mode: screen.set_mode(mode)) for key, mode in (("B", "box"), ("L", "lasso"), ("P", "pan"))]
    own += [("H", lambda: screen.layers.toggle(HEAT)), ("V", screen.picking.watch_nearest),
            ("Home", lambda: screen.look_at(screen.focus)), ("R", lambda: screen.replay.toggle())]
    for key, deed in own:
        _add(screen.canvas, key, deed, Qt.ShortcutContext.WidgetShortcut)
    _add(screen.list, "V", screen.picking.watch_nearest)
    _add(screen.list, "Delete", screen.listing.remove_from_topic)
    keys = [(f"Ctrl+{n}", lambda layer=layer: screen.layers.toggle(layer)) for n, layer in enumerate(ORDER, 1)]
    keys += [("Ctrl+F", screen.tools.search.focus_now), ("Ctrl+L", screen.list.take_keyboard),
             ("Ctrl+Shift+B", lambda: screen.list.want_joint(WHISTLE)),
             ("Ctrl+Shift+J", lambda: screen.list.want_joint(SUMMONS_ORDER)),
             ("Ctrl+Shift+T", screen.list.want_topic),
             ("Ctrl+Shift+S", screen.save_picture), ("F4", screen.toggle_layers), ("F5", screen.reload)]
    for key, deed in keys:
        _add(screen, key, deed)


def _add(over: QWidget, key: str, deed: Callable[[], object],
         context: Qt.ShortcutContext = Qt.ShortcutContext.WidgetWithChildrenShortcut) -> None:
    shortcut = QShortcut(QKeySequence(key), over)
    shortcut.setContext(context)
    shortcut.setAutoRepeat(False)
    shortcut.activated.connect(deed)
