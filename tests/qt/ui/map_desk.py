"""地图 over the fake city, and hands for it."""

from __future__ import annotations

from dataclasses import replace

from tests.fakes.map import map_of, middle_of
from ui.screens.map.screen import MapDesk


def scatter(city, without=()):
    """Cases get a place within their grid, but those without one."""
    for case_id, record in city.records.items():
        lon, lat = (None, None) if case_id in without else middle_of(record.row.grid_id)
        record.row = replace(record.row, lon=lon, lat=lat)


class Desk:
    """A map that shows everything, and its city."""

    def __init__(self, make_place, city, qtbot, who="dispatcher", ready=True):
        self.city, self.qtbot, self.town = city, qtbot, map_of(city)
        self.place = make_place(city, who)
        self.screen = MapDesk(self.place)
        qtbot.addWidget(self.screen)
        self.screen.resize(1600, 900)
        self.screen.show()
        self.screen.activateWindow()
        self.place.live.begin()
        if ready:
            self.settle()

    @property
    def door(self):
        return self.place.backend.session.map.door

    def settle(self):
        self.until(lambda: self.screen.complete and self.place.live.online)

    def until(self, condition):
        self.qtbot.waitUntil(condition, timeout=10_000)

    def rows(self):
        """Of the city, open."""
        return [record.row for record in self.city.records.values() if record.row.open]

    def listed(self):
        return set(self.screen.list.model.keys())

    def key(self, key, held=None, on=None):
        on = on or self.screen.canvas
        on.setFocus()
        self.qtbot.keyClick(on, key) if held is None else self.qtbot.keyClick(on, key, held)
