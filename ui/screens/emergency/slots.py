"""画面: the four nearest cameras that may be looked through, looking at the event."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from commandcenter.domain.emergency import Emergency
from commandcenter.domain.errors import DomainError
from commandcenter.domain.video import NearCamera
from ui.screens.desk.near_rows import why_not
from ui.screens.video.deck import CAMERA_MIME, VideoDeck, Watched
from ui.screens.workplace import Workplace
from widgets.tones import Tone
from widgets.video import VideoGrid

_SLOTS = 4
_ASKED = 16  # some of the nearest may not be for this person


class EventSlots(QWidget):
    """A camera dragged here takes the slot it is dropped on, until the event is another."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self.grid = VideoGrid(CAMERA_MIME)
        self.grid.set_count(_SLOTS)
        self.deck = VideoDeck(self.grid, place.camera_stream)
        self._event: Emergency | None = None
        self._near: list[NearCamera] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.grid)
        self.grid.dropped.connect(self._on_dropped)
        place.cameras.changed.connect(self._on_book)

    def show_event(self, event: Emergency | None) -> None:
        """Its nearest cameras; the same event leaves the slots as they are."""
        if (event.id if event else None) == (self._event.id if self._event else None):
            return
        self._event = event
        self._near = []
        self.deck.clear_all()
        if event is not None:
            self._place.cameras.want()
            self._place.backend.start(self._fill(event), self)

    def shut(self) -> None:
        """The window closes: end every look."""
        self.deck.close()

    async def _fill(self, event: Emergency) -> None:
        port = self._place.backend.session.cameras
        try:
            near = await self._place.backend.call(port.near, event.lon, event.lat, _ASKED)
        except DomainError as error:
            self._place.notices.say("emergency-cameras", "周边视频读取失败", Tone.NEAR, error.message)
            return
        if event is self._event:
            self._near = near
            self._on_book()

    def _on_book(self) -> None:
        book = self._place.cameras
        if not book.ready:
            return
        self.deck.renew(book.cameras)
        if self._event is None or self.deck.watched:
            return
        known = [(book.cameras[one.camera_id], one.metres) for one in self._near if one.camera_id in book.cameras]
        seen = [(camera, metres) for camera, metres in known if not why_not(camera)][:_SLOTS]
        with self.deck.at_once():
            for slot, (camera, metres) in enumerate(seen):
                self.deck.put(slot, Watched(camera, *self._purpose, note=f"{metres:,.0f} m"))

    def _on_dropped(self, slot: int, keys: tuple[object, ...]) -> None:
        found = [self._place.cameras.cameras.get(key) for key in keys]
        for index, camera in enumerate((one for one in found if one is not None), slot):
            if index < _SLOTS:
                self.deck.put(index, Watched(camera, *self._purpose, note=self._place.cameras.label(camera.category)))

    @property
    def _purpose(self) -> tuple[str, int | None]:
        """The look is recorded with the case it is for."""
        case_id = self._event.case_id if self._event else None
        return ("desk", None) if case_id is None else ("case", case_id)
