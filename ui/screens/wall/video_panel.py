"""视频 on the wall: a group of cameras in turns, a layout of the video screen, one camera, or those near a place."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.video import CameraGroup
from ui.models.camera_columns import may_open
from ui.screens.video.deck import CAMERA_MIME, VideoDeck, Watched
from ui.screens.video.layout_memory import SlotLayout
from ui.screens.video.rotation import Rotation
from ui.screens.workplace import Workplace
from widgets.theme import current_theme
from widgets.video import VideoGrid

PURPOSE = "wall"
_ALL = CameraGroup(0, "全部可看的摄像机", 12, ())
_NEAR = 4


class VideoBody(QWidget):
    """Nothing is decoded while it is out of sight."""

    full = True

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._book = place, place.cameras
        self.grid = VideoGrid(CAMERA_MIME, quiet=True)
        self.grid.setParent(self)
        self.deck = VideoDeck(self.grid, place.camera_stream)
        self.rotation = Rotation(self.deck, self._book, PURPOSE)
        self._scale = 1.0
        self._asked: tuple[object, ...] = ("turns", 4)
        self._shown: tuple[object, ...] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._book.changed.connect(self._on_book)

    @property
    def type_scale(self) -> float:
        """How many times larger than on a desk it is drawn."""
        return self._scale

    @type_scale.setter
    def type_scale(self, scale: float) -> None:
        self._scale = scale
        for slot in self.grid.slots:
            slot.type_scale = scale
            slot.update()

    @property
    def detail(self) -> str:
        """轮巡 12 s · 84 路."""
        seen = sum(may_open(camera) for camera in self._book.cameras.values())
        group = self.rotation.group
        return f"轮巡 {group.dwell_s} s · 可看 {seen:,} 路" if group is not None else f"可看 {seen:,} 路"

    # ------------------------------------------------------------ what is shown
    def show_turns(self, count: int) -> None:
        """The district's largest group, else all, in turns."""
        self._want(("turns", count))

    def show_camera(self, camera_id: int) -> None:
        """One alone."""
        self._want(("camera", camera_id))

    def show_near(self, lon: float, lat: float) -> None:
        """Those nearest to a place."""
        self._want(("near", lon, lat))

    def show_layout(self, layout: SlotLayout) -> None:
        """As they lie on the video screen, or a group in turns."""
        self._want(("layout", layout))

    def end(self) -> None:
        """End every look."""
        self.deck.close()

    # ------------------------------------------------------------ inside
    def _want(self, asked: tuple[object, ...]) -> None:
        if asked != self._asked or self._shown is None:
            self._asked, self._shown = asked, None
            self._book.want()
            self._on_book()

    def _on_book(self) -> None:
        if not self._book.ready:
            return
        self.deck.renew(self._book.cameras)
        if self._asked[0] == "turns" and self.rotation.group is None:
            self._shown = None  # its group was deleted, or there never was one
        if self._shown != self._asked and self._fill():
            self._shown = self._asked

    def _fill(self) -> bool:
        """False while what is asked for is not there: it may come yet."""
        kind, *rest = self._asked
        self.rotation.stop()
        with self.deck.at_once():
            self.deck.clear_all()
            if kind == "turns":
                self.grid.set_count(rest[0])
                return self.rotation.begin(self._group())
            if kind == "layout":
                return self._lay(rest[0])
            if kind == "camera":
                self.grid.set_count(1)
                return self._put(0, rest[0])
            self.grid.set_count(_NEAR)
        self._place.backend.start(self._find_near(*rest), self)
        return True

    def _lay(self, layout: SlotLayout) -> bool:
        self.grid.set_count(layout.count)
        if layout.group is not None:
            group = next((group for group in self._book.groups if group.id == layout.group), None)
            return group is not None and self.rotation.begin(group)
        for slot, key in layout.cameras.items():
            if slot < layout.count:
                self._put(slot, key)
        return True

    def _group(self) -> CameraGroup:
        """The district's largest; all cameras, where none fills the slots."""
        held = self._book.cameras
        common = [group for group in self._book.groups if group.owner_id is None]
        seen = {group.id: sum(key in held and may_open(held[key]) for key in group.cameras) for group in common}
        largest = max(common, key=lambda group: seen[group.id], default=None)
        if largest is not None and seen[largest.id] >= self.grid.count:
            return largest
        return CameraGroup(_ALL.id, _ALL.name, _ALL.dwell_s, tuple(sorted(held)))

    def _put(self, slot: int, camera_id: int) -> bool:
        camera = self._book.cameras.get(camera_id)
        if camera is None:
            return False
        self.deck.put(slot, Watched(camera, PURPOSE, note=self._book.label(camera.category)))
        return True

    async def _find_near(self, lon: float, lat: float) -> None:
        try:
            near = await self._book.near(lon, lat, 2 * _NEAR)
        except DomainError:
            return  # the slots stay empty; the book reads again after a reconnect
        if self._asked[:1] != ("near",):
            return
        held = self._book.cameras
        seen = [n.camera_id for n in near if n.camera_id in held and may_open(held[n.camera_id])][:_NEAR]
        with self.deck.at_once():
            for slot, key in enumerate(seen):
                self._put(slot, key)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """The slots fill it, with as much room around as between them."""
        room = round(current_theme().sizes.pad_small * self._scale)
        self.grid.set_gap(room)
        self.grid.setGeometry(self.rect().adjusted(room, room, -room, -room))
