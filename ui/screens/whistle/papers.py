"""The 公文 of a whistle or order: the last one while it still says what stands, else a new one with a new code."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import Document, SummonsFile
from ui.joint.document_preview import DocumentPreview
from ui.joint.document_words import official
from ui.screens.desk.dispatching import OFFLINE
from ui.screens.workplace import Workplace
from widgets.tones import Tone


class Papers(QObject):
    """Opens previews over a screen."""

    def __init__(self, place: Workplace, over: QWidget) -> None:
        super().__init__(over)
        self._place, self._over = place, over
        self._issuing = False

    def show(self, file: SummonsFile, document: Document | None) -> None:
        """This document; without one what stands now."""
        last = max(file.documents, key=lambda one: one.at, default=None)
        current = last if last is not None and last.at >= file.row.changed_at else None
        if (found := document or current) is not None:
            self._open(found)
        elif not self._place.live.online:
            self._place.notices.say("offline", OFFLINE, Tone.NEAR)
        elif not self._issuing:
            self._place.backend.start(self._issue(file), self)

    async def _issue(self, file: SummonsFile) -> None:
        self._issuing = True
        try:
            document = await self._place.joint_deeds.issue_document(file.row)
        except DomainError as error:
            self._place.notices.say("paper", "没有出具公文", Tone.NEAR, error.message)
            return
        finally:
            self._issuing = False
        self._open(document)

    def _open(self, document: Document) -> None:
        zone = ZoneInfo(self._place.backend.directory.time_zone)
        DocumentPreview(official(document, zone), self._over).open()
