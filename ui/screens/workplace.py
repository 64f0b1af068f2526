"""Everything that the screens of one login share."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.calendar import WorkTime
from commandcenter.domain.model import CaseRow, Directory, Person, UnitFigures
from commandcenter.domain.recommend import Suggestion, recommend
from commandcenter.domain.units import reach_of
from commandcenter.live.city_clock import CityClock
from commandcenter.live.picture import LivePicture
from commandcenter.live.queues import QueueSpec, queues_for, units_of
from commandcenter.ports import Session
from commandcenter.video.demo.resolve import local_address
from commandcenter.video.slot_process import SlotProcess
from ui.bridge.backend import Backend
from ui.bridge.camera_stream import CameraStream
from ui.bridge.cameras import CameraBook
from ui.bridge.decoder import MakeDecoder
from ui.bridge.deeds import Deeds
from ui.bridge.draft_cleaning import DraftCleaning
from ui.bridge.draft_reminder import DraftReminder
from ui.bridge.drafts import Drafts
from ui.bridge.duty_watch import DutyWatch
from ui.bridge.joint_answers import JointAnswers
from ui.bridge.joint_deeds import JointDeeds
from ui.bridge.joint_questions import JointQuestions
from ui.bridge.late_answers import LateAnswers
from ui.bridge.live_cases import LiveCases
from ui.bridge.live_emergency import LiveEmergency
from ui.bridge.live_holds import LiveHolds
from ui.bridge.live_joint import LiveJoint
from ui.bridge.looking import Looking
from ui.bridge.notices import Notices
from ui.bridge.open_questions import OpenQuestions
from ui.bridge.reminders import Reminders
from ui.bridge.report_source import ReportSource
from ui.bridge.topics import TopicBook
from ui.bridge.watch import Watch
from ui.forms.context import FormContext
from ui.models.remaining import Remaining
from ui.models.words import CaseWords


class Workplace(QObject):
    """One session with its live picture, deeds, drafts and words. `words_changed()`: the directory is another."""

    words_changed = Signal()

    def __init__(self, session: Session, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.home = home
        self.backend = Backend(session, self)
        self.person: Person = session.person
        self.roles = self.person.roles()
        self.units = units_of(self.person, session.directory)
        self.queues = queues_for(self.roles, self.units)
        self.reach = reach_of(self.person.duties, session.directory)
        clock = CityClock(time.time(), 1.0)
        self.live = LiveCases(self.backend, LivePicture(self.queues), clock)
        self.questions = OpenQuestions(self.backend, self.live, home / "drafts" / f"{self.person.login}.unknown.json")
        self.deeds = Deeds(self.backend, self.questions)
        self.joint_questions = JointQuestions(self.backend, self.live,
                                              home / "drafts" / f"{self.person.login}.joint.json")
        self.joint_deeds = JointDeeds(self.backend, self.joint_questions)
        self.joint = LiveJoint(self.backend, self.live, self.joint_deeds)
        self.holds = LiveHolds(self.joint, self.live)
        self.looking = Looking(self.backend, self.live)
        self.emergency = LiveEmergency(self.backend, self.live)
        self.topics = TopicBook(self.backend, self.live)
        self.cameras = CameraBook(self.backend, self.live)
        self.make_decoder: MakeDecoder = SlotProcess
        self.notices = Notices(clock.now, self)
        self.reminders = Reminders(self.backend, self.live, self.deeds, lambda: self.joint_deeds.acting)
        self.reports = ReportSource(self.backend, self.notices)
        self.drafts = Drafts(home, self.person.login)
        self.cleaning = DraftCleaning(self.backend, self.live, self.drafts)
        self._take_directory()
        self.left = DraftReminder(self.cleaning, self.live, self.drafts, self.notices, self.case_title)
        self.late = LateAnswers(self.live, self.notices, self.questions, self.case_title)
        self.joint_late = JointAnswers(self.joint, self.notices, self.joint_questions)
        self.duty = DutyWatch(self.backend, self.live)
        self.watch = Watch(self.live, self.notices, self.person, self.units, self.case_title)
        self.backend.directory_changed.connect(self._on_directory)
        self._forms: FormContext | None = None
        self.figures: dict[int, UnitFigures] = {}
        self._warned = False

    async def form_context(self) -> FormContext:
        """What forms may know; the indexes over the catalogue are built once, off the GUI thread."""
        if self._forms is None:
            self._forms = await self.backend.call(self._build_forms, self.backend.directory)
        return self._forms

    def queue(self, key: str) -> QueueSpec:
        """One of the queues of this person."""
        return next(queue for queue in self.queues if queue.key == key)

    def suggestions(self, row: CaseRow) -> list[Suggestion]:
        """Recommended units for a case, with live load and the 30-day figures."""
        item = self.backend.directory.items.get(row.item_id or 0)
        return recommend(row, item, self.backend.directory, self.figures, self.live.picture.unit_load(), self.reach)

    def take_warnings(self) -> tuple[str, ...]:
        """What the session warns of, to the first window that asks; the others need not say it again."""
        told = () if self._warned else tuple(self.backend.session.warnings)
        self._warned = True
        return told

    async def find_case(self, no: str) -> CaseRow | None:
        """A case by its number's last digits; raises DomainError."""
        return await self.backend.ask(lambda queries: queries.case_by_no(no))

    def _build_forms(self, directory: Directory) -> FormContext:
        from commandcenter.domain.gazetteer import Gazetteer
        from commandcenter.domain.matching import ItemIndex

        return FormContext(directory, ItemIndex(directory.items.values()), Gazetteer(directory), self.live.clock.now,
                           self.find_case, self.suggestions, self.reach or None)

    def camera_stream(self, parent: QObject) -> CameraStream:
        """A slot's stream, which looks at nothing yet."""
        return CameraStream(self.backend, self.cameras, self.home, local_address, self.make_decoder, parent)

    def case_title(self, row: CaseRow) -> str:
        """002378 非机动车乱停放."""
        return f"{self.words.number(row)} {self.words.title(row)}"

    async def close(self) -> None:
        """End everything that belongs to the session."""
        self.live.stop()
        self.deeds.stop()
        self.joint_deeds.stop()
        await self.cameras.say_last_word()
        await self.backend.close()

    def _take_directory(self) -> None:
        directory = self.backend.directory
        self.words = CaseWords(directory)
        self.work_time = WorkTime(directory.calendar)
        self.remaining = Remaining(self.work_time)

    def _on_directory(self) -> None:
        self._take_directory()
        self._forms = None
        self.words_changed.emit()
