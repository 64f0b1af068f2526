"""Watches over an unattended wall: starts it again when it ends by a fault or hangs, longer and longer apart.

The wall beats: its GUI thread touches a file. What stands still for BEAT_LOST_S is killed. Exit code 0 is a wish.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

log = logging.getLogger(__name__)

CHILD = "COMMANDCENTER_WALL_CHILD"  # environment of the wall itself: the file of its beat
BEAT_MS = 2_000
BEAT_LOST_S = 90.0   # a slow machine's start, with Chinese fonts and a first load of everything, is shorter
_PAUSES_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
_WELL_S = 120.0      # who ran so long begins anew with the shortest pause
_LOOK_S = 0.2
_END_S = 15.0


class Watchdog:
    """run() ends with the wall's wish or by a signal. All times in seconds; a test gives its own."""

    def __init__(self, command: Sequence[str], beat: Path, pauses: Sequence[float] = _PAUSES_S,
                 lost: float = BEAT_LOST_S, well: float = _WELL_S, environment: Mapping[str, str] | None = None,
                 said: Callable[[str], None] | None = None) -> None:
        self._command, self._beat = list(command), beat
        self._pauses, self._lost, self._well = tuple(pauses), lost, well
        self._environment = dict(os.environ if environment is None else environment)
        self._said = said or _to_stderr
        self._stopped = False
        self.starts = 0
        self.child: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        """The exit code for whoever started it."""
        self._beat.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.stop())
        failed = 0
        while not self._stopped:
            began = time.monotonic()
            code = self._one_life()
            if code == 0 or self._stopped:
                return 0
            failed = 0 if time.monotonic() - began >= self._well else failed
            pause = self._pauses[min(failed, len(self._pauses) - 1)]
            failed += 1
            self._said(f"大屏意外退出（代码 {code}），{pause:g} 秒后重新启动")
            self._wait(pause)
        return 0

    def stop(self) -> None:
        """The wall ends orderly, and the watch with it."""
        self._stopped = True

    def _one_life(self) -> int:
        self._beat.touch()
        self.starts += 1
        self.child = subprocess.Popen(self._command, env={**self._environment, CHILD: str(self._beat)})
        while (code := self.child.poll()) is None:
            if self._stopped:
                return self._end()
            if self._silence() > self._lost:
                self._said(f"大屏超过 {self._lost:g} 秒没有响应，已结束")
                self.child.kill()
                return self.child.wait()
            time.sleep(_LOOK_S)
        return code

    def _end(self) -> int:
        assert self.child is not None
        self.child.terminate()
        try:
            return self.child.wait(_END_S)
        except subprocess.TimeoutExpired:
            self.child.kill()
            return self.child.wait()

    def _silence(self) -> float:
        """Since the last beat, by this machine's clock: a clock that was set back counts as a beat."""
        try:
            return time.time() - self._beat.stat().st_mtime
        except FileNotFoundError:
            self._beat.touch()
            return 0.0

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._stopped and time.monotonic() < until:
            time.sleep(min(_LOOK_S, seconds))


def _to_stderr(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def beat_file() -> Path | None:
    """Of this process, if somebody watches over it."""
    named = os.environ.get(CHILD)
    return Path(named) if named else None
