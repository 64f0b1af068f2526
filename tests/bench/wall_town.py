"""What every side of the bench `wall` draws: a city's cells and streets, cases, workers by a fixed seed, same moves."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

GRIDS = Path(__file__).resolve().parents[2] / "resources/profiles/wuji/grids.csv"
CASES, WORKERS, CLASSES, KINDS = 5_000, 1_000, 8, 4
CHANGES = 100                    # cells and markers in an update
FRAMES = 60                      # of a gesture
MARGIN_PX = 24
_REACH = 0.25                    # of the screen to each side, while panning
_DEEPEST = 10.0
_STEP_M = 150.0                  # how far a case or a worker moves
_DIGITS_LONLAT, _DIGITS_PLANE = 6, 1


@dataclass(frozen=True)
class Town:
    """In metres of Web Mercator. Cell i is vertices[offsets[i]:offsets[i + 1]], not closed; groups are streets."""

    vertices: np.ndarray
    offsets: np.ndarray
    groups: np.ndarray
    classes: np.ndarray
    cases: np.ndarray
    kinds: np.ndarray
    workers: np.ndarray

    @property
    def middle(self) -> tuple[float, float]:
        """Of the whole."""
        low, high = self.vertices.min(axis=0), self.vertices.max(axis=0)
        return float((low[0] + high[0]) / 2), float((low[1] + high[1]) / 2)

    def whole(self, width: int, height: int) -> float:
        """Metres a pixel at which all of it is seen."""
        across, up = self.vertices.max(axis=0) - self.vertices.min(axis=0)
        return float(max(across / (width - 2 * MARGIN_PX), up / (height - 2 * MARGIN_PX)))

    def save(self, folder: Path) -> Path:
        """For the sides that read numpy."""
        path = folder / "town.npz"
        np.savez(path, **self.__dict__)
        return path


def read_town(path: Path) -> Town:
    """As saved."""
    with np.load(path) as saved:
        return Town(**{name: saved[name] for name in saved.files})


def made_town() -> Town:
    """The cells of the profile wuji with cases and workers by chance, always the same."""
    import shapely  # the sides only read what was made

    from commandcenter.geo import to_plane

    rows = list(csv.DictReader(GRIDS.open(encoding="utf-8")))
    rings = [shapely.get_coordinates(shapely.from_wkt(row["wkt"]))[:-1] for row in rows]
    offsets = np.cumsum([0, *map(len, rings)])
    vertices = to_plane(np.concatenate(rings))
    streets = {key: number for number, key in enumerate(sorted({row["street_key"] for row in rows}))}
    dice = np.random.default_rng(6)
    return Town(
        vertices, offsets, np.array([streets[row["street_key"]] for row in rows]),
        dice.integers(0, CLASSES, len(rows)), _places(dice, vertices, offsets, CASES), dice.integers(0, KINDS, CASES),
        _places(dice, vertices, offsets, WORKERS),
    )


def _places(dice: np.random.Generator, vertices: np.ndarray, offsets: np.ndarray, count: int) -> np.ndarray:
    """Points between the middle of a cell and one of its corners."""
    cells = dice.integers(0, len(offsets) - 1, count)
    middles = np.add.reduceat(vertices, offsets[:-1])[cells] / np.diff(offsets)[cells][:, None]
    corners = vertices[offsets[cells] + dice.integers(0, np.diff(offsets)[cells])]
    return middles + (corners - middles) * (0.9 * np.sqrt(dice.random((count, 1))))


# ---------------------------------------------------------------- for the web
def write_for_web(town: Town, folder: Path) -> None:
    """GeoJSON as each library wants it: degrees, or the plane's own metres for the one that knows no projection."""
    from commandcenter.geo import to_lonlat

    (west, south), (east, north) = town.vertices.min(axis=0).tolist(), town.vertices.max(axis=0).tolist()
    _write(folder / "bounds.json", {"west": west, "south": south, "east": east, "north": north})
    for name, points, digits in (("lonlat", to_lonlat, _DIGITS_LONLAT), ("plane", np.asarray, _DIGITS_PLANE)):
        rings = np.split(np.round(points(town.vertices), digits), town.offsets[1:-1])
        cells = [_feature(n, "Polygon", [[*ring.tolist(), ring[0].tolist()]], {"name": f"g{n}", "v": value})
                 for n, (ring, value) in enumerate(zip(rings, town.classes.tolist(), strict=True))]
        outlines = [np.round(points(line), digits).tolist() for line in _outlines(town)]
        streets = [_feature(n, "LineString", line, {}) for n, line in enumerate(outlines)]
        _write(folder / f"cells_{name}.json", _collection(cells))
        _write(folder / f"streets_{name}.json", _collection(streets))
        _write(folder / f"points_{name}.json", {
            "cases": np.round(points(town.cases), digits).tolist(), "kinds": town.kinds.tolist(),
            "workers": np.round(points(town.workers), digits).tolist()})


def _outlines(town: Town) -> list[np.ndarray]:
    import shapely

    rings = np.split(town.vertices, town.offsets[1:-1])
    polygons = np.array([shapely.Polygon(ring) for ring in rings])
    streets = [shapely.coverage_union_all(polygons[town.groups == group]) for group in np.unique(town.groups)]
    parts = [part for street in streets for part in shapely.get_parts(street)]
    return [shapely.get_coordinates(part.exterior) for part in parts]


def _feature(number: int, kind: str, coordinates: list[Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": number, "properties": properties,
            "geometry": {"type": kind, "coordinates": coordinates}}


def _collection(features: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")


# ---------------------------------------------------------------- what is done to it
View = list[float]    # x, y, metres a pixel


def whole_view(town: Town, size: tuple[int, int], zoom: float = 1.0) -> View:
    """The middle, so many times nearer than the whole."""
    return [*town.middle, town.whole(*size) / zoom]


def pan_views(town: Town, size: tuple[int, int], zoom: float) -> list[View]:
    """To and fro and up and down over half the screen, up to 32 pixels a frame at 1920x1080."""
    x, y, scale = whole_view(town, size, zoom)
    turns = 2 * np.pi * np.arange(1, FRAMES + 1) / FRAMES
    across, up = _REACH * size[0] * np.sin(turns), _REACH * size[1] * np.sin(2 * turns)
    return [[x + scale * a, y + scale * b, scale] for a, b in zip(across.tolist(), up.tolist(), strict=True)]


def zoom_views(town: Town, size: tuple[int, int]) -> list[View]:
    """From the whole to ten times nearer, towards a case."""
    x, y, scale = whole_view(town, size)
    to_x, to_y = town.cases[0].tolist()
    steps = np.arange(1, FRAMES + 1) / FRAMES
    factors = _DEEPEST**steps
    shares = (1 - 1 / factors) / (1 - 1 / _DEEPEST)    # in the middle of the screen at last
    return [[x + (to_x - x) * share, y + (to_y - y) * share, scale / factor]
            for share, factor in zip(shares.tolist(), factors.tolist(), strict=True)]


def updates(town: Town, rounds: int, seed: int, each: int = CHANGES) -> list[dict[str, Any]]:
    """Cells that get another class and cases that move, by number."""
    dice = np.random.default_rng(seed)
    made = []
    for _ in range(rounds):
        cells, cases = (dice.choice(count, each, replace=False) for count in (len(town.groups), CASES))
        classes, moves = dice.integers(0, CLASSES, each), dice.normal(0, _STEP_M, (each, 2))
        made.append({"cells": cells.tolist(), "classes": classes.tolist(), "cases": cases.tolist(),
                     "places": (town.cases[cases] + moves).tolist()})
    return made


def walks(town: Town, rounds: int, seed: int) -> list[list[list[float]]]:
    """Where all workers are, again and again."""
    dice, at, made = np.random.default_rng(seed), town.workers, []
    for _ in range(rounds):
        at = at + dice.normal(0, _STEP_M / 3, at.shape)
        made.append(np.round(at, 1).tolist())
    return made
