"""The menu of a slot: what the keys do, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from ui.screens.video.screen import VideoScreen


class SlotMenu(QObject):
    """Offers only what can be done with the slot as it is."""

    def __init__(self, screen: VideoScreen) -> None:
        super().__init__(screen)
        self._screen = screen

    def open(self, slot: int, place: QPoint) -> None:
        """At this place of the screen."""
        menu = self.make(slot)
        menu.exec(place)
        menu.deleteLater()

    def make(self, slot: int) -> QMenu:
        """The menu as it is now."""
        screen, menu = self._screen, QMenu(self._screen)
        grid, watched = screen.grid, screen.deck.watched.get(slot)
        large = grid.large is not None
        menu.addAction("还原" if large else "放大", lambda: grid.enlarge(None if large else slot))
        if watched is None:
            menu.addAction("选择摄像机", screen.list.find)
            return menu
        camera = watched.camera
        missing = screen.evidence.why_not(screen.deck.stream(slot), screen.case.case)
        for words, clip in (("抓拍存入案件", False), ("最近 30 秒存入案件", True)):
            action = menu.addAction(words, lambda clip=clip: screen.take(clip))
            action.setEnabled(not missing)
            action.setToolTip(missing)
        menu.setToolTipsVisible(True)
        marked = camera.id in screen.book.favourites
        menu.addAction("取消收藏" if marked else "收藏", screen.toggle_favourite)
        if watched.case_id is not None:
            menu.addAction("打开案件", lambda number=watched.case_id: screen.case_wanted.emit(number))
        menu.addSeparator()
        menu.addAction("关闭这一路", lambda: screen.deck.clear(slot))
        return menu
