"""One table in a process of its own: memory, and stalls while loading in batches and under a burst.

python -m tests.bench.table_load STAND ROWS prints one JSON object.
"""

from __future__ import annotations

import gc
import json
import sys

import psutil

from tests.bench.event_loop import StallWatch, run_for
from tests.bench.table_rows import row, rows
from tests.bench.table_stands import STANDS, Stand, application

BATCH = 1000
BURST_S, BATCHES_A_SECOND, EVENTS = 4, 5, 100  # 500 events a second, as the throttled feed brings them
NEW, GONE = 15, 5


def main(stand_name: str, count: int) -> dict[str, float]:
    """Figures of one stand."""
    app = application()
    cases = rows(count)
    stand: Stand = STANDS[stand_name]()
    stand.view.show()
    app.processEvents()
    # No table's time is to depend on when a collection happens; the product loads like this too.
    gc.collect()
    gc.freeze()
    gc.disable()
    before = psutil.Process().memory_info().rss
    figures = _stalls("load", lambda: _load(stand, cases))
    app.processEvents()
    figures["memory_mb"] = (psutil.Process().memory_info().rss - before) / 1e6
    return figures | _stalls("burst", lambda: _burst(stand, count))


def _stalls(what: str, work) -> dict[str, float]:
    with StallWatch() as watch:
        work()
    return {f"{what}_stall_ms": max(watch.pauses), f"{what}_stall_cpu_ms": max(watch.worked)}


def _load(stand: Stand, cases: list) -> None:
    steps = range(0, len(cases), BATCH)
    run_for(len(steps), 0, lambda number: stand.append(cases[steps[number] : steps[number] + BATCH]))


def _burst(stand: Stand, count: int) -> None:
    def batch(number: int) -> None:
        new = [row(count + NEW * number + NEW - n) for n in range(NEW)]
        gone = [2 + 40 * (GONE * number + n) for n in range(GONE)]
        changed = [row(1 + 41 * (n * 31 + number) % count, number + 1) for n in range(EVENTS - NEW - GONE)]
        stand.change(new, [one for one in changed if (one.id - 2) % 40], gone)

    run_for(BURST_S * BATCHES_A_SECOND, 1000 // BATCHES_A_SECOND, batch)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
