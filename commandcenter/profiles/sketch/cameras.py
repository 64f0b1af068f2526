"""Draws the sample cameras of a deployment: ``python -m commandcenter.profiles.sketch.cameras NAME``.

It writes cameras.csv; categories stand in cameras.toml already. Every camera lies inside a real unit grid, and its
address is a clip that the program shows by itself.
"""

from __future__ import annotations

import random
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import shapely

from commandcenter.profiles.camera_table import CAMERA_COLUMNS
from commandcenter.profiles.grid_file import read_grids
from commandcenter.profiles.model import GridCell, OrgUnit, homes_of
from commandcenter.profiles.organisation_files import read_org
from commandcenter.profiles.reader import RESOURCES
from commandcenter.profiles.sketch.tables import write_table

TOTAL = 54
IDLE_EACH = 18  # every so many one is out of service
_SEED = "cameras"


@dataclass(frozen=True, slots=True)
class Kind:
    """Cameras of a category. ``lines``: of whoever may own them, the first that the city has; none: the street."""

    share: int
    clip: str
    clips: int
    lines: tuple[str, ...]
    names: tuple[str, ...]


KINDS = {
    "street": Kind(
        9, "street", 4, ("公安",), ("{road}与{cross}路口", "{road}东段", "{road}公交站旁", "{road}人行天桥")
    ),
    "traffic": Kind(6, "street", 4, ("交警", "交通支队", "公安"), ("{road}卡口", "{road}与{cross}路口球机")),
    "car_park": Kind(5, "car_park", 2, (), ("{road}公共停车场入口", "{road}停车场出口", "{road}立体车库")),
    "mall": Kind(5, "mall", 2, ("商务", "市场监管"), ("{road}购物中心正门", "{road}农贸市场", "{road}商业街中庭")),
    "hospital": Kind(
        4, "hospital", 2, ("卫健", "卫健委"), ("{short}社区卫生服务中心", "{road}医院急诊门", "{road}医院门诊楼前")
    ),
    "school": Kind(
        6, "school", 2, ("教育", "教体", "教委"), ("{short}中心小学校门", "{road}中学校门", "{road}幼儿园门口")
    ),
    "riverside": Kind(
        4, "riverside", 2, ("水务", "农水", "城乡水务"), ("{road}河道水位", "{road}桥下", "{road}亲水平台")
    ),
    "scenic": Kind(4, "street", 4, ("文旅",), ("{road}景区入口", "{road}游客中心", "{road}牌坊")),
    "construction": Kind(3, "street", 4, ("住建", "住建委", "城管"), ("{road}工地大门", "{road}渣土出口")),
}


def draw_cameras(
    codes: Sequence[str], org: Sequence[OrgUnit], grids: Sequence[GridCell], roads: Mapping[str, Sequence[str]]
) -> Iterator[tuple[object, ...]]:
    """Rows of cameras.csv, by category and street in turn; the same sources, the same rows."""
    rng, homes, units = random.Random(_SEED), homes_of(org), {unit.key: unit for unit in org}
    streets = cycle(_streets(org, homes))
    cells: dict[str, list[GridCell]] = {}
    for cell in grids:
        if cell.kind == "unit":
            cells.setdefault(cell.street_key, []).append(cell)
    wanted = [code for code in codes for _ in range(KINDS[code].share * TOTAL // sum(KINDS[c].share for c in codes))]
    used: set[str] = set()
    for number, code in enumerate(wanted, 1):
        kind, street = KINDS[code], next(streets)
        cell = rng.choice(cells[street.key])
        lon, lat = _point(rng, cell)
        owner = _owner(kind, street, homes[street.key], units)
        address, name = _named(rng, kind, street, roads.get(street.key, ()), used)
        stream = f"demo://{kind.clip}-{(number - 1) % kind.clips + 1}"
        state = "停用" if number % IDLE_EACH == 0 else ""
        place = f"{street.name}{units[cell.community_key].name}{address}"
        yield (
            f"{homes[street.key][:6]}0000132{number:07d}", name, code, lon, lat, place, owner,
            f"{stream}/main", f"{stream}/sub", "", "", "tcp", "", state,
        )  # fmt: skip


def _streets(org: Sequence[OrgUnit], homes: Mapping[str, str]) -> list[OrgUnit]:
    """All of a district; of a city those of its first district, and as many of the next ones."""
    streets = [unit for unit in org if unit.kind == "street"]
    first = homes[streets[0].key]
    centre = [street for street in streets if homes[street.key] == first]
    return [*centre, *[street for street in streets if homes[street.key] != first][: len(centre)]]


def _point(rng: random.Random, cell: GridCell) -> tuple[float, float]:
    """Well inside the outline: a file's six digits must not leave it."""
    shape = shapely.Polygon(cell.polygon)
    inner = shape.buffer(-0.05 * shape.length / 4)
    west, south, east, north = shape.bounds
    for _ in range(200):
        lon, lat = round(rng.uniform(west, east), 6), round(rng.uniform(south, north), 6)
        if inner.contains(shapely.Point(lon, lat)):
            return lon, lat
    point = shape.representative_point()
    return round(point.x, 6), round(point.y, 6)


def _owner(kind: Kind, street: OrgUnit, district: str, units: Mapping[str, OrgUnit]) -> str:
    keys = [key for line in kind.lines for key in (f"D-{district}-{line}", f"D-{line}") if key in units]
    return keys[0] if keys else street.key


def _named(
    rng: random.Random, kind: Kind, street: OrgUnit, roads: Sequence[str], used: set[str]
) -> tuple[str, str]:
    """An address, and a name that no other has."""
    while True:
        road, cross = rng.sample(roads, 2) if len(roads) > 1 else (f"{street.short_name}{w}" for w in ("大街", "北路"))
        name = rng.choice(kind.names).format(road=road, cross=cross, short=street.short_name)
        house = rng.randint(1, 168)
        for full in (name, f"{name}{house}号"):
            if full not in used:
                used.add(full)
                return f"{road}{house}号", full


def write_cameras(name: str, root: Path = RESOURCES) -> Path:
    """Write a deployment's cameras.csv."""
    folder = root / "profiles" / name
    org = read_org(folder / "org.csv")
    codes = [entry["code"] for entry in tomllib.loads((folder / "cameras.toml").read_text("utf-8"))["category"]]
    places = root / "simulation" / "places" / f"{name}.toml"
    roads = tomllib.loads(places.read_text("utf-8"))["roads"] if places.exists() else {}
    rows = draw_cameras(codes, org, read_grids(folder / "grids.csv", org), roads)
    return write_table(folder / "cameras.csv", CAMERA_COLUMNS, rows)


if __name__ == "__main__":
    sys.stdout.write(f"{write_cameras(sys.argv[1])}\n")
