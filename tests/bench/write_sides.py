"""The same two transactions three ways: the service layer, cc.act by bare psycopg2, plain SQL without checks."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from typing import Any, Protocol

import psycopg2

from commandcenter.domain.model import CaseRow
from commandcenter.services.commands import Performer
from commandcenter.services.dispatch import DispatchService
from db.engine import dsn, with_login
from db.gateways.session import PgSession
from tests.support.town import Town
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

    def __init__(self, town: Town, number: int, cases: list[CaseRow], unit: int) -> None:
        login, known = _login(number), town.session("supervisor").directory
        self._session = PgSession(town.url, login, password_of(login), pool_size=1, directory=known)
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
    """The same function called through bare psycopg2: what the service layer and SQLAlchemy cost is missing."""

    def __init__(self, town: Town, number: int, cases: list[CaseRow], unit: int) -> None:
        login = _login(number)
        self._connection = psycopg2.connect(dsn(with_login(town.url, login, password_of(login))))
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


_STATEMENTS = """
update cc.case_stage set ended_at = now(), used_s = 60, overdue = false
 where district_id = %(d)s and case_id = %(c)s and ended_at is null;
insert into cc.case_stage (district_id, case_id, seq, stage, unit_id, since, clock, limit_s, deadline, warn_at)
values (%(d)s, %(c)s, %(e)s, %(stage)s, %(unit)s, now(), 'urgent', 1800,
        now() + interval '30 min', now() + interval '24 min');
update cc.cases set version = version + 1, events = %(e)s, state = %(to)s,
  unit_id = %(unit)s, handler_id = %(unit)s, dispatched_by = %(actor)s, dispatched_at = now(),
  changed_at = now(), stage_since = now(),
  deadline = now() + interval '30 min', warn_at = now() + interval '24 min', clock = 'urgent'
 where district_id = %(d)s and id = %(c)s;
insert into cc.case_event (district_id, case_id, seq, at, actor_id, actor_login, actor_name, role,
                           action, from_state, to_state, unit_id, what)
values (%(d)s, %(c)s, %(e)s, now(), %(actor)s, 't_dispatcher', '派遣甲', 'dispatcher',
        %(action)s, %(from)s, %(to)s, %(unit)s, %(what)s);
insert into cc.seal_queue (district_id, case_id, seq) values (%(d)s, %(c)s, %(e)s);
insert into cc.command_log (district_id, id, actor_id, answer) values (%(d)s, %(id)s, %(actor)s, %(what)s);
"""


class PlainSide:
    """The rows that cc.act writes, by the owner in one round trip: the feed's triggers stay, every check goes."""

    def __init__(self, town: Town, number: int, cases: list[CaseRow], unit: int) -> None:
        self._connection = psycopg2.connect(dsn(town.url))
        self._connection.autocommit = True  # several statements in one message are one transaction
        self._cursor = self._connection.cursor()
        self._district = town.session("supervisor").person.district_id
        self._events = {row.id: town.scalar("select events from cc.cases where id = %s", row.id) for row in cases}
        self._turn, self._unit = cycle(self._events), unit

    def pair(self) -> None:
        """Dispatch and undo by plain statements."""
        case_id = next(self._turn)
        self._run(case_id, "dispatch", "filed", "dispatched", "receive", self._unit)
        self._run(case_id, "undo_dispatch", "dispatched", "filed", "dispatch", None)

    def _run(self, case_id: int, action: str, was: str, to: str, stage: str, unit: int | None) -> None:
        self._events[case_id] += 1
        what = json.dumps({"unit_id": unit})
        values = {
            "d": self._district,
            "c": case_id,
            "e": self._events[case_id],
            "action": action,
            "from": was,
            "to": to,
        }
        values |= {"stage": stage, "unit": unit, "what": what, "actor": 1, "id": str(uuid.uuid4())}
        self._cursor.execute(_STATEMENTS, values)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


SIDES: dict[str, type[Side]] = {"ours": ServiceSide, "call": CallSide, "sql": PlainSide}


def shares(cases: list[CaseRow], each: int) -> Iterator[list[CaseRow]]:
    """The cases in shares of `each`, so that no two sessions meet at one."""
    for first in range(0, len(cases), each):
        yield cases[first : first + each]
