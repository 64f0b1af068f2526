"""What will go wrong with a case, drawn once at its birth so that thread timing cannot change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Fate:
    """The drama of one case. reworks: how often the verifier is not content; taste: 0…1, picks among right units;
    turn: which of the colleagues begins."""

    self_handled: bool = False
    rejected: bool = False
    merged: bool = False
    wrong_unit: bool = False
    ruling: bool = False
    reworks: int = 0
    sub_dispatch: bool = False
    hand_back: bool = False
    suspend: bool = False
    extend: bool = False
    granted: bool = True
    supervised: bool = False
    instructed: bool = False
    forced: bool = False
    cleared: bool = True
    dissatisfied: bool = False
    reopened: bool = False
    undone: bool = False
    rival: bool = False
    taste: float = 1.0
    turn: int = 0


def draw_fate(rng: Random, shares: Mapping[str, float], *, patrol: bool) -> Fate:
    """Draw one; always the same number of draws, so that a changed share shifts nothing else."""
    roll = {name: rng.random() < share for name, share in shares.items()}
    return Fate(
        self_handled=patrol and roll["self_handled_of_patrol"],
        rejected=roll["rejected"],
        merged=roll["merged"],
        wrong_unit=roll["wrong_unit"],
        ruling=roll["ruling_of_wrong"],
        reworks=roll["rework"] + (roll["rework"] and roll["second_rework"]),
        sub_dispatch=roll["sub_dispatch"],
        hand_back=roll["hand_back"],
        suspend=roll["suspend"],
        extend=roll["extend"],
        granted=roll["granted"],
        supervised=roll["supervised"],
        instructed=roll["instructed"],
        forced=roll["forced"],
        cleared=roll["cleared"],
        dissatisfied=roll["dissatisfied"],
        reopened=roll["reopened"],
        undone=roll["undone"],
        rival=roll["rivals"],
        taste=rng.random(),
        turn=rng.randrange(1 << 16),
    )
