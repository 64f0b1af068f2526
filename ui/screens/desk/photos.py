"""Evidence pictures, read and decoded off the GUI thread and kept for a while."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import Attachment, CaseFile
from commandcenter.domain.roles import ATTACHMENT_LABELS
from ui.screens.workplace import Workplace
from widgets.photo_strip import Photo

_KEPT = 48

Key = tuple[int, int]


class Photos(QObject):
    """changed(): `photos` of the case shown are others or have arrived."""

    changed = Signal()

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._case_id: int | None = None
        self._listed: list[Attachment] = []
        self._images: OrderedDict[Key, QImage] = OrderedDict()
        self._errors: dict[Key, str] = {}
        self._asked: set[Key] = set()

    def show(self, file: CaseFile | None) -> None:
        """Show the pictures of a case; those that are not here yet are read."""
        self._case_id = file.row.id if file else None
        self._listed = [a for a in file.attachments if a.mime.startswith("image/")] if file else []
        for attachment in self._listed:
            key = (file.row.id, attachment.seq)
            if key not in self._images and key not in self._asked:
                self._asked.add(key)
                self._errors.pop(key, None)
                self._place.backend.start(self._read(key), self)
        self.changed.emit()

    @property
    def complete(self) -> bool:
        """Every picture has arrived or failed."""
        return not self._asked

    def photos(self, *kinds: str) -> list[Photo]:
        """Pictures of these kinds (scene, before, after, place; none: all) in order."""
        return [self._photo(a) for a in self._listed if not kinds or a.kind in kinds]

    def _photo(self, attachment: Attachment) -> Photo:
        key = (self._case_id or 0, attachment.seq)
        return Photo(key, ATTACHMENT_LABELS.get(attachment.kind, attachment.kind), self._images.get(key),
                     self._errors.get(key, ""))

    async def _read(self, key: Key) -> None:
        case_id, seq = key
        try:
            content = await self._place.backend.ask(lambda queries: queries.attachment(case_id, seq))
            image = await self._place.backend.call(QImage.fromData, content)
            if image.isNull():
                self._errors[key] = "图片损坏"
            else:
                self._keep(key, image)
        except DomainError as error:
            self._errors[key] = error.message
        finally:
            self._asked.discard(key)
        self.changed.emit()

    def _keep(self, key: Key, image: QImage) -> None:
        self._images[key] = image
        while len(self._images) > _KEPT:
            self._images.popitem(last=False)
