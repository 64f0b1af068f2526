"""The rival: the same cases from the same database in QStandardItemModel under QSortFilterProxyModel and a QTableView.

python -m tests.bench.desk_rival SPEC prints one JSON object. As plain as such a desk is written: one query, the words
of each cell as an item, filled while nobody looks; changes come by the product's own feed, because the rival has none.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from tests.bench.desk_spec import Spec

ROUNDS = 4


def main(spec: Spec) -> dict[str, Any]:
    """Figures of one run."""
    import tempfile

    from db.gateways.session import PgSession
    from tests.bench.table_stands import application
    from ui.screens.workplace import Workplace
    from widgets.fonts import install_fonts

    app = application()
    install_fonts()
    session = PgSession(spec.address, spec.login, spec.password)
    with tempfile.TemporaryDirectory() as home:
        place = Workplace(session, Path(home))
        desk = RivalDesk(app, session, place, spec)
        desk.run()
        session.close()
    return desk.figures


class RivalDesk:
    """One table window over the whole queue."""

    def __init__(self, app: Any, session: Any, place: Any, spec: Spec) -> None:
        from PySide6.QtCore import QSortFilterProxyModel
        from PySide6.QtGui import QStandardItemModel
        from PySide6.QtWidgets import QHeaderView, QTableView

        from ui.models.case_columns import case_columns

        self._app, self._session, self._spec = app, session, spec
        self._columns = case_columns(place.words, place.remaining, False, True)
        self._now = time.time()
        self._model = QStandardItemModel(0, len(self._columns))
        self._items: dict[int, list[Any]] = {}
        self._proxy, self._view = QSortFilterProxyModel(), QTableView()
        self._view.verticalHeader().setDefaultSectionSize(34)
        self._view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._view.resize(1280, 1000)
        self._left = next(n for n, column in enumerate(self._columns) if column.key == "left")
        self._street = next(n for n, column in enumerate(self._columns) if column.key == "street")
        self._role = 256 + 9
        self._lock, self._wanted = threading.Lock(), set[int]()
        self.figures: dict[str, Any] = {}

    def run(self) -> None:
        """Start; then, if wanted, what is done at a desk."""
        for part in self._session.queries.open_cases():
            for row in part:
                self._model.appendRow(self._made(row))
        self._proxy.setSortRole(self._role)
        self._proxy.setSourceModel(self._model)
        self._proxy.sort(self._left)
        self._view.setModel(self._proxy)
        self._view.show()
        self._view.selectRow(0)
        self._turn()
        self.figures["usable_ms"] = 1000 * (time.monotonic() - self._spec.started)
        self.figures["usable_cpu_ms"] = 1000 * time.process_time()
        self.figures["memory_mb"] = psutil.Process().memory_info().rss / 1e6
        if self._spec.operations:
            self._operate()

    def _made(self, row: Any) -> list[Any]:
        from PySide6.QtGui import QStandardItem

        made = [QStandardItem(self._text(column, row)) for column in self._columns]
        made[self._left].setData(row.deadline or 1e11, self._role)
        made[self._street].setData(made[self._street].text(), self._role)
        self._items[row.id] = made
        return made

    def _text(self, column: Any, row: Any) -> str:
        return str(column.live(row, self._now).text if column.live else column.text(row))

    def _turn(self) -> None:
        for _ in range(3):
            self._app.processEvents()

    def _timed(self, deed: Callable[[], object]) -> float:
        began = time.perf_counter()
        deed()
        self._view.viewport().repaint()
        self._turn()
        return 1000 * (time.perf_counter() - began)

    # ------------------------------------------------------------ work
    def _operate(self) -> None:
        streets = sorted({self._proxy.index(n, self._street).data() for n in range(50)})
        self._proxy.setFilterKeyColumn(self._street)
        filters = ["" if n % 2 else streets[n // 2 % len(streets)] for n in range(2 * ROUNDS)]
        self.figures["filter"] = [self._timed(lambda f=f: self._proxy.setFilterFixedString(f)) for f in filters]
        columns = [self._left if n % 2 else self._street for n in range(2 * ROUNDS)]
        self.figures["sort"] = [self._timed(lambda c=c: self._proxy.sort(c)) for c in columns]
        self._proxy.sort(self._left)
        self._burst()

    def _burst(self) -> None:
        from PySide6.QtCore import QEventLoop, QTimer

        from tests.bench.desk_burst import Burst
        from tests.bench.event_loop import StallWatch

        burst, loop, timer = Burst(self._spec), QEventLoop(), QTimer()
        self._session.feed.start(self._on_batch, lambda _state: None, lambda: None)
        burst.start()
        ends: list[float] = []

        def beat() -> None:
            self._merge()
            if burst.ended() and not ends:
                ends.append(time.monotonic())
            if ends and time.monotonic() - ends[0] > 1.0:
                loop.quit()

        timer.timeout.connect(beat)
        timer.start(100)
        with StallWatch() as watch:
            loop.exec()
        self.figures |= {"burst_stall_ms": max(watch.pauses), "burst_stall_cpu_ms": max(watch.worked),
                         "burst_per_s": burst.rate()}  # fmt: skip

    def _on_batch(self, batch: Any) -> None:
        with self._lock:
            self._wanted.update(batch.cases)

    def _merge(self) -> None:
        """What changed is read on this thread, as such a desk does, and set cell by cell."""
        with self._lock:
            ids, self._wanted = list(self._wanted), set()
        for row in self._session.queries.cases(ids):
            known = self._items.get(row.id)
            if row.state != "filed" and known is not None:
                self._model.removeRow(self._items.pop(row.id)[0].row())
            elif known is None:
                self._model.appendRow(self._made(row))
            else:
                for item, column in zip(known, self._columns, strict=True):
                    item.setText(self._text(column, row))
                known[self._left].setData(row.deadline or 1e11, self._role)


if __name__ == "__main__":
    print(json.dumps(main(Spec(**json.loads(sys.argv[1])))))
