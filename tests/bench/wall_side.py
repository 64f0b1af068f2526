"""One side of the bench `wall`: a program that says when it is drawn, then answers orders, a line of JSON each."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import Any, Self

import psutil

PATIENCE_S = 300.0
ROOT = Path(__file__).resolve().parents[2]


class SideFailed(RuntimeError):
    """The side has ended or does not answer; the text ends with what it said last."""


class Side:
    """`pid` is the program's that draws: for a browser the browser's, not the one's that gives it orders. As a context
    manager. `started_ms`: until everything was on the screen, from the program's first breath."""

    def __init__(self, command: Sequence[str], display: str, said: Path) -> None:
        self._began, self._said, self.pid = time.perf_counter(), said, 0
        with said.open("wb") as errors:
            self._process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
                env={**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
            )
        try:
            ready = self._answer()
        except BaseException:
            self.close()
            raise
        own = 1000 * (time.perf_counter() - self._began)
        self.started_ms = float(ready.get("ms") or own)
        self.pid = int(ready.get("pid") or self._process.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def order(self, what: str, **how: Any) -> dict[str, Any]:
        """The answer to an order; raises SideFailed."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **how}) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def timed(self, what: str, **how: Any) -> list[float]:
        """Milliseconds of each step of an order."""
        return [float(value) for value in self.order(what, **how)["ms"]]

    def used_s(self) -> float:
        """Processor seconds of the program and its children so far."""
        return sum(times.user + times.system for times in (one.cpu_times() for one in self._tree()))

    def memory_mb(self) -> float:
        """Of the program and its children; what they share is counted once."""
        return sum(float(one.memory_full_info().pss) for one in self._tree()) / 1e6

    def close(self) -> None:
        """End it, and its children with it."""
        tree = [*self._tree(self._process.pid), *(self._tree(self.pid) if self.pid else ())]
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for one in tree:
            with suppress(psutil.NoSuchProcess):
                one.kill()

    def _tree(self, pid: int | None = None) -> list[psutil.Process]:
        try:
            first = psutil.Process(self.pid if pid is None else pid)
            return [first, *first.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        watchdog = Timer(PATIENCE_S, self._process.kill)
        watchdog.start()
        line = self._process.stdout.readline()
        watchdog.cancel()
        answer: dict[str, Any] = json.loads(line) if line.startswith("{") else {"error": line}
        if "error" in answer:
            said = self._said.read_text("utf-8", "replace")[-2000:]
            raise SideFailed(f"{' '.join(self._process.args[:4])}: {answer['error']} {said}")
        return answer
