"""An RTSP/1.0 server (RFC 2326) on loopback: many cameras, many listeners, one clock."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from commandcenter.video.demo.behaviour import ALL, Behaviour, Mode
from commandcenter.video.demo.delivery import Delivery, InterleavedLine, TooSlow, UdpLine
from commandcenter.video.demo.reel import Reel
from commandcenter.video.demo.rtsp_words import METHODS, TRACK, Request, answer, description, read_request, transport_of

LOOPBACK = "127.0.0.1"
_SESSION_S = 60  # told to listeners, who then ask from time to time and so find out when we are gone
log = logging.getLogger(__name__)


class NotYet(Exception):
    """The camera exists, its pictures are still being made."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What a path shows. lead_s: how far it is ahead of the server's clock, so that cameras with one clip differ."""

    reel: Reel
    lead_s: float = 0.0


Find = Callable[[str], Feed | None]  # may raise NotYet


class RtspServer:
    """Shows what `find` knows. Every camera runs on whether anybody looks or not."""

    def __init__(self, find: Find) -> None:
        self.find, self.behaviour = find, Behaviour()
        self._began = 0.0
        self._port = 0
        self._listening: asyncio.Server | None = None
        self._connections: set[_Connection] = set()

    async def start(self, port: int = 0) -> int:
        """Listen; port 0 takes a free one. Returns the port. Raises OSError."""
        self._began = asyncio.get_running_loop().time()
        self._port = port
        await self._listen()
        return self._port

    async def close(self) -> None:
        """Cut everybody off."""
        await self._stop_listening()
        for connection in list(self._connections):
            connection.cut()

    async def order(self, words: list[str]) -> bool:
        """Behave as `Behaviour.order` says; False: not understood."""
        path = self.behaviour.order(words)
        if path is None:
            return False
        for connection in list(self._connections):
            if self.behaviour.mode(connection.path or ALL) is Mode.DOWN:
                connection.cut()
        if path == ALL:
            gone = self.behaviour.mode(ALL) is Mode.DOWN
            await (self._stop_listening() if gone else self._listen())
        return True

    def position(self, feed: Feed) -> float:
        """Which picture a camera shows now, in pictures since the server began."""
        return (asyncio.get_running_loop().time() - self._began + feed.lead_s) * float(feed.reel.fps)

    async def _listen(self) -> None:
        if self._listening is None:
            self._listening = await asyncio.start_server(self._serve, LOOPBACK, self._port)
            self._port = self._listening.sockets[0].getsockname()[1]

    async def _stop_listening(self) -> None:
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = _Connection(self, reader, writer)
        self._connections.add(connection)
        try:
            await connection.run()
        finally:
            self._connections.discard(connection)


class _Connection:
    """One client. It may look at one camera at a time."""

    def __init__(self, server: RtspServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self.path: str | None = None
        self._feed: Feed | None = None
        self._session = ""
        self._line: InterleavedLine | UdpLine | None = None
        self._delivery: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Answer until one of both ends it."""
        try:
            while (request := await read_request(self._reader)) is not None:
                if await self._answer(request):
                    break
                await self._writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            log.debug("a listener left")
        finally:
            self._pause()
            if self._line is not None:
                self._line.close()
            self._writer.close()

    def cut(self) -> None:
        """End it without a word."""
        self._pause()
        self._writer.transport.abort()

    async def _answer(self, request: Request) -> bool:
        """Answer one request; True when it was the last."""
        self.path = request.path
        mode, guard = self._server.behaviour.mode(request.path), self._server.behaviour.guard(request.path)
        if mode is Mode.MUTE:
            return False
        if request.method not in METHODS:
            self._say(request, 501, Public=", ".join(METHODS))
        elif request.method == "OPTIONS" and mode is not Mode.DOWN:
            self._say(request, 200, Public=", ".join(METHODS))
        elif mode is Mode.DOWN:
            self._say(request, 503)
        elif guard is not None and not guard.admits(request.method, request.headers.get("authorization", "")):
            self._say(request, 401, **{"WWW-Authenticate": guard.challenge()})
        elif mode is Mode.FORBID:
            self._say(request, 403)
        else:
            return await self._do(request)
        return False

    async def _do(self, request: Request) -> bool:
        match request.method:
            case "DESCRIBE":
                self._describe(request)
            case "SETUP":
                await self._set_up(request)
            case _ if request.headers.get("session", "").split(";")[0] != self._session:
                self._say(request, 454)
            case "PLAY":
                self._play(request)
            case "PAUSE":
                self._pause()
                self._say(request, 200)
            case "TEARDOWN":
                self._say(request, 200)
                return True
            case _:  # GET_PARAMETER keeps the session alive
                self._say(request, 200)
        return False

    def _find(self, request: Request) -> Feed | None:
        """What the path shows; says it when there is nothing."""
        try:
            feed = self._server.find(request.path)
        except NotYet:
            self._say(request, 503)
            return None
        if feed is None:
            self._say(request, 404)
        return feed

    def _describe(self, request: Request) -> None:
        if (feed := self._find(request)) is None:
            return
        media = (*feed.reel.format, f"a=framerate:{float(feed.reel.fps):g}")
        headers = {"Content-Base": request.url.rstrip("/") + "/", "Content-Type": "application/sdp"}
        self._say(request, 200, description(media), **headers)

    async def _set_up(self, request: Request) -> None:
        asked = transport_of(request.headers.get("transport", ""))
        if asked is None:
            self._say(request, 461)
            return
        if (feed := self._find(request)) is None:
            return
        self._pause()
        if self._line is not None:
            self._line.close()
        if asked.port is not None:
            self._line = line = await UdpLine.open(LOOPBACK, asked.port)
            ours = "-".join(map(str, line.ports))
            told = f"RTP/AVP/UDP;unicast;client_port={asked.port}-{asked.port + 1};server_port={ours}"
        else:
            channel = asked.channel or 0
            self._line = InterleavedLine(self._writer, channel)
            told = f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}"
        self._feed, self._session = feed, secrets.token_hex(8)
        self._say(request, 200, Transport=told, Session=f"{self._session};timeout={_SESSION_S}")

    def _play(self, request: Request) -> None:
        if self._feed is None or self._line is None:
            self._say(request, 454)
            return
        self._pause()
        feed, path, server = self._feed, request.path, self._server
        delivery = Delivery(feed.reel, self._line, lambda: server.position(feed), lambda: server.behaviour.mode(path))
        track = f"url={request.url.rstrip('/')}/{TRACK};seq={delivery.counter.sequence};rtptime={delivery.begins_at}"
        self._say(request, 200, Session=self._session, Range="npt=now-", **{"RTP-Info": track})
        self._delivery = asyncio.create_task(self._deliver(delivery))

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            await delivery.run()
        except TooSlow:
            log.info("a listener takes less than he is sent and was dropped")
            self._writer.transport.abort()

    def _pause(self) -> None:
        if self._delivery is not None:
            self._delivery.cancel()
            self._delivery = None

    def _say(self, request: Request, code: int, body: str = "", **headers: str) -> None:
        self._writer.write(answer(request, code, headers, body))
