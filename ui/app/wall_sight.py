"""观看距离 and 屏宽, as this machine remembers them: type on the wall is drawn for them (docs/wall.md)."""

from __future__ import annotations

from ui.app.preferences import Preferences
from ui.models.wall_type import Sight

_DISTANCE, _WIDTH = "wall/distance_m", "wall/width_m"
DISTANCES = (None, 4.0, 6.0, 8.0, 10.0, 12.0, 16.0)  # offered, metres
WIDTHS = (None, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_NEAREST, _FARTHEST = 0.5, 60.0


def kept_sight(preferences: Preferences) -> Sight:
    """What was set last; at first as the wall's own size suggests."""
    return Sight(_metres(preferences, _DISTANCE), _metres(preferences, _WIDTH))


def keep_sight(preferences: Preferences, sight: Sight) -> None:
    """From the wall's next opening on, and of an open one as soon as it is told."""
    for key, metres in ((_DISTANCE, sight.distance_m), (_WIDTH, sight.width_m)):
        preferences.settings.setValue(key, "" if metres is None else metres)


def _metres(preferences: Preferences, key: str) -> float | None:
    try:
        value = float(str(preferences.settings.value(key, "")))
    except ValueError:
        return None
    return value if _NEAREST <= value <= _FARTHEST else None
