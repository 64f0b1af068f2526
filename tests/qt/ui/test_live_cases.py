"""The bridge: loading in slices, merging batches, staying right through a disconnect, ending without a trace."""

import threading
from dataclasses import replace
from uuid import uuid4

import pytest

from commandcenter.domain.errors import ServerUnavailable
from commandcenter.domain.model import Command
from tests.fakes.acting import act
from tests.fakes.city import CaseRecord, FakeCity
from tests.fakes.intake import blank_row
from tests.fakes.population import actor, small_city


@pytest.fixture
def place(make_place, city):
    return make_place(city)


@pytest.fixture
def live(place, qtbot):
    place.live.begin()
    qtbot.waitUntil(lambda: place.live.ready)
    return place.live


def test_all_open_cases_of_the_city_are_in_the_picture_after_the_load(live, city):
    assert set(live.picture.rows) == {r.row.id for r in city.records.values() if r.row.open}


def test_of_the_first_load_the_beginning_is_told_and_of_later_ones_what_differs(make_place, qtbot):
    city = FakeCity()
    for number in range(2500):
        city.put(CaseRecord(blank_row(city, number, street_id=2, state="filed")))
    place = make_place(city)
    told, loads = [], []
    place.live.changed.connect(lambda change: told.append(len(change.upserted)))
    place.live.loaded.connect(lambda: loads.append(len(place.live.picture.rows)))
    place.live.begin()
    qtbot.waitUntil(lambda: place.live.ready)
    assert (told, loads) == ([300], [2500])
    with city.lock:
        for record in list(city.records.values())[:40]:
            record.row = replace(record.row, version=record.row.version + 1)
    place.live.resync()
    qtbot.waitUntil(lambda: len(loads) == 2)
    assert sum(told) == 340


def test_changes_that_come_during_a_fetch_are_merged_into_one_more_update(place, live, city, qtbot):
    door = place.backend.session.queries.door
    changes = []
    live.changed.connect(changes.append)
    ids = [r.row.id for r in city.records.values() if r.row.state == "filed"]
    door.close()
    _dispatch(city, ids[0])
    qtbot.waitUntil(lambda: door.waiting == 1)
    for case_id in ids[1:]:
        _dispatch(city, case_id)
    qtbot.waitUntil(lambda: len(live._wanted) == len(ids) - 1)
    door.open()
    qtbot.waitUntil(lambda: all(live.row(case_id).state == "dispatched" for case_id in ids))
    assert [len(change.upserted) for change in changes] == [1, len(ids) - 1]


def test_after_a_reconnect_the_picture_is_right_without_a_restart(place, live, city, qtbot):
    feed = place.backend.session.feed
    feed.disconnect()
    qtbot.waitUntil(lambda: not live.online)
    case_id = next(r.row.id for r in city.records.values() if r.row.state == "filed")
    _dispatch(city, case_id)
    feed.reconnect()
    qtbot.waitUntil(lambda: live.online and live.row(case_id).state == "dispatched")


def test_a_load_that_fails_is_repeated(make_place, city, qtbot, monkeypatch):
    monkeypatch.setattr("ui.bridge.live_cases._RETRY_S", (0.0,))
    place = make_place(city)
    place.backend.session.queries.door.order(ServerUnavailable("数据库连接中断"))
    failures = []
    place.live.failed.connect(failures.append)
    place.live.begin()
    qtbot.waitUntil(lambda: place.live.ready)
    assert len(failures) == 1


def test_time_alone_makes_a_case_overdue(place, live, city, qtbot):
    crossed = []
    live.timing_changed.connect(crossed.extend)
    city.now += 3600
    place.backend.session.feed.push()
    qtbot.waitUntil(lambda: live.clock.now() >= city.now)
    live.tick()
    late = {row.id for row in crossed if live.picture.timing(row.id) == "overdue"}
    assert late and live.picture.counts["overdue"] >= len(late)


def test_closing_while_a_load_is_under_way_leaves_no_thread(make_place, run, qtbot):
    place = make_place(small_city(filed=3))
    door = place.backend.session.queries.door
    door.close()
    place.live.begin()
    qtbot.waitUntil(lambda: place.live.loading)
    door.open()
    run(place.close())
    assert place.backend.running == 0 and place.backend.session.closed
    assert not [t for t in threading.enumerate() if t.name.startswith(("database-", "fake-feed"))]


def _dispatch(city, case_id):
    record = city.records[case_id]
    act(city, actor(1), Command(uuid4(), case_id, record.row.version, "dispatch", {"unit_id": record.row.street_id}))


def test_a_change_that_could_not_be_read_is_asked_for_again(place, live, city, qtbot, monkeypatch):
    monkeypatch.setattr("ui.bridge.live_cases._RETRY_S", (0.0,))
    case_id = next(r.row.id for r in city.records.values() if r.row.state == "filed")
    place.backend.session.queries.door.order(ServerUnavailable("数据库连接中断"))
    _dispatch(city, case_id)
    qtbot.waitUntil(lambda: live.row(case_id).state == "dispatched")


def test_a_new_catalogue_gives_new_words_without_a_restart(place, live, city, qtbot):
    told = []
    place.words_changed.connect(lambda: told.append(True))
    place.backend.session.feed.push(catalogue=True)
    qtbot.waitUntil(lambda: bool(told))


def test_rows_that_come_with_the_news_are_shown_without_a_question(place, live, city, qtbot):
    feed, door = place.backend.session.feed, place.backend.session.queries.door
    told, asked = (r.row for r in list(city.records.values())[:2])
    changes, passed = [], door.passed
    live.changed.connect(changes.append)
    door.close()
    newer = replace(told, version=told.version + 1, returns=told.returns + 1)
    feed.push(frozenset({told.id, asked.id}), rows=(newer,))
    qtbot.waitUntil(lambda: live.row(told.id) == newer)
    qtbot.waitUntil(lambda: door.waiting == 1)  # the other case is asked for
    door.open()
    qtbot.waitUntil(lambda: place.backend.running == 0)
    assert door.passed == passed + 1 and [change.upserted for change in changes] == [(newer,)]


def test_a_row_older_than_the_one_held_changes_nothing(place, live, city, qtbot):
    feed, heard = place.backend.session.feed, []
    live.presence_changed.connect(heard.append)
    held = next(iter(live.picture.rows.values()))
    feed.push(frozenset({held.id}), frozenset({held.id}), rows=(replace(held, version=held.version - 1, returns=7),))
    qtbot.waitUntil(lambda: bool(heard))
    assert live.row(held.id) == held
