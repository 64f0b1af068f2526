"""The live table of 100,000 open cases beside QStandardItemModel and beside our model under QSortFilterProxyModel."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from tests.bench.measure import compared, interleaved, machine, ratio
from tests.bench.table_rows import NOW, row, rows
from tests.bench.table_stands import STANDS, Stand, application

ROWS = 100_000
SMALL = 2_000  # the proxy sorts a Python model so slowly that 100,000 rows take minutes
ROOT = Path(__file__).resolve().parents[2]


def measured(count: int = ROWS) -> dict[str, Any]:
    """All figures of the table; about a minute, most of it spent filling QStandardItemModel."""
    figures: dict[str, Any] = {"rows": count, **machine()}
    figures |= _apart(count)
    table = _Tables(application(), count)
    figures |= table.operations()
    table.close()
    small = _Tables(application(), SMALL)
    figures |= small.compare("sort_small", _sort, rounds=3)
    figures["sort_small_rows"] = SMALL
    small.close()
    return figures


def _apart(count: int) -> dict[str, Any]:
    """Memory and stalls, each table in a process of its own so that none inherits another's heap."""
    found = {name: _in_process(name, count) for name in STANDS}
    figures: dict[str, Any] = {}
    for key, ours in found["ours"].items():
        what, _, unit = key.rpartition("_")
        figures[f"{what}_ours_{unit}"] = round(ours, 1)
        for name in list(STANDS)[1:]:
            figures[f"{what}_{name}_{unit}"] = round(found[name][key], 1)
            figures[f"{what}_over_{name}_ratio"] = ratio(ours, found[name][key])
    return figures


def _in_process(name: str, count: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.table_load", name, str(count)]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(answer.stdout)


def _sort(stand: Stand, turn: int) -> None:
    stand.sort(turn % 2 == 0)


def _tick(stand: Stand, turn: int) -> None:
    stand.tick(NOW + turn)


def _repaint(stand: Stand, _turn: int) -> None:
    stand.view.viewport().repaint()


def _filter(stand: Stand, turn: int) -> None:
    stand.filter(7 if turn % 2 == 0 else None)


class _Tables:
    """The three tables side by side; one operation is timed until everything it asks for is painted."""

    def __init__(self, app: QApplication, count: int) -> None:
        self._app, self._count = app, count
        self._cases = rows(count)
        self._stands = {name: make() for name, make in STANDS.items()}
        self._top = count
        self._figures = self.compare("reset", lambda stand, _: stand.load(self._cases), rounds=2, budget_s=10)
        # What stands for good is not to be walked by every collection while the changes are timed.
        gc.collect()
        gc.freeze()

    def operations(self) -> dict[str, Any]:
        """Figures of the reset and of everything that happens to a table afterwards."""
        compare = self.compare
        figures = self._figures | compare("insert50", self._insert, rounds=10)
        figures |= compare("change100", self._change, rounds=10)
        figures |= compare("tick", _tick, rounds=20)
        figures |= compare("repaint", _repaint, rounds=20)
        figures |= compare("filter", _filter, rounds=4, budget_s=8)
        return figures | compare("sort", _sort, rounds=4, budget_s=8, without=("proxied",))

    def compare(
        self,
        what: str,
        do: Callable[[Stand, int], None],
        rounds: int,
        budget_s: float = 10.0,
        without: tuple[str, ...] = (),
    ) -> dict[str, float]:
        """Medians, p95 and ratios of one operation; only the table at work is on show, so that no other paints."""
        sides = {name: self._painted(stand, do) for name, stand in self._stands.items() if name not in without}
        taken = interleaved(sides, rounds, budget_s, settle=self._show)
        return compared(what, taken.pop("ours"), taken)

    def _show(self, name: str) -> None:
        for other, stand in self._stands.items():
            stand.view.setVisible(other == name)
        self._idle()

    def _idle(self) -> None:
        """A change asks for a layout, the layout for a repaint: each is delivered one turn later."""
        for _ in range(3):
            self._app.processEvents()

    def _painted(self, stand: Stand, do: Callable[[Stand, int], None]) -> Callable[[int], None]:
        def timed(turn: int) -> None:
            do(stand, turn)
            self._idle()

        return timed

    def _insert(self, stand: Stand, turn: int) -> None:
        first = self._top + 50 * turn
        stand.change([row(first + 50 - n) for n in range(50)], [], [])

    def _change(self, stand: Stand, turn: int) -> None:
        stand.change([], [row(1 + (n * 997 + turn * 13) % self._count, turn + 1) for n in range(100)], [])

    def close(self) -> None:
        """Let go of the tables: a hundred thousand items are not to weigh on what is measured next."""
        for stand in self._stands.values():
            stand.view.close()
            stand.view.deleteLater()
        self._stands.clear()
        gc.unfreeze()
        gc.collect()
