"""Draws what a deployment may have besides: grid people, residential compounds, picked whistle scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from commandcenter.profiles.model import GridCell, OrgUnit
from commandcenter.profiles.sketch.catalogue import answering_lines
from commandcenter.profiles.sketch.grid_people import draw_compounds, draw_team, team_plans
from commandcenter.profiles.sketch.tables import source_rows, write_compounds, write_grid_team, write_scenarios
from commandcenter.profiles.sketch.whistles import pick_scenarios


def redraw_extras(
    folder: Path, root: Path, plan: Mapping[str, Any], org: Sequence[OrgUnit], grids: Sequence[GridCell]
) -> Iterator[Path]:
    """Write those tables for which the source says something: ``[[grid_team]]``, ``compounds``, scenarios.txt."""
    if plans := team_plans(plan):
        yield write_grid_team(folder, draw_team(plans, org, grids, plan["seed"]))
    if total := plan.get("compounds"):
        yield write_compounds(folder, draw_compounds(total, grids, plan["seed"]))
    picks = folder / "source" / "scenarios.txt"
    if picks.exists():
        listed = source_rows(root / "catalogue" / "source" / "scenarios.csv")
        answering = answering_lines(source_rows(folder / "source" / "lines.csv"))
        yield write_scenarios(folder, pick_scenarios(listed, picks.read_text(encoding="utf-8").split(), answering))
