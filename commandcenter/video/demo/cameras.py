"""Which clip a camera of a sample city shows, while some are still being made."""

from __future__ import annotations

import re
import zlib

from commandcenter.domain.video import MAIN, SUB
from commandcenter.video.demo.library import Library
from commandcenter.video.demo.rtsp_server import Feed, NotYet

_LEADS_MS = 20_000  # cameras with one clip are so far apart at most


def lead_s(name: str) -> float:
    """How far a camera is ahead of the server's clock: none shows what another does, nor sends at the same moment."""
    return zlib.crc32(name.encode()) % _LEADS_MS / 1000


class DemoCameras:
    """Every path `NAME/main` or `NAME/sub` is a camera. NAME is CATEGORY-NUMBER; clips: how many each category has."""

    def __init__(self, library: Library, clips: dict[str, int]) -> None:
        self._library, self._clips = library, clips

    def find(self, path: str) -> Feed | None:
        """Raises NotYet while there is no picture of this scene at all."""
        name, _, kind = path.partition("/")
        if kind not in (MAIN, SUB):
            return None
        scene = self._scene(name)
        for present in (kind, SUB if kind == MAIN else MAIN):  # the small picture until the large one is made
            reel = self._library.reels.get(f"{scene}/{present}")
            if reel is not None:
                return Feed(reel, lead_s(name))
        raise NotYet

    def _scene(self, name: str) -> str:
        """The name of its clip."""
        found = re.fullmatch(r"(.+)-(\d+)", name)
        category, number = (found[1], int(found[2])) if found else (name, zlib.crc32(name.encode()))
        if category not in self._clips:
            categories = sorted(self._clips)
            category = categories[zlib.crc32(category.encode()) % len(categories)]
        return f"{category}-{max(number - 1, 0) % self._clips[category] + 1}"
