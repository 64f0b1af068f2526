"""What is offered on whistles, lanes, meetings and tasks: by role and reach, and not what the row itself forbids."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commandcenter.domain.joint import MeetingRow, Party, SummonsRow, TaskRow
from commandcenter.domain.joint_offers import (
    caller_orgs,
    is_above,
    lane_offers,
    meeting_offers,
    speaker,
    summons_offers,
    task_offers,
)
from commandcenter.domain.model import Duty, Person
from tests.fakes.city import NOON_SHIFT
from tests.fakes.directory import dongcheng, org_id
from tests.fakes.joint_rows import lane, meeting, summons, task

CITY = dongcheng()


def person(*duties: tuple[str, str]) -> Person:
    return Person(1, "x", "某", 1, tuple(Duty(role, org_id(node)) for role, node in duties))


HEAD, SHIFT = person(("street_leader", "和平里")), person(("supervisor", "东城区"))
CLERK, OTHER = person(("handler", "区城管委")), person(("handler", "公安分局"))


def whistle(state: str = "issued", parties: tuple[Party, ...] | None = None, **more) -> SummonsRow:
    issued = None if state == "draft" else NOON_SHIFT
    lanes = parties if parties is not None else (lane(1, "区城管委", lead=True), lane(2, "公安分局"))
    return summons(1, "地锁", "和平里", lanes, state=state, issued_at=issued, **more)


def codes(row: SummonsRow, who: Person, no: int | None = None) -> set[str]:
    if no is None:
        return {action.code for action in summons_offers(row, who, CITY)}
    return {action.code for action in lane_offers(row, row.party(no), who, CITY)}


def changed(row: SummonsRow, **facts) -> SummonsRow:
    return replace(row, parties=(replace(row.parties[0], **facts), *row.parties[1:]))


def test_a_unit_acts_in_its_own_lane_only() -> None:
    row = whistle()
    assert {"respond", "arrive", "ask_release"} <= codes(row, CLERK, 1)
    assert codes(row, CLERK, 2) == set()
    assert codes(row, OTHER, 1) == set()


def test_a_clerk_of_the_whole_district_speaks_in_no_lane() -> None:
    assert not {"respond", "arrive", "ask_release"} & codes(whistle(), person(("handler", "东城区")), 1)
    assert "respond" in codes(whistle(), person(("handler", "东城区"), ("handler", "区城管委")), 1)


def test_a_section_belongs_to_its_department_s_lane_and_not_the_other_way_round() -> None:
    row = whistle(parties=(lane(1, "市政设施科"), lane(2, "公安分局")))
    assert "respond" in codes(row, CLERK, 1)
    assert "respond" not in codes(whistle(), person(("handler", "市政设施科")), 1)


def test_a_party_of_a_draft_is_not_yet_asked() -> None:
    assert "note" not in codes(whistle("draft"), CLERK)
    assert "note" in codes(whistle(), CLERK)


def test_the_head_of_another_street_has_nothing_to_say() -> None:
    stranger = person(("street_leader", "景山"))
    assert "sign" in codes(whistle("draft"), HEAD)
    assert codes(whistle("draft"), stranger) == codes(whistle(), stranger) == set()


def test_a_lane_is_closed_to_its_unit_once_the_whole_is_over() -> None:
    assert codes(whistle("withdrawn"), CLERK, 1) == set()


@pytest.mark.parametrize(
    ("facts", "code", "offered"),
    [
        ({"asked": None}, "release", False), ({"asked": "release"}, "release", True),
        ({"asked": "release"}, "insist", True), ({"asked": None}, "insist", False),
        ({"state": "arrived"}, "dispute", True), ({"state": "arrived", "disputed": True}, "dispute", False),
    ],
)  # fmt: skip
def test_what_the_lane_itself_forbids_is_not_offered_to_the_caller(facts, code, offered) -> None:
    assert (code in codes(changed(whistle(), **facts), HEAD, 1)) is offered


def test_the_last_lane_cannot_be_taken_out() -> None:
    alone = whistle(parties=(lane(1, "区城管委"),))
    assert "withdraw_party" in codes(whistle(), HEAD, 1)
    assert "withdraw_party" not in codes(alone, HEAD, 1)


def test_closing_waits_for_every_signature_and_a_ruling_for_one_that_is_missing() -> None:
    signed = tuple(lane(no, unit, "signed") for no, unit in ((1, "区城管委"), (2, "公安分局")))
    assert "close" not in codes(whistle("acting"), HEAD)
    assert "close" in codes(whistle("acting", signed), HEAD)
    assert "rule_close" in codes(whistle("acting"), SHIFT)
    assert "rule_close" not in codes(whistle("acting", signed), SHIFT)


def test_a_whistle_in_which_somebody_came_is_not_withdrawn() -> None:
    assert "withdraw" in codes(whistle("responded"), HEAD)
    assert "withdraw" not in codes(changed(whistle("responded"), arrived_at=NOON_SHIFT), HEAD)


def test_who_speaks_for_the_caller_rates_and_only_once() -> None:
    row = whistle("rating", tuple(lane(no, unit, "signed") for no, unit in ((1, "区城管委"), (2, "公安分局"))))
    assert (speaker(row), speaker(replace(row, caller_kind="district"))) == ("street_leader", "supervisor")
    assert "rate" in codes(row, HEAD, 1)
    assert "rate" not in codes(row, SHIFT, 1)
    assert "rate" not in codes(changed(row, rated_at=NOON_SHIFT), HEAD, 1)
    order = replace(row, kind="order", caller_kind="district", caller_id=org_id("东城区"))
    assert "rate" in codes(order, SHIFT, 1)


def test_an_objection_needs_a_score_and_is_made_once() -> None:
    row = whistle("rating", (lane(1, "区城管委", "signed"), lane(2, "公安分局", "signed")))
    assert "object" not in codes(row, CLERK, 1)
    assert "object" in codes(changed(row, score=88.0), CLERK, 1)
    assert "object" not in codes(changed(row, score=88.0, objection="open"), CLERK, 1)
    assert "decide" in codes(changed(row, score=88.0, objection="open"), SHIFT, 1)


def test_once_a_head_has_signed_only_heads_call_more_units() -> None:
    clerk = person(("dispatcher", "和平里"))
    assert "add_party" in codes(whistle("draft"), clerk) & codes(whistle("draft"), HEAD)
    assert "add_party" not in codes(whistle(), clerk)
    assert "add_party" in codes(whistle(), HEAD) & codes(whistle(), SHIFT)
    assert "add_party" in codes(whistle(signed_by=None), clerk)  # went out without a signature
    assert "add_party" in codes(whistle(), person(("dispatcher", "和平里"), ("street_leader", "和平里")))
    assert "add_party" not in codes(whistle(), person(("dispatcher", "和平里"), ("street_leader", "景山")))


def test_whoever_rated_does_not_decide() -> None:
    row = changed(whistle("archived"), score=88.0, objection="open", rated_by=1)
    assert "decide" not in codes(row, SHIFT, 1)
    assert "decide" in codes(row, replace(SHIFT, id=2), 1)


@pytest.mark.parametrize(
    ("facts", "offered"),
    [
        ({}, False), ({"response": "on_time", "arrival": "late"}, False), ({"response": "late"}, True),
        ({"response": "late", "published": "no_response"}, False), ({"arrival": "absent"}, True),
        ({"arrival": "absent", "response": "none", "published": "no_response"}, True),
        ({"arrival": "absent", "response": "none", "published": "no_response absent"}, False),
        ({"arrived_at": NOON_SHIFT}, True), ({"arrived_at": NOON_SHIFT, "acted_at": NOON_SHIFT}, False),
    ],
)  # fmt: skip
def test_what_was_told_already_or_is_not_true_is_not_published(facts: dict[str, object], offered: bool) -> None:
    assert ("publish" in codes(changed(whistle("rating"), **facts), SHIFT, 1)) is offered


def test_a_checklist_is_ticked_while_something_is_open_and_must_be_done_for_the_end() -> None:
    signed = tuple(lane(no, unit, "signed") for no, unit in ((1, "区城管委"), (2, "公安分局")))
    order = replace(whistle("acting", signed), kind="order", caller_kind="district", caller_id=org_id("东城区"))
    half = replace(order, unticked=1)
    assert ("close" in codes(order, SHIFT), "tick" in codes(order, SHIFT)) == (True, False)
    assert ("close" in codes(half, SHIFT), "tick" in codes(half, SHIFT)) == (False, True)


def test_signing_in_asks_where_one_stands_only_where_the_call_names_a_point() -> None:
    def asked(row: SummonsRow) -> tuple[str, ...]:
        return next(a.required for a in lane_offers(row, row.parties[0], CLERK, CITY) if a.code == "arrive")

    assert asked(whistle()) == ()
    assert asked(whistle(lon=116.4, lat=39.9)) == ("lon", "lat")


@pytest.mark.parametrize(
    ("state", "answers"),
    [("invited", {"confirm", "excuse"}), ("confirmed", {"excuse"}), ("excused", {"confirm", "excuse"}),
     ("present", set()), ("absent", set())],
)  # fmt: skip
def test_a_unit_answers_for_a_meeting_until_somebody_registered_whether_it_came(state: str, answers: set[str]) -> None:
    row: MeetingRow = meeting(31, "清退", "和平里", NOON_SHIFT, {"区城管委": state, "公安分局": "invited"})
    assert {a.code for a in meeting_offers(row, CLERK, CITY)} == {"note"} | answers


def test_meetings_are_for_callers_and_those_invited() -> None:
    row: MeetingRow = meeting(31, "清退", "和平里", NOON_SHIFT, {"区城管委": "invited"})
    assert {a.code for a in meeting_offers(row, HEAD, CITY)} >= {"invite", "attend", "hold", "cancel"}
    assert {a.code for a in meeting_offers(row, CLERK, CITY)} == {"confirm", "excuse", "note"}
    assert meeting_offers(row, OTHER, CITY) == []


def test_tasks_are_for_issuers_and_the_unit_that_must() -> None:
    row: TaskRow = task(41, "排查", "区城管委", "东城区", NOON_SHIFT)
    assert {a.code for a in task_offers(row, CLERK, CITY)} == {"report", "note", "attach"}
    assert {a.code for a in task_offers(row, SHIFT, CITY)} >= {"extend", "cancel"}
    assert "extend" not in {a.code for a in task_offers(replace(row, overdue=True), SHIFT, CITY)}
    assert "cancel" not in {a.code for a in task_offers(replace(row, source="rectification"), SHIFT, CITY)}
    assert task_offers(row, OTHER, CITY) == []


def test_who_may_call_on_whose_behalf() -> None:
    assert org_id("和平里") in caller_orgs("whistle", HEAD, CITY)
    assert org_id("景山") not in caller_orgs("whistle", HEAD, CITY)
    assert caller_orgs("order", HEAD, CITY) == []
    assert org_id("东城区") in caller_orgs("order", SHIFT, CITY)


def test_the_tree_is_walked_upwards() -> None:
    assert is_above(org_id("区城管委"), org_id("市政设施科"), CITY)
    assert not is_above(org_id("市政设施科"), org_id("区城管委"), CITY)
    assert not is_above(org_id("区城管委"), None, CITY)
    assert not is_above(org_id("区城管委"), 10**9, CITY)


def test_a_ruling_asks_only_for_what_can_be_corrected_in_the_lane() -> None:
    marks = {"response", "arrival", "acted"}
    row = changed(whistle("rating"), objection="open", score=50.0)

    def asked(**facts) -> set[str]:
        found = changed(row, **facts)
        (decide,) = [a for a in lane_offers(found, found.party(1), SHIFT, CITY) if a.code == "decide"]
        assert decide.required == ("upheld", "decision")
        return set(decide.optional)

    assert asked(response="late", arrival=None) == {"response"}
    assert asked(response="none", arrival="absent") == marks
    idle = {"response": "on_time", "arrival": "on_time", "arrived_at": NOON_SHIFT}
    assert asked(**idle) == marks
    assert asked(**idle, acted_at=NOON_SHIFT) == asked(**idle, done_at=NOON_SHIFT) == marks - {"acted"}
    assert len(asked(**idle, rated_at=NOON_SHIFT)) == len(marks) + 4


def test_lanes_of_an_order_are_offered_in_its_words() -> None:
    rows = {kind: replace(whistle(), kind=kind) for kind in ("whistle", "order")}
    told = {kind: {a.code: a.label for a in lane_offers(row, row.party(1), CLERK, CITY)} for kind, row in rows.items()}
    assert (told["whistle"]["respond"], told["order"]["respond"]) == ("响应", "确认")
    assert (told["whistle"]["ask_release"], told["order"]["ask_release"]) == ("申请退哨", "申请退出")
    assert told["whistle"].keys() == told["order"].keys()
