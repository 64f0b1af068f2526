"""The whole desk over a real database with 1,000, 10,000 and 100,000 open cases, beside Qt's item model with its proxy.

COMMANDCENTER_BENCH_OPEN=1000,100000 chooses the sizes. What each figure means: docs/benchmarks.md.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from db import embedded
from db.locations import HOME_VARIABLE
from db.secrets import SecretFile
from tests.bench.desk_spec import Spec
from tests.bench.measure import compared, machine
from tests.bench.scale_history import City, Month, bench_server, hurried, new_city, password_of
from tests.support.servers import run_home

SIZES_VARIABLE = "COMMANDCENTER_BENCH_OPEN"
SIZES = (1_000, 10_000, 100_000)
STARTS = 3           # of each side; the last one goes on to the operations
STEPS_DONE = (3,)    # all of them wait for dispatch: the longest queue there can be
PATIENCE_S = 240.0
ROOT = Path(__file__).resolve().parents[2]
SIDES = {"ours": "tests.bench.desk_ours", "standard": "tests.bench.desk_rival"}
_LISTS = ("filter", "filter_cpu", "sort", "sort_cpu", "drop_reacts", "drop_confirmed", "drop_confirmed_cpu")


def measured() -> dict[str, Any]:
    """All figures; three to four minutes on a quiet machine."""
    sizes = [int(size) for size in os.environ.get(SIZES_VARIABLE, ",".join(map(str, SIZES))).split(",")]
    with bench_server():
        with hurried(run_home()):
            cities = {size: _city(size) for size in sizes}
        figures: dict[str, Any] = dict(machine())
        for size, city in cities.items():
            with city.stack:
                figures |= of_city(city, size)
        return figures


def _city(size: int) -> City:
    city = new_city(embedded.start(run_home()), f"open_{size}")
    newest = datetime.now(ZoneInfo("Asia/Shanghai")).date().replace(day=1)
    city.fill([Month(newest, size, size, 0)], STEPS_DONE)
    return city


def of_city(city: City, size: int) -> dict[str, Any]:
    """Starts of both sides in turns; then what is done at a desk."""
    taken: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
    with tempfile.TemporaryDirectory() as home:
        login = city.login("dispatcher", "district")
        SecretFile(Path(home) / "logins.json").put(login, password_of(login))
        unit = int(str(city.scalar("select min(id) from cc.org where kind = 'department'")))
        for module in SIDES.values():
            _run(module, city, login, unit, Path(home), size, False)  # compiles
        for turn in range(STARTS):
            for side, module in SIDES.items() if turn % 2 == 0 else reversed(SIDES.items()):
                last = turn == STARTS - 1
                taken[side].append(_run(module, city, login, unit, Path(home), size, last))
    return _figures(size, taken)


def _run(module: str, city: City, login: str, unit: int, home: Path, size: int, operate: bool) -> dict[str, Any]:
    at = f"postgresql://{city.server.host}:{city.server.port}/{city.url.rpartition('/')[2]}"
    spec = Spec(at, login, password_of(login), city.url, time.monotonic(), size, unit, int(operate))
    command = [sys.executable, "-m", module, json.dumps(spec._asdict())]
    environment = {**os.environ, HOME_VARIABLE: str(home), "QT_QPA_PLATFORM": "offscreen"}
    # An installed program is compiled; where nothing may be written beside it, the first start of a side does it.
    environment |= {"PYTHONPYCACHEPREFIX": str(home / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE_S)
    if answer.returncode:
        raise RuntimeError(f"{module}: {answer.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


def _figures(size: int, taken: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """Flat, by size; what only our side has stands alone."""
    ours, theirs = taken["ours"], taken["standard"]
    figures: dict[str, Any] = {}
    for what, unit in (("usable", "ms"), ("usable_cpu", "ms"), ("memory", "mb")):
        mine, other = ([one[f"{what}_{unit}"] for one in side] for side in (ours, theirs))
        figures |= compared(f"{what}_{size}", mine, {"standard": other}, unit)
    for what in ("complete", "load_stall", "load_stall_cpu", "painted"):
        figures |= compared(f"{what}_{size}", [one[f"{what}_ms"] for one in ours], {})
    last, rival = ours[-1], theirs[-1]
    for what in _LISTS:
        figures |= compared(f"{what}_{size}", last[what], {"standard": rival[what]} if what in rival else {})
    for what in ("burst_stall", "burst_stall_cpu"):
        figures |= compared(f"{what}_{size}", [last[f"{what}_ms"]], {"standard": [rival[f"{what}_ms"]]})
    for what in ("burst_per_s", "burst_missed", "memory_after_mb"):
        figures[f"{what.removesuffix('_mb')}_{size}" + ("_mb" if what.endswith("_mb") else "")] = last[what]
    return figures
