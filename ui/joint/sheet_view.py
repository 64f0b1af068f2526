"""Pages of a 公文 on the screen, one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.joint import paper
from ui.joint.page import Page
from ui.joint.page_painter import draw_sheet
from widgets.styling import set_property
from widgets.theme import current_theme

_ENDS = (Qt.Key.Key_Home, Qt.Key.Key_End)
_LEAST, _MOST, _STEP = 0.4, 2.5, 1.2  # of the width of the window


class SheetView(QScrollArea):
    """Fits the width; `zoom_by` changes that."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheets: list[_Sheet] = []
        self._share = 1.0
        self._content = QWidget()
        set_property(self._content, "role", "scroll_content")
        self._column = QVBoxLayout(self._content)
        self._column.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setWidget(self._content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("公文预览")

    def set_pages(self, pages: Sequence[Page]) -> None:
        """Show these pages."""
        for sheet in self._sheets:
            self._column.removeWidget(sheet)
            sheet.deleteLater()
        self._sheets = [_Sheet(page) for page in pages]
        for sheet in self._sheets:
            self._column.addWidget(sheet)
        self._fit()

    def zoom_by(self, steps: int) -> None:
        """Larger or smaller; 0 fits the width again."""
        wanted = self._share * _STEP**steps if steps else 1.0
        self._share = min(_MOST, max(_LEAST, wanted))
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End, too."""
        bar = self.verticalScrollBar()
        if event.key() in _ENDS:
            bar.setValue(bar.minimum() if event.key() == Qt.Key.Key_Home else bar.maximum())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        sizes = current_theme().sizes
        self._column.setSpacing(sizes.pad_large)
        room = self.viewport().width() - 2 * sizes.pad_large
        for sheet in self._sheets:
            sheet.set_width(max(1, round(room * self._share)))


class _Sheet(QWidget):
    """One page; drawn once for each size."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self._drawn = QPixmap()
        self.setAccessibleName(f"第 {page.number} 页")

    def set_width(self, width: int) -> None:
        """As wide as this; the height follows from A4."""
        self.setFixedSize(QSize(width, round(width * paper.PAGE_HEIGHT / paper.PAGE_WIDTH)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._drawn = QPixmap()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The page as it will be printed."""
        ratio = self.devicePixelRatioF()
        wanted = self.size() * ratio
        if self._drawn.size() != wanted:
            self._draw(wanted, ratio)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn)
        painter.end()

    def _draw(self, size: QSize, ratio: float) -> None:
        self._drawn = QPixmap(size)
        painter = QPainter(self._drawn)
        draw_sheet(painter, self._page, size.width() / paper.PAGE_WIDTH)
        painter.end()
        self._drawn.setDevicePixelRatio(ratio)
