"""Reads grid_team.csv and compounds.csv: the people of the grids (网格队伍) and residential compounds (居民小区)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from commandcenter.profiles.model import TEAM_ROLES, Compound, GridCell, OrgUnit, TeamMember
from commandcenter.profiles.organisation_files import PHONE
from commandcenter.profiles.table import Row, read_rows, unique

GRID_TEAM_COLUMNS: Final = ("grid_key", "org_key", "role", "name", "phone", "line", "sample")
COMPOUND_COLUMNS: Final = ("key", "community_key", "name", "sample")
_OF_ONE_GRID: Final = frozenset({"leader", "worker"})


def read_grid_team(path: Path, org: Sequence[OrgUnit], grids: Sequence[GridCell]) -> tuple[TeamMember, ...]:
    """Read grid_team.csv, which may be missing; each belongs to a grid, or to a whole street or community."""
    if not path.exists():
        return ()
    grid_keys, kinds = frozenset(grid.key for grid in grids), {unit.key: unit.kind for unit in org}
    lines = frozenset(unit.line for unit in org if unit.line)
    rows = [(row, _member(row, grid_keys, kinds, lines)) for row in read_rows(path, GRID_TEAM_COLUMNS)]
    leading = [(row, member) for row, member in rows if member.role == "leader"]
    unique(leading, "grid_key", lambda member: member.grid_key)
    return tuple(member for _, member in rows)


def read_compounds(path: Path, org: Sequence[OrgUnit]) -> tuple[Compound, ...]:
    """Read compounds.csv, which may be missing."""
    if not path.exists():
        return ()
    communities = frozenset(unit.key for unit in org if unit.kind == "community")
    rows = [(row, _compound(row, communities)) for row in read_rows(path, COMPOUND_COLUMNS)]
    unique(rows, "name", lambda compound: (compound.community_key, compound.name))
    return tuple(unique(rows, "key", lambda compound: compound.key))


def _member(
    row: Row, grids: Collection[str], kinds: Mapping[str, str], lines: Collection[str]
) -> TeamMember:
    role, grid, org = row.choice("role", TEAM_ROLES), row.optional("grid_key"), row.optional("org_key")
    _check_place(row, role, grid, org)
    if grid is not None and grid not in grids:
        raise row.error(f"网格“{grid}”不存在")
    if org is not None and kinds.get(org) not in ("street", "community"):
        raise row.error(f"服务范围“{org}”不存在或不是街道、社区")
    if not PHONE.fullmatch(phone := row.text("phone")):
        raise row.error(f"电话“{phone}”应为 7–11 位数字")
    return TeamMember(grid, org, role, row.text("name"), phone, _line(row, role, lines), row.flag("sample"))


def _check_place(row: Row, role: str, grid: str | None, org: str | None) -> None:
    if (grid is None) == (org is None):
        raise row.error("“grid_key”与“org_key”应恰好填一个")
    if role in _OF_ONE_GRID and grid is None:
        raise row.error(f"{TEAM_ROLES[role]}必须写明网格（grid_key）")


def _line(row: Row, role: str, lines: Collection[str]) -> str | None:
    """A specialist's line key; a partner's profession; for the others none."""
    line = row.optional("line")
    if role == "partner":
        return row.text("line")
    if (line is not None) != (role == "specialist"):
        raise row.error("专业网格员必须写明条线（line），网格长、网格员和自治力量不写")
    if line is not None and line not in lines:
        raise row.error(f"条线“{line}”没有对应的单位")
    return line


def _compound(row: Row, communities: Collection[str]) -> Compound:
    community = row.text("community_key")
    if community not in communities:
        raise row.error(f"社区“{community}”不存在")
    return Compound(row.text("key"), community, row.text("name"), row.flag("sample"))
