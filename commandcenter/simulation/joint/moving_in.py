"""Reads the city's whistle rules and sets up what is done about them; a city without rules has no whistles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from commandcenter.domain.errors import NotFound
from commandcenter.domain.joint import SummonsRow, Team, WhistleRules
from commandcenter.domain.model import CaseRow
from commandcenter.simulation.desks import Desk, Desks
from commandcenter.simulation.facts import Facts
from commandcenter.simulation.joint.habits import load_habits
from commandcenter.simulation.joint.hands import Hands
from commandcenter.simulation.joint.joint_city import JointCity
from commandcenter.simulation.joint.occasions import Occasions
from commandcenter.simulation.joint.world import World
from commandcenter.simulation.settings import Settings
from commandcenter.simulation.tally import Tally


@dataclass(frozen=True, slots=True)
class CityRules:
    """What the database says of whistles and standing teams."""

    whistles: WhistleRules
    teams: tuple[Team, ...]


def rules_of(desk: Desk) -> CityRules | None:
    """As somebody who sees the whole city reads them; None in a deployment without whistles."""
    queries = desk.session.joint_queries
    try:
        return CityRules(queries.whistle_rules(), tuple(queries.teams()))
    except NotFound:
        return None


def joint_city(
    facts: Facts,
    rules: CityRules | None,
    desks: Desks,
    settings: Settings,
    tally: Tally,
    open_cases: Callable[[], Sequence[CaseRow]],
    over: Callable[[SummonsRow], None],
) -> JointCity | None:
    """The whistles of a city, None without rules."""
    if rules is None:
        return None
    habits = load_habits()
    world = World(facts, rules.whistles, rules.teams, habits)
    occasions = Occasions(facts.directory, habits, settings.seed, settings.rate)
    city = JointCity(world, occasions, Hands(desks), tally, open_cases, over)
    city.leave(settings.leave)
    return city
