"""Keeps the row under the hand where it is while rows come and go around it."""

from collections.abc import Hashable

from PySide6.QtWidgets import QTableView


class PlaceKeeper:
    """Remembers visible rows and their height on screen before a change, and scrolls back to them after it."""

    def __init__(self, view: QTableView) -> None:
        self._view = view
        self._anchors: list[tuple[Hashable, int]] = []

    @property
    def holding(self) -> bool:
        """Whether a place was remembered."""
        return bool(self._anchors)

    def remember(self, first_row: int) -> None:
        """Take this row, and those below it in case it goes, as the place to keep; −1 forgets."""
        self._anchors = []
        model, view = self._view.model(), self._view
        if first_row < 0:
            return
        last = view.rowAt(view.viewport().height() - 1)
        last = model.rowCount() - 1 if last < 0 else last
        for row in range(first_row, last + 1):
            self._anchors.append((model.key_at(row), view.rowViewportPosition(row)))

    def restore(self) -> None:
        """Scroll so that the first remembered row that is still there stands where it stood."""
        for key, top in self._anchors:
            row = self._view.model().row_of(key)
            if row is not None:
                self._scroll_by(self._view.rowViewportPosition(row) - top)
                break
        self._anchors = []

    def _scroll_by(self, distance: int) -> None:
        if distance:
            self._view.updateGeometries()  # the scroll bar learns of new rows only at the next layout
            bar = self._view.verticalScrollBar()
            bar.setValue(bar.value() + distance)
