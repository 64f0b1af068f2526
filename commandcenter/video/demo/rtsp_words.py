"""What is said over RTSP/1.0 (RFC 2326): requests read, answers written, transports understood."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

METHODS = ("OPTIONS", "DESCRIBE", "SETUP", "PLAY", "PAUSE", "TEARDOWN", "GET_PARAMETER", "SET_PARAMETER")
TRACK = "track0"
_REASONS = {
    200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    454: "Session Not Found", 461: "Unsupported Transport", 501: "Not Implemented", 503: "Service Unavailable",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """headers: names in small letters. path: without slashes around it and without the track."""

    method: str
    url: str
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        words = unquote(urlsplit(self.url).path).strip("/").removesuffix(TRACK)
        return words.strip("/")

    @property
    def sequence(self) -> str:
        return self.headers.get("cseq", "")


@dataclass(frozen=True, slots=True)
class Transport:
    """Where the packets go. channel: over the same connection, interleaved; port: over UDP. The odd one is RTCP's."""

    channel: int | None = None
    port: int | None = None


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request, passing over interleaved packets of the client. None: it makes no sense.

    Raises asyncio.IncompleteReadError when the client is gone, LimitOverrunError when it never ends its lines.
    """
    while (first := await reader.readexactly(1)) == b"$":
        head = await reader.readexactly(3)
        await reader.readexactly(int.from_bytes(head[1:], "big"))
    text = (first + await reader.readuntil(b"\r\n\r\n")).decode("utf-8", "replace")
    line, *rest = text.strip().split("\r\n")
    pairs = (entry.split(":", 1) for entry in rest if ":" in entry)
    headers = {name.strip().lower(): value.strip() for name, value in pairs}
    if (length := headers.get("content-length", "0")).isdigit():
        await reader.readexactly(int(length))
    words = line.split(" ")
    if len(words) != 3 or not words[2].startswith("RTSP/"):
        return None
    return Request(words[0], words[1], headers)


def answer(request: Request, code: int, headers: Mapping[str, str] | None = None, body: str = "") -> bytes:
    """An answer as it goes over the line."""
    content = body.encode()
    said = {"CSeq": request.sequence, **(headers or {})}
    if content:
        said["Content-Length"] = str(len(content))
    lines = [f"RTSP/1.0 {code} {_REASONS[code]}", *(f"{name}: {value}" for name, value in said.items())]
    return "\r\n".join([*lines, "", ""]).encode() + content


def transport_of(header: str) -> Transport | None:
    """The first of the transports offered that is served; None if none is."""
    for offer in header.split(","):
        protocol, *words = offer.strip().split(";")
        values = dict(word.split("=", 1) for word in words if "=" in word)
        if "multicast" in words:
            continue
        if protocol.upper() == "RTP/AVP/TCP":
            return Transport(channel=_first(values.get("interleaved", "0")))
        if protocol.upper() in ("RTP/AVP", "RTP/AVP/UDP") and (port := _first(values.get("client_port", ""))):
            return Transport(port=port)
    return None


def _first(pair: str) -> int | None:
    number = pair.split("-", maxsplit=1)[0]
    return int(number) if number.isdigit() else None


def description(media: tuple[str, ...]) -> str:
    """SDP (RFC 4566) of one track of video."""
    lines = ("v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=camera", "c=IN IP4 0.0.0.0", "t=0 0", "a=control:*",
             "m=video 0 RTP/AVP 96", *media, f"a=control:{TRACK}", "")  # fmt: skip
    return "\r\n".join(lines)
