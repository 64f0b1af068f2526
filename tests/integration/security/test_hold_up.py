"""What one clerk with psql can hold up: no more than his own work. Attacks on what all sessions share."""

import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg2
import pytest

from tests.integration.security.conftest import Cases, Psql
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town

pytestmark = pytest.mark.database
Open = Callable[[str], Psql]
ENDED = (psycopg2.errors.AdminShutdown, psycopg2.OperationalError)
NOTE = "select cc.act(gen_random_uuid(), %s, 1, 'note', '{\"text\": \"x\"}')"
FLOOD = "select count(pg_notify('junk', repeat('x', 7900) || g)) from generate_series(1, %s) g"


@contextmanager
def _busy(clerk: Psql, statement: str) -> Iterator[list[psycopg2.Error]]:
    """Run it in a thread, whose error is put into the list."""
    errors: list[psycopg2.Error] = []

    def run() -> None:
        try:
            clerk(statement)
        except psycopg2.Error as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield errors
    finally:
        thread.join(timeout=120)
        assert not thread.is_alive()


@pytest.mark.parametrize("order", ["before the change", "after the change"])
def test_nobody_claims_a_wake_up_that_he_then_does_not_send(order: str, town: Town) -> None:
    """SET CONSTRAINTS runs the deferred trigger at once; with ROLLBACK after it the city would sleep."""
    hands, clerk = Hands(town), Psql(town.psql("cg"))
    case = Paths(hands).to("in_progress")
    before = hands.sql("select last_value from cc.wake_ms")
    hands.sql("select setval('cc.wake_ms', 1)")
    steps = ["set constraints all immediate", f"select cc.look_at({case})"]
    clerk("begin")
    for step in steps if order == "before the change" else reversed(steps):
        clerk(step)
    clerk("rollback")
    assert hands.sql("select last_value from cc.wake_ms") == 1
    hands.act("cg", case, "note", text="x")
    assert hands.sql("select last_value from cc.wake_ms") > before - 1000


@pytest.mark.parametrize("function", ["give_up_command", "command_outcome"])
def test_one_clerk_does_not_fill_the_lock_table(function: str, psql: Open, hands: Hands, cases: Cases) -> None:
    clerk = psql("cg")
    clerk("begin")
    clerk(f"select count(cc.{function}(gen_random_uuid())) from generate_series(1, 5000)")
    held = hands.sql("select count(*) from pg_locks where pid = %s", clerk.connection.info.backend_pid)
    clerk("rollback")
    assert held < 1500  # 1024 commands, and the tables


def test_many_commands_in_one_transaction_do_not_fill_the_lock_table(psql: Open, hands: Hands, cases: Cases) -> None:
    clerk = psql("cg")
    clerk("begin")
    for _ in range(3):
        clerk(f"select count({NOTE.removeprefix('select ')}) from generate_series(1, 700)", cases.in_a)
    held = hands.sql("select count(*) from pg_locks where pid = %s", clerk.connection.info.backend_pid)
    clerk("rollback")
    assert held < 1500  # 1024 commands, and the tables


@pytest.mark.timing
def test_a_flood_of_notifications_stops_nobodys_commit(town: Town) -> None:
    """All who notify wait for one lock at commit: without a look at it first nearly every command timed out here."""
    hands, worker = Hands(town), Psql(town.psql("acceptor"))
    case = hands.report()
    stop, refused = threading.Event(), 0

    def flood(login: str) -> None:
        clerk = Psql(town.psql(login))
        while not stop.is_set():
            clerk(FLOOD, 20_000)

    flooders = [threading.Thread(target=flood, args=(login,)) for login in ("cg", "ga", "sw", "cg", "ga", "sw")]
    for flooder in flooders:
        flooder.start()
    worker("set lock_timeout = '1s'")
    try:
        for _ in range(15):
            try:
                worker("select pg_sleep(0.25)")  # so that a wake-up is due
                worker(NOTE, case)
            except psycopg2.errors.LockNotAvailable:
                refused += 1
    finally:
        stop.set()
        for flooder in flooders:
            flooder.join(timeout=120)
    assert refused <= 3
    assert hands.events(case).count("note") == 15 - refused


def test_who_keeps_the_queue_of_notifications_from_being_emptied_is_put_out(town: Town) -> None:
    hands = Hands(town)
    holder, flooder = Psql(town.psql("cg")), Psql(town.psql("ga"))
    holder("listen junk")
    with _busy(holder, "select pg_sleep(30)") as errors:
        while not hands.sql(
            "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()"
        ):
            pass
        flooder(FLOOD, 15_000)
        assert hands.sql("select pg_notification_queue_usage()") > 0.01
        while not errors and not hands.sql("select cc.reap_sessions('20 s')"):
            hands.sql("select pg_sleep(0.1)")
    assert isinstance(errors[0], ENDED)


def test_who_holds_what_he_wrote_is_put_out_though_never_idle(town: Town) -> None:
    hands, holder, worker = Hands(town), Psql(town.psql("cg")), Psql(town.psql("supervisor"))
    case = Paths(hands).to("in_progress")
    holder("begin")
    holder(NOTE, case)
    worker("set lock_timeout = '100ms'")
    assert worker.refused(NOTE, case).pgcode == "55P03"
    with _busy(holder, "select pg_sleep(60)") as errors:
        while not hands.sql("select cc.reap_sessions('3 s')"):
            hands.sql("select pg_sleep(0.1)")
    assert isinstance(errors[0], ENDED)
    worker(NOTE, case)
    assert hands.events(case).count("note") == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit is the kernel's")
def test_a_query_that_eats_memory_fails_alone(psql: Open, hands: Hands, cases: Cases) -> None:
    eater, other = psql("sw"), psql("cg")
    eater("set work_mem = '1TB'")
    assert eater.refused("select array_agg(g) from generate_series(1, 400000000) g").pgcode == "53200"
    assert eater.one("select 1") == 1
    eater("reset work_mem")
    assert other.one("select count(*) from cc.cases where id = %s", cases.in_a) == 1


def test_a_query_that_eats_the_disk_fails_alone(town: Town) -> None:
    hands = Hands(town)
    assert Psql(town.psql("sw")).one("select current_setting('temp_file_limit')") == "2GB"
    hands.sql(f"alter database {town.url.rsplit('/', 1)[1]} set temp_file_limit = '1MB'")
    eater = Psql(town.psql("sw"))
    eater("set work_mem = '64kB'")
    error = eater.refused("select count(*) from (select md5(g::text) m from generate_series(1, 100000) g order by m) x")
    assert error.pgcode == "53400"
    assert eater.refused("set temp_file_limit = '10GB'").pgcode == "42501"
    held = eater.refused("declare c cursor with hold for select repeat('x', 500) from generate_series(1, 20000)")
    assert held.pgcode == "53400"


def test_a_login_has_twelve_connections_and_takes_none_from_others(town: Town, newcomer: str) -> None:
    mine = [town.psql(newcomer) for _ in range(12)]
    with pytest.raises(psycopg2.OperationalError, match="too many connections for role"):
        town.psql(newcomer, patience_s=0)
    assert Psql(town.psql("cg")).one("select 1") == 1
    for connection in mine:
        connection.close()


def test_words_and_places_cannot_be_found_by_estimates(town: Town) -> None:
    """EXPLAIN would tell how many hidden rows are below any value: a search letter by letter."""
    hands, clerk = Hands(town), Psql(town.psql("sw"))
    for letter in "abcdefghijklmnopqrstuvwxyz":
        hands.report(description=f"{letter} 张三丰 1391234567{letter}", lon=116.0225)
    hands.sql("analyze")

    def estimates(table: str, column: str, values: list[object]) -> set[int]:
        explain = f"explain (format json) select * from cc.{table} where {column} < %s"
        return {clerk.one(explain, value)[0]["Plan"]["Plan Rows"] for value in values}

    assert clerk("select * from cc.case_detail") == []
    for column in ("description", "summary", "address"):
        assert len(estimates("case_detail", column, ["a", "c", "m 张", "x", "zz"])) == 1, column
    assert len(estimates("cases", "lon", [100.0, 116.0, 116.0225, 116.03, 130.0])) == 1


def test_a_partition_made_later_keeps_its_words_out_of_the_statistics_too(hands: Hands) -> None:
    measured = (
        "select count(*) from pg_attribute where attrelid = 'cc.case_detail_203206'::regclass"
        " and attname in ('description', 'summary', 'address', 'source_no', 'result')"
        " and attstattarget is distinct from 0"
    )
    with hands.trying():
        hands.sql("set local role cc_owner")
        hands.sql("select cc.ensure_month('2032-06-01')")
        assert hands.sql(measured) == 0


def test_a_command_id_is_claimed_by_whom_it_came_from_first(psql: Open, hands: Hands, cases: Cases) -> None:
    """A colleague cannot hold a command back by claiming its id in a transaction that stays open: locks are his own."""
    command = str(uuid.uuid4())
    thief = psql("ga")
    thief("begin")
    thief("select cc.give_up_command(%s)", command)
    thief("rollback")
    answer = psql("cg").one("select cc.act(%s, %s, 1, 'note', '{\"text\": \"x\"}')", command, cases.in_a)
    assert "replayed" not in answer
