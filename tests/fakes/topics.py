"""`ports_topic.Topics` over a fake city."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID
from weakref import WeakKeyDictionary

from commandcenter.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, WrongState
from commandcenter.domain.model import Person
from commandcenter.domain.topic import GATHERERS, Topic
from tests.fakes.city import FakeCity
from tests.fakes.door import Door


@dataclass(eq=False)
class TopicShelf:
    """What a city has of them; `watchers` hear of every change."""

    all: dict[int, Topic] = field(default_factory=dict)
    answers: dict[UUID, int] = field(default_factory=dict)
    watchers: list[Callable[[], None]] = field(default_factory=list)


_SHELVES: WeakKeyDictionary[FakeCity, TopicShelf] = WeakKeyDictionary()


def shelf_of(city: FakeCity) -> TopicShelf:
    """The one of a city."""
    return _SHELVES.setdefault(city, TopicShelf())


class FakeTopics:
    """Of one person."""

    def __init__(self, city: FakeCity, person: Person) -> None:
        self._city, self._person, self._shelf = city, person, shelf_of(city)
        self.door = Door()

    def topics(self, closed: bool = False) -> list[Topic]:
        """See ports_topic."""
        self.door.enter()
        return [one for one in reversed(self._shelf.all.values()) if (one.closed_at is not None) == closed]

    def begin(self, command_id: UUID, name: str, month: str, cases: Sequence[int]) -> int:
        """See ports_topic."""
        self._enter()
        if command_id not in self._shelf.answers:
            if not name.strip() or any(one.name == name.strip() for one in self._shelf.all.values()):
                raise InvalidInput("已有同名的专题" if name.strip() else "名称须为 1 至 40 个字", {"field": "name"})
            number = self._shelf.answers[command_id] = len(self._shelf.all) + 1
            self._put(Topic(number, 1, 1, name.strip(), month, self._city.clock(), None, frozenset(cases)))
        return self._shelf.answers[command_id]

    def change(self, command_id: UUID, topic_id: int, added: Sequence[int], removed: Sequence[int] = ()) -> None:
        """See ports_topic."""
        self._enter()
        one = self._open(topic_id)
        if command_id not in self._shelf.answers:
            self._shelf.answers[command_id] = topic_id
            self._put(replace(one, version=one.version + 1, cases=one.cases.union(added).difference(removed)))

    def rename(self, command_id: UUID, topic: Topic, name: str, month: str) -> None:
        """See ports_topic."""
        self._enter()
        one = self._of_version(topic)
        self._put(replace(one, version=one.version + 1, name=name.strip(), month=month))

    def close(self, command_id: UUID, topic: Topic) -> None:
        """See ports_topic."""
        self._enter()
        one = self._of_version(topic)
        self._put(replace(one, version=one.version + 1, closed_at=self._city.clock()))

    def _enter(self) -> None:
        self.door.enter()
        if not GATHERERS & self._person.roles():
            raise NotAllowed("专题由值班长、考评员和街道负责人管理")

    def _open(self, topic_id: int) -> Topic:
        one = self._shelf.all.get(topic_id)
        if one is None:
            raise NotFound("没有这个专题，或它不在您的范围内")
        if one.closed_at is not None:
            raise WrongState("专题已结束")
        return one

    def _of_version(self, topic: Topic) -> Topic:
        one = self._open(topic.id)
        if one.version != topic.version:
            raise Conflict("专题已被他人修改，请看最新内容")
        return one

    def _put(self, topic: Topic) -> None:
        self._shelf.all[topic.id] = topic
        for watcher in list(self._shelf.watchers):
            watcher()
