"""Asks an injected coroutine and keeps only the newest answer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from commandcenter.domain.errors import DomainError

T = TypeVar("T")


class Latest(Generic[T]):
    """One question at a time: a newer one makes the older one's answer worthless."""

    def __init__(self, on_answer: Callable[[T], None], on_error: Callable[[DomainError], None]) -> None:
        self._on_answer, self._on_error = on_answer, on_error
        self._task: asyncio.Task[None] | None = None

    def ask(self, question: Awaitable[T]) -> None:
        """Start asking on the running loop (qasync in the program)."""
        self.forget()
        self._task = asyncio.get_running_loop().create_task(self._wait(question))

    def forget(self) -> None:
        """The answer under way is no longer wanted."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _wait(self, question: Awaitable[T]) -> None:
        try:
            answer = await question
        except DomainError as error:
            self._on_error(error)
            return
        self._on_answer(answer)
