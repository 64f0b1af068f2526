"""`ports_map.MapData` over a fake city: outlines of the profile's own grids, one worker in every tenth of them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from weakref import WeakKeyDictionary

import numpy as np

from commandcenter.domain.errors import InvalidInput, NotAllowed, NotFound
from commandcenter.domain.map import CasePlaces, Shapes, TeamMember, TrackPoint, WorkerPosition
from commandcenter.domain.model import Person
from tests.fakes.city import FakeCity
from tests.fakes.directory import PROFILE
from tests.fakes.door import Door

_MAY_FOLLOW = frozenset({"dispatcher", "supervisor", "street_leader", "evaluator"})
_EVERY = 10
NAMES = ("王建国", "李晓燕", "赵敏", "陈立", "刘洋")


@lru_cache(maxsize=1)
def rings() -> dict[int, np.ndarray]:
    """Outer ring (n, 2) of every grid by id, as the profile draws it."""
    with (PROFILE / "grids.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = [row["wkt"] for row in csv.DictReader(file)]
    return {number: _ring(text) for number, text in enumerate(texts, 1)}


def _ring(wkt: str) -> np.ndarray:
    outer = wkt.partition("((")[2].partition(")")[0]
    return np.array([[float(part) for part in pair.split()] for pair in outer.split(",")])


def middle_of(grid_id: int) -> tuple[float, float]:
    """A point within a grid, WGS-84."""
    lon, lat = rings()[grid_id].mean(axis=0).tolist()
    return lon, lat


@dataclass
class MapTown:
    """What all sessions of a city share."""

    city: FakeCity
    workers: dict[int, WorkerPosition] = field(default_factory=dict)
    tracks: dict[int, list[TrackPoint]] = field(default_factory=dict)
    revealed: list[tuple[int, int, str]] = field(default_factory=list)  # person, member, reason
    places: CasePlaces | None = None

    def __post_init__(self) -> None:
        basic = [grid for grid in self.city.directory.grids.values() if grid.kind == "basic"]
        for grid in basic[::_EVERY]:
            lon, lat = middle_of(grid.id)
            name = NAMES[grid.id % len(NAMES)]
            self.workers[grid.id] = WorkerPosition(grid.id, "worker", grid.id, grid.street_id, lon, lat,
                                                   self.city.now - 60, name)


_towns: WeakKeyDictionary[FakeCity, MapTown] = WeakKeyDictionary()


def map_of(city: FakeCity) -> MapTown:
    """The one that all sessions of a city share."""
    if city not in _towns:
        _towns[city] = MapTown(city)
    return _towns[city]


class FakeMap:
    """Of one person; `door` holds calls and orders errors; `asked` the streets of each question for positions."""

    def __init__(self, city: FakeCity, person: Person) -> None:
        self._city, self._person = city, person
        self.town = map_of(city)
        self.door = Door()
        self.asked: list[list[int] | None] = []

    def shapes(self) -> Shapes:
        """See ports_map.MapData."""
        self.door.enter()
        held = rings()
        offsets = np.concatenate([[0], np.cumsum([len(ring) for ring in held.values()])]).astype(np.int64)
        return Shapes(np.array(list(held), np.int64), np.concatenate(list(held.values())), offsets)

    def positions(self, streets: Sequence[int] | None = None) -> list[WorkerPosition]:
        """See ports_map.MapData."""
        self.door.enter()
        self.asked.append(None if streets is None else list(streets))
        with self._city.lock:
            return [w for w in self.town.workers.values() if streets is None or w.street_id in streets]

    def track(self, worker_id: int, since: float, until: float) -> list[TrackPoint]:
        """See ports_map.MapData."""
        self.door.enter()
        if not _MAY_FOLLOW & self._person.roles():
            raise NotAllowed("您的岗位不能查看网格员轨迹")
        if worker_id not in self.town.workers:
            raise NotFound("没有这个网格员，或他不在您的范围内")
        return [point for point in self.town.tracks.get(worker_id, ()) if since <= point.at <= until]

    def team(self, grid_id: int) -> list[TeamMember]:
        """See ports_map.MapData."""
        self.door.enter()
        if grid_id not in self._city.directory.grids:
            raise NotFound("没有这个网格")
        roles = (("leader", "傅德磊", "139****0001"), ("worker", "萧莉", "139****0002"), ("volunteer", "邓平", ""))
        return [TeamMember(grid_id * 10 + n, grid_id, role, name, phone, None, "")
                for n, (role, name, phone) in enumerate(roles)]

    def reveal_phone(self, member_id: int, reason: str) -> str:
        """See ports_map.MapData."""
        self.door.enter()
        if len(reason.strip()) < 4:
            raise InvalidInput("请填写查看理由（至少 4 个字）", {"field": "reason"})
        self.town.revealed.append((self._person.id, member_id, reason))
        return f"1391000{member_id % 10000:04d}"

    def case_places(self, since: float, until: float, items: Sequence[int] = ()) -> CasePlaces:
        """See ports_map.MapData."""
        self.door.enter()
        with self._city.lock:
            rows = [record.row for record in self._city.records.values()]
        found = [row for row in rows if row.lon is not None and since <= row.reported_at < until
                 and (not items or row.item_id in items)]
        found.sort(key=lambda row: -row.reported_at)
        return CasePlaces(
            np.array([row.id for row in found], np.int64),
            np.array([(row.lon, row.lat) for row in found], np.float64).reshape(-1, 2),
            np.array([row.reported_at for row in found], np.float64),
            np.array([row.item_id or 0 for row in found], np.int64),
        )  # fmt: skip
