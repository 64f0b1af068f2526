"""A chart under its heading, in a frame, with the menu that exports it; all in the chart's size of type."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from widgets.charts.chart import Chart, scaled
from widgets.charts.export import PanelExport
from widgets.painting import RIGHT, draw_frame, draw_text
from widgets.theme import Theme, current_theme, theme_events


class ChartPanel(QWidget):
    """`chart` is what it holds; `export` tells what became of an export."""

    def __init__(self, chart: Chart, detail: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = chart
        self._detail, self._scale = detail, 1.0
        self._theme: Theme = current_theme()
        self._rows = QVBoxLayout(self)
        self._rows.setSpacing(0)
        self._rows.addWidget(chart)
        self.export = PanelExport(self, lambda: chart.title, chart.table)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.set_detail(detail)
        self._on_theme()
        theme_events().changed.connect(self._on_theme)

    @property
    def type_scale(self) -> float:
        """How many times larger than on a desk it is drawn."""
        return self._scale

    @type_scale.setter
    def type_scale(self, scale: float) -> None:
        self._scale = scale
        self.chart.type_scale = scale
        self._on_theme()

    def set_title(self, title: str, detail: str = "") -> None:
        """Say what the panel shows."""
        self.chart.title = title
        self.chart.tell()
        self.set_detail(detail)

    def set_detail(self, detail: str) -> None:
        """The words at the right of the heading."""
        self._detail = detail
        self.setAccessibleName("，".join(filter(None, (self.chart.title, detail))))
        self.update()

    def sizeHint(self) -> QSize:
        """The chart and its heading."""
        return self.chart.sizeHint() + QSize(2 * self._theme.sizes.pad, self._theme.sizes.panel_header)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Frame and heading; the title gives way last."""
        painter, theme, sizes = QPainter(self), self._theme, self._theme.sizes
        draw_frame(painter, self.rect(), theme, theme.colors.line, theme.colors.surface, sizes.radius)
        head = QRect(0, 0, self.width(), sizes.panel_header)
        painter.fillRect(head.left(), head.bottom(), head.width(), sizes.line_width, theme.colors.line)
        inner = head.adjusted(sizes.pad, 0, -sizes.pad, 0)
        taken = draw_text(painter, inner, self.chart.title, theme.font("title", True), theme.colors.text)
        inner.adjust(taken + sizes.pad, 0, 0, 0)
        draw_text(painter, inner, self._detail, theme.font("small"), theme.colors.text_muted, RIGHT)

    def _on_theme(self) -> None:
        self._theme = scaled(current_theme(), self._scale)
        sizes = self._theme.sizes
        side = sizes.pad - sizes.pad_small    # lines of a chart have pad_small of their own
        self._rows.setContentsMargins(side, sizes.panel_header + sizes.pad_small, side, sizes.pad_small)
        self.updateGeometry()
        self.update()
