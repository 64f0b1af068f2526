"""Each named check of the workflow, passed and failed; the clock's own are in test_time_guards."""

import uuid
from datetime import timedelta

import pytest

from commandcenter.domain.errors import Conflict, DomainError, InvalidInput, NotAllowed, TooLate, WrongState
from tests.support.hands import Hands
from tests.support.paths import SECTION, Paths

pytestmark = pytest.mark.database


def test_nothing_filled_in_is_not_a_classification(hands: Hands, paths: Paths) -> None:
    case = paths.to("reported")
    with pytest.raises(InvalidInput):
        hands.act("acceptor", case, "classify")
    hands.act("acceptor", case, "classify", grade="cross")
    assert hands.row(case)["grade"] == "cross"


def test_filing_needs_item_and_grid(hands: Hands) -> None:
    case = hands.report(lon=None, lat=None)
    hands.act("acceptor", case, "accept")
    with pytest.raises(InvalidInput) as missing:
        hands.act("acceptor", case, "file")
    assert missing.value.detail == {"field": "item_id"}
    with pytest.raises(InvalidInput) as missing:
        hands.act("acceptor", case, "file", item_id=hands.item("暴露垃圾"))
    assert missing.value.detail == {"field": "grid_id"}
    grid = hands.sql("select id from cc.grid where key = 'G-A1-0'")
    hands.act("acceptor", case, "file", item_id=hands.item("暴露垃圾"), grid_id=grid)
    assert hands.row(case)["street_id"] == hands.org("A")


def test_self_handling_needs_both_photos(hands: Hands, paths: Paths) -> None:
    case = paths.to("accepted")
    for kind in ("before", "after"):
        with pytest.raises(InvalidInput, match="照片"):
            hands.act("grid_worker", case, "self_handle", result="当场清理")
        hands.attach("grid_worker", case, kind)
    hands.act("grid_worker", case, "self_handle", result="当场清理")
    assert not hands.row(case)["open"]


def test_an_item_that_wants_a_photo_is_not_fed_back_without_one(hands: Hands, paths: Paths) -> None:
    case = paths.to("reported")
    hands.act("acceptor", case, "accept", item_id=hands.item("井盖缺失"))
    hands.act("acceptor", case, "file")
    hands.act("dispatcher", case, "dispatch", unit_id=hands.org("D-SW"))
    hands.act("sw", case, "receive")
    with pytest.raises(InvalidInput, match="照片"):
        hands.act("sw", case, "feedback", result="已更换")
    hands.attach("sw", case, "before")
    with pytest.raises(InvalidInput, match="照片"):
        hands.act("sw", case, "feedback", result="已更换")
    hands.attach("sw", case, "after")
    assert hands.act("sw", case, "feedback", result="已更换")["state"] == "feedback"


# ---------------------------------------------------------------- dispatch
def test_only_units_that_take_cases_are_dispatched_to(hands: Hands, paths: Paths) -> None:
    case = paths.to("filed")
    for unit in (hands.org("T"), 0, "abc", None):
        with pytest.raises(InvalidInput):
            hands.act("dispatcher", case, "dispatch", unit_id=unit)
    with hands.trying():
        hands.sql("update cc.org set active = false where key = 'D-CG'")
        with pytest.raises(InvalidInput):
            hands.act("dispatcher", case, "dispatch", unit_id=hands.org("D-CG"))


def test_a_street_dispatches_only_to_its_own_units_and_those_that_serve_it(hands: Hands, paths: Paths) -> None:
    case = paths.to("filed")
    for unit in ("D-CG", "B", "PCS-B", "CG-1"):
        with pytest.raises(NotAllowed, match="派遣范围"):
            hands.act("street_dispatcher", case, "dispatch", unit_id=hands.org(unit))
    for unit, circulation in (("PCS-A", "small"), ("A-CGK", "small"), ("A1", "micro"), ("A", "small")):
        with hands.trying():
            hands.act("street_dispatcher", case, "dispatch", unit_id=hands.org(unit))
            assert hands.row(case)["circulation"] == circulation
    hands.act("dispatcher", case, "dispatch", unit_id=hands.org("D-CG"))
    assert hands.row(case)["circulation"] == "large"


def test_a_dispatch_is_undone_by_its_dispatcher_only_and_only_until_it_is_received(hands: Hands, paths: Paths) -> None:
    case = paths.to("dispatched")
    with pytest.raises(NotAllowed, match="自己"):
        hands.act("dispatcher2", case, "undo_dispatch")
    with hands.trying():
        hands.act("dispatcher", case, "undo_dispatch")
        row = hands.row(case)
        assert (row["state"], row["unit_id"], row["handler_id"], row["dispatched_by"]) == ("filed", None, None, None)
    hands.act("cg", case, "receive")
    with pytest.raises(WrongState):
        hands.act("dispatcher", case, "undo_dispatch")


def test_undoing_the_dispatch_of_a_returned_case_makes_it_returned_again(hands: Hands, paths: Paths) -> None:
    case = paths.to("returned")
    hands.act("dispatcher", case, "dispatch", unit_id=hands.org("D-GA"))
    assert hands.act("dispatcher", case, "undo_dispatch")["state"] == "returned"


def test_a_ruling_is_final(hands: Hands, paths: Paths) -> None:
    case = paths.to("returned")
    hands.act("supervisor", case, "rule", unit_id=hands.org("D-CG"), reason="按三定方案属城管委")
    with pytest.raises(WrongState, match="定责"):
        hands.act("cg", case, "return_case", reason="仍不属于", legal_basis="无")
    with pytest.raises(WrongState, match="定责"):
        hands.act("supervisor", case, "return_case", reason="仍不属于", legal_basis="无")
    with pytest.raises(WrongState, match="不能撤销"):
        hands.act("dispatcher", case, "undo_dispatch")


def test_the_second_return_by_the_same_unit_needs_a_supervisor(hands: Hands, paths: Paths) -> None:
    case = paths.to("returned")
    words = {"reason": "不属于本单位", "legal_basis": "三定方案"}
    hands.act("dispatcher", case, "dispatch", unit_id=hands.org("D-CG"))
    with pytest.raises(TooLate, match="第二次"):
        hands.act("cg", case, "return_case", **words)
    with hands.trying():
        hands.act("supervisor", case, "return_case", **words)
        hands.act("dispatcher", case, "dispatch", unit_id=hands.org("D-GA"))
        hands.act("ga", case, "return_case", **words)  # another unit's first
        assert hands.row(case)["returns"] == 3


# ---------------------------------------------------------------- the unit's inside
def test_a_case_is_sub_dispatched_downwards_only(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    for unit in ("D-CG", "D-GA", "A-CGK", "T"):
        with pytest.raises(InvalidInput, match="下属"):
            hands.act("cg", case, "sub_dispatch", unit_id=hands.org(unit))
    hands.act("cg", case, "sub_dispatch", unit_id=hands.org(SECTION))
    row = hands.row(case)
    assert (row["state"], row["unit_id"], row["handler_id"]) == ("dispatched", hands.org("D-CG"), hands.org(SECTION))


def test_a_street_sub_dispatches_to_an_agency_that_serves_it_and_gets_the_case_back(hands: Hands, paths: Paths) -> None:
    case = paths.to("filed")
    hands.act("dispatcher", case, "dispatch", unit_id=hands.org("A"))
    hands.act("street_a", case, "receive")
    hands.act("street_a", case, "sub_dispatch", unit_id=hands.org("PCS-A"))
    hands.act("pcs", case, "receive")
    hands.act("pcs", case, "hand_back", reason="须由街道处理")
    row = hands.row(case)
    assert (row["state"], row["handler_id"]) == ("in_progress", hands.org("A"))
    with pytest.raises(WrongState, match="二次派发"):
        hands.act("street_a", case, "hand_back", reason="无处可退")


def test_a_unit_asks_for_one_thing_at_a_time(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    hands.act("cg", case, "request_extension", minutes=60, reason="等待配件")
    with pytest.raises(WrongState, match="已有"):
        hands.act("cg", case, "request_suspend", until=paths.until(), reason="等待配件")
    hands.act("supervisor", case, "refuse_request", reason="理由不充分")
    with pytest.raises(WrongState, match="没有待批"):
        hands.act("supervisor", case, "refuse_request", reason="理由不充分")
    with pytest.raises(WrongState, match="没有待批的延期"):
        hands.act("supervisor", case, "approve_extension")
    hands.act("cg", case, "request_suspend", until=paths.until(), reason="等待配件")
    with pytest.raises(WrongState, match="没有待批的延期"):
        hands.act("supervisor", case, "approve_extension")


@pytest.mark.parametrize("leaving", ["return_case", "sub_dispatch", "feedback", "force_close"])
def test_a_request_ends_with_the_work_it_was_made_for(leaving: str, hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    hands.act("cg", case, "request_extension", minutes=60, reason="等待配件")
    given = {
        "return_case": ("cg", {"reason": "不属于", "legal_basis": "无"}),
        "sub_dispatch": ("cg", {"unit_id": hands.org(SECTION)}),
        "feedback": ("cg", {"result": "已处理"}),
        "force_close": ("supervisor", {"reason": "无法解决"}),
    }
    login, args = given[leaving]
    hands.act(login, case, leaving, **args)
    assert hands.row(case)["asked"] is None
    assert hands.rows("select granted, decided_at is not null from cc.case_request where case_id = %s", case) == [
        (False, True)
    ]


def test_suspending_does_not_grant_an_extension_that_was_asked_for(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    hands.act("cg", case, "request_extension", minutes=60, reason="等待配件")
    hands.act("supervisor", case, "suspend", until=paths.until(), reason="等待配件")
    assert hands.rows("select kind, granted from cc.case_request where case_id = %s", case) == [("extension", False)]
    assert not hands.row(case)["extended"]


def test_an_approved_extension_is_that_of_the_request_that_is_open(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    hands.act("cg", case, "request_extension", minutes=600, reason="先")
    hands.act("supervisor", case, "refuse_request", reason="太长")
    hands.act("cg", case, "request_extension", minutes=30, reason="后")
    before = hands.row(case)["deadline"]
    hands.act("supervisor", case, "approve_extension")
    assert (hands.row(case)["deadline"] - before).total_seconds() == 30 * 60


def test_rework_is_counted_and_gets_part_of_the_time_again(hands: Hands, paths: Paths) -> None:
    case = paths.to("feedback")
    hands.act("verifier", case, "rework", reason="未清理干净")
    row = hands.row(case)
    assert (row["state"], row["reworks"], row["handler_id"]) == ("in_progress", 1, hands.org("D-CG"))
    limit = hands.sql("select limit_s from cc.case_stage where case_id = %s and ended_at is null", case)
    assert limit == 240 * 60 // 2
    hands.act("cg", case, "feedback", result="再次清理")
    hands.act("verifier", case, "verify")
    hands.act("followup", case, "rework", reason="来电人不满意")
    assert hands.row(case)["reworks"] == 2


# ---------------------------------------------------------------- answering the citizen
def test_a_citizens_case_closes_after_answer_and_follow_up(hands: Hands, paths: Paths) -> None:
    case = paths.to("verified")
    with pytest.raises(WrongState, match="答复"):
        hands.act("acceptor", case, "close")
    with pytest.raises(WrongState, match="答复"):
        paths.follow(case)
    paths.answer(case)
    with pytest.raises(WrongState, match="回访"):
        hands.act("acceptor", case, "close")
    with pytest.raises(WrongState, match="没有待答复"):
        paths.answer(case)
    paths.follow(case)
    assert hands.act("acceptor", case, "close")["state"] == "closed"


def test_a_case_found_on_patrol_closes_without_them(hands: Hands, paths: Paths) -> None:
    case = paths.to("verified", citizen=False)
    with pytest.raises(WrongState):
        paths.answer(case)
    with pytest.raises(WrongState):
        paths.follow(case)
    assert hands.act("acceptor", case, "close")["state"] == "closed"


def test_an_anonymous_callers_case_can_be_closed(hands: Hands, paths: Paths) -> None:
    case = paths.to("verified", reporter={})
    masked = hands.sql("select name_masked from cc.case_reporter where case_id = %s", case)
    assert masked == "匿名"
    paths.answer(case)
    paths.follow(case)
    assert hands.act("acceptor", case, "close")["state"] == "closed"


@pytest.mark.parametrize("again", ["rework", "reopen"])
def test_who_was_answered_is_answered_again_when_the_work_begins_again(again: str, hands: Hands, paths: Paths) -> None:
    case = paths.to("verified")
    paths.answer(case)
    if again == "rework":
        hands.act("followup", case, "rework", reason="来电人不满意")
    else:
        paths.follow(case)
        hands.act("acceptor", case, "close")
        hands.act("followup", case, "reopen", reason="来电人不满意")
        hands.act("dispatcher", case, "dispatch", unit_id=hands.org("D-CG"))
        hands.act("cg", case, "receive")
    hands.act("cg", case, "feedback", result="再次清理")
    hands.act("verifier", case, "verify")
    with pytest.raises(WrongState, match="答复"):
        hands.act("acceptor", case, "close")
    paths.answer(case)
    paths.follow(case)
    assert hands.act("acceptor", case, "close")["state"] == "closed"


# ---------------------------------------------------------------- merging
def test_a_merged_cases_reporter_is_answered_and_followed_up_with_the_master(hands: Hands, paths: Paths) -> None:
    master, first, second = hands.report(), hands.report(citizen=True), hands.report(citizen=True)
    hands.act("acceptor", second, "merge", master_id=first)
    hands.act("acceptor", first, "merge", master_id=master)  # what was merged into it comes along
    assert hands.row(master)["citizen"]
    assert hands.events(master) == ["report", "absorb"]
    item = hands.item("暴露垃圾")
    hands.act("acceptor", master, "accept", item_id=item)
    hands.act("acceptor", master, "file")
    hands.act("dispatcher", master, "dispatch", unit_id=hands.org("D-CG"))
    hands.act("cg", master, "receive")
    hands.act("cg", master, "feedback", result="已清理")
    hands.act("verifier", master, "verify")
    with pytest.raises(WrongState, match="答复"):
        hands.act("acceptor", master, "close")
    paths.answer(master)
    paths.follow(master)
    told = hands.rows(
        "select answered_at is not null, satisfied from cc.case_reporter where case_id in (%s, %s)", first, second
    )
    assert told == [(True, "satisfied"), (True, "satisfied")]
    assert hands.act("acceptor", master, "close")["state"] == "closed"


def test_a_merged_reporter_may_be_answered_alone_and_the_master_still_closes(hands: Hands, paths: Paths) -> None:
    master = paths.to("verified", citizen=False)
    child = hands.report(citizen=True)
    hands.act("acceptor", child, "merge", master_id=master)
    paths.answer(child)
    with pytest.raises(WrongState, match="答复"):
        hands.act("acceptor", master, "close")
    paths.answer(master)
    paths.follow(master)
    assert hands.act("acceptor", master, "close")["state"] == "closed"


def test_a_case_is_merged_only_into_an_open_one_that_is_seen(hands: Hands, paths: Paths) -> None:
    case = hands.report()
    for master in (case, paths.to("closed"), paths.to("merged"), 1, 202001000000001, "x"):
        with pytest.raises(InvalidInput):
            hands.act("acceptor", case, "merge", master_id=master)
    assert hands.row(case)["state"] == "reported"


# ---------------------------------------------------------------- ledgers
def test_supervision_is_a_ledger_with_a_leader(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    with pytest.raises(WrongState, match="未在督办"):
        hands.act("supervisor", case, "lift_supervision", reason="已解决")
    hands.act("supervisor", case, "supervise", leader="李区长", reason="群众反映强烈")
    with pytest.raises(WrongState, match="已在督办"):
        hands.act("supervisor", case, "supervise", leader="王区长", reason="再次")
    hands.act("supervisor", case, "lift_supervision", reason="已解决")
    lines = hands.rows("select kind, leader, cleared_at is not null, clearing from cc.ledger where case_id = %s", case)
    assert lines == [("supervision", "李区长", True, "已解决")]
    assert not hands.row(case)["supervised"]


def test_an_instruction_names_a_unit_of_the_district(hands: Hands, paths: Paths) -> None:
    case = paths.to("filed")
    for unit in (hands.org("T"), 0):
        with pytest.raises(InvalidInput, match="单位"):
            hands.act("leader", case, "instruct", leader="街道书记", text="尽快办结", unit_id=unit)
    hands.act("leader", case, "instruct", leader="街道书记", text="尽快办结", unit_id=hands.org("D-GA"))
    assert hands.events(case)[-1] == "instruct"


def test_an_instruction_becomes_a_task_of_its_unit_within_three_working_days(hands: Hands, paths: Paths) -> None:
    task = (
        "select k.source, k.unit_id, k.issuer_id, d.text, d.leader from cc.task k"
        " join cc.task_detail d on d.task_id = k.id where k.case_id = %s order by k.id"
    )
    dues = "select array_agg(due order by id) from cc.task where case_id = %s"
    case = paths.to("filed")
    words = {"leader": "街道书记", "text": "尽快办结", "unit_id": hands.org("D-GA")}
    hands.act("leader", case, "instruct", **words)
    hands.act("supervisor", case, "instruct", due=paths.until(9), **words)
    said = ("instruction", hands.org("D-GA"))
    assert [row[:3] for row in hands.rows(task, case)] == [(*said, hands.org("A")), (*said, hands.org("T"))]
    assert {row[3:] for row in hands.rows(task, case)} == {("尽快办结", "街道书记")}
    by_default, as_said = hands.sql(dues, case)
    at = hands.sql("select at from cc.case_event where case_id = %s and action = 'instruct' order by seq limit 1", case)
    assert hands.sql("select cc.work_between(1, 'days', %s, %s)", at, by_default) == 3 * 8 * 3600
    assert as_said - by_default > timedelta(days=1)
    for due in (paths.until(-1), paths.until(400)):
        with pytest.raises(InvalidInput, match="时限"):
            hands.act("supervisor", case, "instruct", due=due, **words)


def test_a_forced_closure_stays_on_the_ledger_until_the_street_clears_it(hands: Hands, paths: Paths) -> None:
    case = paths.to("force_closed")
    assert hands.row(case)["on_ledger"] and not hands.row(case)["open"]
    number = paths.whistled(case)
    hands.act("leader", case, "clear_ledger", document_no=f" {number} ", result="吹哨解决")
    lines = hands.rows("select kind, document_no, clearing from cc.ledger where case_id = %s", case)
    assert lines == [("force_close", number, "吹哨解决")]
    with pytest.raises(WrongState, match="台账"):
        hands.act("leader", case, "clear_ledger", document_no=number, result="再次")


def test_the_ledger_is_cleared_by_a_whistle_of_the_street_for_this_case_that_is_over(
    hands: Hands, paths: Paths
) -> None:
    case, other = paths.to("force_closed"), paths.to("force_closed")
    wrong = [paths.whistled(other), "CS-20260101-9999", "东政〔2026〕1 号"]
    with hands.trying():
        wrong.append(paths.whistled(case, over=False))
        _refused_to_clear(hands, case, wrong)
    with hands.trying():
        _refused_to_clear(hands, case, [paths.whistled(case, caller="B")])
    with hands.trying():
        number = paths.whistled(case)
        hands.sql("update cc.summons set kind = 'order' where no = %s", number)
        _refused_to_clear(hands, case, [number])
    hands.act("leader", case, "clear_ledger", document_no=paths.whistled(case, caller="A1"), result="社区吹哨解决")


def _refused_to_clear(hands: Hands, case: int, numbers: list[str]) -> None:
    for number in numbers:
        hands.sql("savepoint attempt")
        with pytest.raises(InvalidInput, match="吹哨单"):
            hands.act("leader", case, "clear_ledger", document_no=number, result="已解决")
        hands.sql("rollback to attempt")


# ---------------------------------------------------------------- inputs
@pytest.mark.parametrize(
    ("action", "args", "field"),
    [
        ("reject", {}, "reason"),
        ("reject", {"reason": "  "}, "reason"),
        ("reject", {"reason": "有", "unit_id": 1}, "unit_id"),
        ("reject", {"reason": ["a"]}, "reason"),
        ("reject", {"reason": "长" * 4001}, "reason"),
        ("accept", {"grade": "huge"}, "grade"),
        ("accept", {"item_id": "abc"}, "item_id"),
        ("accept", {"item_id": 10**12}, "item_id"),
        ("accept", {"item_id": 0}, "item_id"),
        ("classify", {"grid_id": 0}, "grid_id"),
    ],
)
def test_wrong_input_is_named(action: str, args: dict[str, object], field: str, hands: Hands) -> None:
    case = hands.report()
    with pytest.raises(InvalidInput) as wrong:
        hands.act("acceptor", case, action, **args)
    assert wrong.value.detail["field"] == field
    assert hands.events(case) == ["report"]


@pytest.mark.parametrize(
    "facts",
    [
        {"description": ""}, {"description": " "}, {"channel": "none"}, {"lon": 181.0}, {"lon": 116.0, "lat": None},
        {"lon": "NaN", "lat": 40}, {"lon": "1e999", "lat": 40}, {"item_id": 0}, {"grade": "huge"},
        {"occurred_at": "昨天"}, {"reporter": "张三"}, {"unknown": 1}, {"description": "长" * 8001},
    ],
)  # fmt: skip
def test_a_wrong_report_is_refused_in_words(facts: dict[str, object], hands: Hands) -> None:
    with pytest.raises(InvalidInput):
        hands.report(**facts)


def test_a_character_that_cannot_be_stored_is_refused_in_words(hands: Hands) -> None:
    with pytest.raises(InvalidInput, match="字符"):
        hands.report(description="前\0后")


def test_one_source_number_becomes_one_case(hands: Hands) -> None:
    first = hands.report(citizen=True, source_no="HX-1")
    again = hands.report_answer(
        "acceptor",
        {"channel": "hotline", "description": "同一件", "source_no": " HX-1 ", "lon": 116.0025, "lat": 40.0025},
    )
    assert (again["case_id"], again["known"]) == (first, True)


def test_words_of_the_caller_stay_out_of_the_trace(hands: Hands) -> None:
    case = hands.report(description="张三丰住甲一社区 3 号楼")
    hands.act("acceptor", case, "classify", address="甲一社区 3 号楼", description="张三丰住甲一社区 3 号楼 402")
    trace = hands.sql("select string_agg(what::text, '') from cc.case_event where case_id = %s", case)
    assert "张三丰" not in trace and "3 号楼" not in trace
    assert hands.sql("select address from cc.case_detail where case_id = %s", case) == "甲一社区 3 号楼"


def test_a_stale_version_names_who_made_the_one_that_stands(hands: Hands, paths: Paths) -> None:
    case = paths.to("reported")
    stale = hands.version(case)
    hands.act("supervisor", case, "classify", grade="cross")
    with pytest.raises(Conflict) as lost:
        hands.act("acceptor", case, "accept", version=stale)
    assert (lost.value.detail["who"], lost.value.detail["action"]) == ("值班长甲", "classify")


def test_an_action_that_the_workflow_does_not_know_is_refused(hands: Hands) -> None:
    case = hands.report()
    for action in ("report", "attach", "overdue", "absorb", "", "x" * 5000):
        with pytest.raises(DomainError):
            hands.act("acceptor", case, action)
    with pytest.raises(InvalidInput, match="命令编号"):
        hands.as_person("acceptor", "select cc.act(null, %s, 1, 'accept', '{}')", case)
    with pytest.raises(InvalidInput, match="参数"):
        hands.as_person("acceptor", "select cc.act(%s, %s, 1, 'accept', null)", str(uuid.uuid4()), case)


def test_evidence_of_another_kind_or_size_is_refused(hands: Hands) -> None:
    case = hands.report()
    attach = "select cc.attach(gen_random_uuid(), %s, %s, %s, %s, %s)"
    for kind, name, mime, content in (
        ("photo", "a", "image/png", b"x"), ("scene", "a", "text/html", b"x"), ("scene", "a", "image/png", b""),
        ("scene", "a", "image/png", b"x" * 8388609), ("scene", None, "image/png", b"x"), (None, "a", "image/png", b"x"),
        ("scene", "a", "image/png", None),
    ):  # fmt: skip
        with pytest.raises(InvalidInput):
            hands.as_person("acceptor", attach, case, kind, name, mime, content)
