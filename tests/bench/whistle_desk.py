"""The whole window of a called unit's clerk, offscreen: when its reminder stood on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from tests.bench.feed_desk import PATIENCE_S, serve_window, until
from tests.bench.feed_listeners import Heard
from tests.bench.processes import Processes
from tests.support.town import Town

if TYPE_CHECKING:
    from commandcenter.domain.notices import Notice
    from ui.app.window import MainWindow

LOGIN = "t_cg"


class NoticeDesk(Processes):
    """One window; use as a context manager."""

    def __init__(self, town: Town) -> None:
        super().__init__(_serve, [(town.url,)])

    def harvest(self, wanted: frozenset[int]) -> Heard:
        """Summons whose reminder was painted since the last harvest, and when: when all `wanted` were, or patience
        ends."""
        (painted,) = self.order(wanted)
        return painted


def _serve(orders: Connection, url: str) -> None:
    serve_window(orders, url, LOGIN, _answer_orders)


async def _answer_orders(orders: Connection, window: MainWindow) -> None:
    from tests.bench.feed_paints import Paints

    reminders = window.place.reminders
    await until(lambda: window.desk.complete and reminders.ready, PATIENCE_S)
    paints = Paints(window.bar.bell)  # counts each new one; beside it comes a toast

    def on_arrived(notices: Sequence[Notice]) -> None:
        paints.expect(notice.entity_id for notice in notices if notice.entity_id is not None)

    reminders.arrived.connect(on_arrived)
    orders.send([])
    while (wanted := await asyncio.to_thread(orders.recv)) is not None:
        await until(lambda w=wanted: w <= paints.known(), PATIENCE_S)
        orders.send(paints.give())
