"""What a slot says of its camera and stream."""

from __future__ import annotations

from datetime import datetime

from commandcenter.domain.video import (
    CONNECTING,
    FORBIDDEN,
    IDLE,
    LIVE,
    LOST,
    STALLED,
    STATE_LABELS,
    UNSUPPORTED,
    Camera,
    StreamReport,
)
from widgets.durations import format_hms
from widgets.tones import Tone
from widgets.video import SlotFace

_TONES = {
    LIVE: Tone.OK, CONNECTING: Tone.ACTION, STALLED: Tone.NEAR, LOST: Tone.OVERDUE, FORBIDDEN: Tone.NEAR,
    UNSUPPORTED: Tone.NEAR, IDLE: Tone.MUTED,
}  # fmt: skip
_SLOW_S = 1.0  # a picture that is further behind is said to be so


def slot_face(camera: Camera | None, report: StreamReport, now: float, pictured_at: float = 0.0, note: str = "",
              marks: str = "") -> SlotFace:
    """now, pictured_at: Unix seconds of this machine; pictured_at: when the picture that is shown came, 0 for none."""
    if camera is None:
        return SlotFace()
    live, tone = report.state == LIVE, _TONES[report.state]
    if live and report.delay_s > _SLOW_S:
        tone = Tone.NEAR
    return SlotFace(camera.name, note, _status(report, now), tone, live, _words(report, now, pictured_at), marks)


def _status(report: StreamReport, now: float) -> str:
    if report.state == LIVE:
        return f"{report.fps:.0f} fps · {report.delay_s:.1f} s"
    if report.state in (LOST, STALLED):
        return f"{STATE_LABELS[report.state]} {format_hms(max(0, int(now - report.since)))}"
    return STATE_LABELS[report.state]


def _words(report: StreamReport, now: float, pictured_at: float) -> str:
    if report.state == LIVE:
        return ""
    first = report.words or STATE_LABELS[report.state]
    if report.state in (LOST, STALLED) and pictured_at:
        return f"{first}\n画面停在 {datetime.fromtimestamp(pictured_at):%H:%M:%S}"
    return first
