"""What is said beside a pointer that rests on something on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.models.joint_words import KIND_LABELS
from ui.models.map_areas import GRID
from ui.models.map_marks import CAMERAS, CASES, WHISTLES, WORKERS
from ui.models.map_tally import TIMING_LABELS, TIMINGS
from ui.models.map_words import TEAM_LABELS
from widgets.map import CELLS

if TYPE_CHECKING:
    from ui.screens.map.screen import MapDesk


def set_tips(desk: MapDesk) -> None:
    """One for each layer."""
    for layer, words in ((CELLS, _cell), (CASES, _case), (WORKERS, _worker), (CAMERAS, _camera), (WHISTLES, _summons)):
        desk.canvas.set_tip(layer, lambda key, words=words: words(desk, key))


def _cell(desk: MapDesk, cell: int) -> str:
    tally, key = desk.cases.tally, (GRID, cell)
    found = ((TIMING_LABELS[kind], tally.count(key, kind)) for kind in TIMINGS)
    counts = "　".join(f"{words} {count:,}" for words, count in found if count)
    path = " › ".join(desk.areas.short_name(one) for one in desk.areas.path(key)[1:])
    return f"{path}\n在办 {tally.count(key):,} 件　{counts}".strip()


def _case(desk: MapDesk, case_id: int) -> str:
    row, words = desk.cases.source.picture.rows.get(case_id), desk.place.words
    if row is None:
        return ""
    left = desk.left_words(row)
    return f"{words.number(row)} {words.title(row)}\n{words.state(row)} · {words.responsible(row)} · 剩余 {left}"


def _worker(desk: MapDesk, worker_id: int) -> str:
    worker = desk.book.workers.get(worker_id)
    if worker is None:
        return ""
    role = TEAM_LABELS.get(worker.role, worker.role)
    return f"{role} {worker.name}".strip() + f"\n定位于 {desk.place.words.clock_time(worker.at)}"


def _camera(desk: MapDesk, camera_id: int) -> str:
    camera = desk.place.cameras.cameras.get(camera_id)
    return "" if camera is None else f"{camera.name}\n{camera.place}".strip()


def _summons(desk: MapDesk, summons_id: int) -> str:
    row = desk.joint.source.summons.get(summons_id)
    return "" if row is None else f"{KIND_LABELS.get(row.kind, '')} {row.no}\n{row.title}".strip()
