"""What happens next in a lane: the unit answers, comes, works and signs; the street decides on what it asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from commandcenter.domain.joint import Party, SummonsRow
from commandcenter.simulation.joint.deeds import Deed, Who, on_lane
from commandcenter.simulation.joint.world import World

_MARGIN_S = 60.0
_AT_ONCE_S = 900.0  # what must be answered so soon is answered in the first half of it
# Manners that do nothing more in a state; who does not come may still answer.
_STUCK = {
    "pending": {"nobody", "silent"},
    "responded": {"nobody", "silent", "no_show"},
    "arrived": {"nobody", "idle"},
    "done": {"nobody"},
}


def next_in_lane(world: World, row: SummonsRow, party: Party) -> Deed | None:
    """The lane's next deed; None when it waits for the others, or for ever."""
    plan = _STATES.get(party.state)
    if plan is None or not party.live or party.called_at is None or (hopeless(world, row, party) and not party.asked):
        return None
    deed, due = plan(world, row, party), _DUE.get(party.state)
    return deed if due is None else replace(deed, due=due(party))


def hopeless(world: World, row: SummonsRow, party: Party) -> bool:
    """Whether nothing more will come of this lane: it will never be signed."""
    return world.manner(row, party) in _STUCK.get(party.state, ())


def _pending(world: World, row: SummonsRow, party: Party) -> Deed:
    if party.asked:
        return _decision(world, row, party)
    manner, called = world.manner(row, party), party.called_at or 0.0
    rng, clerks = world.dice(row.id, party.no, "respond"), world.handlers(party.unit_id)
    due, within = party.confirm_due or called, _answered_by(party) - called
    at = called + rng.uniform(0.06, 0.4 if within < _AT_ONCE_S else 0.7) * within
    if manner == "late_answer":
        at = due + world.habits.seconds(rng, "late")
    if manner == "refuses" and (row.id, party.no) not in world.memory.asked:
        words = {"reason": world.say(rng, "ask_release"), "legal_basis": world.say(rng, "legal_basis")}
        return on_lane(row, party, at, clerks, "ask_release", **words)
    return on_lane(row, party, at, clerks, "respond", note=world.say(rng, "respond"))


def _answered_by(party: Party) -> float:
    """The limit, or the opening of the sign-in when that is sooner: who is prompt answers before he comes."""
    called = party.called_at or 0.0
    coming = [at for at in (party.arrive_from, party.arrive_due) if at is not None and at > called]
    return min([party.confirm_due or called, *coming])


def _decision(world: World, row: SummonsRow, party: Party) -> Deed:
    """退哨 is agreed to, unless nobody else would be left."""
    rng = world.dice(row.id, party.no, "decision")
    at, speakers = row.changed_at + world.habits.seconds(rng, "decide"), world.speakers(row)
    if len(row.live_parties) > 1 and world.habits.happens(rng, "granted"):
        return on_lane(row, party, at, speakers, "release", note=world.say(rng, "release"))
    return on_lane(row, party, at, speakers, "insist", reason=world.say(rng, "insist"))


def _responded(world: World, row: SummonsRow, party: Party) -> Deed:
    if party.asked:
        return _decision(world, row, party)
    rng = world.dice(row.id, party.no, "arrive")
    at, came = _arrival(world, rng, party, world.manner(row, party)), party.heads or rng.randint(1, 3)
    watchers = _watchers(world, row)
    if watchers.logins and world.habits.happens(rng, "witnessed"):
        return on_lane(row, party, at, watchers, "witness", came=came)
    lon, lat = world.near(rng, row)
    return on_lane(row, party, at, world.handlers(party.unit_id), "arrive", lon=lon, lat=lat, came=came)


def _arrival(world: World, rng: Random, party: Party, manner: str) -> float:
    """Between the opening of the sign-in and its end, or after it."""
    begins = max(party.arrive_from or 0.0, party.responded_at or 0.0) + _MARGIN_S
    ends = (party.arrive_due or begins) - _MARGIN_S
    if manner == "late_arrival":
        return max(begins, ends + 2 * _MARGIN_S + world.habits.seconds(rng, "late"))
    return begins + max(0.0, ends - begins) * rng.uniform(0.15, 0.9)


def _watchers(world: World, row: SummonsRow) -> Who:
    caller = world.facts.directory.orgs.get(row.caller_id)
    of_street = caller is not None and caller.kind == "street"
    return Who("handler", world.facts.staff.street("handler", row.caller_id) if of_street else ())


def _arrived(world: World, row: SummonsRow, party: Party) -> Deed:
    rng, clerks = world.dice(row.id, party.no, "work"), world.handlers(party.unit_id)
    began = (party.arrived_at or row.changed_at) + world.habits.seconds(rng, "act")
    if party.acted_at is None:
        picture = "scene" if world.habits.happens(rng, "scene_photo") else ""
        return on_lane(row, party, began, clerks, "act", picture, text=world.say(rng, "act"))
    at = party.acted_at + world.habits.seconds(rng, "work") * (1 + 0.5 * party.reworks)
    found = _papers(world, rng, party, at) if world.habits.happens(rng, "documents") else {}
    return on_lane(row, party, at, clerks, "finish", "after", result=world.say(rng, "result"), **found)


def _papers(world: World, rng: Random, party: Party, at: float) -> dict[str, Any]:
    year, number = world.facts.timing.local(at).year, rng.randint(1, 900)
    papers = world.say(rng, "documents", line=party.line or "执", year=year, n=number)
    return {"documents": papers, "people": rng.randint(0, 4), "goods": rng.randint(0, 12)}


def _done(world: World, row: SummonsRow, party: Party) -> Deed:
    rng, done = world.dice(row.id, party.no, "sign off"), party.done_at or row.changed_at
    if party.reworks == 0 and world.habits.happens(rng, "returned"):
        at = done + world.habits.seconds(rng, "return_lane")
        return on_lane(row, party, at, world.speakers(row), "return_lane", reason=world.say(rng, "return_lane"))
    at = done + world.habits.seconds(rng, "sign_off")
    return on_lane(row, party, at, world.handlers(party.unit_id), "sign_off")


_STATES = {"pending": _pending, "responded": _responded, "arrived": _arrived, "done": _done}
_DUE: dict[str, Callable[[Party], float | None]] = {
    "pending": lambda party: party.confirm_due,
    "responded": lambda party: party.arrive_due,
}
