"""周边视频 of the selected case: what is near, one slot to look, and what was kept as evidence."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from commandcenter.domain.model import Attachment, CaseFile, CaseRow
from ui.screens.desk.camera_shots import CameraShots, ShotLines
from ui.screens.desk.near_finder import FEW, NEAR_M, Near, NearFinder
from ui.screens.desk.near_rows import NearRows, why_not
from ui.screens.desk.near_view import NearView
from ui.screens.workplace import Workplace
from widgets.tones import Tone

NEAR_KEY = "V"


class NearCameras(QObject):
    """The parts that a case pane lays out. all_wanted(CaseRow, list of Camera and metres): shown elsewhere, large;
    left(): the slot is closed and the keyboard free."""

    all_wanted = Signal(object, object)
    left = Signal()

    def __init__(self, place: Workplace, pane: QWidget) -> None:
        super().__init__(pane)
        self._place = place
        self._row: CaseRow | None = None
        self._widened = False
        self._wanted: int | None = None  # of the case whose nearest camera is to be opened once it is known
        self.finder, self.shots = NearFinder(place, pane), CameraShots(place, self)
        self.rows, self.view = NearRows(self.finder, place.cameras.label), NearView(place)
        self.lines, self.button = ShotLines(place, self.shots), QPushButton()
        self._later = QTimer(self)  # a row, its file and its cameras often come together
        self._connect()
        self._show()

    def _connect(self) -> None:
        self.button.setProperty("kind", "chip")
        self.button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(self.toggle)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._show)
        self.finder.changed.connect(self._later.start)
        self.view.changed.connect(self._later.start)
        self.view.all_wanted.connect(self.open_all)
        self.view.closed.connect(lambda had_keyboard: self.left.emit() if had_keyboard else None)
        self.rows.all_wanted.connect(self.open_all)
        self.rows.chosen.connect(self.watch)
        self.rows.more_wanted.connect(self._widen)
        self.lines.play_wanted.connect(self.play)

    # ------------------------------------------------------------ which case
    def leave_case(self, case_id: int | None) -> None:
        """Another case is selected, or none: nobody looks for the last one any more."""
        if self._row is not None and self._row.id == case_id:
            return
        self._row, self._widened, self._wanted = None, False, None
        self.view.leave()
        self.finder.show(None)
        self.shots.show(None)

    def show_file(self, file: CaseFile) -> None:
        """The selected case has been read, perhaps anew."""
        self._row = file.row
        self.finder.show(file.row)
        self.shots.show(file)
        self._later.start()

    # ------------------------------------------------------------ verbs
    @property
    def shown(self) -> list[Near]:
        """The few nearest; all that were found once more are wanted."""
        found = self.finder.found
        return found if self._widened else [near for near in found if near.metres <= NEAR_M][:FEW]

    def toggle(self) -> None:
        """V: the nearest that may be seen; again: close."""
        if self.finder.problem:
            self.finder.retry()
        elif not self.view.leave():
            self._open_nearest()

    def watch(self, index: int) -> None:
        """Look through one of those shown."""
        if self._row is not None:
            self.view.watch(self._row, self.shown, index)

    def play(self, attachment: Attachment) -> None:
        """A clip that was kept, in the same slot."""
        if self._row is not None:
            self.view.play(self._row, self.shots.clip(attachment, self._row.id))

    def open_all(self) -> None:
        """Those that may be seen, together on the screen for it; here it is closed: nobody looks twice."""
        row, near = self._row, [near for near in self.shown if not why_not(near.camera)]
        if row is None or not near:
            self._refuse(near)
            return
        self.view.leave()
        self.all_wanted.emit(row, [(one.camera, one.metres) for one in near])

    def _open_nearest(self) -> None:
        if self._row is not None and self.finder.waiting and self._place.live.online:
            self._wanted = self._row.id
            return
        near = self.shown
        index = next((place for place, one in enumerate(near) if not why_not(one.camera)), None)
        if index is None:
            self._refuse(near)
        else:
            self.watch(index)

    def _refuse(self, near: list[Near]) -> None:
        words = "请先选择案件" if self._row is None else self.finder.words
        if not words:
            words = f"周边 {len(near)} 路摄像机您都无权查看" if near else "周边没有可以查看的摄像机"
        self._place.notices.say("near", words, Tone.MUTED)

    def _widen(self) -> None:
        self._widened = not self._widened
        self._show()

    # ------------------------------------------------------------ inside
    def _show(self) -> None:
        near, found = self.shown, self.finder.found
        self.rows.setVisible(self._row is not None)
        self.rows.show_cameras(near, len(found) - len(near), self._widened, self.view.camera_id)
        if self._row is not None:
            self.view.follow(self._row, near)
        self._show_button(near)
        if self._wanted is not None and not self.finder.waiting:
            self._wanted = None
            self._open_nearest()

    def _show_button(self, near: list[Near]) -> None:
        """In the heading: how many there are, and how near, when the lines below are out of sight."""
        words = "" if self.view.open else self.finder.words
        self.button.setVisible(self._row is not None)
        self.button.setEnabled(not words or bool(self.finder.problem))
        self.button.setToolTip(words or f"打开最近的一路，再按关闭（{NEAR_KEY}）")
        if self.view.open:
            self.button.setText("× 关闭录像" if self.view.clips.clip is not None else "× 关闭视频")
        elif self.finder.problem:
            self.button.setText("周边视频未读出 · 重试")
        elif close := sum(one.metres <= NEAR_M for one in near):
            self.button.setText(f"▶ {close} 路视频 · 最近 {near[0].metres:,.0f} m")
        elif self.finder.placeless:
            self.button.setText("案件无坐标")
        else:
            self.button.setText("查找周边视频…" if self.finder.waiting else "周边无视频")
