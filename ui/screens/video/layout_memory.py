"""How many slots there were and which cameras lay in them, for the next login at this machine."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from commandcenter.domain.video import SLOT_COUNTS

log = logging.getLogger(__name__)
_MOST = max(SLOT_COUNTS)


@dataclass(frozen=True, slots=True)
class SlotLayout:
    """cameras: by slot, from 0."""

    count: int = 4
    cameras: Mapping[int, int] = field(default_factory=dict)


class LayoutMemory:
    """One small file a person and grid; one that cannot be read is as none."""

    def __init__(self, home: Path, login: str, name: str = "screen") -> None:
        self._path = home / "video" / f"{login}.{name}.json"

    def read(self) -> SlotLayout:
        """What was kept last."""
        try:
            return _layout(json.loads(self._path.read_text("utf-8")))
        except FileNotFoundError:
            return SlotLayout()
        except (OSError, ValueError, TypeError, AttributeError) as error:
            log.info("the slots' layout cannot be read: %s", error)
            return SlotLayout()

    def keep(self, layout: SlotLayout) -> None:
        """Write it down; a full disk costs only the memory."""
        raw = {"count": layout.count, "cameras": {str(index): camera for index, camera in layout.cameras.items()}}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            coming = self._path.with_suffix(".part")
            coming.write_text(json.dumps(raw), encoding="utf-8")
            coming.replace(self._path)
        except OSError as error:
            log.warning("the slots' layout cannot be kept: %s", error)


def _layout(raw: Mapping[str, object]) -> SlotLayout:
    count, cameras = raw.get("count"), raw.get("cameras")
    found = cameras if isinstance(cameras, dict) else {}
    kept = {int(index): int(camera) for index, camera in found.items() if 0 <= int(index) < _MOST}
    return SlotLayout(count if count in SLOT_COUNTS else 4, kept)
