"""Sessions as processes: each a program of its own, as desks are; one interpreter would let them work in turns."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Protocol

from tests.bench.processes import Processes

HEAD_START_S = 0.05  # between the order and the common start, for every process to hear of it


class Worker(Protocol):
    """What one process does over and over, by the name of the side."""

    def step(self, side: str) -> None:
        """One piece of work."""

    def close(self) -> None:
        """End the connections."""


@dataclass(frozen=True)
class _Block:
    side: str
    start: float  # time.perf_counter, one clock for all processes here
    until: float
    steps: int  # at least so many, whatever the clock says


class Crew(Processes):
    """So many processes, each with a worker made there by `make(*arguments)`; use as a context manager."""

    def __init__(self, make: Callable[..., Worker], arguments: Sequence[tuple[Any, ...]]) -> None:
        super().__init__(_serve, [(make, each) for each in arguments])

    def warm(self, side: str, steps: int) -> None:
        """Let every worker take so many steps, uncounted."""
        self.order(_Block(side, 0.0, 0.0, steps))

    def block(self, side: str, seconds: float) -> tuple[list[float], float]:
        """(ms per step, seconds until the last was done): all begin together and begin no step after `seconds`.
        Raises RuntimeError with what a worker raised."""
        start = time.perf_counter() + HEAD_START_S
        times = self.order(_Block(side, start, start + seconds, 0))
        return [one for part in times for one in part], time.perf_counter() - start


def _serve(orders: Connection, make: Callable[..., Worker], arguments: tuple[Any, ...]) -> None:
    try:
        with closing(make(*arguments)) as worker:
            orders.send([])
            while (block := orders.recv()) is not None:
                orders.send(_carried_out(worker, block))
    except Exception:  # noqa: BLE001 - raised again in the process that waits for the answer
        orders.send(traceback.format_exc())


def _carried_out(worker: Worker, block: _Block) -> list[float]:
    times: list[float] = []
    time.sleep(max(0.0, block.start - time.perf_counter()))
    while (began := time.perf_counter()) < block.until or len(times) < block.steps:
        worker.step(block.side)
        times.append(1000 * (time.perf_counter() - began))
    return times
