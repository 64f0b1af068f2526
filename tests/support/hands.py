"""Quick hands for many attempts: one superuser's connection that acts under anybody's login.

By SET SESSION AUTHORIZATION the database sees the same `session_user` as after a real login. Tests of the login's
own rights use `Town.psql`.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg2

from db.engine import dsn
from db.errors import translated
from tests.support.town import PNG, Town


def full(login: str) -> str:
    """The login with the town's prefix."""
    return login if login.startswith("t_") else f"t_{login}"


class Hands:
    """Acts at once, as anybody; `trying` takes back what was done inside."""

    def __init__(self, town: Town, named: Callable[[str], str] = full) -> None:
        self.town, self._named = town, named
        self._connection = psycopg2.connect(dsn(town.url))
        self._connection.autocommit = True
        town.stack.callback(self._connection.close)

    @contextmanager
    def trying(self) -> Iterator[None]:
        """A transaction that is rolled back at the end."""
        self.sql("begin")
        try:
            yield
        finally:
            self.sql("rollback")

    def sql(self, statement: str, *values: Any) -> Any:
        """As the owner; the first value of the first row, if any."""
        with self._connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """As the owner; all rows."""
        with self._connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall()

    def as_person(self, login: str, statement: str, *values: Any) -> Any:
        """One value, asked or done under somebody's login. Raises domain errors."""
        with self._connection.cursor() as cursor, translated():
            # One message to the server: if the statement fails, the change of identity is rolled back with it.
            cursor.execute(f"set session authorization {self._named(login)}; {statement}", values or None)
            row = cursor.fetchone() if cursor.description else None
            cursor.execute("reset session authorization")
        return row[0] if row else None

    # ------------------------------------------------------------------ actions
    def version(self, case_id: int) -> int:
        return int(self.sql("select version from cc.cases where id = %s", case_id))

    def state(self, case_id: int) -> str:
        return str(self.sql("select state from cc.cases where id = %s", case_id))

    def row(self, case_id: int) -> dict[str, Any]:
        """All columns of a case, instants as aware datetimes."""
        with self._connection.cursor() as cursor:
            cursor.execute("select * from cc.cases where id = %s", (case_id,))
            assert cursor.description is not None
            names = [column.name for column in cursor.description]
            found = cursor.fetchone()
        assert found is not None
        return dict(zip(names, found, strict=True))

    def act(
        self, login: str, case_id: int, action: str, *, command: uuid.UUID | None = None, version: int | None = None,
        **args: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """An action on the case as it stands; the function's answer."""
        answer: dict[str, Any] = self.as_person(
            login, "select cc.act(%s, %s, %s, %s, %s)", str(command or uuid.uuid4()), case_id,
            self.version(case_id) if version is None else version, action,
            json.dumps(args, ensure_ascii=False, default=str),
        )  # fmt: skip
        return answer

    def attach(self, login: str, case_id: int, kind: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.as_person(
            login, "select cc.attach(%s, %s, %s, 'a.png', 'image/png', %s)", str(uuid.uuid4()), case_id, kind, PNG
        )
        return answer

    def report(self, login: str = "acceptor", *, citizen: bool = False, **facts: Any) -> int:
        """A new case in 甲一, by patrol or (citizen) by the hotline with a reporter."""
        given: dict[str, Any] = {
            "channel": "hotline" if citizen else "patrol", "description": "有暴露垃圾", "lon": 116.0025, "lat": 40.0025,
        } | facts  # fmt: skip
        if citizen:
            given.setdefault("reporter", {"name": "张三丰", "phone": "13912345678"})
        return int(self.report_answer(login, given)["case_id"])

    def report_answer(self, login: str, given: Mapping[str, Any], command: uuid.UUID | None = None) -> dict[str, Any]:
        answer: dict[str, Any] = self.as_person(
            login, "select cc.report_case(%s, %s)", str(command or uuid.uuid4()), json.dumps(given, ensure_ascii=False)
        )
        return answer

    def org(self, key: str) -> int:
        return int(self.sql("select id from cc.org where key = %s", key))

    def item(self, name: str) -> int:
        return int(self.sql("select id from cc.catalogue_item where name = %s", name))

    def events(self, case_id: int) -> list[str]:
        """The actions of the trace, in order."""
        return [r[0] for r in self.rows("select action from cc.case_event where case_id = %s order by seq", case_id)]
