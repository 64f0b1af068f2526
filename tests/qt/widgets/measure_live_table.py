"""Measure the live table with 100,000 rows: python tests/qt/widgets/measure_live_table.py."""

import os
import random
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(Path(__file__).resolve().parents[3]), str(Path(__file__).resolve().parent)]

from PySide6.QtWidgets import QApplication  # noqa: E402
from widget_samples import sample_columns, sample_row, sample_rows, sample_stripe  # noqa: E402

from widgets.fonts import install_fonts  # noqa: E402
from widgets.live_table import KeyedTableModel, LiveTableView  # noqa: E402
from widgets.theme import apply_theme, load_theme  # noqa: E402

NEWEST, ROWS = 200_000, 100_000


class Measurement:
    """A table of 100,000 rows whose operations are timed until everything is painted."""

    def __init__(self, app: QApplication) -> None:
        self.app, self.now, self.next = app, 0.0, NEWEST + 1
        self.view = LiveTableView()
        self.model = KeyedTableModel(sample_columns(), key=lambda row: row.key)
        self.view.setModel(self.model)
        self.view.set_clock(lambda: self.now)
        self.view.set_stripe(sample_stripe)
        self.view.resize(1280, 1000)
        self.view.show()
        self.random = random.Random(1)

    def time(self, name, action, times=5):
        """Print median and greatest processor time in ms (other processes do not count)."""
        taken = []
        for turn in range(times):
            start = time.process_time()
            action(turn)
            self.app.processEvents()
            taken.append((time.process_time() - start) * 1e3)
        taken.sort()
        sys.stdout.write(f"{name:28s} p50 {taken[len(taken) // 2]:6.1f}  max {taken[-1]:6.1f} ms\n")

    def fresh(self, count):
        """Rows that were not there before."""
        self.next += count
        return [sample_row(self.next - step) for step in range(count)]

    def tick(self, _turn):
        """One second later."""
        self.now += 1
        self.view.tick()

    def burst(self, _turn):
        """500 events: 250 changes, 150 new, 100 gone."""
        some = self.random.sample(range(NEWEST - ROWS + 1, NEWEST), 350)
        changed = [sample_row(number, due=self.random.random() * 9000) for number in some[:250]]
        self.model.apply(changed + self.fresh(150), [f"{number:06d}" for number in some[250:]])


def main() -> None:
    """Print one line per operation."""
    app = QApplication([])
    install_fonts()
    apply_theme(app, load_theme("dark"))
    made, rows = Measurement(app), sample_rows(ROWS, NEWEST)
    model, view = made.model, made.view
    made.time("reset", lambda _: model.reset(rows))
    made.time("repaint", lambda _: view.viewport().repaint(), 30)
    made.time("tick", made.tick, 30)
    made.time("insert 50 at top", lambda _: model.apply(made.fresh(50)))
    view.verticalScrollBar().setValue(5000)
    made.time("insert 50 while scrolled", lambda _: model.apply(made.fresh(50)))
    made.time("scroll", lambda turn: view.verticalScrollBar().setValue(6000 + turn * 120), 30)
    made.time("filter", lambda _: model.set_filter(lambda row: row.street == "龙潭"))
    made.time("no filter", lambda _: model.set_filter(None))
    made.time("sort by deadline", lambda turn: model.sort_by("due", turn % 2 == 1))
    made.time("500 events, sorted", made.burst)
    made.time("sort by words", lambda turn: model.sort_by("item", turn % 2 == 1))
    model.sort_by(None)
    made.time("500 events", made.burst)
    made.time("select all", lambda _: view.selectAll(), 1)
    made.time("insert 50, all selected", lambda _: model.apply(made.fresh(50)), 1)


if __name__ == "__main__":
    main()
