"""会商 and 交办事项: who is called to a table, what was decided, and who must do what by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from commandcenter.domain.errors import InvalidInput
from commandcenter.domain.joint import JointDone, MeetingRow, NewJointFile, NewMeeting, NewTask, TaskRow
from commandcenter.services.joint import JointActions, need


class MeetingService(JointActions):
    """What callers of a meeting and those they invite do."""

    def call(self, new: NewMeeting) -> JointDone:
        """召集会商. Words are stripped; the meeting's own id makes a repetition safe."""
        tidy = replace(new, title=new.title.strip(), agenda=new.agenda.strip(), place=new.place.strip(),
                       units=tuple(dict.fromkeys(new.units)), cases=tuple(dict.fromkeys(new.cases)))  # fmt: skip
        need(tidy.title, "title", "议题")
        if not tidy.units:
            raise InvalidInput("请至少邀请一个单位", {"field": "units"})
        return self._call(tidy)

    def act(self, row: MeetingRow, action: str, **args: object) -> JointDone:
        """Any action by its code."""
        return self.on_meeting(row, action, args)

    def invite(self, row: MeetingRow, unit_id: int) -> JointDone:
        """增加参会单位."""
        return self.act(row, "invite", unit_id=unit_id)

    def confirm(self, row: MeetingRow, unit_id: int) -> JointDone:
        """确认参会 for one's own unit."""
        return self.act(row, "confirm", unit_id=unit_id)

    def excuse(self, row: MeetingRow, unit_id: int, reason: str) -> JointDone:
        """请假 for one's own unit."""
        return self.act(row, "excuse", unit_id=unit_id, reason=reason)

    def reschedule(self, row: MeetingRow, meet_at: datetime, reason: str, place: str = "") -> JointDone:
        """改期, to an aware datetime."""
        return self.act(row, "reschedule", meet_at=meet_at, reason=reason, place=place)

    def attend(self, row: MeetingRow, unit_id: int, attendance: str) -> JointDone:
        """登记到会: present, absent or excused."""
        return self.act(row, "attend", unit_id=unit_id, attendance=attendance)

    def hold(self, row: MeetingRow, decisions: Sequence[str]) -> JointDone:
        """形成议定事项, one a line."""
        return self.act(row, "hold", decisions="\n".join(line.strip() for line in decisions if line.strip()))

    def assign(self, row: MeetingRow, unit_id: int, title: str, due: datetime, text: str = "") -> JointDone:
        """交办 what was decided, due at an aware datetime."""
        return self.act(row, "assign", unit_id=unit_id, title=title, due=due, text=text)

    def close(self, row: MeetingRow, note: str = "") -> JointDone:
        """办结, when its tasks are done."""
        return self.act(row, "close", note=note)

    def cancel(self, row: MeetingRow, reason: str) -> JointDone:
        """取消."""
        return self.act(row, "cancel", reason=reason)

    def note(self, row: MeetingRow, text: str) -> JointDone:
        """补充说明."""
        return self.act(row, "note", text=text)


class TaskService(JointActions):
    """What those who assign tasks (交办, 批办, 整改) and those who carry them out do."""

    def assign(self, new: NewTask) -> JointDone:
        """交办, 批办. Words are stripped; the task's own id makes a repetition safe."""
        tidy = replace(new, title=new.title.strip(), text=new.text.strip(), leader=new.leader.strip())
        need(tidy.title, "title", "事项")
        return self._assign(tidy)

    def act(self, row: TaskRow, action: str, **args: object) -> JointDone:
        """Any action by its code."""
        return self.on_task(row, action, args)

    def report(self, row: TaskRow, result: str, proofs: Sequence[NewJointFile] = ()) -> JointDone:
        """反馈结果. The proofs go first and stay if the report is then refused."""
        for proof in proofs:
            self.attach(proof)
        return self.act(row, "report", result=result)

    def accept(self, row: TaskRow, note: str = "") -> JointDone:
        """销号."""
        return self.act(row, "accept", note=note)

    def return_task(self, row: TaskRow, reason: str) -> JointDone:
        """退回重办."""
        return self.act(row, "return_task", reason=reason)

    def extend(self, row: TaskRow, due: datetime, reason: str) -> JointDone:
        """延期, to an aware datetime."""
        return self.act(row, "extend", due=due, reason=reason)

    def cancel(self, row: TaskRow, reason: str) -> JointDone:
        """取消."""
        return self.act(row, "cancel", reason=reason)

    def note(self, row: TaskRow, text: str) -> JointDone:
        """补充说明."""
        return self.act(row, "note", text=text)
