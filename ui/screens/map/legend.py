"""Keeps the figures of the layers' panel and of the breadcrumbs equal to what is counted; each leads to its cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from commandcenter.domain.joint import ORDER, WHISTLE
from ui.models.map_tally import TIMING_LABELS, TIMINGS
from ui.screens.map.breadcrumbs import Crumb
from ui.screens.map.layers_pane import CAMERA_LAYER, ORDER_LAYER, PLACELESS, TIMING_LAYERS, WHISTLE_LAYER, WORKER_LAYER
from ui.screens.map.listed import without_place

if TYPE_CHECKING:
    from ui.screens.map.screen import MapDesk

_JOINT = {WHISTLE_LAYER: (WHISTLE, "吹哨"), ORDER_LAYER: (ORDER, "联合执法")}


class Legend(QObject):
    """Several changes in one turn of the loop are said once."""

    def __init__(self, desk: MapDesk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.show_figures)
        for part in (desk.cases, desk.joint, desk.workers, desk.cameras):
            part.counted.connect(self._soon.start)
        desk.workers.roomy_changed.connect(self._soon.start)
        desk.layers.figure_wanted.connect(self.open_figure)

    def show_figures(self) -> None:
        """As they are now, of the area that is looked at."""
        desk, key = self._desk, self._desk.focus
        names, tally, rows = desk.areas, desk.cases.tally, desk.layers.rows
        crumbs = [Crumb(one, names.short_name(one), tally.count(one)) for one in names.path(key)]
        desk.tools.crumbs.show_path(crumbs)
        for kind in TIMINGS:
            rows[TIMING_LAYERS[kind]].show_count(tally.count(key, kind), f"列出{TIMING_LABELS[kind]}的案件")
        desk.layers.show_placeless(tally.placeless(key))
        for layer, (kind, words) in _JOINT.items():
            known = desk.joint.count(kind, key) if desk.replaying or desk.place.joint.ready else None
            rows[layer].show_count(known, f"列出{words}的案件")
        workers = desk.workers.count(key) if desk.book.workers_ready and not desk.replaying else None
        rows[WORKER_LAYER].show_count(workers, "今日有定位的人数")
        rows[WORKER_LAYER].set_note("" if desk.workers.roomy else "放大可见")
        cameras = desk.cameras.count(key) if desk.place.cameras.ready else None
        rows[CAMERA_LAYER].show_count(cameras, "本区域的摄像机")

    def open_figure(self, layer: str) -> None:
        """The cases behind one."""
        desk, name = self._desk, self._desk.areas.short_name(self._desk.focus)
        if layer in TIMING_LAYERS:
            desk.listing.show_area(desk.focus, TIMING_LAYERS.index(layer))
        elif layer == PLACELESS:
            desk.listing.show(without_place(name, desk.focus))
        elif layer in _JOINT:
            kind, words = _JOINT[layer]
            ids = {case_id for row in desk.joint.rows(kind, desk.focus) for case_id in row.cases}
            desk.listing.show_ids(f"{name} · {words}的案件", ids)
