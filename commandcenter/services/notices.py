"""确认提醒: takes notices on oneself, also when the answer of the server is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID, uuid4

from commandcenter.domain.errors import OutcomeUnknown, ServerUnavailable
from commandcenter.ports import Notices
from commandcenter.services.commands import PAUSES_S

MOST_AT_ONCE = 500  # of one command; the database refuses more
UNKNOWN = "连接中断，暂时无法确认提醒是否已确认；连接恢复后提醒列表会自动更新"


class NoticeService:
    """Blocks; raises whatever `Notices.acknowledge` raises."""

    def __init__(
        self,
        notices: Notices,
        wait: Callable[[float], None] = time.sleep,
        pauses: Iterable[float] = PAUSES_S,
    ) -> None:
        self._notices = notices
        self._wait = wait
        self._pauses = tuple(pauses)

    def acknowledge(self, ids: Sequence[int]) -> list[int]:
        """Acknowledge any number of notices; the ids of those that were still open."""
        taken: list[int] = []
        for start in range(0, len(ids), MOST_AT_ONCE):
            taken += self._once(uuid4(), ids[start : start + MOST_AT_ONCE])
        return taken

    def _once(self, command_id: UUID, ids: Sequence[int]) -> list[int]:
        """The same command again until it is answered: the database gives the same answer to it, and acts once."""
        try:
            return self._notices.acknowledge(command_id, ids)
        except OutcomeUnknown as broken:
            for pause in self._pauses:
                self._wait(pause)
                try:
                    return self._notices.acknowledge(command_id, ids)
                except ServerUnavailable:
                    continue
            raise OutcomeUnknown(UNKNOWN, {"command_id": str(command_id)}) from broken
