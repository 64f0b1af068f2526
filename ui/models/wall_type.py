"""How large type must be on a wall to be read from where people sit; the rule and its sources: docs/wall.md."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, pi, tan

ARC_MINUTES = 10.0  # of the smallest figures and capitals
CAPITAL = 0.733     # their height as a share of the font's size, in the font the program brings (Noto Sans SC)
DISTANCE_M = 8.0
SHORT_SIDE_M = 2.25  # of a wall nobody measured: the 4 m wide 16:9 wall of spec/ui.md
_ROUNDING = 1e-6
_BELIEVED_MM = 1500  # a desk's monitor or a controller's made-up size is no wall


@dataclass(frozen=True, slots=True)
class Sight:
    """Where a wall is read from and how wide it is, in metres. distance_m None: 8 m, and nearer before a wall that is
    smaller than the 4 m wide one of spec/ui.md; width_m None: what the monitors say, else assumed."""

    distance_m: float | None = None
    width_m: float | None = None


def legible_mm(distance_m: float, arc_minutes: float = ARC_MINUTES) -> float:
    """Height in mm that fills this angle at this distance: 23.3 mm at 8 m."""
    return 2000 * distance_m * tan(arc_minutes / 60 * pi / 360)


def wall_width_mm(pixels: tuple[int, int], told_mm: float, sight: Sight) -> float:
    """Width of a wall of so many pixels: as set, else as the monitors tell if it can be a wall's, else assumed."""
    if sight.width_m is not None:
        return sight.width_m * 1000
    if told_mm >= _BELIEVED_MM:
        return told_mm
    return SHORT_SIDE_M * 1000 * pixels[0] / min(pixels)


def smallest_font(pixels: tuple[int, int], told_mm: float = 0.0, sight: Sight | None = None) -> int:
    """Font size in px whose figures are just legible: 16 on a 1920×1080 wall 4 m wide, read at 8 m."""
    sight = sight or Sight()
    per_pixel = wall_width_mm(pixels, told_mm, sight) / max(1, pixels[0])
    share = min(1.0, per_pixel * min(pixels) / 1000 / SHORT_SIDE_M)
    distance = DISTANCE_M * share if sight.distance_m is None else sight.distance_m
    return max(1, ceil(legible_mm(distance) / per_pixel / CAPITAL - _ROUNDING))
