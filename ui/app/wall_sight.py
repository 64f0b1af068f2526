"""观看距离 and 屏宽, as this machine remembers them: type on the wall is drawn for them (docs/wall.md)."""

from __future__ import annotations

from ui.app.preferences import Preferences
from ui.models.wall_type import DISTANCE_M, Sight

_DISTANCE, _WIDTH = "wall/distance_m", "wall/width_m"
DISTANCES = (4.0, 6.0, 8.0, 10.0, 12.0, 16.0)  # offered, metres
WIDTHS = (None, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_NEAREST, _FARTHEST = 0.5, 60.0


def kept_sight(preferences: Preferences) -> Sight:
    """What was set last; 8 m, and the width as the monitors tell it, at first."""
    return Sight(_metres(preferences, _DISTANCE) or DISTANCE_M, _metres(preferences, _WIDTH))


def keep_sight(preferences: Preferences, sight: Sight) -> None:
    """From the wall's next opening on, and of an open one as soon as it is told."""
    preferences.settings.setValue(_DISTANCE, sight.distance_m)
    preferences.settings.setValue(_WIDTH, "" if sight.width_m is None else sight.width_m)


def _metres(preferences: Preferences, key: str) -> float | None:
    try:
        value = float(str(preferences.settings.value(key, "")))
    except ValueError:
        return None
    return value if _NEAREST <= value <= _FARTHEST else None
