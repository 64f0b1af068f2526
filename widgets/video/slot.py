"""One slot: its picture, what it is called, and in words and colour whether what is seen is now."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from widgets.charts.chart import scaled
from widgets.painting import CENTER, LEFT, RIGHT, draw_focus, draw_frame, draw_text
from widgets.theme import Theme, current_theme
from widgets.tones import Tone

_SHADE_OF_OLD = 150  # of 255, laid over a picture that is no longer true
_SHADE_OF_BAR = 190
_FRAMED = (Tone.NEAR, Tone.OVERDUE)


@dataclass(frozen=True, slots=True)
class SlotFace:
    """What a slot says. title: whose picture. note: beside it, fainter (道路街面 · 38 m). status: at its right, in tone
    (25 fps · 0.1 s). live: what the picture shows is now; otherwise the last picture is dimmed under `words`, a line or
    two. marks: small words before the status (轮巡 ★)."""

    title: str = ""
    note: str = ""
    status: str = ""
    tone: Tone = Tone.MUTED
    live: bool = False
    words: str = ""
    marks: str = ""


class VideoSlot(QWidget):
    """Paints the picture it was given last. An empty slot has no title and says how it is filled. type_scale: how many
    times larger than on a desk its words are drawn.

    activated(): double click. dragged(): the picture is pulled away. pressed(): it was clicked. menu_wanted(QPoint
    global).
    """

    activated = Signal()
    pressed = Signal()
    dragged = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, number: int, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number, self._hint = number, hint
        self._face, self._image = SlotFace(), QImage()
        self._selected = self._aimed = False
        self._pressed_at: QPoint | None = None
        self.type_scale = 1.0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the grid has the keyboard
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._say()

    @property
    def face(self) -> SlotFace:
        """What it says now."""
        return self._face

    @property
    def picture(self) -> QImage:
        """What it shows; null before the first picture."""
        return self._image

    def set_face(self, face: SlotFace) -> None:
        """Say this from now on."""
        if face == self._face:
            return
        self._face = face
        self._say()
        self.update()

    def show_picture(self, image: QImage) -> None:
        """Show this; a null image takes the old one away. The memory behind it must live until the next call."""
        self._image = image
        self.update()

    def set_selected(self, selected: bool) -> None:
        """The keyboard's slot."""
        self._selected = selected
        self.update()

    def set_aimed(self, aimed: bool) -> None:
        """Something hangs over it that may be dropped here."""
        if aimed != self._aimed:
            self._aimed = aimed
            self.update()

    def device_size(self) -> QSize:
        """Pixels of the screen it covers: what a decoder should make."""
        return self.size() * self.devicePixelRatioF()

    def minimumSizeHint(self) -> QSize:
        """As small as its two lines."""
        sizes = current_theme().sizes
        return QSize(sizes.thumb_width, sizes.thumb_height)

    # ------------------------------------------------------------ painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Picture, shade and words over it, a line with name and state above."""
        theme, painter = scaled(current_theme(), self.type_scale), QPainter(self)
        self._paint_picture(painter, theme)
        if self._face.words if self._face.title else self._hint:
            self._paint_words(painter, theme)
        if self._face.title:
            self._paint_bar(painter, theme)
        self._paint_edge(painter, theme)

    def _paint_picture(self, painter: QPainter, theme: Theme) -> None:
        inviting = self._image.isNull() and bool(self._hint or self._face.title)
        painter.fillRect(self.rect(), theme.colors.track if inviting else theme.colors.picture_shade)
        if self._image.isNull():
            return
        area = self._fitted()
        painter.drawImage(area, self._image)
        if not self._face.live:
            painter.fillRect(area, _shade(theme.colors.picture_shade, _SHADE_OF_OLD))

    def _fitted(self) -> QRect:
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRect(QPoint((self.width() - size.width()) // 2, (self.height() - size.height()) // 2), size)

    def _paint_words(self, painter: QPainter, theme: Theme) -> None:
        empty, height = self._image.isNull(), theme.sizes.chip_height
        strong, muted = (theme.colors.text, theme.colors.text_faint) if empty else _on_picture(theme)
        lines = self._face.words.split("\n") if self._face.title else [f"{self.number}　{self._hint}"]
        top = (self.height() - height * len(lines)) // 2
        for index, line in enumerate(lines):
            rect = QRect(theme.sizes.pad, top + index * height, self.width() - 2 * theme.sizes.pad, height)
            first = index == 0 and bool(self._face.title)
            font = theme.font("body" if first else "small", strong=first)
            draw_text(painter, rect, line, font, strong if first else muted, CENTER)

    def _paint_bar(self, painter: QPainter, theme: Theme) -> None:
        sizes, face = theme.sizes, self._face
        strong, muted = _on_picture(theme)
        bar = QRect(0, 0, self.width(), sizes.chip_height + sizes.pad_small // 2)
        painter.fillRect(bar, _shade(theme.colors.picture_shade, _SHADE_OF_BAR))
        inner, small = bar.adjusted(sizes.pad_small, 0, -sizes.pad_small, 0), theme.font("small")
        name = QFontMetrics(theme.font("small", strong=True)).horizontalAdvance(face.title)
        status = face.status
        if face.live and name + QFontMetrics(small).horizontalAdvance(status) + 4 * sizes.pad_small > inner.width():
            status = status.partition(" · ")[0]  # a picture that is true says less of itself than whose it is
        taken = draw_text(painter, inner, status, small, strong, RIGHT)
        if face.status:
            taken += self._paint_dot(painter, theme, inner, taken)
        marks = QFontMetrics(small).horizontalAdvance(face.marks)
        if face.marks and name + marks + taken + 3 * sizes.pad_small <= inner.width():  # or the name would be cut
            rest = inner.adjusted(0, 0, -(taken + sizes.pad_small), 0)
            taken += sizes.pad_small + draw_text(painter, rest, face.marks, small, muted, RIGHT)
        left = inner.adjusted(0, 0, -(taken + sizes.pad_small), 0)
        used = draw_text(painter, left, face.title, theme.font("small", strong=True), strong, LEFT)
        draw_text(painter, left.adjusted(used + sizes.pad_small, 0, 0, 0), face.note, small, muted, LEFT)

    def _paint_dot(self, painter: QPainter, theme: Theme, inner: QRect, from_right: int) -> int:
        """The tone, as a dot before the status; returns the width it took."""
        size = theme.sizes.pad_small
        left = inner.right() - from_right - 2 * size
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.mark(self._face.tone))
        painter.drawEllipse(QRect(left, inner.center().y() - size // 2, size, size))
        painter.restore()
        return 2 * size

    def _paint_edge(self, painter: QPainter, theme: Theme) -> None:
        if self._aimed or self._selected:
            draw_focus(painter, self.rect(), theme)
        elif self._face.title and self._face.tone in _FRAMED:
            draw_frame(painter, self.rect(), theme, theme.mark(self._face.tone))
        elif self._image.isNull():
            draw_frame(painter, self.rect(), theme, theme.colors.line, dashed=not self._face.title)

    # ------------------------------------------------------------ the hand
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()
            self.pressed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pull it away, once the hand has really moved."""
        if self._pressed_at is None or not self._face.title:
            return
        moved = event.position().toPoint() - self._pressed_at
        if moved.manhattanLength() >= QApplication.startDragDistance():
            self._pressed_at = None
            self.dragged.emit()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Nothing hangs at the hand."""
        self._pressed_at = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Large, and small again."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.activated.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with it."""
        self.pressed.emit()
        self.menu_wanted.emit(event.globalPos())

    def _say(self) -> None:
        face = self._face
        self.setAccessibleName(f"画面 {self.number} {face.title or '空'}")
        self.setAccessibleDescription(" ".join(part for part in (face.marks, face.status, face.words) if part))
        self.setToolTip(" · ".join(part for part in (face.title, face.note, face.status) if part))


def _shade(color: QColor, alpha: int) -> QColor:
    shade = QColor(color)
    shade.setAlpha(alpha)
    return shade


def _on_picture(theme: Theme) -> tuple[QColor, QColor]:
    return theme.colors.on_picture, theme.colors.on_picture_muted
