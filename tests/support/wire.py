"""A line to PostgreSQL that a test can cut, silence, hold back or make forgetful, message by message.

A proxy, on the loopback unless told otherwise. It knows as much of the protocol as it needs: where a message ends, and
what kind it is.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from enum import Enum

from sqlalchemy import URL

from db.engine import normalised

NOTIFICATION = b"A"
_SSL_REQUEST, _GSS_REQUEST = 80877103, 80877104


class Fault(Enum):
    """What happens to the query that a test waits for."""

    BEFORE = "the line breaks before the server has it"
    UNDER_WAY = "the server has it and goes on; the client's side breaks at once"
    ANSWERED = "the server has answered; the answer is lost with the line"
    SWALLOWED = "the query is taken and never answered, and nothing else on this line"
    HELD = "the line breaks for the client; the query reaches the server when `release` is called"


class Wire:
    """Listens on a port of its own and passes everything on to one server; a context that closes all."""

    def __init__(self, url: str | URL, host: str = "127.0.0.1") -> None:
        self._server, self._host = normalised(url), host
        self._listener = socket.create_server((host, 0))
        self._silent = threading.Event()
        self._released = threading.Event()
        self._over = threading.Event()
        self._lines: list[_Line] = []
        self._lock = threading.Lock()
        self._orders: list[tuple[bytes, Fault]] = []
        self.dropped: frozenset[bytes] = frozenset()  # kinds of the server's messages that are lost
        self.on_answer: Callable[[bytes], None] | None = None  # told each of the server's messages before it is passed
        self.met = threading.Event()  # an order was carried out
        threading.Thread(target=self._accept, name="wire", daemon=True).start()

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self._released.set()
        self._over.set()
        self.cut()

    def through(self, url: str | URL) -> str:
        """The same address by way of this line."""
        port = self._listener.getsockname()[1]
        return normalised(url).set(host=self._host, port=port).render_as_string(hide_password=False)

    # ------------------------------------------------------------ faults
    def order(self, words: bytes, fault: Fault) -> None:
        """The next query that holds these words meets the fault; once."""
        self.met.clear()
        with self._lock:
            self._orders.append((words, fault))

    def cut(self) -> None:
        """Break every line there is; new ones are taken."""
        with self._lock:
            lines, self._lines = self._lines, []
        for line in lines:
            line.close()

    def silence(self) -> None:
        """From now on every byte is taken and none passed on: nobody notices by TCP."""
        self._silent.set()

    def speak(self) -> None:
        """New lines work again; those that were silenced have lost what they took and break."""
        self._silent.clear()
        self.cut()

    def release(self) -> None:
        """Let queries that were held reach the server."""
        self._released.set()

    # ------------------------------------------------------------ inside
    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection((self._server.host or "127.0.0.1", self._server.port or 5432), 10)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            for end in (client, server):  # or each short message waits 40 ms for the one before it
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line = _Line(self, client, server)
            with self._lock:
                self._lines.append(line)
            line.start()

    def fault_for(self, message: bytes) -> Fault | None:
        """The order that this query meets, if any; taken off the list."""
        with self._lock:
            for order in self._orders:
                if order[0] in message:
                    self._orders.remove(order)
                    return order[1]
        return None

    @property
    def silent(self) -> bool:
        """Whether bytes vanish."""
        return self._silent.is_set()

    def wait_for_release(self) -> None:
        """Until `release`."""
        self._released.wait()

    def wait_for_end(self) -> None:
        """Until the wire is taken away."""
        self._over.wait()


class _Line:
    """One connection: two threads, one for each direction."""

    def __init__(self, wire: Wire, client: socket.socket, server: socket.socket) -> None:
        self._wire, self._client, self._server = wire, client, server
        self._lose_answer = False

    def start(self) -> None:
        for work in (self._from_client, self._from_server):
            threading.Thread(target=self._run, args=(work,), name="wire", daemon=True).start()

    def close(self) -> None:
        for side in (self._client, self._server):
            _shut(side)

    def _run(self, work: Callable[[], None]) -> None:
        try:
            with suppress(OSError, EOFError):
                work()
        finally:
            self.close()

    def _from_client(self) -> None:
        for message in _opening(self._client):
            self._server.sendall(message)
        for message in _messages(self._client):
            if self._wire.silent:
                continue
            fault = self._wire.fault_for(message) if message[:1] in (b"Q", b"P") else None
            if fault is None:
                self._server.sendall(message)
            else:
                self._meet(fault, message)

    def _meet(self, fault: Fault, message: bytes) -> None:
        if fault is Fault.ANSWERED:
            self._lose_answer = True
            self._server.sendall(message)
            return
        if fault is Fault.SWALLOWED:
            self._wire.met.set()
            self._wire.wait_for_end()
            return
        if fault is Fault.UNDER_WAY:
            self._server.sendall(message)
        self._wire.met.set()
        _shut(self._client)
        if fault is Fault.HELD:
            self._wire.wait_for_release()
            self._server.sendall(message)
        if fault is not Fault.BEFORE:  # the server goes on and does not know: its line stays open
            self._wire.wait_for_end()

    def _from_server(self) -> None:
        for message in _messages(self._server, answers=True):
            if self._wire.on_answer is not None:
                self._wire.on_answer(message)
            if self._lose_answer:
                if message[:1] == b"Z":  # ready for the next query: this one is done
                    self._wire.met.set()
                    _shut(self._client)
                    return
            elif not self._wire.silent and message[:1] not in self._wire.dropped:
                with suppress(OSError):  # a client that is gone: what the server says is still told to `on_answer`
                    self._client.sendall(message)


def _shut(side: socket.socket) -> None:
    with suppress(OSError):
        side.shutdown(socket.SHUT_RDWR)
    side.close()


def _exactly(side: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        part = side.recv(min(65_536, count - len(found)))
        if not part:
            raise EOFError
        found += part
    return found


def _opening(client: socket.socket) -> Iterator[bytes]:
    """What comes before the first typed message: requests for encryption, which the server answers by one byte."""
    while True:
        head = _exactly(client, 4)
        body = _exactly(client, struct.unpack("!I", head)[0] - 4)
        yield head + body
        if len(body) != 4 or struct.unpack("!I", body)[0] not in (_SSL_REQUEST, _GSS_REQUEST):
            return


def _messages(side: socket.socket, answers: bool = False) -> Iterator[bytes]:
    """Whole messages: kind, length, body."""
    fresh = answers
    while True:
        kind = _exactly(side, 1)
        if fresh and kind in b"NS":  # no encryption here; 'S' would be a parameter, which never comes first
            yield kind
            continue
        fresh = False
        head = _exactly(side, 4)
        yield kind + head + _exactly(side, struct.unpack("!I", head)[0] - 4)
