"""A command that is sent again by its own id until there is an answer: the database does it once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID, uuid4

from commandcenter.domain.errors import OutcomeUnknown, ServerUnavailable
from ui.bridge.backend import Backend

_PAUSES_S = (0.3, 1.0, 2.0, 4.0)  # before it is sent again
_UNKNOWN = "连接中断，暂时无法确认是否已办成；恢复后请先看记录，再决定是否重来"
_T = TypeVar("_T")


async def answered(backend: Backend, deed: Callable[[UUID], _T]) -> _T:
    """What the deed answers; it is given its id and runs off the GUI thread. Raises DomainError; ServerUnavailable if
    it never left this machine, OutcomeUnknown if the server stays away."""
    command, sent = uuid4(), False
    for pause in _PAUSES_S:
        try:
            return await backend.change(lambda _: deed(command))
        except ServerUnavailable as error:
            sent = sent or error.unknown_outcome
            if not sent:
                raise
        await asyncio.sleep(pause)
    raise OutcomeUnknown(_UNKNOWN)
