"""The verbs of what lies under the pointer, on the map or in the list beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu

from ui.models.map_areas import STREET
from ui.models.map_marks import CAMERAS, CASES, WHISTLES
from ui.screens.map.whereabouts import CELL
from ui.screens.wall.push import add_push_menu
from widgets.map.canvas import CELLS

if TYPE_CHECKING:
    from ui.screens.map.screen import MapDesk

_PUSHED = {CASES: "case", WHISTLES: "summons", CAMERAS: "camera"}


class MapMenu(QObject):
    """Picks it, and offers what its card offers; a supervisor puts it, or its street, on a wall."""

    def __init__(self, desk: MapDesk) -> None:
        super().__init__(desk)
        self._desk = desk
        desk.canvas.menu_wanted.connect(self._on_map)
        desk.list.table.context_menu_requested.connect(lambda key, where: self.open(CASES, int(key), where))

    def _on_map(self, layer: str, number: int, where: QPoint) -> None:
        self.open(CELL if layer == CELLS else layer, number, where)

    def open(self, layer: str, number: int, where: QPoint) -> QMenu | None:
        """None where there is nothing."""
        desk = self._desk
        if not number or not desk.picking.pick(layer, number) or desk.card.face is None:
            return None
        menu = QMenu(desk)
        menu.aboutToHide.connect(menu.deleteLater)
        for deed in desk.card.face.deeds:
            action = menu.addAction(deed.text)
            action.setEnabled(not deed.why_not)
            action.triggered.connect(lambda _=False, do=deed.do: do())
        menu.addSeparator()
        self._add_push(menu, layer, number, desk.card.face.title)
        menu.popup(where)
        return menu

    def _add_push(self, menu: QMenu, layer: str, number: int, title: str) -> None:
        desk = self._desk
        if desk.replaying:
            return
        if layer in _PUSHED:
            add_push_menu(menu, desk.place, _PUSHED[layer], number, title)
        elif layer == CELL:
            street = next((key for key in desk.picking.where.chain(desk.picking.picked) if key[0] == STREET), None)
            if street is not None:
                add_push_menu(menu, desk.place, "street", street[1], desk.areas.short_name(street))
