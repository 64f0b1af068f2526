"""The self-check of a profile (部署自检): published figures against what was really loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from commandcenter.profiles.geodesy import area_km2
from commandcenter.profiles.model import Profile, Published

AREA_TOLERANCE: Final = 0.01
TERRITORY: Final = frozenset({"city", "district", "street", "community"})


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One figure; ``loaded`` is None if nobody counted it, which is a failure too."""

    metric: str
    label: str
    published: float
    loaded: float | None
    ok: bool


def compare(published: Sequence[Published], loaded: Mapping[str, float]) -> list[CheckLine]:
    """Set each published figure against the loaded one of the same metric.

    ``…_at_least`` is a lower bound; ``area_km2`` may differ by 1 %, the outline being schematic;
    everything else must be equal.
    """
    return [
        CheckLine(p.metric, p.label, p.value, loaded.get(p.metric), _fits(p, loaded.get(p.metric)))
        for p in published
    ]


def count_profile(profile: Profile) -> dict[str, float]:
    """Count in memory what :func:`compare` sets against the published figures; km² for the area."""
    kinds = {unit.key: unit.kind for unit in profile.org}
    above = [kinds.get(unit.parent_key or "") for unit in profile.org if unit.kind == "department"]
    counts: dict[str, float] = {
        "levels": len({unit.kind for unit in profile.org if unit.kind in TERRITORY}) + bool(profile.grids),
        "districts": sum(unit.kind == "district" for unit in profile.org),
        "municipal_departments": sum(kind == "city" for kind in above),
        "county_bureaus": sum(kind == "district" for kind in above),
        "streets": sum(unit.kind == "street" for unit in profile.org),
        "communities": sum(unit.kind == "community" for unit in profile.org),
        "listed_streets": sum(unit.kind == "street" and not unit.sample for unit in profile.org),
        "departments": sum(unit.kind == "department" for unit in profile.org),
        "utility_kinds": len({unit.line for unit in profile.org if unit.kind == "utility"}),
        "grids": len(profile.grids),
        "basic_grids": sum(grid.kind == "basic" for grid in profile.grids),
        "unit_grids": sum(grid.kind == "unit" for grid in profile.grids),
        "dedicated_grids": sum(grid.kind == "dedicated" for grid in profile.grids),
        **_people(profile),
        "channels_at_least": len(profile.channels),
        "catalogue_items": len(profile.catalogue),
        "classes": len({item.major for item in profile.catalogue}),
        "subclasses": len({(item.major, item.minor) for item in profile.catalogue}),
        "supervision_domains": len({item.domain for item in profile.catalogue}),
        "area_km2": round(area_km2(grid.polygon for grid in profile.grids if grid.kind == "unit"), 2),
    }
    return counts | _whistles(profile)


def _people(profile: Profile) -> dict[str, float]:
    roles = [member.role for member in profile.grid_team]
    return {
        "grid_leaders": roles.count("leader"),
        "grid_workers": roles.count("worker"),
        "specialists": roles.count("specialist"),
        "compounds": len(profile.compounds),
        "cameras": len(profile.cameras.cameras),
        "camera_categories": len(profile.cameras.categories),
    }


def _whistles(profile: Profile) -> dict[str, float]:
    """``team_lines``: lines that follow the leading one in the standing teams."""
    members = {line.line for team in profile.teams for line in team.lines if not line.lead}
    return {
        "whistle_scopes": len({scenario.scope for scenario in profile.scenarios}),
        "whistle_scenarios": len(profile.scenarios),
        "whistle_levels": len(profile.whistle.levels),
        "caller_levels": len(profile.whistle.callers),
        "street_rating_percent": round(profile.whistle.weights.street * 100, 2),
        "team_lines": len(members),
    }


def _fits(published: Published, loaded: float | None) -> bool:
    if loaded is None:
        return False
    if published.metric.endswith("_at_least"):
        return loaded >= published.value
    if published.metric == "area_km2":
        return abs(loaded - published.value) <= AREA_TOLERANCE * published.value
    return loaded == published.value
