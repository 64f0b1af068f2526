"""Who whistles: a grid worker, a community, a street or a district, as far as the deployment lets them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from commandcenter.domain.model import CaseRow, Org
from commandcenter.domain.units import takes_cases
from commandcenter.simulation.joint.deeds import Who
from commandcenter.simulation.joint.world import World
from commandcenter.simulation.places import Place

_NEAR = 3
_OF_LINES = frozenset({"department", "utility", "enterprise"})


@dataclass(frozen=True, slots=True)
class Caller:
    """org_id calls as `kind`; a grid calls through its community or street."""

    kind: str
    org_id: int
    district_id: int
    street_id: int | None
    community_id: int | None
    who: Who
    place: Place  # what is called to

    @property
    def grid_id(self) -> int | None:
        """The grid that is called for."""
        return self.place.grid_id if self.kind == "grid" else None

    def covers(self, case: CaseRow) -> bool:
        """Whether the case lies on the caller's ground."""
        return self.kind in ("street", "district") or case.community_id == self.community_id

    def may_call(self, world: World, unit_id: int) -> bool:
        """Mirror of cc.callable_by: below the street only units that serve it, or have people of their own there."""
        org = world.facts.directory.orgs[unit_id]
        kinds, _ = world.rules.callers[self.kind]
        if not takes_cases(org) or org.kind not in kinds or unit_id == self.org_id:
            return False
        return self.kind in ("street", "district") or org.serves_id == self.street_id or self._has_people(world, org)

    def near(self, world: World) -> Sequence[int]:
        """For a caller whose scenario names nobody it may call: agencies of the street, then lines with specialists."""
        facts, street = world.facts, self.street_id
        serving = sorted(o.id for o in facts.directory.orgs.values() if street is not None and o.serves_id == street)
        lines = facts.serving.lines(self.grid_id, self._ground)
        serving += [unit for line in lines if (unit := facts.units.responsible(line, self.district_id)) is not None]
        return [unit for unit in serving if self.may_call(world, unit)][:_NEAR]

    @property
    def _ground(self) -> tuple[int | None, ...]:
        return self.street_id, self.community_id

    def _has_people(self, world: World, org: Org) -> bool:
        """What belongs to a street, this one or another, is not meant."""
        line = world.facts.units.line_of(org.id)
        return org.kind in _OF_LINES and world.facts.serving.serves(line, self.grid_id, self._ground)


def pick_caller(world: World, rng: Random, place: Place, kind: str | None = None) -> Caller | None:
    """Somebody at this place, by the shares of the data; None where nobody may, or nobody could sign or rate."""
    shares = {name: share for name, share in world.habits.raw["callers"].items() if name in world.rules.callers}
    if not shares or not world.heads(place.street_id).logins:
        return None
    wanted = kind or rng.choices(list(shares), list(shares.values()))[0]
    if wanted not in world.rules.callers:
        return None
    found = _MAKERS[wanted](world, _with_clerks(world, rng, place) if wanted == "community" else place)
    if not found.who.logins and wanted != "street":
        found = _street(world, place)
    return found if found.who.logins and found.kind in world.rules.callers else None


def _with_clerks(world: World, rng: Random, place: Place) -> Place:
    """This place, or one in a community of the same street where somebody works who may whistle."""
    staff, orgs = world.facts.staff, world.facts.directory.orgs.values()
    if staff.street("handler", place.community_id):
        return place
    near = [o.id for o in orgs if o.kind == "community" and o.parent_id == place.street_id]
    manned = [community for community in near if staff.street("handler", community)]
    return (world.facts.places.in_community(rng, rng.choice(manned)) or place) if manned else place


def _street(world: World, place: Place) -> Caller:
    staff = world.facts.staff
    clerks = staff.street("handler", place.street_id)
    who = Who("handler", clerks) if clerks else world.heads(place.street_id)
    return Caller("street", place.street_id, _district(world, place), place.street_id, None, who, place)


def _community(world: World, place: Place) -> Caller:
    clerks = world.facts.staff.street("handler", place.community_id)
    community = place.community_id
    org, who = community if community is not None else place.street_id, Who("handler", clerks)
    return Caller("community", org, _district(world, place), place.street_id, community, who, place)


def _grid(world: World, place: Place) -> Caller:
    """The grid worker of the community, else of the street."""
    staff = world.facts.staff
    own = staff.street("grid_worker", place.community_id)
    workers = own or staff.street("grid_worker", place.street_id)
    org = place.community_id if own and place.community_id is not None else place.street_id
    community = place.community_id if own else None
    who = Who("grid_worker", workers)
    return Caller("grid", org, _district(world, place), place.street_id, community, who, place)


def _whole(world: World, place: Place) -> Caller:
    district = _district(world, place)
    return Caller("district", district, district, place.street_id, None, world.supervisors(district), place)


def _district(world: World, place: Place) -> int:
    return world.facts.directory.orgs[place.street_id].district_id


_MAKERS = {"street": _street, "community": _community, "grid": _grid, "district": _whole}
