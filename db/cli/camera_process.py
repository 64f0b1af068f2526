"""The sample city's cameras as a process of its own: nothing that shows pictures may take the desk's time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from commandcenter.video.demo.resolve import PORT_FILE

_PROGRAM = Path(__file__).resolve().parents[2]
_PATIENCE_S = 5


class CameraProcess:
    """Runs until stopped; it ends by itself when the program that started it is gone, as its input ends then."""

    def __init__(self, home: Path) -> None:
        words = [sys.executable, "-m", "commandcenter.video.demo", str(home), "--city"]
        words += ["--port-file", str(home / PORT_FILE)]
        with (home / "cameras.log").open("w", encoding="utf-8") as output:
            self._process = subprocess.Popen(
                words, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT, cwd=_PROGRAM
            )

    @property
    def pid(self) -> int:
        """Of the server."""
        return self._process.pid

    def stop(self) -> None:
        """Cut all listeners off."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
