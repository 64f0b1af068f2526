"""回放: the clock and the picture of a moment that is past."""

from commandcenter.replay.clock import SPEEDS, ReplayClock
from commandcenter.replay.picture import Advanced, ReplayPicture

__all__ = ["SPEEDS", "Advanced", "ReplayClock", "ReplayPicture"]
