"""A city of the profile `dongcheng` with years of cases, several of them on one server of one's own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg2
from sqlalchemy import Engine

from commandcenter.profiles.reader import read_profile
from db import embedded
from db.embedded import Server
from db.engine import make_engine
from db.gateways.profile_loading import load_profile
from db.gateways.session import PgSession
from db.upgrade import upgrade
from tests.bench.ground import PREFER_VARIABLE
from tests.support.servers import create_database, open_run, remove_home

PROFILE = "dongcheng"
TEMPLATE = "city_template"
PER_DAY = 2_778  # five million in five years
COUNTED = 2  # months with counters by the hour
LOADERS = 2  # months are made by two connections at a time
# Nothing of a load has to survive a power cut, and what is made and filled in one transaction needs no log.
_HASTY = {"wal_level": "minimal", "max_wal_senders": 0, "fsync": "off", "synchronous_commit": "off",
          "autovacuum": "off", "max_wal_size": "8GB", "maintenance_work_mem": "256MB"}  # fmt: skip


@dataclass(frozen=True)
class Month:
    """What one month's partitions hold; its past cases came at PER_DAY until its end or 42 hours ago."""

    first_day: date
    cases: int
    still_open: int
    first_number: int


@dataclass
class City:
    """One database of the server. `steps_done`: see scale_history.sql."""

    url: str
    server: Server
    stack: ExitStack = field(default_factory=ExitStack)

    def owner(self) -> Engine:
        """A pool as the superuser."""
        engine = make_engine(self.url, application_name="bench owner", pool_size=2, statement_timeout_ms=0)
        self.stack.callback(engine.dispose)
        return engine

    def session(self, login: str) -> PgSession:
        """The session of a person."""
        opened = PgSession(self.url, login, password_of(login))
        self.stack.callback(opened.close)
        return opened

    def login(self, role: str, kind: str) -> str:
        """The first person with this role on an organisation of this kind."""
        return str(self.scalar(
            "select min(o.login) from cc.operator o join cc.duty d on d.operator_id = o.id"
            " join cc.org g on g.id = d.org_id where d.role = %s and g.kind = %s", role, kind))  # fmt: skip

    def scalar(self, sql: str, *values: object) -> object:
        """One value as the superuser."""
        with _connected(self.url) as cursor:
            cursor.execute(sql, values or None)
            return cursor.fetchone()[0]

    def fill(self, months: Sequence[Month], steps_done: Sequence[int]) -> None:
        """Make these months, the newest first; counters are kept of the newest two."""
        with _connected(self.url) as cursor:
            cursor.execute("select to_regnamespace('bench') is null")
            if cursor.fetchone()[0]:
                cursor.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
        now = datetime.now(UTC)
        with ThreadPoolExecutor(LOADERS) as pool:
            for done in [pool.submit(self._fill, month, list(steps_done), now) for month in months]:
                done.result()
        with _connected(self.url) as cursor:
            cursor.execute("select setval('cc.case_number', %s)", [max(m.first_number + m.cases for m in months) + 1])
            cursor.execute("select cc.ensure_partitions()")
            cursor.execute("vacuum (analyze)")
            counted = months[:COUNTED][-1].first_day
            cursor.execute("select bench.count_from(%s)", [int(f"{counted:%Y%m}") * 10**9])
            cursor.execute("analyze cc.hourly, cc.unit_day")

    def _fill(self, month: Month, steps_done: list[int], now: datetime) -> None:
        with _connected(self.url) as cursor:
            cursor.execute("set work_mem = '64MB'")
            cursor.execute("set temp_buffers = '128MB'")
            values = [month.first_day, month.cases, month.still_open, month.first_number, steps_done, now, PER_DAY]
            self._drop_empty(cursor, month.first_day)
            cursor.execute("select bench.fill_month(%s, %s, %s, %s, %s, %s, %s)", values)
            cursor.execute("select bench.attach_month(%s)", [month.first_day])

    @staticmethod
    def _drop_empty(cursor: psycopg2.extensions.cursor, first_day: date) -> None:
        for table in ("cases", "case_detail", "case_event", "case_stage", "seal_leaf"):
            cursor.execute(f"drop table if exists cc.{table}_{first_day:%Y%m}")


def password_of(login: str) -> str:
    """Everybody's password in the city."""
    return f"city-{login}-password"


@contextmanager
def bench_server() -> Iterator[Server]:
    """A server in a temporary home, hasty while `hurried` holds; gone afterwards."""
    home = open_run()
    try:
        server = embedded.start(home, prefer=os.environ.get(PREFER_VARIABLE), durable=True)
        _build_template(server)
        yield server
    finally:
        remove_home(home)


@contextmanager
def hurried(home: Path) -> Iterator[None]:
    """While it lasts the server is tuned for loading; afterwards it is durable and starts as in production."""
    _tune(home, [f"alter system set {name} = '{value}'" for name, value in _HASTY.items()])
    try:
        yield
    finally:
        _tune(home, ["checkpoint", "alter system reset all"])


def _tune(home: Path, statements: Sequence[str]) -> None:
    with _connected(embedded.start(home).url) as cursor:
        for statement in statements:
            cursor.execute(statement)
    embedded.stop(home)
    embedded.start(home)


def new_city(server: Server, name: str) -> City:
    """A fresh copy of the profile without cases."""
    return City(create_database(server, name, TEMPLATE), server)


def _build_template(server: Server) -> None:
    url = create_database(server, TEMPLATE)
    engine = make_engine(url, application_name="bench", pool_size=1)
    upgrade(engine)
    profile = read_profile(PROFILE)
    load_profile(engine, profile, {o.login: password_of(o.login) for o in profile.operators})
    engine.dispose()


@contextmanager
def _connected(url: str) -> Iterator[psycopg2.extensions.cursor]:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()
