"""What the widget shows at this moment, and the pictures of one scale that are laid beneath it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRect

from widgets.map.data import Boxes, Ids
from widgets.map.ground import Piece
from widgets.map.picture import Picture

SIDE = 512  # device pixels of a picture's side

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the widget shows, in device pixels: `x`, `y` the local metres in its middle, `scale` pixels per metre."""

    x: float
    y: float
    scale: float
    width: int
    height: int

    def corner(self, scale: float) -> tuple[float, float]:
        """The widget's left top corner in pixels of a level of this scale, as it is laid over the widget."""
        ratio = self.scale / scale
        return round(self.x * self.scale - self.width / 2) / ratio, round(self.y * self.scale - self.height / 2) / ratio

    def spans(self, scale: float, margin: float = 0.0) -> tuple[range, range]:
        """Columns and rows of a level's pictures that are seen; margin: widget pixels around."""
        left, top = self.corner(scale)
        ratio = self.scale / scale
        columns = span(left - margin / ratio, (self.width + 2 * margin) / ratio)
        return columns, span(top - margin / ratio, (self.height + 2 * margin) / ratio)

    def keys(self, scale: float, margin: float = 0.0) -> list[Key]:
        """Pictures of a level that are seen."""
        columns, rows = self.spans(scale, margin)
        return [(column, row) for row in rows for column in columns]

    def middlemost(self, keys: list[Key], scale: float) -> Key:
        """The one of these pictures that is nearest to the middle of the widget."""
        x, y = self.x * scale / SIDE - 0.5, self.y * scale / SIDE - 0.5
        return min(keys, key=lambda key: max(abs(key[0] - x), abs(key[1] - y)))

    def place(self, key: Key, scale: float) -> QRect:
        """Where a picture of a level is drawn, in device pixels of the widget; neighbours meet without a gap."""
        ratio = self.scale / scale
        left = round(self.x * self.scale - self.width / 2)
        top = round(self.y * self.scale - self.height / 2)
        x, y = round(key[0] * SIDE * ratio) - left, round(key[1] * SIDE * ratio) - top
        right, bottom = round((key[0] + 1) * SIDE * ratio) - left, round((key[1] + 1) * SIDE * ratio) - top
        return QRect(x, y, right - x, bottom - y)


class Level:
    """Pictures of one scale. A picture without anything on it is None and costs nothing."""

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self.pictures: dict[Key, Picture | None] = {}
        self.stale: set[Key] = set()  # shown until painted anew
        self.changed: dict[Key, set[int]] = {}  # rows of cells to repaint in place
        self.missed: dict[Key, set[int]] = {}  # rows that changed while the picture was being painted

    def piece(self, key: Key) -> Piece:
        """What a picture shows."""
        return Piece(self.scale, key[0] * SIDE, key[1] * SIDE, SIDE, SIDE)

    def lacks(self, keys: list[Key]) -> list[Key]:
        """Which of these are not painted, or only as they were."""
        return [key for key in keys if key not in self.pictures or key in self.stale]

    def covers(self, keys: list[Key]) -> bool:
        """Whether all of these are painted."""
        return all(key in self.pictures for key in keys)

    def present(self, frame: Frame) -> list[Key]:
        """Pictures there are that are seen in this frame."""
        columns, rows = frame.spans(self.scale)
        return [key for key in self.pictures if key[0] in columns and key[1] in rows]

    def keep(self, keys: list[Key]) -> None:
        """Forget all others."""
        for key in set(self.pictures).difference(keys):
            self._forget(key)

    def rest(self) -> None:
        """Give back the memory that only makes drawing quicker."""
        for picture in filter(None, self.pictures.values()):
            picture.rest()

    def note(self, rows: Ids, boxes: Boxes) -> None:
        """These cells look otherwise now."""
        spans = np.floor(boxes * self.scale / SIDE).astype(int).tolist()
        for row, (left, top, right, bottom) in zip(rows.tolist(), spans, strict=True):
            for key in [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]:
                if key in self.missed:
                    self.missed[key].add(row)
                elif key in self.pictures:
                    self.changed.setdefault(key, set()).add(row)

    def renew_box(self, box: Sequence[float]) -> None:
        """Pictures that touch a box of local metres are as they were, no longer as they should be."""
        left, top, right, bottom = (int(np.floor(edge * self.scale / SIDE)) for edge in box)
        self.stale.update((x, y) for x, y in self.pictures if left <= x <= right and top <= y <= bottom)

    def take(self, key: Key, picture: Picture | None) -> None:
        """This picture was painted."""
        self.pictures[key] = picture
        self.stale.discard(key)
        missed = self.missed.pop(key, None)
        if missed and picture is not None:
            self.changed[key] = missed

    def _forget(self, key: Key) -> None:
        del self.pictures[key]
        self.stale.discard(key)
        self.changed.pop(key, None)


def span(start: float, length: float) -> range:
    """Columns or rows of pictures between two pixels."""
    return range(int(start // SIDE), int((start + length - 1e-6) // SIDE) + 1)
