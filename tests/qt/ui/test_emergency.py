"""应急: one key turns every window to the event; decisions and teams appear; ending brings everybody back."""

from dataclasses import replace
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt

from commandcenter.domain.emergency import EmergencyPlace
from tests.fakes.decoder import FakeDecoder
from tests.fakes.emergencies import book_of
from tests.fakes.session import PEOPLE, FakeSession
from ui.app.looks import Looks
from ui.app.preferences import Preferences
from ui.app.verbs import VerbError
from ui.app.window import MainWindow
from ui.models.emergency_words import since_words, title_of
from ui.screens.emergency.screen import EmergencyScreen


@pytest.fixture
def city(city):
    for record in city.records.values():
        record.row = replace(record.row, lon=116.41, lat=39.92)
    return city


@pytest.fixture
def open_window(make_place, city, qapp, qtbot, tmp_path):
    """open_window(role): a window that shows everything."""
    made = []

    def make(role="all", post="dispatch"):
        place = make_place(city, role)
        place.make_decoder = FakeDecoder
        preferences = Preferences(tmp_path)
        window = MainWindow(place, Looks(qapp, preferences), preferences, post)
        qtbot.addWidget(window)
        window.resize(1600, 900)
        window.show()
        place.live.begin()
        qtbot.waitUntil(lambda: window.desk.complete and place.emergency.ready, timeout=10_000)
        made.append(window)
        return window
    yield make
    for window in made:
        window.wall.end()
        window.close()


def filed(city):
    return next(r.row for r in city.records.values() if r.row.state == "filed")


def screen(window):
    assert isinstance(window.shown, EmergencyScreen)
    return window.shown


def test_one_key_of_a_supervisor_turns_all_windows_to_the_selected_case(open_window, city, qtbot):
    supervisor, dispatcher = open_window("all"), open_window("dispatcher")
    supervisor.activateWindow()
    row = filed(city)
    supervisor.open_case(row.id)
    qtbot.waitUntil(lambda: [r.id for r in supervisor.desk.queue.selected_rows()] == [row.id])
    supervisor.alarm.press()
    for window in (supervisor, dispatcher):
        qtbot.waitUntil(lambda w=window: w.screen_name == "emergency")
        assert screen(window).event.case_id == row.id
        assert title_of(screen(window).event, window.place.words) in window.alarm.strip.text()
        assert window.alarm.strip.isVisible()
    assert not screen(dispatcher).end_it.isVisible() and screen(supervisor).end_it.isVisible()


def test_the_key_itself_reaches_every_screen(open_window, city, qtbot):
    window = open_window("all")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    row = filed(city)
    window.open_case(row.id)
    qtbot.waitUntil(lambda: [r.id for r in window.desk.queue.selected_rows()] == [row.id])
    qtbot.keyClick(window, Qt.Key.Key_F12)
    qtbot.waitUntil(lambda: window.screen_name == "emergency")


def test_a_decision_typed_and_a_team_called_stand_in_the_log_and_among_the_teams(open_window, city, qtbot):
    window = open_window("all")
    window.alarm.begin(EmergencyPlace(case_id=filed(city).id))
    qtbot.waitUntil(lambda: window.screen_name == "emergency")
    shown = screen(window)
    shown.words.setText("封闭路口")
    qtbot.keyClick(shown.words, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [e.text for e in shown.log.entries()][0] == "封闭路口")
    assert shown.words.text() == ""
    window.verbs.run("调派 城管委")
    qtbot.waitUntil(lambda: len(shown.teams.rows) == 1)
    assert shown.teams.rows[0].state.text() == "已调派"
    shown.teams.rows[0].moved.emit("on_way")
    qtbot.waitUntil(lambda: shown.teams.rows[0].state.text() == "在途")
    assert len(book_of(city).logs[1]) == 4


def test_ending_brings_everybody_back_to_where_they_were(open_window, city, qtbot):
    window = open_window("all")
    window.show_screen("whistle")
    window.alarm.begin(EmergencyPlace(case_id=filed(city).id))
    qtbot.waitUntil(lambda: window.screen_name == "emergency")
    shown = screen(window)
    shown.ask_end()
    shown.words.setText("险情排除")
    qtbot.keyClick(shown.words, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.screen_name == "whistle" and not window.alarm.strip.isVisible())
    window.show_screen("emergency")
    qtbot.waitUntil(lambda: shown.past.list.count() == 1 and bool(shown.past.trace.entries()))
    assert shown.past.trace.entries()[0].text == "险情排除"


def test_the_strip_leads_back_to_work_and_in_again(open_window, city, qtbot):
    window = open_window("all")
    window.alarm.begin(EmergencyPlace(case_id=filed(city).id))
    qtbot.waitUntil(lambda: window.screen_name == "emergency")
    window.alarm.strip.action_triggered.emit()
    assert window.screen_name == "dispatch" and window.alarm.strip.isVisible()
    window.alarm.strip.action_triggered.emit()
    assert window.screen_name == "emergency"


def test_who_comes_later_sees_the_strip_but_is_not_taken_from_his_screen(open_window, city, qtbot):
    first = open_window("all")
    first.alarm.begin(EmergencyPlace(case_id=filed(city).id))
    qtbot.waitUntil(lambda: first.place.emergency.current is not None)
    second = open_window("handler")
    qtbot.waitUntil(lambda: second.alarm.strip.isVisible())
    assert second.screen_name == "dispatch"


def test_what_could_not_be_written_down_stays_typed(open_window, city, qtbot):
    window = open_window("all")
    window.alarm.begin(EmergencyPlace(case_id=filed(city).id))
    qtbot.waitUntil(lambda: window.screen_name == "emergency")
    feed = window.place.backend.session.feed
    feed.held = True
    qtbot.waitUntil(lambda: feed._jobs.empty() and not window.place.emergency._reading)  # a look under way sees the end
    FakeSession(city, PEOPLE["all"]).emergencies.end(uuid4(), 1)
    typed = screen(window)
    typed.words.setText("疏散二层")
    typed.decide("疏散二层")
    qtbot.waitUntil(lambda: any("没有记下" in note.text for note in window.place.notices.notes()))
    assert typed.words.text() == "疏散二层"
    qtbot.waitUntil(lambda: window.screen_name != "emergency")  # the refusal told of the end
    window.show_screen("emergency")
    assert screen(window).words.text() == "疏散二层", "still there for who looks again"


@pytest.mark.parametrize(("role", "typed", "says"), [
    ("dispatcher", "应急 2378", "只有值班长"), ("all", "应急 99999999", "没有 99999999"),
    ("all", "应急 天,地", "116.41"),
    ("all", "决定", "例"), ("all", "决定 封路", "现在没有应急"), ("all", "结束应急", "现在没有应急"),
])  # fmt: skip
def test_a_mistyped_word_says_what_to_type(open_window, role, typed, says):
    with pytest.raises(VerbError, match=says):
        open_window(role).verbs.run(typed)


def test_the_clock_since_the_beginning():
    assert [since_words(0, t) for t in (-5, 0, 61, 3661, 90_061)] == [
        "00:00:00", "00:00:00", "00:01:01", "01:01:01", "25:01:01"]  # fmt: skip
