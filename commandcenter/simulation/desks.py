"""Logged-in people: a limited number of open sessions, each used by one thread at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from commandcenter.ports import CaseQueries, OpenSession, Session
from commandcenter.services.commands import CaseActions, Performer

_PAUSES_S = (0.1, 0.3, 1.0)  # an agent does not ask for long what became of a command; it looks at the case later


class Desk:
    """One person at work through the services."""

    def __init__(self, session: Session, wait: Callable[[float], None]) -> None:
        self._session = session
        self.performer = Performer(session.commands, wait, _PAUSES_S)
        self.actions = CaseActions(self.performer)

    @property
    def queries(self) -> CaseQueries:
        """The asking side."""
        return self._session.queries

    @property
    def session(self) -> Session:
        """The login itself."""
        return self._session

    def close(self) -> None:
        """Log out."""
        self._session.close()


class Desks:
    """Opens sessions when needed and closes those unused longest beyond the limit. Raises what OpenSession raises."""

    def __init__(
        self,
        open_session: OpenSession,
        credentials: Mapping[str, str],
        most: int,
        wait: Callable[[float], None],
    ) -> None:
        self._open_session, self._credentials = open_session, credentials
        self._most, self._wait = most, wait
        self._lock = threading.Lock()
        self._busy: dict[str, threading.Lock] = {}
        self._idle: OrderedDict[str, Desk] = OrderedDict()

    @contextmanager
    def at(self, login: str) -> Iterator[Desk]:
        """The desk of a person, for this thread alone until the block ends."""
        with self._lock:
            mine = self._busy.setdefault(login, threading.Lock())
        with mine:
            with self._lock:
                desk = self._idle.pop(login, None)
            desk = desk or Desk(self._open_session(login, self._credentials[login]), self._wait)
            try:
                yield desk
            finally:
                self._put_back(login, desk)

    def keep(self, most: int) -> None:
        """Keep at most so many sessions open from now on."""
        with self._lock:
            self._most = most
        self._trim()

    def close(self) -> None:
        """Log everybody out who is not at work."""
        with self._lock:
            idle, self._idle = self._idle, OrderedDict()
        for desk in idle.values():
            desk.close()

    def _put_back(self, login: str, desk: Desk) -> None:
        with self._lock:
            self._idle[login] = desk
        self._trim()

    def _trim(self) -> None:
        with self._lock:
            extra = [self._idle.popitem(last=False)[1] for _ in range(len(self._idle) - self._most)]
        for unused in extra:
            unused.close()
