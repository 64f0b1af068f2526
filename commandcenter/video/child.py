"""A decoder's process from outside: started, spoken to, listened to, and ended in the background."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

from commandcenter.video import wire

ROOT = Path(__file__).resolve().parents[2]
MODULE = "commandcenter.video.worker"
GOOD_BYE_S = 1.5
# What a decoder needs of the desk's environment: it reads what strangers send, so it is given no secrets.
PASSED_ON = (
    "PATH", "HOME", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "TMPDIR", "TEMP", "TMP",
    "SYSTEMROOT", "WINDIR", "USERPROFILE", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "LIBVA_DRIVER_NAME",
    "LIBVA_DRIVERS_PATH", "CUDA_VISIBLE_DEVICES",
)  # fmt: skip
log = logging.getLogger(__name__)


class Child:
    """heard: called with every message and the bytes after it on a thread of the child, and with None at the end."""

    def __init__(self, heard: Callable[[Child, wire.Message | None, bytes], None]) -> None:
        self._heard = heard
        self._process = _start()
        self._incoming = cast(BinaryIO, self._process.stdout)
        self._outgoing = cast(BinaryIO, self._process.stdin)
        self.heard_at = time.monotonic()
        self.began = self.heard_at
        self.spoke = False
        threading.Thread(target=self._listen, name="slot ears", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def code(self) -> int | None:
        """With which it ended; -11 is SIGSEGV, 3 a codec that hung or took too much memory, 4 an error of ours."""
        return self._process.returncode

    def tell(self, message: wire.Message) -> None:
        """What cannot be told because it has died is passed over: its end is heard."""
        try:
            wire.write(self._outgoing, message)
        except (OSError, ValueError):
            log.debug("decoder %d is gone", self.pid)

    def kill(self) -> None:
        """At once; its end is heard."""
        self._process.kill()

    def end(self) -> None:
        """Ask it to go, and see to it. Blocks for a moment: not for the caller of a slot."""
        try:
            self._outgoing.close()
        except OSError:
            log.debug("decoder %d was gone", self.pid)
        try:
            self._process.wait(GOOD_BYE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _listen(self) -> None:
        try:
            while (message := wire.read(self._incoming)) is not None:
                content = self._incoming.read(message.get("length", 0))
                self.heard_at, self.spoke = time.monotonic(), True
                self._heard(self, message, content)
        except (OSError, ValueError):
            log.warning("decoder %d said what nobody understands", self.pid)
        self._process.kill()
        self._process.wait()
        self._incoming.close()
        self._heard(self, None, b"")


def _start() -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=environment | {"MALLOC_ARENA_MAX": "2"},
        creationflags=_windows_flag("CREATE_NO_WINDOW") | _windows_flag("BELOW_NORMAL_PRIORITY_CLASS"),
    )


def _windows_flag(name: str) -> int:
    """0 on other systems."""
    return int(getattr(subprocess, name, 0))
