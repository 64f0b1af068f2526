"""What state a stream is in, by the signs its player leaves and by the clock."""

from __future__ import annotations

from commandcenter.domain.video import CONNECTING, LIVE, STALLED
from commandcenter.video.faults import BROKEN_OFF, SILENT, UNREADABLE, Fault
from commandcenter.video.signs import Signs

STALLED_S = 1.0
LOST_S = 3.0
GAPS = 2.5  # a slow stream stalls after so many of its usual gaps
OPENING_S = 6.5  # libav gives up after 6 s; a name that does not resolve it cannot give up
UNREADABLE_S = 5.0
KEY_FRAME_S = 15.0  # cameras send one every 1 to 10 s
HUNG_S = 5.0

Said = tuple[str, str]  # state, words


def judged(signs: Signs, now: float, shown_since: float | None) -> Said | Fault:
    """connecting, live or stalled; or the fault for which the player is to be given up. shown_since: None if hidden."""
    if signs.over:
        return signs.fault or SILENT
    if shown_since is None:
        return _hidden(signs, now)
    if signs.picture_at is None:
        return _without_picture(signs, max(signs.began, shown_since), now)
    age = now - max(signs.picture_at, shown_since)
    if age > max(LOST_S, 2 * GAPS * signs.gap_s):
        return BROKEN_OFF
    if age > max(STALLED_S, GAPS * signs.gap_s):
        return STALLED, "画面卡顿，等待摄像机"
    return LIVE, ""


def hung(signs: Signs, now: float) -> bool:
    """Whether a call of the decoder does not come back: nothing but the end of the process helps."""
    busy_since = signs.busy_since
    return busy_since is not None and now - busy_since > HUNG_S


def _hidden(signs: Signs, now: float) -> Said | Fault:
    if signs.packet_at is None:
        return _without_picture(signs, signs.began, now)
    return BROKEN_OFF if now - signs.packet_at > LOST_S else (LIVE, "未显示")


def _without_picture(signs: Signs, since: float, now: float) -> Said | Fault:
    if signs.packet_at is None:
        return SILENT if now - signs.began > OPENING_S else (CONNECTING, "")
    if now - signs.packet_at > LOST_S:
        return SILENT
    if signs.tried_at is None:
        return SILENT if now - since > KEY_FRAME_S else (CONNECTING, "等待关键帧")
    return UNREADABLE if now - signs.tried_at > UNREADABLE_S else (CONNECTING, "")
