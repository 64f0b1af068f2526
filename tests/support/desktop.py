"""A screen of one's own with a real mouse and keyboard: Xvfb and xdotool."""

import ctypes
import os
import struct
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from PySide6.QtGui import QImage

T = TypeVar("T")

POLL_S = 0.03
PATIENCE_S = 90.0  # costs nothing where all is well; with twelve busy programs beside it a form took 50 s to come
SIZE = (1920, 1080)
_KEY_DELAY_MS = "12"
_AGAIN_S = 2.0
_LOOKS = 10  # a program that has answered so often has seen the mouse and the keys, too
_XWD_WORDS = 25  # of the header of an X window dump, big-endian


def until(
    condition: Callable[[], T], seconds: float = PATIENCE_S, what: Callable[[], str] = lambda: "",
    again: Callable[[], object] | None = None,
) -> T:  # fmt: skip
    """Look again and again until the condition gives something true, and give that; AssertionError after `seconds`.

    `again` does once more what should have brought it about, whenever nothing came of it for a while: a person clicks
    again, too. Only for what does no harm when done twice.
    """
    give_up = time.monotonic() + seconds
    tried, looks = time.monotonic(), 0
    while not (found := condition()):
        assert time.monotonic() < give_up, f"not within {seconds} s: {what()}"
        looks += 1
        if again is not None and looks >= _LOOKS and time.monotonic() - tried >= _AGAIN_S:
            again()
            tried, looks = time.monotonic(), 0
        time.sleep(POLL_S)
    return found


def covers(above: Sequence[int], below: Sequence[int]) -> bool:
    """Whether a click on the middle of the one below would meet the other."""
    x, y = middle(below)
    return above[0] <= x < above[0] + above[2] and above[1] <= y < above[1] + above[3]


def middle(rect: Sequence[int]) -> tuple[int, int]:
    """The centre of [x, y, width, height]."""
    return rect[0] + rect[2] // 2, rect[1] + rect[3] // 2


class Desktop:
    """One Xvfb; `folder` receives its picture. `name` is what DISPLAY must say."""

    def __init__(self, folder: Path, size: tuple[int, int] = SIZE) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        reader, writer = os.pipe()
        words = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{size[0]}x{size[1]}x24", "-noreset",
                 "-nolisten", "tcp", "-fbdir", str(folder)]  # fmt: skip
        self._server = subprocess.Popen(
            words, pass_fds=[writer], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(writer)
        with os.fdopen(reader) as told:
            self.name = f":{int(told.readline())}"

    def close(self) -> None:
        """End the server, and with it every program that still shows a window on it."""
        self._server.terminate()
        self._server.wait(timeout=10)

    # ------------------------------------------------------------ mouse and keyboard
    def do(self, *words: object) -> None:
        """One xdotool command line."""
        environment = {**os.environ, "DISPLAY": self.name}
        subprocess.run(["xdotool", *map(str, words)], check=True, env=environment, timeout=30)

    def move(self, x: int, y: int) -> None:
        """The pointer, at once."""
        self.do("mousemove", x, y)

    def click(self, rect: Sequence[int], held: str = "") -> None:
        """The left button in the middle of a rectangle, while a key (shift, ctrl) is held down if one is named."""
        press = ("mousemove", *middle(rect), "click", 1)
        self.do(*(("keydown", held, *press, "keyup", held) if held else press))

    def wheel(self, rect: Sequence[int], notches: int) -> None:
        """Turn the wheel over it, away from the hand (up) if positive."""
        self.do("mousemove", *middle(rect), "click", "--repeat", abs(notches), 4 if notches > 0 else 5)

    def press(self, rect: Sequence[int]) -> None:
        """Take hold of what lies there: the button goes down and stays down."""
        self.do("mousemove", *middle(rect), "mousedown", 1)

    def drag_to(self, rect: Sequence[int], steps: int = 10) -> None:
        """Move the held button there as a hand does, through all that lies between."""
        x0, y0 = self._pointer()
        x1, y1 = middle(rect)
        words: list[object] = []
        for step in range(1, steps + 1):
            words += ["mousemove", x0 + (x1 - x0) * step // steps, y0 + (y1 - y0) * step // steps]
        self.do(*words)

    def nudge(self) -> None:
        """A pixel to and fro: hands are never quite still."""
        self.do("mousemove_relative", "--", 1, 0, "mousemove_relative", "--", -1, 0)

    def release(self) -> None:
        """Let go."""
        self.do("mouseup", 1)

    def key(self, *keys: str) -> None:
        """Press keys by their X names: ctrl+z, Return, 1."""
        self.do("key", "--delay", _KEY_DELAY_MS, *keys)

    def type(self, text: str) -> None:
        """Type as a person does."""
        self.do("type", "--delay", _KEY_DELAY_MS, "--", text)

    def _pointer(self) -> tuple[int, int]:
        told = subprocess.run(["xdotool", "getmouselocation", "--shell"], check=True, capture_output=True, text=True,
                              env={**os.environ, "DISPLAY": self.name}, timeout=30).stdout  # fmt: skip
        found = dict(line.split("=", 1) for line in told.split())
        return int(found["X"]), int(found["Y"])

    # ------------------------------------------------------------ windows
    def focus(self, window: int) -> None:
        """Give a window the keyboard; in vain while it is not yet shown."""
        environment = {**os.environ, "DISPLAY": self.name}
        subprocess.run(["xdotool", "windowfocus", str(window)], env=environment, timeout=30, stderr=subprocess.DEVNULL)

    def ask_to_close(self, window: int) -> None:
        """What the × of a window's frame does: WM_DELETE_WINDOW. There is no window manager here to send it."""
        x11 = ctypes.CDLL("libX11.so.6")
        x11.XOpenDisplay.restype = ctypes.c_void_p
        x11.XInternAtom.restype = ctypes.c_ulong
        display = ctypes.c_void_p(x11.XOpenDisplay(self.name.encode()))
        protocols, delete = (x11.XInternAtom(display, word, 0) for word in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
        event = _ClientMessage(33, 0, 1, display, window, protocols, 32, (ctypes.c_long * 5)(delete, 0))
        x11.XSendEvent(display, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(event))
        x11.XCloseDisplay(display)

    # ------------------------------------------------------------ looking
    def picture(self, file: Path) -> Path:
        """What the screen shows now, as PNG."""
        raw = (self._folder / "Xvfb_screen0").read_bytes()
        header = struct.unpack_from(f">{_XWD_WORDS}I", raw)
        begin, width, height, line = header[0] + 12 * header[19], header[4], header[5], header[12]
        rows = np.frombuffer(raw, np.uint8, height * line, begin)
        image = QImage(rows.tobytes(), width, height, line, QImage.Format.Format_RGB32)
        assert image.save(str(file))
        return file


class _ClientMessage(ctypes.Structure):
    """XClientMessageEvent, padded to the size of XEvent."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("padding", ctypes.c_long * 12),
    )
