"""A deadline is the database's: no setting, no transaction held open and no client's clock moves it."""

import json
import threading
import uuid
from datetime import timedelta

import psycopg2
import pytest
from psycopg2.extensions import connection as PgConnection  # noqa: N812 - a class with a lower-case name

from tests.support.clocks import beijing, travel
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def town(shared_town: Town) -> Town:
    return shared_town


@pytest.fixture(scope="module")
def hands(town: Town) -> Hands:
    return Hands(town)


@pytest.fixture(scope="module")
def paths(hands: Hands) -> Paths:
    return Paths(hands)


def _act(connection: PgConnection, case: int, version: int, action: str, **args: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select cc.act(%s, %s, %s, %s, %s)", (str(uuid.uuid4()), case, version, action, json.dumps(args))
        )


@pytest.mark.parametrize(
    "setting",
    ["set timezone = 'America/New_York'", "set timezone = 'Pacific/Kiritimati'", "set datestyle = 'SQL, DMY'",
     "set intervalstyle = 'iso_8601'", "set extra_float_digits = -15", "set lc_time = 'C'"],
)  # fmt: skip
def test_no_setting_of_the_session_moves_it(setting: str, town: Town, hands: Hands, paths: Paths) -> None:
    travel(hands, "2026-03-06 18:00")
    case = paths.to("reported")
    hands.act("acceptor", case, "accept", item_id=hands.item("夜间施工噪声"))
    hands.act("acceptor", case, "file")
    hands.act("dispatcher", case, "dispatch", unit_id=hands.org("D-GA"))
    clerk = town.psql("ga")
    clerk.cursor().execute(setting)
    _act(clerk, case, hands.version(case), "receive")
    assert hands.row(case)["deadline"] == beijing("2026-03-09 11:00")


def test_the_reopening_window_does_not_follow_the_daylight_saving_of_a_clerk(
    town: Town, hands: Hands, paths: Paths
) -> None:
    """15 days over the change of the clocks in New York on 8 March 2026 are an hour less there."""
    travel(hands, "2026-03-01 10:00")
    case = paths.to("closed")
    travel(hands, "2026-03-16 10:00")
    clerk = town.psql("followup")
    clerk.cursor().execute("set timezone = 'America/New_York'")
    _act(clerk, case, hands.version(case), "reopen", reason="复发")
    assert hands.state(case) == "filed"


def test_a_transaction_held_open_does_not_hold_the_time_back(town: Town, hands: Hands, paths: Paths) -> None:
    travel(hands, "2026-03-02 10:00")
    case = paths.to("dispatched")
    clerk = town.psql("cg")
    clerk.autocommit = False
    with clerk.cursor() as cursor:
        cursor.execute("select now()")
        travel(hands, "2026-03-02 10:20")
    _act(clerk, case, hands.version(case), "receive")
    clerk.commit()
    assert hands.row(case)["deadline"] == beijing("2026-03-02 14:20")
    assert hands.sql("select at from cc.case_event where case_id = %s order by seq desc limit 1", case) == beijing(
        "2026-03-02 10:20"
    )


def test_an_old_snapshot_may_not_write(town: Town, hands: Hands, paths: Paths) -> None:
    """Under REPEATABLE READ the rules would be judged by a past that the clerk chose."""
    case = paths.to("dispatched")
    clerk = town.psql("cg")
    for level in ("repeatable read", "serializable"):
        with clerk.cursor() as cursor:
            cursor.execute(f"begin isolation level {level}")
            with pytest.raises(psycopg2.Error, match="READ COMMITTED"):
                _act(clerk, case, hands.version(case), "receive")
            cursor.execute("rollback")
    assert hands.state(case) == "dispatched"


def test_who_waits_for_a_row_is_judged_by_the_time_when_he_gets_it(town: Town, hands: Hands, paths: Paths) -> None:
    travel(hands, "2026-03-02 10:00")
    case = paths.to("in_progress")
    version, deadline = hands.version(case), hands.row(case)["deadline"]
    holder = town.psql("supervisor")
    holder.autocommit = False
    _act(holder, case, version, "note", text="占住这一行")
    errors: list[str] = []

    def ask() -> None:
        try:
            _act(town.psql("cg"), case, version, "request_extension", minutes=60, reason="迟了")
        except psycopg2.Error as error:
            errors.append(error.diag.message_primary or "")

    waiter = threading.Thread(target=ask)
    waiter.start()
    _until_somebody_waits(hands)
    travel(hands, deadline + timedelta(seconds=1))
    holder.commit()
    waiter.join(timeout=30)
    assert errors == ["已超期，不能申请延期"]


def _until_somebody_waits(hands: Hands) -> None:
    """Polls the server until a backend of this database waits for a lock; the test's time limit ends it."""
    while not hands.sql(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    ):
        hands.sql("select pg_sleep(0.01)")


@pytest.mark.parametrize("statement", [
    "select cc.set_clock(now(), 1)", "select cc.real_clock()", "update cc.clock set speed = 2",
    "update cc.cases set deadline = now()", "update cc.case_stage set deadline = now()",
    "update cc.calendar_day set working = false", "select cc.recount_calendar(1)",
    "update cc.catalogue_limit set minutes = 99999", "update cc.district set reopen_days = 366",
])  # fmt: skip
def test_no_clerk_moves_clock_calendar_limit_or_deadline(statement: str, town: Town) -> None:
    for login in ("supervisor", "admin", "cg"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            town.psql(login).cursor().execute(statement)


def test_the_clock_of_a_real_city_cannot_be_simulated(town: Town, hands: Hands) -> None:
    with hands.trying():
        hands.sql("update cc.district set sample = false")
        with pytest.raises(psycopg2.Error, match="真实数据"):
            travel(hands, "2026-03-02 10:00")


def test_a_city_whose_clock_is_elsewhere_has_room_for_its_cases(hands: Hands) -> None:
    for month in ("2025-02-28 23:59", "2027-07-01 00:00"):
        travel(hands, month)
        assert str(hands.report())[:6] == month[:7].replace("-", "")
