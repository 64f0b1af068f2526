"""Decoding in the graphics hardware where a device opens, and in software where none does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache

import av
from av.codec import Codec
from av.codec.hwaccel import HWAccel, hwdevices_available

_BY_SYSTEM = {
    "win32": ("d3d11va", "cuda", "qsv", "dxva2"),
    "darwin": ("videotoolbox",),
}
_ELSEWHERE = ("vaapi", "cuda", "qsv")
Opener = Callable[[str], HWAccel]


def _open_device(name: str) -> HWAccel:
    """Open the device for H.264, the codec that all of them know. Raises what libav says when it does not open."""
    HWAccel(name).create(Codec("h264", "r"))
    return HWAccel(name, allow_software_fallback=True)


def first_device(names: tuple[str, ...], there: list[str], opener: Opener) -> HWAccel | None:
    """The first of these that libav knows and that opens."""
    for name in names:
        if name in there:
            try:
                return opener(name)
            except (av.FFmpegError, NotImplementedError, RuntimeError, ValueError, OSError):
                continue
    return None


@cache
def device() -> HWAccel | None:
    """This process's device; asked for once, because a missing driver takes its time to say so."""
    return first_device(_BY_SYSTEM.get(sys.platform, _ELSEWHERE), hwdevices_available(), _open_device)
