"""The duty goes on: past a case it cannot handle, past a lost round, one at a time, and never does a thing twice."""

import logging
import threading

import psycopg2
import pytest

from commandcenter.domain.duty_state import DutyState
from db import duty
from db.engine import dsn
from db.gateways.duty_session import DutySession
from tests.support.clocks import beijing, pass_time, travel
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town
from tests.support.town_profile import password_of

pytestmark = pytest.mark.database


def test_a_case_beyond_the_calendar_does_not_stop_the_duty(town: Town) -> None:
    hands = Hands(town)
    paths = Paths(hands)
    travel(hands, "2026-03-02 10:00")
    office, plain = paths.to("reported"), paths.to("in_progress")
    hands.act("acceptor", office, "accept", item_id=hands.item("夜间施工噪声"))
    hands.act("acceptor", office, "file")
    hands.act("dispatcher", office, "dispatch", unit_id=hands.org("D-GA"))
    hands.act("ga", office, "receive")
    for case in (office, plain):
        hands.act("supervisor", case, "suspend", until=beijing("2026-03-03 10:00").isoformat(), reason="等待配件")
    hands.sql("delete from cc.calendar_day where day >= '2026-03-03'")
    travel(hands, "2026-03-04 10:00")
    assert hands.sql("select cc.run_duty()")["resumed"] == 1
    assert (hands.state(office), hands.state(plain)) == ("suspended", "in_progress")


def test_a_round_without_anything_to_do_does_nothing(town: Town) -> None:
    hands = Hands(town)
    Paths(hands).to("in_progress")
    duty.run_once(town.owner)
    before = hands.sql("select count(*) from cc.feed")
    done = duty.run_once(town.owner)
    assert {name: done[name] for name in ("overdue", "resumed", "sealed", "feed_dropped", "reaped")} == {
        "overdue": 0, "resumed": 0, "sealed": 0, "feed_dropped": 0, "reaped": 0,
    }  # fmt: skip
    assert hands.sql("select count(*) from cc.feed") == before


def test_only_one_does_it_at_a_time(town: Town) -> None:
    hands = Hands(town)
    with hands.trying():
        hands.sql("select cc.run_duty()")
        assert duty.run_once(town.owner)["elsewhere"]
    assert "sealed" in duty.run_once(town.owner)


def test_a_round_that_fails_is_logged_and_the_next_one_tries_again(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    hands = Hands(town)
    hands.sql("alter table cc.duty_lease rename to gone")
    stop = threading.Event()
    caplog.set_level(logging.WARNING)
    thread = threading.Thread(target=duty.run_until, args=(town.owner, stop, 0.01))
    thread.start()
    while not caplog.records:
        hands.sql("select pg_sleep(0.01)")
    hands.sql("alter table cc.gone rename to duty_lease")
    case = Paths(hands).to("filed")
    while not hands.sql("select count(*) from cc.seal_leaf where case_id = %s", case):
        hands.sql("select pg_sleep(0.01)")
    stop.set()
    thread.join(timeout=30)
    assert not thread.is_alive()


def test_any_login_may_do_the_duty_for_all(town: Town) -> None:
    hands = Hands(town)
    Paths(hands).to("in_progress")
    clerk = town.psql("cg").cursor()
    clerk.execute("select cc.run_duty()")
    assert (clerk.fetchone() or ({},))[0]["sealed"] > 0
    assert hands.sql("select holder from cc.duty_lease") == "t_cg"


@pytest.mark.parametrize("words", [
    "begin; select cc.run_duty()", "select cc.run_duty(); select 1", "select cc.run_duty(), pg_sleep(0)",
    "select pg_sleep(0) from cc.run_duty()",
    "with r as (select cc.run_duty()) select * from r", "select cc.run_duty((select interval '0'))",
])  # fmt: skip
def test_no_clerk_holds_the_round_or_takes_it_back(words: str, town: Town) -> None:
    clerk = town.psql("cg").cursor()
    with pytest.raises(psycopg2.Error, match="须单独执行"):
        clerk.execute(words)


def test_no_clerk_does_a_round_in_his_transaction(town: Town) -> None:
    clerk = town.psql("cg").cursor()
    clerk.execute("prepare round as select cc.run_duty()")
    for words in ("select cc.run_duty()", "execute round"):
        clerk.execute("begin")
        with pytest.raises(psycopg2.Error, match="须单独执行"):
            clerk.execute(words)
        clerk.execute("rollback")


def test_nobody_does_a_round_right_after_another(town: Town) -> None:
    assert "sealed" in duty.run_once(town.owner, 60)
    before = Hands(town).sql("select at from cc.duty_lease")
    assert duty.run_once(town.owner, 60) == {"elsewhere": True}
    assert Hands(town).sql("select at from cc.duty_lease") == before


def test_a_server_clock_set_back_does_not_put_the_duty_to_sleep(town: Town) -> None:
    hands = Hands(town)
    hands.sql("update cc.duty_lease set at = clock_timestamp() + interval '1 hour'")
    assert "sealed" in duty.run_once(town.owner, 60)


def test_an_old_snapshot_does_no_round(town: Town) -> None:
    """It would move the counters' mark back and count what they hold once more."""
    hands = Hands(town)
    hands.sql("begin isolation level repeatable read")
    with pytest.raises(Exception, match="READ COMMITTED"):
        hands.sql("select cc.run_duty()")
    hands.sql("rollback")


@pytest.mark.parametrize(("table", "part"), [("hourly", "folded"), ("seal", "sealed"), ("command_log", "forgotten"),
                                             ("wf_reminder", None)])  # fmt: skip
def test_a_part_that_fails_keeps_nothing_else_and_is_told_of(table: str, part: str | None, town: Town) -> None:
    hands = Hands(town)
    late = Paths(hands).to("reported")
    pass_time(hands, minutes=31)
    hands.sql(f"alter table cc.{table} rename to away")
    done = hands.sql("select cc.run_duty()")
    fault = hands.rows("select part, message from cc.duty_fault")
    if part is None:  # reminders cannot be looked up: no case can be marked, each is told of
        assert "overdue" not in hands.events(late) and fault[0][0] == "overdue"
    else:
        assert done["failed"] == [part] and fault[0][0] == part
        assert "overdue" in hands.events(late)
        state = town.session("supervisor").queries.duty_state()
        assert [f.part for f in state.faults] == [part] and "away" not in state.warning()
        assert part in [f.part for f in town.session("cg").queries.duty_state().faults]
        assert town.session("cg").queries.duty_state().faults[0].message == ""
    hands.sql(f"alter table cc.away rename to {table}")
    hands.sql("select cc.run_duty()")
    assert "overdue" in hands.events(late)
    assert hands.rows("select * from cc.duty_fault") == []


def test_a_part_that_takes_too_long_is_ended_and_the_others_go_on(town: Town) -> None:
    hands = Hands(town)
    late = Paths(hands).to("reported")
    pass_time(hands, minutes=31)
    other = psycopg2.connect(dsn(town.url))
    other.cursor().execute("lock table cc.command_log in share mode")
    done = hands.sql("set statement_timeout = '1s'; select cc.run_duty()")
    hands.sql("reset statement_timeout")
    assert done["failed"] == ["forgotten"]
    assert "overdue" in hands.events(late)
    other.close()


def test_everybody_knows_since_when_nobody_did_the_duty(town: Town) -> None:
    hands = Hands(town)
    queries = town.session("cg").queries
    assert queries.duty_state().silent_s is None
    hands.sql("select cc.run_duty()")
    assert queries.duty_state().warning() == ""
    hands.sql("update cc.duty_lease set at = clock_timestamp() - interval '5 minutes'")
    assert "5 分钟没有执行" in queries.duty_state().warning()
    assert "从未" in DutyState(None, ()).warning()


def test_a_desk_of_a_shared_server_takes_its_turn_until_it_is_closed(town: Town) -> None:
    hands = Hands(town)
    session = DutySession(town.url, "t_cg", password_of("t_cg"))
    while hands.sql("select holder from cc.duty_lease") != "t_cg":
        hands.sql("select pg_sleep(0.01)")
    session.close()
    gone = "select count(*) from pg_stat_activity where usename = 't_cg' and datname = current_database()"
    while hands.sql(gone):
        hands.sql("select pg_sleep(0.01)")
