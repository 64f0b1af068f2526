"""Where a command works: the server, the owner's connection and the passwords this machine knows."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from commandcenter.domain.errors import DomainError
from commandcenter.domain.roles import ROLE_LABELS
from commandcenter.profiles.model import Profile
from db import servers
from db.cli.coming_logins import ComingLogins
from db.embedded import Server
from db.engine import make_engine, normalised
from db.errors import translated
from db.gateways.people import Operator, People
from db.gateways.session import PgSession
from db.locations import home_directory, open_place
from db.reader import Reader, reader_address
from db.revision import present_revision, wanted_revision
from db.schema_files import schema_digest
from db.secrets import SecretFile

DEFAULT_PROFILE = "dongcheng"


@dataclass(frozen=True)
class Station:
    """One server as this machine reaches it.

    `database`: the address given, None for the embedded server. `reader`: the address of a replica for reports.
    """

    database: str | None = None
    reader: str | None = None

    @cached_property
    def server(self) -> Server:
        """The server, started if it is the embedded one. Raises ServerError."""
        return servers.obtain(self.database)

    @cached_property
    def home(self) -> Path:
        """The program's directory on this machine."""
        return open_place().home

    @property
    def owns_database(self) -> bool:
        """Whether the address is the owner's: it names a user, or the server is the embedded one."""
        return self.database is None or normalised(self.database).username is not None

    @cached_property
    def owner(self) -> Engine:
        """A pool of one or two connections as the database's owner."""
        return make_engine(self.server.url, application_name="commandcenter owner", pool_size=2)

    @cached_property
    def passwords(self) -> SecretFile:
        """Logins and passwords of sample operators, readable by their owner only."""
        return SecretFile(home_directory() / "logins.json")

    def password_of(self, login: str) -> str | None:
        """The password this machine keeps for a sample operator; None for real people."""
        return self.passwords.get(login)

    def upgrade(self) -> str:
        """Bring the schema up to date."""
        from db.upgrade import upgrade  # Alembic costs half a second; only an upgrade needs it

        with translated():
            return upgrade(self.owner)

    def is_current(self) -> bool:
        """Whether the schema is this program's, functions, policies and workflow included."""
        with translated(), self.owner.connect() as connection:
            if present_revision(connection) != wanted_revision():
                return False
            applied = connection.exec_driver_sql("select schema_digest from cc.wf_setting").scalar()
            return bool(applied == schema_digest())

    def profile_name(self) -> str | None:
        """The profile loaded, None for an empty database."""
        with translated(), self.owner.connect() as connection:
            return connection.exec_driver_sql("select min(profile) from cc.district").scalar()

    def is_sample(self) -> bool:
        """Whether the database holds a sample city: only such a one may be simulated."""
        with translated(), self.owner.connect() as connection:
            return bool(connection.exec_driver_sql("select bool_and(sample) from cc.district").scalar())

    def load(self, name: str) -> Profile:
        """Load a profile; its sample operators get fresh random passwords, kept in the home directory."""
        with ComingLogins(self.home).alone():
            return self._load(name)

    def _load(self, name: str) -> Profile:
        from commandcenter.profiles.reader import read_profile
        from db.gateways.profile_loading import load_profile

        profile = read_profile(name)
        coming = ComingLogins(self.home)
        coming.settle(self.server.url, self.passwords)
        passwords = {o.login: secrets.token_urlsafe(12) for o in profile.operators}
        coming.write(passwords)
        with translated():
            load_profile(self.owner, profile, passwords)
        coming.settle(self.server.url, self.passwords)
        return profile

    def ready(self, profile: str | None = None) -> str:
        """Make sure that schema and profile are there; returns the profile's name."""
        server, coming = self.server, ComingLogins(self.home)
        with coming.alone():  # programs that start at once take turns: neither waits for the other's locks in vain
            if not self.is_current():
                self.upgrade()
            name = self.profile_name() or self._loaded(profile or DEFAULT_PROFILE)
            if coming.left_over():
                coming.settle(server.url, self.passwords)
        if profile is not None and profile != name:
            raise DomainError(f"数据库中是部署方案 {name}，不是 {profile}；请用 --database 指定另一个数据库")
        return name

    def _loaded(self, name: str) -> str:
        """Load the profile, unless another program that started at the same moment was first."""
        try:
            return self._load(name).name
        except DomainError:
            if (present := self.profile_name()) is None:
                raise
            return present

    def open_session(self, user: str, password: str) -> PgSession:
        """Log a person in; this is the program's `ports.OpenSession`.

        An address that names no user is tried with the person's own login only: there is no other on this machine.
        """
        return PgSession(self.database or self.server.url, user, password, reader=self.reader)

    def open_on_duty(self, user: str, password: str) -> PgSession:
        """The same for a desk that also takes its turn at the duty: nobody else may do it on a shared server."""
        from db.gateways.duty_session import DutySession

        return DutySession(self.database or self.server.url, user, password, reader=self.reader)

    def reports(self) -> Reader | None:
        """The replica under the owner's login; None when none was given. Raises DomainError if it is no replica."""
        if self.reader is None:
            return None
        owner = normalised(self.server.url)
        address = reader_address(self.reader, owner.username or "", str(owner.password or ""))
        reader = Reader(self.owner, address, name="commandcenter owner", patient=True)
        if refusal := reader.refusal():
            reader.close()
            raise DomainError(refusal)
        return reader

    def open_known(self, user: str) -> PgSession:
        """Log a sample operator in with the password kept here."""
        password = self.password_of(user)
        if password is None:
            raise DomainError(f"本机没有 {user} 的密码，请登录后使用")
        return self.open_session(user, password)

    def sample_people(self) -> list[Operator]:
        """Active operators whose passwords this machine keeps: those of a sample deployment."""
        return [p for p in People(self.owner).list() if p.active and self.password_of(p.login)]

    def first_login(self, role: str) -> str:
        """The first sample operator of a role, one of the whole city or district if there is one."""
        sql = """select o.login from cc.operator o
          join cc.duty d on d.operator_id = o.id join cc.org g on g.id = d.org_id
          where o.active and d.role = %s order by g.kind <> 'city', g.kind <> 'district', o.login"""
        with translated(), self.owner.connect() as connection:
            for login in connection.exec_driver_sql(sql, (role,)).scalars():
                if self.password_of(login):
                    return str(login)
        raise DomainError(f"本机没有岗位 {ROLE_LABELS[role]} 的示例用户，请用 --user 指定登录名")

    def close(self) -> None:
        """Let the owner's connections go."""
        if "owner" in self.__dict__:
            self.owner.dispose()
