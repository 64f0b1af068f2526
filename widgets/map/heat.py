"""Density as colours: nothing is transparent, the most is the strongest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from widgets.theme import Theme

_STRONGEST = 0.8


def heat_image(values: NDArray[np.float64], theme: Theme) -> QImage:
    """Values (h, w) ≥ 0 as a picture of the same size, from amber to red, scaled to their greatest."""
    share = np.clip(np.nan_to_num(np.asarray(values, np.float64)), 0.0, None)
    share = share / share.max() if share.size and share.max() > 0 else share
    low, high = _rgb(theme.colors.near_mark), _rgb(theme.colors.overdue_mark)
    alpha = _STRONGEST * np.sqrt(share)[..., None]
    color = (low + (high - low) * share[..., None]) * alpha
    pixels = np.concatenate([color[..., ::-1], 255.0 * alpha], axis=2).round().astype(np.uint8)
    pixels = np.ascontiguousarray(pixels)
    height, width = share.shape
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()  # the array goes away


def _rgb(color: QColor) -> NDArray[np.float64]:
    return np.array([color.red(), color.green(), color.blue()], np.float64)
