"""The hand over the table: where it points, and keeping that row there while others come and go."""

from collections.abc import Hashable, Iterable

from PySide6.QtWidgets import QTableView


class Hand:
    """Knows the pointer's height over the viewport; remembers visible rows before a change and scrolls back after.

    The height and not the row is kept, because rows move under a pointer that does not.
    """

    def __init__(self, view: QTableView) -> None:
        self._view = view
        self._anchors: list[tuple[Hashable, int]] = []
        self._height: int | None = None
        self.dragging = False

    @property
    def row(self) -> int:
        """Row under the pointer; −1 without one."""
        return -1 if self._height is None else self._view.rowAt(self._height)

    @property
    def holding(self) -> bool:
        """Whether a place was remembered."""
        return bool(self._anchors)

    def point_at(self, height: int | None) -> None:
        """The pointer is at this height (px from the viewport's top), or left with None."""
        self._height = height

    def remember(self) -> None:
        """Take the row to keep: the one pointed at, else the first visible one if the table was scrolled or dragged."""
        scrolled = self._view.verticalScrollBar().value() > 0
        first = self.row
        if first < 0 and (scrolled or self.dragging):
            first = self._view.rowAt(0)
        self._anchors = self._visible_from(first) if first >= 0 else []

    def restore(self) -> None:
        """Scroll so that the first remembered row that is still there stands where it stood."""
        for key, top in self._anchors:
            row = self._view.model().row_of(key)
            if row is not None:
                self._scroll_by(self._view.rowViewportPosition(row) - top)
                break
        self._anchors = []

    def count_above(self, keys: Iterable[Hashable]) -> int:
        """How many of these keys are shown above what can be seen."""
        top, row_of = self._view.rowAt(0), self._view.model().row_of
        rows = (row_of(key) for key in keys)
        return sum(1 for row in rows if row is not None and row < top)

    def _visible_from(self, first: int) -> list[tuple[Hashable, int]]:
        """This row and those below it, which take its part should it go."""
        model, view = self._view.model(), self._view
        last = view.rowAt(view.viewport().height() - 1)
        last = model.rowCount() - 1 if last < 0 else last
        return [(model.key_at(row), view.rowViewportPosition(row)) for row in range(first, last + 1)]

    def _scroll_by(self, distance: int) -> None:
        if distance:
            self._view.updateGeometries()  # the scroll bar learns of new rows only at the next layout
            bar = self._view.verticalScrollBar()
            bar.setValue(bar.value() + distance)
