"""What each category of place looks like; every seed gives another of its kind."""

from __future__ import annotations

from collections.abc import Callable

from commandcenter.video.demo.scene.film import Scene
from commandcenter.video.demo.scene.light import Light
from commandcenter.video.demo.scene.open_places import car_park, mall, riverside
from commandcenter.video.demo.scene.roadsides import hospital, school, street

LAYOUTS: dict[str, Callable[[tuple[int, int], Light, int], Scene]] = {
    "street": street, "school": school, "hospital": hospital, "mall": mall, "car_park": car_park,
    "riverside": riverside,
}  # fmt: skip
