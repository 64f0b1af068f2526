"""A slot's camera between database and decoder: who looks is recorded, nobody sees what is not now or not for him."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
import shiboken6
from PySide6.QtCore import QObject, QSize

from commandcenter.domain.errors import ServerUnavailable
from commandcenter.domain.video import CONNECTING, FORBIDDEN, IDLE, LIVE, LOST, MAIN, SUB, UNSUPPORTED
from tests.fakes.cameras import park_of
from tests.fakes.decoder import FakeDecoder
from ui.bridge.camera_stream import CameraStream

SMALL, LARGE = QSize(426, 240), QSize(1280, 720)
ADDRESS = "rtsp://10.0.0.8/one"


@pytest.fixture
def made():
    return []


@pytest.fixture
def place(make_place, city, qtbot):
    place = make_place(city)
    place.live.begin()
    place.cameras.want()
    qtbot.waitUntil(lambda: place.cameras.ready and place.live.online)
    return place


@pytest.fixture
def stream(place, made, tmp_path, qtbot):
    def make(on_report, on_frame):
        made.append(FakeDecoder(on_report, on_frame))
        return made[-1]

    found = CameraStream(place.backend, place.cameras, tmp_path, lambda address, _home: address, make)
    found.set_size(SMALL)
    found.set_visible(True)
    yield found
    found.close()


@pytest.fixture
def looks(city):
    return park_of(city).looks


def camera(place, **wanted):
    def fits(one):
        return all(getattr(one, name) == value for name, value in {"may_view": True, "in_use": True, **wanted}.items())

    return next(one for one in place.cameras.cameras.values() if fits(one))


def test_a_look_is_recorded_from_its_address_to_its_end(stream, place, made, looks, qtbot):
    one = camera(place, category="street")
    stream.look(one, "case", 202611000000001)
    assert stream.report.state == CONNECTING
    qtbot.waitUntil(lambda: bool(made and made[0].played))
    assert [(v.camera_id, v.stream, v.purpose, v.case_id) for v in looks] == [(one.id, SUB, "case", 202611000000001)]
    stream.stop()
    qtbot.waitUntil(lambda: looks[0].ended_at is not None)
    assert stream.report.state == IDLE and stream.camera is None and made[0].stopped


def test_a_slot_that_becomes_large_takes_the_main_stream_in_a_look_of_its_own(stream, place, made, looks, qtbot):
    stream.look(camera(place, category="street"), "desk")
    qtbot.waitUntil(lambda: bool(made and made[0].played))
    stream.set_size(LARGE)
    qtbot.waitUntil(lambda: len(made[0].played) == 2 and looks[0].ended_at is not None)
    assert [v.stream for v in looks] == [SUB, MAIN] and stream.kind == MAIN
    stream.set_size(QSize(1000, 600))
    assert len(made) == 1 and made[0].sizes[-1] == (1000, 600) and len(looks) == 2


def test_without_a_sub_stream_the_main_one_is_shown(stream, place, made, looks, qtbot, city):
    only = next(c for c in park_of(city).cameras.values() if c.streams == ("main",))
    park_of(city).cameras[only.id] = type(only)(**{**_fields(only), "category": "street", "in_use": True})
    place.cameras.reload()
    qtbot.waitUntil(lambda: place.cameras.cameras[only.id].may_view)
    stream.look(place.cameras.cameras[only.id], "desk")
    qtbot.waitUntil(lambda: bool(looks))
    assert looks[0].stream == MAIN


def _fields(camera):
    return {name: getattr(camera, name) for name in camera.__slots__}


def test_who_may_not_look_is_told_so_and_nothing_is_asked(stream, place, made, looks, qtbot):
    stream.look(camera(place, category="school", may_view=False), "desk")
    assert stream.report.state == FORBIDDEN and "不能查看" in stream.report.words
    assert looks == [] and made == []


def test_the_database_has_the_last_word(stream, place, looks, city, qtbot):
    """The list was read while he still might."""
    one = camera(place, category="street")
    park_of(city).cameras[one.id] = type(one)(**{**_fields(one), "category": "school", "may_view": False})
    stream.look(one, "desk")
    qtbot.waitUntil(lambda: stream.report.state == FORBIDDEN)
    assert looks == []


@pytest.mark.parametrize(("wanted", "state"), [({"in_use": False}, LOST), ({"streams": ()}, UNSUPPORTED)])
def test_a_camera_that_cannot_be_seen_says_why(stream, place, looks, wanted, state):
    one = camera(place)
    stream.look(type(one)(**{**_fields(one), **wanted}), "desk")
    assert stream.report.state == state and stream.report.words and looks == []


def test_when_the_server_is_away_it_is_asked_again(stream, place, made, qtbot):
    stream._again.setInterval(10)
    place.backend.session.cameras.door.order(ServerUnavailable("与数据库的连接已断开"))
    stream.look(camera(place), "desk")
    qtbot.waitUntil(lambda: stream.report.state == LOST)
    assert "数据库" in stream.report.words
    qtbot.waitUntil(lambda: bool(made and made[0].played))


def test_an_address_that_comes_too_late_is_not_played_and_its_look_ended(stream, place, made, looks, qtbot):
    door = place.backend.session.cameras.door
    door.close()
    stream.look(camera(place), "desk")
    qtbot.waitUntil(lambda: door.waiting >= 1)
    stream.stop()
    door.open()
    qtbot.waitUntil(lambda: bool(looks) and looks[0].ended_at is not None)
    assert made == []


def test_pictures_come_until_the_look_ends_and_no_late_one_afterwards(stream, place, made, qtbot):
    stream.look(camera(place), "desk")
    qtbot.waitUntil(lambda: bool(made and made[0].played))
    made[0].say(LIVE)
    made[0].send(200)
    qtbot.waitUntil(lambda: not stream.picture.isNull())
    assert stream.report.state == LIVE and stream.picture.pixelColor(0, 0).red() == 200
    stream.stop()
    assert stream.picture.isNull()
    made[0].on_frame()
    qtbot.wait(20)
    assert stream.picture.isNull()


def test_the_last_picture_outlives_its_buffer(stream, place, made, qtbot):
    stream.look(camera(place), "desk")
    qtbot.waitUntil(lambda: bool(made and made[0].played))
    made[0].send(90)
    qtbot.waitUntil(lambda: not stream.picture.isNull())
    stream._end()
    made[0]._frame.data[:] = bytes(32)
    assert stream.picture.pixelColor(0, 0).red() == 90


def test_hidden_it_decodes_nothing_and_after_a_while_the_look_is_over(stream, place, made, looks, qtbot):
    stream._hidden.setInterval(20)
    stream.look(camera(place), "desk")
    qtbot.waitUntil(lambda: bool(made and made[0].played))
    stream.set_visible(False)
    assert made[0].shown[-1] is False
    qtbot.waitUntil(lambda: looks[0].ended_at is not None)
    stream.set_visible(True)
    qtbot.waitUntil(lambda: len(looks) == 2 and len(made[0].played) == 2)
    assert stream.camera is not None


def test_what_nobody_sees_is_not_asked_for(stream, place, looks, qtbot):
    stream.set_visible(False)
    stream.look(camera(place), "desk")
    qtbot.wait(30)
    assert looks == [] and stream.report.state == IDLE


def test_a_program_that_ends_tells_that_nobody_looks_any_more(stream, place, made, looks, run, qtbot):
    stream.look(camera(place), "desk")
    qtbot.waitUntil(lambda: bool(made and made[0].played))
    stream.close()
    run(place.close())
    assert looks[0].ended_at is not None and made[0].closed == 1


def test_a_shot_is_taken_of_what_is_live_only(stream, place, made, qtbot):
    stream.look(camera(place), "desk")
    qtbot.waitUntil(lambda: bool(made and made[0].played))
    with qtbot.waitSignal(stream.shot_taken) as got:
        number = stream.snapshot()
    assert got.args == [number, None]
    made[0].say(LIVE)
    qtbot.waitUntil(lambda: stream.report.state == LIVE)
    with qtbot.waitSignal(stream.shot_taken) as got:
        number = stream.snapshot()
    assert got.args[0] == number and got.args[1].content == b"jpeg"


def test_no_address_is_in_what_a_slot_tells(stream, place, made, city, qtbot):
    one = camera(place)
    park_of(city).hosts[one.id, SUB] = ADDRESS
    stream.look(one, "desk")
    qtbot.waitUntil(lambda: bool(made and made[0].played))
    assert made[0].played[0].url == ADDRESS
    assert ADDRESS not in repr((made[0].played, stream.report, stream.camera))


def test_a_server_that_came_back_elsewhere_is_found_without_another_look(stream, place, made, looks, qtbot):
    port = ["1"]
    stream._resolve = lambda address, _home: replace(address, url=f"rtsp://127.0.0.1:{port[0]}/one")
    stream._looking_round.setInterval(10)
    stream.look(camera(place), "desk")
    qtbot.waitUntil(lambda: bool(made and made[0].played))
    made[0].say(LOST)
    qtbot.waitUntil(lambda: stream.report.state == LOST)
    qtbot.wait(40)
    assert len(made[0].played) == 1
    port[0] = "2"
    qtbot.waitUntil(lambda: len(made[0].played) == 2)
    assert made[0].played[-1].url.endswith(":2/one") and len(looks) == 1


def test_a_camera_that_is_lost_for_long_has_its_address_asked_for_anew(stream, place, made, looks, qtbot):
    """An administrator may have brought in a table with another one."""
    stream._lost.setInterval(20)
    one = camera(place)
    stream.look(one, "desk")
    qtbot.waitUntil(lambda: bool(made and made[0].played))
    park_of(place.backend.session.cameras._city).hosts[one.id, SUB] = "rtsp://10.0.0.9/new"
    made[0].say(LOST)
    qtbot.waitUntil(lambda: len(made[0].played) == 2)
    assert made[0].played[-1].url == "rtsp://10.0.0.9/new" and len(looks) == 2
    made[0].say(LIVE)
    qtbot.waitUntil(lambda: stream.report.state == LIVE)
    assert not stream._lost.isActive()


def test_a_look_recorded_for_a_slot_that_is_gone_by_then_is_ended(stream, place, made, looks, qtbot):
    """A window closed a moment after it was opened."""
    door = place.backend.session.cameras.door
    door.close()
    owner = QObject()
    other = place.camera_stream(owner)
    other.set_size(SMALL)
    other.set_visible(True)
    other.look(camera(place), "wall")
    qtbot.waitUntil(lambda: door.waiting >= 1)
    other.close()
    shiboken6.delete(owner)
    door.open()
    qtbot.waitUntil(lambda: bool(looks) and looks[0].ended_at is not None)


def test_a_program_that_ends_waits_for_looks_that_are_just_being_opened(stream, place, looks, run, qtbot):
    port = place.backend.session.cameras
    opened = port.open_stream
    port.open_stream = lambda *about: (time.sleep(0.2), opened(*about))[1]
    stream.look(camera(place), "desk")
    stream.close()
    run(place.close())
    assert len(looks) == 1 and looks[0].ended_at is not None


def test_a_rotation_that_comes_back_goes_on_with_its_look_until_it_stops(stream, place, made, looks, qtbot):
    one, other = [c for c in place.cameras.cameras.values() if c.may_view and c.in_use][:2]
    for camera_of_turn in (one, other, one, other, one):
        stream.look(camera_of_turn, "rotation")
        qtbot.waitUntil(lambda: stream.viewing is not None)
    assert [look.camera_id for look in looks] == [one.id, other.id]
    assert all(look.ended_at is None for look in looks)
    place.cameras.rotation_is_over()
    qtbot.waitUntil(lambda: looks[1].ended_at is not None)
    assert looks[0].ended_at is None and stream.viewing == looks[0].id  # it is being looked at


def test_a_rotation_that_stays_away_for_long_is_over(stream, place, looks, qtbot):
    stream.look(camera(place), "rotation")
    qtbot.waitUntil(lambda: stream.viewing is not None)
    stream.stop()
    place.cameras.rotation_is_over(600.0)
    qtbot.wait(30)
    assert looks[0].ended_at is None
    place.cameras.rotation_is_over(0.0)
    qtbot.waitUntil(lambda: looks[0].ended_at is not None)


def test_while_the_sample_cameras_begin_one_look_waits_for_them(place, made, looks, tmp_path, qtbot):
    there = []

    def resolve(address, _home):
        if not there:
            raise ServerUnavailable("示例摄像机未在本机运行，稍后自动重连")
        return address

    def make(on_report, on_frame):
        made.append(FakeDecoder(on_report, on_frame))
        return made[-1]

    stream = CameraStream(place.backend, place.cameras, tmp_path, resolve, make)
    stream._looking_round.setInterval(10)
    stream.set_visible(True)
    stream.look(camera(place), "desk")
    qtbot.waitUntil(lambda: stream.report.state == LOST)
    qtbot.wait(100)
    assert len(looks) == 1 and made == []
    there.append(True)
    qtbot.waitUntil(lambda: bool(made and made[0].played))
    assert len(looks) == 1
    stream.close()


def test_a_look_that_two_windows_share_ends_with_the_second(place, stream, made, looks, tmp_path, qtbot):
    def make(on_report, on_frame):
        made.append(FakeDecoder(on_report, on_frame))
        return made[-1]

    second = CameraStream(place.backend, place.cameras, tmp_path, lambda address, _home: address, make)
    second.set_visible(True)
    second.set_size(SMALL)
    one = camera(place)
    for shown in (stream, second):
        shown.look(one, "rotation")
        qtbot.waitUntil(lambda shown=shown: shown.viewing is not None)
    assert len(looks) == 1 and stream.viewing == second.viewing
    stream.stop()
    place.cameras.rotation_is_over()
    qtbot.wait(30)
    assert looks[0].ended_at is None  # the other window still shows it
    second.stop()
    place.cameras.rotation_is_over()
    qtbot.waitUntil(lambda: looks[0].ended_at is not None)
    second.close()
