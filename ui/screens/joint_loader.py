"""Reads the whistle, order, meeting or task shown."""

from __future__ import annotations

from PySide6.QtCore import QObject

from commandcenter.domain.joint import MEETING, SUMMONS, TASK
from ui.screens.file_loader import FileLoader
from ui.screens.workplace import Workplace

_SETTLE_MS = 40


class JointLoader(FileLoader):
    """Again when its row changes, or what belongs to it without a word in its own row: meetings, tasks, attachments.

    `entity`: summons, meeting or task; their ids never meet.
    """

    def __init__(self, place: Workplace, entity: str = SUMMONS, parent: QObject | None = None) -> None:
        super().__init__(place, _SETTLE_MS, parent)
        self.entity = entity
        place.joint.changed.connect(lambda change: self._on_ids(change.ids))
        place.joint.loaded.connect(self._read_soon)
        place.joint.concerned.connect(self._on_ids)

    async def _file(self, number: int) -> object:
        queries = self._place.backend.session.joint_queries
        ask = {SUMMONS: queries.summons_file, MEETING: queries.meeting_file, TASK: queries.task_file}[self.entity]
        return await self._place.backend.call(ask, number)
