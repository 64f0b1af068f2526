"""The territory as a map is drilled through: city, district, street, community, grid; and the cells of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from commandcenter.domain.model import CaseRow, Directory, Grid, Org

Key = tuple[str, int]
TOP: Key = ("all", 0)
DISTRICT, STREET, COMMUNITY, GRID = "district", "street", "community", "grid"
KIND_LABELS = {"all": "全域", DISTRICT: "区县", STREET: "街道", COMMUNITY: "社区", GRID: "网格"}


@dataclass(frozen=True, slots=True)
class Area:
    """A node that the map can be drilled to. cells: ids of its cells, ascending."""

    key: Key
    name: str
    parent: Key | None
    cells: tuple[int, ...]

    @property
    def kind(self) -> str:
        """all, district, street, community or grid."""
        return self.key[0]


def cells_of(grids: Mapping[int, Grid]) -> dict[int, int]:
    """Which cell of the map a grid counts in: the outermost grid around it (基础网格), or itself."""
    return {grid_id: _outermost(grids, grid_id) for grid_id in grids}


def _outermost(grids: Mapping[int, Grid], grid_id: int) -> int:
    seen = {grid_id}
    while (parent := grids[grid_id].parent_id) in grids and parent not in seen:
        grid_id = parent
        seen.add(grid_id)
    return grid_id


class Areas:
    """The tree over one directory; levels that it does not have, or that have one node for everything, are left out."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self.cell_of = cells_of(directory.grids)
        self._parents: dict[Key, Key] = {}
        self._cells: dict[Key, list[int]] = {TOP: []}
        self._children: dict[Key, list[Key]] = {}
        self._many = len({self._district(grid.street_id) for grid in directory.grids.values()}) > 1
        self._chains: dict[tuple[int | None, int | None, int | None], tuple[Key, ...]] = {}
        for cell in sorted(set(self.cell_of.values())):
            self._add(directory.grids[cell])

    # ------------------------------------------------------------ asking
    def area(self, key: Key) -> Area | None:
        """The node, if there is one."""
        if key not in self._cells:
            return None
        return Area(key, self.name(key), self._parents.get(key), tuple(self._cells[key]))

    def name(self, key: Key) -> str:
        """和平里街道."""
        kind, number = key
        if kind == GRID:
            return self._directory.grids[number].name if number in self._directory.grids else ""
        org = self._directory.orgs.get(self._directory.district_id if key == TOP else number)
        return org.name if org else KIND_LABELS[kind]

    def short_name(self, key: Key) -> str:
        """和平里."""
        org = None if key[0] == GRID else self._directory.orgs.get(key[1])
        return (org.short_name or org.name) if org else self.name(key)

    def home(self, orgs: Collection[int]) -> Key:
        """Where somebody's work lies: the node of his only place, else the whole."""
        found = {(kind, org) for org in orgs for kind in (DISTRICT, STREET, COMMUNITY) if (kind, org) in self._cells}
        return found.pop() if len(found) == 1 and len(set(orgs)) == 1 else TOP

    def path(self, key: Key) -> list[Key]:
        """From the whole territory down to the node."""
        found = [key]
        while (parent := self._parents.get(found[-1])) is not None:
            found.append(parent)
        return found[::-1]

    def children(self, key: Key) -> list[Key]:
        """The nodes below, in their order."""
        return self._children.get(key, [])

    def step(self, key: Key, cell: int) -> Key:
        """The node one level below `key` in which a cell lies; the cell's own where it lies elsewhere."""
        path = self.path((GRID, cell))
        return path[path.index(key) + 1] if key in path and path[-1] != key else path[-1]

    def sibling(self, key: Key, cell: int) -> Key:
        """The node of the same level as `key` in which a cell lies."""
        path = self.path((GRID, cell))
        return path[min(len(self.path(key)), len(path)) - 1]

    def chain(self, row: CaseRow) -> tuple[Key, ...]:
        """Every node that a case counts in, the whole territory first; of a case without a grid as far as is known."""
        return self.chain_of(row.street_id, row.community_id, row.grid_id)

    def chain_of(self, street: int | None, community: int | None, grid: int | None) -> tuple[Key, ...]:
        """The same for anything that lies somewhere."""
        facts = street, community, grid
        if facts not in self._chains:
            self._chains[facts] = self._chain(*facts)
        return self._chains[facts]

    # ------------------------------------------------------------ inside
    def _chain(self, street: int | None, community: int | None, grid: int | None) -> tuple[Key, ...]:
        if grid is not None and (cell := self.cell_of.get(grid)) is not None:
            return tuple(self.path((GRID, cell)))
        for key in ((COMMUNITY, community), (STREET, street)):
            if key[1] is not None and key in self._cells:
                return tuple(self.path((key[0], key[1])))
        return (TOP,)

    def _district(self, street_id: int) -> int | None:
        street = self._directory.orgs.get(street_id)
        return street.district_id if street else None

    def _add(self, grid: Grid) -> None:
        keys: list[Key] = [TOP]
        district = self._district(grid.street_id)
        if self._many and district is not None:
            keys.append((DISTRICT, district))
        keys.append((STREET, grid.street_id))
        if grid.community_id is not None and self._org(grid.community_id) is not None:
            keys.append((COMMUNITY, grid.community_id))
        keys.append((GRID, grid.id))
        for parent, key in zip(keys, keys[1:], strict=False):
            if key not in self._parents:
                self._parents[key] = parent
                self._children.setdefault(parent, []).append(key)
            self._cells.setdefault(key, []).append(grid.id)
        self._cells[TOP].append(grid.id)

    def _org(self, org_id: int) -> Org | None:
        return self._directory.orgs.get(org_id)
