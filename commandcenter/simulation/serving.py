"""Which lines have people of their own at a place: 专业网格员, 联动力量 of the grid teams, as cc.serves_grid judges."""

from __future__ import annotations

from commandcenter.domain.model import Directory
from commandcenter.profiles.model import Profile

_ROLES = ("specialist", "partner")


class Serving:
    """Built once from the deployment's grid teams."""

    def __init__(self, profile: Profile, directory: Directory) -> None:
        grids = {grid.key: grid.id for grid in directory.grids.values()}
        orgs = {org.key: org.id for org in directory.orgs.values()}
        listed = [member for member in profile.grid_team if member.role in _ROLES and member.line]
        self._in_grid = {(grids.get(m.grid_key), m.line) for m in listed if m.grid_key}
        self._in_org = {(orgs.get(m.org_key), m.line) for m in listed if m.org_key}

    def serves(self, line: str | None, grid_id: int | None, orgs: tuple[int | None, ...]) -> bool:
        """Whether somebody of this line works in the grid, or in one of these streets and communities."""
        return (grid_id, line) in self._in_grid or any((org, line) in self._in_org for org in orgs)

    def lines(self, grid_id: int | None, orgs: tuple[int | None, ...]) -> list[str]:
        """All lines that do, in the alphabet's order."""
        found = {line for grid, line in self._in_grid if grid == grid_id}
        return sorted(line for line in found | {line for org, line in self._in_org if org in orgs} if line)
