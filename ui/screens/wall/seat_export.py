"""Every panel of 态势 as a picture or a table."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.screens.wall.line_list import LineList
from ui.screens.wall.map_panel import MapBody
from ui.screens.wall.panel import WallPanel
from ui.screens.wall.tiles import Tiles
from ui.screens.workplace import Workplace
from widgets.charts.chart import Chart, Table
from widgets.charts.export import PanelExport


def exportable(panel: WallPanel, place: Workplace) -> PanelExport:
    """Give a panel its menu, and let the pointer reach what it shows."""
    for part in (panel, panel.body):
        part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)

    def name() -> str:
        return f"{panel.title}-{place.words.local(place.live.clock.now()):%Y%m%d-%H%M}"
    return PanelExport(panel, name, _table_of(panel.body, place))


def _table_of(body: QWidget, place: Workplace) -> Callable[[], Table] | None:
    if isinstance(body, Chart):
        return body.table
    if isinstance(body, Tiles):
        return lambda: _tiles(body)
    if isinstance(body, LineList):
        return lambda: [[words.text for words in line if words.text] for line in body.lines]
    if isinstance(body, MapBody):
        return lambda: _grids(body, place)
    return None  # pictures of cameras, one case or one whistle: only as they look


def _tiles(body: Tiles) -> Table:
    tables = [tile.table() for tile in body.tiles if not tile.isHidden()]
    return [*tables[0][:1], *(row for table in tables for row in table[1:])] if tables else []


def _grids(body: MapBody, place: Workplace) -> Table:
    """网格在办, as the colours count it."""
    cells = body.ground.ids if body.ground is not None else []
    counts = body.cases.tally.cell_counts(cells)
    grids = place.backend.directory.grids
    return [["网格", "街道", "在办"],
            *([grids[cell].name, place.words.unit(grids[cell].street_id), int(count)]
              for cell, count in zip(cells, counts, strict=True) if cell in grids)]  # fmt: skip
