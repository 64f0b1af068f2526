"""A replica that is late, dead, frozen or interrupted; a primary that is dead: what the reports say then."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text

from commandcenter.domain.errors import Busy, ServerUnavailable
from commandcenter.ports import ReaderState
from db import embedded, reader
from db.embedded import Server
from db.errors import translated
from db.gateways.case_queries import PgCaseQueries
from db.reader import Reader, ReaderRules
from tests.integration.reader.conftest import home_of
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.standby import Standby, allow_replication, ask, kill_server, until
from tests.support.town import TEMPLATE, Town

pytestmark = pytest.mark.database

Make = Callable[..., Reader]


def closed(engine: Engine) -> set[int]:
    """The report that these tests ask for."""
    return {row.id for row in PgCaseQueries(engine).closed_cases(None, 100)}


def asked(one: Reader, question: Callable[[Engine], Any] = closed) -> tuple[Any, ReaderState]:
    """The answer and where it came from."""
    answer = one.answer(question)
    assert one.state is not None
    return answer, one.state


def now(capital: Town) -> float:
    return float(capital.scalar("select extract(epoch from clock_timestamp())"))


def caught_up(one: Reader, since: float) -> bool:
    state = asked(one)[1]
    return state.source == "replica" and state.behind_s == 0.0 and state.as_of >= since


def test_in_step_it_answers_with_all_there_is(capital: Town, standby: Standby, make_reader: Make) -> None:
    one = make_reader(standby.url(TEMPLATE))
    case, done = Paths(Hands(capital)).to("closed"), now(capital)
    standby.catch_up()
    answer, state = asked(one)
    assert case in answer
    assert (state.source, state.alone, state.reason) == ("replica", False, "")
    until(lambda: caught_up(one, done), "in step")


def test_when_nothing_is_written_the_age_of_the_last_commit_is_no_lag(standby: Standby, make_reader: Make) -> None:
    one = make_reader(standby.url(TEMPLATE))
    last = standby.ask("select extract(epoch from pg_last_xact_replay_timestamp())::float8")
    until(lambda: caught_up(one, float(last) + 1.0), "newer than the last commit")


def test_behind_it_says_until_when_its_data_go(capital: Town, standby: Standby, make_reader: Make) -> None:
    one = make_reader(standby.url(TEMPLATE))
    standby.catch_up()
    asked(one)
    with standby.paused():
        case, done = Paths(Hands(capital)).to("closed"), now(capital)
        answer, state = asked(one)
        assert case not in answer
        assert state.source == "replica" and not state.alone
        assert state.as_of < done and state.behind_s > 0.0
        later, stays = asked(one)
        assert case not in later and stays.as_of == state.as_of and stays.behind_s > state.behind_s
    assert case in asked(one)[0]
    until(lambda: caught_up(one, done), "in step again")


def test_beyond_the_limit_the_primary_answers_until_it_has_caught_up(
    capital: Town, standby: Standby, make_reader: Make
) -> None:
    one = make_reader(standby.url(TEMPLATE), rules=ReaderRules(lag_limit_s=0.0, retry_s=(60,)))
    standby.catch_up()
    with standby.paused():
        case = Paths(Hands(capital)).to("closed")
        answer, state = asked(one)
        assert case in answer
        assert state.source == "primary" and "落后超过 0 秒" in state.reason
    # Lateness is judged anew at every report, without a pause.
    until(lambda: asked(one)[1].source == "replica", "asked again")


def test_killed_the_primary_answers_and_the_replica_again_when_it_is_back(
    capital: Town, standby: Standby, make_reader: Make
) -> None:
    one = make_reader(standby.url(TEMPLATE))
    assert asked(one)[1].source == "replica"
    standby.kill()
    case = Paths(Hands(capital)).to("closed")
    answer, state = asked(one)
    assert case in answer
    assert state.source == "primary" and f"{standby.port} 连不上或没有回答" in state.reason
    standby.start()
    standby.catch_up()
    until(lambda: asked(one)[1].source == "replica", "asked again")
    assert case in asked(one)[0]


def test_a_dead_one_is_left_alone_for_a_while(standby: Standby, make_reader: Make) -> None:
    one = make_reader(standby.url(TEMPLATE), rules=ReaderRules(lag_limit_s=60, retry_s=(3600,)))
    standby.kill()
    first = asked(one)[1]
    standby.start()
    assert asked(one)[1] == first  # it would answer; nobody tries yet


def test_frozen_it_holds_nobody_up_for_long(
    standby: Standby, make_reader: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_PROBE_S", 0.5)
    one = make_reader(standby.url(TEMPLATE))
    assert asked(one)[1].source == "replica"
    standby.freeze()
    try:
        answer, state = asked(one)
        assert answer and state.source == "primary" and "没有回答" in state.reason
    finally:
        standby.thaw()
    until(lambda: asked(one)[1].source == "replica", "asked again")


def slow_there(engine: Engine) -> int:
    """Takes long on a replica only."""
    with translated(), engine.connect() as connection:
        return int(connection.execute(text(
            "select count(*) from cc.cases where not pg_is_in_recovery() or pg_sleep(120) is null"
        )).scalar_one())  # fmt: skip


def test_a_query_cancelled_by_the_replay_is_asked_of_the_primary(
    capital: Town, primary: Server, make_reader: Make
) -> None:
    impatient = Standby(home_of(primary), primary, settings="-c max_standby_streaming_delay=0")
    one = make_reader(impatient.url(TEMPLATE))
    runs = "select count(*) from pg_stat_activity where query like '%pg_sleep(120)%' and pid <> pg_backend_pid()"

    def disturb() -> None:
        until(lambda: impatient.ask(runs) == 1, "the question runs on the replica")
        ask(capital.url, "begin; lock table cc.cases in access exclusive mode; commit")

    disturber = threading.Thread(target=disturb)
    disturber.start()
    try:
        answer, state = asked(one, slow_there)
        assert answer == capital.scalar("select count(*) from cc.cases")
        assert state.source == "primary" and "取消了这次查询" in state.reason
        assert asked(one)[1].source == "replica"  # it is not dead, and is asked at once
    finally:
        disturber.join()
        impatient.remove()


def test_a_question_that_takes_too_long_there_is_not_put_to_the_primary(standby: Standby, make_reader: Make) -> None:
    one = make_reader(standby.url(TEMPLATE))
    seen: list[Engine] = []

    def too_long(engine: Engine) -> int:
        seen.append(engine)
        with translated(), engine.begin() as connection:
            connection.execute(text("set statement_timeout = 200"))
        return slow_there(engine)

    with pytest.raises(Busy):
        one.answer(too_long)
    assert len(seen) == 1


def test_without_the_primary_reports_are_still_read_and_marked(
    capital: Town, primary: Server, standby: Standby, make_reader: Make
) -> None:
    one = make_reader(standby.url(TEMPLATE))
    standby.catch_up()
    before, _ = asked(one)
    capital.stack.close()
    kill_server(primary.data_dir)
    try:
        answer, state = asked(one)
        assert answer == before != set()
        assert (state.source, state.alone) == ("replica", True) and state.reason
        standby.kill()
        with pytest.raises(ServerUnavailable):
            one.answer(closed)
        assert one.state is not None and one.state.source == "none" and "连不上" in one.state.reason
    finally:
        again = embedded.start(home_of(primary), durable=False)
    assert again.port == primary.port
    allow_replication(again)
    standby.start()
    standby.catch_up()
    one._primary_again = 0.0  # the pause before the primary is tried again
    until(lambda: not asked(one)[1].alone and asked(one)[1].source == "replica", "all is well again")
    assert ask(primary.url, "select 1") == 1
