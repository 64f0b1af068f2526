"""Where a sample city's cameras are: `demo://NAME/STREAM` is served on this machine while the program runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from commandcenter.domain.errors import ServerUnavailable
from commandcenter.domain.video import StreamAddress

PORT_FILE = "cameras.port"
_SCHEME = "demo://"


def local_address(address: StreamAddress, home: Path) -> StreamAddress:
    """The address as a decoder needs it; those of real cameras are left as they are.

    Raises ServerUnavailable when the sample cameras' server does not run, or not yet.
    """
    if not address.url.startswith(_SCHEME):
        return address
    try:
        port = int((home / PORT_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        raise ServerUnavailable("示例摄像机未在本机运行，稍后自动重连") from None
    return replace(address, url=f"rtsp://127.0.0.1:{port}/{address.url.removeprefix(_SCHEME)}")
