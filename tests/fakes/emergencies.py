"""`ports_emergency.Emergencies` over a fake city: one at a time, kept with the city."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID
from weakref import WeakKeyDictionary

from commandcenter.domain.emergency import LEADERS, Emergency, EmergencyEvent, EmergencyPlace
from commandcenter.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, WrongState
from commandcenter.domain.model import Person
from tests.fakes.city import FakeCity
from tests.fakes.door import Door


@dataclass(eq=False)
class EmergencyBook:
    """What a city has of them; `watchers` hear of every change."""

    all: list[Emergency] = field(default_factory=list)
    logs: dict[int, list[EmergencyEvent]] = field(default_factory=dict)
    answers: dict[UUID, int] = field(default_factory=dict)
    watchers: list[Callable[[], None]] = field(default_factory=list)


_BOOKS: WeakKeyDictionary[FakeCity, EmergencyBook] = WeakKeyDictionary()


def book_of(city: FakeCity) -> EmergencyBook:
    """The one of a city."""
    return _BOOKS.setdefault(city, EmergencyBook())


class FakeEmergencies:
    """Of one person."""

    def __init__(self, city: FakeCity, person: Person) -> None:
        self._city, self._person = city, person
        self.door = Door()

    def running(self) -> list[Emergency]:
        """See ports_emergency."""
        self.door.enter()
        return [one for one in self._book.all if one.running]

    def past(self, at_most: int) -> list[Emergency]:
        """See ports_emergency."""
        self.door.enter()
        return [one for one in reversed(self._book.all) if not one.running][:at_most]

    def log(self, emergency_id: int) -> list[EmergencyEvent]:
        """See ports_emergency."""
        self.door.enter()
        if emergency_id not in self._book.logs:
            raise NotFound("没有这次应急，或它不在您的范围内")
        return list(self._book.logs[emergency_id])

    def begin(self, command_id: UUID, place: EmergencyPlace, words: str = "") -> int:
        """See ports_emergency."""
        self.door.enter()
        if command_id in self._book.answers:
            return self._book.answers[command_id]
        if "supervisor" not in self._person.roles():
            raise NotAllowed("只有该地的值班长可以启动应急")
        if self.running():
            raise Conflict("已有进行中的应急，请先结束它")
        row = self._city.records[place.case_id].row if place.case_id else None
        lon, lat = (row.lon, row.lat) if row else (place.lon, place.lat)
        if lon is None or lat is None:
            raise InvalidInput("这里没有经纬度，请在地图上选定地点后再启动应急", {"field": "lon"})
        one = Emergency(len(self._book.all) + 1, 1, 1, place.case_id, place.summons_id, row.item_id if row else None,
                        (row.street_id if row else None) or 0, row.grid_id if row else None, lon, lat,
                        self._city.clock(), self._person.id, None)
        self._book.all.append(one)
        self._book.logs[one.id] = []
        self._book.answers[command_id] = one.id
        self._write(one.id, "begin", words)
        return one.id

    def decide(self, command_id: UUID, emergency_id: int, words: str) -> None:
        """See ports_emergency."""
        self._lead(emergency_id)
        if not words.strip():
            raise InvalidInput("请写明决定的内容", {"field": "words"})
        self._once(command_id, emergency_id, "decide", words)

    def team(self, command_id: UUID, emergency_id: int, unit_id: int, state: str, words: str = "") -> None:
        """See ports_emergency."""
        self._lead(emergency_id)
        self._once(command_id, emergency_id, "team", words, unit_id, state)

    def end(self, command_id: UUID, emergency_id: int, words: str = "") -> None:
        """See ports_emergency."""
        one = self._lead(emergency_id)
        if "supervisor" not in self._person.roles():
            raise NotAllowed("只有该地的值班长可以结束应急")
        self._book.all[self._book.all.index(one)] = replace(one, ended_at=self._city.clock())
        self._once(command_id, emergency_id, "end", words)

    @property
    def _book(self) -> EmergencyBook:
        return book_of(self._city)

    def _lead(self, emergency_id: int) -> Emergency:
        self.door.enter()
        one = next((e for e in self._book.all if e.id == emergency_id), None)
        if one is None:
            raise NotFound("没有这次应急，或它不在您的范围内")
        if not one.running:
            raise WrongState("这次应急已经结束")
        if not LEADERS & self._person.roles():
            raise NotAllowed("您的岗位不记录这次应急")
        return one

    def _once(self, command_id: UUID, number: int, action: str, words: str, unit: int | None = None,
              state: str | None = None) -> None:
        if command_id not in self._book.answers:
            self._book.answers[command_id] = number
            self._write(number, action, words, unit, state)

    def _write(self, number: int, action: str, words: str, unit: int | None = None, state: str | None = None) -> None:
        log = self._book.logs[number]
        role = min(LEADERS & self._person.roles(), default="handler")
        log.append(EmergencyEvent(len(log) + 1, self._city.clock(), self._person.name, role, action, unit, state,
                                  words.strip()))
        for watcher in list(self._book.watchers):
            watcher()
