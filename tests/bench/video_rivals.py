"""Their side: a player of its own for each stream, which decodes it and shows it to nobody."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

NICE = 5  # as our decoders, for who comes first on a busy machine
_QUIET = {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}
_FFMPEG = ["ffmpeg", "-nostdin", "-v", "error", "-progress", "pipe:1", "-threads", "1", "-rtsp_transport", "tcp"]
Size = tuple[int, int]


def _decoding(url: str, _size: Size) -> list[str]:
    return [*_FFMPEG, "-i", url, "-fps_mode", "passthrough", "-f", "null", "-"]


def _scaling(url: str, size: Size) -> list[str]:
    shaped = f"scale={size[0]}:{size[1]}:flags=fast_bilinear,format=bgra"
    return [*_FFMPEG, "-i", url, "-vf", shaped, "-fps_mode", "passthrough", "-f", "null", "-"]


def _mpv(url: str, _size: Size) -> list[str]:
    return ["mpv", "--no-config", "--really-quiet", "--profile=low-latency", "--vo=null", "--no-audio", "--hwdec=no",
            "--vd-lavc-threads=1", "--rtsp-transport=tcp", url]  # fmt: skip


def _ffplay(url: str, size: Size) -> list[str]:
    return ["ffplay", "-v", "error", "-an", "-threads", "1", "-rtsp_transport", "tcp", "-fflags", "nobuffer",
            "-x", str(size[0]), "-y", str(size[1]), url]  # fmt: skip


RIVALS: dict[str, Callable[[str, Size], list[str]]] = {
    "ffmpeg": _decoding, "ffmpeg_scaled": _scaling, "mpv": _mpv, "ffplay": _ffplay,
}  # fmt: skip


def missing() -> list[str]:
    """Programs that are not on this machine."""
    return sorted({make("", (1, 1))[0] for make in RIVALS.values()} - set(filter(shutil.which, _programs())))


def _programs() -> set[str]:
    return {make("", (1, 1))[0] for make in RIVALS.values()}


def present() -> list[str]:
    """Rivals that can be measured."""
    absent = missing()
    return [name for name, make in RIVALS.items() if make("", (1, 1))[0] not in absent]


@dataclass(frozen=True)
class Played:
    """Processor seconds of all players, and how many pictures they decoded; None: not said."""

    seconds: float
    spent_s: float
    pictures: int | None


class Players:
    """So many of one kind at once; a context manager."""

    def __init__(self, name: str, urls: list[str], size: Size) -> None:
        self._commands = [RIVALS[name](url, size) for url in urls]
        self._counts = [0] * len(urls)
        self._counted = name.startswith("ffmpeg")

    def __enter__(self) -> Players:
        self._players = [
            subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                             text=True, env={**os.environ, **_QUIET})
            for words in self._commands
        ]  # fmt: skip
        for index, player in enumerate(self._players):
            psutil.Process(player.pid).nice(NICE)
            threading.Thread(target=self._read, args=(index,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for player in self._players:
            player.kill()
            player.wait()

    def watch(self, seconds: float) -> Played:
        """Let them run. Raises RuntimeError when one has ended."""
        before, used, began = sum(self._counts), self._used(), time.perf_counter()
        time.sleep(seconds)
        spent, took = self._used() - used, time.perf_counter() - began
        if any(player.poll() is not None for player in self._players):
            raise RuntimeError(f"{self._commands[0][0]} has ended")
        return Played(took, spent, sum(self._counts) - before if self._counted else None)

    def _used(self) -> float:
        times = [psutil.Process(player.pid).cpu_times() for player in self._players]
        return float(sum(each.user + each.system for each in times))

    def _read(self, index: int) -> None:
        """Its progress: a block twice a second, with the number of pictures so far."""
        for line in self._players[index].stdout or ():
            if found := re.match(r"frame=\s*(\d+)", line):
                self._counts[index] = int(found[1])
