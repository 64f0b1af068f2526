"""Slots beside players: processor time a stream, pictures left out, the desk's stalls, the way back after an outage."""

from __future__ import annotations

import os
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from commandcenter.video.demo.clips import CLIPS, FORMATS, make_clip
from tests.bench.measure import compared, machine, quantile
from tests.bench.processes import Processes
from tests.bench.video_rivals import Players, missing, present
from tests.bench.video_wall import SIZE, Watched, serve
from tests.support.rtsp import RtspCameras

COUNTS = (1, 4, 9)
ROUNDS = 2  # of every side at every count, who goes first in turn
SETTLE_S, WATCH_S = 3.0, 5.0
STALL_ROUNDS, STALL_S = 4, 8.0
RETURNS, RETURN_SLOTS = 10, 4
AWAY_S = (0.5, 4.5)  # after everybody noticed: by chance, so that every point of the back-off is met
_CLIP_S = 8
_SIDES = {1: 1, 4: 2, 9: 3}
OURS = "ours"


def measured() -> dict[str, Any]:
    """All figures of the video slots; about five minutes."""
    with _cameras() as cameras:
        urls = [cameras.url(f"camera-{number}/main") for number in range(max(COUNTS))]
        with Processes(serve, [(urls,)]) as wall:
            video = _Video(cameras, wall, urls)
            return {**machine(), **video.streams(), **video.stalls(), **video.returns(), "missing": missing()}


@contextmanager
def _cameras() -> Iterator[RtspCameras]:
    """Nine paths over one drawn clip of 1280x720 at 25 pictures a second."""
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "camera-0/main.mp4"
        make_clip(first, CLIPS[0], "main", _CLIP_S)
        for number in range(1, max(COUNTS)):
            other = Path(folder) / f"camera-{number}/main.mp4"
            other.parent.mkdir()
            os.link(first, other)
        with RtspCameras(Path(folder)) as cameras:
            yield cameras


class _Video:
    def __init__(self, cameras: RtspCameras, wall: Processes, urls: list[str]) -> None:
        self._cameras, self._wall, self._urls = cameras, wall, urls

    # ------------------------------------------------------------ processor time and pictures
    def streams(self) -> dict[str, Any]:
        """`cpu_N`: processor milliseconds a stream takes each second; `left_out_N_pct`: of 25 pictures a second."""
        figures: dict[str, Any] = {}
        for count in COUNTS:
            spent: dict[str, list[float]] = {name: [] for name in (OURS, *present())}
            left: dict[str, list[float]] = {name: [] for name in spent}
            painting: list[float] = []
            for turn in range(ROUNDS):
                for name in spent if turn % 2 == 0 else reversed(spent):
                    each_s, shown, gui_s = self._ours(count) if name == OURS else self._theirs(name, count)
                    spent[name].append(1000 * each_s)
                    left[name] += [] if shown is None else [max(0.0, 100 * (1 - shown))]
                    painting += [1000 * gui_s] if name == OURS else []
            figures |= compared(f"cpu_{count}", spent.pop(OURS), spent)
            figures[f"cpu_{count}_painting_ms"] = round(median(painting), 2)
            figures |= {f"left_out_{count}_{name}_pct": round(median(some), 2) for name, some in left.items() if some}
        return figures

    def _ours(self, count: int) -> tuple[float, float | None, float]:
        """Processor seconds of decoding for a stream's second, the share of pictures shown, and those of painting."""
        self._wall.order(("play", count))
        self._wall.order(("watch", SETTLE_S))
        watched: Watched = self._wall.order(("watch", WATCH_S))[0]
        self._wall.order(("stop",))
        streamed = watched.seconds * count
        return (
            watched.slot_s / streamed,
            watched.shown / streamed / float(FORMATS["main"].fps),
            watched.gui_s / streamed,
        )

    def _theirs(self, name: str, count: int) -> tuple[float, float | None, float]:
        side = _SIDES[count]
        with Players(name, self._urls[:count], (SIZE[0] // side, SIZE[1] // side)) as players:
            players.watch(SETTLE_S)
            played = players.watch(WATCH_S)
        streamed = played.seconds * count
        shown = None if played.pictures is None else played.pictures / streamed / float(FORMATS["main"].fps)
        return played.spent_s / streamed, shown, 0.0

    # ------------------------------------------------------------ the desk
    def stalls(self) -> dict[str, Any]:
        """The loop's pauses with nine slots on and off, in turn; `added`: of the medians of each round's longest."""
        on: list[Watched] = []
        off: list[Watched] = []
        for _ in range(STALL_ROUNDS):
            off += self._wall.order(("watch", STALL_S))
            self._wall.order(("play", max(COUNTS)))
            self._wall.order(("watch", SETTLE_S))
            on += self._wall.order(("watch", STALL_S))
            self._wall.order(("stop",))
        longest = {"on": median(max(w.pauses) for w in on), "off": median(max(w.pauses) for w in off)}
        worked = {"on": median(max(w.worked) for w in on), "off": median(max(w.worked) for w in off)}
        usual = {name: quantile([p for w in some for p in w.pauses], 0.95) for name, some in (("on", on), ("off", off))}
        return {
            "stall_9_on_ms": round(longest["on"], 1), "stall_9_off_ms": round(longest["off"], 1),
            "stall_9_added_ms": round(longest["on"] - longest["off"], 1),
            "stall_9_added_cpu_ms": round(worked["on"] - worked["off"], 1),
            "stall_9_added_p95_ms": round(usual["on"] - usual["off"], 1),
            "stall_9_on_longest_cpu_ms": round(max(max(w.worked) for w in on), 1),
        }  # fmt: skip

    # ------------------------------------------------------------ outages
    def returns(self) -> dict[str, Any]:
        """From the server's return until each of the slots has a picture."""
        self._wall.order(("play", RETURN_SLOTS))
        took = [second for number in range(RETURNS) for second in self._return(random.Random(number))]
        self._wall.order(("stop",))
        return {
            "return_p50_ms": round(1000 * quantile(took, 0.5)), "return_p95_ms": round(1000 * quantile(took, 0.95)),
            "return_longest_ms": round(1000 * max(took)), "returns": len(took),
        }  # fmt: skip

    def _return(self, dice: random.Random) -> list[float]:
        self._cameras.order("down", "all")
        self._wall.order(("lost",))
        back: list[float] = []

        def come_back() -> None:
            self._cameras.order("up", "all")
            back.append(time.monotonic())

        timer = threading.Timer(dice.uniform(*AWAY_S), come_back)
        timer.start()
        seen = self._wall.order(("pictures",))[0]
        timer.join()
        return [at - back[0] for at in seen]
