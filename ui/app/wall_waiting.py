"""What a wall says before it has anything to show: what it waits for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.models.wall_type import smallest_font
from ui.screens.wall.header import TITLE
from widgets.styling import label


class WaitingWindow(QWidget):
    """Fills the first monitor."""

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setProperty("role", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.setWindowTitle(TITLE)
        self._title, self._why = label(TITLE, role="heading"), label(role="muted")
        self._why.setWordWrap(True)
        size = QGuiApplication.primaryScreen().size()
        for part, factor in ((self._title, 3), (self._why, 1.3)):
            font = part.font()
            font.setPixelSize(round(smallest_font((size.width(), size.height())) * factor))
            part.setFont(font)
            part.setStyleSheet(f"font-size: {font.pixelSize()}px")
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(self._title)
        column.addWidget(self._why)
        column.addStretch(3)

    def say(self, why: str) -> None:
        """What is missing; it is tried again and again."""
        self._why.setText(f"正在等待：{why}\n稍后自动重试")
