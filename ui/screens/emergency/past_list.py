"""Emergencies that ended, and the log of the one chosen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSplitter, QVBoxLayout, QWidget

from commandcenter.domain.emergency import Emergency
from commandcenter.domain.errors import DomainError
from ui.models.emergency_words import log_entries, place_of, since_words, title_of
from ui.screens.workplace import Workplace
from widgets.panel import Panel
from widgets.state_panel import StateKind, StatePanel, TableState
from widgets.timeline import Timeline

_NONE = TableState(StateKind.EMPTY, "当前没有应急", "值班长选中案件、吹哨或地图上的地点按 F12，或输入“应急 案件号”启动")
_LOADING = TableState(StateKind.LOADING, "正在读取")


class PastList(QWidget):
    """Shown while nothing goes on."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self.all: list[Emergency] = []
        self.ready = False
        self.state, self.list, self.trace = StatePanel(), QListWidget(), Timeline()
        self._body = QSplitter(Qt.Orientation.Horizontal)
        self._body.setProperty("role", "gap")
        self._left, self._right = Panel("过去的应急"), Panel("记录")
        self._left.body.addWidget(self.list)
        self._right.body.addWidget(self.trace)
        for part in (self._left, self._right):
            self._body.addWidget(part)
        self._body.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.state, 1)
        column.addWidget(self._body, 3)
        self.list.setAccessibleName("过去的应急")
        self.list.currentItemChanged.connect(lambda item, _: self._show_log(item))
        self._show()

    def reload(self) -> None:
        """Read them anew."""
        self._place.backend.start(self._read(), self)

    async def _read(self) -> None:
        try:
            self.all = await self._place.emergency.past()
        except DomainError as error:
            self.state.set_state(TableState(StateKind.ERROR, "读取失败", error.message))
            return
        self.ready = True
        self._fill()

    def _fill(self) -> None:
        words = self._place.words
        self.list.clear()
        for one in self.all:
            lasted = since_words(one.began_at, one.ended_at or one.began_at)
            item = QListWidgetItem(f"{words.date_time(words.local(one.began_at))}　{title_of(one, words)}\n"
                                   f"{place_of(one, words)}　历时 {lasted}")
            item.setData(Qt.ItemDataRole.UserRole, one.id)
            self.list.addItem(item)
        self._show()
        if self.all:
            self.list.setCurrentRow(0)

    def _show(self) -> None:
        self.state.set_state(_NONE if self.ready else _LOADING)
        self._body.setVisible(bool(self.all))
        self._left.set_title("过去的应急", f"{len(self.all):,} 次" if self.all else "")

    def _show_log(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._place.backend.start(self._read_log(item.data(Qt.ItemDataRole.UserRole)), self)

    async def _read_log(self, number: int) -> None:
        try:
            entries = await self._place.emergency.log_of(number)
        except DomainError as error:
            self.trace.set_state(TableState(StateKind.ERROR, "读取失败", error.message))
            return
        current = self.list.currentItem()
        if current is not None and current.data(Qt.ItemDataRole.UserRole) == number:
            self.trace.set_entries(log_entries(tuple(entries), self._place.words))
