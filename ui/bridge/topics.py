"""专题 of the district as every screen of one login shares them; the feed tells when one is another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.errors import DomainError
from commandcenter.domain.topic import GATHERERS, MOST, Topic
from commandcenter.ports_topic import Topics
from ui.bridge.answered import answered
from ui.bridge.backend import Backend
from ui.bridge.live_cases import LiveCases

log = logging.getLogger(__name__)
_RETRY_S = 5.0
_T = TypeVar("_T")


class TopicBook(QObject):
    """Nothing is read before somebody wants it. changed(): `topics`, `ready` or `error` differ."""

    changed = Signal()

    def __init__(self, backend: Backend, live: LiveCases) -> None:
        super().__init__(live)
        self._backend, self._live = backend, live
        self.topics: tuple[Topic, ...] = ()
        self.ready = False
        self.error: DomainError | None = None
        self._wanted = self._reading = self._again = False
        live.topics_changed.connect(self._reload)
        live.loaded.connect(self._reload)

    @property
    def may_gather(self) -> bool:
        """Whether this person makes and changes topics."""
        return bool(GATHERERS & self._backend.session.person.roles())

    def want(self) -> None:
        """Somebody shows them."""
        if not self._wanted:
            self._wanted = True
            self._reload()

    def open_cases(self, topic: Topic) -> int:
        """How many of its cases are open now."""
        return len(topic.cases & self._live.picture.rows.keys())

    # ------------------------------------------------------------ doing
    async def gather(self, name: str, month: str, cases: Sequence[int]) -> str:
        """Put cases into the topic of this name, a new one if none goes on; its name. Raises DomainError."""
        known = next((one for one in self.topics if one.name == name), None)
        first, rest = list(cases[:MOST]), list(cases[MOST:])
        if known is None:
            number = await self._do(lambda port, command: port.begin(command, name, month, first))
        else:
            number, rest = known.id, list(cases)
        for start in range(0, len(rest), MOST):
            part = rest[start:start + MOST]
            await self._do(lambda port, command, part=part: port.change(command, number, part))
        return name

    async def remove(self, topic: Topic, cases: Sequence[int]) -> None:
        """Take cases out. Raises DomainError."""
        await self._do(lambda port, command: port.change(command, topic.id, [], list(cases)))

    async def rename(self, topic: Topic, name: str, month: str) -> None:
        """Another name or month. Raises DomainError."""
        await self._do(lambda port, command: port.rename(command, topic, name, month))

    async def close(self, topic: Topic) -> None:
        """It is over. Raises DomainError."""
        await self._do(lambda port, command: port.close(command, topic))

    async def _do(self, deed: Callable[[Topics, UUID], _T]) -> _T:
        port = self._backend.session.topics
        try:
            return await answered(self._backend, lambda command: deed(port, command))
        finally:
            self._reload()

    # ------------------------------------------------------------ reading
    def _reload(self) -> None:
        self._again = self._wanted
        if self._again and not self._reading:
            self._reading = self._backend.start(self._read(), self) is not None

    async def _read(self) -> None:
        try:
            while self._again:
                self._again = False
                try:
                    found = await self._backend.call(self._backend.session.topics.topics)
                except DomainError as error:
                    log.info("could not read topics: %s", error)
                    self.error, self._again = error, True
                    self.changed.emit()
                    await asyncio.sleep(_RETRY_S)
                else:
                    self.topics, self.ready, self.error = tuple(found), True, None
                    self.changed.emit()
        finally:
            self._reading = False
