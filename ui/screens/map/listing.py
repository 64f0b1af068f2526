"""What stands in the list beside the map: an area's cases, those behind a figure or within what was drawn; and on from
there to a whistle or an order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import CaseRow
from commandcenter.domain.topic import Topic
from commandcenter.geo import to_lonlat
from ui.joint.presets import from_place
from ui.models.map_areas import Key
from ui.models.map_marks import CASES
from ui.screens.map.listed import Listed, in_polygon, of_area
from ui.screens.map.topic_dialog import TopicDialog
from widgets.map.data import Points
from widgets.tones import Tone

if TYPE_CHECKING:
    from ui.screens.map.screen import MapDesk

_HEAT_MOST = 5_000  # cases behind a heat that are listed, the newest
_BOX = 4            # corners


class Listing(QObject):
    """Esc leads back from everything to the cases of the area that is looked at."""

    def __init__(self, desk: MapDesk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._marked: Sequence[int] = ()  # cases within what was drawn
        self._topic: int | None = None
        desk.canvas.area_selected.connect(self.show_drawn)
        desk.canvas.crowd_picked.connect(self._on_crowd)
        desk.list.closed.connect(self.close)
        desk.list.joint_wanted.connect(self._compose)
        desk.list.topic_wanted.connect(self.gather)
        desk.heat.figure_wanted.connect(self._show_heat)
        desk.topic_rows.listed.connect(self.show_topic)
        desk.place.topics.changed.connect(self._follow_topic)

    def show_area(self, key: Key, kind: int | None = None) -> None:
        """The cases of a node, of one kind or of all."""
        self.show(of_area(self._desk.areas.short_name(key), key, kind))

    def show_ids(self, title: str, ids: Collection[int]) -> None:
        """Exactly these cases."""
        self.show(Listed(title, ids=frozenset(ids)))

    def show_topic(self, topic: Topic) -> None:
        """Those of a 专题, also such as are closed; the list follows it."""
        self.show_ids(f"专题 · {topic.name}", topic.cases)
        self._topic = topic.id

    def gather(self, cases: Sequence[int]) -> TopicDialog:
        """Into which 专题?"""
        dialog = TopicDialog(self._desk.place, cases, None, self._desk)
        dialog.show()
        return dialog

    def remove_from_topic(self) -> None:
        """The selected cases leave the 专题 that is listed."""
        place, chosen = self._desk.place, [int(key) for key in self._desk.list.table.selected_keys()]
        topic = next((one for one in place.topics.topics if one.id == self._topic), None)
        if topic is not None and chosen and place.topics.may_gather:
            place.backend.start(self._remove(topic, chosen), self)

    async def _remove(self, topic: Topic, cases: Sequence[int]) -> None:
        notices, key = self._desk.place.notices, ("topic", topic.name)
        try:
            await self._desk.place.topics.remove(topic, cases)
        except DomainError as error:
            notices.say(key, f"没有移出专题“{topic.name}”", Tone.OVERDUE, error.message)
        else:
            notices.say(key, f"专题“{topic.name}”：已移出 {len(cases):,} 件", Tone.OK)

    def show(self, listed: Listed) -> None:
        """These; what was drawn on the map before goes with its list."""
        self._topic = None
        if not listed.drawn:
            self._marked = ()
            self.mark(None)
        self._desk.list.show_cases(listed)
        self._desk.list.show_back(not self._is_home(listed))

    def close(self) -> bool:
        """The area's own cases again; False if they are listed."""
        if self._is_home(self._desk.list.listed):
            return False
        self.show_area(self._desk.focus)
        return True

    def mark(self, case_id: int | None) -> None:
        """Highlight this one; None: what was drawn."""
        self._desk.canvas.select(CASES, list(self._marked) if case_id is None else [case_id])

    def show_drawn(self, polygon: Points) -> None:
        """Box or lasso, (n, 2) on the plane: the cases within, listed and marked."""
        desk = self._desk
        lon, lat = to_lonlat([polygon.mean(axis=0)])[0].tolist()
        desk.picking.drop()
        self._marked = desk.canvas.inside(CASES, polygon)
        title = "框选" if len(polygon) == _BOX else "套索"
        self.show(in_polygon(title, polygon, desk.layers.kinds(), desk.focus, (lon, lat)))
        self.mark(None)
        desk.set_mode("pan")

    # ------------------------------------------------------------ inside
    def _follow_topic(self) -> None:
        """Somebody put cases into the 专题 that is listed, took some out, or called it otherwise; or it is over."""
        if self._topic is None:
            return
        topic = next((one for one in self._desk.place.topics.topics if one.id == self._topic), None)
        if topic is None:
            self.close()
        elif self._desk.list.listed.ids != topic.cases or topic.name not in self._desk.list.listed.title:
            self.show_topic(topic)

    def _is_home(self, listed: Listed) -> bool:
        return listed.title == self._desk.areas.short_name(self._desk.focus)

    def _on_crowd(self, layer: str, ids: Sequence[int]) -> None:
        """Several at one point: cases are listed, of others the first is shown."""
        if layer == CASES:
            self.show_ids("同一地点", ids)
        else:
            self._desk.picking.pick(layer, ids[0])

    def _show_heat(self, title: str, ids: Sequence[int]) -> None:
        most = f"（最新 {_HEAT_MOST:,} 件）" if len(ids) > _HEAT_MOST else ""
        self.show_ids(f"{title}{most}", ids[:_HEAT_MOST])

    def _compose(self, kind: str, rows: Sequence[CaseRow]) -> None:
        """A whistle or order about these: at the middle of what was drawn, else of the cases, else of the area."""
        placed = [(row.lon, row.lat) for row in rows if row.lon is not None and row.lat is not None]
        middle = self._desk.list.listed.place or (tuple(np.mean(placed, axis=0).tolist()) if placed else None)
        lon, lat = middle or self._middle_of_focus()
        nearest = sorted(rows, key=lambda row: _distance(row, lon, lat))
        self._desk.compose_wanted.emit(from_place(self._desk.place, kind, lon, lat, nearest))

    def _middle_of_focus(self) -> tuple[float, float]:
        area, ground = self._desk.areas.area(self._desk.focus), self._desk.ground
        middle = ground.middle(area.cells) if area is not None and ground is not None else None
        lon, lat = to_lonlat([middle or (0.0, 0.0)])[0].tolist()
        return lon, lat


def _distance(row: CaseRow, lon: float, lat: float) -> float:
    """Good enough for an order; a case without a place comes last."""
    if row.lon is None or row.lat is None:
        return float("inf")
    return float(np.hypot((row.lon - lon) * np.cos(np.radians(lat)), row.lat - lat))
