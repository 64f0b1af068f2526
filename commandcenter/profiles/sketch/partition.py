"""Divides a polygon into territories: boxes weighted to an area, or relaxed Voronoi cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import MultiPoint, Polygon

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BoxHint:
    """Where a territory roughly lies: bounding box in metres, and an area that counts only relative to the others."""

    key: str
    min_x: float
    min_y: float
    max_x: float
    max_y: float
    area: float


def partition_by_boxes(outline: Polygon, hints: Sequence[BoxHint], step: float = 30.0) -> list[Polygon]:
    """Divide ``outline`` (metres) into one part per hint, near its box and with its share of the area.

    Works on a raster of ``step`` metres, whose staircases are then straightened together so that
    neighbours keep one common border.
    """
    points = _raster(outline, step)
    labels = _balanced_labels(points, shapely.contains_xy(outline, points), hints, step)
    blocks = _label_blocks(points, labels, len(hints), step)
    straight = shapely.coverage_simplify(blocks, tolerance=3.0 * step, simplify_boundary=False)
    return attach_orphans([block.intersection(outline) for block in straight])


def voronoi_cells(area: Polygon, count: int, rng: np.random.Generator, rounds: int = 14) -> list[Polygon]:
    """Divide ``area`` into ``count`` Voronoi cells evened out by ``rounds`` of Lloyd's relaxation."""
    if count == 1:
        return [area]
    seeds = _scatter(area, count, rng)
    for _ in range(rounds):
        seeds = np.array([_seat(cell) for cell in _clipped_voronoi(area, seeds)])
    return attach_orphans(_clipped_voronoi(area, seeds))


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """Split ``total`` in proportion to ``weights`` by largest remainder, at least one each."""
    spare = total - len(weights)
    if spare < 0:
        raise ValueError(f"cannot give {len(weights)} parts at least one of {total}")
    exact = [spare * weight / sum(weights) for weight in weights]
    counts = [int(value) for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: counts[i] - exact[i])
    for i in by_remainder[: spare - sum(counts)]:
        counts[i] += 1
    return [count + 1 for count in counts]


def attach_orphans(parts: Sequence[shapely.Geometry]) -> list[Polygon]:
    """Make each part one polygon: detached pieces go to the neighbour with the longest common border."""
    mains, orphans = [], []
    for part in parts:
        pieces = sorted(_polygons(part), key=lambda piece: piece.area)
        mains.append(pieces[-1])
        orphans += pieces[:-1]
    for orphan in orphans:
        borders = shapely.length(shapely.intersection(shapely.boundary(mains), orphan.buffer(0.01)))
        best = int(np.argmax(borders))
        mains[best] = _largest(shapely.union(mains[best], orphan.buffer(0.001)))
    return mains


def _polygons(part: shapely.Geometry) -> list[Polygon]:
    return [piece for piece in shapely.get_parts(part) if piece.geom_type == "Polygon"]


def _largest(part: shapely.Geometry) -> Polygon:
    return max(_polygons(part), key=lambda piece: piece.area)


def _raster(outline: Polygon, step: float) -> Floats:
    min_x, min_y, max_x, max_y = outline.buffer(2 * step).bounds
    xs = np.arange(min_x, max_x, step)
    ys = np.arange(min_y, max_y, step)
    return np.stack([grid.ravel() for grid in np.meshgrid(xs, ys)], axis=1)


def _box_distances(points: Floats, hints: Sequence[BoxHint]) -> Floats:
    """Signed Chebyshev distance of every point to every box, negative inside; (points, hints) metres."""
    low = np.array([(h.min_x, h.min_y) for h in hints])
    high = np.array([(h.max_x, h.max_y) for h in hints])
    middle, half = (low + high) / 2, (high - low) / 2
    away: Floats = (np.abs(points[:, None, :] - middle) - half).max(axis=2)
    return away


def _balanced_labels(
    points: Floats, inside: npt.NDArray[np.bool_], hints: Sequence[BoxHint], step: float
) -> Labels:
    """Label each point by its nearest box, boxes being swollen or shrunk until the areas fit."""
    distances = _box_distances(points, hints)
    wanted = np.array([h.area for h in hints])
    wanted = wanted / wanted.sum() * inside.sum() * step * step
    swelling = np.zeros(len(hints))
    for _ in range(150):
        labels: Labels = np.argmin(distances - swelling, axis=1)
        have = np.bincount(labels[inside], minlength=len(hints)) * step * step
        swelling += 0.2 * (wanted - have) / (4 * np.sqrt(wanted))
    return labels


def _label_blocks(points: Floats, labels: Labels, count: int, step: float) -> list[shapely.Geometry]:
    half = step / 2
    squares = shapely.box(*(points - half).T, *(points + half).T)
    return [shapely.coverage_union_all(squares[labels == label]) for label in range(count)]


def _scatter(area: Polygon, count: int, rng: np.random.Generator) -> Floats:
    min_x, min_y, max_x, max_y = area.bounds
    found = np.empty((0, 2))
    while len(found) < count:
        tries = rng.uniform((min_x, min_y), (max_x, max_y), size=(4 * count, 2))
        found = np.concatenate([found, tries[shapely.contains_xy(area, tries)]])
    return found[:count]


def _clipped_voronoi(area: Polygon, seeds: Floats) -> list[shapely.Geometry]:
    diagram = shapely.voronoi_polygons(MultiPoint(seeds), extend_to=area.envelope, ordered=True)
    return [cell.intersection(area) for cell in diagram.geoms]


def _seat(cell: shapely.Geometry) -> tuple[float, float]:
    """Where the seed moves: the centroid, or a point inside if the cell is bent around it."""
    body = _largest(cell)
    centre = body.centroid if body.contains(body.centroid) else body.representative_point()
    return centre.x, centre.y
