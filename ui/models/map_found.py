"""What words typed over the map may mean: places, cases, cameras, workers, coordinates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commandcenter.domain.map import WorkerPosition
from commandcenter.domain.model import CaseRow, Org
from commandcenter.domain.pinyin import initials, initials_at, is_initials
from commandcenter.domain.video import Camera
from commandcenter.geo import GCJ02, WGS84, from_crs
from ui.models.camera_columns import found as found_cameras
from ui.models.map_areas import COMMUNITY, DISTRICT, GRID, STREET, Key
from ui.models.map_words import TEAM_LABELS
from ui.models.words import CaseWords

if TYPE_CHECKING:  # rapidfuzz: who never searches does not wait for it
    from commandcenter.domain.gazetteer import Gazetteer, Place

AREA, CASE, CAMERA, WORKER, POINT, NUMBER = "area", "case", "camera", "worker", "point", "number"
_NUMBER = re.compile(r"(?:\d{4}-)?\d{1,12}")
_COORDINATES = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，;；\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*")
_FEW = 4    # of each kind
_AREAS = 40  # a street comes behind all its communities


@dataclass(frozen=True, slots=True)
class Found:
    """One meaning. what: an area's Key, an id, (lon, lat) WGS-84, or a case number that is not open."""

    kind: str
    what: Any
    title: str
    hint: str


@dataclass(frozen=True, slots=True)
class Searched:
    """Where to look. cell_of: the map's cell of a grid. districts: of a city that has several."""

    words: CaseWords
    places: Gazetteer | None
    cell_of: Mapping[int, int]
    cases: Mapping[int, CaseRow]
    cameras: Iterable[Camera]
    workers: Iterable[WorkerPosition]
    districts: Iterable[Org] = ()


def coordinates(text: str) -> tuple[float, float] | None:
    """(lon, lat) as typed, in either order where only one is possible; None if it is no pair of coordinates."""
    match = _COORDINATES.fullmatch(text)
    if match is None:
        return None
    first, second = float(match[1]), float(match[2])
    if abs(second) > 90 and abs(first) <= 90:
        first, second = second, first
    return (first, second) if abs(first) <= 180 and abs(second) <= 90 else None


def search(text: str, where: Searched) -> list[Found]:
    """Best first; quick enough for every key. Nothing for nothing."""
    text = text.strip()
    if not text:
        return []
    if (point := coordinates(text)) is not None:
        return _points(point)
    if _NUMBER.fullmatch(text):
        return [*_cases(text, where), Found(NUMBER, text, f"查找案件 {text}", "含已结案件")]
    found = [*_areas(text, where), *_cameras(text, where), *_workers(text, where)]
    return sorted(found, key=lambda one: _rank(text, one, where))


def _rank(text: str, found: Found, where: Searched) -> int:
    """What is called so; what begins so and is no area; the rest. Streets before communities of the same name."""
    if found.kind != AREA:
        return 2 if found.title.startswith(text) else 4
    kind, number = found.what
    org = None if kind == GRID else where.words.directory.orgs.get(number)
    if org is None or not _called_so(text, org):
        return 3
    return 0 if kind in (DISTRICT, STREET) else 1


def _called_so(text: str, org: Org) -> bool:
    from commandcenter.domain.gazetteer import stem

    short = stem(org.name)
    return text in (org.name, org.short_name, short) or is_initials(text) and initials(short) == text.lower()


def _spelled_so(text: str, org: Org) -> bool:
    return text.lower() in (initials(org.name), initials(org.short_name or org.name))


def _points(point: tuple[float, float]) -> list[Found]:
    """As it is, and as public Chinese web maps mean it."""
    lon, lat = from_crs([point], GCJ02)[0].tolist()
    told = f"{point[0]:.6f}, {point[1]:.6f}"
    return [Found(POINT, point, told, WGS84), Found(POINT, (lon, lat), told, f"{GCJ02}（网络地图坐标）")]


def _cases(text: str, where: Searched) -> Iterator[Found]:
    wanted = text.rpartition("-")[2].lstrip("0")
    exact = [row for row in where.cases.values() if row.no == text or "-" not in text
             and row.no.rpartition("-")[2].lstrip("0") == wanted]  # fmt: skip
    words = where.words
    for row in sorted(exact, key=lambda row: -row.id)[:_FEW]:
        told = f"{words.number(row)} {words.title(row)}"
        yield Found(CASE, row.id, told, f"{words.street(row)} · {words.state(row)}")


def _areas(text: str, where: Searched) -> Iterator[Found]:
    seen: set[Key] = set()
    for org in where.districts:
        if _called_so(text, org) or org.name.startswith(text) or is_initials(text) and _spelled_so(text, org):
            yield Found(AREA, (DISTRICT, org.id), org.name, "区县")
    for place in where.places.find(text, _AREAS) if where.places is not None else ():
        key = _key(place, where.cell_of)
        if key not in seen:
            seen.add(key)
            kind = {STREET: "街道", COMMUNITY: "社区", GRID: "网格"}[key[0]]
            yield Found(AREA, key, place.label, kind)


def _key(place: Place, cell_of: Mapping[int, int]) -> Key:
    if place.grid_id is not None:
        return GRID, cell_of.get(place.grid_id, place.grid_id)
    return (STREET, place.street_id) if place.community_id is None else (COMMUNITY, place.community_id)


def _cameras(text: str, where: Searched) -> Iterator[Found]:
    street = where.words.unit
    for camera in found_cameras(where.cameras, text, street, _FEW):
        yield Found(CAMERA, camera.id, camera.name, f"摄像机 · {street(camera.street_id)}")


def _workers(text: str, where: Searched) -> Iterator[Found]:
    spelled = is_initials(text)
    fitting = [worker for worker in where.workers if worker.name and (
        text in worker.name or spelled and initials_at(text.lower(), worker.name) == 0)]  # fmt: skip
    for worker in sorted(fitting, key=lambda worker: (worker.name, worker.worker_id))[:_FEW]:
        role, grid = TEAM_LABELS.get(worker.role, worker.role), where.words.directory.grids.get(worker.grid_id)
        yield Found(WORKER, worker.worker_id, worker.name, f"{role} · {grid.name if grid else ''}".strip(" ·"))
