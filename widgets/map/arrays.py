"""Qt's painter fed from numpy: a path, and items in one piece of memory.

pyqtgraph has both (arrayToQPath, PrimitiveArray) and cannot be imported in part: half a second and 31 MB that a map
does without (ADR 074).
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPainterPath
from shiboken6 import Shiboken

from widgets.map.data import Points

# QPainterPath as QDataStream writes it: number, kind and place of each element, where the subpath began, fill rule.
_ELEMENT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])
_MOVE, _LINE = 0, 1


def path_of(points: Points, begins: NDArray[np.bool_]) -> QPainterPath:
    """A path through points (n, 2); where `begins` (n,) a line begins anew. Even and odd crossings fill it."""
    elements = np.empty(len(points), _ELEMENT)
    elements["kind"] = np.where(begins, _MOVE, _LINE)
    elements["x"], elements["y"] = points[:, 0], points[:, 1]
    stream = QDataStream(QByteArray(struct.pack(">i", len(points)) + elements.tobytes() + struct.pack(">ii", 0, 0)))
    path = QPainterPath()
    stream >> path
    return path


class Items:
    """`kind` objects of so many doubles each, as a C array that numpy writes: QLineF (4), PixmapFragment (10)."""

    def __init__(self, kind: type, fields: int) -> None:
        self._kind, self._fields = kind, fields
        self._memory = np.empty((0, fields))
        self._size = 0

    def resize(self, size: int) -> NDArray[np.float64]:
        """Have so many; their fields (size, fields), to be written. Memory grows and never shrinks."""
        if size > len(self._memory):
            self._memory = np.empty((size, self._fields))
        self._size = size
        return self._memory[:size]

    def drawn(self) -> tuple[Any, int]:
        """The first of them and their number, as the painter's calls for arrays take them; at least one."""
        return Shiboken.wrapInstance(self._memory.ctypes.data, self._kind), self._size
