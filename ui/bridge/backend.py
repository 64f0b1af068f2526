"""The only way from a screen to the data: one operation that asks and one that changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.model import Directory
from commandcenter.ports import CaseCommands, CaseQueries, Session
from ui.bridge.tasks import Tasks
from ui.bridge.threads import DatabaseThreads

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CasesChanged:
    """What one of our own changes touched, and who of us asked for it."""

    ids: frozenset[int]
    initiator: object = None


class Backend(QObject):
    """Calls the session off the GUI thread; answers come back as values, failures as DomainErrors.

    `changed(CasesChanged)` follows every change that succeeded, so that screens look anew at what they show of it;
    `directory_changed()` a new directory; `answered()` every question, before its asker goes on.
    """

    changed = Signal(object)
    answered = Signal()
    directory_changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.directory: Directory = session.directory
        # Apart, so that a command that waits for a lost answer holds up no question.
        self._asking = DatabaseThreads("ask", 2)
        self._changing = DatabaseThreads("change", 2)
        self._tasks = Tasks()
        self._closed = False

    @property
    def running(self) -> int:
        """Number of tasks under way."""
        return len(self._tasks)

    async def ask(self, question: Callable[[CaseQueries], T]) -> T:
        """The answer to a question; raises DomainError."""
        try:
            return await self._asking.run(question, self.session.queries)
        finally:
            self.answered.emit()

    async def change(self, deed: Callable[[CaseCommands], T], ids: Iterable[int] = (), initiator: object = None) -> T:
        """Carry out a deed on the cases `ids` and tell everybody; raises DomainError."""
        answer = await self._changing.run(deed, self.session.commands)
        self.announce(ids, initiator)
        return answer

    def announce(self, ids: Iterable[int], initiator: object = None) -> None:
        """Tell everybody that these cases may have changed through us."""
        if touched := frozenset(ids):
            self.changed.emit(CasesChanged(touched, initiator))

    async def call(self, work: Callable[..., T], *args: object) -> T:
        """Any other blocking call that asks: the next batch of a stream, a file to be read."""
        return await self._asking.run(work, *args)

    async def reload_directory(self) -> None:
        """Read the directory anew (catalogue or people have changed); raises DomainError."""
        self.directory = await self._asking.run(self.session.reload_directory)
        self.directory_changed.emit()

    def start(self, work: Coroutine[Any, Any, Any], owner: QObject | None = None) -> asyncio.Task[Any] | None:
        """Run a screen's coroutine; it ends with its owner, and with the session at the latest."""
        return self._tasks.start(work, owner)

    async def close(self) -> None:
        """End the tasks, then the feed, the session and the threads, in this order: none waits for a closed one."""
        if self._closed:
            return
        self._closed = True
        await self._tasks.close()
        await asyncio.to_thread(self._end_session)
        await self._asking.close()
        await self._changing.close()

    def _end_session(self) -> None:
        self.session.feed.stop()
        self.session.close()
