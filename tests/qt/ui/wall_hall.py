"""A wall over the fake city, whose cases and whistles have places on the map; and a reader of what it paints."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from html import unescape

from PySide6.QtCore import QBuffer, QSize
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from commandcenter.domain.model import Duty, Person
from commandcenter.domain.wall import UnitRank
from commandcenter.video.demo.resolve import PORT_FILE
from tests.fakes.decoder import FakeDecoder
from tests.fakes.directory import org_id
from tests.fakes.joint_evening import the_evening
from tests.fakes.map import middle_of
from tests.fakes.wall import hall_of
from ui.screens.wall.screen import WallScreen

SCREEN = Person(77, "screen1", "大厅", 1, (Duty("screen", org_id("东城区")),))
NAME = "指挥大厅"
CALLER = "联系赵师傅 13812345678"  # what somebody may well write into a title


def furnish(city):
    """Places for cases and whistles, and a ranking."""
    grids, rng = city.directory.grids, random.Random(5)
    for record in city.records.values():
        cell = grids[record.row.grid_id]
        while cell.parent_id in grids:
            cell = grids[cell.parent_id]
        lon, lat = middle_of(cell.id)
        record.row = replace(record.row, lon=lon + rng.uniform(-4e-4, 4e-4), lat=lat)
    for number, record in enumerate(the_evening(city).summons.values()):
        lon, lat = middle_of(1 + 7 * number)
        record.row = replace(record.row, lon=lon, lat=lat, title=f"{record.row.title}，{CALLER}")
    units = [org for org in city.directory.orgs.values() if org.kind == "department"][:9]
    hall_of(city).units = tuple(UnitRank(unit.id, 9, 98.5 - n, 96.5 - n) for n, unit in enumerate(units))
    return city


class Hall:
    """A wall that has everything. `seat`: the workplace of somebody who may push."""

    def __init__(self, make_place, city, qtbot, size=(1920, 1080), who=SCREEN, name=NAME):
        self.city, self.qtbot, self.made = furnish(city), qtbot, []
        self.place = make_place(city, who)
        (self.place.home / PORT_FILE).write_text("9", encoding="utf-8")
        self.place.make_decoder = self._make
        self.wall = WallScreen(self.place, name)
        qtbot.addWidget(self.wall)
        self.wall.resize(*size)
        self.wall.show()
        self.place.live.begin()
        self.until(lambda: self.wall.complete)

    def _make(self, on_report, on_frame):
        self.made.append(FakeDecoder(on_report, on_frame))
        return self.made[-1]

    def until(self, holds, seconds=20):
        """Wait with Qt's events going on."""
        self.qtbot.waitUntil(holds, timeout=seconds * 1000)

    @property
    def panels(self):
        """By name, those that are seen."""
        return {name: panel for name, panel in self.wall.panels.panels.items() if panel.isVisible()}

    def tile(self, key):
        """What one of the large figures says: figure and note."""
        kpis = {tile._kpi.key: tile._kpi for tile in self.wall.panels.tiles.tiles if not tile.isHidden()}
        return kpis[key].text, kpis[key].note

    def scene(self):
        """Code of the scene that is shown."""
        return self.wall.play.showing.scene.code

    def end(self):
        """End its looks; the place ends itself."""
        self.wall.end()
        self.wall.close()


def painted(widget: QWidget) -> list[tuple[str, float]]:
    """Every text that a widget and its children draw, with its font's size in px."""
    buffer, generator = QBuffer(), QSvgGenerator()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(widget.width(), widget.height()))
    generator.setResolution(96)
    widget.render(generator)
    buffer.close()
    return _texts(bytes(buffer.data().data()).decode())


def _texts(svg: str) -> list[tuple[str, float]]:
    found = re.findall(r'<text [^>]*font-size="([\d.]+)"[^>]*>([^<]*)</text>', svg)
    return [(unescape(text).strip(), float(size)) for size, text in found if text.strip()]


def said(widget: QWidget) -> list[str]:
    """What a screen reader or a pointer would be told by any part of it."""
    parts = [widget, *widget.findChildren(QWidget)]
    return [text for part in parts for text in (part.accessibleName(), part.accessibleDescription(), part.toolTip(),
                                                part.windowTitle()) if text]
