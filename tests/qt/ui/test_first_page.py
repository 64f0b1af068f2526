"""The desk can be used while most of its cases are still on their way."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from tests.fakes.city import CaseRecord, FakeCity
from tests.fakes.intake import blank_row
from ui.screens.desk.desk import DeskScreen

COUNT = 2500


@pytest.fixture
def city() -> FakeCity:
    """More cases than the first page holds; the later a case, the sooner it is due."""
    city = FakeCity()
    for number in range(COUNT):
        row = blank_row(city, number, street_id=2, state="filed")
        city.put(CaseRecord(replace(row, priority=1 + number % 3, deadline=city.now + 90_000 - number)))
    return city


@pytest.fixture
def gate() -> threading.Event:
    """Opened, the rest of the cases comes."""
    return threading.Event()


@pytest.fixture
def desk(make_place, city, gate, qtbot) -> DeskScreen:
    """A desk whose first page is there and whose load is held up."""
    place = make_place(city)
    queries = place.backend.session.queries
    whole = queries.open_cases

    def held_up():
        gate.wait(10)
        yield from whole()

    queries.open_cases = held_up
    desk = DeskScreen(place)
    qtbot.addWidget(desk)
    desk.show()
    place.live.begin()
    qtbot.waitUntil(lambda: desk.queue.rows.model.rowCount() > 0)
    yield desk
    gate.set()


def _in_order(city: FakeCity) -> list[int]:
    rows = sorted((r.row for r in city.records.values()), key=lambda row: (row.priority, row.deadline, -row.id))
    return [row.id for row in rows]


def test_the_most_urgent_cases_stand_first_and_no_count_looks_final(desk, city):
    assert desk.queue.rows.model.keys() == _in_order(city)[:300]
    assert not desk.place.live.ready and not desk.complete
    assert "先列 300 件，其余正在载入" in desk.queue._detail.toolTip() + desk.queue._detail.text()
    queues = desk.side_bar.queues.model()
    spoken = [queues.data(queues.index(row), Qt.ItemDataRole.AccessibleTextRole) for row in range(queues.rowCount())]
    assert spoken and not any("件" in words for words in spoken)
    cards = desk.side.units.board.cards()
    assert cards and {card.data.count for card in cards} == {None}


def test_it_can_be_worked_on_at_once(desk, city, qtbot):
    first = desk.queue.table.current_key()
    assert first == _in_order(city)[0]
    desk.side.units.send_to_hotkey(1)
    qtbot.waitUntil(lambda: city.records[first].row.state == "dispatched")
    qtbot.waitUntil(lambda: desk.queue.rows.model.row_of(first) is None)


def test_when_the_rest_has_come_all_is_there_and_the_selection_stays(desk, city, gate, qtbot):
    chosen = _in_order(city)[7]
    desk.queue.choose(chosen)
    gate.set()
    qtbot.waitUntil(lambda: desk.place.live.ready and not desk.queue.rows.filling)
    assert desk.queue.rows.model.keys() == _in_order(city)
    assert desk.queue.table.selected_keys() == [chosen]
    assert f"{COUNT:,} 件" in desk.queue._detail.toolTip() + desk.queue._detail.text()


def test_what_others_do_meanwhile_is_right_in_the_end(desk, city, gate, qtbot):
    gone = _in_order(city)[2000]
    with city.lock:
        record = city.records[gone]
        record.row = replace(record.row, state="dispatched", version=record.row.version + 1)
    desk.place.live.want([gone])
    qtbot.waitUntil(lambda: desk.place.live.row(gone) is not None)
    gate.set()
    qtbot.waitUntil(lambda: desk.place.live.ready and not desk.queue.rows.filling)
    assert desk.queue.rows.model.rowCount() == COUNT - 1
    assert desk.queue.rows.model.row_of(gone) is None


def test_a_queue_chosen_meanwhile_is_filled_when_all_has_come(desk, city, gate, qtbot):
    desk.show_queue("running")
    assert desk.queue.rows.model.rowCount() == 0
    desk.show_queue("filed")
    gate.set()
    qtbot.waitUntil(lambda: desk.place.live.ready and not desk.queue.rows.filling)
    assert desk.queue.rows.model.keys() == _in_order(city)
