"""How the people of the city deal with whistles: shares, delays and words, read from resources/simulation."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from string import Formatter
from typing import Any

from commandcenter.simulation.data import SIMULATION

WHISTLES = SIMULATION / "whistles.toml"


@dataclass(frozen=True)
class Habits:
    """The data; every choice comes from the random numbers given."""

    raw: Mapping[str, Any]

    def share(self, what: str) -> float:
        """How often something happens."""
        return float(self.raw["shares"][what])

    def happens(self, rng: Random, what: str) -> bool:
        """Whether it happens this time."""
        return rng.random() < self.share(what)

    def seconds(self, rng: Random, what: str) -> float:
        """How long something takes."""
        low, high = self.raw["minutes"][what]
        return rng.uniform(low, high) * 60

    def say(self, rng: Random, what: str, **gaps: Any) -> str:
        """One of the sentences for an occasion."""
        return Formatter().vformat(str(rng.choice(self.raw["say"][what])), (), gaps)

    def manner(self, rng: Random) -> str:
        """How a called unit behaves: a key of [manner], or prompt."""
        rolled = rng.random()
        for name, share in self.raw["manner"].items():
            rolled -= share
            if rolled < 0:
                return str(name)
        return "prompt"

    def mark(self, rng: Random, kind: str) -> int:
        """One of the street's marks, 0 to 100."""
        mean, spread = self.raw["scores"][kind]
        return max(0, min(100, round(rng.gauss(mean, spread))))


@lru_cache(maxsize=4)
def load_habits(path: Path = WHISTLES) -> Habits:
    """Read the file."""
    return Habits(tomllib.loads(path.read_text("utf-8")))
