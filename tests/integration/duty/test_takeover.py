"""Who does the duty may die or freeze in the middle of a round: another goes on, and nothing is done twice.

The times are those of a program shortened by ten; docs/duty.md tells what the real ones are.
"""

from __future__ import annotations

import random
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import psycopg2
import pytest

from db.engine import dsn, with_login
from tests.integration.duty.counting import assert_counted_once
from tests.support import duty_program
from tests.support.clocks import pass_time
from tests.support.desktop import until
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town
from tests.support.town_profile import password_of

pytestmark = pytest.mark.database

EVERY_S, REST_S = 0.5, 0.4
Start = Callable[[str], subprocess.Popen[bytes]]
IN_A_ROUND = """select pid from pg_stat_activity where datname = current_database() and query like '%%run_duty%%'
  and pid <> pg_backend_pid() and state = 'active' and wait_event_type = 'Lock' and usename = %s"""


@pytest.fixture
def start(town: Town) -> Iterator[Start]:
    """Start a program under a person's login."""
    with ExitStack() as stack:

        def started(login: str, every_s: float = EVERY_S, rest_s: float = REST_S) -> subprocess.Popen[bytes]:
            url = dsn(with_login(town.url, login, password_of(login)))
            program = duty_program.start(url, every_s, rest_s)
            stack.callback(program.wait)
            stack.callback(program.kill)
            return program

        yield started


@pytest.fixture
def held(town: Town) -> Iterator[psycopg2.extensions.connection]:
    """Hold every round in the middle of its work until rolled back."""
    holder = psycopg2.connect(dsn(town.url))
    yield holder
    holder.close()


def _hold(holder: psycopg2.extensions.connection) -> None:
    holder.cursor().execute("lock table cc.seal_queue in access exclusive mode")


def _holder(hands: Hands) -> str:
    return str(hands.sql("select holder from cc.duty_lease"))


def _round_of(hands: Hands, login: str) -> None:
    """Wait for a whole round of his that begins from now on."""
    began = hands.sql("select clock_timestamp()")
    until(lambda: hands.sql("select holder = %s and at > %s from cc.duty_lease", login, began))


@pytest.mark.parametrize("how", ["killed", "frozen"])
def test_a_program_that_ends_in_the_middle_of_a_round_is_followed_by_another(
    how: str, hands: Hands, paths: Paths, start: Start, held: psycopg2.extensions.connection
) -> None:
    first = start("t_cg")
    _round_of(hands, "t_cg")
    _hold(held)
    until(lambda: hands.sql(IN_A_ROUND, "t_cg"))
    first.send_signal(signal.SIGKILL if how == "killed" else signal.SIGSTOP)
    second = start("t_sw")
    case = paths_beside(hands, held)
    _round_of(hands, "t_sw")
    assert second.poll() is None
    until(lambda: hands.sql("select count(*) from cc.seal_leaf where case_id = %s", case))
    assert_counted_once(hands)


def paths_beside(hands: Hands, held: psycopg2.extensions.connection) -> int:
    """Let the held round go on, then work."""
    held.rollback()
    return Paths(hands).to("filed")


def test_a_round_whose_backend_is_ended_leaves_nothing_and_is_done_again(
    hands: Hands, paths: Paths, start: Start, held: psycopg2.extensions.connection
) -> None:
    late = paths.to("reported")
    pass_time(hands, minutes=31)
    _hold(held)
    start("t_cg")
    until(lambda: hands.sql(IN_A_ROUND, "t_cg"))
    hands.sql(f"select pg_terminate_backend(({IN_A_ROUND}))", "t_cg")
    until(lambda: not hands.sql(IN_A_ROUND, "t_cg"))
    assert "overdue" not in hands.events(late)
    held.rollback()
    until(lambda: "overdue" in hands.events(late))
    assert hands.events(late).count("overdue") == 1


def test_idle_desks_are_put_out_and_the_program_that_does_it_never(
    town: Town, hands: Hands, start: Start
) -> None:
    idler, worker = town.psql("supervisor"), town.psql("cg")
    idler.cursor().execute("begin; select count(*) from cc.cases")
    worker.cursor().execute("select 1")
    start("t_sw", 0.05, 0.0)
    _round_of(hands, "t_sw")
    mine = "select array_agg(pid) from pg_stat_activity where application_name = 'commandcenter duty'"
    before = hands.sql(mine)
    hands.sql("select cc.reap_sessions('1 min')")
    assert hands.sql("select count(*) from pg_stat_activity where pid = %s", idler.get_backend_pid()) == 1
    until(lambda: hands.sql("select cc.reap_sessions('0.5 s')"))
    for _ in range(3):
        _round_of(hands, "t_sw")
    assert hands.sql(mine) == before
    with pytest.raises(psycopg2.OperationalError):
        idler.cursor().execute("select 1")
    worker.cursor().execute("select 1")


def test_many_programs_killed_at_random_do_everything_once(town: Town, hands: Hands, start: Start) -> None:
    """Rounds without rest by three programs; after each case one of them, or its backend, is killed."""
    chance = random.Random(7)
    paths = Paths(hands)
    logins = ("t_cg", "t_sw", "t_supervisor")
    programs = {login: start(login, 0.01, 0.0) for login in logins}
    for step in range(24):
        paths.to(chance.choice(("reported", "filed", "in_progress", "suspended", "closed")))
        if step % 4 == 3:
            _later(hands, chance.choice((20, 35, 300)))
        victim = chance.choice(logins)
        if chance.random() < 0.5:
            programs[victim].kill()
            programs[victim] = start(victim, 0.01, 0.0)
        else:
            hands.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = %s"
                      " and application_name = 'commandcenter duty'", victim)  # fmt: skip
    _later(hands, 20 * 24 * 60)
    due = "select count(*) from cc.case_stage where ended_at is null and (not overdue or escalate_at is not null)"
    until(lambda: hands.sql(due) == 0)
    for program in programs.values():
        program.kill()
        program.wait()
    _all_once(hands)
    until(lambda: hands.sql("select cc.run_duty()").get("sealed") == 0)  # a killed program's last round may still run
    _all_once(hands)
    assert_counted_once(hands)
    assert hands.rows("select * from cc.audit_faults()") == []


def _later(hands: Hands, minutes: int) -> None:
    """The city's clock goes on running: each event has an instant of its own."""
    hands.sql("select cc.set_clock(cc.city_now() + make_interval(mins => %s), 1)", minutes)


def _all_once(hands: Hands) -> None:
    """Each stage has at most one 临期, one 超期 and one 催办 of each level; each reminder was made once."""
    marks = """select e.case_id, s.seq, e.action, e.what->>'level', count(*) from cc.case_event e
      join lateral (select max(x.seq) as seq from cc.case_stage x
                    where x.case_id = e.case_id and x.seq < e.seq) s on true
      where e.action in ('near_limit','overdue','escalate') group by 1, 2, 3, 4"""
    found = hands.rows(marks)
    assert len(found) > 20
    assert [row for row in found if row[4] > 1] == []
    marked = hands.sql("select count(*) from cc.case_stage where overdue and ended_at is null")
    running = hands.sql("select count(*) from cc.case_event e join cc.case_stage s on s.case_id = e.case_id"
                        " and s.ended_at is null and s.seq < e.seq and e.action = 'overdue'")  # fmt: skip
    assert marked == running > 0
    twice = "select 1 from cc.notice group by case_id, stage_seq, kind, to_role, to_org, words having count(*) > 1"
    assert hands.rows(twice) == []
    assert hands.sql("select count(*) from cc.notice") > 0
