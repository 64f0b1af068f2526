"""地图 over the fake city, and hands for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent

from commandcenter.geo import to_plane
from commandcenter.video.demo.resolve import PORT_FILE
from tests.fakes.decoder import FakeDecoder
from tests.fakes.map import map_of, middle_of
from ui.models.map_marks import CASES
from ui.models.map_tally import class_of
from ui.screens.map.screen import MapDesk


def scatter(city, without=()):
    """Cases get a place within their grid, but those without one."""
    for case_id, record in city.records.items():
        lon, lat = (None, None) if case_id in without else middle_of(record.row.grid_id)
        record.row = replace(record.row, lon=lon, lat=lat)


class Desk:
    """A map that shows everything, and its city."""

    def __init__(self, make_place, city, qtbot, who="all", ready=True):
        self.city, self.qtbot, self.town, self.made = city, qtbot, map_of(city), []
        self.place = make_place(city, who)
        (self.place.home / PORT_FILE).write_text("9", encoding="utf-8")
        self.place.make_decoder = self._make
        self.screen = MapDesk(self.place)
        qtbot.addWidget(self.screen)
        self.screen.resize(1600, 900)
        self.screen.show()
        self.screen.activateWindow()
        self.place.live.begin()
        if ready:
            self.settle()

    def _make(self, on_report, on_frame):
        self.made.append(FakeDecoder(on_report, on_frame))
        return self.made[-1]

    @property
    def door(self):
        return self.place.backend.session.map.door

    @property
    def feed(self):
        return self.place.backend.session.feed

    def until(self, condition):
        self.qtbot.waitUntil(condition, timeout=10_000)

    def settle(self):
        self.until(lambda: self.screen.complete and self.place.live.online and self.place.joint.ready
                   and not self.screen.book._asking)

    def rows(self):
        """Open cases of the city."""
        return [record.row for record in self.city.records.values() if record.row.open]

    def listed(self):
        return set(self.screen.list.model.keys())

    def change(self, case_id, **facts):
        """Something happens to a case elsewhere."""
        record = self.city.records[case_id]
        record.row = replace(record.row, version=record.row.version + 1, changed_at=self.city.now, **facts)
        self.city.tell(frozenset({case_id}))

    def markers(self, layer=CASES):
        """(x, y, kind) by id, as the canvas has them."""
        found = self.screen.canvas._overlay.layers[layer]
        return {int(key): (float(x), float(y), int(kind))
                for key, (x, y), kind in zip(found.ids, found.xy, found.kinds, strict=True)}

    def classes(self):
        """By cell, as the canvas has them."""
        cells = self.screen.canvas._ground.cells
        return dict(zip(cells.ids.tolist(), cells.classes.tolist(), strict=True))

    def counted(self):
        """Classes by cell, counted anew from the rows."""
        counts = Counter(self.screen.areas.cell_of[row.grid_id] for row in self.rows())
        ids = list(self.screen.ground.ids)
        return dict(zip(ids, class_of(np.array([counts[cell] for cell in ids])).tolist(), strict=True))

    def at(self, row):
        """Where on the canvas a case is."""
        plane = to_plane([(row.lon, row.lat)])
        x, y = self.screen.canvas._camera.to_screen(plane)[0].tolist()
        return QPoint(round(x), round(y))

    def drop(self, mime):
        """On the slot beside the map."""
        grid = self.screen.slot.grid
        event = QDropEvent(QPointF(grid.rect().center()), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
                           Qt.KeyboardModifier.NoModifier)
        grid.dropEvent(event)

    def key(self, key, held=Qt.KeyboardModifier.NoModifier, on=None):
        """A key where the keyboard is then; a dialog that was open may still be the active window."""
        self.screen.activateWindow()
        self.until(self.screen.isActiveWindow)
        on = on or self.screen.canvas
        on.setFocus()
        self.qtbot.keyClick(on, key, held)

    def texts(self):
        return [f"{note.text} {note.detail}" for note in self.place.notices.notes()]

    def hears(self, *words):
        self.until(lambda: any(all(w in text for w in words) for text in self.texts()))
