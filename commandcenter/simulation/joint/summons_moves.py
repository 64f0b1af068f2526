"""What happens next with a whistle or an order as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from commandcenter.domain.joint import ORDER, SummonsRow
from commandcenter.simulation.joint.deeds import Deed, on_whole
from commandcenter.simulation.joint.lane_moves import hopeless, next_in_lane
from commandcenter.simulation.joint.rating_moves import after_the_end
from commandcenter.simulation.joint.world import World

_MARGIN_S = 120.0
_UNDER_WAY = frozenset({"issued", "responded", "acting"})


def next_of_summons(world: World, row: SummonsRow) -> Iterator[Deed]:
    """Everything that may come next; the earliest is done first."""
    if row.state == "draft":
        yield _signature(world, row)
    elif row.state in _UNDER_WAY:
        yield from _under_way(world, row)
    elif row.open:
        yield from after_the_end(world, row)


def _signature(world: World, row: SummonsRow) -> Deed:
    rng, who = world.dice(row.id, "sign"), world.speakers(row)
    at = row.drafted_at + world.habits.seconds(rng, "sign")
    if row.meet_at is None:
        return on_whole(row, at, who, "sign", note=world.say(rng, "sign"))
    if row.meet_at - _MARGIN_S < row.changed_at:
        return on_whole(row, row.meet_at, who, "discard", reason=world.say(rng, "expired"))
    return on_whole(row, min(at, row.meet_at - _MARGIN_S), who, "sign", note=world.say(rng, "sign"))


def _under_way(world: World, row: SummonsRow) -> Iterator[Deed]:
    lanes = [deed for party in row.live_parties if (deed := next_in_lane(world, row, party))]
    yield from lanes
    rng = world.dice(row.id, "withdraw")
    if row.issued_at is not None and _nobody_came(row) and world.habits.happens(rng, "withdrawn"):
        at = row.issued_at + world.habits.seconds(rng, "decide")
        yield on_whole(row, at, world.speakers(row), "withdraw", reason=world.say(rng, "withdraw"))
    if all(party.state == "signed" for party in row.live_parties):
        yield _close(world, row)
    elif not lanes:
        yield from _without_the_missing(world, row)


def _nobody_came(row: SummonsRow) -> bool:
    return row.state in ("issued", "responded") and all(party.arrived_at is None for party in row.parties)


def _close(world: World, row: SummonsRow) -> Deed:
    """Measured from the last change: a rejected verification is closed again."""
    rng = world.dice(row.id, "close", row.version)
    at = row.changed_at + world.habits.seconds(rng, "close")
    return on_whole(row, at, world.speakers(row), "close", conclusion=world.say(rng, "conclusion"))


def _without_the_missing(world: World, row: SummonsRow) -> Iterator[Deed]:
    """Somebody will never sign: a second consultation perhaps, then the supervisor rules."""
    missing = [party for party in row.live_parties if hopeless(world, row, party)]
    if not missing:
        return
    since = max(row.changed_at, *(party.arrive_due or 0.0 for party in missing))
    rng, who = world.dice(row.id, "missing"), world.speakers(row)
    consults = world.habits.happens(rng, "consulted")
    if consults and row.kind != ORDER and row.id not in world.memory.consulted and row.id not in world.memory.first:
        at = since + world.habits.seconds(rng, "consult")
        meet = world.facts.timing.local(at + world.habits.seconds(rng, "until_meeting")).isoformat()
        yield on_whole(row, at, who, "consult", title=world.say(rng, "title_consult", no=row.no), meet_at=meet)
        return
    supervisors = world.supervisors(row.district_id, row.id)
    args = {"conclusion": world.say(rng, "rule_close"), "reason": world.say(rng, "rule_reason")}
    yield on_whole(row, since + world.habits.seconds(rng, "rule_close"), supervisors, "rule_close", **args)
