"""Reads a deployment profile from its files and refuses anything that does not hold together."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from commandcenter.profiles.camera_file import read_cameras
from commandcenter.profiles.catalogue_file import read_catalogue
from commandcenter.profiles.errors import ProfileError
from commandcenter.profiles.grid_file import read_grids
from commandcenter.profiles.model import Profile
from commandcenter.profiles.organisation_files import (
    read_channels,
    read_operators,
    read_org,
)
from commandcenter.profiles.settings_file import read_settings
from commandcenter.profiles.team_files import read_compounds, read_grid_team
from commandcenter.profiles.wall_file import read_wall
from commandcenter.profiles.whistle_file import read_whistle
from commandcenter.profiles.whistle_tables import read_scenarios, read_teams

__all__ = ["RESOURCES", "ProfileError", "list_profiles", "read_profile"]

RESOURCES: Final = Path(__file__).resolve().parents[2] / "resources"


def list_profiles(root: Path = RESOURCES) -> list[str]:
    """Names of the profiles that can be read, sorted."""
    return sorted(path.parent.name for path in (root / "profiles").glob("*/profile.toml"))


def read_profile(name: str, root: Path = RESOURCES) -> Profile:
    """Read profile ``name`` from ``root``/profiles/<name>/ and ``root``/catalogue/<name>.csv.

    Raises :class:`ProfileError` with file, row and reason at the first thing that is wrong.
    """
    if name not in (known := list_profiles(root)):
        raise ProfileError(name, None, f"没有这个部署；现有：{'、'.join(known) or '无'}")
    folder = root / "profiles" / name
    settings = read_settings(folder / "profile.toml")
    org = read_org(folder / "org.csv")
    grids = read_grids(folder / "grids.csv", org)
    whistle = read_whistle(folder / "whistle.toml", org)
    catalogue = read_catalogue(root / "catalogue" / f"{name}.csv", org, settings.office_windows)
    return Profile(
        name=name,
        title=settings.title,
        crs=settings.crs,
        sample=settings.sample,
        office_windows=settings.office_windows,
        reopen_days=settings.reopen_days,
        org=org,
        grids=grids,
        channels=read_channels(folder / "channels.csv"),
        catalogue=catalogue,
        operators=read_operators(folder / "operators.csv", org),
        published=settings.published,
        scenarios=read_scenarios(folder / "scenarios.csv", org, whistle),
        whistle=whistle,
        teams=read_teams(folder / "teams.csv", org),
        grid_team=read_grid_team(folder / "grid_team.csv", org, grids),
        compounds=read_compounds(folder / "compounds.csv", org),
        cameras=read_cameras(folder, org),
        wall=read_wall(folder, org, catalogue),
        statistics=settings.statistics,
        sources=settings.sources,
    )
