"""One slot beside the map: a camera dragged here from the map, or opened near a case, is looked through."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from commandcenter.domain.model import CaseRow
from commandcenter.domain.video import Camera
from ui.screens.desk.near_finder import Near
from ui.screens.desk.near_rows import why_not
from ui.screens.desk.one_slot import OneSlot
from ui.screens.video.deck import VideoDeck, Watched
from ui.screens.workplace import Workplace
from widgets.theme import current_theme, theme_events
from widgets.video.slot import VideoSlot

_ASPECT = 9 / 16
_HINT = "把摄像机从地图拖到这里"


class _Slot(OneSlot):
    """Says, while it is empty, what can be dropped here; OneSlot says nothing."""

    def _slot(self, index: int, _hint: str) -> VideoSlot:
        return super()._slot(index, _HINT)


class MapSlot(QFrame):
    """camera_wanted(Camera): large, on the screen for it. changed(): `camera` is another. left(): closed by its key."""

    camera_wanted = Signal(object)
    changed = Signal()
    left = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.setProperty("role", "surface")
        self._place = place
        self._near: Sequence[Near] = ()
        self._case: CaseRow | None = None
        self.grid = _Slot()
        self.grid.setAcceptDrops(True)
        self.grid.setAccessibleName("地图旁的画面")
        self.deck = VideoDeck(self.grid, place.camera_stream)
        self.large, self.close_it = QPushButton("在视频屏打开"), QPushButton("× 关闭")
        self._column, self._row = QVBoxLayout(self), QHBoxLayout()
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        self._column.addWidget(self.grid)
        for button in (self.large, self.close_it):
            button.setProperty("kind", "chip")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._row.addWidget(button)
        self._row.addStretch(1)
        self._column.addLayout(self._row)

    def _connect(self) -> None:
        self.grid.dropped.connect(lambda _slot, keys: self._on_dropped(keys))
        self.grid.left.connect(self.leave)
        self.grid.all_wanted.connect(self._want_large)
        self.grid.picked.connect(self._pick)
        self.grid.stepped.connect(self._step)
        self.large.clicked.connect(self._want_large)
        self.close_it.clicked.connect(self.leave)
        self._place.cameras.changed.connect(self._on_book)
        self.deck.changed.connect(self._show)
        theme_events().changed.connect(self._show)

    # ------------------------------------------------------------ what is looked at
    @property
    def camera(self) -> Camera | None:
        """The one in the slot."""
        watched = self.deck.watched.get(0)
        return None if watched is None else watched.camera

    def watch(self, camera: Camera, case: CaseRow | None = None, near: Sequence[Near] = ()) -> None:
        """Look through this one; case: for which, the look is recorded with it. near: what the keys 1 … 9 choose."""
        self._case, self._near = case, near
        metres = next((f" · {one.metres:,.0f} m" for one in near if one.camera.id == camera.id), "")
        note = self._place.cameras.label(camera.category) + metres
        purpose, case_id = ("desk", None) if case is None else ("case", case.id)
        self.deck.put(0, Watched(camera, purpose, case_id, note))

    def leave(self) -> bool:
        """The look is over; False if there was none."""
        if self.camera is None:
            return False
        had_keyboard = self.grid.hasFocus()
        self.deck.clear(0)
        if had_keyboard:
            self.left.emit()
        return True

    def shut(self) -> None:
        """The window closes."""
        self.deck.close()

    # ------------------------------------------------------------ inside
    def _on_dropped(self, keys: Sequence[object]) -> None:
        """The first of them."""
        held = self._place.cameras.cameras
        found = [held[key] for key in keys if isinstance(key, int) and key in held]
        if found:
            self.watch(found[0])
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_book(self) -> None:
        """What was taken away goes, what is no longer allowed says so."""
        if self._place.cameras.ready:
            self.deck.renew(self._place.cameras.cameras)

    def _want_large(self) -> None:
        if (camera := self.camera) is not None:
            self.leave()  # nobody looks twice
            self.camera_wanted.emit(camera)

    def _pick(self, index: int) -> None:
        if index < len(self._near):
            self.watch(self._near[index].camera, self._case, self._near)

    def _step(self, step: int) -> None:
        """To the next one nearby that may be seen."""
        open_ones = [one.camera for one in self._near if not why_not(one.camera)]
        if self.camera in open_ones:
            self.watch(open_ones[(open_ones.index(self.camera) + step) % len(open_ones)], self._case, self._near)

    def _show(self) -> None:
        shown = self.camera is not None
        self.grid.slots[0].set_selected(shown)
        for button in (self.large, self.close_it):
            button.setVisible(shown)
        self._fit()
        self.changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as a picture of this width; without one, room enough to drop one."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        sizes = current_theme().sizes
        edge = sizes.pad_small
        self._column.setContentsMargins(edge, edge, edge, edge)
        self._column.setSpacing(edge)
        self._row.setSpacing(edge)
        high = round((self.width() - 2 * edge) * _ASPECT) if self.camera is not None else sizes.control_height
        self.grid.setFixedHeight(high)
