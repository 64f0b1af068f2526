"""Tells what became of an action whose answer was lost with the connection."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from commandcenter.domain.model import CaseRow, Done
from commandcenter.domain.workflow import load_workflow
from ui.bridge.live_cases import LiveCases
from ui.bridge.notices import Note, Notices
from ui.bridge.open_questions import OpenQuestions, Question
from widgets.tones import Tone


class LateAnswers(QObject):
    """One message for each, in place of the one that said it was unknown."""

    def __init__(self, live: LiveCases, notices: Notices, questions: OpenQuestions,
                 title: Callable[[CaseRow], str]) -> None:
        super().__init__(live)
        self._live, self._notices, self._title = live, notices, title
        self._labels = {action.code: action.label for action in load_workflow().actions}
        questions.settled.connect(self._tell)

    def _tell(self, question: Question, done: Done | None) -> None:
        row = self._live.row(question.case_id)
        what = f"{self._title(row) if row else '案件'} 已确认：{self._labels.get(question.action, question.action)}"
        key = ("unknown", question.case_id)
        if done is not None:
            self._notices.post(Note(key, f"{what}已办成", Tone.OK, "", question.case_id))
        else:
            self._notices.post(Note(key, f"{what}没有办成", Tone.NEAR, "可以重新办理", question.case_id))
