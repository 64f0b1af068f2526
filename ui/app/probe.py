"""Lets a test of the whole program find what is on its screen: read-only, for the same user, off unless asked for."""

from __future__ import annotations

import json
import logging
import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalSocket

    from ui.app.start import Program

log = logging.getLogger(__name__)

VARIABLE = "COMMANDCENTER_TEST_SOCKET"


def watched(program: Program) -> Program:
    """The program itself. Where COMMANDCENTER_TEST_SOCKET names a path, questions of ui.app.probe_answers are
    answered there: one JSON object a line each way."""
    if path := os.environ.get(VARIABLE):
        Probe(program, path, QCoreApplication.instance())
    return program


class Probe(QObject):
    """A socket that only its owner may open; nothing that arrives on it can act."""

    def __init__(self, program: Program, path: str, parent: QObject | None = None) -> None:
        from PySide6.QtNetwork import QLocalServer

        super().__init__(parent)
        self._program = program
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._take_in)
        if not self._server.listen(path):
            log.warning("no probe at %s: %s", path, self._server.errorString())

    def _take_in(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda s=socket: self._reply(s))
            socket.disconnected.connect(socket.deleteLater)

    def _reply(self, socket: QLocalSocket) -> None:
        while socket.canReadLine():
            socket.write((self._answer(bytes(socket.readLine().data())) + "\n").encode())

    def _answer(self, line: bytes) -> str:
        from ui.app.probe_answers import QUESTIONS

        try:
            asked = json.loads(line)
            told = QUESTIONS[asked["ask"]](self._program, asked)
        except (ValueError, TypeError, KeyError) as error:
            told = {"error": repr(error)}
        return json.dumps(told, ensure_ascii=False, default=str)
