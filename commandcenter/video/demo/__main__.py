"""`python -m commandcenter.video.demo FOLDER`: shows a folder's clips as they are; with --city as a city's cameras."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from commandcenter.video.demo.cameras import DemoCameras, lead_s
from commandcenter.video.demo.clips import clips_each, clips_folder
from commandcenter.video.demo.library import Library
from commandcenter.video.demo.rtsp_server import Feed, Find
from commandcenter.video.demo.service import serve

_ONE_CORE = {"OPENBLAS_NUM_THREADS": "1"}


def _arguments() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="commandcenter.video.demo")
    words.add_argument("folder", type=Path)
    words.add_argument("--city", action="store_true", help="FOLDER is the program's home: make its clips, if need be")
    words.add_argument("--port-file", type=Path, help="where the port is written")
    return words.parse_args()


def _as_they_are(library: Library) -> Find:
    def find(path: str) -> Feed | None:
        reel = library.reels.get(path)
        return Feed(reel, lead_s(path.partition("/")[0])) if reel is not None else None

    return find


@contextmanager
def _making(folder: Path) -> Iterator[None]:
    """Clips are drawn by another process: drawing must not make pictures late. It ends when its input does."""
    words = [sys.executable, "-m", "commandcenter.video.demo.clips", str(folder)]
    maker = subprocess.Popen(words, stdin=subprocess.PIPE, env={**os.environ, **_ONE_CORE})
    try:
        yield
    finally:
        maker.kill()
        maker.communicate()


def main() -> None:
    """Serve until standard input ends."""
    args = _arguments()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the program that started us
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    if not args.city:
        library = Library(args.folder)
        asyncio.run(serve(library, _as_they_are(library), args.port_file))
        return
    folder = clips_folder(args.folder)
    folder.mkdir(parents=True, exist_ok=True)
    library = Library(folder)
    with _making(folder):
        asyncio.run(serve(library, DemoCameras(library, clips_each()).find, args.port_file))


if __name__ == "__main__":
    main()
