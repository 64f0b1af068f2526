"""Logins to the strict city, and its clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from strict_city import StrictCity
from strict_directory import DISTRICT

from commandcenter.domain.errors import LoginRefused, NotFound, ServerUnavailable
from commandcenter.domain.model import CaseRow, Command, Done, Duty, NewAttachment, NewReport, Person
from commandcenter.profiles.model import Profile


class _Commands:
    def __init__(self, city: StrictCity, person: Person) -> None:
        self._city, self._person = city, person

    def act(self, command: Command) -> Done:
        return self._counted(self._city.act, command)

    def report(self, report: NewReport) -> Done:
        return self._counted(self._city.report, report)

    def attach(self, attachment: NewAttachment) -> Done:
        return self._counted(self._city.attach, attachment)

    def outcome(self, command_id: UUID) -> Done | None:
        return self._city.answer(command_id)

    def give_up(self, command_id: UUID) -> Done | None:
        return self._city.answer(command_id)

    def _counted(self, deed: Any, what: Any) -> Done:
        try:
            done: Done = deed(self._person, what)
        except ServerUnavailable:
            raise
        except Exception as error:
            self._city.refusals[f"{type(error).__name__} {error} {getattr(what, 'action', type(what).__name__)}"] += 1
            raise
        return done


class _Queries:
    def __init__(self, city: StrictCity) -> None:
        self._city = city

    def open_cases(self) -> Iterator[Sequence[CaseRow]]:
        if self._city.down:
            raise ServerUnavailable("数据库连接中断")
        with self._city.lock:
            yield [row for row in self._city.rows.values() if row.open or row.on_ledger]

    def cases(self, ids: Sequence[int]) -> list[CaseRow]:
        with self._city.lock:
            return [self._city.rows[i] for i in ids]


class _NoWhistles:
    """A deployment without whistle rules."""

    def whistle_rules(self) -> Any:
        raise NotFound("本部署没有吹哨规则")


class _Session:
    def __init__(self, city: StrictCity, person: Person) -> None:
        self.person, self.directory = person, city.directory
        self.commands, self.queries = _Commands(city, person), _Queries(city)
        self.joint_queries = _NoWhistles()
        self._city = city
        city.open_sessions += 1

    def close(self) -> None:
        self._city.open_sessions -= 1


class Doors:
    """OpenSession over the city for all people of the profile."""

    def __init__(self, city: StrictCity, profile: Profile) -> None:
        self._city = city
        ids = {org.key: org.id for org in city.directory.orgs.values()}
        self.people = {
            o.login: Person(n, o.login, o.name, DISTRICT, tuple(Duty(role, ids[key]) for role, key in o.duties))
            for n, o in enumerate(profile.operators, 1)
        }

    def __call__(self, user: str, password: str) -> Any:
        if self._city.down:
            raise ServerUnavailable("没有服务器")
        if password != f"pw-{user}":
            raise LoginRefused("用户名或密码不对")
        with self._city.lock:
            self._city.opened[user] += 1
        return _Session(self._city, self.people[user])


class Clock:
    """ClockControl: moves only when told. `history`: all (shown, speed) it was set to."""

    def __init__(self, city: StrictCity, present: float) -> None:
        self._city, self.present = city, present
        self.history: list[tuple[float, float]] = []
        self.real = True
        city.now = present

    def now(self) -> datetime:
        """The city's time."""
        return datetime.fromtimestamp(self._city.now, UTC)

    def set_clock(self, shown: datetime, speed: float) -> None:
        """See ClockControl."""
        self.real, self._city.now = False, shown.timestamp()
        self.history.append((shown.timestamp(), speed))

    def real_clock(self) -> None:
        """See ClockControl."""
        self.real, self._city.now = True, self.present
