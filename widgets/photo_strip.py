"""Photos side by side with captions, and a viewer that does not stop the work."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from widgets.painting import CENTER, LEFT, draw_focus, draw_frame, draw_text
from widgets.state_panel import StateKind, StatePanel, TableState
from widgets.styling import label
from widgets.theme import current_theme, theme_events

_NO_PHOTOS = TableState(StateKind.EMPTY, "没有照片")


@dataclass(frozen=True)
class Photo:
    """A picture with its caption (处置前); no image means loading, or ``error`` says why there is none."""

    key: Hashable
    caption: str
    image: QImage | None = None
    error: str = ""


class _Thumb(QAbstractButton):
    """One photo, cropped to fill its frame."""

    def __init__(self, photo: Photo, parent: QWidget) -> None:
        super().__init__(parent)
        self.photo = photo
        self._scaled: tuple[QImage, QSize, QPixmap] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_photo(photo)

    def show_photo(self, photo: Photo) -> None:
        """Show another state of the photo, or another photo."""
        self.photo = photo
        self.setAccessibleName(f"照片 {photo.caption}")
        self.setAccessibleDescription(photo.error or ("" if photo.image else "载入中"))
        self.setToolTip(photo.error or photo.caption)
        self.update()

    def sizeHint(self) -> QSize:
        """Frame and caption."""
        sizes = current_theme().sizes
        return QSize(sizes.thumb_width, sizes.thumb_height + self._caption_height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Picture, or what there is instead; caption below."""
        theme, painter = current_theme(), QPainter(self)
        sizes, colors = theme.sizes, theme.colors
        frame = QRect(0, 0, self.width(), sizes.thumb_height)
        draw_frame(painter, frame, theme, colors.line, colors.surface, sizes.radius_small)
        if self.photo.image is not None and not self.photo.image.isNull():
            painter.drawPixmap(frame.topLeft(), self._pixmap(self.photo.image, frame.size()))
        else:
            words = f"⚠ {self.photo.error}" if self.photo.error else "◐ 载入中"
            color = colors.overdue if self.photo.error else colors.text_muted
            draw_text(painter, frame, words, theme.font("small"), color, CENTER)
        below = QRect(0, frame.bottom() + 1, self.width(), self._caption_height())
        draw_text(painter, below, self.photo.caption, theme.font("small"), colors.text_muted, LEFT)
        if self.hasFocus() or self.underMouse():
            draw_focus(painter, frame, theme, sizes.radius_small)

    def _caption_height(self) -> int:
        return current_theme().sizes.font_small + current_theme().sizes.pad_small * 2

    def _pixmap(self, image: QImage, size: QSize) -> QPixmap:
        ratio = self.devicePixelRatioF()
        wanted = size * ratio
        if self._scaled is None or self._scaled[0] is not image or self._scaled[1] != wanted:
            self._scaled = (image, wanted, _cropped(image, wanted, ratio))
        return self._scaled[2]


class PhotoStrip(QWidget):
    """Shows photos; ``opened(key)`` by click or Enter, only for a photo that is there."""

    opened = Signal(object)
    state_action = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbs: list[_Thumb] = []
        self._content, self._scroll, self._state = QWidget(), QScrollArea(), StatePanel()
        self._content.setProperty("role", "scroll_content")
        self._row = QHBoxLayout(self._content)
        self._row.addStretch(1)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._scroll.setWidgetResizable(True)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._content)
        self._state.action_triggered.connect(self.state_action)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        outer.addWidget(self._state)
        self._on_theme()
        self.set_photos(())
        theme_events().changed.connect(self._on_theme)

    def set_photos(self, photos: Sequence[Photo]) -> None:
        """Show these photos in order; none says so."""
        while len(self._thumbs) > len(photos):
            thumb = self._thumbs.pop()
            self._row.removeWidget(thumb)
            thumb.hide()
            thumb.deleteLater()
        for place, photo in enumerate(photos):
            if place < len(self._thumbs):
                self._thumbs[place].show_photo(photo)
            else:
                self._add(photo)
        self.set_state(None if photos else _NO_PHOTOS)

    def photos(self) -> list[Photo]:
        """The photos shown."""
        return [thumb.photo for thumb in self._thumbs]

    def show_last(self) -> None:
        """Bring the newest one into sight, once it has its place."""
        if self._thumbs:
            last = self._thumbs[-1]
            QTimer.singleShot(0, last, lambda: self._scroll.ensureWidgetVisible(last))

    def set_state(self, state: TableState | None) -> None:
        """Show a state instead of the photos; None shows the photos."""
        self._state.set_state(state or TableState())
        self._state.setVisible(state is not None)
        self._scroll.setVisible(state is None)

    def _add(self, photo: Photo) -> None:
        thumb = _Thumb(photo, self._content)
        thumb.clicked.connect(lambda: self._open(thumb.photo))
        self._thumbs.append(thumb)
        self._row.insertWidget(self._row.count() - 1, thumb)

    def _open(self, photo: Photo) -> None:
        if photo.image is not None:
            self.opened.emit(photo.key)

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._row.setSpacing(sizes.gap)
        self._scroll.setFixedHeight(sizes.thumb_height + sizes.font_small + sizes.pad_small * 2 + sizes.scrollbar)


class PhotoViewer(QDialog):
    """A non-modal window with one photo at a time; arrows turn the leaves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photos: list[Photo] = []
        self._place = 0
        self._picture, self._caption = QLabel(), label(role="muted")
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._back, self._on = QPushButton("‹ 上一张"), QPushButton("下一张 ›")
        self._back.clicked.connect(lambda: self._turn(-1))
        self._on.clicked.connect(lambda: self._turn(1))
        self._build()
        self.setModal(False)
        self.setWindowTitle("照片")
        self.resize(current_theme().sizes.thumb_width * 7, current_theme().sizes.thumb_height * 6)

    def _build(self) -> None:
        self._back.setShortcut(Qt.Key.Key_Left)
        self._on.setShortcut(Qt.Key.Key_Right)
        foot = QHBoxLayout()
        foot.addWidget(self._caption, 1)
        foot.addWidget(self._back)
        foot.addWidget(self._on)
        outer = QVBoxLayout(self)
        outer.addWidget(self._picture, 1)
        outer.addLayout(foot)

    def show_photos(self, photos: Sequence[Photo], key: Hashable) -> None:
        """Open at the photo of this key; photos without a picture are left out. Raises KeyError if it is not there."""
        self._photos = [photo for photo in photos if photo.image is not None]
        places = [place for place, photo in enumerate(self._photos) if photo.key == key]
        if not places:
            raise KeyError(key)
        self._place = places[0]
        self._show_photo()
        self.show()
        self.raise_()

    def current_key(self) -> Hashable | None:
        """Key of the photo in sight."""
        return self._photos[self._place].key if self._photos else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The photo fills the window."""
        super().resizeEvent(event)
        self._show_photo()

    def _turn(self, step: int) -> None:
        self._place = max(0, min(len(self._photos) - 1, self._place + step))
        self._show_photo()

    def _show_photo(self) -> None:
        if not self._photos:
            return
        photo, ratio = self._photos[self._place], self.devicePixelRatioF()
        mode = Qt.TransformationMode.SmoothTransformation
        image = photo.image.scaled(self._picture.size() * ratio, Qt.AspectRatioMode.KeepAspectRatio, mode)
        image.setDevicePixelRatio(ratio)
        self._picture.setPixmap(QPixmap.fromImage(image))
        self._picture.setAccessibleName(photo.caption)
        self._caption.setText(f"{photo.caption}　{self._place + 1} / {len(self._photos)}")
        self._back.setEnabled(self._place > 0)
        self._on.setEnabled(self._place < len(self._photos) - 1)


def _cropped(image: QImage, size: QSize, ratio: float) -> QPixmap:
    mode = Qt.TransformationMode.SmoothTransformation
    filling = image.scaled(size, Qt.AspectRatioMode.KeepAspectRatioByExpanding, mode)
    left, top = (filling.width() - size.width()) // 2, (filling.height() - size.height()) // 2
    pixmap = QPixmap.fromImage(filling.copy(left, top, size.width(), size.height()))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
