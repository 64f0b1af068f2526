"""`python -m commandcenter.video.demo FOLDER`: the cameras of a sample city, or the clips of a folder as they are."""

from __future__ import annotations

import argparse
import asyncio
import logging
from pathlib import Path

from commandcenter.video.demo.library import Library
from commandcenter.video.demo.rtsp_server import Feed, Find
from commandcenter.video.demo.service import serve


def _arguments() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="commandcenter.video.demo")
    words.add_argument("folder", type=Path)
    words.add_argument("--port-file", type=Path, help="where the port is written")
    return words.parse_args()


def _as_they_are(library: Library) -> Find:
    def find(path: str) -> Feed | None:
        reel = library.reels.get(path)
        return Feed(reel) if reel is not None else None

    return find


def main() -> None:
    """Serve until standard input ends."""
    args = _arguments()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    library = Library(args.folder)
    asyncio.run(serve(library, _as_they_are(library), args.port_file))


if __name__ == "__main__":
    main()
