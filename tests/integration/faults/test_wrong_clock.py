"""This machine's clock is wrong by a day, either way: limits, windows and what the desk shows follow the city's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from commandcenter.domain.errors import TooLate
from commandcenter.live.city_clock import CityClock
from commandcenter.live.picture import LivePicture
from commandcenter.live.queues import OVERDUE
from commandcenter.ports import FeedBatch
from db.gateways import case_queries
from tests.integration.feed.conftest import Listener
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town

pytestmark = pytest.mark.database
DAY_S = 86_400.0


@pytest.fixture(params=[DAY_S, -DAY_S], ids=["a day fast", "a day slow"])
def wrong(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[float]:
    """By how much this machine's wall clock is off; its monotonic clock has no date to be wrong about."""
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + request.param)

    class WrongDatetime(datetime):
        @classmethod
        def now(cls, tz=None):  # type: ignore[no-untyped-def]
            return datetime.fromtimestamp(real() + request.param, tz)

    monkeypatch.setattr(case_queries, "datetime", WrongDatetime, raising=False)
    yield request.param


def near(one: float, other: float) -> bool:
    """The same moment, but for what a slow machine needs."""
    return abs(one - other) < 600


def test_the_city_time_is_told_before_the_first_load_and_the_lag_is_no_nonsense(
    town: Town, hands: Hands, wrong: float
) -> None:
    listener = Listener(town.session("evaluator").feed)
    heard: list[FeedBatch | str] = []
    take_batch, take_resync = listener._batch, listener._resync
    listener._batch = lambda batch: (heard.append(batch), take_batch(batch))[1]  # type: ignore[method-assign]
    listener._resync = lambda: (heard.append("load"), take_resync())[1]  # type: ignore[method-assign]
    listener.start()
    case = hands.report()
    listener.until(lambda: case in listener.cases)
    listener.feed.stop()
    first = heard[0]
    assert isinstance(first, FeedBatch) and heard[1] == "load"
    assert near(first.city_time, hands.sql("select extract(epoch from cc.city_now())::float8"))
    lags = [state.lag_ms for state in listener.states if state.lag_ms is not None]
    assert lags and all(0 <= lag < 60_000 for lag in lags)


def test_limits_are_set_and_shown_by_the_citys_clock(town: Town, hands: Hands, paths: Paths, wrong: float) -> None:
    case = paths.to("filed")
    row = town.session("dispatcher").queries.cases([case])[0]
    city_now = float(hands.sql("select extract(epoch from cc.city_now())::float8"))
    assert row.deadline is not None and near(row.deadline - 30 * 60, city_now)
    clock = CityClock(time.time(), 1.0)  # what a desk begins with, before it has heard
    clock.heard(city_now, 1.0)
    assert near(clock.now(), city_now)
    picture = LivePicture()
    picture.advance(clock.now())
    picture.load([[row]])
    assert picture.timing(case) != OVERDUE
    assert near(row.deadline - clock.now(), 30 * 60)


def test_an_undo_is_judged_by_the_server(town: Town, hands: Hands, paths: Paths, wrong: float) -> None:
    case = paths.to("dispatched")
    assert town.act("dispatcher", case, "undo_dispatch").state == "filed"


def test_the_window_for_returning_a_case_is_judged_by_the_server(
    town: Town, hands: Hands, paths: Paths, wrong: float
) -> None:
    """An hour to return a case, for everybody, whatever his own clock says."""
    case = paths.to("dispatched")
    reason = {"reason": "不属于本单位", "legal_basis": "三定方案"}
    assert town.act("cg", case, "return_case", **reason).state == "returned"
    late = paths.to("dispatched")
    ahead = hands.sql("select cc.city_now()") + timedelta(hours=20)
    hands.sql("select cc.set_clock(%s, 1)", ahead)
    with pytest.raises(TooLate):
        town.act("cg", late, "return_case", **reason)


def test_a_case_is_found_by_its_last_digits_at_the_edge_of_a_month(
    town: Town, hands: Hands, paths: Paths, wrong: float
) -> None:
    """Eight hours before the month begins in Greenwich it has begun in the city."""
    case = hands.report()
    queries = town.session("supervisor").queries
    found = queries.case_by_no(str(case % 10**9))
    assert found is not None and found.id == case
    edge = datetime(2027, 1, 31, 16, 30, tzinfo=UTC)  # half past midnight on the first of February in the city
    hands.sql("select cc.set_clock(%s, 1)", edge)
    hands.sql("select cc.ensure_partitions()")
    young = hands.report()
    assert young // 10**9 == 202702
    found = queries.case_by_no(str(young % 10**9))
    assert found is not None and found.id == young
