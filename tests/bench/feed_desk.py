"""A whole desk, offscreen, in a process of its own: when its table's model knew of a change and when it was painted."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
import traceback
from collections.abc import Awaitable, Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.feed_listeners import Heard
from tests.support.town import Town
from tests.support.town_profile import password_of

if TYPE_CHECKING:
    from commandcenter.live.picture import PictureChange
    from ui.app.window import MainWindow

Answering = Callable[[Connection, "MainWindow"], Awaitable[None]]

LOGIN = "t_dispatcher2"
SIZE = (1600, 900)
PATIENCE_S = 60.0
_LOOK_S = 0.02


class Desk:
    """The desk of a dispatcher; use as a context manager. Raises RuntimeError with what the desk raised."""

    def __init__(self, town: Town) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, town.url), daemon=True)

    def __enter__(self) -> Desk:
        self._process.start()
        self.order: list[int] = self._answer()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.is_alive():
            self._pipe.send(None)
        self._process.join(timeout=20)

    def harvest(self, wanted: frozenset[int]) -> tuple[Heard, Heard]:
        """(in the model, painted) since the last harvest: when all `wanted` are painted, or patience ends.

        `order` is the queue from the top as it stands then.
        """
        self._pipe.send(wanted)
        known, painted, self.order = self._answer()
        return known, painted

    def _answer(self) -> Any:
        answer = self._pipe.recv()
        if isinstance(answer, str):
            raise RuntimeError(answer)
        return answer


def _serve(orders: Connection, url: str) -> None:
    serve_window(orders, url, LOGIN, _answer_orders)


def serve_window(orders: Connection, url: str, login: str, answer_orders: Answering) -> None:
    """A person's whole window in this process; `answer_orders` answers once when it is ready, then each order."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        errors: list[BaseException] = []
        _run(orders, url, login, answer_orders, errors.append)
        if errors:
            raise errors[0]
    except Exception:  # noqa: BLE001 - raised again in the process that waits for the answer
        orders.send(traceback.format_exc())


def _run(
    orders: Connection, url: str, login: str, answer_orders: Answering, report: Callable[[BaseException], None]
) -> None:
    from PySide6.QtWidgets import QApplication

    from db.gateways.session import PgSession
    from ui.app.looks import Looks
    from ui.app.preferences import Preferences
    from ui.app.window import MainWindow
    from ui.bridge.event_loop import run_to_end
    from ui.screens.workplace import Workplace
    from widgets.fonts import install_fonts
    from widgets.theme import apply_theme, load_theme

    app = QApplication(["commandcenter"])
    install_fonts()
    apply_theme(app, load_theme("dark"))

    async def work() -> int:
        with tempfile.TemporaryDirectory() as folder:
            place = Workplace(PgSession(url, login, password_of(login)), Path(folder))
            preferences = Preferences(Path(folder))
            window = MainWindow(place, Looks(app, preferences), preferences)
            window.resize(*SIZE)
            window.show_screen("dispatch")
            window.show()
            place.live.begin()
            try:
                await answer_orders(orders, window)
            finally:
                window.close()
                await place.close()
        return 0

    run_to_end(app, work(), report)


async def _answer_orders(orders: Connection, window: MainWindow) -> None:
    from tests.bench.feed_paints import Paints

    desk = window.desk
    await until(lambda: desk.complete, PATIENCE_S)
    paints = Paints(desk.queue.table.viewport())
    model_changes: Heard = []

    def on_changed(change: PictureChange) -> None:
        # The queue's own slot is older and has run: its model has it.
        now = time.perf_counter()
        ids = [row.id for row in change.upserted] + list(change.removed)
        model_changes.extend((case_id, now) for case_id in ids)
        paints.expect(ids)

    desk.place.live.changed.connect(on_changed)
    orders.send(desk.queue.rows.model.keys())
    while (wanted := await asyncio.to_thread(orders.recv)) is not None:
        await until(lambda w=wanted: w <= paints.known(), PATIENCE_S)
        orders.send((list(model_changes), paints.give(), desk.queue.rows.model.keys()))
        model_changes.clear()


async def until(condition: Callable[[], bool], patience: float) -> None:
    """Let the loop run until the condition holds, or patience (s) ends."""
    end = time.monotonic() + patience
    while not condition() and time.monotonic() < end:
        await asyncio.sleep(_LOOK_S)
