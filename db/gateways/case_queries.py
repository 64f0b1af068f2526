"""Everything that asks about cases. Scope is row-level security's business; nothing here filters by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

from commandcenter.domain.errors import NotFound
from commandcenter.domain.model import CaseFile, CaseRow, NearCase, ShiftFigures, UnitFigures
from db.errors import translated
from db.gateways.case_file import read_case_file
from db.gateways.case_rows import SELECT_CASES, case_row

BATCH = 1000
_NOT_FOUND = "没有这个案件，或它不在您的范围内"


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
            result = connection.execution_options(stream_results=True).execute(
                text(f"{SELECT_CASES} where c.open or c.on_ledger")
            )
            for part in result.partitions(BATCH):
                yield [case_row(r) for r in part]

    def cases(self, ids: Sequence[int]) -> list[CaseRow]:
        """These cases, open or not; those out of scope are left out."""
        if not ids:
            return []
        return [case_row(r) for r in self._rows(f"{SELECT_CASES} where c.id = any(:ids)", ids=list(ids))]

    def case_by_no(self, no: str) -> CaseRow | None:
        """A case by its number, or by the number's last digits (then the newest such)."""
        wanted = no.strip()
        if wanted.isdigit() and len(wanted) <= 9:
            number = int(wanted)
            sql = f"{SELECT_CASES} where c.id = any(:ids) order by c.id desc limit 1"
            rows = self._rows(sql, ids=[month * 10**9 + number for month in self._months()])
        else:
            rows = self._rows(f"{SELECT_CASES} where c.no = :no limit 1", no=wanted)
        return case_row(rows[0]) if rows else None

    def _months(self) -> list[int]:
        today = datetime.now(UTC)
        return [
            (today.year * 12 + today.month - k) // 12 * 100 + (today.year * 12 + today.month - k) % 12 + 1
            for k in range(0, 25)
        ]

    def closed_cases(self, before_id: int | None, limit: int) -> list[CaseRow]:
        """A page of closed cases, newest first, keyset by id."""
        sql = f"{SELECT_CASES} where not c.open and c.id < :before order by c.id desc limit :limit"
        return [case_row(r) for r in self._rows(sql, before=before_id or 2**62, limit=limit)]

    def case_file(self, case_id: int) -> CaseFile:
        """Everything about one case, in one snapshot."""
        with translated(), self._engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            rows = connection.execute(text(f"{SELECT_CASES} where c.id = :id"), {"id": case_id}).all()
            if not rows:
                raise NotFound(_NOT_FOUND)
            return read_case_file(connection, case_row(rows[0]))

    def attachment(self, case_id: int, seq: int) -> bytes:
        """The content of one attachment."""
        rows = self._rows("select content from cc.attachment where case_id = :c and seq = :s", c=case_id, s=seq)
        if not rows:
            raise NotFound("没有这个附件，或它不在您的范围内")
        return bytes(rows[0][0])

    def unit_figures(self) -> list[UnitFigures]:
        """How the units of the district stand."""
        return [UnitFigures(*r) for r in self._rows("select * from cc.unit_figures()")]

    def shift_figures(self, since: float) -> ShiftFigures:
        """The caller's own figures since a Unix time."""
        return ShiftFigures(*self._rows("select * from cc.shift_figures(to_timestamp(:since))", since=since)[0])

    def near_cases(self, lon: float, lat: float, item_id: int | None) -> list[NearCase]:
        """Open cases within 300 m and 7 days."""
        sql = "select * from cc.near_cases(:lon, :lat, :item)"
        return [NearCase(*r) for r in self._rows(sql, lon=lon, lat=lat, item=item_id)]

    def viewers(self, case_id: int) -> list[int]:
        """Operators who have this case open."""
        return [r[0] for r in self._rows("select operator_id from cc.presence where case_id = :c", c=case_id)]


def city_time(connection: Connection) -> tuple[float, float]:
    """The city's clock: Unix seconds and speed."""
    row = connection.exec_driver_sql(
        "select extract(epoch from city_time)::float8, clock_speed from cc.clock_state()"
    ).one()
    return row[0], row[1]
