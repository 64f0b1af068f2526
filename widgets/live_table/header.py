"""The live table's header: quiet titles, a mark on the sorted column."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from widgets.live_table.row_painter import header_align
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
