"""Cameras in a grid's slots: only what is seen is decoded, at its size, and what a slot says is true."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt

from commandcenter.domain.video import LIVE, LOST, MAIN, SUB, Camera
from commandcenter.video.demo.resolve import PORT_FILE
from tests.fakes.cameras import park_of
from tests.fakes.decoder import FakeDecoder
from ui.models.slot_faces import slot_face
from ui.screens.video.deck import CAMERA_MIME, VideoDeck, Watched
from widgets.tones import Tone
from widgets.video import VideoGrid


@pytest.fixture
def place(make_place, city, qtbot):
    place = make_place(city)
    (place.home / PORT_FILE).write_text("9", encoding="utf-8")
    place.live.begin()
    place.cameras.want()
    qtbot.waitUntil(lambda: place.cameras.ready and place.live.online)
    return place


@pytest.fixture
def made():
    return []


@pytest.fixture
def deck(place, made, qtbot):
    def make(on_report, on_frame):
        made.append(FakeDecoder(on_report, on_frame))
        return made[-1]

    place.make_decoder = make
    grid = VideoGrid(CAMERA_MIME)
    qtbot.addWidget(grid)
    grid.resize(1000, 600)
    grid.show()
    found = VideoDeck(grid, place.camera_stream)
    yield found
    found.close()


@pytest.fixture
def mine(place) -> list[Camera]:
    return [one for one in place.cameras.cameras.values() if one.may_view and one.in_use and len(one.streams) == 2]


def looks(city):
    return park_of(city).looks


def playing(deck, *slots):
    return lambda: all(deck.stream(index) is not None and deck.stream(index).viewing for index in slots)


def test_what_lies_in_hidden_slots_is_not_looked_at(deck, mine, city, qtbot):
    deck.grid.set_count(9)
    for index in range(6):
        deck.put(index, Watched(mine[index]))
    qtbot.waitUntil(playing(deck, *range(6)))
    deck.grid.set_count(4)
    qtbot.waitUntil(lambda: not deck.stream(5)._visible and deck.stream(3)._visible)
    assert deck.watched[5].camera is mine[5]
    deck.grid.enlarge(1)
    qtbot.waitUntil(lambda: deck.stream(1).kind == MAIN and not deck.stream(0)._visible)
    qtbot.waitUntil(lambda: [v.stream for v in looks(city) if v.camera_id == mine[1].id] == [SUB, MAIN])
    deck.grid.enlarge(None)
    qtbot.waitUntil(lambda: deck.stream(0)._visible and deck.stream(1).kind == SUB)


def test_a_hidden_or_minimized_window_decodes_nothing(deck, mine, qtbot):
    deck.put(0, Watched(mine[0]))
    qtbot.waitUntil(playing(deck, 0))
    deck.grid.hide()
    qtbot.waitUntil(lambda: not deck.stream(0)._visible)
    deck.grid.show()
    qtbot.waitUntil(lambda: deck.stream(0)._visible)
    deck.grid.setWindowState(Qt.WindowState.WindowMinimized)
    qtbot.waitUntil(lambda: not deck.stream(0)._visible)


def test_slots_change_cameras_without_opening_them_anew(deck, mine, city, qtbot):
    deck.put(0, Watched(mine[0]))
    deck.put(3, Watched(mine[1]))
    qtbot.waitUntil(playing(deck, 0, 3))
    first = deck.stream(0)
    deck.swap(0, 3)
    assert deck.stream(3) is first and deck.watched[3].camera is mine[0] and deck.watched[0].camera is mine[1]
    deck.swap(3, 1)
    assert deck.stream(3) is None and 3 not in deck.watched and deck.grid.slots[3].face.title == ""
    assert deck.grid.slots[1].face.title == mine[0].name and len(looks(city)) == 2


def test_a_picture_goes_to_the_slot_its_stream_is_in_now(deck, made, mine, qtbot):
    deck.put(0, Watched(mine[0]))
    qtbot.waitUntil(playing(deck, 0))
    deck.swap(0, 2)
    made[0].say(LIVE)
    made[0].send(77)
    qtbot.waitUntil(lambda: not deck.grid.slots[2].picture.isNull())
    assert deck.grid.slots[0].picture.isNull() and deck.grid.slots[2].face.live


def test_the_same_camera_again_goes_on_with_other_words(deck, mine, city, qtbot):
    deck.put(0, Watched(mine[0]))
    qtbot.waitUntil(playing(deck, 0))
    deck.put(0, Watched(mine[0], note="38 m", marks="轮巡"))
    assert len(looks(city)) == 1 and deck.grid.slots[0].face.marks == "轮巡"
    deck.put(0, Watched(mine[0], purpose="case", case_id=7))
    qtbot.waitUntil(lambda: len(looks(city)) == 2)


def test_an_emptied_slot_is_empty_and_its_look_over(deck, made, mine, city, qtbot):
    deck.put(0, Watched(mine[0]))
    qtbot.waitUntil(playing(deck, 0))
    made[0].send(50)
    deck.clear(0)
    qtbot.waitUntil(lambda: looks(city)[0].ended_at is not None)
    assert deck.grid.slots[0].face.title == "" and deck.grid.slots[0].picture.isNull()
    assert deck.free_slot() == 0


def test_the_next_camera_goes_to_a_free_slot_and_then_to_the_keyboards(deck, mine):
    for index in range(4):
        assert deck.free_slot() == index
        deck.put(index, Watched(mine[index]))
    deck.grid.select(2)
    assert deck.free_slot() == 2 and deck.slot_of(mine[3].id) == 3 and deck.slot_of(999) is None


def test_a_decoder_makes_as_many_pixels_as_the_slot_has(deck, made, mine, qtbot):
    deck.put(0, Watched(mine[0]))
    qtbot.waitUntil(playing(deck, 0))
    size = deck.grid.slots[0].device_size()
    assert made[0].sizes[-1] == (size.width(), size.height())
    deck.grid.resize(QSize(1200, 700))
    bigger = deck.grid.slots[0].device_size()
    qtbot.waitUntil(lambda: made[0].sizes[-1] == (bigger.width(), bigger.height()))


def test_a_lost_slot_counts_on_and_says_when_its_picture_stood_still(deck, made, mine, qtbot):
    deck.put(0, Watched(mine[0]))
    qtbot.waitUntil(playing(deck, 0))
    made[0].send(50)
    made[0].say(LOST, "摄像机没有应答")
    qtbot.waitUntil(lambda: deck.grid.slots[0].face.tone is Tone.OVERDUE)
    face = slot_face(mine[0], deck.stream(0).report, 66.0, 2.0)
    assert face.status == "已中断 00:01:05" and face.words.startswith("摄像机没有应答\n画面停在 ") and not face.live
