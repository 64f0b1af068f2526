"""The data of the simulated city: sentences, subjects, rhythm and shares, read from resources/simulation."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from commandcenter.resources import RESOURCES

SIMULATION = RESOURCES / "simulation"


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject that people report: which subclasses it means and how they speak of it."""

    match: tuple[str, ...]
    weight: float
    what: tuple[str, ...]
    harm: tuple[str, ...]
    done: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CityData:
    """All of it. roads: by key of the street; pace: (median, sigma) as shares of a stage's limit."""

    topics: tuple[Topic, ...]
    words: dict[str, Any]
    surnames: str
    given: str
    rhythm: dict[str, Any]
    fates: dict[str, float]
    pace: dict[str, tuple[float, float]]
    roads: dict[str, tuple[str, ...]]


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


@lru_cache(maxsize=4)
def city_data(profile: str) -> CityData:
    """The data for a profile; one without its own streets gets addresses by community only."""
    words, names, fates = (_read(SIMULATION / f"{name}.toml") for name in ("words", "names", "fates"))
    places = SIMULATION / "places" / f"{profile}.toml"
    roads = _read(places)["roads"] if places.exists() else {}
    return CityData(
        topics=tuple(_topic(raw) for raw in words["topic"]),
        words=words,
        surnames=names["surnames"],
        given=names["given"],
        rhythm=_read(SIMULATION / "rhythm.toml"),
        fates={k: v for k, v in fates.items() if k != "pace"},
        pace={k: (m, s) for k, (m, s) in fates["pace"].items()},
        roads={key: tuple(names) for key, names in roads.items()},
    )


def _topic(raw: dict[str, Any]) -> Topic:
    return Topic(tuple(raw["match"]), raw["weight"], tuple(raw["what"]), tuple(raw["harm"]), tuple(raw["done"]))
