"""The 公文 of a whistle or order: the last one while it still says what stands, else a new one with a new code."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from commandcenter.domain.joint import Document, SummonsFile
from ui.joint.document_window import open_document
from ui.screens.workplace import Workplace


class Papers(QObject):
    """Opens previews over a screen."""

    def __init__(self, place: Workplace, over: QWidget) -> None:
        super().__init__(over)
        self._place, self._over = place, over

    def show(self, file: SummonsFile, document: Document | None) -> None:
        """This document; without one what stands now: of a draft a preview."""
        last = max(file.documents, key=lambda one: one.at, default=None)
        current = last if last is not None and last.at >= file.row.changed_at else None
        open_document(self._place, file, document or current, self._over)
