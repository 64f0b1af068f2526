"""查看记录: who looked at which camera, when and how long."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from commandcenter.domain.video import MAIN, PURPOSE_LABELS, Viewing
from ui.models.words import CaseWords
from widgets.durations import format_hms
from widgets.live_table import Align, CellKind, Column
from widgets.tones import Tone

_DAY_S = 24 * 3600.0  # a look without an end counts as over by then
_STREAMS = {True: "主码流", False: "子码流"}
_HEAD = ("开始", "结束", "时长", "查看人", "摄像机", "用途", "案件", "码流")
NamedCase = Callable[[int | None], str]


def viewing_columns(words: Callable[[], CaseWords], camera: Callable[[int], str], case: NamedCase,
                    now: Callable[[], float]) -> tuple[Column, ...]:
    """camera(id) and case(id) name them; now(): Unix seconds of the city's clock."""
    return (
        Column("began", "开始", 150, text=lambda v: f"{words().local(v.began_at):%m-%d %H:%M:%S}",
               sort_key=lambda v: (v.began_at, v.id)),
        Column("lasted", "时长", 96, align=Align.RIGHT, text=lambda v: lasted(v, now()),
               tone=lambda v: Tone.ACTION if is_looking(v, now()) else None, sort_key=lambda v: seconds(v, now())),
        Column("who", "查看人", 90, kind=CellKind.STRONG, text=lambda v: words().operator(v.actor_id),
               sort_key=lambda v: words().operator(v.actor_id)),
        Column("camera", "摄像机", 180, stretch=1, text=lambda v: camera(v.camera_id),
               sort_key=lambda v: camera(v.camera_id), tooltip=lambda v: camera(v.camera_id)),
        Column("purpose", "用途", 96, text=lambda v: PURPOSE_LABELS.get(v.purpose, v.purpose),
               sort_key=lambda v: v.purpose),
        Column("case", "案件", 110, kind=CellKind.MUTED, text=lambda v: case(v.case_id),
               sort_key=lambda v: v.case_id or 0, hide_order=1),
        Column("stream", "码流", 84, kind=CellKind.MUTED, text=lambda v: _STREAMS[v.stream == MAIN],
               sort_key=lambda v: v.stream, hide_order=2),
    )  # fmt: skip


def is_looking(viewing: Viewing, now: float) -> bool:
    """Whether it goes on."""
    return viewing.ended_at is None and now - viewing.began_at < _DAY_S


def seconds(viewing: Viewing, now: float) -> float:
    """How long it lasted, or has lasted; -1 of one whose end nobody told."""
    if is_looking(viewing, now):
        return max(0.0, now - viewing.began_at)
    return -1.0 if viewing.ended_at is None else max(0.0, viewing.ended_at - viewing.began_at)


def lasted(viewing: Viewing, now: float) -> str:
    """00:03:10, 正在看, or 未登记结束 of a program that ended without saying so."""
    if is_looking(viewing, now):
        return "正在看"
    return "未登记结束" if viewing.ended_at is None else format_hms(int(seconds(viewing, now)))


def viewing_table(viewings: Sequence[Viewing], words: CaseWords, camera: Callable[[int], str], case: NamedCase,
                  now: float) -> list[list[object]]:
    """Heading and rows for a file."""
    def moment(at: float | None) -> str:
        return "" if at is None else f"{words.local(at):%Y-%m-%d %H:%M:%S}"

    rows = [[moment(v.began_at), moment(v.ended_at), lasted(v, now),
             words.operator(v.actor_id), camera(v.camera_id), PURPOSE_LABELS.get(v.purpose, v.purpose),
             case(v.case_id), _STREAMS[v.stream == MAIN]] for v in viewings]
    return [list(_HEAD), *rows]
