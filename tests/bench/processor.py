"""Processor time by groups of processes: whose work fills the machine while something is measured."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from typing import Self

import psutil


class ProcessorWatch:
    """Adds up what each group of processes used while it was entered, as often as that was."""

    def __init__(self, groups: Mapping[str, Collection[int]]) -> None:
        self._groups = {name: [psutil.Process(pid) for pid in pids] for name, pids in groups.items()}
        self._spent = dict.fromkeys(groups, 0.0)
        self._seconds = 0.0

    def __enter__(self) -> Self:
        self._at, self._used = time.perf_counter(), self._now()
        return self

    def __exit__(self, *_: object) -> None:
        self._seconds += time.perf_counter() - self._at
        for name, used in self._now().items():
            self._spent[name] += used - self._used[name]

    def shares(self) -> dict[str, float]:
        """Of all the machine's processor time while it was entered, by group."""
        whole = self._seconds * (psutil.cpu_count() or 1)
        return {name: spent / whole for name, spent in self._spent.items()}

    def _now(self) -> dict[str, float]:
        return {name: sum(_used(process) for process in group) for name, group in self._groups.items()}


def _used(process: psutil.Process) -> float:
    """Seconds in user and system mode, without children."""
    times = process.cpu_times()
    return float(times.user + times.system)
