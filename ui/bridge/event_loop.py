"""The asyncio loop on Qt's, and where its unexpected errors go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop


def run_to_end(app: QApplication, work: Coroutine[Any, Any, int], report: Callable[[BaseException], None]) -> int:
    """Run `work` on the application's loop until it is done; unexpected errors of other tasks go to `report`."""
    app.setQuitOnLastWindowClosed(False)  # the last window starts an orderly shutdown, it does not kill the tasks
    loop = QEventLoop(app)
    asyncio.set_event_loop(loop)
    loop.set_exception_handler(lambda _, context: report(_failure(context)))
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()
        asyncio.set_event_loop(None)


def _failure(context: dict[str, Any]) -> BaseException:
    return context.get("exception") or RuntimeError(context.get("message", "asyncio"))
