"""Actions whose answer was lost: asked for as soon as the server is back, through a restart too."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.errors import DomainError, OutcomeUnknown
from commandcenter.domain.model import Done
from ui.bridge.backend import Backend
from ui.bridge.draft_files import write_private
from ui.bridge.live_cases import LiveCases

log = logging.getLogger(__name__)

_AGAIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Question:
    """Was this action on this case done?"""

    command_id: UUID
    case_id: int
    action: str


class OpenQuestions(QObject):
    """settled(Question, Done | None): the last word; None: it was not done and never will be."""

    settled = Signal(object, object)

    def __init__(self, backend: Backend, live: LiveCases, file: Path) -> None:
        super().__init__(backend)
        self._backend, self._live, self._file = backend, live, file
        self._open: dict[UUID, Question] = {q.command_id: q for q in _read(file)}
        self._asking = False
        self._now = asyncio.Event()
        live.loaded.connect(self._ask_soon)

    def take(self, error: OutcomeUnknown) -> None:
        """Remember what the error leaves open."""
        if "action" not in error.detail:
            return  # a report or an attachment: it is sent again under its own id
        self._remember(Question(UUID(error.detail["command_id"]), error.detail["case_id"], error.detail["action"]))

    def waits(self, case_id: int, action: str) -> bool:
        """Whether this action on this case is still to be settled: done again now, it might be done twice."""
        return any((q.case_id, q.action) == (case_id, action) for q in self._open.values())

    def _ask_soon(self) -> None:
        self._now.set()
        if self._open and not self._asking:
            self._asking = self._backend.start(self._ask_all()) is not None

    async def _ask_all(self) -> None:
        try:
            while self._open:
                self._now.clear()
                for question in list(self._open.values()) if self._live.online else ():
                    await self._ask(question)
                if self._open:
                    await self._while()
        finally:
            self._asking = False

    async def _while(self) -> None:
        """Until the picture was loaded anew, or a while has passed: the feed may be well all the time."""
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._now.wait(), _AGAIN_S)

    async def _ask(self, question: Question) -> None:
        try:
            done = await self._backend.change(
                lambda commands: commands.give_up(question.command_id), [question.case_id])
        except DomainError as error:
            log.info("what became of a command is still unknown: %s", error)
            return
        self._forget(question, done)

    def _remember(self, question: Question) -> None:
        self._open[question.command_id] = question
        self._write()
        self._ask_soon()

    def _forget(self, question: Question, done: Done | None) -> None:
        del self._open[question.command_id]
        self._write()
        self.settled.emit(question, done)

    def _write(self) -> None:
        listed = [{"command_id": str(q.command_id), "case_id": q.case_id, "action": q.action}
                  for q in self._open.values()]
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_private(self._file, json.dumps(listed).encode())
        except OSError as error:
            log.warning("open questions are not kept through a restart: %s", error)


def _read(file: Path) -> Iterable[Question]:
    try:
        return [Question(UUID(e["command_id"]), int(e["case_id"]), str(e["action"]))
                for e in json.loads(file.read_text("utf-8"))]
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("open questions in %s cannot be read and are left aside: %s", file, error)
        return ()
