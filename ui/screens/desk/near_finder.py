"""Which cameras are near the selected case: asked for once the selection rests and somebody sees the answer."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import CaseRow
from commandcenter.domain.video import SLOT_COUNTS, Camera, NearCamera
from ui.screens.workplace import Workplace

NEAR_M = 500.0
FEW = 4
_ASKED = SLOT_COUNTS[-1]
_SETTLE_MS = 250  # the arrow keys run through a queue; only where they stop cameras are looked for
_KEPT = 32
_FRESH_S = 300.0  # no feed tells of cameras

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Near:
    """A camera and how far it is from the case, metres."""

    camera: Camera
    metres: float


class NearFinder(QObject):
    """changed(): `found` or `words` differ. An answer is kept for a while: who comes back to a case sees it at once."""

    changed = Signal()

    def __init__(self, place: Workplace, seen: QWidget) -> None:
        super().__init__(seen)
        self._place, self._book, self._seen = place, place.cameras, seen
        self._case_id: int | None = None
        self._point: Point | None = None
        self._answers: OrderedDict[Point, tuple[float, list[NearCamera]]] = OrderedDict()
        self._asking: set[Point] = set()
        self.error: DomainError | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        self._book.changed.connect(self._on_book)
        place.live.state_changed.connect(self._on_state)
        seen.installEventFilter(self)

    def show(self, row: CaseRow | None) -> None:
        """Look around this case; the same place again asks nothing."""
        point = None if row is None or row.lon is None or row.lat is None else (row.lon, row.lat)
        case_id = None if row is None else row.id
        if (case_id, point) == (self._case_id, self._point):
            return
        self._case_id, self._point, self.error = case_id, point, None
        self._settle.stop()
        self._ask_soon()
        self.changed.emit()

    def retry(self) -> None:
        """Ask again at once."""
        self.error = None
        if self._book.error is not None:
            self._book.reload()
        self._ask()
        self.changed.emit()

    # ------------------------------------------------------------ what there is
    @property
    def found(self) -> list[Near]:
        """Nearest first, at most sixteen, far ones too."""
        if self._point is None or self._point not in self._answers:
            return []
        known, answer = self._book.cameras, self._answers[self._point][1]
        return [Near(known[near.camera_id], near.metres) for near in answer if near.camera_id in known]

    @property
    def placeless(self) -> bool:
        """The case has no coordinates."""
        return self._case_id is not None and self._point is None

    @property
    def waiting(self) -> bool:
        """Whether an answer is still to come."""
        if self._point is None or self.problem:
            return False
        return self._point not in self._answers or not self._book.ready

    @property
    def problem(self) -> str:
        """Why nothing was found, in words; retry() may help. Empty: nothing is wrong."""
        unread = self._book.error if not self._book.ready else None
        error = self.error or unread
        return "" if error is None or self._point is None else f"周边摄像机没有读出：{error.message}"

    @property
    def words(self) -> str:
        """Why there is nothing to show; empty when there is."""
        if self._case_id is None:
            return ""
        if self.placeless:
            return "本案没有坐标，不能查找周边摄像机"
        if self.problem:
            return self.problem
        if self.waiting:
            return "正在查找周边摄像机…" if self._place.live.online else "与服务器断开，恢复后自动查找周边摄像机"
        return "" if any(near.metres <= NEAR_M for near in self.found) else f"{NEAR_M:.0f} m 内没有摄像机"

    # ------------------------------------------------------------ asking
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What was not asked while nobody saw the pane is asked when somebody does."""
        if event.type() == QEvent.Type.Show:
            self._ask_soon()
        return False

    def _ask_soon(self) -> None:
        if self._point is not None and not (self._is_fresh(self._point) and self._book.ready):
            self._settle.start()

    def _is_fresh(self, point: Point) -> bool:
        return point in self._answers and time.monotonic() - self._answers[point][0] < _FRESH_S

    def _ask(self) -> None:
        point = self._point
        if point is None or not self._seen.isVisible() or not self._place.live.online:
            return
        if not self._book.ready:
            self._book.want()
        if not self._is_fresh(point) and point not in self._asking:
            self._asking.add(point)
            self._place.backend.start(self._read(point), self)

    async def _read(self, point: Point) -> None:
        try:
            found = await self._book.near(*point, _ASKED)
        except DomainError as error:
            if point == self._point:
                self.error = error
        else:
            self._keep(point, found)
        finally:
            self._asking.discard(point)
        if point == self._point:
            self.changed.emit()

    def _keep(self, point: Point, found: list[NearCamera]) -> None:
        if point == self._point:
            self.error = None
        self._answers[point] = (time.monotonic(), found)
        self._answers.move_to_end(point)
        while len(self._answers) > _KEPT:
            self._answers.popitem(last=False)

    def _on_book(self) -> None:
        self.changed.emit()

    def _on_state(self) -> None:
        """Back again: cameras may have been moved or put out of use meanwhile."""
        if self._place.live.online and (self.error is not None or self.waiting):
            self.error = None
            self._ask_soon()
        self.changed.emit()
