"""What can be said of a picture of a screen without knowing the screen."""

from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage

_FEWEST_COLOURS = 40  # text with smooth edges on several surfaces
_LARGEST_SHARE = 0.97  # of the commonest colour: a screen has words on it


def assert_is_a_screen(file: Path, width: int, height: int) -> float:
    """Exactly this size and not blank; gives the mean brightness, 0 to 255."""
    image = QImage(str(file)).convertToFormat(QImage.Format.Format_RGB32)
    assert (image.width(), image.height()) == (width, height)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(height, -1)[:, :width] & 0xFFFFFF
    _colours, counts = np.unique(pixels[:: max(1, height // 540)], return_counts=True)
    assert len(counts) >= _FEWEST_COLOURS
    assert counts.max() / counts.sum() <= _LARGEST_SHARE
    return float(np.frombuffer(image.constBits(), np.uint8).mean())
