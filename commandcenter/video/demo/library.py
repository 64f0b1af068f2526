"""The clips of a folder, read as they come: `street-1/main.mp4` is shown as the path `street-1/main`."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import av

from commandcenter.video.demo.reel import Reel, load_reel

SUFFIX = ".mp4"
_REST_S = 0.01  # between two clips, so that reading them does not make the pictures of others late
log = logging.getLogger(__name__)


class Library:
    """Reels by path. `read_new` runs in a thread of its own; the others only look."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._passed: set[Path] = set()
        self.reels: dict[str, Reel] = {}

    def read_new(self) -> int:
        """Take in what has come since the last time; returns how many. A file that makes no sense is passed over."""
        new = sorted(set(self._folder.glob(f"**/[!.]*{SUFFIX}")) - self._passed)
        for file in new:
            self._passed.add(file)
            try:
                reel = load_reel(file)
            except (av.FFmpegError, ValueError, IndexError) as error:
                log.warning("%s is no clip: %s", file.name, error)
                continue
            self.reels[file.relative_to(self._folder).with_suffix("").as_posix()] = reel
            time.sleep(_REST_S)
        return len(new)
