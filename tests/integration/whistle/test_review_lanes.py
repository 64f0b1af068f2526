"""What a sceptical reader found: who speaks for a unit, who hears of silence, who may check a document."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from commandcenter.domain.errors import InvalidInput, NotAllowed
from tests.integration.whistle.lanes import GOOD, Whistles
from tests.support.clocks import pass_time, travel

pytestmark = pytest.mark.database

SCORE_OF_THE_STREET = Decimal(sum(GOOD.values())) / 4


def _hire(whistles: Whistles, login: str, *duties: tuple[str, str]) -> None:
    """Somebody new, for as long as the test's transaction."""
    district = whistles.unit("T")
    whistles.sql("insert into cc.operator (district_id, login, name) values (%s, %s, %s)", district, login, login)
    for role, org in duties:
        whistles.sql(
            "insert into cc.duty (district_id, operator_id, role, org_id) select %s, id, %s, %s from cc.operator"
            " where login = %s", district, role, whistles.unit(org), login,
        )  # fmt: skip
    whistles.sql(f"create role {login} login; grant cc_operator to {login}")


def _told(whistles: Whistles, number: int) -> set[tuple[int | None, str, str, str]]:
    """(lane, kind, role, organisation) of what is open now."""
    return set(whistles.rows(
        "select n.party_no, n.kind, n.to_role, o.key from cc.notice n join cc.org o on o.id = n.to_org"
        " where n.entity_id = %s and n.closed_at is null", number,
    ))  # fmt: skip


def test_a_clerk_of_the_whole_district_speaks_for_no_department(whistles: Whistles) -> None:
    number = whistles.issued()
    whistles.forward(number, 1, "done")
    for lane, action in ((1, "sign_off"), (2, "respond")):
        with whistles.trying():
            _hire(whistles, "t_everybody", ("handler", "T"))
            with pytest.raises(NotAllowed):
                whistles.lane("t_everybody", number, action, lane)


def test_a_department_speaks_for_its_own_agency(whistles: Whistles) -> None:
    number = whistles.issued(units=("PCS-A",))
    whistles.lane("ga", number, "respond")
    assert whistles.party(number)["state"] == "responded"


def test_who_called_hears_of_silence_though_the_unit_has_taken_its_notice_on(whistles: Whistles) -> None:
    travel(whistles, "2026-11-24 09:00")
    number = whistles.issued(level="hard")
    for login, lane in (("cg", 1), ("ga", 2)):
        listed = "select id from cc.notice where entity_id = %s and party_no = %s and closed_at is null"
        whistles.as_person(login, "select cc.acknowledge_notices(%s, %s)", str(uuid.uuid4()),
                           [whistles.sql(listed, number, lane)])  # fmt: skip
    assert _told(whistles, number) == set()
    pass_time(whistles, minutes=61)
    whistles.sql("select cc.run_duty()")
    silent = {(n, "to_confirm", "handler", key) for n, key in ((1, "D-CG"), (2, "D-GA"))}
    assert _told(whistles, number) == silent | {(n, "overdue", "street_leader", "A") for n in (1, 2)}
    whistles.lane("cg", number, "respond")  # late, but there: the caller need not hear of it any more
    assert _told(whistles, number) == {(1, "to_arrive", "handler", "D-CG"), (2, "to_confirm", "handler", "D-GA"),
                                       (2, "overdue", "street_leader", "A")}  # fmt: skip
    pass_time(whistles, hours=4)
    whistles.sql("select cc.run_duty()")
    words = whistles.rows("select words from cc.notice where entity_id = %s and kind = 'overdue' and closed_at is null"
                          " order by party_no", number)  # fmt: skip
    assert [w.rpartition(" ")[2] for (w,) in words] == ["有单位超时未报到"] * 2
    whistles.do("supervisor", number, "rule_close", conclusion="无人到场", reason="长期无人")
    assert not any(kind == "overdue" for _, kind, _, _ in _told(whistles, number))


def test_a_rated_lane_that_is_measured_later_gets_the_whole_score(whistles: Whistles) -> None:
    number = whistles.issued()
    whistles.do("supervisor", number, "rule_close", conclusion="先行结束", reason="误报")
    whistles.rate_all(number)
    before = whistles.party(number)
    assert (before["response_score"], before["score"]) == (None, SCORE_OF_THE_STREET)  # nothing was due yet
    whistles.do("evaluator", number, "reject_verify", reason="须到场")
    whistles.all_forward(number, "signed")
    whistles.close(number)
    whistles.rate_all(number)
    after = whistles.party(number)
    by_hand = (Decimal("0.4") * 100 + Decimal("0.4") * SCORE_OF_THE_STREET) / Decimal("0.8")
    assert (after["response_score"], after["score"]) == (100, round(by_hand, 2))


def test_the_hall_screen_reads_no_document_by_its_code(whistles: Whistles) -> None:
    number = whistles.issued(title="秘密行动")
    paper = whistles.as_person("leader", "select cc.issue_document(%s, %s)", str(uuid.uuid4()), number)
    for blind in ("screen", "admin", "gateway"):
        with pytest.raises(NotAllowed):
            whistles.as_person(blind, "select cc.check_document(%s)", paper["code"])
    assert whistles.as_person("sw", "select cc.check_document(%s)", paper["code"]) == paper


def test_a_whistle_that_was_over_before_clears_no_ledger(whistles: Whistles) -> None:
    town = whistles.town
    case = town.filed()
    early = whistles.to("archived", cases=[case])
    pass_time(whistles, minutes=1)
    town.act("supervisor", case, "force_close", reason="多次处置无效")
    with pytest.raises(InvalidInput):
        town.act("leader", case, "clear_ledger", document_no=whistles.summons(early)["no"], result="已解决")
    # Nor one that was under way then and ended since; it is not proposed either.
    town_queries = town.session("leader").joint_queries
    assert whistles.sql("select on_ledger from cc.cases where id = %s", case)
    under_way_now = town.filed()
    running = whistles.to("acting", cases=[under_way_now])
    pass_time(whistles, minutes=1)
    town.act("supervisor", under_way_now, "force_close", reason="多次处置无效")
    whistles.all_forward(running, "signed")
    whistles.close(running)
    with pytest.raises(InvalidInput, match="列入台账之后"):
        town.act("leader", under_way_now, "clear_ledger", document_no=whistles.summons(running)["no"], result="已解决")
    assert town_queries.clearing_whistles([case, under_way_now]) == []
    pass_time(whistles, minutes=1)
    later = whistles.to("archived", cases=[case])
    assert [row.id for row in town_queries.clearing_whistles([case, under_way_now])] == [later]
    town.act("leader", case, "clear_ledger", document_no=whistles.summons(later)["no"], result="已解决")
    assert not whistles.sql("select on_ledger from cc.cases where id = %s", case)


def test_a_refused_release_is_told_to_who_has_taken_the_call_on(whistles: Whistles) -> None:
    number = whistles.issued()
    listed = "select id from cc.notice where entity_id = %s and party_no = 1 and closed_at is null"
    whistles.as_person("cg", "select cc.acknowledge_notices(%s, %s)", str(uuid.uuid4()), [whistles.sql(listed, number)])
    whistles.lane("cg", number, "ask_release", reason="不属于", legal_basis="三定方案")
    whistles.lane("leader", number, "insist", reason="属于职责")
    said = "select words from cc.notice where entity_id = %s and party_no = 1 and closed_at is null"
    assert [words.rpartition(" ")[2] for (words,) in whistles.rows(said, number)] == ["退哨申请已驳回，请响应"]
    whistles.lane("cg", number, "respond")
    assert [words.rpartition(" ")[2] for (words,) in whistles.rows(said, number)] == ["退哨申请已驳回，请报到"]


def test_a_call_is_told_once_to_each_and_not_once_more_for_everybody_after_him(whistles: Whistles) -> None:
    units = ("D-CG", "D-GA", "D-SW", "PCS-A", "A-CGK")
    number = whistles.issued(units=units)
    told = "select count(*), count(distinct (xid, street_id, community_id, unit_id)) from cc.feed"
    told += " where entity_id = %s and kind = 'summons'"
    rows, kinds = whistles.rows(told, number)[0]
    assert rows == kinds == 1 + 1 + len(units)  # the draft, the call, and each unit's
    before = rows
    whistles.lane("cg", number, "respond")  # a later transaction tells everybody again
    assert whistles.rows(told, number)[0][0] == before + 1 + len(units)


@pytest.mark.parametrize(("clerk", "head", "may"), [
    (("dispatcher", "A"), ("street_leader", "A"), True), (("dispatcher", "T"), ("supervisor", "T"), True),
    (("dispatcher", "A"), ("street_leader", "B"), False),
])  # fmt: skip
def test_a_head_who_does_a_clerks_work_too_may_still_call_more(
    clerk: tuple[str, str], head: tuple[str, str], may: bool, whistles: Whistles
) -> None:
    number = whistles.issued()
    with whistles.trying():
        _hire(whistles, "t_two_hats", clerk, head)
        if may:
            whistles.do("t_two_hats", number, "add_party", unit_id=whistles.unit("D-SW"))
            assert whistles.party(number, 3)["unit_id"] == whistles.unit("D-SW")
        else:
            with pytest.raises(NotAllowed):
                whistles.do("t_two_hats", number, "add_party", unit_id=whistles.unit("D-SW"))


def test_nobody_dates_a_call_back_by_letting_it_wait(whistles: Whistles) -> None:
    whistles.sql("select cc.real_clock()")
    command, args = str(uuid.uuid4()), whistles.args()
    holder, waiting = Whistles(whistles.town), Whistles(whistles.town)
    holder.sql("begin")
    holder.open_with("dispatcher", "whistle", args, command)  # the same command in another session of the same clerk
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(waiting.open_with, "dispatcher", "whistle", args, command)
        time.sleep(0.5)
        assert not late.done()
        released = whistles.now()
        holder.sql("rollback")
        number = late.result(timeout=10)["entity_id"]
    assert whistles.summons(number)["drafted_at"] >= released


def test_a_file_that_waited_stands_in_the_trace_after_what_it_waited_for(whistles: Whistles) -> None:
    whistles.sql("select cc.real_clock()")
    number = whistles.issued()
    whistles.lane("cg", number, "respond")
    holder, waiting = Whistles(whistles.town), Whistles(whistles.town)
    holder.sql("begin")
    holder.sql("select id from cc.summons where id = %s for update", number)
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(waiting.proof, "cg", number)
        time.sleep(0.5)
        released = whistles.now()
        holder.sql("rollback")
        late.result(timeout=10)
    assert whistles.sql("select at from cc.joint_event where entity_id = %s and action = 'attach'", number) >= released
