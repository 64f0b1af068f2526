"""The live feed: nothing missed, nothing twice, only one's own, through throttle, held transactions and lost lines."""

import json
import random
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import astuple
from typing import Any

import psycopg2
import pytest
from psycopg2.extensions import connection as PgConnection  # noqa: N812 - a class with a lower-case name

from commandcenter.domain.model import CaseRow
from db.feed import _FETCH
from tests.integration.feed.conftest import Listener
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town

pytestmark = pytest.mark.database
Listen = Callable[[str], Listener]
WRITERS = 6
# Everybody who may report. Commands of one person may wait for each other: a login has few locks for them (ADR 036).
REPORTERS = ("acceptor", "grid_worker", "channel", "supervisor")
FEEDS = "from pg_stat_activity where application_name = 'commandcenter feed' and datname = current_database()"


def _report(connection: PgConnection) -> int:
    given = {"channel": "patrol", "description": "路面积水", "lon": 116.0025, "lat": 40.0025}
    with connection.cursor() as cursor:
        cursor.execute("select cc.report_case(%s, %s) ->> 'case_id'", (str(uuid.uuid4()), json.dumps(given)))
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def _writer(town: Town, who: str = "acceptor") -> PgConnection:
    connection = town.psql(who)
    connection.autocommit = False
    return connection


class Cursor:
    """The previous-snapshot cursor by hand: one statement a step."""

    def __init__(self, connection: PgConnection) -> None:
        self._connection = connection
        self._previous = self._one("select pg_current_snapshot()::text")[0]
        self.seen: Counter[int] = Counter()

    def step(self) -> None:
        row = self._one(_FETCH, {"prev": self._previous})
        self._previous = row[0]
        self.seen.update(row[5] or [])

    def _one(self, statement: str, values: dict[str, str] | None = None) -> tuple:  # type: ignore[type-arg]
        with self._connection.cursor() as cursor:
            cursor.execute(statement, values)
            found = cursor.fetchone()
        assert found is not None
        return found


@pytest.mark.parametrize("seed", range(3))
def test_the_previous_snapshot_misses_none_and_repeats_none_in_any_order_of_commits(seed: int, town: Town) -> None:
    dice = random.Random(seed)
    writers = [_writer(town, who) for who in REPORTERS]
    reader = Cursor(town.psql("evaluator"))
    held: dict[int, int] = {}
    committed: set[int] = set()
    for step in range(150):
        who = dice.randrange(len(writers))
        if who not in held:
            held[who] = _report(writers[who])
        elif dice.random() < 0.15:
            held.pop(who)
            writers[who].rollback()
        else:
            writers[who].commit()
            committed.add(held.pop(who))
        if step % dice.randint(1, 4) == 0:
            reader.step()
    for who, case in held.items():
        writers[who].commit()
        committed.add(case)
    reader.step()
    reader.step()
    assert reader.seen == Counter(committed)


def test_six_writers_at_once_with_transactions_held_open_reach_a_listener_once_each(town: Town, listen: Listen) -> None:
    listener = listen("evaluator")
    committed: list[int] = []
    turn = threading.Semaphore(WRITERS // 2)

    def write(seed: int) -> None:
        dice, connection = random.Random(seed), _writer(town)
        for _ in range(12):
            case = _report(connection)
            with turn:  # the others wait here, their transactions open
                if dice.random() < 0.5:
                    connection.cursor().execute("select pg_sleep(0.01)")
            connection.commit()
            committed.append(case)

    threads = [threading.Thread(target=write, args=(seed,)) for seed in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(committed) == WRITERS * 12
    listener.until(lambda: set(listener.cases) >= set(committed))
    assert listener.cases == Counter(committed)


def test_a_clerk_is_woken_for_his_own_cases_only(town: Town, listen: Listen) -> None:
    hands = Hands(town)
    paths = Paths(hands)
    unit, street = listen("cg"), listen("street_b")
    mine = paths.to("dispatched")
    theirs = hands.report(lon=116.0225)
    again = paths.to("dispatched")
    unit.until(lambda: again in unit.cases)
    street.until(lambda: theirs in street.cases)
    assert set(unit.cases) == {mine, again}
    assert set(street.cases) == {theirs}


def test_a_case_that_leaves_my_scope_reaches_me_as_an_id_that_i_can_no_longer_read(town: Town, listen: Listen) -> None:
    hands = Hands(town)
    case = Paths(hands).to("dispatched")
    session = town.session("cg")
    listener = listen("cg")
    assert session.queries.cases([case])
    hands.act("cg", case, "return_case", reason="不属于本单位", legal_basis="三定方案")
    listener.until(lambda: case in listener.cases)
    assert session.queries.cases([case]) == []


def test_who_looks_at_a_case_is_told_to_those_who_see_it(town: Town, listen: Listen) -> None:
    hands = Hands(town)
    case = Paths(hands).to("dispatched")
    unit, stranger = listen("cg"), listen("ga")
    commands = town.session("verifier").commands
    commands.look_at(case)
    unit.until(lambda: case in unit.presence)
    assert town.session("cg").queries.viewers(case) == [town.session("verifier").person.id]
    seen = unit.presence[case]
    commands.look_at(None)
    unit.until(lambda: unit.presence[case] > seen)
    assert town.session("cg").queries.viewers(case) == []
    assert not stranger.presence


def test_a_new_catalogue_is_told_to_everybody(town: Town, listen: Listen) -> None:
    hands = Hands(town)
    listener = listen("cg")
    item = {
        "code": "1", "kind": "event", "domain": "d", "major": "m", "minor": "n", "name": "新小类", "danger": 1,
        "visibility": 1, "disorder": 1, "urgent": False, "grade": "clear", "line": "城管委", "fallback": "street",
        "filing_condition": "", "closing_standard": "", "return_window_minutes": 60, "photo_required": False,
        "sample": True, "limits": [],
    }  # fmt: skip
    hands.as_person("admin", "select cc.load_catalogue('test', %s)", json.dumps([item]))
    listener.until(lambda: any(batch.catalogue for batch in listener.batches))
    assert "新小类" in {i.name for i in town.session("cg").reload_directory().items.values()}


def _notifies_during(town: Town, deeds: Callable[[], None]) -> tuple[int, float]:
    """How many wake-ups came while something was done, and how long that took by the server's clock, in seconds."""
    ear = town.psql("sw")
    ear.cursor().execute("listen cc_feed")
    hands = Hands(town)
    began = hands.sql("select clock_timestamp()")
    deeds()
    took = (hands.sql("select clock_timestamp()") - began).total_seconds()
    ear.cursor().execute("select 1")
    ear.poll()
    return len(ear.notifies), took


def test_a_burst_wakes_three_times_at_once_and_then_at_most_five_times_a_second(town: Town) -> None:
    hands = Hands(town)

    def burst() -> None:
        for _ in range(150):
            hands.report()

    count, took = _notifies_during(town, burst)
    assert 1 <= count <= took / 0.2 + 3


def test_a_transaction_of_many_changes_wakes_once(town: Town) -> None:
    connection = _writer(town)

    def deeds() -> None:
        for _ in range(5):
            _report(connection)
        connection.commit()

    assert _notifies_during(town, deeds)[0] == 1
    assert town.scalar("select last_value - extract(epoch from clock_timestamp()) * 1000 <= 200 from cc.wake_ms")


def test_a_transaction_held_open_does_not_swallow_the_wake_up_of_others(town: Town) -> None:
    hands, holder = Hands(town), _writer(town)

    def deeds() -> None:
        _report(holder)  # would have claimed the window, had it been claimed at once
        hands.report()

    assert _notifies_during(town, deeds)[0] == 1
    holder.rollback()


def test_a_server_clock_that_was_set_back_does_not_put_everybody_to_sleep(town: Town) -> None:
    hands = Hands(town)
    hands.sql("select setval('cc.wake_ms', (extract(epoch from clock_timestamp()) * 1000)::bigint + 3600000)")
    assert _notifies_during(town, lambda: hands.report() and None)[0] == 1


def test_a_new_epoch_asks_for_everything_anew(town: Town, listen: Listen) -> None:
    hands = Hands(town)
    listener = listen("evaluator")
    assert listener.resyncs == 1
    hands.sql("update cc.feed_epoch set epoch = gen_random_uuid()")
    hands.report()
    listener.until(lambda: listener.resyncs == 2)
    listener.until(lambda: listener.kinds()[-1] == "live")
    assert "catching_up" in listener.kinds()
    case = hands.report()
    listener.until(lambda: case in listener.cases)
    assert listener.resyncs == 2


def test_a_lost_connection_is_said_and_nothing_is_missed(town: Town, listen: Listen) -> None:
    hands = Hands(town)
    listener = listen("evaluator")
    hands.sql(f"select count(pg_terminate_backend(pid)) {FEEDS}")
    listener.until(lambda: "disconnected" in listener.kinds())
    assert next(s.reason for s in listener.states if s.kind == "disconnected")
    meanwhile = hands.report()
    listener.until(lambda: listener.kinds()[-1] == "live" and listener.resyncs == 2)
    # After a resync the receiver loads the open set: what happened meanwhile is in it.
    assert meanwhile in {row.id for part in town.session("evaluator").queries.open_cases() for row in part}
    later = hands.report()
    listener.until(lambda: later in listener.cases)
    assert all(count == 1 for count in listener.cases.values())


def test_a_bug_in_a_screen_does_not_leave_a_dead_feed_that_looks_alive(
    town: Town, listen: Listen, caplog: pytest.LogCaptureFixture
) -> None:
    hands = Hands(town)
    listener = listen("evaluator")
    listener.fails_next = True
    hands.report()
    listener.until(lambda: "disconnected" in listener.kinds())
    listener.until(lambda: listener.kinds()[-1] == "live" and listener.resyncs == 2)
    assert "feed failed" in caplog.text


def test_a_person_disabled_meanwhile_is_told_so(town: Town, listen: Listen) -> None:
    hands = Hands(town)
    listener = listen("cg")
    hands.sql("update cc.operator set active = false where login = 't_cg'")
    hands.report()
    listener.until(lambda: listener.states[-1].kind == "disconnected" and "停用" in listener.states[-1].reason)


def test_a_flood_of_wake_ups_is_answered_at_our_own_pace(town: Town, listen: Listen) -> None:
    """Anybody who may connect may NOTIFY."""
    hands = Hands(town)
    listener = listen("evaluator")
    fetched = len(listener.batches)
    began = hands.sql("select clock_timestamp()")
    clerk = town.psql("sw")
    for _ in range(500):
        clerk.cursor().execute("notify cc_feed")
    case = hands.report()
    listener.until(lambda: case in listener.cases)
    took = (hands.sql("select clock_timestamp()") - began).total_seconds()
    assert len(listener.batches) - fetched <= took / 0.05 + 2


def test_stopping_leaves_no_thread_and_no_connection(town: Town) -> None:
    listener = Listener(town.session("evaluator").feed)
    listener.start()
    assert any(thread.name == "commandcenter-feed" for thread in threading.enumerate())
    listener.feed.stop()
    listener.feed.stop()
    assert not any(thread.name == "commandcenter-feed" for thread in threading.enumerate())
    hands = Hands(town)
    while hands.sql(f"select count(*) {FEEDS}"):  # a backend takes a moment to go
        hands.sql("select pg_sleep(0.01)")


def test_a_feed_of_somebody_without_a_server_says_so_and_stops_at_once(town: Town) -> None:
    from db.engine import normalised
    from db.feed import PgFeed

    listener = Listener(PgFeed(normalised(town.url).set(port=1)))
    listener.feed.start(listener._batch, listener._state, listener._resync)
    listener.until(lambda: "disconnected" in listener.kinds())
    listener.feed.stop()
    assert not any(thread.name == "commandcenter-feed" for thread in threading.enumerate())


def test_nobody_writes_into_the_feed(town: Town) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        town.psql("supervisor").cursor().execute(
            "insert into cc.feed (kind, entity_id, district_id) values ('case', 1, 1)"
        )


def test_a_change_that_commits_during_a_fetch_is_known_without_another_wake_up(
    town: Town, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server puts such a wake-up into the answer of the fetch; nothing else would tell: no look, no heartbeat."""
    monkeypatch.setattr("db.feed.TRAILING_S", 3600.0)
    monkeypatch.setattr("db.feed.HEARTBEAT_S", 3600.0)
    listener = listen("evaluator")
    slow = _FETCH.replace("*", "f.*") + " f cross join lateral (select pg_sleep(1)) s"
    monkeypatch.setattr("db.feed._FETCH", slow)
    connection = town.psql("acceptor")
    first = _report(connection)
    while not town.scalar(f"select exists (select {FEEDS} and wait_event = 'PgSleep'), pg_sleep(0.01)"):
        assert first not in listener.cases
    second = _report(connection)
    listener.until(lambda: {first, second} <= set(listener.cases))
    assert listener.cases == Counter([first, second])


def _told(listener: Listener, case: int) -> list[CaseRow]:
    """What came with the news of a case."""
    return [row for batch in listener.batches for row in batch.rows if row.id == case]


def test_the_rows_of_changed_cases_come_with_the_news_as_they_would_be_read(town: Town, listen: Listen) -> None:
    hands = Hands(town)
    listener = listen("dispatcher")
    case = Paths(hands).to("suspended")
    read = town.session("dispatcher").queries
    listener.until(lambda: _told(listener, case)[-1:] == read.cases([case]))
    assert _types(_told(listener, case)[-1]) == _types(read.cases([case])[0])


def _types(row: CaseRow) -> list[type]:
    return [type(value) for value in astuple(row)]


def test_a_case_named_by_its_words_is_left_to_be_asked_for(town: Town, listen: Listen) -> None:
    listener = listen("evaluator")
    case = Hands(town).report()
    listener.until(lambda: case in listener.cases)
    assert _told(listener, case) == []


def test_nobody_is_told_rows_that_he_does_not_see(town: Town, listen: Listen) -> None:
    hands = Hands(town)
    mine, case = listen("cg"), Paths(hands).to("dispatched")
    mine.until(lambda: bool(_told(mine, case)))
    hands.act("cg", case, "return_case", reason="不属于本单位", legal_basis="三定方案")
    mine.until(lambda: mine.cases[case] > 1)
    assert {row.state for row in _told(mine, case)} == {"dispatched"}
    both = [hands.report(lon=116.0225), case]
    people = ("street_a", "street_b", "cg")
    seen = {login: hands.as_person(login, "select cc.changed_rows(%s)", both) for login in people}
    assert [row["id"] for row in seen["street_a"]] == [case]
    assert [row["id"] for row in seen["street_b"]] == [both[0]]
    assert seen["cg"] is None


def test_of_too_many_cases_no_rows_are_told(town: Town) -> None:
    hands = Hands(town)
    case = hands.report()
    assert len(hands.as_person("evaluator", "select cc.changed_rows(%s)", [case] * 50)) == 50
    assert hands.as_person("evaluator", "select cc.changed_rows(%s)", [case] * 51) is None


def test_rows_and_snapshot_are_of_one_moment(town: Town) -> None:
    """A row newer than the snapshot would do no harm; an older one would never be told again."""
    hands = Hands(town)
    case = Paths(hands).to("filed")
    clerk, before = town.psql("evaluator"), hands.sql("select pg_current_snapshot()::text")
    hands.act("dispatcher", case, "dispatch", unit_id=hands.org("D-CG"))
    told: list[tuple[Any, ...]] = []
    late = """select f.snapshot, f.rows from (select pg_sleep(1) as slept offset 0) s,
      lateral cc.feed_since(case when s.slept is not null then %s::pg_snapshot end) f"""
    asking = threading.Thread(target=lambda: told.append(_one(clerk, late, before)))
    asking.start()
    while not hands.sql("select exists (select from pg_stat_activity where wait_event = 'PgSleep'), pg_sleep(0.01)"):
        assert asking.is_alive()
    version = hands.version(case)
    hands.act("dispatcher", case, "undo_dispatch")
    asking.join()
    snapshot, rows = told[0]
    assert [row["version"] for row in rows] == [version]
    again = _one(clerk, "select rows from cc.feed_since(%s::pg_snapshot)", snapshot)[0]
    assert [row["version"] for row in again] == [hands.version(case)] != [version]


def _one(connection: PgConnection, statement: str, *values: Any) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchone()
    assert found is not None
    return found
