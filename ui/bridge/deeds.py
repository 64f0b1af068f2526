"""The intents of a screen, carried out off the GUI thread by the services."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from commandcenter.domain.errors import OutcomeUnknown
from commandcenter.domain.model import CaseRow, Done, NewAttachment, NewReport
from commandcenter.domain.notices import Notice
from commandcenter.services.commands import CaseActions, Outcome, Performer
from commandcenter.services.dispatch import DispatchService
from commandcenter.services.handling import HandlingService
from commandcenter.services.notices import NoticeService
from ui.bridge.backend import Backend
from ui.bridge.open_questions import OpenQuestions


class Deeds(QObject):
    """Every call raises DomainError; nothing is ever done twice. `settling()`: an answer was lost and is asked for."""

    settling = Signal()
    _waiting = Signal()

    def __init__(self, backend: Backend, questions: OpenQuestions) -> None:
        super().__init__(backend)
        self._backend = backend
        self._questions = questions
        self._stopped = threading.Event()
        self._waiting.connect(self.settling, Qt.ConnectionType.QueuedConnection)
        performer = Performer(backend.session.commands, wait=self._wait)
        self._performer = performer
        self._actions = CaseActions(performer)
        self._dispatches = DispatchService(performer)
        self._handling = HandlingService(performer)
        self._notices = NoticeService(backend.session.notices, wait=self._wait)

    def stop(self) -> None:
        """Wake whoever waits between two questions for a lost answer; called before the threads are joined."""
        self._stopped.set()

    def _wait(self, seconds: float) -> None:
        self._waiting.emit()
        self._stopped.wait(seconds)

    async def act(self, row: CaseRow, action: str, args: Mapping[str, Any], initiator: object = None) -> Done:
        """Carry out a workflow action on the version that `row` shows."""
        try:
            return await self._backend.change(lambda _: self._actions.act(row, action, args), [row.id], initiator)
        except OutcomeUnknown as error:
            self._questions.take(error)
            raise

    async def dispatch(self, row: CaseRow, unit_id: int) -> Outcome:
        """派遣 one case; a refusal is the outcome's error."""
        outcomes = await self._backend.change(lambda _: self._dispatches.dispatch([row], unit_id), [row.id])
        return self._remembered(outcomes)[0]

    async def undo(self, done: Sequence[Done]) -> list[Outcome]:
        """撤销派遣."""
        outcomes = await self._backend.change(lambda _: self._dispatches.undo(done), [d.case_id for d in done])
        return self._remembered(outcomes)

    async def acknowledge(self, notices: Sequence[Notice]) -> list[int]:
        """确认提醒; the ids of those that were still open."""
        ids = [notice.id for notice in notices]
        cases = {notice.case_id for notice in notices if notice.case_id is not None}
        return await self._backend.change(lambda _: self._notices.acknowledge(ids), cases)

    async def attach(self, attachment: NewAttachment) -> Done:
        """Add evidence."""
        return await self._backend.change(lambda _: self._performer.attach(attachment), [attachment.case_id])

    async def report(self, report: NewReport) -> Done:
        """采集."""
        done = await self._backend.change(lambda _: self._performer.report(report))
        self._backend.announce([done.case_id])
        return done

    def _remembered(self, outcomes: list[Outcome]) -> list[Outcome]:
        for outcome in outcomes:
            if isinstance(outcome.error, OutcomeUnknown):
                self._questions.take(outcome.error)
        return outcomes
