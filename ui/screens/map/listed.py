"""Which cases a list shows: those for which something holds, following every change, or a drawn selection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from commandcenter.domain.model import CaseRow
from commandcenter.geo import to_lonlat, to_plane
from ui.models.map_areas import TOP, Key
from ui.models.map_tally import TIMING_LABELS, CaseTally
from widgets.map.data import Points
from widgets.map.rings import inside

Test = Callable[[CaseRow, CaseTally], bool]


@dataclass(frozen=True, slots=True)
class Listed:
    """title: what it is. test: whether a case of the source belongs to it. ids: exactly these instead, also such as
    are closed and must be read. drawn: it was drawn with box or lasso. place: WGS-84 degrees of its middle."""

    title: str
    test: Test | None = None
    ids: frozenset[int] | None = None
    drawn: bool = False
    place: tuple[float, float] | None = None

    def holds(self, row: CaseRow, tally: CaseTally) -> bool:
        """Whether a case of the source is to be listed."""
        if self.ids is not None:
            return row.id in self.ids
        return self.test is not None and self.test(row, tally)


def of_area(name: str, key: Key, kind: int | None = None) -> Listed:
    """Open cases of a node, of one kind or of all: exactly those that its figure counts."""
    def test(row: CaseRow, tally: CaseTally) -> bool:
        found = tally.kind(row.id)
        return found is not None and kind in (None, found) and (key == TOP or key in tally.areas.chain(row))
    return Listed(name if kind is None else f"{name} · {TIMING_LABELS[kind]}", test)


def without_place(name: str, key: Key) -> Listed:
    """Open cases of a node that have no coordinates: they are in the figures and not on the map."""
    def test(row: CaseRow, tally: CaseTally) -> bool:
        return row.id in tally and row.lon is None and key in tally.areas.chain(row)
    return Listed(f"{name} · 无坐标", test)


def in_polygon(title: str, polygon: Points, kinds: frozenset[int], focus: Key,
               place: tuple[float, float]) -> Listed:
    """Open cases within what was drawn, of the kinds and in the node that are shown; who comes in later is listed,
    too."""
    (west, south), (east, north) = to_lonlat([polygon.min(axis=0), polygon.max(axis=0)]).tolist()

    def test(row: CaseRow, tally: CaseTally) -> bool:
        if row.lon is None or row.lat is None or not (west <= row.lon <= east and south <= row.lat <= north):
            return False
        if tally.kind(row.id) not in kinds or focus not in tally.areas.chain(row):
            return False
        return bool(inside(to_plane([(row.lon, row.lat)]), polygon)[0])
    return Listed(title, test, drawn=True, place=place)
