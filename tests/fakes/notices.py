"""Reminders of a fake city: everybody of the role is addressed; a supervisor sees all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from commandcenter.domain.errors import NotFound, OutcomeUnknown
from commandcenter.domain.model import CaseRow, Person
from commandcenter.domain.notices import NEAR_LIMIT, Notice
from tests.fakes.city import FakeCity
from tests.fakes.door import Door


class FakeNotices:
    """`lose_answer`: the next acknowledgement is done but its answer is lost."""

    def __init__(self, city: FakeCity, person: Person) -> None:
        self._city, self._person = city, person
        self._answers: dict[UUID, list[int]] = {}
        self.door = Door()
        self.lose_answer = False

    def open_notices(self) -> list[Notice]:
        """See ports.Notices."""
        self.door.enter()
        with self._city.lock:
            seen = self._seen(list(self._city.notices))
        return sorted(seen, key=lambda n: (not n.mine, -n.id))

    def notices(self, ids: Sequence[int]) -> list[Notice]:
        """See ports.Notices."""
        self.door.enter()
        with self._city.lock:
            return self._seen(ids)

    def acknowledge(self, command_id: UUID, ids: Sequence[int]) -> list[int]:
        """See ports.Notices."""
        self.door.enter()
        with self._city.lock:
            if command_id not in self._answers:
                self._answers[command_id] = self._take(ids)
        if self.lose_answer:
            self.lose_answer = False
            raise OutcomeUnknown("连接中断，结果待确认")
        return self._answers[command_id]

    def _take(self, ids: Sequence[int]) -> list[int]:
        if any(i in self._city.notices and not self._mine(self._city.notices[i]) for i in ids):
            raise NotFound("没有这条提醒，或它不是发给您的")
        taken = [i for i in ids if i in self._city.notices]
        for notice_id in taken:
            self._city.acknowledged[notice_id] = self._person.id
            del self._city.notices[notice_id]
        self._city.tell(notices=frozenset(taken))
        return taken

    def _seen(self, ids: Sequence[int]) -> list[Notice]:
        found = [self._city.notices[i] for i in ids if i in self._city.notices]
        dressed = [replace(notice, mine=self._mine(notice)) for notice in found]
        return [n for n in dressed if n.mine or "supervisor" in self._person.roles()]

    def _mine(self, notice: Notice) -> bool:
        return notice.to_role in self._person.roles()


def remind(city: FakeCity, row: CaseRow, kind: str = NEAR_LIMIT, role: str = "dispatcher", words: str = "请尽快派遣",
           tell: bool = True) -> Notice:
    """A new reminder of a case, told to everybody unless `tell` is off."""
    with city.lock:
        number = max([*city.notices, *city.acknowledged, 0]) + 1
        org = row.handler_id if role == "handler" and row.handler_id else row.street_id or 1
        notice = Notice(number, row.id, row.no, kind, role, org, words, row.deadline or city.now, row.clock or "urgent",
                        city.now, False)
        city.notices[number] = notice
    if tell:
        city.tell(notices=frozenset({number}))
    return notice


def take_back(city: FakeCity, *notices: Notice) -> None:
    """The stage has ended: they are no longer true."""
    with city.lock:
        for notice in notices:
            city.notices.pop(notice.id, None)
    city.tell(notices=frozenset(notice.id for notice in notices))
