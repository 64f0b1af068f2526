"""One picture of the map's base: codes, and colours of them where it must be quick or shows more than cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from widgets.map.codes import Codes


class Picture:
    """`codes` (height, width) is the memory of `coded`, which draws them by its colour table. `full`: in full colours;
    drawn five times as quick, four times the memory."""

    def __init__(self, width: int, height: int, palette: Sequence[int]) -> None:
        self.coded = QImage(width, height, QImage.Format.Format_Indexed8)
        self.coded.setColorTable(palette)
        self.codes: Codes = as_bytes(self.coded)
        self.full: QImage | None = None
        self.rich = False  # `full` shows what codes cannot tell

    def image(self, quick: bool) -> QImage:
        """What to draw. quick: it will be drawn again and again."""
        if self.full is None and quick:
            self.full = self.coded.convertToFormat(QImage.Format.Format_RGB32)
        return self.full or self.coded

    def mend(self, places: Sequence[QRect]) -> None:
        """The codes there are others now."""
        if self.full is None:
            return
        painter = QPainter(self.full)
        for place in places:
            painter.drawImage(place, self.coded, place)
        painter.end()

    def rest(self) -> None:
        """Give back the memory of what was only quicker."""
        if not self.rich:
            self.full = None


def as_bytes(image: QImage) -> Codes:
    """The pixels of an image of a byte a pixel, to be written (height, width). They do not keep the image."""
    rows = np.frombuffer(image.bits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()]
