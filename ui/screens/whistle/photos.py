"""Pictures of a whistle's lanes, read and decoded off the GUI thread and kept for a while."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import JointFile, SummonsFile
from ui.screens.workplace import Workplace
from widgets.photo_strip import Photo

_KEPT = 48
FILE_LABELS = {"scene": "现场", "after": "处置后", "document": "文书", "minutes": "纪要"}

Key = tuple[int, int]


class JointPhotos(QObject):
    """changed(): pictures have arrived or are others."""

    changed = Signal()

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._id = 0
        self._listed: list[JointFile] = []
        self._images: OrderedDict[Key, QImage] = OrderedDict()
        self._errors: dict[Key, str] = {}
        self._asked: set[Key] = set()

    def show(self, file: SummonsFile | None) -> None:
        """Show the pictures of a summons; those that are not here yet are read."""
        self._id = file.row.id if file else 0
        self._listed = [f for f in file.files if f.mime.startswith("image/")] if file else []
        for listed in self._listed:
            key = (self._id, listed.seq)
            if key not in self._images and key not in self._asked:
                self._asked.add(key)
                self._errors.pop(key, None)
                self._place.backend.start(self._read(key), self)
        self.changed.emit()

    @property
    def complete(self) -> bool:
        """Every picture has arrived or failed."""
        return not self._asked

    def photos(self, party_no: int | None) -> list[Photo]:
        """Pictures of a lane, or of the whole."""
        return [self._photo(listed) for listed in self._listed if listed.party_no == party_no]

    def all(self) -> list[Photo]:
        """Every picture."""
        return [self._photo(listed) for listed in self._listed]

    def _photo(self, listed: JointFile) -> Photo:
        key = (self._id, listed.seq)
        return Photo(key, FILE_LABELS.get(listed.kind, listed.kind), self._images.get(key), self._errors.get(key, ""))

    async def _read(self, key: Key) -> None:
        queries = self._place.backend.session.joint_queries
        try:
            content = await self._place.backend.call(queries.joint_file, *key)
            image = await self._place.backend.call(QImage.fromData, content)
            if image.isNull():
                self._errors[key] = "图片损坏"
            else:
                self._images[key] = image
                while len(self._images) > _KEPT:
                    self._images.popitem(last=False)
        except DomainError as error:
            self._errors[key] = error.message
        finally:
            self._asked.discard(key)
        self.changed.emit()
