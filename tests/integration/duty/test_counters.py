"""The counters: each event exactly once, whenever it commits and whoever folds; exact before they are folded too."""

import json
import uuid

import psycopg2
import pytest

from db.engine import dsn
from tests.integration.duty.counting import assert_counted_once, counted, figures, totals
from tests.support.clocks import beijing, pass_time, travel
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town

pytestmark = pytest.mark.database

FOLD = "select cc.roll_up()"
STATES = (
    "reported", "filed", "returned", "suspended", "closed", "self_handled", "force_closed", "rejected", "merged",
)  # fmt: skip


def test_every_event_and_every_ended_stage_is_counted_once(hands: Hands, paths: Paths) -> None:
    for state in STATES:
        paths.to(state)
    hands.sql("select cc.run_duty()")
    assert hands.sql(FOLD) == 0
    assert_counted_once(hands)
    assert len(counted(hands)) > len(STATES)


def test_figures_are_exact_before_folding_while_half_is_folded_and_after(hands: Hands, paths: Paths) -> None:
    paths.to("closed")
    assert figures(hands) == totals(hands)
    assert counted(hands) == set()
    hands.sql(FOLD)
    paths.to("in_progress")
    assert figures(hands) == totals(hands)
    hands.sql(FOLD)
    assert figures(hands) == totals(hands)
    assert_counted_once(hands)


def test_a_transaction_that_commits_late_is_counted_when_it_does(town: Town, hands: Hands, paths: Paths) -> None:
    late = psycopg2.connect(dsn(town.url))
    cursor = late.cursor()
    cursor.execute("set session authorization t_acceptor")
    given = {"channel": "patrol", "description": "有暴露垃圾", "lon": 116.0025, "lat": 40.0025}
    cursor.execute("select cc.report_case(%s, %s)", (str(uuid.uuid4()), json.dumps(given)))
    paths.to("filed")
    hands.sql(FOLD)
    hands.sql(FOLD)
    before = figures(hands)["report"]
    late.commit()
    assert figures(hands)["report"] == before + 1
    hands.sql(FOLD)
    assert_counted_once(hands)
    late.close()


def test_what_was_rolled_back_is_not_counted(hands: Hands, paths: Paths) -> None:
    with hands.trying():
        paths.to("in_progress")
    hands.sql(FOLD)
    assert counted(hands) == set()
    assert figures(hands) == {}


def test_two_events_of_a_case_in_one_transaction_are_two(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    hands.sql("begin")
    hands.act("cg", case, "note", text="第一次")
    hands.act("cg", case, "note", text="第二次")
    hands.sql("commit")
    hands.sql(FOLD)
    assert figures(hands)["note"] == 2
    assert_counted_once(hands)


def test_who_folds_and_acts_in_one_transaction_is_counted_once(hands: Hands, paths: Paths) -> None:
    """The folding transaction's own events: its snapshot may or may not hold them, depending on who came after it."""
    case = paths.to("in_progress")
    for others_follow in (False, True):
        hands.sql("begin")
        hands.act("cg", case, "note", text="之前")
        if others_follow:
            other = Hands(hands.town)
            other.sql("create table public.later (x int); drop table public.later")
        hands.sql(FOLD)
        hands.act("cg", case, "note", text="之后")
        assert figures(hands) == totals(hands)
        hands.sql("commit")
        assert figures(hands) == totals(hands)
        hands.sql(FOLD)
        assert_counted_once(hands)


def test_an_undone_dispatch_and_a_change_of_place_are_counted_where_they_happened(hands: Hands, paths: Paths) -> None:
    case = paths.to("dispatched")
    hands.act("dispatcher", case, "undo_dispatch")
    elsewhere = hands.report()
    hands.act("acceptor", elsewhere, "classify", grid_id=hands.sql("select id from cc.grid where key = 'G-B1-0'"))
    hands.sql(FOLD)
    assert_counted_once(hands)
    found = hands.rows("select measure, street_id from cc.hourly where measure in ('report', 'classify')")
    places = dict(found)
    assert places == {"report": hands.org("A"), "classify": hands.org("B")}
    assert figures(hands)["undo_dispatch"] == 1


def test_an_hour_belongs_to_the_hour_in_which_it_happened_by_the_citys_clock(hands: Hands, paths: Paths) -> None:
    travel(hands, "2026-03-02 09:59:59")
    hands.report()
    travel(hands, "2026-03-02 10:00")
    hands.report()
    hands.sql(FOLD)
    of = "select coalesce(sum(n), 0) from cc.figures(%s, %s) where measure = 'report'"
    ten, eleven = beijing("2026-03-02 10:00"), beijing("2026-03-02 11:00")
    assert hands.as_person("supervisor", of, ten, eleven) == 1
    assert hands.as_person("supervisor", of, beijing("2026-03-02 09:00"), ten) == 1
    assert hands.as_person("supervisor", of, ten, beijing("2026-03-02 10:30")) == 1  # whole hours
    assert hands.as_person("supervisor", of, eleven, "infinity") == 0


def test_everybody_counts_what_happened_in_his_scope(hands: Hands, paths: Paths) -> None:
    paths.to("in_progress")
    hands.report(lon=116.0225)  # 乙街道
    for fold in (False, True):
        if fold:
            hands.sql(FOLD)
        assert figures(hands, "supervisor")["report"] == 2
        assert figures(hands, "screen")["report"] == 2
        assert figures(hands, "street_a")["report"] == 1
        assert "report" not in figures(hands, "cg")
        assert figures(hands, "cg")["dispatch"] == 1
        assert figures(hands, "sw") == {}
        assert figures(hands, "admin") == {}


def test_a_rebuild_from_the_trace_finds_the_same(hands: Hands, paths: Paths) -> None:
    for state in STATES:
        paths.to(state)
    hands.sql(FOLD)
    folded = counted(hands)
    hands.sql("begin")
    case = hands.report()  # of the rebuilding transaction itself
    hands.sql("select cc.rebuild_rollup()")
    hands.act("acceptor", case, "accept", item_id=hands.item("暴露垃圾"))
    hands.sql("commit")
    assert figures(hands) == totals(hands)
    hands.sql(FOLD)
    assert counted(hands) != folded
    assert_counted_once(hands)


@pytest.mark.parametrize("spoiled", [
    "update cc.feed_epoch set epoch = gen_random_uuid()",
    # Restored by hand on a server whose transactions have not come so far.
    "update cc.rollup_state set seen = (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1000"
    " || ':' || pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1000 || ':')::pg_snapshot",
])  # fmt: skip
def test_counters_that_do_not_fit_the_feed_are_never_shown_and_built_anew(
    spoiled: str, hands: Hands, paths: Paths
) -> None:
    paths.to("closed")
    hands.sql(FOLD)
    hands.sql(spoiled)
    with pytest.raises(Exception, match="统计正在重建"):
        figures(hands)
    paths.to("filed")
    hands.sql("select cc.run_duty()")
    assert figures(hands) == totals(hands)
    assert_counted_once(hands)


def test_old_feed_that_is_not_folded_is_kept_until_it_is(hands: Hands, paths: Paths) -> None:
    """The duty stood still for days; folding fails, everything else goes on."""
    paths.to("in_progress")
    hands.sql("alter table cc.unit_day rename to away")
    hands.sql("set role cc_owner")
    hands.sql("select cc.add_partition('feed', 'feed_20200101', '2020-01-01', '2020-01-02')")
    hands.sql("reset role")
    hands.sql("insert into cc.feed select xid, id, '2020-01-01 12:00', kind, entity_id, district_id, street_id,"
              " community_id, unit_id, handler_id, event_seq from cc.feed")  # fmt: skip
    hands.sql("delete from cc.feed where at > '2020-01-02'")
    before = figures_of_feed(hands)
    done = hands.sql("select cc.run_duty()")
    assert (done["failed"], done["feed_dropped"]) == (["folded"], 0)
    hands.sql("alter table cc.away rename to unit_day")
    done = hands.sql("select cc.run_duty()")
    assert (done["folded"] > 0, done["feed_dropped"]) == (True, 1)
    assert before > 0
    assert_counted_once(hands)


def figures_of_feed(hands: Hands) -> int:
    return int(hands.sql("select count(*) from cc.feed where event_seq is not null"))


def test_the_board_of_units_is_what_the_rows_of_thirty_days_say(hands: Hands, paths: Paths) -> None:
    travel(hands, "2026-03-02 10:00")
    paths.to("feedback")  # before the window
    travel(hands, "2026-04-01 09:00")
    for state in ("feedback", "returned", "closed", "in_progress"):
        paths.to(state)
        pass_time(hands, minutes=7)
    hands.sql(FOLD)
    paths.sub_dispatched("in_progress")
    travel(hands, "2026-04-02 00:00")  # the midnight thirty days ago: 2026-03-03
    unit, section = hands.org("D-CG"), hands.org("CG-1")
    since = beijing("2026-03-03 00:00")
    sql = """select u.unit_id, u.open_cases, u.handled, u.mean_used_s, u.dispatched, u.returned from cc.unit_figures() u
             where u.unit_id in (%s, %s)"""
    told = {row[0]: row[1:] for row in _rows_as(hands, "supervisor", sql, unit, section)}
    for which in (unit, section):
        assert told[which] == (
            hands.sql("select count(*) from cc.cases where open and handler_id = %s"
                      " and state in ('dispatched','in_progress','suspended')", which),
            *hands.rows("select count(*), avg(used_s)::float8 from cc.case_stage"
                        " where stage = 'handle' and unit_id = %s and ended_at >= %s", which, since)[0],
            hands.sql("select count(*) from cc.case_event where action in ('dispatch','rule') and unit_id = %s"
                      " and at >= %s", which, since),
            hands.sql("select count(*) from cc.case_event where action = 'return_case'"
                      " and (what->>'from_unit')::int = %s and at >= %s", which, since),
        )  # fmt: skip
    assert told[unit][1] > 0 and told[unit][4] == 1


def _rows_as(hands: Hands, login: str, sql: str, *values: object) -> list[tuple[object, ...]]:
    with hands.trying():
        hands.sql(f"set local session authorization t_{login}")
        return hands.rows(sql, *values)
