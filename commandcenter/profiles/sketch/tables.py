"""Reads the CSV sources of a drawing and writes the drawn files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from pathlib import Path

import shapely

from commandcenter.profiles.catalogue_file import CATALOGUE_COLUMNS
from commandcenter.profiles.grid_file import GRID_COLUMNS
from commandcenter.profiles.model import Compound, GridCell, Operator, OrgUnit, TeamMember
from commandcenter.profiles.organisation_files import OPERATOR_COLUMNS, ORG_COLUMNS
from commandcenter.profiles.sketch.catalogue import Cells
from commandcenter.profiles.team_files import COMPOUND_COLUMNS, GRID_TEAM_COLUMNS
from commandcenter.profiles.whistle_tables import SCENARIO_COLUMNS


def source_rows(path: Path) -> list[dict[str, str]]:
    """All rows of a source, by column."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Write a CSV file as it is committed."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def write_org(folder: Path, org: Iterable[OrgUnit]) -> Path:
    """org.csv."""
    return write_table(folder / "org.csv", ORG_COLUMNS, (_cells(astuple(unit)) for unit in org))


def write_grid_team(folder: Path, team: Iterable[TeamMember]) -> Path:
    """grid_team.csv."""
    return write_table(folder / "grid_team.csv", GRID_TEAM_COLUMNS, (_cells(astuple(one)) for one in team))


def write_compounds(folder: Path, compounds: Iterable[Compound]) -> Path:
    """compounds.csv."""
    return write_table(folder / "compounds.csv", COMPOUND_COLUMNS, (_cells(astuple(one)) for one in compounds))


def write_scenarios(folder: Path, scenarios: Iterable[Cells]) -> Path:
    """scenarios.csv."""
    cells = ([row[column] for column in SCENARIO_COLUMNS] for row in scenarios)
    return write_table(folder / "scenarios.csv", SCENARIO_COLUMNS, cells)


def write_catalogue(path: Path, items: Iterable[Cells]) -> Path:
    """The list of components and events."""
    return write_table(path, CATALOGUE_COLUMNS, ([item[column] for column in CATALOGUE_COLUMNS] for item in items))


def _cells(values: Iterable[object]) -> list[object]:
    return [int(value) if isinstance(value, bool) else value for value in values]


def write_operators(folder: Path, people: Iterable[Operator]) -> Path:
    """operators.csv."""
    cells = ([p.login, p.name, p.phone, " ".join(f"{role}@{scope}" for role, scope in p.duties)] for p in people)
    return write_table(folder / "operators.csv", OPERATOR_COLUMNS, cells)


def write_grids(folder: Path, grids: Iterable[GridCell]) -> Path:
    """grids.csv."""
    return write_table(folder / "grids.csv", GRID_COLUMNS, (_grid_cells(grid) for grid in grids))


def _grid_cells(grid: GridCell) -> list[object]:
    wkt = shapely.to_wkt(shapely.Polygon(grid.polygon), rounding_precision=6, trim=True)
    return [*astuple(grid)[:-1], wkt]
