"""The line to a program's probe (ADR 040): a question, an answer."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

_LONGEST_S = 20.0


class ProbeLine:
    """Connects at the first question that somebody listens to."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._line: socket.socket | None = None

    def ask(self, question: str, **more: object) -> Any:
        """The probe's answer, None while there is no probe."""
        try:
            line = self._line = self._line or self._connected()
            line.sendall((json.dumps({"ask": question, **more}) + "\n").encode())
            told = json.loads(_line_from(line))
        except (FileNotFoundError, ConnectionError):
            return None
        assert "error" not in told, told
        return told

    def close(self) -> None:
        """Ask no more."""
        if self._line is not None:
            self._line.close()

    def _connected(self) -> socket.socket:
        line = socket.socket(socket.AF_UNIX)
        try:
            line.settimeout(_LONGEST_S)
            line.connect(os.fspath(self._path))
        except OSError:
            line.close()
            raise
        return line


def _line_from(line: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\n"):
        part = line.recv(65_536)
        if not part:
            raise ConnectionResetError
        received += part
    return received.decode()
