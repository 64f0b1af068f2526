"""What is to be known of a meeting or task: its words, its cases, where it came from, what hangs at it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from commandcenter.domain.joint import MeetingFile, TaskFile, TaskRow
from ui.models.joint_facts import case_title, task_line
from ui.models.joint_words import KIND_LABELS, JointWords
from ui.screens.whistle.facts_view import FactsView
from ui.screens.whistle.photos import FILE_LABELS
from ui.screens.workplace import Workplace
from widgets.tones import Tone


class AffairFacts(FactsView):
    """case_wanted(case id); matter_wanted(entity, id)."""

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(place, parent)
        self._place = place

    def show_meeting(self, file: MeetingFile, words: JointWords, open_tasks: Sequence[TaskRow]) -> None:
        """Agenda, decisions, tasks."""
        if not self._begin((file.row.cases, file.agenda, file.decisions, file.tasks, file.files, file.row.summons_id,
                            tuple(open_tasks))):
            return
        self._add_text("议程", file.agenda)
        self._add_text("议定事项", file.decisions)
        for place, task in enumerate(file.tasks):  # the line below may be long: only words are wrapped
            self._add_buttons("" if place else "交办事项", [(f"{task.no.rpartition('-')[2]} {task.title}",
                                                       self._matter("task", task.id))])
            self._add_text("", task_line(task, words), Tone.MUTED)
        self._add_origin(file.row.summons_id, None)
        self._add_buttons("关联案件", [(case_title(i, self._place), self._case(i)) for i in file.row.cases])
        self._add_files(file)

    def show_task(self, file: TaskFile, words: JointWords) -> None:
        """What is to be done, and what was."""
        row = file.row
        if not self._begin((file.text, file.result, file.files, row.case_id, row.summons_id, row.meeting_id,
                            row.reworks, row.leader)):
            return
        self._add_text("批示领导", row.leader)
        self._add_text("内容", file.text)
        self._add_text("承办单位", words.full(row.unit_id))
        self._add_text("交办单位", words.full(row.issuer_id))
        self._add_text("办理结果", file.result)
        self._add_text("退回重办", f"{row.reworks} 次" if row.reworks else "")
        self._add_origin(row.summons_id, row.meeting_id)
        self._add_buttons("关联案件", [(case_title(row.case_id, self._place), self._case(row.case_id))]
                          if row.case_id is not None else [])
        self._add_files(file)

    def _begin(self, shown: tuple[object, ...]) -> bool:
        if shown == self._shown:
            return False
        self.clear()
        self._shown = shown
        return True

    def _add_origin(self, summons_id: int | None, meeting_id: int | None) -> None:
        if summons_id is not None:
            origin = self._place.joint.summons.get(summons_id)
            kind, no = (KIND_LABELS[origin.kind], f"打开 {origin.no}") if origin is not None else ("吹哨或令", "打开")
            self._add_buttons(f"来自{kind}", [(no, self._matter("summons", summons_id))])
        if meeting_id is not None:
            meeting = self._place.joint.picture.meetings.get(meeting_id)
            no = f"打开 {meeting.no}" if meeting is not None else "打开"
            self._add_buttons("来自会商", [(no, self._matter("meeting", meeting_id))])

    def _add_files(self, file: MeetingFile | TaskFile) -> None:
        self._add_text("附件", "\n".join(f"{FILE_LABELS.get(f.kind, f.kind)} {f.name}" for f in file.files
                                       if not f.mime.startswith("image/")))
