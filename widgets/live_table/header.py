"""The live table's header: quiet titles, a mark on the sorted column."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from widgets.live_table.row_painter import Section, header_align
from widgets.painting import draw_text
from widgets.theme import current_theme


class LiveHeader(QHeaderView):
    """Paints its sections from the model's columns so that titles stand exactly over the cells."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.left_margin = 0
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setMinimumSectionSize(2)
        self.sectionClicked.connect(self._sort)

    def sizeHint(self) -> QSize:
        """Height from the theme."""
        return QSize(super().sizeHint().width(), current_theme().sizes.header_height)

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        """Draw one title."""
        model, theme = self.model(), current_theme()
        column, sizes = model.columns[logical], theme.sizes
        painter.fillRect(rect, theme.colors.background)
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), sizes.line_width, theme.colors.line)
        left = self.left_margin if logical == 0 else sizes.pad_small // 2
        right = sizes.pad if logical == len(model.columns) - 1 else sizes.pad_small
        sorted_by, descending = model.sorted_by
        marked = sorted_by == column.key
        text = f"{column.title} {'▼' if descending else '▲'}" if marked else column.title
        color = theme.colors.action if marked else theme.colors.text_faint
        draw_text(painter, rect.adjusted(left, 0, -right, 0), text, theme.font("small"), color, header_align(column))

    def sections(self) -> list[Section]:
        """Columns in sight from left to right, with their places."""
        columns = self.model().columns if self.model() else ()
        visual = sorted(range(len(columns)), key=self.visualIndex)
        return [
            Section(columns[number], self.sectionPosition(number), self.sectionSize(number))
            for number in visual
            if not self.isSectionHidden(number)
        ]

    def _sort(self, logical: int) -> None:
        """Up, down, and back to the newest on top."""
        model = self.model()
        column, (key, descending) = model.columns[logical], model.sorted_by
        if column.sort_key is None:
            return
        if key != column.key:
            model.sort_by(column.key)
        elif not descending:
            model.sort_by(column.key, descending=True)
        else:
            model.sort_by(None)
