"""What is called for: who whistles, for which case or scenario, and which units must come."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random
from uuid import uuid4

from commandcenter.domain.joint import ORDER, WHISTLE, CalledUnit, NewMeeting, NewSummons, Scenario
from commandcenter.domain.model import CaseRow
from commandcenter.simulation.joint.callers import Caller, pick_caller
from commandcenter.simulation.joint.deeds import Who
from commandcenter.simulation.joint.occasions import Occasion
from commandcenter.simulation.joint.world import World
from commandcenter.simulation.places import Place, point_in

_MOST_UNITS = 5
_PLANNED = ("综合执法", "重点工作")
_TITLE, _SUMMARY = 90, 40


@dataclass(frozen=True, slots=True)
class Opening:
    """A draft and who opens it."""

    who: Who
    new: NewSummons | NewMeeting


def opening(world: World, occasion: Occasion, cases: Sequence[CaseRow]) -> Opening | None:
    """`cases`: open ones that may need it, forced closures first. None when nobody may call, or nobody would come."""
    rng = world.dice(occasion.key)
    if occasion.kind == "order":
        return _order(world, rng, occasion.at, cases)
    if occasion.kind == "meeting":
        return _meeting(world, rng, occasion.at)
    return _whistle(world, rng, occasion.at, cases)


# ------------------------------------------------------------------ 吹哨
def _whistle(world: World, rng: Random, at: float, cases: Sequence[CaseRow]) -> Opening | None:
    ledger = [case for case in cases if case.on_ledger]
    place = world.facts.places.draw(rng)
    if ledger:
        place = world.facts.places.in_street(rng, ledger[0].street_id)
    caller = pick_caller(world, rng, place, "street" if ledger else None)
    if caller is None:
        return None
    case = ledger[0] if ledger else _case_of(world, rng, caller, cases)
    scenario = _scenario(world, rng, case)
    units = _units(world, rng, caller, scenario, case)
    if scenario is None or not units:
        return None
    return Opening(caller.who, _new_whistle(world, rng, at, caller, scenario, units, case))


def _case_of(world: World, rng: Random, caller: Caller, cases: Sequence[CaseRow]) -> CaseRow | None:
    mine = [case for case in cases if case.street_id == caller.street_id and caller.covers(case)]
    return mine[0] if mine and world.habits.happens(rng, "of_case") else None


def _scenario(world: World, rng: Random, case: CaseRow | None) -> Scenario | None:
    """One that names the case's line first of all."""
    listed = world.rules.scenarios
    item = world.facts.item(case.item_id) if case else None
    fitting = [scenario for scenario in listed if item is not None and item.line in scenario.lines]
    return rng.choice(fitting or listed) if listed else None


def _units(
    world: World, rng: Random, caller: Caller, scenario: Scenario | None, case: CaseRow | None
) -> list[int]:
    item = world.facts.item(case.item_id) if case else None
    lines = dict.fromkeys(((item.line,) if item else ()) + (scenario.lines if scenario else ()))
    found = [unit for line in lines if (unit := _unit(world, rng, caller, line)) is not None]
    return list(dict.fromkeys(found or caller.near(world)))[:_MOST_UNITS]


def _unit(world: World, rng: Random, caller: Caller, line: str) -> int | None:
    """The line's agency in the street, or its department; only kinds that this caller may call."""
    units, street = world.facts.units, caller.street_id
    agencies = units.agencies.get((line, street), []) if street is not None else []
    department = units.responsible(line, caller.district_id)
    choice = [*agencies[:1], department] if world.habits.happens(rng, "agency") else [department, *agencies[:1]]
    return next((unit for unit in choice if unit is not None and caller.may_call(world, unit)), None)


def _new_whistle(
    world: World, rng: Random, at: float, caller: Caller, scenario: Scenario, units: list[int], case: CaseRow | None
) -> NewSummons:
    place = caller.place
    lon, lat = _spot(rng, place, case)
    summary = case.summary[:_SUMMARY] if case else ""
    what = "title_case" if case else "title_scenario"
    title = world.say(rng, what, summary=summary, place=place.community, scenario=scenario.name)
    return NewSummons(
        id=uuid4(),
        kind=WHISTLE,
        caller_id=caller.org_id,
        caller_kind=caller.kind,
        grid_id=caller.grid_id,
        scope=scenario.scope,
        scenario=scenario.code,
        level=scenario.level,
        title=title[:_TITLE],
        reason=world.say(rng, "reason"),
        place=f"{place.street}{world.facts.places.address(rng, place)}",
        lon=lon,
        lat=lat,
        meet_at=_appointed(world, rng, at, scenario),
        cases=(case.id,) if case else (),
        parties=tuple(CalledUnit(unit, rng.randint(1, 4), lead=unit == units[0]) for unit in units),
    )


def _spot(rng: Random, place: Place, case: CaseRow | None) -> tuple[float, float]:
    if case is not None and case.lon is not None and case.lat is not None:
        return case.lon, case.lat
    return point_in(rng, place.ring)


def _appointed(world: World, rng: Random, at: float, scenario: Scenario) -> float | None:
    """约定时间: some hours of office time away, where the scenario names none."""
    if scenario.arrive_minutes is not None or not world.habits.happens(rng, "appointed"):
        return None
    return round(world.facts.timing.after(at + 7200, "days", rng.uniform(1, 7) * 3600))


# ------------------------------------------------------------------ 联合执法令
def _order(world: World, rng: Random, at: float, cases: Sequence[CaseRow]) -> Opening | None:
    place = world.facts.places.draw(rng)
    district = world.facts.directory.orgs[place.street_id].district_id
    who, listed = world.supervisors(district, rng.randrange(64)), _planned(world.rules.scenarios)
    if not world.teams or not who.logins or not listed or "district" not in world.rules.callers:
        return None
    team, scenario = rng.choice(world.teams), rng.choice(listed)
    units = {world.facts.units.responsible(line.line, district): line for line in team.lines}
    called = tuple(CalledUnit(unit, line.heads, line.lead) for unit, line in units.items() if unit is not None)
    if not called:
        return None
    meet = round(at + world.habits.seconds(rng, "until_order"))
    lon, lat = point_in(rng, place.ring)
    near = [case.id for case in cases if case.street_id == place.street_id and not case.on_ledger][:2]
    checks = world.habits.raw["checks"]
    title = world.say(rng, "title_order", place=place.community, scenario=scenario.name)
    return Opening(who, NewSummons(
        id=uuid4(), kind=ORDER, caller_id=district, scope=scenario.scope, scenario=scenario.code,
        level=scenario.level, title=title[:_TITLE], reason=world.say(rng, "reason"),
        place=f"{place.street}{world.facts.places.address(rng, place)}", lon=lon, lat=lat, meet_at=meet,
        ends_at=meet + 3 * 3600, cases=tuple(near), parties=called,
        checks=tuple(rng.sample(checks["listed"], rng.randint(2, checks["most"]))),
    ))  # fmt: skip


def _planned(listed: Sequence[Scenario]) -> Sequence[Scenario]:
    """Nobody plans an emergency for the evening."""
    return [scenario for scenario in listed if scenario.scope in _PLANNED] or listed


# ------------------------------------------------------------------ 会商
def _meeting(world: World, rng: Random, at: float) -> Opening | None:
    """Called by a street's head, or by a supervisor where there is none."""
    place = world.facts.places.draw(rng)
    district = world.facts.directory.orgs[place.street_id].district_id
    heads = world.heads(place.street_id)
    caller, who = (place.street_id, heads) if heads.logins else (district, world.supervisors(district))
    units = _departments(world, district)
    listed = _planned(world.rules.scenarios)
    if not who.logins or len(units) < 2 or not listed:
        return None
    title = world.say(rng, "title_meeting", place=place.community, scenario=rng.choice(listed).name)
    meet = round(world.facts.timing.after(at + 3600, "days", rng.uniform(1, 9) * 3600))
    invited = tuple(rng.sample(units, min(len(units), rng.randint(2, 4))))
    agenda = world.say(rng, "agenda")
    return Opening(who, NewMeeting(uuid4(), caller, title[:_TITLE], meet, invited, agenda, f"{place.street}会议室"))


def _departments(world: World, district: int) -> list[int]:
    orgs = world.facts.directory.orgs
    return [unit for unit in world.facts.units.all_responsible(district) if orgs[unit].kind == "department"]


def called_for(row_cases: Collection[int], cases: Sequence[CaseRow]) -> list[CaseRow]:
    """Cases for which nobody was called yet, forced closures first."""
    free = [case for case in cases if case.id not in row_cases]
    return sorted(free, key=lambda case: not case.on_ledger)
