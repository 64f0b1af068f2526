"""What happens when the work is over: ratings, citizens asked, 通报, objections and their ruling, verification."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from commandcenter.domain.joint import BULLETIN_LABELS, RATINGS, WHISTLE, Party, SummonsRow
from commandcenter.simulation.joint.deeds import Deed, on_lane, on_whole
from commandcenter.simulation.joint.world import World


def after_the_end(world: World, row: SummonsRow) -> Iterator[Deed]:
    """Everything that may come next; the earliest is done first."""
    for party in row.parties:
        yield from _of_lane(world, row, party)
    if row.citizen_score is None:
        yield from _citizens(world, row)
    if row.state == "verifying" and not any(party.objection == "open" for party in row.parties):
        yield _verification(world, row)


def _of_lane(world: World, row: SummonsRow, party: Party) -> Iterator[Deed]:
    if party.objection == "open":
        yield _ruling(world, row, party)
    if row.state == "rating" and party.live and party.rated_at is None:
        yield _rating(world, row, party)
    if not world.rules.bulletin_automatic and (fault := _fault(party)) and not _is_blamed(world, row, party):
        yield from _bulletin(world, row, party, fault)
    if party.rated_at is not None and party.objection is None:
        yield from _objection(world, row, party)


def _is_blamed(world: World, row: SummonsRow, party: Party) -> bool:
    return bool(party.published) or (row.id, party.no) in world.memory.blamed


def _fault(party: Party) -> str:
    """The worst of what was missed; "" when nothing was, or the unit was let go."""
    if party.state == "released":
        return ""
    if party.arrived_at is not None and party.acted_at is None and party.done_at is None:
        return "no_action"
    if party.arrived_at is None and party.arrival == "absent":
        return "absent"
    return "no_response" if party.response == "none" and party.responded_at is None else ""


def _rating(world: World, row: SummonsRow, party: Party) -> Deed:
    rng = world.dice(row.id, party.no, "rating")
    kind = "absent" if _fault(party) else "prompt"
    if party.response == "late" or party.arrival == "late":
        kind = "late"
    marks: dict[str, Any] = {name: world.habits.mark(rng, kind) for name in RATINGS}
    if min(marks.values()) < world.rules.reason_below:
        marks["reason"] = world.say(rng, "rate_low")
    at = (row.closed_at or row.changed_at) + world.habits.seconds(rng, "rate")
    return on_lane(row, party, at, world.speakers(row), "rate", **marks)


def _bulletin(world: World, row: SummonsRow, party: Party, fault: str) -> Iterator[Deed]:
    rng = world.dice(row.id, party.no, "bulletin")
    if world.memory.first.get(row.id) == "blamed" or world.habits.happens(rng, "published"):
        unit = world.facts.unit_name(party.unit_id)
        text = world.say(rng, "publish", unit=unit, no=row.no, fault=BULLETIN_LABELS[fault])
        at = (row.closed_at or row.changed_at) + world.habits.seconds(rng, "publish")
        yield on_lane(row, party, at, world.evaluators(row.district_id, row.id), "publish", kind=fault, text=text)


def _objection(world: World, row: SummonsRow, party: Party) -> Iterator[Deed]:
    rng, low = world.dice(row.id, party.no, "objection"), world.habits.raw["scores"]["good_from"]
    share = "low_rated_objects" if party.score is not None and party.score < low else "objects"
    if world.habits.happens(rng, share) and party.rated_at is not None:
        at = party.rated_at + world.habits.seconds(rng, "object")
        yield on_lane(row, party, at, world.handlers(party.unit_id), "object", reason=world.say(rng, "object"))


def _ruling(world: World, row: SummonsRow, party: Party) -> Deed:
    rng, who = world.dice(row.id, party.no, "ruling"), world.evaluators(row.district_id, row.id)
    at = row.changed_at + world.habits.seconds(rng, "decide")
    if not world.habits.happens(rng, "upheld"):
        return on_lane(row, party, at, who, "decide", upheld="no", decision=world.say(rng, "decide_no"))
    better = min(100, (party.efficiency or 60) + rng.randint(8, 20))
    decision = world.say(rng, "decide_yes")
    return on_lane(row, party, at, who, "decide", upheld="yes", decision=decision, efficiency=better)


def _citizens(world: World, row: SummonsRow) -> Iterator[Deed]:
    """群众回访; an order has only the time of its ratings for it."""
    rng, who = world.dice(row.id, "citizens"), world.followers(row.district_id, row.id)
    if not who.logins or not world.habits.happens(rng, "citizens_asked"):
        return
    rolled, shares = rng.random(), world.habits.share
    content = "satisfied" if rolled < shares("satisfied") else "basically"
    if rolled >= shares("satisfied") + shares("basically"):
        content = "dissatisfied"
    at = (row.closed_at or row.changed_at) + world.habits.seconds(rng, "follow_up")
    yield on_whole(row, at, who, "follow_up", satisfied=content, note=world.say(rng, "follow_up"))


def _verification(world: World, row: SummonsRow) -> Deed:
    closed = row.closed_at or row.changed_at
    rng, who = world.dice(row.id, "verification", closed), world.evaluators(row.district_id, row.id)
    at = closed + world.habits.seconds(rng, "verify")
    if row.kind == WHISTLE and not row.ruled and world.habits.happens(rng, "verify_rejected"):
        return on_whole(row, at, who, "reject_verify", reason=world.say(rng, "reject_verify"))
    return on_whole(row, at, who, "verify", note=world.say(rng, "verify"))
