"""通报 and 整改: the closing publishes what was missed, once each; a corrected mark revokes what was said of it."""

import json
import re
import uuid
from typing import Any

import pytest

from commandcenter.domain.errors import InvalidInput, NotAllowed, TooLate, WrongState
from tests.integration.whistle.lanes import GOOD, PLACE, Whistles
from tests.support.clocks import beijing, pass_time, travel
from tests.support.town import PNG

pytestmark = pytest.mark.database

UNITS = ("D-CG", "D-GA", "D-SW", "PCS-A", "A-CGK")
# What the marks of all closed whistles and orders say must stand, without a look at what was published.
OWED = """
select p.summons_id, p.no, k.kind from cc.summons s join cc.summons_party p on p.summons_id = s.id, lateral (values
    ('no_response', p.response = 'none'), ('late_response', p.response = 'late'), ('absent', p.arrival = 'absent'),
    ('no_action', p.arrived_at is not null and coalesce(p.acted_at, p.done_at) is null)) k(kind, holds)
 where coalesce(s.closed_at, s.archived_at) is not null and k.holds and p.called_at is not null
   and (p.live or p.response in ('late', 'none') or p.arrival in ('late', 'absent')) order by 1, 2, 3"""
STANDING = """select summons_id, party_no, kind from cc.bulletin b where revoked_at is null
   and exists (select from cc.summons s where s.id = b.summons_id
    and coalesce(s.closed_at, s.archived_at) is not null) order by 1, 2, 3"""


def _of(whistles: Whistles, number: int) -> list[dict[str, Any]]:
    listed = "select jsonb_agg(to_jsonb(b) || jsonb_build_object('task', to_jsonb(k)) order by b.id) from cc.bulletin b"
    return whistles.sql(f"{listed} join cc.task k on k.id = b.task_id where b.summons_id = %s", number) or []


def _standing(whistles: Whistles, number: int) -> list[tuple[int, str]]:
    return [(b["party_no"], b["kind"]) for b in _of(whistles, number) if b["revoked_at"] is None]


def _missed(whistles: Whistles) -> int:
    """One lane for each fault, and one without: never there, answered late, answered and did not come, idle, good."""
    travel(whistles, "2026-11-26 10:00")  # a Thursday
    number = whistles.issued(units=UNITS, level="hard")
    whistles.lane("sw", number, "respond", 3)
    whistles.lane("pcs", number, "arrive", 4, **PLACE)
    whistles.forward(number, 5, "signed")
    pass_time(whistles, minutes=90)
    whistles.lane("ga", number, "arrive", 2, **PLACE)
    whistles.proof("ga", number, 2)
    whistles.lane("ga", number, "finish", 2, result="已清理")
    pass_time(whistles, hours=4)
    return number


def _ruled(whistles: Whistles) -> int:
    number = _missed(whistles)
    whistles.do("supervisor", number, "rule_close", conclusion="结束", reason="有单位未到")
    return number


def test_the_end_of_the_work_publishes_each_true_fault_with_its_rectification(whistles: Whistles) -> None:
    number = _ruled(whistles)
    wanted = [(1, "no_response"), (1, "absent"), (2, "late_response"), (3, "absent"), (4, "no_action")]
    told = _of(whistles, number)
    assert [(b["party_no"], b["kind"]) for b in told] == wanted
    due = beijing("2026-12-03 18:00")  # the fifth working day
    for one in told:
        unit = whistles.party(number, one["party_no"])["unit_id"]
        assert re.fullmatch(r"TB-20261126-\d{4,}", one["no"]) and one["by_id"] is None
        assert (one["unit_id"], one["summons_no"]) == (unit, whistles.summons(number)["no"])
        task = one["task"]
        assert (task["source"], task["state"], task["issued_by"]) == ("rectification", "open", None)
        assert (task["unit_id"], task["issuer_id"], task["party_no"]) == (unit, whistles.unit("T"), one["party_no"])
        assert whistles.sql("select due from cc.task where id = %s", one["task_id"]) == due
        assert whistles.rows("select kind, to_role from cc.notice where entity_id = %s", one["task_id"]) == [
            ("to_do", "handler")
        ]
    no, name = whistles.summons(number)["no"], whistles.sql("select name from cc.org where key = 'D-CG'")
    end = "。予以通报，请于 12-03 18:00 前整改并反馈。"
    assert [b["words"] for b in told][:3] == [
        f"{name}在吹哨 {no} 中未响应：应于 11-26 11:00 前响应，未响应{end}",
        f"{name}在吹哨 {no} 中未报到：应于 11-26 14:15 前到场报到，未到{end}",
        told[2]["words"],
    ]
    assert "迟响应：应于 11-26 11:00 前响应，实际 11-26 11:30 响应。" in told[2]["words"]
    assert "到场不作为：11-26 10:00 到场，没有处置记录。" in told[4]["words"]
    said = whistles.rows("select party_no, what->>'kind', actor_id, role from cc.joint_event where entity_id = %s"
                         " and action = 'publish_by_clock' order by seq", number)  # fmt: skip
    assert said == [(lane, kind, None, "duty") for lane, kind in wanted]
    assert whistles.party(number)["published"] == "no_response absent" and whistles.party(number, 5)["published"] == ""


def test_what_stands_is_what_the_marks_say(whistles: Whistles) -> None:
    """Over everything this module did so far, and an order, and a lane that was replaced after it missed."""
    order = whistles.issued("order", units=("D-CG", "D-GA", "D-SW"))
    whistles.forward(order, 1, "signed")
    pass_time(whistles, hours=2)
    whistles.lane("supervisor", order, "replace", 2, unit_id=whistles.unit("PCS-A"), reason="没有人来")
    whistles.do("supervisor", order, "rule_close", conclusion="结束", reason="有单位未到")
    assert [one for one in _standing(whistles, order) if one[0] == 2] == [(2, "no_response"), (2, "absent")]
    owed = whistles.rows(OWED)
    assert owed == whistles.rows(STANDING) and len(owed) >= 9


def test_whoever_was_let_go_in_time_is_not_told_of(whistles: Whistles) -> None:
    number = whistles.issued(units=UNITS[:3])
    whistles.lane("leader", number, "withdraw_party", 2, reason="不需要")
    whistles.lane("sw", number, "ask_release", 3, reason="不属于", legal_basis="三定")
    whistles.lane("leader", number, "release", 3)
    whistles.all_forward(number, "signed")
    whistles.close(number)
    assert _of(whistles, number) == []


def test_where_the_city_wants_no_bulletin_by_itself_somebody_publishes(whistles: Whistles) -> None:
    whistles.sql("update cc.whistle_rule set bulletin_automatic = false")
    try:
        number = _ruled(whistles)
    finally:
        whistles.sql("update cc.whistle_rule set bulletin_automatic = true")
    assert _of(whistles, number) == []
    for wrong in ("late_response", "no_action"):
        with pytest.raises(InvalidInput):
            whistles.lane("evaluator", number, "publish", kind=wrong, text="通报")
    whistles.lane("evaluator", number, "publish", 4, kind="no_action", text="到场不作为")
    whistles.lane("supervisor", number, "publish", kind="absent", text="未到场")
    with pytest.raises(TooLate):
        whistles.lane("evaluator", number, "publish", kind="absent", text="未到场")
    assert _standing(whistles, number) == [(4, "no_action"), (1, "absent")]
    assert {b["by_id"] is None for b in _of(whistles, number)} == {False}


def test_what_was_published_by_hand_before_is_not_published_again(whistles: Whistles) -> None:
    number = _missed(whistles)
    whistles.sql("select cc.run_duty()")
    whistles.lane("evaluator", number, "publish", kind="no_response", text="未在时限内响应")
    whistles.lane("supervisor", number, "publish", 3, kind="absent", text="未到场")
    whistles.lane("cg", number, "respond")  # late now: it was blamed for its silence already
    whistles.do("supervisor", number, "rule_close", conclusion="结束", reason="有单位未到")
    assert _standing(whistles, number) == [
        (1, "no_response"), (3, "absent"), (1, "absent"), (2, "late_response"), (4, "no_action")
    ]  # fmt: skip
    for kind in ("no_response", "late_response", "absent"):
        with pytest.raises((TooLate, InvalidInput)):
            whistles.lane("evaluator", number, "publish", kind=kind, text="再通报")


def test_a_second_end_of_the_work_publishes_nothing_twice(whistles: Whistles) -> None:
    number = _ruled(whistles)
    before = _standing(whistles, number)
    whistles.rate_all(number)
    whistles.do("evaluator", number, "reject_verify", reason="须补办")
    whistles.lane("cg", number, "arrive", **PLACE)
    whistles.do("supervisor", number, "rule_close", conclusion="结束", reason="仍未办结")
    assert _standing(whistles, number) == [*before, (1, "no_action")]  # came at last, and did nothing


# ------------------------------------------------------------------ 撤销
def _objected(whistles: Whistles, login: str = "cg", lane: int = 1) -> int:
    number = _ruled(whistles)
    whistles.rate_all(number)
    whistles.lane(login, number, "object", lane, reason="已电话响应")
    return number


def test_a_corrected_mark_revokes_what_was_said_of_it_and_its_rectification(whistles: Whistles) -> None:
    number = _objected(whistles, "ga", 2)
    before = _scores(whistles, "D-GA")
    whistles.lane("evaluator", number, "decide", 2, upheld="yes", decision="属实", response="on_time")
    (gone,) = [b for b in _of(whistles, number) if b["revoked_at"]]
    assert (gone["party_no"], gone["kind"], gone["task"]["state"], gone["task"]["open"]) == (
        2, "late_response", "cancelled", False)  # fmt: skip
    assert gone["revoked_by"] == whistles.sql("select id from cc.operator where login = 't_evaluator'")
    trace = whistles.rows("select action, from_state, to_state, actor_login, what->>'reason' from cc.joint_event"
                          " where entity_id = %s order by seq desc limit 1", gone["task_id"])  # fmt: skip
    assert trace == [("revoke", "open", "cancelled", "t_evaluator", f"通报 {gone['no']} 已撤销")]
    assert whistles.actions(number, 2)[-2:] == ["decide", "revoke"]
    assert whistles.sql("select count(*) from cc.notice where entity_id = %s and not past", gone["task_id"]) == 0
    assert whistles.party(number, 2)["published"] == ""
    after = _scores(whistles, "D-GA")
    assert (after["late_response"], after["rectifying"]) == (before["late_response"] - 1, before["rectifying"] - 1)
    # It stays where it was told, as one that was revoked.
    listed = whistles.as_person("sw", "select jsonb_agg(b) from cc.bulletin b where b.summons_id = %s", number)
    assert {b["id"]: b["revoked_at"] is not None for b in listed}[gone["id"]]
    assert len(listed) == 5
    with pytest.raises(WrongState):
        _task_act(whistles, "ga", gone, "note", text="还要办吗")


def test_what_was_put_right_already_stays_as_it_is(whistles: Whistles) -> None:
    number = _objected(whistles, "ga", 2)
    (one,) = [b for b in _of(whistles, number) if b["party_no"] == 2]
    whistles.as_person("ga", "select cc.attach_joint(%s, 'task', %s, null, 'document', 'a.png', 'image/png', %s)",
                       str(uuid.uuid4()), one["task_id"], PNG)  # fmt: skip
    _task_act(whistles, "ga", one, "report", result="已整改")
    _task_act(whistles, "supervisor", one, "accept", note="好")
    whistles.lane("evaluator", number, "decide", 2, upheld="yes", decision="属实", response="on_time")
    (one,) = [b for b in _of(whistles, number) if b["party_no"] == 2]
    assert one["revoked_at"] and one["task"]["state"] == "done"


def test_a_silence_corrected_to_lateness_is_told_of_as_that(whistles: Whistles) -> None:
    number = _objected(whistles)
    whistles.lane("evaluator", number, "decide", upheld="yes", decision="曾电话答复", response="late")
    own = [(b["kind"], b["revoked_at"] is None) for b in _of(whistles, number) if b["party_no"] == 1]
    assert own == [("no_response", False), ("absent", True), ("late_response", True)]
    owed, standing = ([one for one in whistles.rows(asked) if one[0] == number] for asked in (OWED, STANDING))
    assert owed == standing


def test_that_a_unit_did_act_takes_its_bulletin_back_and_gives_its_points(whistles: Whistles) -> None:
    number = _objected(whistles, "pcs", 4)
    assert whistles.party(number, 4)["response_score"] == 70
    whistles.lane("evaluator", number, "decide", 4, upheld="yes", decision="有执法记录仪为证", acted="yes")
    (one,) = [b for b in _of(whistles, number) if b["party_no"] == 4]
    assert (one["kind"], one["revoked_at"] is not None, one["task"]["state"]) == ("no_action", True, "cancelled")
    row = whistles.party(number, 4)
    assert (row["response_score"], row["acted_at"], row["published"]) == (100, whistles.now(), "")
    before = whistles.sql("select before from cc.objection where summons_id = %s and party_no = 4", number)
    assert (before["acted"], before["response_score"]) == ("no", 70)
    owed, standing = ([one for one in whistles.rows(asked) if one[0] == number] for asked in (OWED, STANDING))
    assert owed == standing


def test_nobody_is_said_to_have_acted_who_did_or_never_came(whistles: Whistles) -> None:
    """Lane 2 has finished; lane 1 was never there, unless the ruling says so as well."""
    number = _objected(whistles)
    whistles.lane("ga", number, "object", 2, reason="有误")
    for lane in (1, 2):
        with pytest.raises(InvalidInput, match="没有到场不作为的记录"):
            whistles.lane("evaluator", number, "decide", lane, upheld="yes", decision="属实", acted="yes")
    marks = {"response": "on_time", "arrival": "on_time", "acted": "yes"}
    whistles.lane("evaluator", number, "decide", upheld="yes", decision="系统故障", **marks)
    assert whistles.party(number)["response_score"] == 100
    assert [b["revoked_at"] is not None for b in _of(whistles, number) if b["party_no"] == 1] == [True, True]


@pytest.mark.parametrize("ruling", [{"upheld": "no"}, {"upheld": "yes", "efficiency": 99}])
def test_a_ruling_that_corrects_no_mark_revokes_nothing(ruling: dict[str, Any], whistles: Whistles) -> None:
    number = _objected(whistles)
    whistles.lane("evaluator", number, "decide", decision="经核实", **ruling)
    assert [b["revoked_at"] for b in _of(whistles, number)] == [None] * 5


def test_nobody_makes_or_unmakes_one_beside_the_doors(whistles: Whistles) -> None:
    number = _objected(whistles)
    (one, *_) = _of(whistles, number)
    attacks = (
        f"update cc.bulletin set revoked_at = now(), revoked_by = 1 where id = {one['id']}",
        f"delete from cc.bulletin where id = {one['id']}",
        f"update cc.summons_party set published = '' where summons_id = {number}",
        f"update cc.task set open = false where id = {one['task_id']}",
        f"select cc.revoke_task({one['task_id']}, 1, '', null, '', now())",
        f"select cc.publish_faults(s, null, now()) from cc.summons s where s.id = {number}",
        f"select cc.revoke_false(s, p, null, '', now()) from cc.summons s, cc.summons_party p"
        f" where s.id = {number} and p.summons_id = s.id",
    )
    for statement in attacks:
        for login in ("cg", "evaluator", "supervisor"):
            with whistles.trying(), pytest.raises(Exception, match="permission denied|权限"):
                whistles.as_person(login, statement)
    for login in ("cg", "leader"):  # neither its unit nor the street
        with pytest.raises(NotAllowed):
            whistles.lane(login, number, "decide", upheld="yes", decision="自己裁定", response="on_time")
    for login, refusal in (("cg", NotAllowed), ("supervisor", WrongState)):
        with pytest.raises(refusal):
            _task_act(whistles, login, one, "cancel", reason="取消")
    assert len(_standing(whistles, number)) == 5


def _task_act(whistles: Whistles, login: str, bulletin: dict[str, Any], action: str, **args: str) -> None:
    version = whistles.sql("select version from cc.task where id = %s", bulletin["task_id"])
    whistles.as_person(login, "select cc.task_act(%s, %s, %s, %s, %s)", str(uuid.uuid4()), bulletin["task_id"], version,
                       action, json.dumps(args, ensure_ascii=False))  # fmt: skip


def _scores(whistles: Whistles, unit: str) -> dict[str, Any]:
    told = "select jsonb_agg(to_jsonb(u)) from cc.unit_scores('2026-01-01', '2027-01-01') u where u.unit_id = %s"
    (one,) = whistles.as_person("supervisor", told, whistles.unit(unit))
    return dict(one)


def test_the_ratings_of_an_idle_unit_go_on_beside_its_bulletin(whistles: Whistles) -> None:
    number = _ruled(whistles)
    whistles.lane("leader", number, "rate", 4, **(GOOD | {"responsibility": 10}), reason="到场不作为")
    assert whistles.party(number, 4)["response_score"] == 70
