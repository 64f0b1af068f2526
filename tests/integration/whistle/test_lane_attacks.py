"""A party's clerk with psql: signs for nobody else, forges no time, writes no row, reads no other's file."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.security.conftest import Psql
from tests.integration.whistle.lanes import PLACE, Whistles
from tests.support.clocks import pass_time
from tests.support.town import PNG, Town

pytestmark = pytest.mark.database

Open = Callable[[str], Psql]
DENIED, NOT_ALLOWED, NOT_FOUND, INVALID, WRONG_STATE = "42501", "CC403", "CC404", "CC422", "CC423"
LANE = "select cc.lane_act(%s, %s, %s, %s, %s, %s)"


@pytest.fixture(scope="module")
def psql(shared_town: Town) -> Open:
    opened: dict[str, Psql] = {}

    def open_one(login: str) -> Psql:
        if login not in opened:
            opened[login] = Psql(shared_town.psql(login))
        return opened[login]

    return open_one


@pytest.fixture
def number(whistles: Whistles) -> int:
    """区城管委 (1) is done, 公安分局 (2) is called, nobody else."""
    found = whistles.issued(title="秘密行动", reason="线索甲")
    whistles.forward(found, 1, "done")
    return found


def _lane(number: int, lane: int, version: int, action: str, **args: Any) -> tuple[Any, ...]:
    return (LANE, str(uuid.uuid4()), number, lane, version, action, json.dumps(args))


def test_no_department_signs_for_another(psql: Open, whistles: Whistles, number: int) -> None:
    version = whistles.party(number)["version"]
    assert psql("ga").refused(*_lane(number, 1, version, "sign_off")).pgcode == NOT_ALLOWED
    for stranger in ("sw", "street_b", "community", "pcs"):
        assert psql(stranger).refused(*_lane(number, 1, version, "sign_off")).pgcode == NOT_FOUND
    for other in ("leader", "supervisor", "evaluator", "grid_worker", "street_a"):
        assert psql(other).refused(*_lane(number, 1, version, "sign_off")).pgcode == NOT_ALLOWED
    for action, args in (("respond", {}), ("arrive", PLACE), ("ask_release", {"reason": "x", "legal_basis": "y"})):
        assert psql("cg").refused(*_lane(number, 2, 1, action, **args)).pgcode == NOT_ALLOWED
    assert whistles.party(number)["state"] == "done" and whistles.party(number, 2)["state"] == "pending"
    psql("cg")(*_lane(number, 1, version, "sign_off"))
    signer = whistles.sql("select login from cc.operator where id = %s", whistles.party(number)["signed_by"])
    assert signer == "t_cg"


def test_no_photo_is_hung_into_anothers_lane(psql: Open, whistles: Whistles, number: int) -> None:
    attach = "select cc.attach_joint(%s, 'summons', %s, %s, 'after', 'a.png', 'image/png', %s)"
    whistles.lane("ga", number, "respond", 2)
    assert psql("cg").refused(attach, str(uuid.uuid4()), number, 2, PNG).pgcode == NOT_ALLOWED
    assert psql("sw").refused(attach, str(uuid.uuid4()), number, 2, PNG).pgcode == NOT_FOUND


def test_a_party_decides_nothing_that_is_the_callers(psql: Open, whistles: Whistles, number: int) -> None:
    version = whistles.summons(number)["version"]
    head = "select cc.summons_act(%s, %s, %s, %s, %s)"
    for action, args in (
        ("close", {"conclusion": "好"}), ("rule_close", {"conclusion": "好", "reason": "x"}),
        ("withdraw", {"reason": "x"}), ("raise_level", {"level": "hard", "reason": "x"}),
        ("add_party", {"unit_id": whistles.unit("D-SW")}),
        ("reschedule", {"meet_at": whistles.ahead(days=1), "reason": "x"}),
    ):  # fmt: skip
        error = psql("cg").refused(head, str(uuid.uuid4()), number, version, action, json.dumps(args))
        assert error.pgcode in (NOT_ALLOWED, WRONG_STATE), action
    own = whistles.party(number)["version"]
    why = {"reason": "x"}
    for action, args in (("release", {}), ("return_lane", why), ("witness", {}), ("dispute", why)):
        assert psql("cg").refused(*_lane(number, 1, own, action, **args)).pgcode in (NOT_ALLOWED, WRONG_STATE), action


def test_nobody_says_when_something_happened(psql: Open, whistles: Whistles) -> None:
    number = whistles.issued(level="hard")
    pass_time(whistles, minutes=61)
    clerk = psql("cg")
    for forged in ("responded_at", "at", "response", "confirm_due"):
        assert clerk.refused(*_lane(number, 1, 1, "respond", **{forged: "2026-01-01T00:00:00Z"})).pgcode == INVALID
    assert clerk.refused("select cc.set_clock(now() - interval '1 day', 1)").pgcode == DENIED
    assert clerk.refused("select cc.real_clock()").pgcode == DENIED
    assert clerk.refused("create temp table clock (shown_base timestamptz)").pgcode == DENIED
    clerk("set timezone = 'Etc/GMT-14'")
    clerk(*_lane(number, 1, 1, "respond"))
    clerk("reset timezone")
    assert whistles.party(number)["response"] == "late"


def test_an_old_snapshot_is_of_no_use(psql: Open, whistles: Whistles) -> None:
    number = whistles.issued()
    clerk = psql("cg")
    clerk("begin isolation level repeatable read")
    assert clerk.refused(*_lane(number, 1, 1, "respond")).pgcode == INVALID
    clerk("rollback")


def test_no_row_is_written_but_through_the_doors(psql: Open, whistles: Whistles, number: int) -> None:
    clerk = psql("cg")
    for table in (
        "summons", "summons_detail", "summons_party", "summons_party_detail", "summons_check", "summons_case",
        "objection", "bulletin", "summons_document", "joint_event", "joint_file", "whistle_rule", "team",
    ):  # fmt: skip
        for statement in (f"insert into cc.{table} default values", f"update cc.{table} set district_id = 1",
                          f"delete from cc.{table}", f"select * from cc.{table} for update"):  # fmt: skip
            assert clerk.refused(statement).pgcode == DENIED, statement
    assert clerk.refused("update cc.summons_party set state = 'signed' where summons_id = %s", number).pgcode == DENIED


def test_no_inner_function_can_be_called(psql: Open, whistles: Whistles) -> None:
    inner = whistles.rows(
        "select p.proname, has_function_privilege('t_supervisor', p.oid, 'execute') from pg_proc p"
        " where p.pronamespace = 'cc'::regnamespace and p.proname = any(%s)",
        ["save_lane", "save_summons", "call_lane", "add_lane", "fix_scores", "rate_lane", "decide_objection",
         "mark_misses", "publish_bulletin", "raise_by_clock", "mark_all_summons", "log_lane", "tell_summons",
         "document_content", "publish_faults", "revoke_false", "revoke_task"],
    )  # fmt: skip
    assert len(inner) == 17 and not any(callable_ for _, callable_ in inner)


def test_the_trace_stays_as_it_was_written(whistles: Whistles, number: int) -> None:
    for statement in ("update cc.joint_event set what = '{}'", "delete from cc.joint_event"):
        with pytest.raises(Exception, match="只增不改"):
            whistles.sql(f"set role cc_owner; {statement} where entity_id = %s", number)
        whistles.sql("reset role")


def test_a_stranger_finds_no_file_and_no_word_of_it(psql: Open, whistles: Whistles, number: int) -> None:
    whistles.forward(number, 1, "signed")
    file_of = whistles.sql("select seq from cc.joint_file where entity_id = %s", number)
    stranger = psql("sw")
    absent = stranger.refused("select cc.summons_file(%s)", number + 100_000)
    unseen = stranger.refused("select cc.summons_file(%s)", number)
    assert (absent.pgcode, str(absent)) == (unseen.pgcode, str(unseen))  # not even that it exists
    assert stranger.one("select cc.joint_file_content(%s, %s)", number, file_of) is None
    assert psql("ga").one("select cc.joint_file_content(%s, %s)", number, file_of) is not None
    for table in ("summons", "summons_party", "summons_detail", "summons_party_detail", "joint_event", "joint_file"):
        key = {"summons": "id", "joint_event": "entity_id", "joint_file": "entity_id"}.get(table, "summons_id")
        assert stranger.one(f"select count(*) from cc.{table} where {key} = %s", number) == 0, table
    assert stranger.refused("select cc.issue_document(%s, %s)", str(uuid.uuid4()), number).pgcode == NOT_FOUND
    # A condition that fails on the hidden row would tell that it is there.
    assert stranger("select 1 from cc.summons_detail where 1 / (title <> '秘密行动')::int = 1") == []


def test_a_draft_is_nobodys_but_the_callers(psql: Open, whistles: Whistles) -> None:
    number = whistles.open()
    for clerk in ("cg", "ga"):
        assert psql(clerk).one("select count(*) from cc.summons where id = %s", number) == 0
        assert psql(clerk).refused("select cc.summons_file(%s)", number).pgcode == NOT_FOUND
    whistles.do("leader", number, "sign")
    assert psql("cg").one("select cc.summons_file(%s)", number)["row"]["no"] == whistles.summons(number)["no"]
    everybodys = psql("cg")("select no, state from cc.summons_party where summons_id = %s order by no", number)
    assert everybodys == [(1, "pending"), (2, "pending")]


def test_the_hall_screen_gets_lanes_without_words(psql: Open, whistles: Whistles, number: int) -> None:
    screen = psql("screen")
    seen = screen.one("select cc.summons_file(%s)", number)
    assert len(seen["row"]["parties"]) == 2 and seen["row"]["title"] == "" and seen["trace"] == []
    assert seen.keys() == {"row", "trace", "files", "meetings", "tasks"}
    assert screen.one("select count(*) from cc.summons_detail") == 0
    assert screen.refused("select cc.issue_document(%s, %s)", str(uuid.uuid4()), number).pgcode == NOT_ALLOWED


def test_a_notice_is_read_and_acknowledged_only_by_whom_it_is_for(psql: Open, whistles: Whistles, number: int) -> None:
    notice = whistles.sql(
        "select id from cc.notice where entity_id = %s and party_no = 2 and kind = 'to_confirm' and closed_at is null",
        number,
    )
    assert psql("cg").one("select count(*) from cc.notice where id = %s", notice) == 0
    assert psql("ga").one("select count(*) from cc.notice where id = %s", notice) == 1
    acknowledge = "select cc.acknowledge_notices(%s, %s)"
    assert psql("cg").refused(acknowledge, str(uuid.uuid4()), [notice]).pgcode == NOT_FOUND


def test_anothers_command_is_neither_answered_nor_taken_over(psql: Open, whistles: Whistles) -> None:
    number, command = whistles.issued(), str(uuid.uuid4())
    psql("ga")(LANE, command, number, 2, 1, "respond", "{}")
    assert psql("cg").refused(LANE, command, number, 1, 1, "respond", "{}").pgcode == INVALID
    assert psql("cg").one("select cc.command_outcome(%s)", command) is None


def test_where_units_are_busy_is_told_without_saying_with_what(psql: Open, whistles: Whistles) -> None:
    number = whistles.issued(caller_id=whistles.unit("A"), units=("D-SW",), meet_at=whistles.ahead(minutes=30))
    ask = "select summons_id, no from cc.summons_conflicts(%s, %s, %s, null)"
    span = ([whistles.unit("D-SW")], whistles.now(), whistles.ahead(hours=1))
    assert (number, whistles.summons(number)["no"]) in psql("leader")(ask, *span)
    hidden = psql("leader_b")(ask, *span)
    assert hidden and set(hidden) == {(0, "")}
