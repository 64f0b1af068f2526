"""How cases, whistles, workers and cameras look on the map, and which of the cases are marked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commandcenter.domain.model import CaseRow
from commandcenter.geo import to_plane
from ui.models.map_areas import TOP, Key
from ui.models.map_tally import CaseTally
from widgets.map.data import Sprite
from widgets.tones import Tone

CASES, WHISTLES, WORKERS, CAMERAS, FOUND = "cases", "whistles", "workers", "cameras", "found"
CASE_SPRITES = (Sprite("circle", Tone.OK), Sprite("triangle", Tone.NEAR), Sprite("diamond", Tone.OVERDUE))
WHISTLE_SPRITES = (Sprite("ring", Tone.MULTI), Sprite("square", Tone.MULTI))  # 吹哨, 联合执法令
WORKER_SPRITES = (Sprite("person", Tone.ACTION),)
FOUND_SPRITES = (Sprite("diamond", Tone.ACTION),)  # a point that was typed
CAMERA_SPRITES = (Sprite("camera", Tone.ACTION), Sprite("camera", Tone.MUTED))  # may be opened, or not


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Markers: ids (n,), xy (n, 2) on the plane, kinds (n,); and cases told of that have none."""

    ids: NDArray[np.int64]
    xy: NDArray[np.float64]
    kinds: NDArray[np.int64]
    without: tuple[int, ...]


def case_marks(rows: Iterable[CaseRow], tally: CaseTally, kinds: Collection[int], focus: Key) -> Marks:
    """Markers of those of the rows that count in the tally, are of these kinds, lie in the node and have a place."""
    ids: list[int] = []
    lons: list[float] = []
    lats: list[float] = []
    shown: list[int] = []
    without: list[int] = []
    for row in rows:
        kind = tally.kind(row.id)
        if kind is None or kind not in kinds or row.lon is None or row.lat is None or not _inside(row, tally, focus):
            without.append(row.id)
            continue
        ids.append(row.id)
        lons.append(row.lon)
        lats.append(row.lat)
        shown.append(kind)
    xy = to_plane(np.column_stack([lons, lats])) if ids else np.empty((0, 2))
    return Marks(np.array(ids, np.int64), xy, np.array(shown, np.int64), tuple(without))


def _inside(row: CaseRow, tally: CaseTally, focus: Key) -> bool:
    return focus == TOP or focus in tally.areas.chain(row)
