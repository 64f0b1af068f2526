"""Cameras near the selected case, a line each: what it is called, what it looks at, how far it is, who may not look."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from commandcenter.domain.video import Camera
from ui.screens.desk.near_finder import FEW, NEAR_M, Near, NearFinder
from widgets.painting import LEFT, RIGHT, draw_focus, draw_text
from widgets.styling import label
from widgets.theme import current_theme, theme_events

_FAR = "9,999 m"


def why_not(camera: Camera) -> str:
    """无权, 停用; empty for a camera whose picture may be seen."""
    if not camera.may_view:
        return "无权"
    return "" if camera.in_use else "停用"


class _Row(QAbstractButton):
    """One camera; a click looks through it. opened(): a double click."""

    opened = Signal()

    def __init__(self, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._number = number
        self.near: Near | None = None
        self._kind, self._shown = "", False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_near(self, near: Near, kind: str, shown: bool) -> None:
        """Say this one; shown: its picture is in the slot now."""
        self.near, self._kind, self._shown = near, kind, shown
        words = f"{near.camera.name} · {kind} · {near.metres:,.0f} m"
        self.setAccessibleName(" · ".join(part for part in (words, why_not(near.camera)) if part))
        self.setToolTip(f"{self.accessibleName()}\n{near.camera.place}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        """A line."""
        sizes = current_theme().sizes
        return QSize(sizes.thumb_width * 2, sizes.chip_height + sizes.pad_small)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """All of them."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Number and name from the left; distance, right and kind from the right."""
        if self.near is None:
            return
        theme, painter = current_theme(), QPainter(self)
        if self._shown or self.underMouse():
            painter.fillRect(self.rect(), theme.colors.selection if self._shown else theme.colors.hover)
        refusal = why_not(self.near.camera)
        rect, small = self.rect().adjusted(theme.sizes.pad_small, 0, -theme.sizes.pad_small, 0), theme.font("small")
        metres = QFontMetrics(small).horizontalAdvance(_FAR)
        draw_text(painter, rect, f"{self.near.metres:,.0f} m", small, theme.colors.text_muted, RIGHT)
        rest = rect.adjusted(0, 0, -(metres + theme.sizes.pad_small), 0)
        if refusal:
            rest.setRight(rest.right() - draw_text(painter, rest, refusal, small, theme.colors.near, RIGHT)
                          - theme.sizes.pad_small)
        self._paint_name(painter, rest, theme.colors.text_faint if refusal else theme.colors.text)
        if self.hasFocus():
            draw_focus(painter, self.rect(), theme, theme.sizes.radius_small)

    def _paint_name(self, painter: QPainter, rect: QRect, color) -> None:
        theme, near = current_theme(), self.near
        assert near is not None
        used = draw_text(painter, rect, str(self._number), theme.font("small"), theme.colors.text_faint, LEFT)
        name = rect.adjusted(used + theme.sizes.pad_small, 0, 0, 0)
        used = draw_text(painter, name, near.camera.name, theme.font(), color, LEFT)
        kind = name.adjusted(used + theme.sizes.pad_small, 0, 0, 0)
        draw_text(painter, kind, self._kind, theme.font("small"), theme.colors.text_muted, LEFT)


class NearRows(QWidget):
    """chosen(int): look through this one. all_wanted(): all of them, large. more_wanted(): the choice is another."""

    chosen = Signal(int)
    all_wanted = Signal()
    more_wanted = Signal()

    def __init__(self, finder: NearFinder, kind: Callable[[str], str]) -> None:
        super().__init__()
        self._finder, self._kind = finder, kind
        self.rows: list[_Row] = []
        self.title, self.words = label(role="muted"), label(role="muted")
        self.more, self.all, self.retry = QPushButton(), QPushButton("全部打开"), QPushButton("重试")
        self._column, self._head = QVBoxLayout(self), QHBoxLayout()
        self._lay_out()
        self.retry.clicked.connect(finder.retry)
        self.more.clicked.connect(self.more_wanted)
        self.all.clicked.connect(self.all_wanted)
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    def _lay_out(self) -> None:
        self._column.setContentsMargins(0, 0, 0, 0)
        self._head.addWidget(self.title)
        self._head.addStretch(1)
        for button in (self.retry, self.more, self.all):
            button.setProperty("kind", "chip")
            button.hide()
            self._head.addWidget(button)
        self._column.addLayout(self._head)
        self._column.addWidget(self.words)
        self.words.setWordWrap(True)
        self.all.setToolTip("在视频屏同时打开（Enter，或双击画面）")

    def show_cameras(self, shown: Sequence[Near], more: int, widened: bool, current: int | None) -> None:
        """shown: in order. more: how many others were found. current: of the camera in the slot."""
        words = self._finder.words
        self.title.setText("周边摄像机")
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.retry.setVisible(bool(self._finder.problem))
        self.more.setVisible(bool(more) or widened)
        self.more.setText("收起" if widened else f"更多 {more}")
        self.more.setToolTip("" if widened else f"{NEAR_M:.0f} m 以外的，和第 {FEW} 路以后的")
        self.all.setVisible(any(not why_not(near.camera) for near in shown))
        self._fill(len(shown))
        for row, near in zip(self.rows, shown, strict=True):
            row.show_near(near, self._kind(near.camera.category), near.camera.id == current)

    def _fill(self, count: int) -> None:
        while len(self.rows) < count:
            self._add(len(self.rows))
        while len(self.rows) > count:
            gone = self.rows.pop()
            gone.hide()
            gone.deleteLater()

    def _add(self, index: int) -> None:
        row = _Row(index + 1, self)
        row.clicked.connect(lambda: self.chosen.emit(index))
        row.opened.connect(self.all_wanted)
        self._column.addWidget(row)
        self.rows.append(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From line to line; Enter opens all of them."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(key == Qt.Key.Key_Down)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.all_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _on_theme(self) -> None:
        self._column.setSpacing(0)
        self._head.setSpacing(current_theme().sizes.pad_small)
