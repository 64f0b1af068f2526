"""What stands for a clip among photos: its picture, or the dark of a screen, under a mark that says it plays."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF

from widgets.theme import Theme, current_theme

_SHARPNESS = 2  # pixels for one of the theme's, for screens that have them
_SHADE = 150  # of 255, behind the mark


def clip_tile(still: QImage | None = None) -> QImage:
    """As large as a photo's tile; without a picture always the same image."""
    theme = current_theme()
    return _drawn(theme, still) if still is not None else _empty(theme.sizes.thumb_width, theme.sizes.thumb_height)


@lru_cache(maxsize=8)
def _empty(_width: int, _height: int) -> QImage:
    return _drawn(current_theme(), None)


def _drawn(theme: Theme, still: QImage | None) -> QImage:
    size = QSize(theme.sizes.thumb_width, theme.sizes.thumb_height) * _SHARPNESS
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(theme.colors.picture_shade)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if still is not None:
        mode = Qt.AspectRatioMode.KeepAspectRatioByExpanding
        filling = still.scaled(size, mode, Qt.TransformationMode.SmoothTransformation)
        painter.drawImage((size.width() - filling.width()) // 2, (size.height() - filling.height()) // 2, filling)
    _draw_mark(painter, image.rect(), theme)
    painter.end()
    return image


def _draw_mark(painter: QPainter, rect: QRect, theme: Theme) -> None:
    """A triangle in a disk."""
    radius, center = rect.height() / 5, QPointF(rect.center())
    shade = QColor(theme.colors.picture_shade)
    shade.setAlpha(_SHADE)
    painter.setPen(theme.colors.on_picture)
    painter.setBrush(shade)
    painter.drawEllipse(center, radius, radius)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colors.on_picture)
    half = radius / 2
    corners = [QPointF(-half * 0.8, -half), QPointF(-half * 0.8, half), QPointF(half, 0)]
    painter.drawPolygon(QPolygonF([center + corner for corner in corners]))
