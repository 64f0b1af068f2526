"""The live feed through what networks and servers do: silence, lost wake-ups, late commits, another server's data."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from commandcenter.domain.model import CaseRow
from commandcenter.live.picture import LivePicture
from db import feed as feed_module
from db.backup import backup, restore
from db.gateways.session import PgSession
from tests.integration.feed.conftest import Listener
from tests.integration.feed.test_live_feed import _report
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.servers import create_database, drop_database
from tests.support.town import Town
from tests.support.wire import NOTIFICATION, Wire

pytestmark = pytest.mark.database
LogIn = Callable[[str], PgSession]
NEVER_S = 3600.0


@pytest.fixture
def listening(over: LogIn) -> Iterator[Listener]:
    """The evaluator, who sees everything, over the wire."""
    listener = Listener(over("evaluator").feed)
    listener.start()
    yield listener
    listener.feed.stop()


def picture_of(session: PgSession) -> dict[int, CaseRow]:
    """What a desk shows after loading everything."""
    picture = LivePicture()
    picture.load(session.queries.open_cases())
    return dict(picture.rows)


def test_a_silent_line_is_noticed_and_said_and_after_it_everything_is_loaded_anew(
    hands: Hands, wire: Wire, over: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every packet is acknowledged and none answered: only our own patience ends this."""
    monkeypatch.setattr("db.engine.FEED_ANSWER_WITHIN_S", 0.5)
    monkeypatch.setattr(feed_module, "HEARTBEAT_S", 0.5)
    listener = Listener(over("evaluator").feed)
    listener.start()
    wire.silence()
    missed = hands.report()
    listener.until(lambda: listener.kinds()[-1] == "disconnected")
    assert "断开" in listener.states[-1].reason
    assert missed not in listener.cases
    wire.speak()
    listener.until(lambda: listener.kinds()[-1] == "live" and listener.resyncs == 2)
    assert missed in picture_of(over("evaluator"))
    listener.feed.stop()


def test_lost_wake_ups_are_made_good_by_the_heartbeat(hands: Hands, wire: Wire, listening: Listener) -> None:
    wire.dropped = frozenset({NOTIFICATION})
    cases = [hands.report() for _ in range(3)]
    listening.until(lambda: set(listening.cases) == set(cases))
    assert set(listening.kinds()) == {"connecting", "live"} and listening.resyncs == 1
    assert set(listening.cases.values()) == {1}


def test_without_the_heartbeat_a_lost_wake_up_would_be_missed(
    hands: Hands, wire: Wire, over: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other half of the test above: it is the heartbeat that finds it, and a wake-up when there is one."""
    monkeypatch.setattr(feed_module, "HEARTBEAT_S", NEVER_S)
    monkeypatch.setattr(feed_module, "LOOKS_AFTER", 0)
    listener = Listener(over("evaluator").feed)
    listener.start()
    wire.dropped = frozenset({NOTIFICATION})
    lost = hands.report()
    hands.sql("select pg_sleep(0.3)")
    assert lost not in listener.cases
    wire.dropped = frozenset()
    found = hands.report()
    listener.until(lambda: found in listener.cases)
    assert listener.cases == Counter({lost: 1, found: 1})
    listener.feed.stop()


def test_a_wake_up_during_a_fetch_is_not_forgotten(
    hands: Hands, wire: Wire, over: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second case commits after the fetch took its snapshot and before its answer arrives; nothing else wakes."""
    monkeypatch.setattr(feed_module, "HEARTBEAT_S", NEVER_S)
    monkeypatch.setattr(feed_module, "LOOKS_AFTER", 1)
    listener = Listener(over("evaluator").feed)
    listener.start()
    listener.until(lambda: len(listener.batches) >= 3)  # it has come to rest: from now on only a wake-up moves it
    second: list[int] = []

    def meanwhile(message: bytes) -> None:
        if message[:1] == b"D" and not second:  # the row of the fetch that the first case caused
            hands.sql("select pg_sleep(0.25)")  # the throttle's window is over: this one wakes too
            second.append(hands.report())

    first = hands.report()
    wire.on_answer = meanwhile
    hands.sql("notify cc_feed")
    listener.until(lambda: bool(second) and {first, second[0]} <= set(listener.cases))
    assert listener.cases == Counter({first: 1, second[0]: 1})
    listener.feed.stop()


def test_a_commit_held_open_over_many_fetches_is_neither_missed_nor_told_twice(
    town: Town, hands: Hands, listening: Listener
) -> None:
    holder = town.psql("acceptor")
    holder.autocommit = False
    late = _report(holder)
    prompt = []
    for _ in range(6):
        prompt.append(hands.report())
        listening.until(lambda: prompt[-1] in listening.cases)
        hands.sql("select pg_sleep(0.25)")  # a wake-up and a fetch for each
    assert late not in listening.cases
    holder.commit()
    listening.until(lambda: late in listening.cases)
    after = hands.report()
    listening.until(lambda: after in listening.cases)
    assert listening.cases == Counter([*prompt, late, after])


def test_another_servers_data_under_the_same_address_are_loaded_anew(
    town: Town, hands: Hands, wire: Wire, listening: Listener, over: LogIn, tmp_path: Path
) -> None:
    """A restore: the database goes back to the backup, and its transaction numbers are another server's."""
    paths = Paths(hands)
    kept = [paths.to("filed") for _ in range(3)]
    saved = backup(town.url, tmp_path / "town.backup").file
    undone = paths.to("dispatched")
    listening.until(lambda: undone in listening.cases)
    name = town.url.rsplit("/", 1)[1]
    town.owner.dispose()
    drop_database(town.server, name)
    listening.until(lambda: listening.kinds()[-1] == "disconnected")
    create_database(town.server, name)
    restore(town.url, saved)
    listening.until(lambda: listening.kinds()[-1] == "live" and listening.resyncs >= 2)
    assert set(picture_of(over("evaluator"))) == set(kept)
    again = Hands(town)
    later = again.report()
    listening.until(lambda: later in listening.cases)
    assert undone == later or undone not in picture_of(over("evaluator"))


def test_a_feed_that_is_told_to_stop_while_its_line_is_silent_stops(
    wire: Wire, over: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.engine.FEED_ANSWER_WITHIN_S", 0.5)
    monkeypatch.setattr(feed_module, "HEARTBEAT_S", 0.1)
    listener = Listener(over("evaluator").feed)
    listener.start()
    wire.silence()
    listener.until(lambda: listener.kinds()[-1] == "disconnected")
    listener.feed.stop()
    assert not any(thread.name == "commandcenter-feed" for thread in threading.enumerate())
