"""Outlines, workers, teams and past places: `ports_map.MapData` and `PhonePlatform` over PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Engine, text

from commandcenter.domain.errors import NotFound
from commandcenter.domain.map import CasePlaces, Shapes, TeamMember, TrackPoint, WorkerFix, WorkerPosition
from db.errors import translated
from db.gateways.calling import Caller

MOST_PLACES = 200_000
_CITY = timezone(timedelta(hours=8))
_LAST = 253_000_000_000.0  # of what a date can say

# One row for everything: the driver makes an object of every value it reads, numpy one of all. A polygon is sent as the
# number of its points (4 bytes) and their coordinates; numbers in network order.
_SHAPES = text("""
select array_agg(g.id order by g.id), array_agg(npoints(g.shape) order by g.id),
       string_agg(substring(poly_send(g.shape) from 5), ''::bytea order by g.id) from cc.grid g""")
_PLACE = np.dtype([("id", ">i8"), ("lon", ">f8"), ("lat", ">f8"), ("at", ">f8"), ("item", ">i4")])
# By the months in the ids, too: without them every month's partition would be looked through.
_PLACES = text(f"""
select string_agg(int8send(c.id) || float8send(c.lon) || float8send(c.lat)
       || float8send(extract(epoch from c.reported_at)::float8) || int4send(coalesce(c.item_id, 0)), ''::bytea)
from (select id, lon, lat, reported_at, item_id from cc.cases
       where id >= :low and id < :high and reported_at >= to_timestamp(:since) and reported_at < to_timestamp(:until)
         and lon is not null and (:every or item_id = any(:items))
       order by reported_at desc, id desc limit {MOST_PLACES}) c""")
_POSITIONS = text("""
select w.worker_id, w.role, coalesce(w.grid_id, 0), w.street_id, w.lon, w.lat, extract(epoch from w.at)::float8,
       coalesce(m.name, '')
from cc.worker_position w left join cc.grid_team m on m.id = w.worker_id and m.district_id = w.district_id
where w.at >= (select date_trunc('day', cc.city_now(), 'Asia/Shanghai')) and (:every or w.street_id = any(:streets))
order by w.worker_id""")
_TRACK = text("""
select lon, lat, extract(epoch from at)::float8
from cc.worker_track(:worker, to_timestamp(:since), to_timestamp(:until))""")
_TEAM = text("""
select m.id, g.id, m.role, m.name, m.phone_masked, m.org_id, coalesce(m.line, '')
from cc.grid g left join cc.grid_team m on m.grid_id = g.id or m.org_id in (g.street_id, g.community_id)
where g.id = :grid
order by array_position('{leader,worker,volunteer,specialist,partner}'::text[], m.role), m.name, m.id""")
_MEMBERS = text("""
select m.id, m.grid_id, m.role, m.name, m.phone_masked, m.org_id, coalesce(m.line, '')
from cc.grid_team m join cc.grid g on g.id = m.grid_id and g.district_id = m.district_id
where m.role in ('leader', 'worker') and m.district_id = any(cc.my_homes()) order by m.id""")
_REPORT = """select cc.report_workers(%(workers)s::int[], %(lons)s::float8[], %(lats)s::float8[],
  array(select to_timestamp(s) from unnest(%(ats)s::float8[]) with ordinality k(s, i) order by i))"""
_ASK_PHONE = "select cc.ask_phone(%(member)s, %(reason)s)"
_PHONE = "select cc.reveal_phone(%(look)s)"


class PgMap(Caller):
    """Over an autocommit engine; row-level security decides what is seen. Numbers may come out of numpy's arrays."""

    def __init__(self, engine: Engine, home: int) -> None:
        """`home`: the district, or city, the person belongs to."""
        super().__init__(engine)
        self._home = home

    def shapes(self) -> Shapes:
        """Outlines of all grids of the deployment, every kind."""
        ids, points, corners = self._rows(_SHAPES)[0]
        offsets = np.concatenate([[0], np.cumsum(points or [], dtype=np.int64)]).astype(np.int64)
        vertices = np.frombuffer(corners or b"", ">f8").astype(np.float64).reshape(-1, 2)
        return Shapes(np.array(ids or [], np.int64), vertices, offsets)

    def positions(self, streets: Sequence[int] | None = None) -> list[WorkerPosition]:
        """Where the workers of these streets (None: of all in sight) were last heard of today."""
        rows = self._rows(_POSITIONS, every=streets is None, streets=[int(s) for s in streets or ()])
        return [WorkerPosition(*row) for row in rows]

    def track(self, worker_id: int, since: float, until: float) -> list[TrackPoint]:
        """A worker's track, oldest first."""
        asked = {"worker": int(worker_id), "since": float(since), "until": float(until)}
        return [TrackPoint(*row) for row in self._rows(_TRACK, **asked)]

    def team(self, grid_id: int) -> list[TeamMember]:
        """Who is responsible for a grid: its own people and those who serve its street or community."""
        rows = self._rows(_TEAM, grid=int(grid_id))
        if not rows:
            raise NotFound("没有这个网格")
        return [TeamMember(*row) for row in rows if row[0] is not None]

    def reveal_phone(self, member_id: int, reason: str) -> str:
        """Record the look, let that be committed, then ask for the number."""
        look = self._call(_ASK_PHONE, command=False, member=int(member_id), reason=reason)
        phone: str = self._call(_PHONE, command=False, look=look)
        return phone

    def case_places(self, since: float, until: float, items: Sequence[int] = ()) -> CasePlaces:
        """Where cases in sight were reported between two instants, newest first."""
        asked = {"since": float(since), "until": float(until), "items": [int(item) for item in items]}
        months = {"low": _first_of_month(since, 0), "high": _first_of_month(until, 1)}
        packed = self._rows(_PLACES, every=not asked["items"], **asked, **months)[0][0]
        found: npt.NDArray[Any] = np.frombuffer(packed or b"", _PLACE)
        lonlat = np.column_stack([found["lon"], found["lat"]]).astype(np.float64)
        return CasePlaces(
            found["id"].astype(np.int64), lonlat, found["at"].astype(np.float64), found["item"].astype(np.int64)
        )

    def members(self) -> list[TeamMember]:
        """Leaders and workers of all grids of the caller's district or city, by id."""
        return [TeamMember(*row) for row in self._rows(_MEMBERS)]

    def report(self, fixes: Sequence[WorkerFix]) -> int:
        """Where workers were, as a phone platform."""
        if not fixes:
            return 0
        stored: int = self._call(
            _REPORT, command=False, workers=[fix.worker_id for fix in fixes], lons=[fix.lon for fix in fixes],
            lats=[fix.lat for fix in fixes], ats=[fix.at for fix in fixes],
        )  # fmt: skip
        return stored

    def _rows(self, statement: Any, **values: Any) -> list[Any]:
        with translated(), self._engine.connect() as connection:
            return list(connection.execute(statement, values))


def _first_of_month(seconds: float, later: int) -> int:
    """The lowest id of a case of that instant's month in the city, or of the month `later`."""
    day = datetime.fromtimestamp(min(max(seconds, 0.0), _LAST), _CITY)
    months = day.year * 12 + day.month - 1 + later
    return (months // 12 * 100 + months % 12 + 1) * 10**9
