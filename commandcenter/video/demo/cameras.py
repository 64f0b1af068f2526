"""Which clip a camera of a sample city shows, while some are still being made."""

from __future__ import annotations

import re
import zlib

from commandcenter.domain.video import MAIN, SUB
from commandcenter.video.demo.library import Library
from commandcenter.video.demo.rtsp_server import Feed, NotYet

_LEAD_S = 7.0  # between two cameras with one clip


class DemoCameras:
    """Every path `NAME/main` or `NAME/sub` is a camera. NAME is CATEGORY-NUMBER; clips: how many each category has."""

    def __init__(self, library: Library, clips: dict[str, int]) -> None:
        self._library, self._clips = library, clips

    def find(self, path: str) -> Feed | None:
        """Raises NotYet while there is no picture of this scene at all."""
        name, _, kind = path.partition("/")
        if kind not in (MAIN, SUB):
            return None
        scene, turn = self._scene(name)
        for present in (kind, SUB if kind == MAIN else MAIN):  # the small picture until the large one is made
            reel = self._library.reels.get(f"{scene}/{present}")
            if reel is not None:
                return Feed(reel, turn * _LEAD_S)
        raise NotYet

    def _scene(self, name: str) -> tuple[str, int]:
        """The clip and how many cameras before this one show it too."""
        found = re.fullmatch(r"(.+)-(\d+)", name)
        category, number = (found[1], int(found[2])) if found else (name, zlib.crc32(name.encode()))
        if category not in self._clips:
            categories = sorted(self._clips)
            category = categories[zlib.crc32(category.encode()) % len(categories)]
        turn, clip = divmod(max(number - 1, 0), self._clips[category])
        return f"{category}-{clip + 1}", turn
