"""Which layers were on and which tiles lay beneath, for the next login at this machine."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MapMemory:
    """layers: by name, whether it is shown. tiles: the MBTiles file, empty for none."""

    layers: Mapping[str, bool] = field(default_factory=dict)
    tiles: str = ""


class MapMemoryFile:
    """One small file a person; one that cannot be read is as none."""

    def __init__(self, home: Path, login: str) -> None:
        self._path = home / "map" / f"{login}.json"

    def read(self) -> MapMemory:
        """What was kept last."""
        try:
            raw = json.loads(self._path.read_text("utf-8"))
            layers = {str(name): on for name, on in raw["layers"].items() if isinstance(on, bool)}
            return MapMemory(layers, raw["tiles"] if isinstance(raw["tiles"], str) else "")
        except FileNotFoundError:
            return MapMemory()
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            log.info("the map's memory cannot be read: %s", error)
            return MapMemory()

    def write(self, memory: MapMemory) -> None:
        """Keep this; a full disk costs only the memory."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            coming = self._path.with_suffix(".part")
            coming.write_text(json.dumps({"layers": dict(memory.layers), "tiles": memory.tiles}), encoding="utf-8")
            coming.replace(self._path)
        except OSError as error:
            log.warning("the map's memory cannot be kept: %s", error)
