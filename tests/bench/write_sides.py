"""The same two transactions two ways: through the service layer, and cc.act by bare psycopg2."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from typing import Any, Protocol

import psycopg2

from commandcenter.domain.model import CaseRow, Directory
from commandcenter.services.commands import Performer
from commandcenter.services.dispatch import DispatchService
from db.engine import dsn, with_login
from db.gateways.session import PgSession
from tests.support.town_profile import password_of

LOGINS = ("t_dispatcher", "t_dispatcher2")  # both see and dispatch the whole district
_ACT = "select cc.act(%s::uuid, %s, %s, %s, %s::jsonb)"


class Side(Protocol):
    """One session that dispatches a case and takes the dispatch back, over and over."""

    def pair(self) -> None:
        """One dispatch, one undo: two transactions."""

    def close(self) -> None:
        """End the connections."""


def _login(number: int) -> str:
    return LOGINS[number % len(LOGINS)]


class ServiceSide:
    """As the desk does it: DispatchService over PgSession."""

    def __init__(
        self, url: str, number: int, cases: list[CaseRow], unit: int, directory: Directory | None = None
    ) -> None:
        login = _login(number)
        self._session = PgSession(url, login, password_of(login), pool_size=1, directory=directory)
        self._service = DispatchService(Performer(self._session.commands))
        self._rows, self._turn, self._unit = list(cases), cycle(range(len(cases))), unit

    def pair(self) -> None:
        """Dispatch and undo by the service; raises the error that stopped either."""
        place = next(self._turn)
        row = self._rows[place]
        done = self._carried(self._service.dispatch([row], self._unit)[0])
        back = self._carried(self._service.undo([done])[0])
        self._rows[place] = replace(row, version=back.version)

    def _carried(self, outcome: Any) -> Any:
        if outcome.error is not None:
            raise outcome.error
        return outcome.done

    def close(self) -> None:
        """Log out."""
        self._session.close()


class CallSide:
    """The same function called through bare psycopg2: what the service layer and the pool cost is missing."""

    def __init__(self, url: str, number: int, cases: list[CaseRow], unit: int) -> None:
        login = _login(number)
        self._connection = psycopg2.connect(dsn(with_login(url, login, password_of(login))))
        self._connection.autocommit = True
        self._cursor = self._connection.cursor()
        self._versions = {row.id: row.version for row in cases}
        self._turn = cycle(self._versions)
        self._args = json.dumps({"unit_id": unit})

    def pair(self) -> None:
        """Dispatch and undo by two calls."""
        case_id = next(self._turn)
        version = self._act(case_id, self._versions[case_id], "dispatch", self._args)
        self._versions[case_id] = self._act(case_id, version, "undo_dispatch", "{}")

    def _act(self, case_id: int, version: int, action: str, args: str) -> int:
        self._cursor.execute(_ACT, (str(uuid.uuid4()), case_id, version, action, args))
        return self._cursor.fetchone()[0]["version"]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def shares(cases: list[CaseRow], each: int) -> Iterator[list[CaseRow]]:
    """The cases in shares of `each`, so that no two sessions meet at one."""
    for first in range(0, len(cases), each):
        yield cases[first : first + each]
