"""Reminders of what is next about a whistle, order, meeting or task, on the fake city."""

from __future__ import annotations

from commandcenter.domain.joint import MeetingRow, SummonsRow, TaskRow
from commandcenter.domain.notices import Notice
from tests.fakes.city import FakeCity


def remind_of(city: FakeCity, row: SummonsRow | MeetingRow | TaskRow, kind: str = "to_confirm", role: str = "handler",
              words: str = "请响应", org: int = 1, due: float | None = None, party_no: int | None = None) -> Notice:
    """A new one, told to everybody."""
    entity = "summons" if isinstance(row, SummonsRow) else "meeting" if isinstance(row, MeetingRow) else "task"
    with city.lock:
        number = max([*city.notices, *city.acknowledged, 0]) + 1
        notice = Notice(number, None, row.no, kind, role, org, words, due, "urgent" if due else None, city.now, False,
                        entity, row.id, party_no)
        city.notices[number] = notice
    city.tell(notices=frozenset({number}))
    return notice
