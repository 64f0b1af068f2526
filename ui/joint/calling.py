"""Who may call whom by the city's whistle rules, and which unit answers for a line; the database judges again."""

from __future__ import annotations

from collections.abc import Iterable

from commandcenter.domain.joint import ORDER, CalledUnit, NewSummons, TeamLine, WhistleRules
from commandcenter.domain.joint_offers import Scope, caller_orgs, role_for
from commandcenter.domain.joint_workflow import load_machine
from commandcenter.domain.model import Directory, Org, Person
from commandcenter.domain.units import unit_index

KIND_WORDS = {"grid": "网格", "community": "社区", "street": "街道", "district": "区县"}
GRID = "grid"
_UNLIMITED = frozenset({"street", "district"})  # below the street only those are called who serve the place
_LOCAL = frozenset({"agency", "section"})         # and of these the directory says whom they serve
WHO_MAY = {"order": "值班长以上可开具", "whistle": "您的岗位不能吹哨"}


def callers(kind: str, person: Person, directory: Directory, rules: WhistleRules | None = None) -> list[int]:
    """Organisations for which the person may draft; with `rules` those that the city lets call, a grid's home too."""
    found = [directory.orgs[org_id] for org_id in _caller_orgs(kind, person, directory)]
    if kind == ORDER:
        found = [org for org in found if org.kind == "district"]
    if rules is not None:
        found = [org for org in found if any(k in rules.callers for k in caller_kinds(org))]
    return [org.id for org in found]


_recent: dict[str, tuple[Person, Directory, list[int]]] = {}


def _caller_orgs(kind: str, person: Person, directory: Directory) -> list[int]:
    """Kept for the last person and directory: a drag asks for every card, and goes through all organisations."""
    known = _recent.get(kind)
    if known is None or known[0] is not person or known[1] is not directory:
        known = _recent[kind] = person, directory, caller_orgs(kind, person, directory)
    return known[2]


def caller_kinds(org: Org) -> tuple[str, ...]:
    """As what an organisation may call: itself, or on behalf of one of its grids."""
    return (org.kind, GRID) if org.kind in ("street", "community") else (org.kind,)


def street_of(org_id: int | None, directory: Directory) -> int | None:
    """The street in which an organisation of the territory lies."""
    org = directory.orgs.get(org_id or 0)
    while org is not None and org.kind != "street":
        org = directory.orgs.get(org.parent_id or 0)
    return org.id if org is not None else None


class Calling:
    """What one caller may do. `kind`: grid, community, street or district."""

    def __init__(self, directory: Directory, rules: WhistleRules, caller_id: int, kind: str = "") -> None:
        self._directory = directory
        self._index = unit_index(directory)
        self.caller_id = caller_id
        org = directory.orgs[caller_id]
        self.kind = kind or org.kind
        self._district = org.district_id
        self._street = street_of(caller_id, directory)
        self._calls, self.signed = rules.callers.get(self.kind, ((), True))
        self._near = self._index.below(self._street) if self._street is not None else frozenset()

    def why_not(self, unit_id: int) -> str:
        """Why a unit may not be called; empty if it may. The same as cc.callable_by, which also knows the specialists
        of a grid's team: whether a department has one there, the database says."""
        org = self._directory.orgs.get(unit_id)
        if org is None or not org.active or org.district_id not in (self._district, self._index.top):
            return "不在本辖区"
        if unit_id == self.caller_id:
            return "就是召集单位"
        if org.kind not in self._calls:
            return f"{KIND_WORDS[self.kind]}不能召集这类单位"
        if self.kind not in _UNLIMITED and org.kind in _LOCAL and unit_id not in self._near:
            return "不服务本街道"
        return ""

    def unit_for(self, line: str) -> int | None:
        """Who answers for a line here: of several that may be called the kind that the rules name first; below the
        street one that serves it."""
        found = [unit for unit in self._answering(line) if not self.why_not(unit)]
        return min(found, key=self._rank, default=None)

    def answer_for(self, line: str) -> tuple[int | None, str]:
        """The unit that answers for a line, or why none may be called; neither where that is the caller itself."""
        answering = self._answering(line)
        unit = self.unit_for(line)
        if unit is not None or self.caller_id in answering:
            return unit, ""
        return None, self.why_not(answering[0]) if answering else "本区无此单位"

    def _rank(self, unit_id: int) -> tuple[bool, int]:
        away = self.kind not in _UNLIMITED and unit_id not in self._near
        return away, self._calls.index(self._directory.orgs[unit_id].kind)

    def team(self, lines: Iterable[TeamLine]) -> tuple[list[CalledUnit], list[str]]:
        """The units of a team's lines with heads and lead, and the lines that nobody answers for."""
        units: dict[int, CalledUnit] = {}
        missing = []
        for line in lines:
            unit = self.unit_for(line.line)
            if unit is None:
                missing.append(line.line)
            elif unit not in units:
                units[unit] = CalledUnit(unit, line.heads or None, line.lead)
        return list(units.values()), missing

    def line_of(self, unit_id: int) -> str | None:
        """The line (条) a unit belongs to."""
        return self._index.line_of(unit_id)

    def _answering(self, line: str) -> list[int]:
        own = self._index.responsible(line, self._district)
        agencies = self._index.agencies.get((line, self._street), []) if self._street is not None else []
        return [*([own] if own is not None else []), *agencies]


def may_sign(new: NewSummons, person: Person, directory: Directory) -> bool:
    """Whether the person may sign what he drafts for this caller."""
    org = directory.orgs[new.caller_id]
    community = org.id if org.kind == "community" else None
    scope = Scope(org.district_id, street_of(org.id, directory), community, org.id)
    return role_for(load_machine(new.kind), "sign", "draft", scope, person, directory) is not None
