"""The cameras in sight: found by words, kind, favourites or rotation group; dragged into slots or sent by Enter."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout

from commandcenter.domain.video import Camera
from ui.models.camera_columns import camera_columns, fitting
from ui.screens.video.deck import CAMERA_MIME
from ui.screens.workplace import Workplace
from widgets.filter_chip import FilterChip
from widgets.live_table import DragCard, KeyedTableModel, LiveTableView, StateKind, TableState
from widgets.panel import Panel
from widgets.theme import current_theme, theme_events

_TYPING_MS = 120
_LOADING = TableState(StateKind.LOADING, "正在读取摄像机…")
_NONE = TableState(StateKind.EMPTY, "辖区内没有登记摄像机", "管理员可用 main.py import cameras 导入")
_NOT_FOUND = TableState(StateKind.EMPTY, "没有符合条件的摄像机", "减少搜索词，或清除筛选", "清除筛选")


class CameraList(Panel):
    """opened(Camera): show it. menu_wanted(QPoint global): of the selected ones."""

    opened = Signal(object)
    menu_wanted = Signal(QPoint)

    def __init__(self, place: Workplace, shown: Callable[[int], bool]) -> None:
        super().__init__("摄像机")
        self.setProperty("role", "surface")
        self._place, self._book = place, place.cameras
        self.search, self.table = QLineEdit(), LiveTableView()
        self.category, self.group, self.marked = FilterChip("类别"), FilterChip("轮巡组"), QPushButton("★ 收藏")
        columns = camera_columns(self._book.label, self._street, lambda key: key in self._book.favourites, shown)
        self.model = KeyedTableModel(columns, key=lambda camera: camera.id, mime_type=CAMERA_MIME, parent=self)
        self._bar, self._chips = QVBoxLayout(), QHBoxLayout()
        self._typing = QTimer(self)
        self._ids: set[int] = set()
        self._marked: frozenset[int] = frozenset()
        self._build()
        self._connect()
        self._on_theme_changed()
        self._on_book()

    def _build(self) -> None:
        self.search.setPlaceholderText("名称、地点、编号或拼音首字母")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("搜索摄像机")
        self.marked.setProperty("kind", "chip")
        self.marked.setCheckable(True)
        self.marked.setToolTip("只看收藏的")
        self._bar.addWidget(self.search)
        self._bar.addLayout(self._chips)
        for chip in (self.category, self.group, self.marked):
            self._chips.addWidget(chip)
        self._chips.addStretch(1)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self.body.addLayout(self._bar)
        self.body.addWidget(self.table, 1)
        self.table.setModel(self.model)
        self.table.setProperty("role", "panel")
        self.table.set_drag_card(_drag_card)
        self.table.setAccessibleName("摄像机列表")
        self.model.sort_by("name")
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _: self._typing.start())
        self._typing.timeout.connect(self.refilter)
        self.category.selected.connect(self.refilter)
        self.group.selected.connect(self.refilter)
        self.marked.toggled.connect(self.refilter)
        self.table.activated_key.connect(lambda key: self.opened.emit(self.model.value(key)))
        self.table.context_menu_requested.connect(lambda _key, place: self.menu_wanted.emit(place))
        self.table.state_action.connect(self._on_state_action)
        self._book.changed.connect(self._on_book)
        self._place.live.state_changed.connect(self._say_state)
        self._place.words_changed.connect(lambda: self.model.renew(self._ids))
        theme_events().changed.connect(self._on_theme_changed)

    # ------------------------------------------------------------ what is shown
    def current(self) -> Camera | None:
        """The one under the keyboard."""
        key = self.table.current_key()
        return None if key is None else self.model.value(key)

    def selected(self) -> list[Camera]:
        """In the order shown."""
        found = (self.model.value(key) for key in self.table.selected_keys())
        return [camera for camera in found if camera is not None]

    def redraw(self, ids: Collection[int]) -> None:
        """Something said of these is another: in view, marked."""
        self.model.renew(ids)

    def find(self) -> None:
        """The keyboard goes to the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def refilter(self) -> None:
        """Show what fits the words and chips."""
        words, category, only = self.search.text(), self.category.selected_key(), self._only()
        if words.strip() or category is not None or only is not None:
            self.model.set_filter(fitting(words, category, only, self._street))
        else:
            self.model.set_filter(None)
        self._say_state()

    def _only(self) -> Collection[int] | None:
        group = next((g for g in self._book.groups if g.id == self.group.selected_key()), None)
        wanted = None if group is None else set(group.cameras)
        if self.marked.isChecked():
            wanted = set(self._book.favourites) if wanted is None else wanted & self._book.favourites
        return wanted

    def _on_book(self) -> None:
        held, marked = self._book.cameras, self._book.favourites
        changed = [camera for camera in held.values() if self.model.value(camera.id) != camera]
        if gone := sorted(self._ids - held.keys()):
            self.model.apply(removals=gone)
        if not self._ids:
            self.model.reset(changed)
        elif changed:
            self.model.apply(upserts=changed)
        self._ids = set(held)
        self.model.renew((marked ^ self._marked) & self._ids)
        self._marked = marked
        self.category.set_options([(kind.code, kind.label) for kind in self._book.categories])
        self.group.set_options([(group.id, group.name) for group in self._book.groups])
        self.refilter()

    def _say_state(self) -> None:
        shown = len(self.model.keys())
        self.set_title("摄像机", f"{shown:,} / {self.model.total:,} 路" if self.model.filtered else f"{shown:,} 路")
        self.table.set_state(self._state(shown))

    def _state(self, shown: int) -> TableState | None:
        if self._book.error is not None and not self._book.ready:
            return TableState(StateKind.ERROR, "摄像机没有读出", self._book.error.message, "重试")
        if not self._book.ready:
            return _LOADING
        if not self._place.live.online:
            return TableState(StateKind.DISCONNECTED, "与服务器断开", "恢复后自动更新；正在播放的画面不受影响")
        if shown:
            return None
        return _NOT_FOUND if self.model.total else _NONE

    def _on_state_action(self) -> None:
        if not self._book.ready:
            self._book.reload()
            return
        self.search.clear()
        self.marked.setChecked(False)
        for chip in (self.category, self.group):
            chip.select(None)
        self.refilter()

    # ------------------------------------------------------------ inside
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From the search down into the list, and Enter opens what is first."""
        if self.search.hasFocus() and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._into_the_list(event.key() != Qt.Key.Key_Down)
        elif self.search.hasFocus() and event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        else:
            super().keyPressEvent(event)

    def _into_the_list(self, open_it: bool) -> None:
        self._typing.stop()
        self.refilter()
        if not self.model.keys():
            return
        if self.table.current_key() is None:
            self.table.set_current_row(0)
        self.table.setFocus(Qt.FocusReason.TabFocusReason)
        if open_it and (camera := self.current()) is not None:
            self.opened.emit(camera)

    def _street(self, org_id: int) -> str:
        org = self._place.backend.directory.orgs.get(org_id)
        return "" if org is None else org.short_name

    def _on_theme_changed(self) -> None:
        sizes = current_theme().sizes
        self._bar.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, sizes.pad_small)
        self._bar.setSpacing(sizes.pad_small)
        self._chips.setSpacing(sizes.pad_small)


def _drag_card(cameras: list[Camera]) -> DragCard:
    first = cameras[0]
    return DragCard(first.name, first.place, f"另 {len(cameras) - 1} 路" if len(cameras) > 1 else "")
