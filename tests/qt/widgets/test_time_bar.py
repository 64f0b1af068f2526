"""The bar of a replay: by hand, by keys, by typing; marks at whole days; nothing is told that nobody wanted."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest

from widgets.time_bar import TimeBar
from widgets.time_scale import TimeScale
from widgets.typed_moment import parse_moment

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 15, 0, 0, tzinfo=ZONE)
SINCE = NOW - timedelta(days=90)


def at(words: str) -> float:
    return datetime.fromisoformat(words).replace(tzinfo=ZONE).timestamp()


@pytest.fixture
def bar(qtbot):
    made = TimeBar(ZONE, (1, 10, 60, 300, 600))
    qtbot.addWidget(made)
    made.set_limits(SINCE.timestamp(), NOW.timestamp())
    made.set_moment(at("2026-11-20 14:30:00"))
    made.resize(1000, 100)
    made.show()
    made.activateWindow()
    made.track.setFocus()
    qtbot.waitUntil(made.track.hasFocus)
    return made


@pytest.fixture
def sought(bar):
    told = []
    bar.sought.connect(told.append)
    return told


@pytest.mark.parametrize(("key", "shift", "moved"), [
    (Qt.Key.Key_Left, False, -60), (Qt.Key.Key_Right, False, 60), (Qt.Key.Key_Left, True, -3_600),
    (Qt.Key.Key_Right, True, 3_600), (Qt.Key.Key_PageUp, False, -86_400), (Qt.Key.Key_PageDown, False, 86_400),
])  # fmt: skip
def test_keys_move_by_a_minute_an_hour_a_day(bar, sought, key, shift, moved):
    before = bar.track.moment
    QTest.keyClick(bar.track, key, Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier)
    assert sought == [before + moved] and bar.track.moment == before + moved


def test_home_and_end_are_the_limits_and_nothing_lies_beyond(bar, sought):
    QTest.keyClick(bar.track, Qt.Key.Key_End)
    QTest.keyClick(bar.track, Qt.Key.Key_PageDown)
    QTest.keyClick(bar.track, Qt.Key.Key_Home)
    QTest.keyClick(bar.track, Qt.Key.Key_Left)
    assert sought == [NOW.timestamp(), SINCE.timestamp()]


def test_space_plays_and_escape_leaves(bar, qtbot):
    with qtbot.waitSignal(bar.play_toggled):
        QTest.keyClick(bar.track, Qt.Key.Key_Space)
    with qtbot.waitSignal(bar.left):
        QTest.keyClick(bar.track, Qt.Key.Key_Escape)


def test_a_click_and_a_drag_go_where_the_hand_is(bar, sought):
    track, middle = bar.track, bar.track.height() // 2
    QTest.mousePress(track, Qt.MouseButton.LeftButton, pos=QPoint(track.width() // 2, middle))
    half = SINCE + timedelta(days=45)
    assert abs(sought[-1] - half.timestamp()) < 86_400 / 4
    QTest.mouseMove(track, QPoint(5_000, middle))
    QTest.mouseRelease(track, Qt.MouseButton.LeftButton, pos=QPoint(5_000, middle))
    assert sought[-1] <= NOW.timestamp()


def test_the_wheel_looks_closer_and_the_moment_under_the_pointer_stays(bar, sought):
    track = bar.track
    place = QPointF(track.width() * 0.75, 20)
    before = track.scale.moment(track._x(place.x()))
    wheel = QWheelEvent(place, track.mapToGlobal(place), QPoint(), QPoint(0, 480), Qt.MouseButton.NoButton,
                        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    track.wheelEvent(wheel)
    assert track.scale.span < 90 * 86_400 / 2 and abs(track.scale.moment(track._x(place.x())) - before) < 60
    assert sought == []


def test_the_moment_stays_in_sight_when_time_goes_on(bar):
    bar.track.zoom(100)
    bar.set_moment(bar.track.moment - 10 * 86_400)
    assert bar.track.scale.left <= bar.track.moment <= bar.track.scale.right


@pytest.mark.parametrize(("typed", "meant"), [
    ("11-19 08:05", "2026-11-19 08:05:00"), ("2026-10-01 00:00:01", "2026-10-01 00:00:01"),
    ("9:15", "2026-11-20 09:15:00"),
    ("-2小时", "2026-11-20 12:30:00"), ("10月8日", "2026-10-08 00:00:00"),
])  # fmt: skip
def test_a_moment_can_be_typed(bar, sought, typed, meant):
    bar.time.setFocus()
    bar.time.selectAll()
    QTest.keyClicks(bar.time, typed) if typed.isascii() else bar.time.setText(typed)
    QTest.keyClick(bar.time, Qt.Key.Key_Return)
    assert sought == [at(meant)] and bar.time.text() == meant


@pytest.mark.parametrize("typed", ["昨天", "25:00", "2-30", "2026-01-01"])
def test_what_cannot_be_gone_to_is_said_and_not_told(bar, sought, typed):
    bar.time.setText(typed)
    QTest.keyClick(bar.time, Qt.Key.Key_Return)
    assert sought == [] and bar.note.text() and bar.time.property("invalid")
    QTest.keyClicks(bar.time, "1")
    assert not bar.time.property("invalid") and bar.note.text() == ""


def test_a_time_that_is_being_typed_is_not_overwritten_by_the_play(bar):
    bar.time.setFocus()
    bar.time.selectAll()
    QTest.keyClicks(bar.time, "11-1")
    bar.set_moment(bar.track.moment + 60)
    assert bar.time.text() == "11-1"


def test_speed_and_play_are_told_once_by_the_hand_and_shown_without_telling(bar, qtbot):
    told = []
    bar.speed_chosen.connect(told.append)
    bar.set_playing(True, 60)
    assert (bar.play.text(), bar.speed.currentText(), told) == ("暂停", "60×", [])
    bar.speed.setCurrentIndex(4)
    bar.speed.activated.emit(4)
    assert told == [600.0]


def test_bars_hold_everything_that_happened(bar):
    bar.set_density([(at("2026-11-01 08:00:00") + 3_600 * hour, 10 + hour) for hour in range(40)])
    everything = sum(10 + hour for hour in range(40))
    assert sum(one.much for one in bar.track._bars()) == everything
    bar.set_moment(at("2026-11-02 04:00:00"))
    bar.track.zoom(20)
    close = bar.track._bars()
    assert len(close) == 40 and sum(one.much for one in close) == everything
    hour = bar.track.scale.x(at("2026-11-01 09:00:00")) - bar.track.scale.x(at("2026-11-01 08:00:00"))
    assert all(abs(one.right - one.left - hour) < 0.01 for one in close)


def test_the_mark_is_seen_whole_at_both_ends(bar):
    for moment in (SINCE.timestamp(), NOW.timestamp()):
        bar.set_moment(moment)
        edge, x = bar.track._edge(), bar.track.scale.x(moment)
        assert edge + x - edge + 1 > 0 and edge + x + edge <= bar.track.width() + 1


def test_marks_are_whole_days_and_closer_whole_hours():
    whole = TimeScale.whole(SINCE.timestamp(), NOW.timestamp(), 1_000)
    ticks = whole.ticks(ZONE, 60)
    assert ticks and all(tick.strong for tick in ticks)
    assert min(b.x - a.x for a, b in zip(ticks, ticks[1:], strict=False)) >= 60
    close = whole.zoomed(400, at("2026-11-20 14:30:00")).ticks(ZONE, 60)
    assert {tick.text for tick in close} >= {"14:00", "15:00"} or any(tick.text.endswith(":00") for tick in close)


def test_marks_stay_on_their_days_when_the_track_is_moved():
    whole = TimeScale.whole(SINCE.timestamp(), NOW.timestamp(), 1_000)
    later = whole.within(SINCE.timestamp() + 86_400, NOW.timestamp() + 86_400)
    shared = {tick.text for tick in whole.ticks(ZONE, 60)} & {tick.text for tick in later.ticks(ZONE, 60)}
    assert len(shared) >= len(whole.ticks(ZONE, 60)) - 1


def test_a_date_that_has_not_come_this_year_is_of_the_last():
    found = parse_moment("12-24 18:00", NOW, NOW)
    assert found == datetime(2025, 12, 24, 18, 0, tzinfo=ZONE)
