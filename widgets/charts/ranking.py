"""A ranking: place, name and figures in columns, as many lines as there is room; the rest can be scrolled to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QWheelEvent

from widgets.charts.chart import Spot, Table
from widgets.charts.rows import SpotChart, fitting
from widgets.figure_table import Figure, FigureColumn, FigureRow
from widgets.painting import RIGHT, draw_text, text_width


class Ranking(SpotChart):
    """figure_clicked((row's key, column's key)); the order is the caller's."""

    def __init__(self, title: str, name: str = "单位") -> None:
        super().__init__(title)
        self._name = name
        self._columns: tuple[FigureColumn, ...] = ()
        self._rows: tuple[FigureRow, ...] = ()
        self._first = 0

    def set_columns(self, columns: Sequence[FigureColumn]) -> None:
        """What the figures are."""
        self._columns = tuple(columns)
        self.changed()

    def set_rows(self, rows: Sequence[FigureRow]) -> None:
        """Show these, first place first; the same ones again cost nothing."""
        if tuple(rows) == self._rows and self.state is None:
            return
        self._rows = tuple(rows)
        if self.state is not None:
            self.set_state(None)
        else:
            self.changed()

    def table(self) -> Table:
        """Every place, also those out of sight."""
        head: list[object] = ["名次", self._name, *(column.title for column in self._columns)]
        return [head, *([place, row.title, *(_plain(figure) for figure in row.figures)]
                        for place, row in enumerate(self._rows, 1))]

    def has_figures(self) -> bool:
        """Any place."""
        return bool(self._rows)

    def spoken(self) -> str:
        """Every place with its figures."""
        return "；".join(self._told(place, row) for place, row in enumerate(self._rows))

    def shown(self) -> range:
        """The places in sight."""
        high = self._line()
        room = max(1, self.tall // high - 1)
        if len(self._rows) > room:
            room = max(1, room - 1)    # the line that says so
        self._first = max(0, min(self._first, len(self._rows) - room))
        return range(self._first, min(len(self._rows), self._first + room))

    def scroll(self, lines: int) -> None:
        """Show others."""
        self._first += lines
        self.lay_out()
        self.update()

    def lay_out(self) -> None:
        """A spot for each figure in sight."""
        high, spots = self._line(), []
        for line, place in enumerate(self.shown(), 1):
            row = self._rows[place]
            for number, (column, figure) in enumerate(zip(self._columns, row.figures, strict=True)):
                cell = self._cell(number, line * high)
                told = " ".join(filter(None, (row.told or row.title, column.title, figure.text, figure.told)))
                spots.append(Spot(cell, told, (row.key, column.key)))
        self.place_spots(spots)

    def draw(self, painter: QPainter) -> None:
        """Headings, lines, and how many there are when not all are in sight."""
        self.draw_marks(painter)
        theme, high = self.theme, self._line()
        small = fitting(theme.font("small"), high)
        for number, column in enumerate(self._columns):
            draw_text(painter, self._inner(self._cell(number, 0)), column.title, small, theme.colors.text_muted, RIGHT)
        shown = self.shown()
        for line, place in enumerate(shown, 1):
            self._draw_row(painter, place, line * high)
        if len(shown) < len(self._rows):
            words = f"第 {shown.start + 1}–{shown.stop} 名，共 {len(self._rows)} 个{self._name}"
            rest = QRect(0, (len(shown) + 1) * high, self.width(), high)
            draw_text(painter, self._inner(rest), words, small, theme.colors.text_muted, RIGHT)

    def _draw_row(self, painter: QPainter, place: int, top: int) -> None:
        theme, row, high = self.theme, self._rows[place], self._line()
        font, strong = fitting(theme.font("title"), high), fitting(theme.font("title", True), high)
        number = text_width(font, f"{len(self._rows)}") + theme.sizes.pad
        lead = self._inner(QRect(0, top, self.width(), high))
        draw_text(painter, lead, str(place + 1), font, theme.colors.text_faint)
        room = lead.adjusted(number, 0, self._figures_left() - lead.right(), 0)
        draw_text(painter, room, row.title, font, theme.colors.text)
        for column, figure in enumerate(row.figures):
            cell = self._inner(self._cell(column, top))
            draw_text(painter, cell, figure.text, strong, theme.figure(figure.tone), RIGHT)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A notch is a line."""
        self.scroll(-1 if event.angleDelta().y() > 0 else 1)

    def step(self, key: int) -> bool:
        """Up and down by lines, also to those out of sight; left and right by figures."""
        wide, last = max(1, len(self._columns)), len(self._spots) - 1
        if not self.shows_figures or last < 0:
            return False
        if key not in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            return super().step(key)
        way = 1 if key == Qt.Key.Key_Down else -1
        if not 0 <= self._current + way * wide <= last:
            self.scroll(way)    # the keyboard stays on its figure, which lies a line further now
        if 0 <= self._current + way * wide < len(self._spots):
            self.go_to(self._current + way * wide)
        return True

    def sizeHint(self) -> QSize:
        """A heading and six lines."""
        sizes = self.theme.sizes
        return QSize(sizes.queue_row * 9, self._line() * 7)

    def minimumSizeHint(self) -> QSize:
        """A heading and two lines."""
        return QSize(self.theme.sizes.queue_row * 5, self._line() * 3)

    def _line(self) -> int:
        return self.theme.sizes.font_title + 2 * self.theme.sizes.pad_small

    def _cell(self, column: int, top: int) -> QRect:
        wide = self._wide()
        return QRect(self.width() - (len(self._columns) - column) * wide, top, wide, self._line())

    def _wide(self) -> int:
        """All columns are as wide as the widest title or figure."""
        strong, small = self.theme.font("title", True), self.theme.font("small")
        figures = [text_width(strong, figure.text) for row in self._rows for figure in row.figures]
        return max([*figures, *(text_width(small, column.title) for column in self._columns)], default=0) \
            + 2 * self.theme.sizes.pad

    def _figures_left(self) -> int:
        return self.width() - len(self._columns) * self._wide()

    def _inner(self, rect: QRect) -> QRect:
        return rect.adjusted(self.theme.sizes.pad_small, 0, -self.theme.sizes.pad_small, 0)

    def _told(self, place: int, row: FigureRow) -> str:
        figures = " ".join(f"{column.title} {figure.text}"
                           for column, figure in zip(self._columns, row.figures, strict=True))
        return f"{place + 1} {row.title} {figures}"


def _plain(figure: Figure) -> object:
    return figure.text if figure.value is None else figure.value
