"""When a picture is to be shown, and what is left out when decoding or the screen cannot keep up.

Nothing is queued: what waits does so in the network's own buffers, which are emptied as soon as the delay says so.
"""

from __future__ import annotations

from typing import Protocol

LATE_S = 0.4  # later pictures are decoded but not shown, except a few
PATIENCE_S = 0.5  # so long decoding may try to catch up before it waits for a key frame
GLANCE_S = 0.5  # even when late, one picture in so much time
JUMP_S = 5.0  # more than that is a new clock of the camera, no delay
BACK_S = 1.0  # as is a time so far before the last one: a recording that begins again
QUICKEST_S = 0.014  # no screen shows more than 60 pictures a second, whatever a camera sends
WINDOW_S = 15.0  # a camera's clock that drifts 100 ppm goes 3 ms astray in two windows
BUSY = 0.15  # who waits for less of his time than this may be behind without knowing it
LOOK_S = 1.0
ASSURED_S = 15.0  # and so he looks, but not again before so much time
LIVE_EDGE = 1.3  # reading at most so many seconds of stream in a second means that nothing waits
EDGE_S = 0.3  # measured over so much time


class Timing(Protocol):
    """Says how late a picture is, seconds."""

    def delay_s(self, pts_s: float, now: float) -> float:
        """Of the picture with this time of the camera's; negative while it is not yet due."""

    def forgive(self) -> None:
        """Take the newest picture as being in time."""


class Live:
    """A picture is as late as it is behind the quickest of the last half minute: the two clocks need not agree."""

    def __init__(self) -> None:
        self._least: float | None = None
        self._least_before: float | None = None
        self._window_began = 0.0
        self._newest = self._last_pts_s = 0.0

    def delay_s(self, pts_s: float, now: float) -> float:
        way = now - pts_s
        if self._least is None or abs(way - self._newest) > JUMP_S or pts_s < self._last_pts_s - BACK_S:
            self._begin(way, now)
        self._newest, self._last_pts_s = way, pts_s
        if now - self._window_began > WINDOW_S:
            self._least_before, self._least, self._window_began = self._least, way, now
        self._least = way if self._least is None else min(self._least, way)
        before = self._least if self._least_before is None else self._least_before
        return way - min(self._least, before)

    def forgive(self) -> None:
        self._least = self._least_before = self._newest

    def _begin(self, way: float, now: float) -> None:
        self._least, self._least_before, self._window_began = way, None, now


class Paced:
    """A recording: its first picture is due at once, each other as long after it as it was taken."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._newest = self._last_pts_s = 0.0

    def delay_s(self, pts_s: float, now: float) -> float:
        self._newest = now - pts_s
        if self._began is None or abs(self._newest - self._began) > JUMP_S or pts_s < self._last_pts_s - BACK_S:
            self._began = self._newest
        self._last_pts_s = pts_s
        return self._newest - self._began

    def forgive(self) -> None:
        self._began = self._newest


class CatchUp:
    """Which packets are decoded, which pictures shown. A little late: decode all, show few. Long: on to a key frame."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._late_since: float | None = None
        self._skipped_from: tuple[float, float] | None = None
        self._shown_at = 0.0
        self._waited_s = 0.0
        self._looked_at: float | None = None
        self._assured_at = float("-inf")
        self._busy = False  # so that there may be a backlog from the beginning
        self._seeking = False  # the present, by skipping

    def came(self, waited_s: float, now: float) -> None:
        """A packet came for which one had to wait so long. Who never waits skips once, and so finds the present."""
        if self._looked_at is None:
            self._looked_at = now
        self._waited_s += waited_s
        elapsed_s = now - self._looked_at
        if elapsed_s >= LOOK_S:
            self._busy = self._waited_s < BUSY * elapsed_s and now - self._assured_at > ASSURED_S
            self._looked_at, self._waited_s = now, 0.0

    def decode(self, delay_s: float, pts_s: float, key: bool, now: float) -> bool:
        """Whether this packet goes into the decoder."""
        if self._skipped_from is not None:
            return self._resume(delay_s, pts_s, key, now)
        if self._busy:
            self._busy, self._seeking, self._assured_at = False, True, now
            self._skip_from(pts_s, now)
            return False
        if delay_s <= LATE_S:
            self._late_since = None
        elif self._late_since is None:
            self._late_since = now
        elif now - self._late_since > PATIENCE_S:
            self._skip_from(pts_s, now)
            return False
        return True

    def show(self, delay_s: float, now: float) -> bool:
        """Whether a decoded picture is converted for the screen; ask only if it will be."""
        if now - self._shown_at < (GLANCE_S if delay_s > LATE_S else QUICKEST_S):
            return False
        self._shown_at = now
        return True

    def _skip_from(self, pts_s: float, now: float) -> None:
        self._skipped_from = (now, pts_s)

    def _resume(self, delay_s: float, pts_s: float, key: bool, now: float) -> bool:
        """Go on at a key frame when the backlog is gone; while it is not, at one now and then, to show something."""
        if self._reads_the_present(pts_s, now):
            self._timing.forgive()
            self._seeking, delay_s = False, 0.0
        caught_up = delay_s <= LATE_S and not self._seeking
        if not key or not (caught_up or now - self._shown_at >= GLANCE_S):
            return False
        self._late_since = None if caught_up else now - PATIENCE_S
        self._skipped_from, self._seeking = None, False
        return True

    def _reads_the_present(self, pts_s: float, now: float) -> bool:
        """Whether packets come no quicker than they are made: then nothing waits in the network."""
        assert self._skipped_from is not None
        began, from_pts_s = self._skipped_from
        if now - began < EDGE_S:
            return False
        self._skip_from(pts_s, now)
        return pts_s - from_pts_s < LIVE_EDGE * (now - began)


class Rest:
    """Half of the time at most goes into decoding: for streams whose every picture stands alone."""

    def __init__(self) -> None:
        self._until = 0.0

    def over(self, now: float) -> bool:
        return now >= self._until

    def after_work(self, began: float, now: float) -> None:
        """Rest for as long as it took."""
        self._until = now + (now - began)
