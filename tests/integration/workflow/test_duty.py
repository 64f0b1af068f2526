"""The duty goes on: past a case it cannot handle, past a lost round, one at a time, and never does a thing twice."""

import logging
import threading

import pytest

from db import duty
from tests.support.clocks import beijing, travel
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town

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
    assert hands.as_person("cg", "select cc.run_duty()")["sealed"] > 0
    assert hands.sql("select holder from cc.duty_lease") == "t_cg"
