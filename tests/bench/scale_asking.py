"""The questions of the scale measurement, as the desk asks them, and one page with and without its policies."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import psycopg2

from db.engine import dsn, with_login
from db.gateways.case_rows import SELECT_CASES
from tests.bench.scale_history import City, password_of

PAGE = 300
_SAMPLE = "select array_agg(id) from (select id from cc.cases tablesample system (%s) order by random() limit 400) x"
_CONDITIONS = {
    # What the policies grant, written by hand: the same five, with the person's own organisations.
    "districts": "c.district_id = any(%(districts)s)",
    "areas": "(c.street_id = any(%(areas)s) or c.community_id = any(%(areas)s))",
    "units": "(c.handler_id = any(%(units)s) or c.unit_id = any(%(units)s))",
}
_ROLES = {
    "dispatcher": ("dispatcher", "district", ("districts",)),
    "leader": ("street_leader", "street", ("areas",)),
    "handler": ("handler", "department", ("units",)),
}


class Asking:
    """One city's questions; every call asks once, of another case each time."""

    QUESTIONS: ClassVar = ("page", "open_set", "trace", "today", "reread", "by_number", "closed_page", "near", "shift",
                           "units", "duty")  # fmt: skip

    def __init__(self, city: City, choice: random.Random) -> None:
        session = city.session(city.login("dispatcher", "district"))
        self._queries, self._choice = session.queries, choice
        share = min(100.0, 2_000_000 / max(1, int(str(city.scalar("select count(*) from cc.cases")))))
        self._ids = city.scalar(_SAMPLE, share)
        self._open = [row.id for part in self._queries.open_cases() for row in part]
        self._connection = _as_person(city, city.login("dispatcher", "district"))
        self._midnight = datetime.now(ZoneInfo("Asia/Shanghai")).replace(hour=0, minute=0, second=0, microsecond=0)

    def page(self) -> None:
        """The first screenful of what waits for dispatch."""
        assert len(self._queries.first_cases(["filed"], None, PAGE)) == PAGE

    def open_set(self) -> None:
        """Everything that is open, as the desk loads it."""
        assert sum(len(part) for part in self._queries.open_cases()) >= len(self._open)

    def trace(self) -> None:
        """A case's file with its trace, of any year."""
        assert self._queries.case_file(self._choice.choice(self._ids)).trace

    def reread(self) -> None:
        """Twenty changed cases after a wake-up."""
        assert len(self._queries.cases(self._choice.sample(self._open, 20))) == 20

    def by_number(self) -> None:
        """A case of any year by its whole number."""
        number = self._choice.choice(self._ids)
        assert self._queries.case_by_no(f"{number // 10**9 % 10_000:04d}-{number % 10**9:06d}")

    def closed_page(self) -> None:
        """A page of closed cases before any of them."""
        self._queries.closed_cases(self._choice.choice(self._ids) + 1, 100)

    def near(self) -> None:
        """Open cases around a place, for the duplicates shown while a case is taken in."""
        self._queries.near_cases(116.41, 39.92, None)

    def shift(self) -> None:
        """The dispatcher's own shift."""
        self._queries.shift_figures(self._midnight.timestamp())

    def units(self) -> None:
        """How the units stand."""
        assert self._queries.unit_figures()

    def today(self) -> None:
        """Everything that happened since midnight, by measure."""
        assert self._all("select * from cc.figures(%s)", self._midnight)

    def duty(self) -> None:
        """A round of the duties with nothing due but what the first one marks."""
        self._all("select cc.run_duty()")

    def _all(self, sql: str, *values: Any) -> list[Any]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return list(cursor.fetchall())


def policy_sides(city: City) -> dict[str, dict[str, Callable[[int], None]]]:
    """By role: the page under the person's login, and by the superuser with the person's conditions written out."""
    owner = psycopg2.connect(dsn(city.url))
    city.stack.callback(owner.close)
    owner.autocommit = True
    sides: dict[str, dict[str, Callable[[int], None]]] = {}
    for role, (duty, kind, parts) in _ROLES.items():
        person = _as_person(city, city.login(duty, kind))
        scope = _scope(person)
        plain = " and ".join(["c.open", *(_CONDITIONS[part] for part in parts)])
        sides[role] = {"policy": _page(person, "c.open", scope), "plain": _page(owner, plain, scope)}
    return sides


def _page(connection: Any, condition: str, scope: dict[str, Any]) -> Callable[[int], None]:
    sql = f"{SELECT_CASES} where {condition} order by c.priority, c.deadline nulls last, c.id desc limit {PAGE}"

    def ask(_turn: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, scope)
            assert cursor.fetchall()

    return ask


def _scope(person: Any) -> dict[str, Any]:
    with person.cursor() as cursor:
        cursor.execute("select cc.my_districts(), cc.my_areas(), cc.my_units()")
        return dict(zip(("districts", "areas", "units"), cursor.fetchone(), strict=True))


def _as_person(city: City, login: str) -> Any:
    opened = psycopg2.connect(dsn(with_login(city.url, login, password_of(login))))
    city.stack.callback(opened.close)
    opened.autocommit = True
    return opened
