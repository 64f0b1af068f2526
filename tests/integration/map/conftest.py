"""A town whose workers carry phones: one with a login of his own, the others heard of through a platform."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.integration.security.conftest import Psql
from tests.support.hands import Hands
from tests.support.town import Town

OWN = "select cc.report_positions(%s::float8[], %s::float8[], %s::timestamptz[])"
OF_OTHERS = "select cc.report_workers(%s::int[], %s::float8[], %s::float8[], %s::timestamptz[])"
IN_A1, IN_B1 = (116.0025, 40.0025), (116.0225, 40.0025)
METRE = 1 / 111_195  # degrees of latitude


@dataclass(frozen=True)
class Phones:
    """Acts as phones do. worker: t_grid_a1's own person (甲一); mate: his 网格长; far: somebody of 乙一."""

    hands: Hands
    worker: int
    mate: int
    far: int

    def now(self) -> float:
        """Unix seconds of the city's clock, a whole one."""
        return float(int(self.hands.sql("select extract(epoch from cc.city_now())")))

    def own(self, points: Sequence[tuple[float, float, float]], login: str = "grid_a1") -> int:
        """lon, lat, at of the phone's owner; how many were new."""
        lons, lats, ats = columns(points)
        return int(self.hands.as_person(login, OWN, lons, lats, ats))

    def of(self, worker: int, points: Sequence[tuple[float, float, float]], login: str = "channel") -> int:
        """The same for a worker, through a platform."""
        lons, lats, ats = columns(points)
        return int(self.hands.as_person(login, OF_OTHERS, [worker] * len(ats), lons, lats, ats))

    def place(self, worker: int) -> tuple[Any, ...]:
        """lon, lat, at (Unix seconds) as stored."""
        return self.hands.rows(
            "select lon, lat, extract(epoch from at)::float8 from cc.worker_position where worker_id = %s", worker
        )[0]

    def track(self, worker: int) -> list[tuple[float, bool]]:
        """When, and whether it is noise."""
        return self.hands.rows(
            "select extract(epoch from at)::float8, noise from cc.patrol_track where worker_id = %s order by at", worker
        )

    def told(self) -> list[int]:
        """Streets by the feed's rows of kind position, oldest first."""
        return [row[0] for row in self.hands.rows("select entity_id from cc.feed where kind = 'position' order by id")]

    def forget(self) -> None:
        """No position, no track, no word of it."""
        self.hands.sql("set session_replication_role = replica")
        for table in ("worker_position", "patrol_track", "feed where kind = 'position'"):
            self.hands.sql(f"delete from cc.{table}")
        self.hands.sql("reset session_replication_role")


def columns(points: Sequence[tuple[float, float, float]]) -> tuple[list[float], list[float], list[datetime]]:
    """Points as a phone sends them."""
    return [p[0] for p in points], [p[1] for p in points], [datetime.fromtimestamp(p[2], UTC) for p in points]


@pytest.fixture(scope="module")
def hands(shared_town: Town) -> Hands:
    return Hands(shared_town)


@pytest.fixture(scope="module")
def platform(hands: Hands) -> Phones:
    """The town's people with one more in 乙一 and one login linked, once for the module."""
    far = hands.sql(
        "insert into cc.grid_team (district_id, grid_id, role, name, phone_masked)"
        " select district_id, id, 'worker', '乙一网格员', '139****0109' from cc.grid where key = 'G-B1' returning id"
    )
    hands.sql("insert into cc.grid_phone select district_id, id, '13900000109' from cc.grid_team where id = %s", far)
    by_name = "select id from cc.grid_team where name = %s"
    worker, mate = hands.sql(by_name, "甲一网格员"), hands.sql(by_name, "甲一网格长")
    hands.as_person("admin", "select cc.link_worker('t_grid_a1', %s)", worker)
    return Phones(hands, worker, mate, far)


@pytest.fixture
def phones(platform: Phones) -> Phones:
    """Nobody was heard of yet."""
    platform.forget()
    return platform


@pytest.fixture(scope="module")
def psql(shared_town: Town) -> Callable[[str], Psql]:
    """The psql of a person; one connection each for the whole module."""
    opened: dict[str, Psql] = {}

    def open_one(login: str) -> Psql:
        if login not in opened:
            opened[login] = Psql(shared_town.psql(login))
        return opened[login]

    return open_one
