"""Tells what became of an action on a whistle or order whose answer was lost."""

from __future__ import annotations

from PySide6.QtCore import QObject

from commandcenter.domain.joint import MEETING, TASK, WHISTLE, JointDone
from commandcenter.domain.joint_workflow import lane_machine, load_machine
from ui.bridge.joint_questions import JointQuestions
from ui.bridge.live_joint import LiveJoint
from ui.bridge.notices import Note, Notices
from ui.bridge.open_questions import Question
from widgets.tones import Tone


class JointAnswers(QObject):
    """One message for each, in place of the one that said it was unknown."""

    def __init__(self, joint: LiveJoint, notices: Notices, questions: JointQuestions) -> None:
        super().__init__(joint)
        self._joint, self._notices = joint, notices
        questions.settled.connect(self._tell)

    def _tell(self, question: Question, done: JointDone | None) -> None:
        code, _, party = question.action.partition(":")
        row = self._joint.summons.get(question.case_id)
        what = f"{row.title or row.no if row else '吹哨事项'} 已确认：{self._label(question.case_id, code, party)}"
        key = ("joint", question.case_id, code)
        if done is not None:
            self._notices.post(Note(key, f"{what}已办成", Tone.OK))
        else:
            self._notices.post(Note(key, f"{what}没有办成", Tone.NEAR, "可以重新办理"))

    def _label(self, entity_id: int, code: str, party: str) -> str:
        """The same code is 签批吹哨 of a whistle and 签发并召集 of an order."""
        picture = self._joint.picture
        row = picture.summons.get(entity_id)
        name = ("party" if party not in ("", "0") else row.kind if row is not None else
                MEETING if entity_id in picture.meetings else TASK if entity_id in picture.tasks else WHISTLE)
        machine = lane_machine(row.kind) if name == "party" and row is not None else load_machine(name)
        return machine.label(code)
