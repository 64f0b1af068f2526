"""专题: begun, changed, over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text

from commandcenter.domain.errors import InvalidInput
from commandcenter.domain.topic import Topic
from db.errors import translated
from db.gateways.calling import Caller

_TOPICS = text("""
select t.id, t.district_id, t.version, t.name, coalesce(to_char(t.month, 'YYYY-MM'), ''),
  extract(epoch from t.began_at)::float8, extract(epoch from t.closed_at)::float8,
  array(select k.case_id from cc.topic_case k join cc.cases c on c.id = k.case_id and c.district_id = k.district_id
        where k.topic_id = t.id and k.district_id = t.district_id and k.removed_at is null)
from cc.topic t where (t.closed_at is not null) = :closed order by coalesce(t.closed_at, t.began_at) desc, t.id desc""")
_BEGIN = "select cc.begin_topic(%(id)s::uuid, %(name)s, %(month)s, %(cases)s::bigint[])"
_CHANGE = "select cc.change_topic(%(id)s::uuid, %(topic)s, %(added)s::bigint[], %(removed)s::bigint[])"
_RENAME = "select cc.rename_topic(%(id)s::uuid, %(topic)s, %(version)s, %(name)s, %(month)s)"
_CLOSE = "select cc.close_topic(%(id)s::uuid, %(topic)s, %(version)s)"


class PgTopics(Caller):
    """`ports_topic.Topics` over an autocommit engine; row-level security decides what is seen."""

    def topics(self, closed: bool = False) -> list[Topic]:
        """Those going on, or those that are over, the newest first."""
        with translated(), self._engine.connect() as connection:
            rows: list[Any] = list(connection.execute(_TOPICS, {"closed": closed}))
        return [_topic(*row) for row in rows]

    def begin(self, command_id: UUID, name: str, month: str, cases: Sequence[int]) -> int:
        """A new one; its id."""
        answer = self._call(_BEGIN, id=str(command_id), name=name, month=_first_day(month), cases=list(cases))
        return int(answer["topic"])

    def change(self, command_id: UUID, topic_id: int, added: Sequence[int], removed: Sequence[int] = ()) -> None:
        """Put cases in, take cases out."""
        self._call(_CHANGE, id=str(command_id), topic=topic_id, added=list(added), removed=list(removed))

    def rename(self, command_id: UUID, topic: Topic, name: str, month: str) -> None:
        """Another name or month."""
        month_day = _first_day(month)
        self._call(_RENAME, id=str(command_id), topic=topic.id, version=topic.version, name=name, month=month_day)

    def close(self, command_id: UUID, topic: Topic) -> None:
        """It is over."""
        self._call(_CLOSE, id=str(command_id), topic=topic.id, version=topic.version)


def _first_day(month: str) -> date | None:
    try:
        return date.fromisoformat(f"{month}-01") if month else None
    except ValueError as why:
        raise InvalidInput("月份写作 2026-11", {"field": "month"}) from why


def _topic(number: int, home: int, version: int, name: str, month: str, began: float, closed: float | None,
           cases: list[int]) -> Topic:  # fmt: skip
    return Topic(number, home, version, name, month, began, closed, frozenset(cases))
