"""The left edge: queues with live counts, the figures of the day and those of the person's own shift."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.figures import DAY_FIGURES, DayFigure, Figure
from commandcenter.domain.model import ShiftFigures
from ui.models.queue_items import queue_items
from ui.screens.workplace import Workplace
from widgets.queue_list import QueueList
from widgets.stat_footer import StatFooter, StatRow
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone

log = logging.getLogger(__name__)

_DAY_SHIFT, _NIGHT_SHIFT = 8, 20  # hours of the local day at which a shift begins
_REFRESH_MS = 60_000
_HOUR_S = 3600.0
_SOON_MS = 1500  # after own changes: several of them make one question
_ACCURATE = 0.95


def shift_start(local: datetime) -> datetime:
    """The beginning of the shift (08:00 or 20:00) in which a local time lies."""
    day = local.replace(minute=0, second=0, microsecond=0)
    if local.hour >= _NIGHT_SHIFT:
        return day.replace(hour=_NIGHT_SHIFT)
    if local.hour >= _DAY_SHIFT:
        return day.replace(hour=_DAY_SHIFT)
    return (day - timedelta(days=1)).replace(hour=_NIGHT_SHIFT)


class SideBar(QFrame):
    """queue_chosen(key); figure_chosen(key): the cases behind a figure of the shift are wanted."""

    queue_chosen = Signal(object)
    figure_chosen = Signal(object)

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.queues, self.today, self.figures = QueueList(), StatFooter(), StatFooter()
        self._missing = {"today", "shift"} if "dispatcher" in place.roles else {"today"}
        self._soon, self._redraw = QTimer(self), QTimer(self)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, current_theme().sizes.pad_small, 0, current_theme().sizes.pad_small)
        outer.addWidget(self.queues, 1)
        outer.addWidget(self.today)
        outer.addWidget(self.figures)
        self.figures.setVisible("dispatcher" in place.roles)
        self._connect()
        self._on_theme()
        self.refresh()

    def _connect(self) -> None:
        live = self._place.live
        self.queues.selected.connect(self.queue_chosen)
        self.figures.clicked.connect(self.figure_chosen)
        live.changed.connect(self._refresh_soon)
        live.timing_changed.connect(self._refresh_soon)
        live.loaded.connect(self._on_loaded)
        self._place.joint.state_changed.connect(self._refresh_soon)
        self._place.backend.changed.connect(self._ask_soon)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(0)
        self._redraw.timeout.connect(self.refresh)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.ask_figures)
        theme_events().changed.connect(self._on_theme)

    def refresh(self) -> None:
        """Show the counts as they are now."""
        live = self._place.live
        counts = live.picture.counts if live.ready else None  # a part of a load would look like all of it
        self.queues.set_items(queue_items(self._place.queues, counts, self._place.holds.ready))

    def _refresh_soon(self) -> None:
        """In a turn of its own: the queue is drawn first."""
        self._redraw.start()

    @property
    def has_figures(self) -> bool:
        """Whether all figures have been shown once."""
        return not self._missing

    def ask_figures(self) -> None:
        """Read the figures of the day and of the shift; again in a minute."""
        if self._place.live.online:
            self._place.backend.start(self._day_figures(), self)
            if "dispatcher" in self._place.roles:
                self._place.backend.start(self._figures(), self)
        self._soon.start(_REFRESH_MS)

    def _ask_soon(self) -> None:
        self._soon.start(_SOON_MS)

    def _on_loaded(self) -> None:
        self._refresh_soon()
        self.ask_figures()

    async def _figures(self) -> None:
        since = self.shift_since()
        try:
            figures = await self._place.backend.ask(lambda queries: queries.shift_figures(since))
        except DomainError as error:
            log.info("no shift figures: %s", error)
            return
        self._missing.discard("shift")
        self.figures.set_rows(shift_rows(figures))

    async def _day_figures(self) -> None:
        now = self._place.live.clock.now()
        midnight = self._place.words.local(now).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
        try:
            figures = await self._place.backend.ask(lambda queries: queries.figures(midnight, now + _HOUR_S))
        except DomainError as error:
            log.info("no figures of the day: %s", error)
            return
        self._missing.discard("today")
        self.today.set_rows(day_rows(figures))

    def shift_since(self) -> float:
        """Unix time at which this shift began by the city's clock."""
        return shift_start(self._place.words.local(self._place.live.clock.now())).timestamp()

    def _on_theme(self) -> None:
        self.setFixedWidth(current_theme().sizes.queue_row * 5)


def day_rows(figures: Sequence[Figure]) -> list[StatRow]:
    """今日 上报, 立案, 派遣, 结案, 超期; each says on hover what it counts."""
    counts = {figure.measure: figure.n for figure in figures}
    return [_day_row(kind, kind.count(counts)) for kind in DAY_FIGURES]


def _day_row(kind: DayFigure, n: int) -> StatRow:
    tone = Tone.OVERDUE if kind.key == "overdue" and n else Tone.NORMAL
    return StatRow(kind.key, f"今日 {kind.label}", f"{n:,}", tone, hint=kind.meaning, clickable=False)


def shift_rows(figures: ShiftFigures) -> list[StatRow]:
    """本班派遣, 平均用时, 派准率 (not returned)."""
    share = 1 - figures.returned / figures.dispatched if figures.dispatched else None
    tone = Tone.NORMAL if share is None else Tone.OK if share >= _ACCURATE else Tone.NEAR
    return [
        StatRow("dispatched", "本班 派遣", f"{figures.dispatched:,}"),
        StatRow("mean", "平均用时", _mean(figures.mean_s)),
        StatRow("accuracy", "派准率", "—" if share is None else f"{share:.1%}", tone),
    ]


def _mean(seconds: float | None) -> str:
    if seconds is None:
        return "—"
    return f"{seconds:,.0f} s" if seconds < 120 else f"{seconds / 60:,.1f} min"
