"""What a map shows beside cases: outlines of grids, where workers are and were, who is responsible for a grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Shapes:
    """Outer rings of grids, WGS-84 degrees: ids (m,), vertices (n, 2) lon lat; offsets (m + 1,): where rings begin."""

    ids: npt.NDArray[np.int64]
    vertices: npt.NDArray[np.float64]
    offsets: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WorkerPosition:
    """Where a member of a grid's team was last. at: Unix seconds of the city's clock; name: empty for the
    hall screen; grid_id: 0 for who serves a whole street or community; street_id: of his grid, wherever he is."""

    worker_id: int
    role: str
    grid_id: int
    street_id: int
    lon: float
    lat: float
    at: float
    name: str


@dataclass(frozen=True, slots=True)
class WorkerFix:
    """What a phone says: a worker was here then. Degrees WGS-84, Unix seconds of the city's clock."""

    worker_id: int
    lon: float
    lat: float
    at: float


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """A point of a patrol track (巡查轨迹); degrees WGS-84, Unix seconds of the city's clock."""

    lon: float
    lat: float
    at: float


@dataclass(frozen=True, slots=True)
class TeamMember:
    """网格长 网格员 自治力量 专业网格员 联动力量 of a grid; the phone masked, empty if none is known."""

    id: int
    grid_id: int
    role: str
    name: str
    phone_masked: str
    org_id: int | None
    line: str


@dataclass(frozen=True, slots=True)
class CasePlaces:
    """Where and when cases were reported: case_ids (n,), lonlat (n, 2) WGS-84, at (n,) Unix seconds of the city's
    clock, item_ids (n,), 0 where the catalogue item is not known yet."""

    case_ids: npt.NDArray[np.int64]
    lonlat: npt.NDArray[np.float64]
    at: npt.NDArray[np.float64]
    item_ids: npt.NDArray[np.int64]
