"""What the people of the simulated city do next about whistles, meetings and tasks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from whistle_world import HOUR, MINUTE, NOON, lane, meeting, org, task, town_world, whistle

from commandcenter.simulation.joint.deeds import Deed
from commandcenter.simulation.joint.lane_moves import hopeless, next_in_lane
from commandcenter.simulation.joint.summons_moves import next_of_summons
from commandcenter.simulation.joint.task_moves import next_of_meeting, next_of_task
from commandcenter.simulation.joint.world import World

RATED: dict[str, Any] = {"efficiency": 80, "cooperation": 80, "professional": 80, "responsibility": 80}


def _first(deeds: Any) -> Deed:
    found: Deed = min(deeds, key=lambda deed: deed.at)
    return found


def _next(world: World, state: str, number: int = 7, **more: Any) -> Deed | None:
    """The next deed in one of two lanes."""
    party = lane(world, 1, "D-CG", state, **more)
    return next_in_lane(world, whistle(world, party, lane(world, 2, "D-GA"), id=number), party)


# ------------------------------------------------------------------ lanes
@pytest.mark.parametrize("number", range(1, 30))
def test_a_prompt_unit_answers_and_comes_inside_its_limits(number: int) -> None:
    world = town_world("prompt")
    answer = _next(world, "pending", number)
    assert answer is not None and answer.action == "respond"
    assert answer.who.logins == ("t_cg",)
    assert NOON < answer.at < NOON + 30 * MINUTE
    came = _next(world, "responded", number, responded_at=answer.at)
    assert came is not None and came.action in ("arrive", "witness")
    assert answer.at < came.at < NOON + 2 * HOUR


def test_somebody_who_is_awaited_soon_answers_before_he_must_be_there() -> None:
    world = town_world("prompt")
    soon = {"confirm_due": NOON + 20 * HOUR, "arrive_from": NOON + HOUR, "arrive_due": NOON + 2 * HOUR}
    for number in range(1, 30):
        answer = _next(world, "pending", number, **soon)
        assert answer is not None and answer.at < NOON + HOUR


def test_a_late_answer_and_a_late_arrival_are_late() -> None:
    answer = _next(town_world("late_answer"), "pending")
    assert answer is not None and answer.at > NOON + 30 * MINUTE
    came = _next(town_world("late_arrival"), "responded", responded_at=NOON + 60)
    assert came is not None and came.at > NOON + 2 * HOUR


@pytest.mark.parametrize(("manner", "state", "stays"), [
    ("silent", "pending", True), ("no_show", "pending", False), ("no_show", "responded", True),
    ("idle", "responded", False), ("idle", "arrived", True), ("prompt", "arrived", False),
])  # fmt: skip
def test_who_stays_away_does_nothing_and_is_known_to_be_hopeless_only_then(
    manner: str, state: str, stays: bool
) -> None:
    world = town_world(manner)
    assert (_next(world, state, responded_at=NOON, arrived_at=NOON) is None) == stays
    party = lane(world, 1, "D-CG", state)
    assert hopeless(world, whistle(world, party), party) == stays


def test_a_unit_that_nobody_works_for_is_not_waited_for() -> None:
    world = town_world("prompt", shares={"withdrawn": 0.0, "consulted": 0.0})
    staff = world.facts.staff
    staff._at = {place: logins for place, logins in staff._at.items() if place != ("handler", org(world, "D-SW"))}
    for state in ("pending", "responded", "arrived", "done"):
        row = whistle(world, lane(world, 1, "D-SW", state))
        assert [deed.action for deed in next_of_summons(world, row)] == ["rule_close"], state


def test_who_does_not_see_why_asks_once_and_the_street_decides() -> None:
    world = town_world("refuses")
    asked = _next(world, "pending")
    assert asked is not None and asked.action == "ask_release" and asked.args["legal_basis"]
    decided = _next(world, "pending", asked="release")
    assert decided is not None and decided.action in ("release", "insist") and decided.who.logins == ("t_leader",)
    world.memory.asked.add((7, 1))
    again = _next(world, "pending")
    assert again is not None and again.action == "respond"


def test_the_last_unit_is_never_released() -> None:
    world = town_world(shares={"granted": 1.0})
    for others, action in (((), "insist"), ((lane(world, 2, "D-GA"),), "release")):
        party = lane(world, 1, "D-CG", asked="release")
        deed = next_in_lane(world, whistle(world, party, *others), party)
        assert deed is not None and deed.action == action


def test_work_is_recorded_then_finished_with_a_picture_then_signed() -> None:
    world = town_world("prompt", shares={"returned": 0.0, "documents": 1.0})
    record = _next(world, "arrived", arrived_at=NOON)
    assert record is not None and record.action == "act" and record.at > NOON
    finish = _next(world, "arrived", arrived_at=NOON, acted_at=record.at)
    assert finish is not None and finish.action == "finish" and finish.photo == "after" and finish.args["documents"]
    assert finish.at > record.at
    signature = _next(world, "done", done_at=finish.at)
    assert signature is not None and signature.action == "sign_off" and signature.at > finish.at


def test_work_is_returned_once() -> None:
    world = town_world(shares={"returned": 1.0})
    first, second = _next(world, "done", done_at=NOON), _next(world, "done", done_at=NOON, reworks=1)
    assert first is not None and (first.action, first.who.role) == ("return_lane", "street_leader")
    assert second is not None and second.action == "sign_off"


def test_whoever_signs_in_is_near_the_place() -> None:
    world = town_world("prompt", shares={"witnessed": 0.0})
    party = lane(world, 1, "D-CG", "responded", responded_at=NOON)
    deed = next_in_lane(world, whistle(world, party, lon=116.0025, lat=40.0025), party)
    assert deed is not None
    metres = max(abs(deed.args["lon"] - 116.0025), abs(deed.args["lat"] - 40.0025)) * 111_320
    assert metres * 2**0.5 < world.rules.radius_m


# ------------------------------------------------------------------ the whole
def test_a_draft_is_signed_by_the_street_before_its_time_or_given_up() -> None:
    world = town_world()
    deed = _first(next_of_summons(world, whistle(world, state="draft", meet_at=NOON + 10 * MINUTE)))
    assert (deed.action, deed.who.logins) == ("sign", ("t_leader",)) and NOON < deed.at < NOON + 10 * MINUTE
    late = _first(next_of_summons(world, whistle(world, state="draft", meet_at=NOON + 60)))
    assert late.action == "discard"
    order = whistle(world, state="draft", kind="order", caller_kind="district", caller_id=1)
    assert _first(next_of_summons(world, order)).who.role == "supervisor"


def test_the_street_closes_when_all_have_signed() -> None:
    world = town_world("prompt", shares={"withdrawn": 0.0})
    parties = lane(world, 1, "D-CG", "signed"), lane(world, 2, "D-GA", "released", live=False)
    deeds = list(next_of_summons(world, whistle(world, *parties, state="acting")))
    assert [(deed.action, deed.who.role) for deed in deeds] == [("close", "street_leader")]


def test_a_supervisor_rules_only_when_nobody_is_at_work_any_more() -> None:
    world = town_world("silent", shares={"withdrawn": 0.0, "consulted": 0.0})
    missing, working = lane(world, 1, "D-CG"), lane(world, 2, "D-GA", "done", done_at=NOON)
    assert {d.action for d in next_of_summons(world, whistle(world, missing, working))} == {"sign_off"}
    signed = lane(world, 2, "D-GA", "signed", signed_at=NOON)
    deed = _first(next_of_summons(world, whistle(world, missing, signed)))
    assert (deed.action, deed.who.role) == ("rule_close", "supervisor") and deed.at > NOON + 2 * HOUR


def test_before_that_the_street_may_consult_once() -> None:
    world = town_world("silent", shares={"withdrawn": 0.0, "consulted": 1.0})
    row = whistle(world, lane(world, 1, "D-CG"))
    deed = _first(next_of_summons(world, row))
    assert deed.action == "consult" and deed.args["meet_at"]
    world.memory.consulted.add(row.id)
    assert _first(next_of_summons(world, row)).action == "rule_close"


def test_a_person_for_whom_everybody_waits_is_waited_for() -> None:
    """Nobody rules while a lane has something to do, whoever will do it."""
    world = town_world("prompt", shares={"withdrawn": 0.0})
    assert "rule_close" not in {d.action for d in next_of_summons(world, whistle(world, lane(world, 1, "D-CG")))}


# ------------------------------------------------------------------ after it
def test_every_lane_is_rated_by_the_streets_head_and_low_marks_have_a_reason() -> None:
    world = town_world(scores={"prompt": [90, 2], "absent": [30, 2]}, shares={"published": 0.0, "citizens_asked": 0.0})
    came = lane(world, 1, "D-CG", "signed", arrived_at=NOON, acted_at=NOON, response="on_time", arrival="on_time")
    away = lane(world, 2, "D-GA", response="none", arrival="absent")
    deeds = list(next_of_summons(world, whistle(world, came, away, state="rating", closed_at=NOON)))
    assert {(d.party_no, d.action, d.who.logins) for d in deeds} == {
        (1, "rate", ("t_leader",)), (2, "rate", ("t_leader",)),
    }  # fmt: skip
    by_lane = {deed.party_no: deed.args for deed in deeds}
    assert "reason" not in by_lane[1] and by_lane[2]["reason"] and by_lane[2]["efficiency"] < 60


@pytest.mark.parametrize(("facts", "fault"), [
    ({"response": "none", "arrival": "absent"}, "absent"),
    ({"response": "none", "arrived_at": None}, "no_response"),
    ({"arrived_at": NOON, "acted_at": None, "response": "on_time", "arrival": "late"}, "no_action"),
    ({"response": "late", "responded_at": NOON}, ""),
    ({"response": "none", "arrival": "absent", "state": "released", "live": False}, ""),
])  # fmt: skip
def test_what_was_missed_is_published_once(facts: dict[str, Any], fault: str) -> None:
    by_itself = town_world(shares={"published": 1.0, "citizens_asked": 0.0})
    row = whistle(by_itself, lane(by_itself, 1, "D-CG", **({"state": "pending"} | facts)), state="verifying",
                  closed_at=NOON)  # fmt: skip
    assert "publish" not in {deed.action for deed in next_of_summons(by_itself, row)}  # the closing did
    world = replace(by_itself, rules=replace(by_itself.rules, bulletin_automatic=False))
    published = [deed for deed in next_of_summons(world, row) if deed.action == "publish"]
    assert [(deed.args["kind"], deed.who.logins[0]) for deed in published] == [(fault, "t_evaluator")] * bool(fault)
    told = replace(row, parties=(replace(row.parties[0], published=fault),))
    world.memory.blamed.add((7, 1))
    for again in (row, told) if fault else (row,):
        assert not [deed for deed in next_of_summons(world, again) if deed.action == "publish"]


def test_verification_waits_for_an_objection_and_comes_last() -> None:
    world = town_world(shares={"low_rated_objects": 1.0, "verify_rejected": 0.0})
    rated = RATED | {"rated_at": NOON + HOUR, "score": 50.0, "response": "on_time", "responded_at": NOON}
    row = whistle(world, lane(world, 1, "D-CG", "signed", **rated), state="verifying", closed_at=NOON)
    deeds = sorted(next_of_summons(world, row), key=lambda deed: deed.at)
    assert (deeds[0].action, deeds[-1].action) == ("object", "verify")
    disputed = whistle(world, lane(world, 1, "D-CG", "signed", **rated, objection="open"), state="verifying",
                       closed_at=NOON, citizen_score=100)  # fmt: skip
    assert [deed.action for deed in next_of_summons(world, disputed)] == ["decide"]


@pytest.mark.parametrize("upheld", [0.0, 1.0])
def test_only_an_upheld_objection_corrects_a_mark(upheld: float) -> None:
    world = town_world(shares={"upheld": upheld})
    party = lane(world, 1, "D-CG", "signed", **RATED, rated_at=NOON, objection="open")
    deed = next(iter(next_of_summons(world, whistle(world, party, state="archived", closed_at=NOON))), None)
    assert deed is not None and ("efficiency" in deed.args) == (deed.args["upheld"] == "yes") == bool(upheld)


# ------------------------------------------------------------------ meetings and tasks
def test_the_invited_answer_before_a_meeting_and_the_caller_notes_who_came() -> None:
    world = town_world(shares={"excused": 0.0, "stays_away": 0.0})
    row = meeting(world, {"D-CG": "invited", "D-GA": "confirmed"})
    deeds = {deed.action: deed for deed in next_of_meeting(world, row)}
    assert deeds["confirm"].args == {"unit_id": org(world, "D-CG")} and deeds["confirm"].at < row.meet_at
    assert deeds["attend"].at > row.meet_at and deeds["attend"].who.logins == ("t_leader",)
    present = meeting(world, {"D-CG": "present", "D-GA": "excused"})
    assert [deed.action for deed in next_of_meeting(world, present)] == ["hold"]
    nobody = meeting(world, {"D-GA": "excused"})
    assert [deed.action for deed in next_of_meeting(world, nobody)] == ["cancel"]


def test_a_meeting_gives_a_task_and_is_closed_when_that_is_done() -> None:
    world = town_world()
    row = meeting(world, {"D-CG": "present", "D-GA": "absent"}, state="held", changed_at=NOON)
    assign = _first(next_of_meeting(world, row))
    assert (assign.action, assign.args["unit_id"]) == ("assign", org(world, "D-CG"))
    world.memory.tasks[row.id] = {1, 2}
    world.memory.awaited = frozenset({row.id})
    assert list(next_of_meeting(world, row)) == []
    world.memory.awaited = frozenset()
    assert [deed.action for deed in next_of_meeting(world, row)] == ["close"]


def test_a_task_is_reported_with_proof_in_time_or_late_and_accepted_by_who_gave_it() -> None:
    for late in (0.0, 1.0):
        world = town_world(shares={"task_late": late})
        report = _first(next_of_task(world, task(world)))
        assert (report.action, report.photo, report.who.logins) == ("report", "after", ("t_cg",))
        assert (report.at > NOON + 24 * HOUR) == bool(late)
    world = town_world(shares={"task_returned": 1.0})
    returned = _first(next_of_task(world, task(world, state="reported", reported_at=NOON)))
    assert (returned.action, returned.who.logins) == ("return_task", ("t_leader",))
    accepted = _first(next_of_task(world, task(world, state="reported", reported_at=NOON, reworks=1, issuer_id=1)))
    assert (accepted.action, accepted.who.role) == ("accept", "supervisor")
