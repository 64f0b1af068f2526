"""The measurements by name, and their figures in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

Figures = dict[str, Any]
_MEDIAN = re.compile(r"(?P<what>\w+)_ours_(?P<unit>ms|mb|us)$")


def _lazily(module: str) -> Callable[[], Figures]:
    """A measurement whose module (Qt, the database) is loaded only when it runs."""
    return lambda: import_module(f"tests.bench.{module}").measured()


BENCHES: dict[str, Callable[[], Figures]] = {
    "table": _lazily("table"),
    "feed": _lazily("feed"),
    "write": _lazily("write"),
    "act": _lazily("act"),
    "desk": _lazily("desk"),
    "scale": _lazily("scale"),
    "whistle": _lazily("whistle"),
    "video": _lazily("video"),
    "wall": _lazily("wall"),
}


def run(name: str) -> Figures:
    """The figures of one measurement, flat; "all" gives those of every one under its name.

    A ratio's key ends in `ratio`: ours over theirs, below 1 is better for costs. Raises KeyError for an unknown name.
    """
    if name == "all":
        return {each: measure() for each, measure in BENCHES.items()}
    return BENCHES[name]()


def lines(figures: Mapping[str, Any]) -> list[str]:
    """The figures for people: one line per comparison, then whatever stands alone."""
    if figures and all(isinstance(value, Mapping) for value in figures.values()):
        return [line for name, part in figures.items() for line in (f"== {name}", *lines(part))]
    left = dict(figures)
    said = [_comparison(left, match) for key in figures if (match := _MEDIAN.fullmatch(key))]
    return said + [f"{key}: {value}" for key, value in left.items()]


def _comparison(left: dict[str, Any], match: re.Match[str]) -> str:
    """One line about `what`; takes its keys out of `left`."""
    what, unit = match["what"], match["unit"]
    parts = [f"本程序 {_figure(left, f'{what}_ours', unit)}"]
    ratios = {key: rival for key in left if (rival := _rival(key, what))}
    for key, rival in ratios.items():
        parts.append(f"{rival} {_figure(left, f'{what}_{rival}', unit)}，比值 {left.pop(key)}")
    return f"{what}（{unit}，中位/p95）：{'；'.join(parts)}"


def _figure(left: dict[str, Any], name: str, unit: str) -> str:
    tail = left.pop(f"{name}_p95_{unit}", None)
    median = left.pop(f"{name}_{unit}", "—")
    return f"{median}" if tail is None else f"{median}/{tail}"


def _rival(key: str, what: str) -> str | None:
    found = re.fullmatch(rf"{what}_over_(\w+)_ratio", key)
    return found[1] if found else None
