"""大屏 as a window of its own over one monitor or several: no frame, no pointer, nothing to be done but Esc."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QScreen, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.models.wall_type import Sight
from ui.screens.video.layout_memory import SlotLayout
from ui.screens.wall.screen import WallScreen
from ui.screens.workplace import Workplace


class HallWindow(QWidget):
    """given_up(): Esc, or closed by its frame. quit_wanted(): Ctrl+Q. Left and Right turn to another scene."""

    given_up = Signal()
    quit_wanted = Signal()

    def __init__(self, place: Workplace, name: str = "大屏") -> None:
        """name: under which seats find it."""
        super().__init__(None, Qt.WindowType.Window)
        self.setWindowTitle(f"大屏 · {place.backend.directory.title}")
        self.setProperty("role", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.screen_shown = WallScreen(place, name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.screen_shown)
        self._blank()
        video = self.screen_shown.panels.video
        self.grid, self.deck, self.rotation = video.grid, video.deck, video.rotation
        self.layout_shown = SlotLayout()
        turn = self.screen_shown.turn
        for key, deed in (("Esc", self.given_up.emit), ("Ctrl+Q", self.quit_wanted.emit), ("Right", lambda: turn(1)),
                          ("Left", lambda: turn(-1))):
            QShortcut(QKeySequence(key), self).activated.connect(deed)

    def _blank(self) -> None:
        """No pointer, whatever a part of it wants at the pointer's place."""
        for part in (self, *self.findChildren(QWidget)):
            part.setCursor(Qt.CursorShape.BlankCursor)
            part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A part that gives itself a pointer has it taken away again."""
        other = event.type() == QEvent.Type.CursorChange and isinstance(watched, QWidget)
        if other and watched.cursor().shape() != Qt.CursorShape.BlankCursor:
            watched.setCursor(Qt.CursorShape.BlankCursor)
        return super().eventFilter(watched, event)

    def show_layout(self, layout: SlotLayout) -> None:
        """The video screen's layout alone; an empty one: all scenes in turns."""
        self.layout_shown = layout
        self.screen_shown.show_video(layout if layout.cameras or layout.group is not None else None)

    def stand_on(self, screens: Sequence[QScreen], sight: Sight | None = None) -> None:
        """Fill these monitors, of which there is one at least."""
        if self.isFullScreen():
            self.showNormal()  # or it would stay on the monitor it fills
        area = span(screens)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint, len(screens) > 1)
        self.setScreen(screens[0])
        self.setGeometry(area)
        self.screen_shown.set_wall(told_width(screens), seams(screens), sight)
        if len(screens) > 1:
            self.show()  # full screen would be one monitor's
            self.setGeometry(area)
        else:
            self.showFullScreen()
        self.raise_()

    def end(self) -> None:
        """Close it, and end every look."""
        self.screen_shown.end()
        self.close()
        self.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Its frame, if it has one, or the window system."""
        super().closeEvent(event)
        if event.spontaneous():
            self.given_up.emit()


def span(screens: Sequence[QScreen]) -> QRect:
    """The rectangle around monitors, in device-independent px."""
    area = QRect()
    for screen in screens:
        area = area.united(screen.geometry())
    return area


def seams(screens: Sequence[QScreen]) -> list[int]:
    """x of the borders between monitors, from the left edge of their span."""
    area = span(screens)
    return sorted({screen.geometry().left() - area.left() for screen in screens} - {0})


def told_width(screens: Sequence[QScreen]) -> float:
    """Width in mm of the row that their upper edges make, as the monitors tell; 0 where one does not."""
    top = min(screen.geometry().top() for screen in screens)
    row = [screen.physicalSize().width() for screen in screens if screen.geometry().top() == top]
    return sum(row) if all(width > 0 for width in row) else 0.0
