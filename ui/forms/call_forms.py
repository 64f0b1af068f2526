"""召集会商 and 交办: the forms that begin a meeting or a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from PySide6.QtCore import Signal

from commandcenter.domain.joint import NewMeeting, NewTask
from ui.forms.context import FormContext
from ui.forms.field_form import FieldForm
from ui.forms.joint_editors import CallableUnits, Matter
from ui.forms.picker import Picker
from ui.forms.text_editors import LineEditor, TextEditor
from ui.forms.time_editors import InstantEditor
from ui.forms.units_editor import UnitsEditor
from ui.joint.caller_options import CallerOptions
from ui.joint.cases_editor import CasesEditor, Title

_UNIT = "单位名称或拼音首字母，如 cgw"
_MEET = ("+1小时", "+2小时", "明天 9点", "后天 9点", "下周一 9点")


class CallForm(FieldForm):
    """A form that opens something on behalf of an organisation; tried again it is sent under the same id."""

    submitted = Signal(object)

    def __init__(self, verb: str, context: FormContext, callers: Sequence[int], home: int, case_title: Title) -> None:
        super().__init__(verb)
        self._id, self._home, self._case_title = uuid4(), home, case_title
        self._context = context
        self.title.setText(verb)
        self.setAccessibleName(verb)
        self.caller = Picker(options := CallerOptions(context.directory, callers), options.title, "召集或交办单位")
        self.add_field("caller", "召集单位" if verb == "召集会商" else "交办单位", self.caller, True)
        self._add_fields()
        self.set_values({"caller": home})
        self._fields["caller"].setVisible(len(callers) > 1)

    @property
    def command_id(self) -> UUID:
        """The id under which it is sent."""
        return self._id

    def draft(self) -> dict[str, Any]:
        """What is typed; empty while nothing is."""
        given = self.values()
        return given | {"command_id": str(self._id)} if set(given) - {"caller"} else {}

    def set_draft(self, draft: Mapping[str, Any]) -> None:
        """As it was when it was left."""
        self.set_values(draft)
        if "command_id" in draft:
            self._id = UUID(str(draft["command_id"]))

    def _add_fields(self) -> None:
        raise NotImplementedError

    def _units(self) -> Picker:
        units = CallableUnits(self._context, Matter())
        return Picker(units, units.title, _UNIT)

    def _instant(self) -> InstantEditor:
        return InstantEditor(self._context.now, self._context.zone)


class MeetingForm(CallForm):
    """submitted(NewMeeting)."""

    def _add_fields(self) -> None:
        self.add_field("title", "议题", LineEditor("如：地下空间清退方案", 120), True)
        self.add_field("meet_at", "时间", InstantEditor(self._context.now, self._context.zone, _MEET), True)
        self.add_field("units", "参会单位", UnitsEditor(self._context), True)
        self.add_field("place", "地点", LineEditor("会议室或现场", 200), False)
        self.add_field("agenda", "议程", TextEditor(), False)
        self.add_field("cases", "关联案件", CasesEditor(self._case_title, self._context.find_case), False)

    def _send(self) -> None:
        given = self.values()
        self.submitted.emit(NewMeeting(
            self._id, given["caller"], given["title"], _seconds(given["meet_at"]), tuple(given["units"]),
            given.get("agenda", ""), given.get("place", ""), tuple(given.get("cases", ()))))


class TaskForm(CallForm):
    """submitted(NewTask)."""

    def _add_fields(self) -> None:
        self.add_field("title", "事项", LineEditor("如：清理占道物品", 120), True)
        self.add_field("unit_id", "承办单位", self._units(), True)
        self.add_field("due", "时限", self._instant(), True)
        self.add_field("leader", "批示领导", LineEditor("领导批办时填写", 60), False)
        self.add_field("text", "内容", TextEditor(), False)
        self.add_field("cases", "关联案件", CasesEditor(self._case_title, self._context.find_case), False)

    def _problems(self) -> dict[str, str]:
        found = super()._problems()
        if len(self._editors["cases"].value() or ()) > 1:
            found.setdefault("cases", "一件交办事项只关联一件案件")
        return found

    def _send(self) -> None:
        given = self.values()
        self.submitted.emit(NewTask(
            self._id, given["caller"], given["unit_id"], given["title"], _seconds(given["due"]), given.get("text", ""),
            given.get("leader", ""), next(iter(given.get("cases", ())), None)))


def _seconds(instant: str) -> float:
    return datetime.fromisoformat(instant).timestamp()
