"""Finds street, community and grid in the words of an address: 安德里北街21号 青年湖社区05-3."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from commandcenter.domain.model import Directory, Grid, Org
from commandcenter.domain.pinyin import initials_at, is_initials

_ENDINGS = ("街道", "地区", "社区", "镇", "乡", "村")
_WORDS = re.compile(r"[^\s,，。;；、()（）]+")
_NUMBER = re.compile(r"(?<![\d-])(\d{1,2})(?:-(\d{1,2}))?(?![\d-]|号|院|楼|栋|弄|单元|层|室|路)")
_STREET, _COMMUNITY, _GRID, _UNIT_GRID = 10.0, 20.0, 30.0, 40.0
_INSIDE = 5.0  # a community whose street is named too
_WHOLE, _STEM, _PART, _INITIALS, _ALIKE = 4.0, 3.0, 2.0, 2.0, 1.0
_LIKE_ENOUGH = 80.0


@dataclass(frozen=True, slots=True)
class Place:
    """A place that an address may mean; ids below the finest known level are None. Higher score first."""

    street_id: int
    community_id: int | None
    grid_id: int | None
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class _Named:
    place: Place
    name: str
    stem: str


def stem(name: str) -> str:
    """A place's name as people say it: 和平里街道 → 和平里."""
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name


class Gazetteer:
    """Names of streets, communities and grids of one directory. Immutable; safe across threads."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._streets = [_named(Place(o.id, None, None, o.name, 0), o) for o in self._orgs("street")]
        self._communities = list(self._community_names())
        self._grids: dict[int, list[Grid]] = defaultdict(list)
        self._own_names: list[_Named] = []
        for grid in directory.grids.values():
            self._add_grid(grid)
        self._by_code = {code: grid for grid in directory.grids.values() for code in (grid.key, grid.code)}

    def find(self, text: str, limit: int = 8) -> list[Place]:
        """Places for the words typed so far, best first: names, parts of them, initials (hpl), 05-3, grid codes."""
        words = _WORDS.findall(text)
        if not words:
            return []
        if (grid := self._by_code.get(text.strip())) is not None:
            return [self._grid_place(grid, _UNIT_GRID)]
        streets = _matches(self._streets, text, words, _STREET)
        communities = _inside(_matches(self._communities, text, words, _COMMUNITY), streets)
        found = [*communities, *_matches(self._own_names, text, words, _GRID)]
        numbered = [p for c in communities for p in self._numbered(c, text)]
        found += numbered + streets
        if communities and not numbered:
            likeliest = max(communities, key=lambda p: p.score)
            found += [self._grid_place(g, _STREET + _INSIDE) for g in self._grids[_community(likeliest)]]
        return sorted(found, key=lambda p: (-p.score, p.label))[:limit]

    def label(self, grid_id: int | None, community_id: int | None = None, street_id: int | None = None) -> str:
        """The finest known place in words; empty if none is known."""
        if grid_id is not None and (grid := self._directory.grids.get(grid_id)) is not None:
            return self._grid_place(grid, 0).label
        for org_id in (community_id, street_id):
            if org_id is not None and (org := self._directory.orgs.get(org_id)) is not None:
                return org.name
        return ""

    def _orgs(self, kind: str) -> Iterator[Org]:
        return (o for o in self._directory.orgs.values() if o.kind == kind and o.active)

    def _community_names(self) -> Iterator[_Named]:
        for org in self._orgs("community"):
            street = self._directory.orgs.get(org.parent_id or -1)
            if street is not None and street.kind == "street":
                yield _named(Place(street.id, org.id, None, f"{street.short_name} · {org.name}", 0), org)

    def _add_grid(self, grid: Grid) -> None:
        if grid.community_id is not None:
            self._grids[grid.community_id].append(grid)
        if grid.kind in ("dedicated", "micro"):  # these have names of their own: 东方广场
            self._own_names.append(_Named(self._grid_place(grid, 0), grid.name, grid.name))

    def _grid_place(self, grid: Grid, score: float) -> Place:
        street = self._directory.orgs.get(grid.street_id)
        label = f"{street.short_name} · {grid.name}" if street else grid.name
        return Place(grid.street_id, grid.community_id, grid.id, label, score)

    def _numbered(self, community: Place, text: str) -> Iterator[Place]:
        """Grids of a community by the numbers said: 05-3 is a unit grid, 05 the basic one with its unit grids."""
        for basic, unit in _NUMBER.findall(text):
            for grid in self._grids[_community(community)]:
                _, _, number = grid.name.rpartition(" ")
                wanted = f"{int(basic):02d}" + (f"-{int(unit)}" if unit else "")
                if number == wanted:
                    yield self._grid_place(grid, _UNIT_GRID + community.score - _COMMUNITY)
                elif not unit and number.startswith(f"{wanted}-"):
                    yield self._grid_place(grid, _GRID + community.score - _COMMUNITY)


def _community(place: Place) -> int:
    return -1 if place.community_id is None else place.community_id


def _named(place: Place, org: Org) -> _Named:
    return _Named(place, org.name, stem(org.name))


def _matches(names: Iterable[_Named], text: str, words: Sequence[str], tier: float) -> list[Place]:
    found = ((named, _closeness(named, text, words)) for named in names)
    return [replace(named.place, score=tier + close) for named, close in found if close > 0]


def _closeness(named: _Named, text: str, words: Sequence[str]) -> float:
    """0 to 5: the whole name before its stem before a part; longer names before shorter ones they contain."""
    size = min(len(named.stem), 9) / 10
    if named.name in text:
        return _WHOLE + size
    if len(named.stem) > 1 and named.stem in text:
        return _STEM + size
    return max((_closeness_of_word(named, word) for word in words), default=0.0)


def _closeness_of_word(named: _Named, word: str) -> float:
    if is_initials(word):
        start = initials_at(word.lower(), named.name)
        return 0.0 if start is None or len(word) < 2 else _INITIALS - 0.1 * min(start, 9)
    if word in named.name:
        return _PART + len(word) / len(named.name) - 0.05 * min(named.name.index(word), 9)
    if len(named.stem) > 2 and (like := fuzz.partial_ratio(named.stem, word, score_cutoff=_LIKE_ENOUGH)):
        return _ALIKE * like / 100
    return 0.0


def _inside(communities: list[Place], streets: Sequence[Place]) -> list[Place]:
    named = {street.street_id for street in streets if street.score >= _STREET + _INITIALS - 1}
    return [replace(c, score=c.score + (_INSIDE if c.street_id in named else 0)) for c in communities]
