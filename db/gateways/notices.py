"""Reminders: the open ones that the caller sees, and their acknowledgement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text

from commandcenter.domain.notices import Notice
from db.errors import translated

MOST = 5000  # a supervisor of a whole city sees everybody's; his own come first
_PLACE = "coalesce(n.to_org, n.community_id, n.street_id, n.district_id)"
_OPEN = f"""
select n.id, n.case_id, coalesce(n.case_no, n.entity_no), n.kind, n.to_role, {_PLACE}, n.words,
       extract(epoch from n.due)::float8, coalesce(n.clock, 'urgent'), extract(epoch from n.made_at)::float8,
       (n.to_role, {_PLACE}) in (select p.role, p.org_id from cc.my_posts() p) as mine,
       n.entity, n.entity_id, n.party_no
from cc.notice n where n.closed_at is null"""
_ALL = text(f"{_OPEN} order by mine desc, n.id desc limit :most")
_SOME = text(f"{_OPEN} and n.id = any(:ids)")
_ACKNOWLEDGE = text("select cc.acknowledge_notices(cast(:id as uuid), cast(:ids as bigint[]))")


class PgNotices:
    """`ports.Notices` over an autocommit engine; row-level security decides what is seen."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open_notices(self) -> list[Notice]:
        """The open ones, those addressed to the caller first, each part newest first; at most 5,000."""
        with translated(), self._engine.connect() as connection:
            return [Notice(*row) for row in connection.execute(_ALL, {"most": MOST})]

    def notices(self, ids: Sequence[int]) -> list[Notice]:
        """Those of these that are open and seen."""
        if not ids:
            return []
        with translated(), self._engine.connect() as connection:
            return [Notice(*row) for row in connection.execute(_SOME, {"ids": list(ids)})]

    def acknowledge(self, command_id: UUID, ids: Sequence[int]) -> list[int]:
        """Take them on; the ids of those that were still open."""
        with translated():
            connection = self._engine.connect()
        with connection, translated(command_sent=True):
            answer: dict[str, Any] = connection.execute(
                _ACKNOWLEDGE, {"id": str(command_id), "ids": list(ids)}
            ).scalar_one()
        return list(answer["acknowledged"])
