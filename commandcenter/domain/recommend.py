"""Recommends the unit that should act on a case, and says why: rule first, then place, load and history."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from commandcenter.domain.model import CaseRow, CatalogueItem, Directory, UnitFigures
from commandcenter.domain.units import UnitIndex, district_of, serves_case, takes_cases, unit_index
from commandcenter.domain.workflow import load_workflow

STREET = "street"  # CatalogueItem.fallback of an event that belongs to the territory (属地)
_FEW_DISPATCHES = 10  # a return rate over fewer cases than this says nothing

# Tiers stand further apart than load and history can move a unit, so that the rule always leads.
_FIRST, _SECOND, _THIRD, _AGENCY, _CITY, _COMMUNITY = 100.0, 80.0, 70.0, 60.0, 50.0, 40.0
_LOAD_WEIGHT, _OVERDUE_WEIGHT, _RETURN_WEIGHT, _TIME_WEIGHT = 3.0, 2.0, 3.0, 1.5


class UnitLoad(Protocol):
    """What a unit has open now."""

    @property
    def open(self) -> int:
        """Open cases."""

    @property
    def overdue(self) -> int:
        """Of them past their deadline."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A recommended unit; `score` orders, higher first; `reasons` are short phrases, the rule first."""

    unit_id: int
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    unit_id: int
    tier: float
    reason: str


def first_choice(row: CaseRow, item: CatalogueItem | None, directory: Directory) -> tuple[int, str] | None:
    """The unit that the rule alone names, and the rule; None without rule and place. Fast: for queue columns."""
    index = unit_index(directory)
    if item is None:
        return None if row.street_id is None else (row.street_id, "属地（未定小类）")
    line_unit = index.responsible(item.line, district_of(row, directory))
    if item.kind == "event" and item.fallback == STREET and row.street_id is not None:
        return row.street_id, "事件→属地"
    if line_unit is not None:
        return line_unit, "部件→主管部门" if item.kind == "component" else "事件→主责部门"
    fallback = _fallback_unit(row, item, directory, index)
    return None if fallback is None else (fallback, "主责无对应单位→兜底")


def recommend(
    row: CaseRow,
    item: CatalogueItem | None,
    directory: Directory,
    figures: Mapping[int, UnitFigures],
    loads: Mapping[int, UnitLoad],
    reach: Collection[int] | None = None,
    limit: int = 9,
) -> list[Suggestion]:
    """Units for this case, best first, at most `limit`. `reach`: units the person may send to, None: all.

    Rule (GB/T 30428): 部件优先派主管部门, 事件优先派属地. Load, returns of 30 days and mean
    working time only order units of one tier. Same input, same answer.
    """
    units = _open_to(_candidates(row, item, directory), directory, reach)
    most = max((_open_of(c.unit_id, figures, loads) for c in units), default=0)
    made = [_suggest(c, most, figures, loads) for c in units]
    made.sort(key=lambda s: (-s.score, s.unit_id))
    if made and row.grade == "cross":
        made[0] = _with_whistle(made[0])
    return made[:limit]


def _with_whistle(first: Suggestion) -> Suggestion:
    rule, *rest = first.reasons
    return Suggestion(first.unit_id, first.score, (rule, "三级多部门→宜吹哨", *rest))


def accepts(
    row: CaseRow, unit_id: int, directory: Directory, reach: Collection[int] | None = None
) -> str | None:
    """Why this unit may not be given this case by a dispatch, in Chinese; None if it may (the database decides)."""
    org = directory.orgs.get(unit_id)
    if org is None:
        return "没有这个单位"
    if not org.active:
        return "该单位已停用"
    if not takes_cases(org):
        return "该层级不接收案件"
    if reach is not None and unit_id not in reach:
        return "不在您的派遣范围内"
    if not serves_case(unit_id, row, directory):
        return "该单位属于其他区县"
    return _not_dispatchable(row)


def _not_dispatchable(row: CaseRow) -> str | None:
    workflow = load_workflow()
    if row.state in workflow.action["dispatch"].sources:
        return None
    if row.ruled:
        return "已疑难定责，不再改派"
    state = workflow.state.get(row.state)
    return f"案件{state.label if state else row.state}，不能派遣"


def accepts_below(row: CaseRow, unit_id: int, directory: Directory) -> str | None:
    """Why this unit may not get this case by 二次派发 from its handler; None if it may."""
    if not takes_cases(directory.orgs.get(unit_id)):
        return "该单位不能接收案件"
    if row.handler_id is None or unit_id not in unit_index(directory).below(row.handler_id):
        return "只能二次派发给本单位下属的科室、派出机构或社区"
    return None


def _candidates(row: CaseRow, item: CatalogueItem | None, directory: Directory) -> dict[int, _Candidate]:
    found: dict[int, _Candidate] = {}
    index = unit_index(directory)
    for candidate in (*_by_rule(row, item, directory, index), *_nearer(row, item, directory, index)):
        found.setdefault(candidate.unit_id, candidate)
    return found


def _by_rule(
    row: CaseRow, item: CatalogueItem | None, directory: Directory, index: UnitIndex
) -> Iterator[_Candidate]:
    first = first_choice(row, item, directory)
    if first is not None:
        yield _Candidate(first[0], _FIRST, _named(first, row, directory))
    if item is None:
        return
    if (line_unit := index.responsible(item.line, district_of(row, directory))) is not None:
        yield _Candidate(line_unit, _SECOND, f"主管部门（{item.line}）")
    if (fallback := _fallback_unit(row, item, directory, index)) is not None:
        why = "兜底属地" if fallback == row.street_id else f"兜底条线（{item.fallback}）"
        yield _Candidate(fallback, _THIRD, why)
    if (city_unit := index.responsible(item.line, index.top)) is not None:
        yield _Candidate(city_unit, _CITY, f"市级主管部门（{item.line}）")
    if row.street_id is not None:
        yield _Candidate(row.street_id, _COMMUNITY + 1, _place(row.street_id, directory))


def _named(first: tuple[int, str], row: CaseRow, directory: Directory) -> str:
    unit_id, reason = first
    return f"{reason}：{_name(unit_id, directory)}" if unit_id == row.street_id else reason


def _nearer(
    row: CaseRow, item: CatalogueItem | None, directory: Directory, index: UnitIndex
) -> Iterator[_Candidate]:
    if row.street_id is None:
        return
    for agency in index.agencies.get((item.line, row.street_id), ()) if item else ():
        yield _Candidate(agency, _AGENCY, f"派驻{_name(row.street_id, directory)}（小循环）")
    if row.community_id is not None:
        yield _Candidate(row.community_id, _COMMUNITY, "所在社区（微循环）")


def _fallback_unit(row: CaseRow, item: CatalogueItem, directory: Directory, index: UnitIndex) -> int | None:
    if item.fallback == STREET:
        return row.street_id
    return index.responsible(item.fallback, district_of(row, directory))


def _name(unit_id: int, directory: Directory) -> str:
    org = directory.orgs.get(unit_id)
    return org.name if org else str(unit_id)


def _place(unit_id: int, directory: Directory) -> str:
    return f"属地：{_name(unit_id, directory)}"


def _open_to(
    found: Mapping[int, _Candidate], directory: Directory, reach: Collection[int] | None
) -> list[_Candidate]:
    return [
        c
        for c in found.values()
        if takes_cases(directory.orgs.get(c.unit_id)) and (reach is None or c.unit_id in reach)
    ]


def _open_of(unit_id: int, figures: Mapping[int, UnitFigures], loads: Mapping[int, UnitLoad]) -> int:
    load = loads.get(unit_id) or figures.get(unit_id)
    return load.open if load else 0


def _suggest(
    candidate: _Candidate, most: int, figures: Mapping[int, UnitFigures], loads: Mapping[int, UnitLoad]
) -> Suggestion:
    figure = figures.get(candidate.unit_id)
    cost, reasons = _load_cost(loads.get(candidate.unit_id) or figure, most)
    past_cost, past = _history_cost(figure)
    return Suggestion(
        candidate.unit_id, round(candidate.tier - cost - past_cost, 3), (candidate.reason, *reasons, *past)
    )


def _load_cost(load: UnitLoad | None, most: int) -> tuple[float, tuple[str, ...]]:
    if load is None:
        return 0.0, ()
    late = f"，超期 {load.overdue:,}" if load.overdue else ""
    overdue_share = load.overdue / max(load.open, load.overdue, 1)
    cost = _LOAD_WEIGHT * load.open / max(most, 1) + _OVERDUE_WEIGHT * overdue_share
    return cost, (f"在办 {load.open:,}{late}",)


def _history_cost(figure: UnitFigures | None) -> tuple[float, tuple[str, ...]]:
    if figure is None:
        return 0.0, ()
    cost, reasons = 0.0, []
    if figure.dispatched >= _FEW_DISPATCHES:
        cost += _RETURN_WEIGHT * min(1.0, figure.returned / figure.dispatched)
        reasons.append(f"近30日回退 {figure.returned:,}/{figure.dispatched:,}")
    if figure.mean_used_s is not None and figure.handled:
        hours = figure.mean_used_s / 3600
        cost += _TIME_WEIGHT * hours / (hours + 8)
        reasons.append(f"平均处置 {hours:.1f} h")
    return cost, tuple(reasons)
