"""Where workers are: told by phones, seen by territory, once a street in the feed."""

import threading

import pytest

from commandcenter.domain.errors import InvalidInput
from commandcenter.domain.map import WorkerFix
from commandcenter.ports import FeedBatch
from tests.integration.map.conftest import IN_A1, IN_B1, METRE, Phones
from tests.support.town import Town

pytestmark = pytest.mark.database
LON, LAT = IN_A1


def test_a_phone_tells_where_its_owner_is(phones: Phones, shared_town: Town) -> None:
    now = phones.now()
    assert phones.hands.as_person("grid_a1", "select cc.report_position(%s, %s, to_timestamp(%s))", LON, LAT, now)
    (found,) = shared_town.session("supervisor").map.positions()
    assert (found.worker_id, found.role, found.name) == (phones.worker, "worker", "甲一网格员")
    assert (found.lon, found.lat, found.at) == (LON, LAT, now)
    assert (found.grid_id, found.street_id) == (shared_town.grid("G-A1"), shared_town.org("A"))
    assert shared_town.session("supervisor").map.positions([shared_town.org("B")]) == []
    assert len(shared_town.session("supervisor").map.positions([shared_town.org("A")])) == 1


SIGHT = {
    "supervisor": "ab", "dispatcher": "ab", "evaluator": "ab", "screen": "ab", "leader": "a", "street_dispatcher": "a",
    "community": "a", "leader_b": "b", "cg": "", "pcs": "", "admin": "",
}  # fmt: skip


@pytest.mark.parametrize("login", SIGHT)
def test_positions_are_seen_by_territory(login: str, phones: Phones, shared_town: Town) -> None:
    now = phones.now()
    phones.of(phones.worker, [(*IN_A1, now)])
    phones.of(phones.far, [(*IN_B1, now)])
    seen = shared_town.session(login).map.positions()
    assert {p.worker_id for p in seen} == {{"a": phones.worker, "b": phones.far}[place] for place in SIGHT[login]}
    assert all(bool(p.name) == (login != "screen") for p in seen)


def test_nobody_is_shown_who_was_not_heard_of_today(phones: Phones, shared_town: Town) -> None:
    phones.of(phones.worker, [(*IN_A1, phones.now())])
    phones.hands.sql("update cc.worker_position set at = date_trunc('day', at, 'Asia/Shanghai') - interval '1 s'")
    assert shared_town.session("supervisor").map.positions() == []


def test_a_platform_reports_for_many_at_once(phones: Phones, shared_town: Town) -> None:
    platform, now = shared_town.session("channel").map, phones.now()
    people = platform.members()
    assert {m.name for m in people} == {"甲一网格长", "甲一网格员", "乙一网格员"}
    fixes = [WorkerFix(m.id, *IN_A1, now - 60) for m in people] + [WorkerFix(phones.far, *IN_B1, now)]
    assert platform.report(fixes) == 4
    assert platform.report(fixes) == 0
    assert platform.report([]) == 0
    assert {p.worker_id for p in shared_town.session("dispatcher").map.positions()} == {m.id for m in people}


def test_a_point_is_kept_once_by_worker_and_second(phones: Phones) -> None:
    now = phones.now()
    walk = [(LON, LAT + n * METRE, now - 100 + n) for n in range(100)]
    assert phones.own(walk) == 100
    assert phones.own(list(reversed(walk))) == 0
    assert phones.own([(LON + 0.001, LAT, now - 50 + 0.7)]) == 0  # the same second
    assert phones.of(phones.worker, walk[50:]) == 0
    assert phones.place(phones.worker) == (LON, LAT + 99 * METRE, now - 1)


def test_what_comes_late_fills_the_track_and_moves_nobody(phones: Phones) -> None:
    now = phones.now()
    phones.own([(LON, LAT, now)])
    assert phones.own([(LON, LAT + n * METRE, now - 3600 + 10 * n) for n in range(300)]) == 300
    assert phones.place(phones.worker) == (LON, LAT, now)
    assert [noise for _, noise in phones.track(phones.worker)] == [False] * 301


def test_a_jump_is_kept_as_noise_and_moves_nobody(phones: Phones) -> None:
    now = phones.now()
    phones.own([(LON, LAT, now - 60), (LON, LAT + 20 * METRE, now - 50), (LON + 1, LAT, now - 40),
                (LON, LAT + 40 * METRE, now - 30)])  # fmt: skip
    assert phones.track(phones.worker) == [(now - 60, False), (now - 50, False), (now - 40, True), (now - 30, False)]
    phones.own([(LON, LAT - 1, now - 20)])
    assert phones.place(phones.worker)[2] == now - 30
    assert phones.own([(LON, LAT - 1, now - 20)]) == 0
    late = [(LON, LAT, now - 55), (LON + 2, LAT, now - 54), (LON, LAT, now - 53)]
    phones.own(late)
    assert [noise for at, noise in phones.track(phones.worker) if now - 56 < at < now - 52] == [False, True, False]


def test_three_places_that_agree_are_believed(phones: Phones) -> None:
    """He took a train; or the first fix was the wrong one."""
    now = phones.now()
    phones.own([(LON, LAT, now - 60)])
    phones.own([(LON + 1, LAT, now - 50)])
    phones.own([(LON + 1, LAT + 20 * METRE, now - 40)])
    assert phones.place(phones.worker)[0] == LON
    phones.own([(LON + 1, LAT + 40 * METRE, now - 30)])
    assert phones.place(phones.worker)[0] == LON + 1
    assert [noise for _, noise in phones.track(phones.worker)] == [False, True, True, False]
    phones.own([(LON, LAT, now - 20), (LON - 1, LAT, now - 10), (LON, LAT - 1, now)])  # these do not agree
    assert phones.place(phones.worker)[0] == LON + 1


def test_who_walks_patrols_and_who_stands_does_not(phones: Phones, shared_town: Town) -> None:
    now = phones.now()
    count = "select on_duty, patrolling, total from cc.workers_now()"

    def counted(login: str) -> tuple[int, ...]:
        with shared_town.psql(login).cursor() as cursor:
            cursor.execute(count)
            return tuple(cursor.fetchone() or ())

    assert counted("supervisor") == (0, 0, 3)
    phones.own([(LON, LAT + n * METRE, now - 1500 + 10 * n) for n in range(100)])
    assert counted("screen") == (1, 1, 3)
    phones.own([(LON, LAT + (99 + n % 2) * METRE, now - 490 + n) for n in range(200)])
    assert counted("screen") == (1, 1, 3)
    phones.forget()
    phones.own([(LON, LAT + (n % 20) * METRE, now - 1500 + 10 * n) for n in range(150)])
    assert counted("screen") == (1, 0, 3)
    assert counted("leader_b") == (0, 0, 1)
    assert counted("cg") == (0, 0, 0)
    phones.hands.sql("update cc.worker_position set at = at - interval '31 minutes'")
    assert counted("screen") == (0, 0, 3)


# ---------------------------------------------------------------- the feed
def test_the_feed_names_a_street_once_in_three_seconds(phones: Phones, shared_town: Town) -> None:
    now, street = phones.now(), shared_town.org("A")
    for n in range(20):
        phones.own([(LON, LAT, now - 100 + n)])
        phones.of(phones.mate, [(LON, LAT, now - 100 + n)])
    phones.of(phones.far, [(*IN_B1, now)])
    assert phones.told() == [street, shared_town.org("B")]
    phones.hands.sql("update cc.feed set at = at - interval '3 s' where kind = 'position'")
    phones.own([(LON, LAT, now)])
    assert phones.told().count(street) == 2
    phones.own([(LON, LAT, now)])
    assert phones.told().count(street) == 2


def test_the_duty_tells_what_the_feed_held_back(phones: Phones, shared_town: Town) -> None:
    now, street = phones.now(), shared_town.org("A")
    for n in range(2):
        phones.own([(LON, LAT, now - n)])
    assert phones.hands.sql("select cc.tell_late()") == 0  # within three seconds
    phones.own([(LON, LAT, now - 2)])
    phones.hands.sql("update cc.feed set at = at - interval '4 s' where kind = 'position'")
    assert phones.hands.sql("select cc.tell_late()") == 1
    assert phones.hands.sql("select cc.tell_late()") == 0
    assert phones.told() == [street, street]
    assert phones.hands.sql("select cc.run_duty()")["positions_told"] == 0


def test_nobody_waits_for_another_workers_open_report(phones: Phones, shared_town: Town) -> None:
    now = phones.now()
    clerk = shared_town.psql("grid_a1")
    with clerk.cursor() as cursor:
        cursor.execute("begin")
        cursor.execute("select cc.report_position(%s, %s, to_timestamp(%s))", (LON, LAT, now))
        phones.hands.sql("set lock_timeout = '1ms'")
        try:
            assert phones.of(phones.mate, [(LON, LAT, now)]) == 1  # the same street
            assert phones.of(phones.far, [(*IN_B1, now)]) == 1
            assert phones.told()[0] == shared_town.org("A")
        finally:
            phones.hands.sql("reset lock_timeout")
            cursor.execute("rollback")


def test_a_position_wakes_no_client_and_reaches_it_all_the_same(phones: Phones, shared_town: Town) -> None:
    """200 clients would else be woken all day long, and a case would wait for the tokens that positions took."""
    phones.hands.sql("select setval('cc.wake_ms', 1)")
    phones.own([(LON, LAT, phones.now())])
    assert phones.hands.sql("select last_value from cc.wake_ms") == 1
    batches: list[FeedBatch] = []
    ready, told = threading.Event(), threading.Event()

    def heard(batch: FeedBatch) -> None:
        batches.append(batch)
        if batch.positions:
            told.set()

    feed = shared_town.session("dispatcher").feed
    feed.start(heard, lambda state: None, ready.set)
    try:
        assert ready.wait(30)
        phones.hands.sql("delete from cc.feed where kind = 'position'")
        phones.own([(LON, LAT, phones.now() - 5)])
        assert told.wait(30)
    finally:
        feed.stop()
    assert [set(b.positions) for b in batches if b.positions] == [{shared_town.org("A")}]


# ---------------------------------------------------------------- kept for ninety days
def test_tracks_older_than_ninety_days_are_dropped_by_the_duty(phones: Phones) -> None:
    hands = phones.hands
    today = hands.sql("select (cc.city_now() at time zone 'Asia/Shanghai')::date")
    for back in (95, 91, 90):
        hands.sql("set role cc_owner")
        hands.sql(
            "select cc.add_partition('patrol_track', 'patrol_track_' || to_char(%s::date - %s, 'YYYYMMDD'),"
            " (%s::date - %s)::timestamptz::text, (%s::date - %s + 1)::timestamptz::text)",
            today, back, today, back, today, back,
        )  # fmt: skip
        hands.sql("reset role")
    done = hands.sql("select cc.run_duty()")
    assert done["tracks_dropped"] == 2 and "failed" not in done
    left = hands.sql("select min(c.relname) from pg_inherits i join pg_class c on c.oid = i.inhrelid"
                     " where i.inhparent = 'cc.patrol_track'::regclass")  # fmt: skip
    assert left == f"patrol_track_{hands.sql('select to_char(%s::date - 90, %s)', today, 'YYYYMMDD')}"
    assert phones.own([(LON, LAT, phones.now())]) == 1


def test_an_empty_or_endless_batch_is_refused(phones: Phones) -> None:
    now = phones.now()
    for points in ([], [(LON, LAT, now - n) for n in range(501)]):
        with pytest.raises(InvalidInput, match="1 至 500"):
            phones.own(points)
    assert phones.own([(LON, LAT, now - n) for n in range(500)]) == 500
