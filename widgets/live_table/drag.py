"""The card that hangs at the pointer while rows are dragged."""

from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QPoint, QRect, Qt
from PySide6.QtGui import QDrag, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from widgets.painting import draw_frame, draw_text, text_width
from widgets.theme import Theme, current_theme


@dataclass(frozen=True)
class DragCard:
    """Words on the card: **非机动车乱停放** 和平里 / 另 1 件 · 乱张贴 景山."""

    strong: str
    muted: str = ""
    second_line: str = ""


def drag_pixmap(card: DragCard, theme: Theme, ratio: float) -> QPixmap:
    """Draw a card at the screen's pixel ratio."""
    sizes, strong, plain = theme.sizes, theme.font("body", strong=True), theme.font("body")
    lead = text_width(strong, card.strong) + sizes.pad_small
    wide = max(lead + text_width(plain, card.muted), text_width(plain, card.second_line))
    width, line = min(wide, sizes.row_height * 9) + 2 * sizes.pad, sizes.font_body + sizes.pad_small
    height = line * (2 if card.second_line else 1) + sizes.pad
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    draw_frame(painter, QRect(0, 0, width, height), theme, theme.colors.action, theme.colors.drag, sizes.radius)
    first = QRect(sizes.pad, sizes.pad // 2, width - 2 * sizes.pad, line)
    draw_text(painter, first, card.strong, strong, theme.colors.text)
    draw_text(painter, first.adjusted(lead, 0, 0, 0), card.muted, plain, theme.colors.text_muted)
    draw_text(painter, first.translated(0, line), card.second_line, plain, theme.colors.text_muted)
    painter.end()
    return pixmap


def drag_keys(source: QWidget, mime: QMimeData, card: DragCard, actions: Qt.DropAction) -> bool:
    """Drag until the hand lets go (Qt keeps events running meanwhile); True if somebody took the keys."""
    theme = current_theme()
    drag = QDrag(source)
    drag.setMimeData(mime)
    pixmap = drag_pixmap(card, theme, source.devicePixelRatioF())
    drag.setPixmap(pixmap)
    # It trails behind the hand, towards the table: what the target says at its right end stays in sight.
    drag.setHotSpot(QPoint(round(pixmap.deviceIndependentSize().width()) + theme.sizes.pad, -theme.sizes.pad_small))
    return drag.exec(actions, Qt.DropAction.CopyAction) != Qt.DropAction.IgnoreAction
