"""The base of the map as square pictures, kept for one scale at a time and painted in turns of a few milliseconds."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from widgets.map.data import Ids
from widgets.map.frame import Frame, Key, Level, span
from widgets.map.ground import Ground

_AHEAD = 200  # device pixels around the widget that are painted, too, before they are pulled in
_OVERVIEW = 1000  # device pixels of the longer side of the whole
_OVERVIEW_S = 2.0  # between two repaintings of the overview
_STRETCH = 0.4, 1.6  # how far the pictures of one scale are blown up or shrunk while the hand still zooms
_COARSE = 0.7  # of the scale: quicker to paint, and sharp enough on the way
_TOO_FINE = 4.0  # times finer than what is looked at: the overview shows as much with fewer pictures
_PATCHES = 6  # more missing pictures than these are bridged by the overview as a whole


class Levels:
    """Paints the base under a frame. `front` is shown; `coming` is painted for the present scale and then shown;
    beneath both lies an `overview` of everything, so that no place is ever blank. told: a part of the widget changed
    (device pixels), None: all of it."""

    def __init__(self, ground: Ground, told: Callable[[QRect | None], None]) -> None:
        self.ground, self._told = ground, told
        self.front: Level | None = None
        self.coming: Level | None = None
        self.overview: Level | None = None
        self._frame = Frame(0.0, 0.0, 1.0, 1, 1)
        self._seen: dict[tuple[float, float], list[Key]] = {}
        self._moving = self._quiet = False
        self._overview_at = float("-inf")
        self._job: Iterator[None] | None = None
        self.quick = False  # the picture moves: it is drawn again and again
        self.painted = 0  # pictures painted since the beginning

    def look(self, frame: Frame, moving: bool) -> None:
        """From now on this is wanted. moving: the hand is still zooming, so the scale will change again."""
        if frame != self._frame:
            self._frame = frame
            self._seen.clear()
        self._moving = moving

    def renew(self) -> None:
        """What lies beneath and above the cells is another; what there is stays until it is painted anew."""
        self._job = self.coming = None
        for level in self._levels():
            level.stale.update(level.pictures)
            level.missed.clear()

    def renew_box(self, box: Sequence[float]) -> None:
        """What lies in this box (left, top, right, bottom in local metres) looks otherwise now."""
        for level in self._levels():
            level.renew_box(box)

    def forget(self) -> None:
        """Nothing that was painted holds any more."""
        self._job = self.front = self.coming = self.overview = None

    def recolour(self, rows: Ids) -> None:
        """These cells changed their class."""
        boxes = self.ground.cells.boxes[rows]
        for level in self._levels():
            level.note(rows, boxes)

    def complete(self) -> None:
        """Paint everything seen at the present scale, however long it takes."""
        self._moving = False
        while not self.settled:
            self._step()

    def rest(self) -> None:
        """Nothing moves any more: give back the memory that only made it quicker."""
        self.quick = False
        for level in self._levels():
            level.rest()

    def turn(self, seconds: float) -> bool:
        """Paint for so long; False when there is nothing to do."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            if not self._step():
                return False
        return True

    def refresh(self, seconds: float) -> None:
        """Repaint cells that changed, first of all things, for so long at most; the rest follows in turns."""
        until, self._quiet = time.perf_counter() + seconds, True  # who calls paints them anyway
        while self.front is not None and time.perf_counter() < until:
            key = next((key for key in self._keys(self.front.scale) if key in self.front.changed), None)
            if key is None:
                break
            deque(self._repaint(self.front, key), maxlen=0)
        self._quiet = False

    def draw(self, painter: QPainter, ratio: float, area: QRect) -> None:
        """Draw the base within an area of the widget (device pixels). ratio: device pixels per painter unit."""
        if self.front is None:
            self.complete()
        assert self.front is not None
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)  # device pixels: then a picture at its own scale is copied, not resampled
        self._draw_beneath(painter, area, self.front)
        if self.overview is None or self.front.scale < _TOO_FINE * self._frame.scale:
            self._draw_level(painter, self.front, area)
        if self.coming is not None and self.coming.scale == self._frame.scale:
            self._draw_level(painter, self.coming, area)
        painter.restore()

    # ------------------------------------------------------------ what is to be painted
    def _levels(self) -> list[Level]:
        return [level for level in (self.front, self.coming, self.overview) if level is not None]

    def _keys(self, scale: float, margin: float = 0.0) -> list[Key]:
        """Pictures of a level that are seen now."""
        if (scale, margin) not in self._seen:
            self._seen[scale, margin] = self._frame.keys(scale, margin)
        return self._seen[scale, margin]

    @property
    def settled(self) -> bool:
        """Whether all that is seen is painted at its scale and as it is."""
        front, frame = self.front, self._frame
        if front is None or front.scale != frame.scale:
            return False
        keys = self._keys(front.scale)
        return not front.lacks(keys) and not any(key in front.changed for key in keys)

    def _step(self) -> bool:
        if self._job is None:
            self._job = self._next_job()
        if self._job is None:
            return False
        if next(self._job, self) is self:
            self._job = None
        return True

    def _next_job(self) -> Iterator[None] | None:
        level = self._wanted()
        if level is None:
            return None
        seen = self._keys(level.scale)
        missing = level.lacks(seen)
        if missing:
            return self._paint(level, self._frame.middlemost(missing, level.scale))
        if level is self.coming:
            self.front, self.coming = level, None
            self._told(None)
        changed = next((key for key in seen if key in level.changed), None)
        if changed is not None:
            return self._repaint(level, changed)
        return None if self._moving else self._job_ahead(level)

    def _job_ahead(self, level: Level) -> Iterator[None] | None:
        ahead = level.lacks(self._keys(level.scale, _AHEAD))
        return self._paint(level, ahead[0]) if ahead else self._overview_job()

    def _wanted(self) -> Level | None:
        """The level to paint on now; None: wait where the hand stops."""
        scale = self._frame.scale
        if self.front is None:
            self.front = Level(scale)
        if self.front.scale == scale:
            self.coming = None
            return self.front
        if self.coming is not None and (self.coming.scale == scale or (self._moving and self._near(self.coming))):
            return self.coming
        if self._moving and self._near(self.front):
            return None
        self.coming = Level(scale * _COARSE if self._moving else scale)
        return self.coming

    def _near(self, level: Level) -> bool:
        lowest, highest = _STRETCH
        return lowest < level.scale / self._frame.scale < highest

    def _overview_job(self) -> Iterator[None] | None:
        if not len(self.ground.cells):
            return None
        if self.overview is None:
            bounds = self.ground.cells.bounds
            self.overview = Level(_OVERVIEW / max(bounds.east - bounds.west, bounds.north - bounds.south, 1.0))
        level, half = self.overview, _OVERVIEW / 2
        missing = level.lacks([(x, y) for y in span(-half, 2 * half) for x in span(-half, 2 * half)])
        if missing:
            return self._paint(level, missing[0])
        return self._refresh_overview(level) if level.changed and self._overview_is_old() else None

    def _overview_is_old(self) -> bool:
        """It only bridges moments, and lags a little rather than be painted with every change."""
        return time.monotonic() - self._overview_at > _OVERVIEW_S

    def _refresh_overview(self, level: Level) -> Iterator[None]:
        self._overview_at = time.monotonic()
        for key in list(level.changed):
            yield from self._repaint(level, key)

    # ------------------------------------------------------------ painting
    def _paint(self, level: Level, key: Key) -> Iterator[None]:
        piece, picture = level.piece(key), level.pictures.get(key)
        if picture is not None:
            self.ground.finish(picture, piece)
        elif self.ground.shows(piece):
            level.changed.pop(key, None)
            level.missed[key] = set()
            picture = yield from self.ground.paint(piece)
            picture.image(self.quick)
        level.take(key, picture)
        if level is not self.overview:
            level.keep(self._keys(level.scale, _AHEAD))
        self.painted += 1
        self._tell(level, key)

    def _repaint(self, level: Level, key: Key) -> Iterator[None]:
        rows, picture = level.changed.pop(key), level.pictures.get(key)
        if picture is not None:
            self.ground.recolour(picture, level.piece(key), np.array(sorted(rows), np.int64))
            self._tell(level, key)
        yield

    def _tell(self, level: Level, key: Key) -> None:
        shown = level is self.front or (level is self.coming and level.scale == self._frame.scale)
        if shown and not self._quiet:
            self._told(self._frame.place(key, level.scale))

    def _draw_beneath(self, painter: QPainter, area: QRect, front: Level) -> None:
        """The overview, blurred as it is, where there is nothing better yet."""
        frame = self._frame
        columns, rows = frame.spans(front.scale)
        missing = len(columns) * len(rows) - len(front.present(frame))
        if missing > _PATCHES:
            self._draw_overview(painter, area)
        elif missing:
            places = [frame.place(key, front.scale) for key in self._keys(front.scale) if key not in front.pictures]
            for place in places:
                self._draw_overview(painter, place.intersected(area))

    def _draw_overview(self, painter: QPainter, area: QRect) -> None:
        if area.isEmpty():
            return
        painter.save()
        painter.setClipRect(area)
        painter.fillRect(area, self.ground.theme.colors.map_floor)
        if self.overview is not None:
            self._draw_level(painter, self.overview, area)
        painter.restore()

    def _draw_level(self, painter: QPainter, level: Level, area: QRect) -> None:
        frame, floor = self._frame, self.ground.theme.colors.map_floor
        exact = level.scale == frame.scale
        for key in level.present(frame):
            place = frame.place(key, level.scale)
            if not place.intersects(area):
                continue
            picture = level.pictures[key]
            if picture is None:
                painter.fillRect(place, floor)
            elif exact:
                painter.drawImage(place.topLeft(), picture.image(self.quick))
            else:
                painter.drawImage(place, picture.image(self.quick))
