"""The base of the map in a byte a pixel: which class of cell lies there, and how much of a line covers it.

A quarter of the memory of colours, and a cell takes another class without its lines being drawn again (ADR 074).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from widgets.theme import Theme

Codes = NDArray[np.uint8]  # (height, width): class + CLASSES * level
CLASSES = 10  # the floor, a cell without colour, eight of the choropleth
FLOOR = 0
_THIN, _STRONG = 8, 16  # levels: shares of a pixel that a thin line covers, then those of a strong one
_LEVELS = 1 + _THIN + _STRONG
_FULL = 255


def code_of(class_: int) -> int:
    """The code of a cell's class, -1 to 7."""
    return class_ + 2


def with_lines(fills: Codes, thin: Codes, strong: Codes) -> Codes:
    """The codes of classes with the coverage (0 to 255) of thin and strong lines; of both the one that is seen more."""
    level, above = _in_steps(thin, 5), _in_steps(strong, 4)
    np.copyto(level, above + np.uint8(_THIN), where=(above > 0) & (above >= level))  # thin ones are fainter
    return np.add(fills, level * np.uint8(CLASSES), out=level)


def recoloured(codes: Codes, classes: Codes) -> Codes:
    """Codes of other classes and the same lines."""
    return np.add(codes - codes % np.uint8(CLASSES), classes, out=classes)


def palette(theme: Theme, thin_alpha: int) -> list[int]:
    """Opaque colour of each code. thin_alpha: how strong thin lines are at this scale, 0 to 255."""
    ground, (line, cover) = _classes(theme), _lines(theme, thin_alpha)
    share = cover[:, None, None] / _FULL
    return _table(ground[None] * (1 - share) + line[:, None] * share, np.full((_LEVELS, CLASSES), _FULL))


def fills_palette(theme: Theme, alpha: int) -> list[int]:
    """Colour of each code without its line; the floor is transparent."""
    cover = np.full((_LEVELS, CLASSES), alpha)
    cover[:, FLOOR] = 0
    return _table(np.broadcast_to(_classes(theme), (_LEVELS, CLASSES, 3)), cover)


def lines_palette(theme: Theme, thin_alpha: int) -> list[int]:
    """Colour of each code's line; where none is, transparent."""
    line, cover = _lines(theme, thin_alpha)
    shape = _LEVELS, CLASSES
    return _table(np.broadcast_to(line[:, None], (*shape, 3)), np.broadcast_to(cover[:, None], shape))


def _in_steps(cover: Codes, bits: int) -> Codes:
    """Shares of 255, rounded to shares of 2 ** (8 - bits)."""
    return (cover >> np.uint8(bits)) + ((cover >> np.uint8(bits - 1)) & np.uint8(1))


def _classes(theme: Theme) -> NDArray[np.float64]:
    colors = theme.colors
    return np.array([_rgb(color) for color in (colors.map_floor, colors.map_empty, *colors.choropleth)], float)


def _lines(theme: Theme, thin_alpha: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each level: colour (levels, 3) and opacity (levels,), 0 to 255."""
    color = np.repeat([_rgb(theme.colors.map_line), _rgb(theme.colors.map_border)], [1 + _THIN, _STRONG], axis=0)
    thin, strong = np.arange(1 + _THIN) / _THIN * thin_alpha, np.arange(1, 1 + _STRONG) / _STRONG * _FULL
    return color.astype(float), np.concatenate([thin, strong])


def _table(rgb: NDArray[np.float64], alpha: NDArray[np.float64]) -> list[int]:
    """Qt's 0xAARRGGBB of each code."""
    red, green, blue = np.moveaxis(np.rint(rgb).astype(np.int64), -1, 0)
    packed = (np.rint(alpha).astype(np.int64) << 24) | (red << 16) | (green << 8) | blue
    return [*packed.ravel().tolist(), *[0] * (256 - packed.size)]


def _rgb(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()
