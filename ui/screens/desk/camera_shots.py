"""Evidence of the selected case that came from cameras: whose it is, when, its digest, and whether it still fits."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import Attachment, CaseFile
from commandcenter.domain.video import CameraEvidence
from commandcenter.video.frames import MP4
from ui.screens.desk.clip_player import StoredClip
from ui.screens.workplace import Workplace
from widgets.elided_label import ElidedLabel
from widgets.styling import label, set_property
from widgets.theme import current_theme
from widgets.tones import Tone

DIGEST = 8  # characters that are shown


class CameraShots(QObject):
    """changed(): which attachments came from cameras is known, or is another. Asked only of cases that have some."""

    changed = Signal()

    def __init__(self, place: Workplace, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._file: CaseFile | None = None
        self._known: dict[int, CameraEvidence] = {}
        self.error: DomainError | None = None
        place.cameras.changed.connect(self.changed)
        place.live.state_changed.connect(self._on_state)

    def show(self, file: CaseFile | None) -> None:
        """Of this case from now on; the same case with nothing new asks nothing."""
        before, self._file = self._file, file
        if before is None or file is None or before.row.id != file.row.id:
            self._known, self.error = {}, None
        if file is not None and self._taken() - self._known.keys():
            self._place.backend.start(self._read(file.row.id), self)
        self.changed.emit()

    def _taken(self) -> set[int]:
        """By the trace: what a camera gave has its name there."""
        assert self._file is not None
        kept = {attachment.seq for attachment in self._file.attachments}
        return {event.seq for event in self._file.trace if "camera" in event.what} & kept

    async def _read(self, case_id: int) -> None:
        failed: DomainError | None = None
        try:
            found = await self._place.backend.call(self._place.backend.session.cameras.evidence, case_id)
        except DomainError as error:
            found, failed = [], error
        if self._file is not None and self._file.row.id == case_id:
            self.error = failed
            self._known.update((shot.seq, shot) for shot in found)
            self.changed.emit()

    def _on_state(self) -> None:
        if self._place.live.online and self.error is not None:
            self.show(self._file)

    # ------------------------------------------------------------ in words
    @property
    def problem(self) -> str:
        """Why it is not known which ones came from cameras; empty when it is."""
        return "" if self.error is None else f"取证登记没有读出：{self.error.message}，恢复后自动重读"

    @property
    def shots(self) -> Mapping[int, CameraEvidence]:
        """By number of the attachment."""
        return self._known

    def attachment(self, seq: int) -> Attachment | None:
        """What is kept under this number."""
        held = self._file.attachments if self._file is not None else ()
        return next((attachment for attachment in held if attachment.seq == seq), None)

    def name(self, shot: CameraEvidence) -> str:
        """Of the camera, as the trace has it when it is out of this person's sight."""
        camera = self._place.cameras.cameras.get(shot.camera_id)
        if camera is not None:
            return camera.name
        trace = self._file.trace if self._file is not None else ()
        told = (event.what.get("camera") for event in trace if event.seq == shot.seq)
        return str(next(told, None) or f"摄像机 {shot.camera_id}")

    def moment(self, shot: CameraEvidence) -> str:
        """06-18 14:32:08."""
        return f"{self._place.words.local(shot.taken_at):%m-%d %H:%M:%S}"

    def caption(self, shot: CameraEvidence) -> str:
        """摄像机 和平里03号商场正门 · 06-18 14:32:08 · 1a2b3c4d."""
        return f"摄像机 {self.name(shot)} · {self.moment(shot)} · {shot.sha256[:DIGEST]}"

    def captions(self) -> dict[int, str]:
        """By number of the attachment."""
        return {seq: self.caption(shot) for seq, shot in self._known.items()}

    def clip(self, attachment: Attachment, case_id: int) -> StoredClip:
        """An attachment as the slot plays it."""
        shot = self._known.get(attachment.seq)
        if shot is None:
            return StoredClip(case_id, attachment.seq, f"录像 {attachment.name}")
        return StoredClip(case_id, attachment.seq, f"录像 {self.name(shot)}", self.moment(shot))


class ShotLines(QWidget):
    """A line for each: whose picture, when, its digest; 校验 fetches it again and compares. play_wanted(Attachment)."""

    play_wanted = Signal(object)

    def __init__(self, place: Workplace, shots: CameraShots) -> None:
        super().__init__()
        self._place, self._shots = place, shots
        self.lines: list[_ShotLine] = []
        self.problem = label(role="small", tone=Tone.NEAR)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.problem)
        shots.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        wanted = list(self._shots.shots.values())
        if [line.shot for line in self.lines] != wanted:
            self._fill(wanted)
        for line in self.lines:
            line.show_words(self._shots)
        self._column.setSpacing(current_theme().sizes.pad_small)
        self.problem.setText(self._shots.problem)
        self.problem.setVisible(bool(self._shots.problem))
        self.setVisible(bool(wanted or self._shots.problem))

    def _fill(self, wanted: list[CameraEvidence]) -> None:
        kept = {(line.shot.case_id, line.shot.seq): line for line in self.lines if line.shot in wanted}
        for line in self.lines:
            self._column.removeWidget(line)
            if (line.shot.case_id, line.shot.seq) not in kept:
                line.hide()
                line.deleteLater()
        self.lines = [kept.get((shot.case_id, shot.seq)) or self._line(shot) for shot in wanted]
        for line in self.lines:
            self._column.addWidget(line)

    def _line(self, shot: CameraEvidence) -> _ShotLine:
        line = _ShotLine(self._place, shot, self)
        line.play.clicked.connect(lambda: self.play_wanted.emit(self._shots.attachment(shot.seq)))
        return line


class _ShotLine(QWidget):
    """The digest is the database's; what 校验 says is of the content that came just now."""

    def __init__(self, place: Workplace, shot: CameraEvidence, parent: QWidget) -> None:
        super().__init__(parent)
        self._place, self.shot = place, shot
        self._name, self._facts, self.result = ElidedLabel(), ElidedLabel("small"), label(role="small")
        self.play, self.check = QPushButton("▶ 播放"), QPushButton("校验")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        grid.addWidget(self._name, 0, 0)
        grid.addWidget(self._facts, 1, 0)
        grid.addWidget(self.result, 1, 1, 1, 2)
        for column, button in ((1, self.play), (2, self.check)):
            button.setProperty("kind", "quiet")
            grid.addWidget(button, 0, column)
        grid.setColumnStretch(0, 1)
        self.play.hide()
        self.check.setToolTip("重新取出原件，计算 SHA-256 并与数据库登记的比对")
        self.check.clicked.connect(lambda: place.backend.start(self._check(), self))

    def show_words(self, shots: CameraShots) -> None:
        """Of the camera and its time."""
        attachment = shots.attachment(self.shot.seq)
        self._name.setText(f"摄像机 {shots.name(self.shot)}")
        self._facts.setText(f"{shots.moment(self.shot)} · sha256 {self.shot.sha256[:DIGEST]}")
        self._facts.setToolTip(f"{shots.caption(self.shot)}\nSHA-256 {self.shot.sha256}")
        self.play.setVisible(attachment is not None and attachment.mime == MP4)

    async def _check(self) -> None:
        self.check.setEnabled(False)
        self._say("正在校验…", Tone.MUTED)
        case_id, seq = self.shot.case_id, self.shot.seq
        backend = self._place.backend
        try:
            content = await backend.ask(lambda queries: queries.attachment(case_id, seq))
            digest = await backend.call(lambda: hashlib.sha256(content).hexdigest())
        except DomainError as error:
            self._say("未校验", Tone.NEAR, error.message)
        else:
            if digest == self.shot.sha256:
                self._say("✓ 一致", Tone.OK, f"SHA-256 {digest}")
            else:
                self._say("× 不一致", Tone.OVERDUE, f"取出的内容 SHA-256 为 {digest}，请报告管理员并运行 audit verify")
        finally:
            self.check.setEnabled(True)

    def _say(self, words: str, tone: Tone, detail: str = "") -> None:
        self.result.setText(words)
        self.result.setToolTip(detail)
        set_property(self.result, "tone", tone.value)
