"""The map's canvas beside what cities use today: ECharts, MapLibre GL, deck.gl in Chromium, and a naive QGraphicsScene.

All sides are alive at once and take turns, step by step, with the same cells, markers, gestures and changes.
COMMANDCENTER_BENCH_SCREENS=1920x1080 and COMMANDCENTER_BENCH_SIDES=ours,scene choose. Figures: docs/benchmarks.md.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from tests.bench.measure import compared, machine, quantile
from tests.bench.wall_side import Side
from tests.bench.wall_town import (
    Town,
    made_town,
    pan_views,
    updates,
    walks,
    whole_view,
    write_for_web,
    zoom_views,
)
from tests.support.desktop import Desktop

SCREENS_VARIABLE, SIDES_VARIABLE = "COMMANDCENTER_BENCH_SCREENS", "COMMANDCENTER_BENCH_SIDES"
SCREENS = "1920x1080,3840x2160"
OURS = "ours"
QT_SIDES = (OURS, "scene")
WEB_SIDES = ("echarts", "maplibre", "deck")
STARTS, ROUNDS = 3, 3
BUDGET_MS = 4000.0          # of a gesture; who is slow does fewer of its frames
UPDATES, WALKS = 20, 10     # a round
IDLE_CHANGES, EVERY_MS = 40, 100
NEAR = 3.0
REST_S = 5.0                # before memory is taken: caches of a gesture are given back, browsers collect garbage
WEB = Path(__file__).resolve().parent / "web"
Size = tuple[int, int]


def measured() -> dict[str, Any]:
    """All figures; about a quarter of an hour on a quiet machine."""
    wanted = os.environ.get(SIDES_VARIABLE, ",".join((*QT_SIDES, *WEB_SIDES))).split(",")
    absent = missing()
    names = [name for name in wanted if name in QT_SIDES or not absent]
    figures: dict[str, Any] = {**machine(), "missing": absent}
    with tempfile.TemporaryDirectory() as folder:
        town = made_town()
        town.save(Path(folder))
        write_for_web(town, Path(folder))
        for screen in os.environ.get(SCREENS_VARIABLE, SCREENS).split(","):
            width, _, height = screen.partition("x")
            size = int(width), int(height)
            with _screen(Path(folder), size) as desktop:
                figures |= _Wall(town, size, names, desktop, Path(folder)).figures()
    return figures


def missing() -> list[str]:
    """What the web sides need and is not here; `make setup-bench` brings it."""
    programs = [name for name in ("node", _chromium()) if shutil.which(name) is None]
    return programs + ([] if (WEB / "node_modules").is_dir() else ["tests/bench/web/node_modules"])


def _chromium() -> str:
    return os.environ.get("CHROMIUM", "/usr/bin/chromium")


@contextmanager
def _screen(folder: Path, size: Size) -> Iterator[Desktop]:
    desktop = Desktop(folder / "screen", size)
    try:
        yield desktop
    finally:
        desktop.close()


class _Wall:
    """One size of screen. `label` ends the figures' names."""

    def __init__(self, town: Town, size: Size, names: Sequence[str], desktop: Desktop, folder: Path) -> None:
        self._town, self._size, self._names = town, size, names
        self._desktop, self._folder = desktop, folder
        self._label = f"{size[1]}p"
        self._sides: dict[str, Side] = {}

    def figures(self) -> dict[str, Any]:
        """Starts, then gestures and changes in turns, then memory."""
        with ExitStack() as stack:
            figures = self._compared("start", self._starts(stack))
            figures |= self._in_turns()
            self._rest()
            memory = {name: [side.memory_mb()] for name, side in self._sides.items()}
            figures |= self._compared("memory", memory, "mb")
            return figures | self._unclustered()

    def _rest(self) -> None:
        for name, side in self._sides.items():
            if name in QT_SIDES:
                side.order("rest", seconds=REST_S)
        time.sleep(REST_S)      # the browsers live by themselves

    def _starts(self, stack: ExitStack) -> dict[str, list[float]]:
        """Each side alone; those of the last turn stay."""
        taken: dict[str, list[float]] = {name: [] for name in self._names}
        for turn in range(STARTS):
            for name in self._turn(turn):
                side = self._started(name)
                taken[name].append(side.started_ms)
                if turn == STARTS - 1:
                    self._sides[name] = stack.enter_context(side)
                else:
                    side.close()
        return taken

    def _started(self, name: str) -> Side:
        size = [str(pixels) for pixels in self._size]
        command = [sys.executable, "-m", f"tests.bench.wall_{name}", *size, str(self._folder / "town.npz")] \
            if name in QT_SIDES else [*_as_equals(), "node", str(WEB / "bench.mjs"), name, *size, str(self._folder)]
        return Side(command, self._desktop.name, self._folder / f"{name}.log")

    # ------------------------------------------------------------ gestures and changes
    def _in_turns(self) -> dict[str, Any]:
        found: dict[str, dict[str, list[float]]] = {}
        for turn in range(ROUNDS):
            for name in self._turn(turn):
                for what, values in self._round(self._sides[name], name, turn).items():
                    found.setdefault(what, {}).setdefault(name, []).extend(values)
        return {key: value for what, taken in found.items() for key, value in self._compared(what, taken).items()}

    def _round(self, side: Side, name: str, turn: int) -> dict[str, list[float]]:
        town, size = self._town, self._size
        far, near = whole_view(town, size), whole_view(town, size, NEAR)
        taken: dict[str, list[float]] = {}

        def do(what: str, order: str, **how: Any) -> None:
            before = self._used_s(side, name)
            answer = side.order(order, **how, budget_ms=BUDGET_MS)
            taken[what] = answer["ms"]
            taken[f"{what}_cpu"] = [1000 * (self._used_s(side, name) - before) / len(answer["ms"])]
            taken.setdefault("sharp", []).extend([answer["settled"]] if "settled" in answer else [])

        side.order("look", view=far)
        do("update", "updates", changes=updates(town, UPDATES, turn))
        do("workers", "walks", places=walks(town, WALKS, turn))
        taken["idle_cpu"] = [self._idle(side, name, turn)]
        gestures = {"pan": (far, pan_views(town, size, 1.0)), "pan_near": (near, pan_views(town, size, NEAR)),
                    "zoom": (far, zoom_views(town, size))}
        for what, (view, views) in gestures.items():
            side.order("look", view=view)
            do(what, "views", views=views)
        side.order("look", view=near)
        do("update_near", "updates", changes=updates(town, UPDATES, turn + 100))
        return taken

    def _idle(self, side: Side, name: str, turn: int) -> float:
        """Processor milliseconds a second while a cell and a case change ten times a second."""
        changes = updates(self._town, IDLE_CHANGES, 1000 + turn, each=1)
        before, began = self._used_s(side, name), time.perf_counter()
        side.order("idle", changes=changes, every_ms=EVERY_MS)
        return 1000 * (self._used_s(side, name) - before) / (time.perf_counter() - began)

    def _used_s(self, side: Side, name: str) -> float:
        """Processor seconds so far; of Qt's sides the X server's with it, as nobody else draws meanwhile."""
        server = _x_server() if name in QT_SIDES else None
        return side.used_s() + _used(server)

    def _unclustered(self) -> dict[str, Any]:
        """Our pan again with every marker drawn alone, as the rivals draw them."""
        if OURS not in self._sides:
            return {}
        side, taken = self._sides[OURS], []
        side.order("plain")
        for _ in range(ROUNDS):
            side.order("look", view=whole_view(self._town, self._size))
            taken += side.timed("views", views=pan_views(self._town, self._size, 1.0), budget_ms=BUDGET_MS)
        name = f"pan_{self._label}_unclustered"
        return {f"{name}_ms": round(median(taken), 2), f"{name}_p95_ms": round(quantile(taken, 0.95), 2)}

    # ------------------------------------------------------------ words
    def _turn(self, turn: int) -> Sequence[str]:
        return self._names if turn % 2 == 0 else tuple(reversed(self._names))

    def _compared(self, what: str, taken: Mapping[str, Sequence[float]], unit: str = "ms") -> dict[str, Any]:
        rivals = {name: values for name, values in taken.items() if name != OURS and values}
        named = f"{what}_{self._label}"
        if taken.get(OURS):
            return compared(named, taken[OURS], rivals, unit)
        return {f"{named}_{name}_{unit}": round(median(values), 2) for name, values in rivals.items()}


def _as_equals() -> list[str]:
    """Run as root, Chromium would draw at nice -8, before everybody else on the machine."""
    return ["setpriv", "--bounding-set=-sys_nice"] if os.geteuid() == 0 and shutil.which("setpriv") else []


def _x_server() -> psutil.Process | None:
    """The one that this process started."""
    return next((child for child in psutil.Process().children() if child.name() == "Xvfb"), None)


def _used(process: psutil.Process | None) -> float:
    times = process.cpu_times() if process else None
    return float(times.user + times.system) if times else 0.0
