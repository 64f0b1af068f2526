"""Where markers stand too close they are shown as one bubble; which ones, is decided on squares fixed to the ground."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from widgets.map.data import Ids, Points

SQUARE = 56.0  # pixels of a square's side, at the desk
_ALONE = 3  # so many in a square still stand by themselves
_TO_MEAN = 0.45  # a bubble stands nearer to its square's middle than to its members' mean: bubbles do not overlap


@dataclass(frozen=True, slots=True, eq=False)
class Crowds:
    """singles: rows that stand by themselves. centres (k, 2), counts (k,), kinds (k, kinds): the bubbles."""

    singles: Ids
    centres: Points
    counts: Ids
    kinds: NDArray[np.int64]
    members: Ids  # rows in bubbles, bubble after bubble
    starts: Ids

    def members_of(self, bubble: int) -> Ids:
        """Rows in one bubble."""
        return self.members[self.starts[bubble] : self.starts[bubble + 1]]

    def bubble_of(self, rows: Ids) -> Ids:
        """The bubbles that these rows are in."""
        places = np.flatnonzero(np.isin(self.members, rows))
        return np.searchsorted(self.starts, places, side="right") - 1


def square_side(metres_per_pixel: float, type_scale: float) -> float:
    """Metres of a square's side: it grows in steps of half an octave, so that bubbles keep still while zooming."""
    return float(SQUARE * type_scale * 2.0 ** (round(2.0 * math.log2(metres_per_pixel)) / 2.0))


def squares_around(xy: Points, side: float, shift: float) -> tuple[Points, Points]:
    """The least and the greatest corners (n, 2) of the squares that these points lie in."""
    low = (np.floor(xy / side - shift) + shift) * side
    return low, low + side


def everyone_alone(count: int, kinds: int) -> Crowds:
    """No bubble at all."""
    nobody = np.empty(0, np.int64)
    return Crowds(
        np.arange(count), np.empty((0, 2)), nobody, np.empty((0, kinds), np.int64), nobody, np.zeros(1, np.int64)
    )


def gather(xy: Points, kinds: Ids, kind_count: int, side: float, shift: float = 0.0) -> Crowds:
    """Put markers that share a square into one bubble. shift: of the squares, in sides; layers with different shifts do
    not lay their bubbles on each other."""
    if not len(xy):
        return everyone_alone(0, kind_count)
    square = np.floor(xy / side - shift).astype(np.int64)
    low = square.min(axis=0)
    width = int(square[:, 0].max() - low[0]) + 1
    key = (square[:, 1] - low[1]) * width + (square[:, 0] - low[0])
    order = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.r_[True, np.diff(key[order]) != 0])
    counts = np.diff(np.r_[first, len(order)])
    crowded = counts > _ALONE
    inside = np.repeat(crowded, counts)
    members, many = order[inside], counts[crowded]
    starts = np.r_[0, np.cumsum(many)]
    middles = (square[order[first[crowded]]] + 0.5 + shift) * side
    return Crowds(
        np.sort(order[~inside]),
        middles + _TO_MEAN * (_means(xy[members], starts) - middles),
        many,
        _histograms(kinds[members], starts, kind_count),
        members,
        starts,
    )


def _means(xy: Points, starts: Ids) -> Points:
    if len(starts) < 2:
        return np.empty((0, 2))
    return np.add.reduceat(xy, starts[:-1]) / np.diff(starts)[:, None]


def _histograms(kinds: Ids, starts: Ids, kind_count: int) -> NDArray[np.int64]:
    bubble = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    size = (len(starts) - 1) * kind_count
    return np.bincount(bubble * kind_count + kinds, minlength=size).reshape(-1, kind_count)
