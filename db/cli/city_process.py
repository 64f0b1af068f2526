"""The simulated city as a process of its own, so that its agents never take the desk's time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PARENT_VARIABLE = "COMMANDCENTER_PARENT"
MAIN = Path(__file__).resolve().parents[2] / "main.py"
_PATIENCE_S = 15


class CityProcess:
    """Runs `main.py simulate` until stopped; it ends by itself when the program that started it is gone."""

    def __init__(self, home: Path, database: str | None, history: float | None) -> None:
        words = [sys.executable, str(MAIN), "simulate"]
        words += ["--database", database] if database else []
        words += ["--history", str(history)] if history else []
        log = home / "simulator.log"
        with log.open("w", encoding="utf-8") as output:
            self._process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=_environment()
            )

    def stop(self) -> None:
        """Let the agents put down what they have in hand, then end."""
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _environment() -> Mapping[str, str]:
    return {**os.environ, PARENT_VARIABLE: str(os.getpid())}


def orphaned() -> bool:
    """Whether the program that started this one is gone."""
    parent = os.environ.get(PARENT_VARIABLE)
    return parent is not None and os.getppid() != int(parent)
