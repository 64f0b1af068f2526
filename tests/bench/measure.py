"""Timing in interleaved rounds: on a shared machine only what ran at the same time can be compared."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Timed = Mapping[str, Callable[[int], None]]
"""What each side does in a round, by the side's name; called with the round's number."""


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of them lie; of few values p95 is the greatest."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def compared(
    what: str, ours: Sequence[float], rivals: Mapping[str, Sequence[float]], unit: str = "ms"
) -> dict[str, float]:
    """Medians and p95 of each side, and ours over each rival's by the medians."""
    figures = _spread(f"{what}_ours", ours, unit)
    for name, theirs in rivals.items():
        figures |= _spread(f"{what}_{name}", theirs, unit)
        figures[f"{what}_over_{name}_ratio"] = ratio(quantile(ours, 0.5), quantile(theirs, 0.5))
    return figures


def _spread(name: str, values: Sequence[float], unit: str) -> dict[str, float]:
    middle, tail = quantile(values, 0.5), quantile(values, 0.95)
    return {f"{name}_{unit}": round(middle, 2), f"{name}_p95_{unit}": round(tail, 2)}


def ratio(ours: float, theirs: float) -> float:
    """Ours over theirs to three digits; infinite when theirs cost nothing measurable."""
    return float(f"{ours / theirs:.3g}") if theirs else float("inf")


def interleaved(
    sides: Timed, rounds: int, budget_s: float = 10.0, settle: Callable[[str], None] = lambda _side: None
) -> dict[str, list[float]]:
    """Milliseconds per side and round. Who goes first changes every round; `settle(side)` runs before each, untimed.

    Ends early, after a whole round, when `budget_s` seconds are spent.
    """
    taken: dict[str, list[float]] = {name: [] for name in sides}
    until = time.perf_counter() + budget_s
    for turn in range(rounds):
        order = list(sides) if turn % 2 == 0 else list(reversed(sides))
        for name in order:
            settle(name)
            began = time.perf_counter()
            sides[name](turn)
            taken[name].append(1000 * (time.perf_counter() - began))
        if time.perf_counter() > until:
            break
    return taken


def machine() -> dict[str, Any]:
    """What the figures were measured on; the load (runnable processes, last minute) tells how much to trust them."""
    load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
    return {"python": platform.python_version(), "cpus": os.cpu_count(), "load": load}
