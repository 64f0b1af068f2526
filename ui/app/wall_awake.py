"""Keeps a wall's monitors lit: no screensaver, no power saving, as long as the wall is open.

The desktop is asked (org.freedesktop.ScreenSaver, https://specifications.freedesktop.org/idle-inhibit-spec), and the X
server itself (XScreenSaverSuspend of libXss, which also holds DPMS; the timer is also put back every half minute).
Windows: SetThreadExecutionState. Whoever is not there is passed over; all of them let go when the process ends.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import logging
import os
import sys
from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QTimer

log = logging.getLogger(__name__)
_AGAIN_MS = 30_000
_SERVICE, _PATH = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"
_CONNECTION, _PATIENCE_MS = "commandcenter-wall", 2000
_NAME, _REASON = "一屏观天下", "大屏正在显示"
_CONTINUOUS, _SYSTEM, _DISPLAY = 0x80000000, 0x00000001, 0x00000002


class Wakener(Protocol):
    """One way to keep a monitor lit."""

    def begin(self) -> bool:
        """Whether it works here."""

    def again(self) -> None:
        """Half a minute has passed."""

    def end(self) -> None:
        """Let go."""


class Awake(QObject):
    """begin() and end() may be called as often as one likes."""

    def __init__(self, parent: QObject | None = None, ways: Sequence[Callable[[], Wakener]] | None = None) -> None:
        super().__init__(parent)
        self._makers = tuple(ways if ways is not None else ways_here())
        self._held: list[Wakener] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(self._again)

    @property
    def ways(self) -> list[str]:
        """Which ways hold now."""
        return [type(way).__name__ for way in self._held]

    def begin(self) -> None:
        """Hold all monitors lit."""
        if self._timer.isActive():
            return
        self._held = [way for way in (make() for make in self._makers) if way.begin()]
        self._timer.start()
        if not self._held:
            log.warning("nobody here can keep the monitors lit: switch screensaver and power saving off in the system")

    def end(self) -> None:
        """The system may do again what it likes."""
        self._timer.stop()
        for way in self._held:
            way.end()
        self._held = []

    def _again(self) -> None:
        for way in self._held:
            way.again()


def ways_here() -> list[Callable[[], Wakener]]:
    """What this system offers."""
    if sys.platform == "win32":
        return [WindowsPower]
    if sys.platform.startswith("linux"):
        return [DesktopInhibition, *([XSuspension] if os.environ.get("DISPLAY") else [])]
    return []


class DesktopInhibition:
    """GNOME, KDE, UKUI, DDE and others by D-Bus, on a connection of its own: the desktop lets go when that ends."""

    def __init__(self) -> None:
        self._held = False

    def begin(self) -> bool:
        """False where there is no session bus or no such service."""
        from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage

        bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, _CONNECTION)
        if not bus.isConnected():
            return False
        message = QDBusMessage.createMethodCall(_SERVICE, _PATH, _SERVICE, "Inhibit")
        message.setArguments([_NAME, _REASON])
        answer = bus.call(message, QDBus.CallMode.Block, _PATIENCE_MS)
        self._held = answer.type() == QDBusMessage.MessageType.ReplyMessage
        if not self._held:
            self._leave()
        return self._held

    def again(self) -> None:
        """It holds."""

    def end(self) -> None:
        """Hang up."""
        if self._held:
            self._held = False
            self._leave()

    def _leave(self) -> None:
        from PySide6.QtDBus import QDBusConnection

        QDBusConnection.disconnectFromBus(_CONNECTION)


class XSuspension:
    """The X server's own screensaver and DPMS; on a connection of its own, which the server lets go with it."""

    def __init__(self) -> None:
        self._display: int | None = None
        self._x11 = self._xss = None

    def begin(self) -> bool:
        """False where no X server can be reached."""
        self._x11 = _library("X11")
        if self._x11 is None:
            return False
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
        self._display = self._x11.XOpenDisplay(None)
        if not self._display:
            return False
        self._xss = _library("Xss")
        if self._xss is not None and not self._offers():
            self._xss = None
        if self._xss is not None:
            self._xss.XScreenSaverSuspend.argtypes = [ctypes.c_void_p, ctypes.c_int]
            self._xss.XScreenSaverSuspend(self._display, 1)
        self.again()
        return True

    def again(self) -> None:
        """Put the timer back where the server cannot be told to stop it."""
        if self._display and self._x11 is not None:
            self._x11.XResetScreenSaver(ctypes.c_void_p(self._display))
            self._x11.XFlush(ctypes.c_void_p(self._display))

    def end(self) -> None:
        """The connection ends, and what it asked for."""
        if self._display and self._x11 is not None:
            self._x11.XCloseDisplay(ctypes.c_void_p(self._display))
            self._display = None

    def _offers(self) -> bool:
        event, error = ctypes.c_int(), ctypes.c_int()
        ask = self._xss.XScreenSaverQueryExtension
        ask.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
        return bool(ask(self._display, ctypes.byref(event), ctypes.byref(error)))


def _library(name: str) -> ctypes.CDLL | None:
    found = ctypes.util.find_library(name)
    try:
        return ctypes.CDLL(found) if found else None
    except OSError as error:
        log.info("%s cannot be loaded: %s", name, error)
        return None


class WindowsPower:
    """The thread says that the display is needed; it belongs to the GUI's thread."""

    def begin(self) -> bool:
        """True on Windows."""
        return self._set(_CONTINUOUS | _SYSTEM | _DISPLAY)

    def again(self) -> None:
        """Once more costs nothing."""
        self.begin()

    def end(self) -> None:
        """As before."""
        self._set(_CONTINUOUS)

    def _set(self, state: int) -> bool:
        kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 only there
        return bool(kernel.SetThreadExecutionState(ctypes.c_uint(state)))
