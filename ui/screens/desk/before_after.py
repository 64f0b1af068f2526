"""Two pictures side by side, large: what it was and what it is now (核查)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from widgets.painting import CENTER, draw_frame, draw_text
from widgets.photo_strip import Photo
from widgets.styling import label
from widgets.theme import current_theme


class _Picture(QWidget):
    """One picture fitted into its frame; a click opens it."""

    clicked = Signal(object)

    def __init__(self, missing: str) -> None:
        super().__init__()
        self._missing = missing
        self.photo: Photo | None = None
        self._drawn: tuple[QImage, QSize, QPixmap] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_photo(self, photo: Photo | None) -> None:
        """Another picture, or none."""
        self.photo = photo
        self.setAccessibleName(photo.caption if photo else self._missing)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture in the middle, or what there is instead."""
        theme, painter = current_theme(), QPainter(self)
        draw_frame(painter, self.rect(), theme, theme.colors.line, theme.colors.surface, theme.sizes.radius_small)
        image = self.photo.image if self.photo else None
        if image is None:
            words = self._missing if self.photo is None else self.photo.error or "载入中"
            draw_text(painter, self.rect(), words, theme.font(), theme.colors.text_muted, CENTER)
            return
        pixmap = self._fitted(image)
        target = QRect(0, 0, round(pixmap.width() / pixmap.devicePixelRatio()),
                       round(pixmap.height() / pixmap.devicePixelRatio()))
        target.moveCenter(self.rect().center())
        painter.drawPixmap(target, pixmap)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the viewer."""
        if self.photo is not None and self.photo.image is not None:
            self.clicked.emit(self.photo.key)
        super().mousePressEvent(event)

    def sizeHint(self) -> QSize:
        """Large enough to judge by."""
        return QSize(current_theme().sizes.thumb_width * 2, current_theme().sizes.thumb_height * 2)

    def _fitted(self, image: QImage) -> QPixmap:
        wanted = self.size() * self.devicePixelRatioF()
        if self._drawn is None or self._drawn[0] is not image or self._drawn[1] != wanted:
            scaled = image.scaled(wanted, Qt.AspectRatioMode.KeepAspectRatio,
                                  Qt.TransformationMode.SmoothTransformation)
            pixmap = QPixmap.fromImage(scaled)
            pixmap.setDevicePixelRatio(self.devicePixelRatioF())
            self._drawn = (image, wanted, pixmap)
        return self._drawn[2]


class BeforeAfter(QWidget):
    """opened(key): a picture was clicked."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.before, self.after = _Picture("没有处置前照片"), _Picture("没有处置后照片")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for title, picture in (("处置前", self.before), ("处置后", self.after)):
            column = QVBoxLayout()
            column.addWidget(label(title, role="muted"))
            column.addWidget(picture, 1)
            row.addLayout(column, 1)
            picture.clicked.connect(self.opened)

    def set_photos(self, before: Sequence[Photo], after: Sequence[Photo]) -> None:
        """The newest of each; the scene stands for before."""
        self.before.show_photo(before[-1] if before else None)
        self.after.show_photo(after[-1] if after else None)
