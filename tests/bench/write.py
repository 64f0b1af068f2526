"""Dispatch and undo through the service layer, beside the bare call and beside plain SQL, with 1 and 8 sessions."""

from __future__ import annotations

import threading
import time
from typing import Any

from commandcenter.domain.model import CaseRow
from tests.bench.ground import bench_town, filed_cases, server_facts
from tests.bench.measure import compared, machine, ratio
from tests.bench.write_sides import SIDES, Side, shares
from tests.support.town import Town

SESSIONS = (1, 8)
BLOCKS, BLOCK_S = 4, 1.2
CASES_EACH = 6
WARM_PAIRS = 6  # plans are made for the first five executions of a statement, then kept


def measured() -> dict[str, Any]:
    """All figures of writing; about a minute."""
    with bench_town() as town:
        figures: dict[str, Any] = {**server_facts(town), **machine()}
        cases = _cases(town, CASES_EACH * sum(SESSIONS) * len(SIDES))
        unit = town.org("D-CG")
        for count in SESSIONS:
            figures |= _measured(town, count, [cases.pop() for _ in range(CASES_EACH * count * len(SIDES))], unit)
        return figures


def _cases(town: Town, count: int) -> list[CaseRow]:
    return town.session("supervisor").queries.cases(filed_cases(town, count))


def _measured(town: Town, count: int, cases: list[CaseRow], unit: int) -> dict[str, Any]:
    """Blocks of each side in turn; the sessions of the others stay open and idle, as colleagues' are."""
    parts = shares(cases, CASES_EACH)
    crews = {name: [side(town, number, next(parts), unit) for number in range(count)] for name, side in SIDES.items()}
    taken: dict[str, list[float]] = {name: [] for name in crews}
    spent = dict.fromkeys(crews, 0.0)
    try:
        for crew in crews.values():
            for side in crew:
                _repeat(side, WARM_PAIRS)
        for block in range(BLOCKS):
            for name in list(crews) if block % 2 == 0 else reversed(crews):
                times, seconds = _block(crews[name])
                taken[name] += times
                spent[name] += seconds
    finally:
        for side in (side for crew in crews.values() for side in crew):
            side.close()
    return _figures(count, taken, spent)


def _figures(count: int, taken: dict[str, list[float]], spent: dict[str, float]) -> dict[str, Any]:
    rivals = {name: times for name, times in taken.items() if name != "ours"}
    figures: dict[str, Any] = compared(f"pair_{count}", taken["ours"], rivals)
    rates = {name: len(times) / spent[name] for name, times in taken.items()}
    figures |= {f"pairs_{count}_{name}_per_s": round(rate, 1) for name, rate in rates.items()}
    # The cost of a pair by the clock of all sessions together: what the throughput really pays.
    figures |= {f"throughput_cost_{count}_over_{name}_ratio": ratio(rates[name], rates["ours"]) for name in rivals}
    return figures


def _repeat(side: Side, pairs: int) -> None:
    for _ in range(pairs):
        side.pair()


def _block(crew: list[Side]) -> tuple[list[float], float]:
    """(ms per pair, seconds) of one block. Raises what a session raised."""
    times: list[list[float]] = [[] for _ in crew]
    failed: list[BaseException] = []
    start = threading.Barrier(len(crew) + 1)

    def work(number: int) -> None:
        start.wait()
        until = time.perf_counter() + BLOCK_S
        try:
            while (began := time.perf_counter()) < until:
                crew[number].pair()
                times[number].append(1000 * (time.perf_counter() - began))
        except Exception as error:  # noqa: BLE001 - handed to the caller's thread below
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(crew))]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return [one for part in times for one in part], time.perf_counter() - began
