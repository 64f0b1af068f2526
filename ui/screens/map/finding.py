"""Carries out a search over the map: what words may mean here, and going there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from commandcenter.domain.errors import DomainError
from commandcenter.geo import to_plane
from ui.models.map_areas import DISTRICT, TOP
from ui.models.map_found import AREA, CAMERA, CASE, NUMBER, POINT, WORKER, Found, Searched, search
from ui.models.map_marks import CAMERAS, CASES, WORKERS
from widgets.tones import Tone

if TYPE_CHECKING:
    from commandcenter.domain.gazetteer import Gazetteer
    from ui.screens.map.screen import MapDesk

_NEAR = 1.2  # metres of the plane per pixel
_LAYERS = {CASE: CASES, CAMERA: CAMERAS, WORKER: WORKERS}


class Finding(QObject):
    """The gazetteer is built once the map is seen, off the GUI thread; what was typed before is offered anew."""

    def __init__(self, desk: MapDesk) -> None:
        super().__init__(desk)
        self._desk, self._place = desk, desk.place
        self._places: Gazetteer | None = None
        self._building = False
        self._place.words_changed.connect(self._forget)

    @property
    def ready(self) -> bool:
        """Names can be found."""
        return self._places is not None

    def want(self) -> None:
        """Somebody is going to search."""
        if self._places is None and not self._building:
            self._building = self._place.backend.start(self._build(), self) is not None

    def find(self, text: str) -> list[Found]:
        """Best first."""
        self.want()
        desk = self._desk
        workers = () if desk.replaying else desk.book.workers.values()
        orgs = self._place.backend.directory.orgs
        districts = [orgs[key[1]] for key in desk.areas.children(TOP) if key[0] == DISTRICT]
        where = Searched(self._place.words, self._places, desk.areas.cell_of, desk.cases.source.picture.rows,
                         self._place.cameras.cameras.values(), workers, districts)
        return search(text, where)

    def go(self, found: Found) -> None:
        """Show it on the map."""
        desk, what = self._desk, found.what
        if found.kind == AREA:
            desk.go_to(what)
        elif found.kind == POINT:
            desk.picking.pick_point(*what)
        elif found.kind == NUMBER:
            self._place.backend.start(self.look_up(str(what)), self)
        elif not desk.picking.pick(_LAYERS[found.kind], what, look=True):
            self._place.notices.say("map", f"{found.title} 已不在地图上", Tone.NEAR)
        desk.take_keyboard()

    async def look_up(self, number: str) -> None:
        """A case that is not open any more: its place is shown, and it is listed."""
        try:
            row = await self._place.find_case(number)
        except DomainError as error:
            self._place.notices.say("map", f"案件 {number} 没有查到", Tone.NEAR, error.message)
            return
        if row is None:
            self._place.notices.say("map", f"没有案件 {number}，或它不在您的范围内", Tone.NEAR)
            return
        desk = self._desk
        if not desk.picking.pick(CASES, row.id, look=True):
            desk.listing.show_ids(f"案件 {self._place.words.number(row)}", [row.id])
            if row.lon is not None and row.lat is not None:
                desk.canvas.centre_on(*to_plane([(row.lon, row.lat)])[0].tolist(), _NEAR)

    def seek(self, text: str, areas_only: bool = False) -> None:
        """Go to what these words mean best, as soon as names can be found; say so if there is nothing."""
        self._place.backend.start(self._seek(text, areas_only), self)

    async def _seek(self, text: str, areas_only: bool) -> None:
        try:
            if self._places is None:
                await self._build()
        except DomainError as error:
            self._place.notices.say("map", "地名没有读出", Tone.NEAR, error.message)
            return
        found = next((one for one in self.find(text) if one.kind == AREA or not areas_only), None)
        if found is not None:
            self.go(found)
            return
        hint = "可写街道、社区或网格的名称" if areas_only else "可写案件号、地名、摄像机、人员姓名或“经度, 纬度”"
        self._place.notices.say("map", f"没有找到“{text}”", Tone.NEAR, hint)

    async def _build(self) -> None:
        try:
            self._places = (await self._place.form_context()).places
        finally:
            self._building = False
        self._desk.tools.search.offer_again()

    def _forget(self) -> None:
        self._places = None
