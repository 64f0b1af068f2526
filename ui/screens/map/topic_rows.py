"""专题 among the map's layers: each with its open cases of all; a click lists them."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.topic import Topic
from ui.screens.map.topic_dialog import TopicDialog
from ui.screens.workplace import Workplace
from widgets.styling import label
from widgets.tones import Tone

_SETTLE_MS = 200  # cases change many times a second, the figures here need not


class TopicRows(QWidget):
    """listed(Topic): its cases are wanted."""

    listed = Signal(object)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._book = place, place.topics
        self.buttons: dict[int, QPushButton] = {}
        self._none = label(role="muted")
        self._none.setWordWrap(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._none)
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self._show_figures)
        self._book.changed.connect(self.refresh)
        place.live.changed.connect(self._soon.start)
        place.live.loaded.connect(self._soon.start)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Read while somebody looks."""
        super().showEvent(event)
        self._book.want()

    def refresh(self) -> None:
        """As they are now."""
        for button in self.buttons.values():
            button.deleteLater()
        self.buttons = {topic.id: self._button(topic) for topic in self._book.topics}
        for button in self.buttons.values():
            self._column.addWidget(button)
        self._none.setText(self._nothing())
        self._none.setVisible(not self.buttons)
        self._show_figures()

    def _nothing(self) -> str:
        if self._book.error is not None:
            return f"读取失败：{self._book.error.message}"
        if not self._book.ready:
            return "正在读取…"
        return "还没有专题；框选案件后点“专题”建立" if self._book.may_gather else "还没有专题"

    def _button(self, topic: Topic) -> QPushButton:
        button = QPushButton()
        button.setProperty("kind", "link")
        button.clicked.connect(lambda: self.listed.emit(self._now(topic.id)))
        button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        button.customContextMenuRequested.connect(lambda at: self.menu(topic.id).popup(button.mapToGlobal(at)))
        return button

    def menu(self, number: int) -> QMenu:
        """What may be done with it."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("列出案件").triggered.connect(lambda: self.listed.emit(self._now(number)))
        if self._book.may_gather:
            menu.addAction("修改名称、月份…").triggered.connect(lambda: self._rename(number))
            menu.addAction("结束专题").triggered.connect(lambda: self._close(number))
        return menu

    def _now(self, number: int) -> Topic:
        return next(topic for topic in self._book.topics if topic.id == number)

    def _rename(self, number: int) -> None:
        dialog = TopicDialog(self._place, (), self._now(number), self)
        dialog.show()

    def _close(self, number: int) -> None:
        self._place.backend.start(self._close_it(self._now(number)), self)

    async def _close_it(self, topic: Topic) -> None:
        try:
            await self._book.close(topic)
        except DomainError as error:
            self._place.notices.say(("topic", topic.id), "专题没有结束", Tone.OVERDUE, error.message)
        else:
            self._place.notices.say(("topic", topic.id), f"专题“{topic.name}”已结束", Tone.OK)

    def _show_figures(self) -> None:
        for topic in self._book.topics:
            if (button := self.buttons.get(topic.id)) is not None:
                month = f"　{topic.month}" if topic.month else ""
                open_now = self._book.open_cases(topic)
                button.setText(f"{topic.name}　{open_now:,}/{len(topic.cases):,}")
                button.setToolTip(f"在办 {open_now:,} 件，共 {len(topic.cases):,} 件{month}")
                button.setAccessibleName(f"专题 {topic.name} 在办 {open_now:,} 件 共 {len(topic.cases):,} 件")
