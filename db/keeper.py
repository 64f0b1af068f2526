"""Keeps the embedded server up while a program of ours runs: one that died is started again, whatever killed it."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from db import embedded
from db.server_error import ServerError

EVERY_S = 3.0
log = logging.getLogger(__name__)


def keep_up(home: Path | None, stop: threading.Event, every_s: float = EVERY_S) -> None:
    """Look every few seconds until `stop` is set. A server that was stopped on purpose (`db stop`) stays down.

    A full disk, or whatever else keeps it from starting, is said once and tried again: it comes back when there is
    room again.
    """
    trouble = ""
    while not stop.wait(every_s):
        try:
            if not embedded.died(home):
                continue
            embedded.start(home)
            log.warning("数据库服务器意外退出，已重新启动")
            trouble = ""
        except ServerError as error:
            if error.message != trouble:
                log.warning("数据库服务器意外退出，暂时不能重新启动：%s", error.message)
            trouble = error.message
