"""Invents the people of the grids (网格队伍) and the residential compounds (居民小区) of a deployment."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from commandcenter.profiles.model import Compound, GridCell, OrgUnit, TeamMember
from commandcenter.profiles.sketch.partition import shares
from commandcenter.profiles.sketch.people import person_names

_FIRST_PHONE = 13910000001
_SEED_STEP = 7  # the operators' names come from the seed itself
_FIRST = "锦翠望湖滨江书香金玉紫丽绿蓝华盛世和美阳光东方南城北苑御景龙凤天鹅银杏梧桐海棠桂竹"
_SECOND = "绣苑湖园江林香域桂庭都城景华盛安和泰阳辉方源城新苑秀"
_ENDINGS = ("花园", "家园", "小区", "新村", "苑", "公寓", "名邸", "华府", "雅居", "城")


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """People of one role: at every place of a kind, or ``total`` spread over them.

    ``of``: a kind of grid (``grid`` = any), or ``street`` or ``community``; ``lines`` go round.
    """

    role: str
    of: str
    each: int = 0
    total: int = 0
    lines: tuple[str, ...] = ()


def team_plans(plan: Mapping[str, Any]) -> list[TeamPlan]:
    """The entries ``[[grid_team]]`` of a plan.toml."""
    return [TeamPlan(**{**entry, "lines": tuple(entry.get("lines", ()))}) for entry in plan.get("grid_team", ())]


def draw_team(
    plans: Sequence[TeamPlan], org: Sequence[OrgUnit], grids: Sequence[GridCell], seed: int
) -> list[TeamMember]:
    """People by place, in the order of the plans; names are distinct, phones consecutive 1391000xxxx."""
    names, phones = person_names(random.Random(seed + _SEED_STEP)), count(_FIRST_PHONE)
    found = []
    for plan in plans:
        lines = _round(plan.lines)
        for grid_key, org_key, heads in _places(plan, org, grids):
            for _ in range(heads):
                who = plan.role, next(names), str(next(phones)), next(lines)
                found.append(TeamMember(grid_key, org_key, *who, sample=True))
    return found


def _round(lines: Sequence[str]) -> Iterator[str | None]:
    while True:
        yield from lines or (None,)


def _places(
    plan: TeamPlan, org: Sequence[OrgUnit], grids: Sequence[GridCell]
) -> Iterator[tuple[str | None, str | None, int]]:
    """(grid, unit, how many) of every place of the plan's kind; a spread gives more where there are more grids."""
    if plan.of in ("street", "community"):
        keys = [unit.key for unit in org if unit.kind == plan.of]
        weights = dict.fromkeys(keys, 1)
        for grid in grids:
            weights[grid.street_key if plan.of == "street" else grid.community_key] += 1
        for key, heads in zip(keys, _heads(plan, list(weights.values())), strict=True):
            yield None, key, heads
    else:
        cells = [grid.key for grid in grids if plan.of in ("grid", grid.kind)]
        for key, heads in zip(cells, _heads(plan, [1] * len(cells)), strict=True):
            yield key, None, heads


def _heads(plan: TeamPlan, weights: Sequence[float]) -> list[int]:
    return shares(plan.total, weights) if plan.total else [plan.each] * len(weights)


def draw_compounds(total: int, grids: Sequence[GridCell], seed: int) -> list[Compound]:
    """``total`` compounds spread over the communities by their grids; no name twice in the district."""
    weights: dict[str, int] = {}
    for grid in grids:
        weights[grid.community_key] = weights.get(grid.community_key, 0) + 1
    names, number = _compound_names(random.Random(seed + _SEED_STEP)), count(1)
    return [
        Compound(f"R{next(number):04d}", key, next(names), sample=True)
        for key, heads in zip(weights, shares(total, list(weights.values())), strict=True)
        for _ in range(heads)
    ]


def _compound_names(rng: random.Random) -> Iterator[str]:
    used: set[str] = set()
    while True:
        name = rng.choice(_FIRST) + rng.choice(_SECOND) + rng.choice(_ENDINGS)
        if name not in used and name[0] != name[1]:
            used.add(name)
            yield name
