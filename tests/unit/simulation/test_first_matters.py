"""What a new city begins with: begun in time, hastened as far as it shall come, and natural from there on."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from whistle_world import HOUR, MINUTE, NOON, lane, meeting, town_world, whistle

from commandcenter.domain.joint import ORDER, NewMeeting, NewSummons, SummonsRow
from commandcenter.simulation.joint.deeds import Deed
from commandcenter.simulation.joint.first_matters import (
    first_occasions,
    first_opening,
    first_pace,
    hastened,
)
from commandcenter.simulation.joint.habits import load_habits
from commandcenter.simulation.joint.occasions import Occasion
from commandcenter.simulation.joint.rating_moves import after_the_end
from commandcenter.simulation.joint.summons_moves import next_of_summons
from commandcenter.simulation.joint.task_moves import next_of_meeting
from commandcenter.simulation.joint.world import World

END = NOON + 2.4 * HOUR
PACE = first_pace(load_habits(), NOON, END)


def _next(world: World, row: SummonsRow) -> Deed:
    return min(hastened(world.memory, row, list(next_of_summons(world, row)), PACE), key=lambda deed: deed.at)


def _responded(world: World, **more: Any) -> SummonsRow:
    lanes = [lane(world, no, unit, "responded", responded_at=NOON) for no, unit in ((1, "D-CG"), (2, "D-GA"))]
    return whistle(world, *lanes, state="responded", **more)


def test_all_begin_in_time_to_come_as_far_as_they_shall() -> None:
    found = first_occasions(load_habits(), NOON, END)
    assert found == sorted(found, key=lambda occasion: occasion.at)
    assert NOON <= found[0].at < found[-1].at < END and len({o.key for o in found}) == len(found)
    counts = Counter(o.kind for o in found)
    assert (counts["whistle"], counts["order"], counts["meeting"]) == (12, 2, 2)
    goals = {o.goal for o in found if o.kind == "whistle"}
    assert goals == {"draft", "issued", "responded", "acting", "blamed", "verifying", "archived"}


def test_a_whistle_is_hastened_to_its_goal_and_no_further() -> None:
    world = town_world()
    row = _responded(world)
    natural = min(next_of_summons(world, row), key=lambda deed: deed.at)
    assert _next(world, row) == natural  # nobody hastens what people began
    world.memory.first[row.id] = "archived"
    soon = _next(world, row)
    assert soon.action in ("arrive", "witness") and soon.at == min(natural.at, NOON + PACE)
    world.memory.first[row.id] = "responded"
    assert _next(world, row).at == min(next_of_summons(world, row), key=lambda deed: deed.at).at


def test_a_whistle_that_is_to_be_at_work_is_hastened_until_one_unit_has_done_with_a_picture() -> None:
    world = town_world()
    at_work = [lane(world, 1, "D-CG", "arrived", arrived_at=NOON), lane(world, 2, "D-GA", "arrived", arrived_at=NOON)]
    row = whistle(world, *at_work, state="acting")
    world.memory.first[row.id] = "acting"
    assert (_next(world, row).action, _next(world, row).at) == ("act", min(_next(world, row).at, NOON + PACE))
    done = replace(row, parties=(replace(at_work[0], state="done", done_at=NOON), at_work[1]))
    deeds = list(next_of_summons(world, done))
    assert list(hastened(world.memory, done, deeds, PACE)) == deeds


def test_of_the_one_that_is_blamed_the_last_unit_does_nothing_and_is_published_at_once() -> None:
    world = town_world("prompt")
    world = replace(world, rules=replace(world.rules, bulletin_automatic=False))
    first, last = lane(world, 1, "D-CG", "signed"), lane(world, 2, "D-GA", "arrived", arrived_at=NOON)
    row = whistle(world, first, last, state="acting")
    assert world.manner(row, last) == "prompt"
    world.memory.first[row.id] = "blamed"
    assert (world.manner(row, first), world.manner(row, last)) == ("prompt", "idle")
    assert _next(world, row).action == "rule_close"
    ended = replace(row, state="rating", closed_at=NOON)
    deeds = hastened(world.memory, ended, list(after_the_end(world, ended)), PACE)
    assert [(deed.action, deed.args["kind"]) for deed in deeds] == [("publish", "no_action")]
    world.memory.blamed.add((row.id, 2))
    assert "rate" in {deed.action for deed in hastened(world.memory, ended, list(after_the_end(world, ended)), PACE)}


def test_a_meeting_is_confirmed_before_held_at_its_hour_and_gives_two_tasks() -> None:
    world = town_world(shares={"excused": 0.0, "stays_away": 0.0})
    row = meeting(world, {"D-CG": "invited"}, meet_at=NOON + 20 * MINUTE)
    world.memory.first[row.id] = "held"
    (confirm,) = hastened(world.memory, row, list(next_of_meeting(world, row)), PACE)
    assert confirm.action == "confirm" and confirm.at <= NOON + PACE
    came = replace(row, attendees=((row.attendees[0][0], "confirmed"),))
    (attend,) = hastened(world.memory, came, list(next_of_meeting(world, came)), PACE)
    assert (attend.action, attend.at) == ("attend", row.meet_at)
    held = replace(row, state="held", attendees=((row.attendees[0][0], "present"),))
    for given in range(2):
        world.memory.tasks[row.id] = set(range(given))
        (deed,) = hastened(world.memory, held, list(next_of_meeting(world, held)), PACE)
        assert deed.action == "assign"
    world.memory.tasks[row.id] = {0, 1}
    assert [deed.action for deed in next_of_meeting(world, held)] == ["close"]


@pytest.mark.parametrize("goal", ["issued", "acting"])
def test_an_order_is_planned_for_an_evening_or_called_for_at_once(goal: str) -> None:
    world = town_world()
    made = first_opening(world, Occasion(NOON, "first-o", ORDER, goal, 4), ())
    assert made is not None and isinstance(made.new, NewSummons) and made.new.meet_at is not None
    assert 1 <= len(made.new.parties) <= 4 and made.new.ends_at == made.new.meet_at + 3 * HOUR
    hour = world.facts.timing.local(made.new.meet_at).hour
    assert hour == (19 if goal == "issued" else 12)


def test_who_shall_come_at_once_is_given_no_hour_and_a_held_meeting_is_soon() -> None:
    world = town_world()
    for turn in range(20):
        made = first_opening(world, Occasion(NOON, f"first-w-{turn}", "whistle", "verifying", 2), ())
        if made is not None and isinstance(made.new, NewSummons):
            assert made.new.meet_at is None and len(made.new.parties) <= 2
    met = first_opening(world, Occasion(NOON, "first-m", "meeting", "held", 2), ())
    assert met is not None and isinstance(met.new, NewMeeting)
    assert met.new.meet_at == NOON + 45 * MINUTE and len(met.new.units) == 2
