"""What a question costs with 10 thousand and with 5 million cases stored, and under row-level security.

COMMANDCENTER_BENCH_SIZES=10000,100000 chooses the sizes; all four take a quarter of an hour and 35 GB to load.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from db import embedded
from db.embedded import Server
from tests.bench.measure import interleaved, machine, quantile, ratio
from tests.bench.scale_asking import Asking, policy_sides
from tests.bench.scale_history import PER_DAY, City, Month, bench_server, hurried, new_city
from tests.support.servers import run_home

SIZES_VARIABLE = "COMMANDCENTER_BENCH_SIZES"
SIZES = (10_000, 100_000, 1_000_000, 5_000_000)
QUICK = SIZES[:2]
PER_MONTH = 30 * PER_DAY
OPEN, OLD_OPEN, OLD_MONTHS = 5_000, 5, 12  # open in every city; a few are old, up to a year
SETTLED = timedelta(hours=42)  # a case of the past has been through all its steps by then
STEPS_DONE = (1, 2, 3, 3, 3, 4, 5, 5, 5, 6, 7)
ROUNDS, BUDGET_S = 30, 25.0


def measured() -> dict[str, Any]:
    """All figures; the quick sizes take about two minutes."""
    sizes = [int(size) for size in os.environ.get(SIZES_VARIABLE, ",".join(map(str, QUICK))).split(",")]
    with bench_server(), ExitStack() as stack:
        began = time.perf_counter()
        with hurried(run_home()):
            cities = {size: built(embedded.start(run_home()), size) for size in sizes}
        loaded = time.perf_counter() - began
        for city in cities.values():
            stack.enter_context(city.stack)
        return {"load_s": round(loaded), **machine(), **compare(cities)}


def built(server: Server, size: int) -> City:
    """A city with so many cases; to be called while the server is hurried."""
    city = new_city(server, f"cases_{size}")
    city.fill(months_of(size), STEPS_DONE)
    return city


def months_of(size: int) -> list[Month]:
    """The newest first: the same pace in all cities, today as in every month, so that a larger one has more months."""
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    begun = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    newest = min(size, OPEN + int(PER_DAY * max(0.0, (now - SETTLED - begun) / timedelta(days=1))))
    shares = [newest, *[PER_MONTH] * ((size - newest) // PER_MONTH)]
    if rest := size - sum(shares):
        shares.append(rest)
    made, number = [], size
    for k, cases in enumerate(shares):
        number -= cases
        year, month = divmod(now.year * 12 + now.month - 1 - k, 12)
        still_open = OPEN if k == 0 else OLD_OPEN if k < OLD_MONTHS else 0
        made.append(Month(date(year, month + 1, 1), cases, still_open, number))
    return made


def compare(cities: Mapping[int, City]) -> dict[str, Any]:
    """Each question to all cities in turn, then each page with and without the policies."""
    figures: dict[str, Any] = {f"stored_{size}_mb": _megabytes(city) for size, city in cities.items()}
    askings = {size: Asking(city, random.Random(7)) for size, city in cities.items()}
    for name in Asking.QUESTIONS:
        sides = {str(size): _side(asking, name) for size, asking in askings.items()}
        figures |= _spread(name, {side: [run_once(call)] for side, call in sides.items()}, "first_")
        figures |= _spread(name, interleaved(sides, ROUNDS, BUDGET_S))
    for size, city in cities.items():
        for role, pair in policy_sides(city).items():
            figures |= _policy(f"policy_{role}_{size}", interleaved(pair, ROUNDS, BUDGET_S))
    return figures


def run_once(call: Callable[[int], None]) -> float:
    """Milliseconds of a session's first question of its kind: planning, cold caches."""
    began = time.perf_counter()
    call(-1)
    return 1000 * (time.perf_counter() - began)


def _side(asking: Asking, name: str) -> Callable[[int], None]:
    ask = getattr(asking, name)
    return lambda _turn: ask()


def _spread(name: str, taken: Mapping[str, Sequence[float]], kind: str = "") -> dict[str, float]:
    figures: dict[str, float] = {}
    for size, times in taken.items():
        figures[f"{name}_{size}_{kind}ms"] = round(quantile(times, 0.5), 2)
        if not kind:
            figures[f"{name}_{size}_p95_ms"] = round(quantile(times, 0.95), 2)
    first, last = list(taken)[0], list(taken)[-1]
    if not kind:
        figures[f"{name}_last_over_first_ratio"] = ratio(quantile(taken[last], 0.5), quantile(taken[first], 0.5))
    return figures


def _policy(name: str, taken: Mapping[str, Sequence[float]]) -> dict[str, float]:
    middle = {side: quantile(times, 0.5) for side, times in taken.items()}
    figures = {f"{name}_{side}_ms": round(value, 2) for side, value in middle.items()}
    return figures | {f"{name}_over_plain_ratio": ratio(middle["policy"], middle["plain"])}


def _megabytes(city: City) -> int:
    return round(int(str(city.scalar("select pg_database_size(current_database())"))) / 1e6)

