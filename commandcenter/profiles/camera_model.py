"""What a deployment says of its cameras (视频): categories and who may look, the cameras, rotation groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

REACH_LABELS: Final = MappingProxyType({"territory": "辖区", "area": "属地", "owner": "归属单位"})
NEVER_VIEW: Final = frozenset({"admin", "gateway", "duty"})
DWELL_S: Final = (5, 3600)


@dataclass(frozen=True, slots=True)
class CameraCategory:
    """``view``: role:reach of those who may look; reach as in :data:`REACH_LABELS`."""

    code: str
    label: str
    view: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CameraEntry:
    """A row of a camera table. ``row``: its number there. ``owner_key``: the unit's. ``view`` None: the category's.

    ``main`` empty: the camera is known, and its addresses, user and password stay as they are.
    """

    row: int
    no: str
    name: str
    category: str
    lon: float
    lat: float
    place: str
    owner_key: str
    main: str = field(repr=False)
    sub: str = field(repr=False)
    user: str = field(repr=False)
    password: str = field(repr=False)
    transport: str
    view: tuple[str, ...] | None
    in_use: bool


@dataclass(frozen=True, slots=True)
class CameraRound:
    """A rotation group (轮巡组) that everybody has; ``cameras`` by their numbers."""

    name: str
    dwell_s: int
    cameras: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CameraPlan:
    """All of it; a deployment without cameras.toml has none."""

    categories: tuple[CameraCategory, ...] = ()
    cameras: tuple[CameraEntry, ...] = ()
    rounds: tuple[CameraRound, ...] = ()


NO_CAMERAS: Final = CameraPlan()
