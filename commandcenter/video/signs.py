"""What a player leaves behind while it plays, for others to judge."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from commandcenter.video.faults import Fault

RATE_OVER_S = 2.0
USUAL_GAP_S = 0.04


@dataclass(slots=True)
class Signs:
    """How the playing goes, in seconds of time.monotonic(); written by the player's thread alone."""

    began: float
    packet_at: float | None = None
    picture_at: float | None = None
    busy_since: float | None = None  # a call of the decoder that has not come back
    tried_at: float | None = None  # the first packet that went into the decoder
    gap_s: float = USUAL_GAP_S  # usual time between pictures
    delay_s: float = 0.0
    dropped: int = 0
    codec: str = ""
    size: tuple[int, int] = (0, 0)
    hardware: bool = False
    fault: Fault | None = None
    over: bool = False
    shown: deque[float] = field(default_factory=lambda: deque(maxlen=240))

    def rate(self, now: float) -> float:
        """Pictures shown a second, over the last two seconds."""
        since = max(self.began, now - RATE_OVER_S)
        return sum(1 for at in list(self.shown) if at > since) / max(now - since, 0.5)
