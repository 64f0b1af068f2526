"""Figures over time: today filled, the same time last week and last year broken; the value where the pointer is."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from widgets.charts.chart import ENTER, Chart, Table
from widgets.charts.hours import Local, moment_words
from widgets.charts.trend_legend import Entry, Legend
from widgets.charts.trend_plot import Line, LineStyle, TrendPlot
from widgets.painting import draw_focus
from widgets.tones import Tone

NO_VALUE = "—"


@dataclass(frozen=True, eq=False)
class TrendSeries:
    """Figures at the trend's moments, nan where there is none (yet); the earlier ones are of the same moments' week
    and year before."""

    key: Hashable
    label: str
    tone: Tone
    values: np.ndarray
    last_week: np.ndarray | None = None
    last_year: np.ndarray | None = None
    filled: bool = False


@dataclass(frozen=True, eq=False)
class Trend:
    """`at`: (n,) Unix seconds, rising; `since` and `until` bound the axis."""

    at: np.ndarray
    series: Sequence[TrendSeries]
    since: float
    until: float
    week_label: str = "上周同日"
    year_label: str = "去年同日"


@dataclass(frozen=True)
class _Part:
    """One line of the chart: a series, or the same earlier."""

    series: TrendSeries
    values: np.ndarray = field(repr=False)
    label: str
    style: LineStyle


class TrendChart(Chart):
    """figure_clicked((series' key, moment)); `moment_hovered(moment | None)`. `local` tells the city's time."""

    moment_hovered = Signal(object)

    def __init__(self, title: str, local: Local = datetime.fromtimestamp, unit: str = "件") -> None:
        super().__init__(title)
        self._local, self._unit = local, unit
        self._trend: Trend | None = None
        self._parts: list[_Part] = []
        self._place: int | None = None
        self._widest = ""
        self.plot, self._legend = TrendPlot(local), Legend()
        self.plot.pointed.connect(self._on_pointed)
        self.plot.clicked.connect(self._on_clicked)
        self._rows = QVBoxLayout(self)
        self._rows.setSpacing(0)
        self._rows.addWidget(self._legend)
        self._rows.addWidget(self.plot, 1)
        self.plot.hide()
        self._legend.hide()

    def set_trend(self, trend: Trend) -> None:
        """Show this; raises ValueError where figures and moments are not as many."""
        for series in trend.series:
            for values in (series.values, series.last_week, series.last_year):
                if values is not None and len(values) != len(trend.at):
                    raise ValueError(f"{series.label}: {len(values)} figures at {len(trend.at)} moments")
        self._trend, self._parts = trend, _parts(trend)
        if self.state is not None:
            self.set_state(None)
        else:
            self.changed()

    def table(self) -> Table:
        """A row for each moment, in the city's time."""
        if self._trend is None:
            return [["时间"]]
        rows: Table = [[f"{self._local(at):%Y-%m-%d %H:%M}", *(_plain(part.values[n]) for part in self._parts)]
                       for n, at in enumerate(self._trend.at.tolist())]
        return [["时间", *(part.label for part in self._parts)], *rows]

    def has_figures(self) -> bool:
        """A trend of at least one moment and one line."""
        return self._trend is not None and len(self._trend.at) > 0 and len(self._parts) > 0

    def spoken(self) -> str:
        """The last figure of each series, and the greatest with its time."""
        return "；".join(map(self._summary, self._trend.series)) if self._trend else ""

    def value_words(self, place: int) -> str:
        """What stood at one of the moments: 14:20 受理 42 结案 38 …"""
        assert self._trend is not None
        said = (f"{part.label} {_words(part.values[place])}" for part in self._parts)
        return f"{self._moment(place)} {'，'.join(said)}"

    # ------------------------------------------------------------ drawing
    def lay_out(self) -> None:
        """Give the lines to the plot, the words to the legend."""
        shown = self.shows_figures
        side = self.theme.sizes.pad_small
        self._rows.setContentsMargins(side, 0, side, self.height() - self.tall)
        self._legend.setVisible(shown)
        self.plot.setVisible(shown)
        self._legend.set_theme(self.theme)
        self.plot.set_theme(self.theme)
        trend = self._trend
        if shown and trend is not None:
            lines = [Line(part.values, part.series.tone, part.style,
                          part.series.filled and part.style is LineStyle.TODAY) for part in self._parts]
            self.plot.set_lines(trend.at, lines, trend.since, trend.until)
            self._widest = _words(max((float(np.nanmax(part.values, initial=0)) for part in self._parts), default=0))
            self._point_at(self._place if self._place is not None and self._place < len(trend.at) else None)

    def draw(self, painter: QPainter) -> None:
        """The parts draw themselves; the ring says where the keyboard is."""
        if self.hasFocus():
            draw_focus(painter, self.rect(), self.theme, self.theme.sizes.radius_small)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The plot does what is needed."""
        super().resizeEvent(event)
        self._legend.set_compact(self.height() < 6 * self.theme.sizes.row_height)

    # ------------------------------------------------------------ values
    def _point_at(self, place: int | None) -> None:
        self._place = place
        trend = self._trend
        if trend is None:
            return
        self.plot.point_at(None if place is None else float(trend.at[place]))
        at = "" if place is None else self._moment(place)
        self._legend.set_entries([Entry(part.label, part.series.tone, part.style,
                                        "" if place is None else _words(part.values[place]), self._widest)
                                  for part in self._parts], at)
        self.setAccessibleDescription("" if place is None else self.value_words(place))
        self.moment_hovered.emit(None if place is None else float(trend.at[place]))

    def _moment(self, place: int) -> str:
        assert self._trend is not None
        return moment_words(float(self._trend.at[place]), self._trend.until - self._trend.since, self._local)

    def _on_pointed(self, at: float | None) -> None:
        place = None if at is None else self._nearest(at)
        if place != self._place:
            self._point_at(place)

    def _on_clicked(self, at: float, value: float) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        place = self._nearest(at)
        if place is not None and self._trend is not None:
            known = [series for series in self._trend.series if np.isfinite(series.values[place])]
            if known:
                self._ask(min(known, key=lambda series: abs(series.values[place] - value)), place)

    def _nearest(self, at: float) -> int | None:
        trend = self._trend
        return None if trend is None or not len(trend.at) else int(np.abs(trend.at - at).argmin())

    def _ask(self, series: TrendSeries, place: int) -> None:
        assert self._trend is not None
        self.figure_clicked.emit((series.key, float(self._trend.at[place])))

    # ------------------------------------------------------------ keyboard
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go through the moments, Enter asks about the first series, Escape takes the line away."""
        last = len(self._trend.at) - 1 if self._trend is not None and self.shows_figures else -1
        here = self._place if self._place is not None else self._newest()
        steps = {Qt.Key.Key_Left: here - 1, Qt.Key.Key_Right: here + 1, Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        if last < 0 and self.state is not None and self.state.action_text and event.key() in ENTER:
            self.state_action.emit()
        elif last < 0:
            event.ignore()
        elif event.key() in steps:
            self._point_at(max(0, min(steps[Qt.Key(event.key())], last)))
        elif event.key() in ENTER and self._place is not None and self._trend is not None and self._trend.series:
            self._ask(self._trend.series[0], self._place)
        elif event.key() == Qt.Key.Key_Escape and self._place is not None:
            self._point_at(None)
        else:
            event.ignore()

    def mousePressEvent(self, event: QEvent) -> None:
        """In a state with something to do, a click does it."""
        if not self.shows_figures and self.state is not None and self.state.action_text:
            self.state_action.emit()

    def _newest(self) -> int:
        """The last moment of which anything is known."""
        if self._trend is None or not self._trend.series:
            return 0
        known = np.flatnonzero(np.isfinite(self._trend.series[0].values))
        return int(known[-1]) if len(known) else 0

    def _summary(self, series: TrendSeries) -> str:
        known = np.flatnonzero(np.isfinite(series.values))
        if not len(known):
            return f"{series.label} 没有数据"
        last, top = int(known[-1]), int(known[np.argmax(series.values[known])])
        return (f"{series.label} {self._moment(last)} {_words(series.values[last])} {self._unit}，"
                f"最高 {self._moment(top)} {_words(series.values[top])} {self._unit}")

    def sizeHint(self) -> QSize:
        """Wide."""
        sizes = self.theme.sizes
        return QSize(sizes.row_height * 14, sizes.row_height * 5)

    def minimumSizeHint(self) -> QSize:
        """A strip with its axis."""
        sizes = self.theme.sizes
        return QSize(sizes.row_height * 5, sizes.row_height * 2)


def _parts(trend: Trend) -> list[_Part]:
    """Earlier lines first, so that today lies above them; in the legend each follows its own series."""
    parts = []
    for series in trend.series:
        parts.append(_Part(series, series.values, series.label, LineStyle.TODAY))
        for values, words, style in ((series.last_week, trend.week_label, LineStyle.WEEK),
                                     (series.last_year, trend.year_label, LineStyle.YEAR)):
            if values is not None:
                parts.append(_Part(series, values, f"{series.label} {words}", style))
    return parts


def _words(value: float) -> str:
    return f"{value:,.0f}" if np.isfinite(value) and value == round(value) else \
        f"{value:,.1f}" if np.isfinite(value) else NO_VALUE


def _plain(value: float) -> object:
    return "" if not np.isfinite(value) else int(value) if value == round(value) else round(float(value), 2)
