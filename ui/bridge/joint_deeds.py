"""The intents of a screen on whistles, orders, meetings and tasks, carried out off the GUI thread by the services."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.errors import OutcomeUnknown
from commandcenter.domain.joint import (
    Document,
    JointDone,
    MeetingRow,
    NewJointFile,
    NewMeeting,
    NewSummons,
    NewTask,
    SummonsRow,
    TaskRow,
    Team,
    TeamLine,
)
from commandcenter.services.joint import JointActions, JointPerformer
from commandcenter.services.meetings import MeetingService, TaskService
from commandcenter.services.summons import SummonsService
from ui.bridge.backend import Backend
from ui.bridge.joint_questions import JointQuestions

T = TypeVar("T")
_GRACE_S = 0.8  # the next of several steps in one go follows within


class JointDeeds(QObject):
    """Every call raises DomainError; nothing is ever done twice. touched(frozenset[int]): our deed concerns these."""

    touched = Signal(object)

    def __init__(self, backend: Backend, questions: JointQuestions) -> None:
        super().__init__(backend)
        self._backend, self._questions = backend, questions
        self._stopped = threading.Event()
        self._under_way, self._ended = 0, float("-inf")
        performer = JointPerformer(backend.session.joint_commands, wait=self._wait)
        self._actions, self._summons = JointActions(performer), SummonsService(performer)
        self._meetings, self._tasks = MeetingService(performer), TaskService(performer)

    @property
    def acting(self) -> bool:
        """A step of ours is under way, or was just now and may be followed by the next of the same go."""
        return self._under_way > 0 or time.monotonic() - self._ended < _GRACE_S

    def stop(self) -> None:
        """Wake whoever waits between two questions for a lost answer; called before the threads are joined."""
        self._stopped.set()

    def _wait(self, seconds: float) -> None:
        self._stopped.wait(seconds)

    async def act(self, row: SummonsRow, party_no: int | None, action: str, args: Mapping[str, Any]) -> JointDone:
        """An action on the version of the whole, or of the lane, that `row` shows."""
        party = row.party(party_no) if party_no is not None else None
        if party is None:
            return await self._do(row.id, lambda: self._actions.on_summons(row, action, args))
        return await self._do(row.id, lambda: self._actions.on_lane(row, party, action, args))

    async def act_on_meeting(self, row: MeetingRow, action: str, args: Mapping[str, Any]) -> JointDone:
        """An action on a meeting."""
        return await self._do(row.id, lambda: self._actions.on_meeting(row, action, args))

    async def act_on_task(self, row: TaskRow, action: str, args: Mapping[str, Any]) -> JointDone:
        """An action on a task."""
        return await self._do(row.id, lambda: self._actions.on_task(row, action, args))

    async def attach(self, new: NewJointFile) -> JointDone:
        """Add a photo or a document."""
        return await self._do(new.entity_id, lambda: self._actions.attach(new))

    async def open_summons(self, new: NewSummons) -> JointDone:
        """拟哨, 拟令."""
        return await self._do(None, lambda: self._summons.draft(new))

    async def call_meeting(self, new: NewMeeting) -> JointDone:
        """召集会商."""
        return await self._do(None, lambda: self._meetings.call(new))

    async def assign_task(self, new: NewTask) -> JointDone:
        """交办, 批办."""
        return await self._do(None, lambda: self._tasks.assign(new))

    async def issue_document(self, row: SummonsRow) -> Document:
        """出具公文."""
        document = await self._backend.change(lambda _: self._summons.issue_document(row))
        self.touched.emit(frozenset({row.id}))
        return document

    async def save_team(self, name: str, template: str, lines: Sequence[TeamLine]) -> Team:
        """存为模板."""
        return await self._backend.change(lambda _: self._summons.save_team(name, template, lines))

    async def _do(self, entity_id: int | None, deed: Callable[[], JointDone]) -> JointDone:
        """Also a refusal tells what is new: somebody else was first."""
        touched = {entity_id} if entity_id is not None else set()
        self._under_way += 1
        try:
            done = await self._backend.change(lambda _: deed())
            touched.add(done.entity_id)
            return done
        except OutcomeUnknown as error:
            self._questions.take(error)
            raise
        finally:
            self._under_way, self._ended = self._under_way - 1, time.monotonic()
            self.touched.emit(frozenset(touched))
