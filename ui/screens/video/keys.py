"""The keys of the video screen, and what they do."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from commandcenter.domain.video import SLOT_COUNTS
from widgets.key_help import KeyGroup

if TYPE_CHECKING:
    from ui.screens.video.screen import VideoScreen


def video_keys(_roles: Collection[str]) -> tuple[KeyGroup, ...]:
    """As the help lists them."""
    return (
        KeyGroup("画面", (("Ctrl+1 … 4", "1、4、9、16 路"), ("↑ ↓ ← →", "选择画面"), ("Enter", "放大，或还原"),
                         ("Esc", "还原；在大屏上：关闭大屏"), ("Delete", "关闭这一路"),
                         ("F4", "收起或展开摄像机列表"))),
        KeyGroup("摄像机", (("Ctrl+F", "搜索"), ("Enter", "打开到空画面"), ("Ctrl+D", "收藏，或取消"),
                           ("Menu", "收藏、轮巡组、查看记录"), ("F5", "重新载入"))),
        KeyGroup("取证与轮巡", (("Ctrl+E", "填写取证的案件"), ("Ctrl+S", "抓拍存入案件"),
                              ("Ctrl+Shift+S", "最近 30 秒存入案件"), ("Ctrl+R", "开始或停止轮巡"),
                              ("PgUp PgDn", "轮巡上一页、下一页"))),
        KeyGroup("命令行", (("视频 名称", "打开这一路"), ("轮巡 组", "开始轮巡；停止轮巡"),
                           ("查看记录", "谁看过哪一路"),
                           ("大屏 组", "投到显示器；关闭大屏"))),
        KeyGroup("窗口", (("Ctrl+K", "命令行"), ("?", "本屏快捷键"), ("Ctrl+Shift+N", "再开一个窗口"),
                         ("Ctrl+T", "切换明暗主题"))),
    )  # fmt: skip


def add_keys(screen: VideoScreen) -> None:
    """While the keyboard is anywhere on the screen."""
    keys = [(f"Ctrl+{n}", lambda count=count: screen.set_count(count)) for n, count in enumerate(SLOT_COUNTS, 1)]
    keys += [("Ctrl+F", screen.list.find), ("Ctrl+D", screen.toggle_favourite), ("Ctrl+E", screen.case.ask),
             ("Ctrl+S", lambda: screen.take(False)), ("Ctrl+Shift+S", lambda: screen.take(True)),
             ("Ctrl+R", screen.toggle_rotation), ("F4", screen.toggle_list), ("F5", screen.book.reload)]
    for key, deed in keys:
        _add(screen, key, deed)
    for key, pages in (("PgDown", 1), ("PgUp", -1)):  # in the list they go through the list
        _add(screen.grid, key, lambda pages=pages: screen.rotation.turn(pages))


def _add(over: QWidget, key: str, deed: Callable[[], object]) -> None:
    shortcut = QShortcut(QKeySequence(key), over)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.setAutoRepeat(False)
    shortcut.activated.connect(deed)
