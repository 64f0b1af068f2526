"""What the map says of what was picked: facts of a grid, a camera, a worker, a whistle, as lines of words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from commandcenter.domain.joint import SummonsRow
from commandcenter.domain.map import TrackPoint, WorkerPosition
from commandcenter.domain.model import CaseRow
from commandcenter.domain.video import Camera
from ui.models.camera_columns import may_open, state_word
from ui.models.joint_words import JointWords
from ui.models.words import NONE, CaseWords

TEAM_LABELS = {"leader": "网格长", "worker": "网格员", "volunteer": "自治力量", "specialist": "专业网格员",
               "partner": "联动力量"}  # fmt: skip
_EARTH_M = 6_371_008.8


def case_facts(words: CaseWords, row: CaseRow) -> list[str]:
    """Where, who, from whom; what was told."""
    return [f"{words.street(row)} · {words.place(row)}",
            f"{words.state(row)} · {words.grade(row)} · {words.responsible(row)} · 来源 {words.channel(row)}",
            row.summary]  # fmt: skip


def camera_facts(words: CaseWords, camera: Camera, kind: str) -> list[str]:
    """What it is, where it looks, whether it can be opened."""
    state = "可以查看" if may_open(camera) else f"不能查看：{state_word(camera, False)}"
    return [f"{kind} · {words.unit(camera.street_id)}", camera.place, f"{state} · 属 {words.unit(camera.owner_id)}"]


def worker_facts(words: CaseWords, worker: WorkerPosition) -> list[str]:
    """Who he is, whose, and when he was heard of."""
    grid = words.directory.grids.get(worker.grid_id)
    where = " · ".join((words.unit(worker.street_id), grid.name if grid else NONE))
    return [f"{TEAM_LABELS.get(worker.role, worker.role)} · {where}", f"定位于 {words.clock_time(worker.at)}"]


def summons_facts(words: JointWords, row: SummonsRow, now: float) -> list[str]:
    """Who calls whom, and how far it is."""
    parties = row.live_parties
    there = sum(party.arrived_at is not None for party in parties)
    names = "、".join(words.short(party) for party in parties) or "还没有参加单位"
    return [f"{words.caller(row)} · {words.state(row)} · {words.level(row).text}", words.appointed(row, now),
            f"到场 {there}/{len(parties)}：{names}"]  # fmt: skip


def track_words(words: CaseWords, points: Sequence[TrackPoint]) -> str:
    """今日轨迹 08:02–11:47 · 3.4 km · 212 个点."""
    if not points:
        return "今日没有轨迹"
    first, last = (words.local(points[at].at).strftime("%H:%M") for at in (0, -1))
    return f"今日轨迹 {first}–{last} · {track_length(points) / 1000:,.1f} km · {len(points):,} 个点"


def track_length(points: Sequence[TrackPoint]) -> float:
    """Metres along the way on a sphere (haversine)."""
    if len(points) < 2:
        return 0.0
    lon, lat = np.radians([(point.lon, point.lat) for point in points]).T
    half = np.sin(np.diff(lat) / 2) ** 2 + np.cos(lat[:-1]) * np.cos(lat[1:]) * np.sin(np.diff(lon) / 2) ** 2
    return float((2 * _EARTH_M * np.arcsin(np.sqrt(half))).sum())
