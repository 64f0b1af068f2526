"""The coroutines that screens have started, so that none outlives its owner and no failure is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QObject
from shiboken6 import isValid


class Tasks:
    """Keeps running tasks; what one of them raises unexpectedly goes to the loop's exception handler."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._closed = False

    def __len__(self) -> int:
        return len(self._running)

    def start(self, work: Coroutine[Any, Any, Any], owner: QObject | None = None) -> asyncio.Task[Any] | None:
        """Run a coroutine until its end or its owner's; after `close` nothing is started and the answer is None."""
        if self._closed:
            work.close()
            return None
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        if owner is not None:
            _end_with(task, owner)
        return task

    async def close(self) -> None:
        """Cancel everything that runs and wait for its end."""
        self._closed = True
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        task.get_loop().call_exception_handler({"message": "a screen's task failed", "exception": error, "task": task})


def _end_with(task: asyncio.Task[Any], owner: QObject) -> None:
    """A window that was closed wants no answers any more: they would reach for widgets that are gone."""
    connection = owner.destroyed.connect(task.cancel)

    def let_go(_task: asyncio.Task[Any]) -> None:
        if isValid(owner):
            owner.disconnect(connection)

    task.add_done_callback(let_go)
