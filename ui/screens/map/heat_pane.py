"""热力: over which period, hours, weekdays and items the density of cases is drawn, and how many cases that are."""

from __future__ import annotations

import asyncio
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.map import CasePlaces
from ui.bridge.map_book import MapBook
from ui.models.map_heat import HOURS, PERIODS, WEEKDAYS, HeatFilter, heat_of, period_of, wanted
from ui.screens.workplace import Workplace
from widgets.filter_chip import FilterChip
from widgets.map import Bounds, MapCanvas
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events

_SETTLE_MS = 150
_MARGIN = 0.03  # of the territory's size


class HeatPane(QWidget):
    """Hidden while there is no heat. figure_wanted(title, ids): the cases drawn, the newest first. changed():
    `working` or `count` are others."""

    figure_wanted = Signal(str, object)
    changed = Signal()

    def __init__(self, place: Workplace, book: MapBook, canvas: MapCanvas) -> None:
        super().__init__()
        self._place, self._book, self._canvas = place, book, canvas
        self._around: Bounds | None = None
        self._read: tuple[str, CasePlaces] | None = None
        self._ids = np.empty(0, np.int64)
        self.on = self.working = False
        self.error: DomainError | None = None
        self.period, self.hours = FilterChip("时段"), FilterChip("钟点")
        self.weekdays, self.major = FilterChip("星期"), FilterChip("类别")
        self.figure, self.words, self.retry = QPushButton(), label(role="muted"), QPushButton("重试")
        self._soon = QTimer(self)
        self._work: asyncio.Task[None] | None = None
        self._build()
        self._connect()
        self._on_theme()
        self.hide()

    def _build(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for part in (self.period, self.hours, self.weekdays, self.major, self.figure, self.words, self.retry):
            self._column.addWidget(part)
        set_property(self.figure, "kind", "link")
        set_property(self.retry, "kind", "chip")
        self.words.setWordWrap(True)
        self.period.set_options([(key, words) for key, words in PERIODS.items() if key != "month"], PERIODS["month"])
        self.hours.set_options([(key, words) for key, (words, _, _) in HOURS.items()], "全天")
        self.weekdays.set_options([(key, words) for key, (words, _) in WEEKDAYS.items()], "每天")
        self._offer_majors()
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SETTLE_MS)

    def _connect(self) -> None:
        for chip in (self.period, self.hours, self.weekdays, self.major):
            chip.selected.connect(lambda _key: self._soon.start())
        self._soon.timeout.connect(self.draw)
        self.retry.clicked.connect(self.draw)
        self.figure.clicked.connect(self._want_figure)
        self._place.words_changed.connect(self._offer_majors)
        theme_events().changed.connect(self._on_theme)

    def _offer_majors(self) -> None:
        items = self._place.backend.directory.items.values()
        self.major.set_options([(major, major) for major in sorted({item.major for item in items})])

    # ------------------------------------------------------------ what is drawn
    def set_around(self, bounds: Bounds) -> None:
        """The territory."""
        margin = _MARGIN * max(bounds.east - bounds.west, bounds.north - bounds.south)
        self._around = Bounds(bounds.west - margin, bounds.south - margin, bounds.east + margin, bounds.north + margin)
        if self.on:
            self._soon.start()

    def set_on(self, on: bool) -> None:
        """Draw it, or take it away."""
        self.on = on
        self.setVisible(on)
        if on:
            self._read = None  # what was read some time ago lacks what came since
            self.draw()
        else:
            self._end_work()
            self._canvas.set_heat(None)

    @property
    def filter(self) -> HeatFilter:
        """As the chips say."""
        hours, weekdays, major = (chip.selected_key() for chip in (self.hours, self.weekdays, self.major))
        items = self._place.backend.directory.items.values()
        return HeatFilter(
            str(self.period.selected_key() or "month"),
            None if hours is None else HOURS[str(hours)][1:],
            None if weekdays is None else WEEKDAYS[str(weekdays)][1],
            () if major is None else tuple(item.id for item in items if item.major == major),
        )

    @property
    def count(self) -> int:
        """Cases drawn."""
        return len(self._ids)

    def draw(self) -> None:
        """Read what is not read yet, and draw it."""
        if not self.on or self._around is None:
            return
        self._end_work()
        self.error, self.working = None, True
        self._work = self._place.backend.start(self._draw(self.filter, self._around), self)
        self._say()

    def _end_work(self) -> None:
        if self._work is not None:
            self._work.cancel()
            self._work = None

    async def _draw(self, how: HeatFilter, around: Bounds) -> None:
        zone = ZoneInfo(self._place.backend.directory.time_zone)
        try:
            places = await self._places(how.period, zone)
        except DomainError as error:
            self.error, self.working = error, False
            self._say()
            return
        counts = await asyncio.to_thread(wanted, places, how, zone)
        heat = await asyncio.to_thread(heat_of, places.lonlat[counts], around)
        self._ids, self.working = places.case_ids[counts], False
        self._canvas.set_heat(heat if len(self._ids) else None)
        self._say()

    async def _places(self, period: str, zone: ZoneInfo) -> CasePlaces:
        """Of the period; the same period again is at hand, other hours or items cost no question."""
        if self._read is None or self._read[0] != period:
            since, until = period_of(period, self._place.live.clock.now(), zone)
            self._read = period, await self._book.case_places(since, until, ())
        return self._read[1]

    # ------------------------------------------------------------ saying
    def _say(self) -> None:
        drawn = not self.working and self.error is None
        self.figure.setVisible(drawn and self.count > 0)
        self.figure.setText(f"{self.count:,} 件")
        self.figure.setToolTip("点击列出这些案件")
        words = "正在统计…" if self.working else "没有符合条件的案件"
        self.words.setText(f"热力没有读出：{self.error.message}" if self.error is not None else words)
        self.words.setVisible(not self.figure.isVisibleTo(self))
        self.retry.setVisible(self.error is not None)
        self.changed.emit()

    def _want_figure(self) -> None:
        how = self.filter
        self.figure_wanted.emit(f"热力 · {PERIODS[how.period]}", self._ids.tolist())

    def _on_theme(self) -> None:
        self._column.setSpacing(current_theme().sizes.pad_small)
