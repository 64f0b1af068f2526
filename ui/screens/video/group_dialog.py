"""轮巡组: its name, seconds a page, order and owner; who changed it meanwhile is told before anything is lost."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from commandcenter.domain.errors import Conflict, DomainError, NotFound, ServerUnavailable
from commandcenter.domain.video import CameraGroup
from ui.forms.field_form import FieldForm
from ui.forms.number_editors import CountEditor
from ui.forms.segmented import Segmented
from ui.forms.text_editors import LineEditor
from ui.screens.video.camera_order import CameraOrder
from ui.screens.video.deck import CAMERA_MIME
from ui.screens.workplace import Workplace
from widgets.theme import current_theme
from widgets.tones import Tone

DWELL_S = (5, 3600)  # cc.check_camera_group
NAME_LENGTH = 40
KEEPER = "supervisor"
_OWN, _SHARED = "own", "shared"
_WIDTH_IN_CONTROLS = 14
_TAKE_THEIRS = "改用最新内容"


class _GroupForm(FieldForm):
    """submitted()."""

    submitted = Signal()

    def __init__(self, place: Workplace, new: bool) -> None:
        super().__init__("保存")
        cameras = place.cameras.cameras
        self.add_field("name", "名称", LineEditor("如 重点路口", NAME_LENGTH), True)
        self.add_field("dwell_s", "每页停留（秒）", CountEditor(*DWELL_S), True)
        if new and KEEPER in place.roles:
            self.add_field("whose", "归属", Segmented({_OWN: "本人", _SHARED: "全区共用"}), True)
        self.order = CameraOrder(CAMERA_MIME, lambda key: cameras[key].name if key in cameras else f"{key} 号")
        self.add_field("cameras", "轮巡顺序", self.order, True)
        self.keys.setText("* 必填   Ctrl+Enter 保存   Esc 取消")

    def _send(self) -> None:
        self.submitted.emit()


class GroupDialog(QDialog):
    """Non-modal: show() it. saved(CameraGroup)."""

    saved = Signal(object)

    def __init__(self, place: Workplace, group: CameraGroup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place, self._group = place, group
        self._tried: tuple[CameraGroup, UUID] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("修改轮巡组" if group.id else "新建轮巡组")
        self.form = _GroupForm(place, not group.id)
        self.form.title.setText(f"修改轮巡组 {group.name}" if group.id else "新建轮巡组")
        self._fill(group)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)
        self.setMinimumWidth(current_theme().sizes.control_height * _WIDTH_IN_CONTROLS)
        self.form.submitted.connect(lambda: place.backend.start(self._save(), self))
        self.form.cancelled.connect(self.reject)
        self.form.notice.action_triggered.connect(lambda: self._fill(self._group))
        self.form.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The form decides what Enter means."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _fill(self, group: CameraGroup) -> None:
        whose = _SHARED if group.owner_id is None else _OWN
        self.form.set_values({"name": group.name, "dwell_s": group.dwell_s, "cameras": group.cameras, "whose": whose})
        self.form.notice.hide()

    def _wanted(self) -> CameraGroup:
        given = self.form.values()
        owner = self._group.owner_id
        if "whose" in given:
            owner = None if given["whose"] == _SHARED else self._place.person.id
        return replace(self._group, name=given["name"], dwell_s=given["dwell_s"], cameras=given["cameras"],
                       owner_id=owner)

    async def _save(self) -> None:
        wanted = self._wanted()
        try:
            saved = await self._place.cameras.save_group(wanted, self._command(wanted))
        except Conflict as error:
            await self._compare(error)
        except NotFound as error:
            await self._compare(error)
        except DomainError as error:
            if not isinstance(error, ServerUnavailable):
                self._tried = None
            self.form.set_error(error)
        else:
            self._place.notices.say(("group", saved.id), f"已保存轮巡组：{saved.name}", Tone.OK,
                                    f"{len(saved.cameras)} 路，每页 {saved.dwell_s} 秒")
            self.saved.emit(saved)
            self.accept()

    def _command(self, wanted: CameraGroup) -> UUID:
        """That of the last attempt whose answer was lost, if the same is wanted again: it is done once."""
        if self._tried is None or self._tried[0] != wanted:
            self._tried = (wanted, uuid4())
        return self._tried[1]

    async def _compare(self, error: DomainError) -> None:
        """Somebody was first: what is typed stays, what he made of it is told and can be taken."""
        self._tried = None
        try:
            latest = await self._place.cameras.fresh_group(self._group.id)
        except DomainError as failed:
            self.form.set_error(failed)
            return
        self.form.set_error(error)
        if latest is None:
            self._group = replace(self._group, id=0, version=1)
            self.form.notice.show_text("轮巡组已被他人删除。再按保存，将按您填写的内容重新建立。", Tone.OVERDUE)
        else:
            self._group = latest
            now = f"“{latest.name}”，{len(latest.cameras)} 路，每页 {latest.dwell_s} 秒"
            self.form.notice.show_text(f"{error.message}：现为{now}。再按保存，以您填写的内容覆盖。", Tone.OVERDUE,
                                       _TAKE_THEIRS)
