"""How many slots there were and which cameras lay in them, for the next login at this machine."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QTimer

from commandcenter.domain.video import SLOT_COUNTS

log = logging.getLogger(__name__)
_MOST = max(SLOT_COUNTS)
_SETTLE_MS = 300


@dataclass(frozen=True, slots=True)
class SlotLayout:
    """cameras: by slot, from 0. group: the rotation group that takes turns instead. on: whether the grid was shown."""

    count: int = 4
    cameras: Mapping[int, int] = field(default_factory=dict)
    group: int | None = None
    on: bool = False


class LayoutMemory:
    """One small file a person and grid, written a moment after the last change; one that cannot be read is as none."""

    def __init__(self, home: Path, login: str, name: str = "screen") -> None:
        self._path = home / "video" / f"{login}.{name}.json"
        self._waiting: SlotLayout | None = None
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self.write)

    def read(self) -> SlotLayout:
        """What was kept last."""
        try:
            return _layout(json.loads(self._path.read_text("utf-8")))
        except FileNotFoundError:
            return SlotLayout()
        except (OSError, ValueError, TypeError, AttributeError, OverflowError) as error:
            log.info("the slots' layout cannot be read: %s", error)
            return SlotLayout()

    def keep(self, layout: SlotLayout) -> None:
        """This is what is remembered from now on."""
        self._waiting = layout
        self._timer.start()

    def write(self) -> None:
        """Write it down now; a full disk costs only the memory."""
        layout, self._waiting = self._waiting, None
        self._timer.stop()
        if layout is None:
            return
        cameras = {str(index): camera for index, camera in layout.cameras.items()}
        raw = {"count": layout.count, "cameras": cameras, "group": layout.group, "on": layout.on}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            coming = self._path.with_suffix(".part")
            coming.write_text(json.dumps(raw), encoding="utf-8")
            coming.replace(self._path)
        except OSError as error:
            log.warning("the slots' layout cannot be kept: %s", error)


def _layout(raw: Mapping[str, object]) -> SlotLayout:
    count, cameras, group = raw.get("count"), raw.get("cameras"), raw.get("group")
    found = cameras if isinstance(cameras, dict) else {}
    kept = {int(index): int(camera) for index, camera in found.items() if 0 <= int(index) < _MOST}
    return SlotLayout(count if type(count) is int and count in SLOT_COUNTS else 4, kept,
                      group if type(group) is int else None, raw.get("on") is True)
