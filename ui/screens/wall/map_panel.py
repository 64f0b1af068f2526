"""网格态势: the map as the wall shows it, with its legend below; a hand that touched it holds the rotation."""

from __future__ import annotations

import time

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from commandcenter.domain.wall import WorkersNow
from commandcenter.geo import to_plane
from ui.bridge.map_book import MapBook
from ui.models.map_areas import STREET, TOP, Areas, Key
from ui.models.map_ground import Ground, ground_of, labels
from ui.models.map_marks import CASE_SPRITES, CASES
from ui.models.map_tally import TIMING_LABELS, TIMINGS
from ui.models.wall_lines import running
from ui.screens.map.case_layer import CaseLayer
from ui.screens.wall.topic import TopicCases
from ui.screens.workplace import Workplace
from widgets.charts.chart import scaled
from widgets.map import Bounds, Label, MapCanvas, Pulse
from widgets.painting import RIGHT, draw_text, text_width
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone

HOLD_S = 120.0  # after the last touch nothing moves the map
_NEAR_M = 3.0   # metres per pixel on a desk when one case or whistle is looked at
_BELOW_PX = 34  # of a word, below the point that it names, in the size of a desk
_MARKS = ("●", "▲", "◆")
_TONES = (Tone.OK, Tone.NEAR, Tone.OVERDUE)
_MARGIN = 0.03  # of its extent, around what is shown: marks are larger here than on a desk
_FOOT = 2.4     # heights of the smallest type
_CROWD = 500    # cases from which they are drawn as bubbles with counts
_FIRST = 99.0   # before all names
CASE_Z = 30     # as CaseLayer has it


class MapBody(QWidget):
    """Canvas and legend. set_focus(...) moves it, unless a hand has touched it."""

    wide = True

    def __init__(self, place: Workplace, book: MapBook) -> None:
        super().__init__()
        self._place, self._book = place, book
        self.canvas = MapCanvas(self)
        self.areas = Areas(place.backend.directory)
        self.cases = CaseLayer(place, self.canvas, self.areas)
        self.topic = TopicCases(place.live, self)
        self._crowded = True
        self.cases.counted.connect(self._on_counted)
        self._ground: Ground | None = None
        self._focus, self._about, self._alarm = TOP, None, False
        self._workers: WorkersNow | None = None
        self._scale, self._theme = 1.0, current_theme()
        book.shapes_changed.connect(self._on_shapes)
        place.joint.changed.connect(self._on_whistles)
        place.joint.loaded.connect(self._on_whistles)
        place.words_changed.connect(self._on_directory)
        theme_events().changed.connect(self._on_theme)
        book.want()
        self._on_shapes()
        self._on_whistles()

    # ------------------------------------------------------------ what is asked of it
    @property
    def type_scale(self) -> float:
        """How many times larger than on a desk it is drawn."""
        return self._scale

    @type_scale.setter
    def type_scale(self, scale: float) -> None:
        self._scale = scale
        self.canvas.type_scale = scale
        self._on_theme()

    @property
    def ready(self) -> bool:
        """Outlines are there, or nobody will bring them; and the cases."""
        return (self._ground is not None or self._book.error is not None) and self.cases.ready

    @property
    def ground(self) -> Ground | None:
        """The cells, once they are read."""
        return self._ground

    def touched(self) -> bool:
        """Somebody moved it by hand a short while ago."""
        return time.monotonic() - self.canvas.touched_at < HOLD_S

    def set_workers(self, workers: WorkersNow | None) -> None:
        """How many are on duty."""
        self._workers = workers
        self.update()

    def let_go(self) -> None:
        """A seat wants something else than the hand that touched it: it may be moved again."""
        self.canvas.touched_at = float("-inf")

    def set_focus(self, street: int | None = None, items: frozenset[int] | None = None,
                  about: tuple[float, float] | None = None, case_id: int | None = None,
                  emergency: bool = False) -> None:
        """Look at a street or the whole; only at cases of these catalogue items; at a point (lon, lat) and its case, or
        its emergency."""
        key: Key = (STREET, street) if street is not None and self.areas.area((STREET, street)) else TOP
        if items is not None and items != self.topic.items:
            self.topic.items = items
            self.topic.loaded.emit()
        self.cases.set_source(self._place.live if items is None else self.topic)
        self.cases.show(key, TIMINGS, True)
        self.canvas.select(CASES, () if case_id is None else (case_id,))
        if (key, about, emergency) != (self._focus, self._about, self._alarm):
            self._focus, self._about, self._alarm = key, about, emergency
            self._name()
            self._on_whistles()
            self._look()

    # ------------------------------------------------------------ following
    def _on_shapes(self) -> None:
        if self._book.shapes is None:
            return
        self._ground = ground_of(self._book.shapes, self._place.backend.directory.grids, self.areas)
        self.cases.set_ground(self._ground)
        self._name()
        self._look()

    def _on_counted(self) -> None:
        """A dot a case, as long as dots can be told apart."""
        crowded = self.cases.tally.count(self._focus) > _CROWD
        if crowded != self._crowded:
            self._crowded = crowded
            self.canvas.define_layer(CASES, CASE_SPRITES, clustered=crowded, z=CASE_Z)

    def _on_directory(self) -> None:
        self.areas = Areas(self._place.backend.directory)
        self.cases.set_areas(self.areas)
        self._on_shapes()

    def _on_whistles(self, *_: object) -> None:
        street = self._focus[1] if self._focus != TOP else None
        rows = [row for row in running(self._place.joint.summons.values(), street) if row.lon is not None]
        pulses = [Pulse(row.id, *_on_plane(row.lon, row.lat), Tone.MULTI) for row in rows]
        if self._alarm and self._about is not None:
            pulses.append(Pulse(0, *_on_plane(*self._about), Tone.OVERDUE))
        self.canvas.set_pulses(pulses)

    def _name(self) -> None:
        if self._ground is None:
            return
        names = labels(self._ground, self.areas, TOP)
        if self._alarm and self._about is not None:
            x, y = _on_plane(*self._about)
            names.append(Label("应急", x, y - _BELOW_PX * _NEAR_M, _FIRST))  # the pulse would cover it
        self.canvas.set_labels(names)

    def _look(self) -> None:
        """Fit what it is about, as soon as there is room and ground; never under a hand."""
        if self._ground is None or not self.isVisible() or min(self.canvas.width(), self.canvas.height()) < 1:
            return
        if self.touched():
            return
        if self._about is not None:
            self.canvas.centre_on(*_on_plane(*self._about), _NEAR_M / max(0.5, self._scale))
            return
        area = self.areas.area(self._focus)
        bounds = self._ground.bounds(area.cells) if area else None
        if bounds is not None:
            more = _MARGIN * max(bounds.east - bounds.west, bounds.north - bounds.south)
            self.canvas.fit(Bounds(bounds.west - more, bounds.south - more, bounds.east + more, bounds.north + more))

    # ------------------------------------------------------------ painting
    def resizeEvent(self, _event: QResizeEvent) -> None:
        """The canvas above its legend."""
        self._place_parts()
        self._look()

    def showEvent(self, event: QShowEvent) -> None:
        """It may have been given its focus out of sight."""
        super().showEvent(event)
        self._look()

    def _place_parts(self) -> None:
        foot = round(self._theme.sizes.font_small * _FOOT)
        self.canvas.setGeometry(0, 0, self.width(), max(0, self.height() - foot))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The legend: colour of the cells at the right, marks in the middle, forces at the left."""
        painter, theme = QPainter(self), self._theme
        top = self.canvas.height()
        side = theme.sizes.pad_small
        room = QRect(side, top, self.width() - 2 * side, self.height() - top)
        room = self._classes(painter, room)
        for text, value in self._forces():
            taken = draw_text(painter, room, text, theme.font("small"), theme.colors.text_muted)
            room.adjust(taken + theme.sizes.pad_small // 2, 0, 0, 0)
            taken = draw_text(painter, room, value, theme.font("small", True), theme.colors.text)
            room.adjust(taken + theme.sizes.pad, 0, 0, 0)
        self._marks(painter, room)

    def _classes(self, painter: QPainter, room: QRect) -> QRect:
        theme, small = self._theme, self._theme.font("small")
        taken = draw_text(painter, room, "9+ 件", small, theme.colors.text_muted, RIGHT)
        room = room.adjusted(0, 0, -taken - theme.sizes.pad_small, 0)
        step, high = round(theme.sizes.font_small * 0.9), round(theme.sizes.font_small * 0.8)
        for number in range(7, -1, -1):
            box = QRect(room.right() - (8 - number) * step, room.center().y() - high // 2, step, high)
            painter.fillRect(box, getattr(theme.colors, f"map_{number}"))
        room = room.adjusted(0, 0, -8 * step - theme.sizes.pad_small, 0)
        taken = draw_text(painter, room, "网格在办 0", small, theme.colors.text_muted, RIGHT)
        return room.adjusted(0, 0, -taken - theme.sizes.pad, 0)

    def _marks(self, painter: QPainter, room: QRect) -> None:
        theme, small = self._theme, self._theme.font("small")
        parts = [*zip(_MARKS, TIMING_LABELS, _TONES, strict=True), ("◎", "吹哨", Tone.MULTI)]
        whole = sum(text_width(small, f"{mark} {word}") + theme.sizes.pad for mark, word, _ in parts)
        if whole > room.width():
            return
        x = room.right() - whole
        for mark, word, tone in parts:
            wide = text_width(small, f"{mark} {word}")
            draw_text(painter, QRect(x, room.top(), wide + 2, room.height()), f"{mark} {word}", small, theme.tone(tone))
            x += wide + theme.sizes.pad

    def _forces(self) -> list[tuple[str, str]]:
        """Of the whole territory; nothing before anybody was heard of."""
        seen = self._workers
        if self._focus != TOP or seen is None or not seen.total:
            return []
        return [("在岗网格员", f"{seen.on_duty:,}/{seen.total:,}"), ("巡查中", f"{seen.patrolling:,}")]

    def _on_theme(self) -> None:
        self._theme = scaled(current_theme(), self._scale)
        self._place_parts()
        self.update()


def _on_plane(lon: float, lat: float) -> tuple[float, float]:
    x, y = to_plane([(lon, lat)])[0].tolist()
    return x, y
