"""The menus of a slot and of the list: what the keys do, by name; only what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from commandcenter.domain.video import Camera, CameraGroup
from ui.models.camera_columns import may_open
from ui.screens.wall.push import add_push_menu

if TYPE_CHECKING:
    from ui.screens.video.screen import VideoScreen


def open_menu(menu: QMenu, place: QPoint) -> None:
    """At this place of the screen; it deletes itself when it is closed."""
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(place)


def slot_menu(screen: VideoScreen, slot: int) -> QMenu:
    """Of a slot as it is now."""
    menu, grid, watched = QMenu(screen), screen.grid, screen.deck.watched.get(slot)
    menu.setToolTipsVisible(True)
    large = grid.large is not None
    _add(menu, "还原\tEnter" if large else "放大\tEnter", lambda: grid.enlarge(None if large else slot))
    if watched is None:
        _add(menu, "选择摄像机\tCtrl+F", screen.list.find)
        return menu
    missing = screen.evidence.why_not(screen.deck.stream(slot), screen.case.case)
    for words, clip in (("抓拍存入案件\tCtrl+S", False), ("最近 30 秒存入案件\tCtrl+Shift+S", True)):
        _add(menu, words, lambda clip=clip: screen.take(clip, slot), why_not=missing)
    menu.addSeparator()
    _add_favourite(menu, screen, [watched.camera])
    _add_groups(menu, screen, [watched.camera])
    _add(menu, "查看记录", lambda: screen.show_viewings(watched.camera))
    if (case_id := watched.case_id) is not None:
        _add(menu, "打开案件", lambda: screen.case_wanted.emit(case_id))
    add_push_menu(menu, screen.place, "camera", watched.camera.id, watched.camera.name)
    menu.addSeparator()
    _add(menu, "关闭这一路\tDelete", lambda: screen.close_slot(slot))
    return menu


def list_menu(screen: VideoScreen) -> QMenu:
    """Of the cameras selected in the list."""
    menu, cameras = QMenu(screen), screen.list.selected()
    menu.setToolTipsVisible(True)
    openable = [camera for camera in cameras if may_open(camera)]
    words = "打开\tEnter" if len(cameras) == 1 else f"打开 {len(openable)} 路"
    _add(menu, words, lambda: screen.show_cameras(openable), why_not="" if openable else "没有可以查看的画面")
    _add_favourite(menu, screen, cameras)
    _add_groups(menu, screen, cameras)
    if len(cameras) == 1:
        _add(menu, "查看记录", lambda: screen.show_viewings(cameras[0]))
        add_push_menu(menu, screen.place, "camera", cameras[0].id, cameras[0].name)
    return menu


def group_entries(menu: QMenu, screen: VideoScreen) -> None:
    """Of the button 轮巡: begin one; below, make, change and delete."""
    for group in screen.book.groups:
        words = f"{group.name}（{len(group.cameras)} 路，每页 {group.dwell_s} 秒）"
        _add(menu, words, lambda number=group.id: screen.rotate(number))
    if not screen.book.groups:
        menu.addAction("还没有轮巡组").setEnabled(False)
    menu.addSeparator()
    chosen = screen.list.selected() or [watched.camera for _, watched in sorted(screen.deck.watched.items())]
    told = f"新建轮巡组（{len(chosen)} 路）…"
    _add(menu, told, lambda: screen.groups.make(chosen), why_not="" if chosen else "先在列表中选择几路")
    changeable = screen.groups.changeable()
    _choose(menu, "修改轮巡组", changeable, screen.groups.edit)
    _choose(menu, "删除轮巡组", changeable, screen.groups.delete)


def _add_favourite(menu: QMenu, screen: VideoScreen, cameras: list[Camera]) -> None:
    marked = all(camera.id in screen.book.favourites for camera in cameras)
    words = "取消收藏\tCtrl+D" if marked else "收藏\tCtrl+D"
    _add(menu, words, lambda: screen.mark(cameras, not marked))


def _add_groups(menu: QMenu, screen: VideoScreen, cameras: list[Camera]) -> None:
    keeper, ids = screen.groups, [camera.id for camera in cameras]
    changeable = keeper.changeable()
    menu.addSeparator()
    _add(menu, "新建轮巡组…", lambda: keeper.make(cameras))
    lacking = [group for group in changeable if not set(ids) <= set(group.cameras)]
    holding = [group for group in changeable if set(ids) & set(group.cameras)]
    _choose(menu, "加入轮巡组", lacking, lambda group: keeper.add(group, ids))
    _choose(menu, "移出轮巡组", holding, lambda group: keeper.remove(group, ids))
    menu.addSeparator()


def _choose(menu: QMenu, title: str, groups: list[CameraGroup], deed: Callable[[CameraGroup], object]) -> None:
    if groups:
        part = menu.addMenu(title)
        for group in groups:
            whose = "（全区）" if group.owner_id is None else ""
            _add(part, f"{group.name}{whose}", lambda group=group: deed(group))


def _add(menu: QMenu, words: str, deed: Callable[[], object], why_not: str = "") -> None:
    action = menu.addAction(words)
    action.triggered.connect(lambda _=False: deed())
    action.setEnabled(not why_not)
    action.setToolTip(why_not)
