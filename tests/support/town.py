"""A fresh database of the town for one test: sessions by login, psql by login, the owner's own hands.

Logins of those who whistle and come (each with `t_` before it; all of them: town_profile.OPERATORS), with their place:
  leader A, leader_b B          街道负责人: sign, close, rate
  street_a A, street_b B        处置员 of a street: draft, witness
  community A1, grid_a1 A1      处置员 and 网格员 of 甲一社区; a community calls unsigned, leader signs for a grid
  grid_worker A                 网格员 of the street
  cg D-CG 城管委, ga D-GA 公安, sw D-SW 水务: departments; pcs PCS-A: agency of 公安 that serves 甲街道
  supervisor, evaluator, followup, dispatcher, acceptor, verifier, screen, auditor, admin, gateway: T, the district
Rules, scenarios (Z01, Y01, K01), team T1 and grid people: town_whistles.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg2
from fasteners import InterProcessLock
from psycopg2.extensions import connection as PgConnection  # noqa: N812 - a class with a lower-case name
from sqlalchemy import Engine

from commandcenter.domain.model import CaseRow, Command, Done, NewAttachment, NewReport
from commandcenter.profiles.model import Profile
from db.embedded import Server
from db.engine import dsn, make_engine, with_login
from db.gateways.profile_loading import load_profile
from db.gateways.session import PgSession
from db.upgrade import close_database, upgrade
from tests.support.by_district import lay_by_district
from tests.support.servers import create_database, database_url, drop_database, run_home
from tests.support.town_profile import password_of, town_profile

TEMPLATE = "town_template"
LAYOUT_VARIABLE = "COMMANDCENTER_TEST_LAYOUT"  # by_district: every test on the layout of docs/scale.md
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def build_template(server: Server, template: str = TEMPLATE, profile: Profile | None = None) -> None:
    """Build the database that every test copies, of the town or another profile; the caller holds a lock."""
    if _exists(server, template):
        return
    building = f"{template}_building"
    profile = profile or town_profile()
    create_database(server, building)
    engine = make_engine(database_url(server, building), application_name="town", pool_size=1)
    upgrade(engine)
    load_profile(engine, profile, {o.login: password_of(o.login) for o in profile.operators})
    if os.environ.get(LAYOUT_VARIABLE) == "by_district":
        lay_by_district(engine)
    engine.dispose()
    owner = psycopg2.connect(database_url(server, "postgres"))
    owner.autocommit = True
    owner.cursor().execute(f"alter database {building} rename to {template}")
    owner.close()


def _exists(server: Server, name: str) -> bool:
    owner = psycopg2.connect(database_url(server, "postgres"))
    try:
        with owner.cursor() as cursor:
            cursor.execute("select 1 from pg_database where datname = %s", (name,))
            return cursor.fetchone() is not None
    finally:
        owner.close()


def _connect(address: str, patience_s: float) -> PgConnection:
    """A login and its twelve connections are the whole server's: a test beside this one may hold them all just now."""
    limit = time.monotonic() + patience_s
    while True:
        try:
            return psycopg2.connect(address)
        except psycopg2.OperationalError as error:
            if "too many connections" not in str(error) or time.monotonic() > limit:
                raise
            time.sleep(0.1)


class Town:
    """One test's town. Everything opened through it is closed with it."""

    def __init__(self, url: str, server: Server) -> None:
        self.url = url
        self.server = server
        self.stack = ExitStack()
        self._sessions: dict[str, PgSession] = {}
        self._owner: Engine | None = None

    @property
    def owner(self) -> Engine:
        """An engine as the database's superuser."""
        if self._owner is None:
            self._owner = make_engine(self.url, application_name="owner", pool_size=2)
            self.stack.callback(self._owner.dispose)
        return self._owner

    def session(self, login: str) -> PgSession:
        """The session of a person, logged in once per test. Short names ("dispatcher") get the town's prefix."""
        login = login if login.startswith("t_") else f"t_{login}"
        if login not in self._sessions:
            known = next(iter(self._sessions.values()), None)
            self._sessions[login] = PgSession(
                self.url, login, password_of(login), directory=known.directory if known else None
            )
            self.stack.callback(self._sessions[login].close)
        return self._sessions[login]

    def psql(self, login: str, patience_s: float = 20.0) -> PgConnection:
        """A bare autocommit connection with a person's login: what the clerk does with psql."""
        login = login if login.startswith("t_") else f"t_{login}"
        opened = _connect(dsn(with_login(self.url, login, password_of(login))), patience_s)
        opened.autocommit = True
        self.stack.callback(opened.close)
        return opened

    def org(self, key: str) -> int:
        """The id of an organisation by its key."""
        return next(o.id for o in self.session("supervisor").directory.orgs.values() if o.key == key)

    def grid(self, key: str) -> int:
        """The id of a grid by its key."""
        return next(g.id for g in self.session("supervisor").directory.grids.values() if g.key == key)

    def item(self, name: str) -> int:
        """The id of a catalogue item by its name."""
        return next(i.id for i in self.session("supervisor").directory.items.values() if i.name == name)

    def scalar(self, sql: str, *values: Any) -> Any:
        """One value as the owner."""
        with self.owner.connect() as connection:
            return connection.exec_driver_sql(sql, values).scalar()

    # ------------------------------------------------------------------ the loop, step by step
    def report(self, who: str = "acceptor", *, grid: str = "G-A1-0", **facts: Any) -> int:
        """A new case in a unit grid; returns its id."""
        x = 116.0025 + 0.01 * ["A1", "A2", "B1", "B2"].index(grid[2:4])
        given = {"channel": "patrol", "description": "有暴露垃圾", "lon": x, "lat": 40.0025, **facts}
        return self.session(who).commands.report(NewReport(uuid.uuid4(), **given)).case_id

    def row(self, case_id: int, who: str = "supervisor") -> CaseRow:
        """The case as `who` sees it."""
        return self.session(who).queries.cases([case_id])[0]

    def act(self, who: str, case_id: int, action: str, **args: Any) -> Done:
        """An action by `who` on the case as it stands."""
        version = self.row(case_id).version
        return self.session(who).commands.act(Command(uuid.uuid4(), case_id, version, action, args))

    def photo(self, who: str, case_id: int, kind: str) -> Done:
        """Evidence by `who`."""
        return self.session(who).commands.attach(
            NewAttachment(uuid.uuid4(), case_id, kind, f"{kind}.png", "image/png", PNG)
        )

    def filed(self, item: str = "暴露垃圾", **facts: Any) -> int:
        """A case that waits for dispatch."""
        case_id = self.report(**facts)
        self.act("acceptor", case_id, "accept", item_id=self.item(item))
        self.act("acceptor", case_id, "file")
        return case_id

    def dispatched(self, unit: str = "D-CG", **facts: Any) -> int:
        """A case on its way to a unit."""
        case_id = self.filed(**facts)
        self.act("dispatcher", case_id, "dispatch", unit_id=self.org(unit))
        return case_id

    def in_progress(self, unit: str = "D-CG", clerk: str = "cg", **facts: Any) -> int:
        """A case that a unit handles."""
        case_id = self.dispatched(unit, **facts)
        self.act(clerk, case_id, "receive")
        return case_id

    def verified(self, **facts: Any) -> int:
        """A case that waits to be closed."""
        case_id = self.in_progress(**facts)
        self.act("cg", case_id, "feedback", result="已清理")
        self.act("verifier", case_id, "verify")
        return case_id


@contextmanager
def copied(server: Server, template: str) -> Iterator[Town]:
    """A database of one's own, copied from a template of `build_template`; dropped at the end."""
    name = f"town_{uuid.uuid4().hex[:12]}"
    with InterProcessLock(run_home() / "template.lock"):
        url = create_database(server, name, template)
    found = Town(url, server)
    with found.owner.begin() as connection:
        close_database(connection)
    try:
        yield found
    finally:
        found.stack.close()
        drop_database(server, name)
