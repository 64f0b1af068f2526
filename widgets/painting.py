"""Small drawings shared by painters: elided text, chips, bars, focus rings."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from widgets.theme import Theme

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter
MIDDLE, RIGHT_END = Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideRight


def draw_text(
    painter: QPainter,
    rect: QRect,
    text: str,
    font: QFont,
    color: QColor,
    align: Qt.AlignmentFlag = LEFT,
    elide: Qt.TextElideMode = RIGHT_END,
) -> int:
    """Draw one line, elided to the rectangle; returns the width drawn, in px."""
    if not text or rect.width() <= 0:
        return 0
    metrics = QFontMetrics(font)
    fitting = metrics.elidedText(text, elide, rect.width())
    painter.setFont(font)
    painter.setPen(color)
    painter.drawText(rect, int(align | Qt.TextFlag.TextSingleLine), fitting)
    return metrics.horizontalAdvance(fitting)


def draw_chip(
    painter: QPainter,
    rect: QRect,
    text: str,
    theme: Theme,
    color: QColor,
    fill: QColor | None = None,
    align: Qt.AlignmentFlag = LEFT,
) -> int:
    """Draw a word in a thin frame within ``rect``; returns the chip's width, in px."""
    if not text:
        return 0
    font, sizes = theme.font("small"), theme.sizes
    width = min(rect.width(), QFontMetrics(font).horizontalAdvance(text) + 2 * sizes.pad_small)
    left = rect.right() - width + 1 if align & Qt.AlignmentFlag.AlignRight else rect.left()
    box = QRect(left, rect.center().y() - sizes.chip_height // 2, width, sizes.chip_height)
    draw_frame(painter, box, theme, color, fill, sizes.radius_small)
    inner = box.adjusted(sizes.pad_small // 2, 0, -(sizes.pad_small // 2), 0)
    draw_text(painter, inner, text, font, color, CENTER)
    return width


def draw_frame(
    painter: QPainter,
    rect: QRect,
    theme: Theme,
    border: QColor | None,
    fill: QColor | None = None,
    radius: int = 0,
    width: int = 0,
    dashed: bool = False,
) -> None:
    """Draw a rounded box with its border inside ``rect``."""
    width = width or theme.sizes.line_width
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = (
        QPen(border, width, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine) if border else Qt.PenStyle.NoPen
    )
    painter.setPen(pen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    inset = width / 2 if border else 0
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.restore()


def draw_bar(painter: QPainter, rect: QRect, fraction: float, color: QColor, track: QColor) -> None:
    """Draw a share 0..1 as a bar in its track; anything above zero shows at least a sliver."""
    radius = rect.height() / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(track)
    painter.drawRoundedRect(rect, radius, radius)
    share = min(1.0, max(0.0, fraction))
    if share > 0:
        painter.setBrush(color)
        width = max(rect.height(), round(rect.width() * share))
        painter.drawRoundedRect(QRect(rect.left(), rect.top(), width, rect.height()), radius, radius)
    painter.restore()


def draw_focus(painter: QPainter, rect: QRect, theme: Theme, radius: int = 0) -> None:
    """Draw the ring that says where the keyboard is."""
    draw_frame(painter, rect, theme, theme.colors.action, None, radius, theme.sizes.focus_width)


def text_width(font: QFont, text: str) -> int:
    """Advance of a line in px."""
    return QFontMetrics(font).horizontalAdvance(text)
