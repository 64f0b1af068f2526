"""The way that a worker went today, drawn on the map."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import QObject, Signal

from commandcenter.domain.errors import DomainError
from commandcenter.domain.map import TrackPoint
from commandcenter.geo import to_plane
from widgets.map import Bounds, Track
from widgets.tones import Tone

if TYPE_CHECKING:
    from ui.screens.map.screen import MapDesk

_MARGIN_M = 50.0


class WorkerTrack(QObject):
    """changed(): `points` are others; None: no way is shown."""

    changed = Signal()

    def __init__(self, desk: MapDesk) -> None:
        super().__init__(desk)
        self._desk, self._place = desk, desk.place
        self.points: list[TrackPoint] | None = None
        self._reading: asyncio.Task[None] | None = None

    def toggle(self, worker_id: int) -> None:
        """Show it, or no longer."""
        if self.points is not None:
            self.forget()
            self.changed.emit()
        elif self._reading is None:
            self._reading = self._place.backend.start(self._read(worker_id), self)

    def forget(self) -> None:
        """Somebody else is picked, or nobody."""
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        if self.points is not None:
            self.points = None
            self._desk.canvas.set_tracks([])

    async def _read(self, worker_id: int) -> None:
        now = self._place.live.clock.now()
        zone = ZoneInfo(self._place.backend.directory.time_zone)
        today = datetime.fromtimestamp(now, zone).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
        try:
            self.points = await self._desk.book.track(worker_id, today, now)
        except DomainError as error:
            self._place.notices.say("track", "轨迹没有读出", Tone.NEAR, error.message)
            return
        finally:
            if self._reading is asyncio.current_task():
                self._reading = None
        self._draw(self.points)
        self.changed.emit()

    def _draw(self, points: list[TrackPoint]) -> None:
        if len(points) < 2:
            return
        plane = to_plane(np.array([(point.lon, point.lat) for point in points]))
        self._desk.canvas.set_tracks([Track(plane)])
        self._desk.canvas.fit(Bounds.around(plane, _MARGIN_M))
