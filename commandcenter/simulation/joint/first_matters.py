"""What a new city begins with, so that nobody looks at an empty board: the same people play it, only faster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from commandcenter.domain.joint import ORDER, MeetingRow, NewMeeting, NewSummons, SummonsRow
from commandcenter.domain.model import CaseRow
from commandcenter.simulation.joint.deeds import Deed, Row
from commandcenter.simulation.joint.habits import Habits
from commandcenter.simulation.joint.occasions import Occasion
from commandcenter.simulation.joint.openings import Opening, opening
from commandcenter.simulation.joint.world import Memory, World

_TRIES = 6  # places drawn until somebody calls at least two units
_SLACK = 1.4  # in history a deed waits for the end of its step
_SOON_S, _AHEAD_S = 2700.0, 3600.0
# What leads from one state of a summons to the next; nothing else happens to it until it has come as far as it shall.
_WAY = {
    "draft": frozenset[str](),
    "issued": frozenset({"sign", "respond"}),
    "responded": frozenset({"sign", "respond"}),
    "acting": frozenset({"arrive", "witness", "act", "finish"}),
    "rating": frozenset({"sign_off", "close", "rule_close", "publish"}),
    "verifying": frozenset({"rate"}),
    "archived": frozenset({"follow_up", "verify"}),
}
_STATES = tuple(_WAY)
_OF_MEETING = frozenset({"confirm", "attend", "hold", "assign"})


def first_occasions(habits: Habits, start: float, end: float) -> list[Occasion]:
    """Begun in time to have come as far as they shall at `end`, in order."""
    pace, found = first_pace(habits, start, end), []
    for number, matter in enumerate(habits.raw["first"]["matter"]):
        at = max(start, end - matter["steps"] * pace * _SLACK)
        for turn in range(matter["count"]):
            found.append(Occasion(at + turn, f"first-{number}-{turn}", matter["kind"], matter["goal"], matter["units"]))
    return sorted(found, key=lambda occasion: occasion.at)


def first_pace(habits: Habits, start: float, end: float) -> float:
    """Seconds from one deed to the next."""
    return (end - start) / (_SLACK * max(float(matter["steps"]) for matter in habits.raw["first"]["matter"]))


def first_opening(world: World, occasion: Occasion, cases: Sequence[CaseRow]) -> Opening | None:
    """Like any other, where possible of several units, and such that it can come as far as it shall."""
    found = [made for made in _tried(world, occasion, cases) if made is not None]
    best = next((made for made in found if _units(made) > 1), found[0] if found else None)
    if best is None:
        return None
    if isinstance(best.new, NewMeeting):
        return replace(best, new=_meeting(replace(best.new, units=best.new.units[: occasion.most]), occasion))
    called = sorted(best.new.parties, key=lambda unit: not unit.lead)[: occasion.most]
    return replace(best, new=_summons(world, replace(best.new, parties=tuple(called)), occasion))


def hastened(memory: Memory, row: Row, deeds: Sequence[Deed], pace_s: float) -> Sequence[Deed]:
    """The deed that leads on to where this matter shall come, soon; any other matter's deeds as they are."""
    goal = memory.first.get(row.id)
    way = _way(goal, memory, row) if goal else frozenset()
    leading = [deed for deed in deeds if deed.action in way]
    if not leading:
        return deeds
    soonest = min(leading, key=lambda deed: (deed.at, deed.party_no or 0))
    begins = _begins(row, soonest)
    return [replace(soonest, at=max(begins, min(soonest.at, row.changed_at + pace_s)))]


def _begins(row: Row, deed: Deed) -> float:
    """Before this nobody can hold a meeting, or sign in at the place."""
    if isinstance(row, MeetingRow):
        return row.meet_at if deed.action != "confirm" else 0.0
    lane = row.party(deed.party_no) if isinstance(row, SummonsRow) and deed.party_no is not None else None
    return (lane.arrive_from or 0.0) if lane is not None and deed.action in ("arrive", "witness") else 0.0


def _tried(world: World, occasion: Occasion, cases: Sequence[CaseRow]) -> Iterator[Opening | None]:
    return (opening(world, replace(occasion, key=f"{occasion.key}/{turn}"), cases) for turn in range(_TRIES))


def _units(made: Opening) -> int:
    return len(made.new.units if isinstance(made.new, NewMeeting) else made.new.parties)


def _summons(world: World, new: NewSummons, occasion: Occasion) -> NewSummons:
    at_work = occasion.goal not in ("draft", "issued", "responded")
    if new.kind != ORDER:
        return replace(new, meet_at=None) if at_work else new
    meet = round(occasion.at + _SOON_S) if at_work else _evening(world, occasion.at)
    return replace(new, meet_at=meet, ends_at=meet + 3 * 3600)


def _meeting(new: NewMeeting, occasion: Occasion) -> NewMeeting:
    return replace(new, meet_at=round(occasion.at + _SOON_S)) if occasion.goal == "held" else new


def _evening(world: World, at: float) -> float:
    """This evening, or tomorrow's when it is too late to call anybody together today."""
    hour = int(world.habits.raw["first"]["evening"])
    evening = world.facts.timing.local(at).replace(hour=hour, minute=0, second=0, microsecond=0)
    late = evening.timestamp() < at + _AHEAD_S
    return (evening + timedelta(days=1) if late else evening).timestamp()


def _way(goal: str, memory: Memory, row: Row) -> frozenset[str]:
    """Actions that lead to the goal; none once it is reached."""
    if isinstance(row, MeetingRow):
        return _OF_MEETING if goal == "held" and len(memory.tasks.get(row.id, ())) < 2 else frozenset()
    if not isinstance(row, SummonsRow) or row.state not in _WAY or _reached(goal, memory, row):
        return frozenset()
    last = _STATES.index("rating" if goal == "blamed" else goal)
    return frozenset().union(*(_WAY[state] for state in _STATES[: last + 1]))


def _reached(goal: str, memory: Memory, row: SummonsRow) -> bool:
    if goal == "blamed":
        return any(row.id == blamed for blamed, _ in memory.blamed)
    if row.state != goal:
        return _STATES.index(row.state) > _STATES.index(goal)
    if goal == "issued":
        return any(party.responded_at is not None for party in row.live_parties)
    return goal != "acting" or any(party.done_at is not None for party in row.live_parties)
