"""Everything that asks about cases. Scope is row-level security's business; nothing here filters by it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

from commandcenter.domain.duty_state import DutyState
from commandcenter.domain.errors import NotFound
from commandcenter.domain.figures import Figure
from commandcenter.domain.model import CaseFile, CaseRow, NearCase, ShiftFigures, UnitFigures
from commandcenter.domain.rulings import Ruling
from db.errors import translated
from db.gateways.case_file import read_case_file
from db.gateways.case_rows import FIRST_CASES, SELECT_CASES, RowReader
from db.gateways.duty_state import read_duty_state

BATCH = 1000
_FULL_NUMBER = re.compile(r"(\d{4})-(\d{1,9})")  # 2506-002378
_NOT_FOUND = "没有这个案件，或它不在您的范围内"

# A case that was given back belongs to nobody: who had it when it was, stands in the trace before.
_RULINGS = """select e.case_id, c.no, e.seq, extract(epoch from e.at)::float8,
    (select p.unit_id from cc.case_event p where p.case_id = e.case_id and p.district_id = e.district_id
        and p.unit_id is not null and p.seq < (select max(r.seq) from cc.case_event r where r.case_id = e.case_id
          and r.district_id = e.district_id and r.seq < e.seq and r.action = 'return_case')
      order by p.seq desc limit 1),
    e.unit_id, e.actor_name, coalesce(e.what->>'reason', ''), c.street_id, c.item_id
  from cc.case_event e join cc.cases c on c.id = e.case_id and c.district_id = e.district_id
 where e.action = 'rule' and e.at >= to_timestamp(:since) and e.at < to_timestamp(:until)
 order by e.at desc, e.case_id desc, e.seq desc"""


class PgCaseQueries:
    """`ports.CaseQueries`; each question takes one connection of the pool."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def _rows(self, sql: str, **values: Any) -> Sequence[Any]:
        with translated(), self._engine.connect() as connection:
            return connection.execute(text(sql), values).all()

    def open_cases(self) -> Iterator[Sequence[CaseRow]]:
        """All open cases and uncleared forced closures in scope, through a server-side cursor."""
        with translated(), self._engine.connect().execution_options(isolation_level="READ COMMITTED") as connection:
            reader = RowReader(connection)
            result = connection.execute(
                text(f"{SELECT_CASES} where c.open or c.on_ledger"), execution_options={"stream_results": True}
            )
            for part in result.partitions(BATCH):
                yield reader.rows(part)

    def first_cases(self, states: Sequence[str], handlers: Sequence[int] | None, at_most: int) -> list[CaseRow]:
        """The first open cases in these states in the order of work; of these handlers only, if given."""
        given = None if handlers is None else list(handlers)
        return self._cases(FIRST_CASES, states=list(states), handlers=given, at_most=at_most)

    def cases(self, ids: Sequence[int]) -> list[CaseRow]:
        """These cases, open or not; those out of scope are left out."""
        return self._cases(f"{SELECT_CASES} where c.id = any(:ids)", ids=list(ids)) if ids else []

    def _cases(self, sql: str, **values: Any) -> list[CaseRow]:
        with translated(), self._engine.connect() as connection:
            return RowReader(connection).rows(connection.execute(text(sql), values))

    def case_by_no(self, no: str) -> CaseRow | None:
        """A case by its number, or by the number's last digits (then the newest such)."""
        wanted = no.strip()
        if wanted.isdigit() and len(wanted) <= 9:
            ids = [month * 10**9 + int(wanted) for month in self._months()]
        elif found := _FULL_NUMBER.fullmatch(wanted):
            # The number holds month and running number, and they make the id: one month is looked at, not all.
            ids = [(200_000 + int(found[1])) * 10**9 + int(found[2])]
        else:
            return None
        rows = self._cases(f"{SELECT_CASES} where c.id = any(:ids) order by c.id desc limit 1", ids=ids)
        return rows[0] if rows else None

    def _months(self) -> list[int]:
        """The last 25 of the city; this machine's clock may be wrong, and a month begins earlier than in Greenwich."""
        today: datetime = self._rows("select cc.city_now() at time zone 'Asia/Shanghai'")[0][0]
        return [
            (today.year * 12 + today.month - k) // 12 * 100 + (today.year * 12 + today.month - k) % 12 + 1
            for k in range(0, 25)
        ]

    def closed_cases(self, before_id: int | None, limit: int) -> list[CaseRow]:
        """A page of closed cases, newest first, keyset by id."""
        sql = f"{SELECT_CASES} where not c.open and c.id < :before order by c.id desc limit :limit"
        return self._cases(sql, before=before_id or 2**62, limit=limit)

    def case_file(self, case_id: int) -> CaseFile:
        """Everything about one case, in one snapshot."""
        with translated(), self._engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            found = connection.execute(text(f"{SELECT_CASES} where c.id = :id"), {"id": case_id})
            rows = RowReader(connection).rows(found)
            if not rows:
                raise NotFound(_NOT_FOUND)
            return read_case_file(connection, rows[0])

    def attachment(self, case_id: int, seq: int) -> bytes:
        """The content of one attachment."""
        try:
            content = self._rows("select cc.attachment_content(:c, :s)", c=case_id, s=seq)[0][0]
        except NotFound:
            content = None
        if content is None:
            raise NotFound("没有这个附件，或它不在您的范围内")
        return bytes(content)

    def unit_figures(self) -> list[UnitFigures]:
        """How the units of the district stand."""
        return [UnitFigures(*r) for r in self._rows("select * from cc.unit_figures()")]

    def shift_figures(self, since: float) -> ShiftFigures:
        """The caller's own figures since a Unix time."""
        return ShiftFigures(*self._rows("select * from cc.shift_figures(to_timestamp(:since))", since=since)[0])

    def figures(self, since: float, until: float) -> list[Figure]:
        """What happened in scope between two Unix times, in whole hours, from the counters."""
        sql = "select * from cc.figures(to_timestamp(:since), to_timestamp(:until))"
        return [Figure(*r) for r in self._rows(sql, since=since, until=until)]

    def rulings(self, since: float, until: float) -> list[Ruling]:
        """疑难定责 between two Unix times, newest first."""
        return [Ruling(*row) for row in self._rows(_RULINGS, since=since, until=until)]

    def duty_state(self) -> DutyState:
        """Whether somebody does the duty rounds."""
        return read_duty_state(self._engine)

    def near_cases(self, lon: float, lat: float, item_id: int | None) -> list[NearCase]:
        """Open cases within 300 m and 7 days."""
        sql = "select * from cc.near_cases(:lon, :lat, :item)"
        return [NearCase(*r) for r in self._rows(sql, lon=lon, lat=lat, item=item_id)]

    def viewers(self, case_id: int) -> list[int]:
        """Operators who have this case open."""
        return list(self._rows("select cc.viewers(:c)", c=case_id)[0][0])


def city_time(connection: Connection) -> tuple[float, float]:
    """The city's clock: Unix seconds and speed."""
    row = connection.exec_driver_sql(
        "select extract(epoch from city_time)::float8, clock_speed from cc.clock_state()"
    ).one()
    return row[0], row[1]
