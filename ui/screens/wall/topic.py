"""Cases of one topic (大类 or 小类) out of the live picture, as a map reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.model import CaseRow, Directory
from commandcenter.live.picture import PictureChange
from ui.bridge.live_cases import LiveCases


class TopicCases(QObject):
    """A CaseSource of the cases of these catalogue items."""

    changed = Signal(object)
    timing_changed = Signal(object)
    loaded = Signal()

    def __init__(self, live: LiveCases, parent: QObject) -> None:
        super().__init__(parent)
        self._live, self.items = live, frozenset[int]()
        self.clock = live.clock
        live.changed.connect(self._on_changed)
        live.timing_changed.connect(lambda rows: self.timing_changed.emit(self._of(rows)))
        live.loaded.connect(self.loaded)

    @property
    def ready(self) -> bool:
        """As the whole."""
        return self._live.ready

    @property
    def picture(self) -> TopicCases:
        """Itself: it has rows and their timing."""
        return self

    @property
    def rows(self) -> Mapping[int, CaseRow]:
        """Of the topic."""
        return {row.id: row for row in self._live.picture.rows.values() if row.item_id in self.items}

    def timing(self, case_id: int) -> str | None:
        """As the whole."""
        return self._live.picture.timing(case_id)

    def _of(self, rows: tuple[CaseRow, ...]) -> tuple[CaseRow, ...]:
        return tuple(row for row in rows if row.item_id in self.items)

    def _on_changed(self, change: PictureChange) -> None:
        """A case that was classified anew leaves."""
        inside = self._of(change.upserted)
        kept = {row.id for row in inside}
        gone = [row.id for row in change.upserted if row.id not in kept]
        self.changed.emit(PictureChange(inside, (*change.removed, *gone)))


def topic_items(topic: str, rows: Mapping[int, CaseRow], directory: Directory) -> tuple[str, frozenset[int]]:
    """Name and catalogue items of a 大类 or 小类; "": of the 小类 with the most open cases."""
    items = directory.items
    if not topic:
        counts = Counter(items[row.item_id].minor for row in rows.values() if row.open and row.item_id in items)
        topic = min(counts, key=lambda minor: (-counts[minor], minor), default="")
    return topic, frozenset(key for key, item in items.items() if topic and topic in (item.minor, item.major))
