"""Evidence pictures, read and decoded off the GUI thread and kept for a while."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import Attachment, CaseFile
from commandcenter.domain.roles import ATTACHMENT_LABELS
from commandcenter.video.frames import MP4
from ui.screens.desk.clip_tile import clip_tile
from ui.screens.workplace import Workplace
from widgets.photo_strip import Photo

_KEPT = 48

Key = tuple[int, int]


class Photos(QObject):
    """changed(): `photos` of the case shown are others or have arrived. A clip is only read when it is played: until
    then its tile has a mark instead of a picture."""

    changed = Signal()

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._case_id: int | None = None
        self._listed: list[Attachment] = []
        self._clips: list[Attachment] = []
        self._captions: Mapping[int, str] = {}
        self._stills: OrderedDict[Key, QImage] = OrderedDict()
        self._images: OrderedDict[Key, QImage] = OrderedDict()
        self._errors: dict[Key, str] = {}
        self._asked: set[Key] = set()

    def show(self, file: CaseFile | None) -> None:
        """Show the pictures of a case; those that are not here yet are read."""
        self._case_id = file.row.id if file else None
        self._listed = [a for a in file.attachments if a.mime.startswith("image/")] if file else []
        self._clips = [a for a in file.attachments if a.mime == MP4] if file else []
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

    def tiles(self) -> list[Photo]:
        """Pictures and clips in the order in which they came."""
        listed = sorted((*self._listed, *self._clips), key=lambda attachment: attachment.seq)
        return [self._photo(a) if a.mime != MP4 else self._tile(a) for a in listed]

    def clip(self, key: object) -> Attachment | None:
        """The clip of this tile, None for a picture."""
        return next((clip for clip in self._clips if (self._case_id, clip.seq) == key), None)

    def set_captions(self, captions: Mapping[int, str]) -> None:
        """Say of these attachments where they came from."""
        if captions != self._captions:
            self._captions = dict(captions)
            self.changed.emit()

    def keep_still(self, key: Key, image: QImage) -> None:
        """A picture of a clip, seen when it was played."""
        self._stills[key] = clip_tile(image)
        while len(self._stills) > _KEPT:
            self._stills.popitem(last=False)
        self.changed.emit()

    def _photo(self, attachment: Attachment) -> Photo:
        key = (self._case_id or 0, attachment.seq)
        return Photo(key, self._caption(attachment), self._images.get(key), self._errors.get(key, ""))

    def _tile(self, attachment: Attachment) -> Photo:
        key = (self._case_id or 0, attachment.seq)
        return Photo(key, f"▶ 录像 {self._captions.get(attachment.seq, attachment.name)}",
                     self._stills.get(key) or clip_tile())

    def _caption(self, attachment: Attachment) -> str:
        return self._captions.get(attachment.seq) or ATTACHMENT_LABELS.get(attachment.kind, attachment.kind)

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
