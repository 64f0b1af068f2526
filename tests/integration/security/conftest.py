"""A town with cases of two streets and several units, and clerks who come with psql instead of our program."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg2
import pytest
from psycopg2.extensions import connection as PgConnection  # noqa: N812 - a class with a lower-case name

from db.engine import make_engine, with_login
from db.gateways.people import People
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town
from tests.support.town_profile import password_of


class Psql:
    """One clerk's own connection."""

    def __init__(self, connection: PgConnection) -> None:
        self.connection = connection

    def __call__(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run it; all rows."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def one(self, statement: str, *values: Any) -> Any:
        """The first value."""
        return self(statement, *values)[0][0]

    def refused(self, statement: str, *values: Any) -> psycopg2.Error:
        """Run what must fail; the error."""
        with pytest.raises(psycopg2.Error) as error:
            self(statement, *values)
        return error.value


@dataclass(frozen=True)
class Cases:
    """Cases by where they are and who handles them."""

    in_a: int  # 甲街道, at 区城管委, with reporter, photo, stage, request and ledger line
    in_b: int  # 乙街道, at 公安分局, the same
    absent: int


@pytest.fixture(scope="module")
def hands(shared_town: Town) -> Hands:
    return Hands(shared_town)


@pytest.fixture(scope="module")
def paths(hands: Hands) -> Paths:
    return Paths(hands)


@pytest.fixture(scope="module")
def psql(shared_town: Town) -> Callable[[str], Psql]:
    """The psql of a person; one connection each for the whole module."""
    opened: dict[str, Psql] = {}

    def open_one(login: str) -> Psql:
        if login not in opened:
            opened[login] = Psql(shared_town.psql(login))
        return opened[login]

    return open_one


@pytest.fixture(scope="module")
def cases(hands: Hands) -> Cases:
    in_a, in_b = _rich_case(hands, 116.0025, "D-CG", "cg"), _rich_case(hands, 116.0225, "D-GA", "ga")
    for looker, case in (("verifier", in_a), ("followup", in_b)):
        hands.as_person(looker, "select cc.look_at(%s)", case)
    return Cases(in_a, in_b, hands.sql("select max(id) + 500000 from cc.cases"))


def _rich_case(hands: Hands, lon: float, unit: str, clerk: str) -> int:
    case = hands.report(citizen=True, lon=lon, description="乱堆物料，张三丰反映", source_no=f"HX-{lon}")
    hands.act("acceptor", case, "accept", item_id=hands.item("暴露垃圾"))
    hands.act("acceptor", case, "file")
    hands.act("supervisor", case, "supervise", leader="李区长", reason="群众反映强烈")
    hands.act("dispatcher", case, "dispatch", unit_id=hands.org(unit))
    hands.act(clerk, case, "receive")
    hands.attach(clerk, case, "after")
    hands.act(clerk, case, "request_extension", minutes=60, reason="等待配件")
    return case


@pytest.fixture
def newcomer(town: Town) -> Iterator[str]:
    """A login of 区城管委 that no other test of this server uses: logins are the whole server's, not a database's."""
    login = f"t_x{uuid.uuid4().hex[:10]}"
    admin = make_engine(with_login(town.url, "t_admin", password_of("t_admin")), application_name="admin", pool_size=1)
    People(admin).add(login, "新来的", password_of(login), [("handler", "D-CG")])
    admin.dispose()
    yield login
    town.scalar("select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = %s", login)
    with town.owner.begin() as connection:
        connection.exec_driver_sql(f"drop owned by {login}; drop role {login}")
