"""Which unit an agent thinks must act: the right one, a wrong one, one below."""

from __future__ import annotations

from random import Random

from commandcenter.domain.model import CaseRow
from commandcenter.domain.recommend import first_choice, recommend
from commandcenter.domain.units import district_of, takes_cases
from commandcenter.simulation.facts import Facts
from commandcenter.simulation.fate import Fate


def right_unit(facts: Facts, row: CaseRow, fate: Fate) -> int | None:
    """The unit of the rule (部件→主管部门, 事件→属地), at times its agency in the street (小循环)."""
    item = facts.item(row.item_id)
    first = first_choice(row, item, facts.directory)
    near = fate.taste < facts.data.fates["agency_share"]
    if near and item is not None and row.street_id is not None:
        agencies = facts.units.agencies.get((item.line, row.street_id))
        if agencies:
            return agencies[0]
    return first[0] if first else row.street_id


def fitting_units(facts: Facts, row: CaseRow) -> frozenset[int]:
    """All units that would not send the case back."""
    named = recommend(row, facts.item(row.item_id), facts.directory, {}, {})
    return frozenset(suggestion.unit_id for suggestion in named)


def wrong_unit(facts: Facts, rng: Random, row: CaseRow) -> int | None:
    """A department that has nothing to do with it."""
    fitting = fitting_units(facts, row)
    here = district_of(row, facts.directory)
    others = [unit for unit in facts.units.all_responsible(here) if unit not in fitting]
    return rng.choice(others) if others else None


def unit_below(facts: Facts, rng: Random, row: CaseRow) -> int | None:
    """A section, agency or community to which the handler may pass the case on (二次派发)."""
    if row.handler_id is None:
        return None
    below = facts.units.below(row.handler_id)
    if row.community_id in below:
        return row.community_id
    here = [unit for unit in sorted(below) if _near(facts, unit, row.street_id)]
    return rng.choice(here) if here else None


def _near(facts: Facts, unit_id: int, street_id: int | None) -> bool:
    org = facts.directory.orgs[unit_id]
    return takes_cases(org) and org.kind != "community" and org.serves_id in (None, street_id)
