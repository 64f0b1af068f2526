"""The duty's rounds: who did not answer or come is marked once; 哨源升级 by a miss or by age, upwards only."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from commandcenter.profiles.reader import list_profiles, read_profile
from tests.integration.whistle.lanes import PLACE, Whistles
from tests.support.clocks import pass_time, travel

pytestmark = pytest.mark.database

NINE = "2026-11-24 09:00"


@pytest.fixture
def start(whistles: Whistles) -> Any:
    """Nine o'clock, with nothing left open by earlier tests."""
    whistles.sql("update cc.summons set open = false, state = 'archived', raise_at = null")
    return travel(whistles, NINE)


def _round(whistles: Whistles) -> dict[str, Any]:
    done: dict[str, Any] = whistles.sql("select cc.run_duty()")
    assert "failed" not in done
    return done


def test_silence_is_marked_once_and_a_later_answer_is_late(whistles: Whistles, start: Any) -> None:
    number = whistles.issued(level="hard")
    assert _round(whistles)["missed"] == 0
    pass_time(whistles, minutes=61)
    assert _round(whistles)["missed"] == 2
    assert _round(whistles)["missed"] == 0
    assert whistles.actions(number, 1) == ["join", "missed_confirm"]
    assert whistles.party(number)["response"] == "none"
    marked = "select actor_id is null and role = 'duty' and actor_login = 'duty' from cc.joint_event where action = %s"
    assert whistles.sql(marked, "missed_confirm")
    whistles.lane("cg", number, "respond")
    assert whistles.party(number)["response"] == "late"


def test_absence_is_marked_once_and_a_later_arrival_is_late(whistles: Whistles, start: Any) -> None:
    number = whistles.issued(level="hard")
    whistles.all_forward(number, "responded")
    pass_time(whistles, minutes=4 * 60 + 16)
    assert _round(whistles)["missed"] == 2
    assert [whistles.party(number, n)["arrival"] for n in (1, 2)] == ["absent", "absent"]
    whistles.lane("cg", number, "arrive", **PLACE)
    assert whistles.party(number)["arrival"] == "late"
    assert _round(whistles)["missed"] == 0


def test_a_missed_answer_raises_one_level_and_calls_the_lines_of_it(whistles: Whistles, start: Any) -> None:
    number = whistles.issued(units=("D-CG", "PCS-A"), level="normal")
    pass_time(whistles, minutes=121)
    _round(whistles)
    row = whistles.summons(number)
    assert row["level"] == "key"
    assert whistles.party(number, 3)["unit_id"] == whistles.unit("D-GA")
    assert whistles.unit("D-GA") in row["unit_ids"]
    assert whistles.actions(number).count("raise_by_clock") == 1  # of two that missed
    why = "select what->>'why' from cc.joint_event where entity_id = %s and action = 'raise_by_clock'"
    assert whistles.sql(why, number) == "missed_confirm"


def test_a_line_that_is_there_is_not_called_twice_and_hard_goes_no_further(whistles: Whistles, start: Any) -> None:
    number = whistles.issued(units=("D-GA", "D-SW"), level="key")
    pass_time(whistles, minutes=31)
    _round(whistles)
    assert whistles.summons(number)["level"] == "hard" and len(whistles.lanes(number)) == 2
    whistles.do("leader", number, "add_party", unit_id=whistles.unit("D-CG"))
    pass_time(whistles, minutes=61)
    assert _round(whistles)["missed"] >= 1
    assert whistles.summons(number)["level"] == "hard" and "missed_confirm" in whistles.actions(number, 3)


@pytest.mark.parametrize(
    ("action", "args"),
    [("reschedule", {}), ("withdraw_party", {"reason": "另派"}), ("replace", {"reason": "没人来"}), ("release", {})],
)
def test_what_a_step_marks_before_the_duty_came_raises_as_well_and_once(
    action: str, args: dict[str, Any], whistles: Whistles, start: Any
) -> None:
    number = whistles.issued(units=("D-CG", "PCS-A", "A-CGK"), level="normal")
    pass_time(whistles, minutes=121)
    if action == "reschedule":
        whistles.do("leader", number, action, meet_at=whistles.ahead(hours=30), reason="大雨")
    else:
        if action == "replace":  # by the very unit that the level brings along
            args = args | {"unit_id": whistles.unit("D-GA")}
        if action == "release":
            whistles.lane("cg", number, "ask_release", reason="不属于", legal_basis="三定")
        whistles.lane("leader", number, action, 1, **args)
    assert whistles.summons(number)["level"] == "key"
    units = [whistles.party(number, lane)["unit_id"] for lane in whistles.lanes(number)]
    assert units.count(whistles.unit("D-GA")) == 1
    said = "select what->>'why', role from cc.joint_event where entity_id = %s and action = 'raise_by_clock'"
    assert whistles.rows(said, number) == [("missed_confirm", "duty")]
    # All who were silent were marked at that moment: the round finds nothing new, and raises no second time.
    assert _round(whistles)["missed"] == 0
    assert whistles.rows(said, number) == [("missed_confirm", "duty")]
    assert [whistles.party(number, lane)["response"] for lane in (1, 2, 3)] == ["none"] * 3


def test_an_end_that_marks_raises_nothing(whistles: Whistles, start: Any) -> None:
    ruled, gone = whistles.issued(level="normal"), whistles.issued(level="normal")
    pass_time(whistles, minutes=121)
    whistles.do("supervisor", ruled, "rule_close", conclusion="结束", reason="无人响应")
    whistles.do("leader", gone, "withdraw", reason="情况已消除")
    for number in (ruled, gone):
        assert "missed_confirm" in whistles.actions(number) and whistles.summons(number)["level"] == "normal"


def test_a_missed_arrival_raises_only_where_the_rules_say(whistles: Whistles, start: Any) -> None:
    for says, level in ((False, "key"), (True, "hard")):
        whistles.sql("update cc.whistle_rule set raise_on_missed_arrival = %s", says)
        number = whistles.issued(level="key")
        whistles.all_forward(number, "responded")
        pass_time(whistles, minutes=136)
        _round(whistles)
        assert whistles.summons(number)["level"] == level
    whistles.sql("update cc.whistle_rule set raise_on_missed_arrival = false")


def test_what_is_not_answered_is_raised_for_its_age(whistles: Whistles, start: Any) -> None:
    whistles.sql("update cc.whistle_rule set raise_on_missed_confirm = false")
    number, at_work = whistles.issued(level="normal"), whistles.issued(level="normal")
    whistles.all_forward(at_work, "arrived")
    travel(whistles, start + timedelta(hours=23, minutes=59))
    assert _round(whistles)["raised"] == 0
    travel(whistles, start + timedelta(hours=24, seconds=1))
    assert _round(whistles)["raised"] == 1
    assert [whistles.summons(n)["level"] for n in (number, at_work)] == ["key", "normal"]
    travel(whistles, start + timedelta(hours=36, seconds=2))  # 12 hours of the next level
    assert _round(whistles)["raised"] == 1
    assert whistles.summons(number)["level"] == "hard" and whistles.summons(number)["raise_at"] is None
    whistles.sql("update cc.whistle_rule set raise_on_missed_confirm = true")


def test_an_order_is_marked_but_never_raised(whistles: Whistles, start: Any) -> None:
    number = whistles.issued("order", level="normal")
    pass_time(whistles, hours=30)
    assert _round(whistles)["missed"] == 4
    assert whistles.summons(number)["level"] == "normal" and whistles.summons(number)["raise_at"] is None


def test_what_is_over_or_withdrawn_is_left_alone(whistles: Whistles, start: Any) -> None:
    over, gone, draft = whistles.issued(), whistles.to("withdrawn"), whistles.open()
    whistles.do("supervisor", over, "rule_close", conclusion="结束", reason="长期无人到场")
    pass_time(whistles, days=3)
    assert (_round(whistles)["missed"], _round(whistles)["raised"]) == (0, 0)
    assert [whistles.summons(n)["level"] for n in (over, gone, draft)] == ["key"] * 3


def test_one_that_cannot_be_marked_keeps_nobody_else(whistles: Whistles, start: Any) -> None:
    bad, good = whistles.issued(), whistles.issued()
    whistles.sql("create function cc.bad() returns trigger language plpgsql as $$ begin raise 'broken'; end $$")
    which = f"before update on cc.summons for each row when (old.id = {bad})"
    whistles.sql(f"create trigger bad {which} execute function cc.bad()")
    pass_time(whistles, minutes=31)
    assert whistles.sql("select cc.run_duty()")["missed"] == 2
    assert whistles.summons(good)["level"] == "hard" and whistles.party(bad)["response"] is None
    fault = whistles.sql("select message from cc.duty_fault where part = 'missed'")
    assert str(bad) in fault and "broken" in fault
    whistles.sql("drop trigger bad on cc.summons")
    assert _round(whistles)["missed"] == 2
    assert whistles.sql("select count(*) from cc.duty_fault") == 0


def test_one_in_somebodys_hands_waits_for_the_next_round(whistles: Whistles, start: Any) -> None:
    held, free = whistles.issued(), whistles.issued()
    pass_time(whistles, minutes=31)
    other = Whistles(whistles.town)
    other.sql("begin")
    other.sql("select id from cc.summons where id = %s for update", held)
    assert _round(whistles)["missed"] == 2
    assert (whistles.party(free)["response"], whistles.party(held)["response"]) == ("none", None)
    other.sql("rollback")
    assert _round(whistles)["missed"] == 2


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_line_without_a_unit_in_the_district_is_named_and_told(
    by_hand: bool, whistles: Whistles, start: Any
) -> None:  # fmt: skip
    whistles.sql("update cc.whistle_level set adds = '{公安,司法,信访}' where code = 'hard'")
    try:
        number = whistles.issued(units=("D-CG", "D-SW"))
        if by_hand:
            whistles.do("leader", number, "raise_level", level="hard", reason="久拖不决")
        else:
            pass_time(whistles, minutes=31)
            _round(whistles)
    finally:
        whistles.sql("update cc.whistle_level set adds = '{公安,水务}' where code = 'hard'")
    words = "疑难哨应召集 司法、信访，本区无此单位"
    action = "raise_level" if by_hand else "raise_by_clock"
    what = whistles.sql("select what from cc.joint_event where entity_id = %s and action = %s", number, action)
    assert (what["missing"], what["note"]) == (["司法", "信访"], words)
    assert whistles.party(number, 3)["unit_id"] == whistles.unit("D-GA")  # who is there, was called
    told = ("select to_role, to_org, words from cc.notice where entity_id = %s and kind = 'changed' and not past"
            " and words not like '%%升级为%%'")  # fmt: skip
    no = whistles.summons(number)["no"]
    assert whistles.rows(told, number) == [("supervisor", whistles.unit("T"), f"吹哨 {no} {words}")]
    whistles.all_forward(number, "responded")
    assert len(whistles.rows(told, number)) == 1
    whistles.do("leader", number, "withdraw", reason="情况已消除")
    assert [one for one in whistles.rows(told, number) if one[0] == "supervisor"] == []


def test_where_the_district_has_a_unit_for_every_line_nothing_is_said(whistles: Whistles, start: Any) -> None:
    number = whistles.issued(units=("D-CG",))
    whistles.do("leader", number, "raise_level", level="hard", reason="久拖不决")
    what = whistles.sql("select what from cc.joint_event where entity_id = %s and action = 'raise_level'", number)
    assert what == {"level": "hard", "reason": "久拖不决"}
    assert whistles.summons(number)["missing"] == []


# ------------------------------------------------------------------ the district hears of it, and nobody is left out
RAISED = ("select to_role, o.key, n.words, n.closed_at is null from cc.notice n join cc.org o on o.id = n.to_org"
          " where n.entity_id = %s and n.words like '%%升级为%%' order by n.id")  # fmt: skip


@pytest.mark.parametrize("by_hand", [True, False])
def test_the_districts_supervisor_hears_of_a_raising_until_he_takes_it_on(
    by_hand: bool, whistles: Whistles, start: Any
) -> None:  # fmt: skip
    number = whistles.issued(level="key")
    if by_hand:
        whistles.do("leader", number, "raise_level", level="hard", reason="久拖不决")
    else:
        pass_time(whistles, minutes=31)
        _round(whistles)
    words = f"吹哨 {whistles.summons(number)['no']} 升级为疑难哨"
    assert whistles.rows(RAISED, number) == [("supervisor", "T", words, True)]
    whistles.all_forward(number, "signed")
    whistles.close(number)
    assert whistles.rows(RAISED, number) == [("supervisor", "T", words, True)], "it stands as long as nobody took it on"
    (notice,) = whistles.rows("select id from cc.notice where entity_id = %s and words = %s", number, words)[0]
    whistles.as_person("supervisor", "select cc.acknowledge_notices(%s, %s)", str(uuid.uuid4()), [notice])
    whistles.rate_all(number)
    assert whistles.rows(RAISED, number) == [("supervisor", "T", words, False)], "said once"


def test_each_level_is_told_in_place_of_the_last_and_the_supervisor_of_nothing_that_he_did_himself(
    whistles: Whistles, start: Any
) -> None:
    number = whistles.issued(level="normal")
    whistles.do("leader", number, "raise_level", level="key", reason="涉及多部门")
    whistles.do("leader", number, "raise_level", level="hard", reason="久拖不决")
    assert [(words.rpartition("升级为")[2], still) for _, _, words, still in whistles.rows(RAISED, number)] == [
        ("重点哨", False), ("疑难哨", True),
    ]  # fmt: skip
    whistles.do("leader", number, "withdraw", reason="情况已消除")
    assert not any(still for *_, still in whistles.rows(RAISED, number))
    own = whistles.issued(level="normal")
    whistles.do("supervisor", own, "raise_level", level="hard", reason="区级协调")
    assert whistles.rows(RAISED, own) == []


@pytest.fixture
def steps_of_levels(whistles: Whistles) -> Iterator[None]:
    """水务 joins at 重点, 公安 at 疑难."""
    before = whistles.rows("select code, adds from cc.whistle_level where code in ('key', 'hard')")
    whistles.sql("update cc.whistle_level set adds = '{水务,信访}' where code = 'key'")
    whistles.sql("update cc.whistle_level set adds = '{公安}' where code = 'hard'")
    yield
    for code, adds in before:
        whistles.sql("update cc.whistle_level set adds = %s where code = %s", adds, code)


def called(whistles: Whistles, number: int) -> list[str]:
    listed = "select o.key from cc.summons_party p join cc.org o on o.id = p.unit_id where p.summons_id = %s"
    return [key for (key,) in whistles.rows(f"{listed} and p.live order by p.no", number)]


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_jump_over_a_level_calls_the_lines_of_both(
    by_hand: bool, whistles: Whistles, start: Any, steps_of_levels: None
) -> None:  # fmt: skip
    number = whistles.issued(level="normal", units=("D-CG",))
    if by_hand:
        whistles.do("leader", number, "raise_level", level="hard", reason="久拖不决")
    else:  # marked out of the clock's sight as 重点, without its lines, as a head's own setting of the level would
        whistles.sql("update cc.summons set level = 'key' where id = %s", number)
        pass_time(whistles, hours=2, minutes=1)
        _round(whistles)
    assert whistles.summons(number)["level"] == "hard"
    assert called(whistles, number) == ["D-CG", "D-SW", "D-GA"]
    assert whistles.summons(number)["missing"] == ["信访"]


def test_whom_the_head_let_go_at_the_lower_level_is_not_called_for_it_again(
    whistles: Whistles, start: Any, steps_of_levels: None
) -> None:
    number = whistles.issued(level="normal", units=("D-CG",))
    whistles.do("leader", number, "raise_level", level="key", reason="涉及多部门")
    assert called(whistles, number) == ["D-CG", "D-SW"]
    whistles.lane("leader", number, "withdraw_party", 2, reason="与水务无关")
    whistles.do("leader", number, "raise_level", level="hard", reason="久拖不决")
    assert called(whistles, number) == ["D-CG", "D-GA"]


@pytest.mark.parametrize("city", list_profiles())
def test_in_every_city_a_jump_to_the_highest_level_wants_the_lines_of_all(
    city: str, whistles: Whistles, start: Any, steps_of_levels: None
) -> None:
    levels = {level.code: level.adds for level in read_profile(city).whistle.levels}
    for code, adds in levels.items():
        whistles.sql("update cc.whistle_level set adds = %s where code = %s", list(adds), code)
    number = whistles.issued(level="normal", units=("D-CG",))
    wanted: dict[str, set[str]] = {}
    for level in levels:
        whistles.sql("update cc.summons set level = %s where id = %s", level, number)
        lines = "select array_agg(line order by place) from cc.summons s, cc.lines_up_to(s) where s.id = %s"
        found = whistles.sql(lines, number) or []
        wanted[level] = set(found)
        assert len(found) == len(wanted[level])
    assert wanted["hard"] == set(levels["normal"]) | set(levels["key"]) | set(levels["hard"])
    assert wanted["key"] == set(levels["normal"]) | set(levels["key"])
