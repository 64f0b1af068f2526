"""Reminders of whistles, meetings and tasks stand beside those of cases, lead to their matter and are taken on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from commandcenter.domain.notices import NEAR_LIMIT
from tests.fakes.city import ZONE
from tests.fakes.joint_evening import the_evening
from tests.fakes.joint_notices import remind_of
from tests.fakes.notices import remind
from ui.app.looks import Looks
from ui.app.preferences import Preferences
from ui.app.reminder_toast import what_to_do
from ui.app.window import MainWindow
from ui.models.reminder_columns import reminder_columns
from widgets.tones import Tone


@pytest.fixture
def town(city):
    return the_evening(city)


@pytest.fixture
def window(make_place, qapp, qtbot, tmp_path, city, town):
    preferences = Preferences(tmp_path)
    place = make_place(city, "dispatcher")
    made = MainWindow(place, Looks(qapp, preferences), preferences)
    qtbot.addWidget(made)
    made.resize(1600, 900)
    made.show()
    place.live.begin()
    qtbot.waitUntil(lambda: made.desk.complete and place.reminders.ready, timeout=10_000)
    return made


@pytest.fixture
def whistle(town):
    return next(record.row for record in town.summons.values() if record.row.state == "issued")


def cells(window, notice):
    """What the columns say, by their key."""
    place = window.place
    columns = reminder_columns(place.words, place.work_time, place.live.row)
    return {column.key: column.text(notice) for column in columns if column.text is not None}, columns


def test_a_call_of_a_whistle_shows_at_once(window, city, whistle, qtbot):
    notice = remind_of(city, whistle, role="dispatcher", words="请在 30 分钟内响应", due=city.now + 600)
    qtbot.waitUntil(lambda: bool(window.place.reminders.held))
    assert window.bar.bell.text().endswith("提醒 1")
    texts, columns = cells(window, window.place.reminders.held[notice.id])
    assert texts["kind"] == "◆ 待响应"
    assert texts["title"] == "吹哨"
    assert texts["no"] == whistle.no.rpartition("-")[2]
    shown = next(column for column in window.reminders.list.model().columns if column.key == "title")
    assert shown.text(window.place.reminders.held[notice.id]) == f"吹哨 {whistle.title}"
    left = next(column for column in columns if column.key == "left").live(notice, city.now)
    assert (left.text, left.tone) == ("00:10:00", Tone.NORMAL)


def test_one_without_a_limit_says_so_and_stands_last(window, city, whistle, qtbot):
    free = remind_of(city, whistle, "to_close", "dispatcher")
    limited = remind_of(city, whistle, "to_act", "dispatcher", due=city.now + 60)
    qtbot.waitUntil(lambda: len(window.place.reminders.held) == 2)
    column = next(c for c in cells(window, free)[1] if c.key == "left")
    assert column.live(free, city.now).text == "不限"
    assert sorted((free, limited), key=column.sort_key) == [limited, free]


def test_it_leads_to_its_matter_and_a_case_to_the_desk(window, city, whistle, qtbot):
    matters, cases = [], []
    window.reminders.matter_wanted.connect(lambda *told: matters.append(told))
    window.reminders.case_wanted.connect(cases.append)
    about_whistle = remind_of(city, whistle, role="dispatcher")
    row = next(r.row for r in city.records.values() if r.row.state == "filed")
    about_case = remind(city, row, NEAR_LIMIT)
    qtbot.waitUntil(lambda: len(window.place.reminders.held) == 2)
    for notice in (about_whistle, about_case):
        window.reminders.open()
        window.reminders._open(notice.id)
    assert matters == [("summons", whistle.id)]
    assert cases == [row.id]


def test_it_is_taken_on_like_any_other(window, city, whistle, qtbot):
    remind_of(city, whistle, role="dispatcher")
    qtbot.waitUntil(lambda: bool(window.place.reminders.held))
    window.reminders.acknowledge(window.place.reminders.mine)
    qtbot.waitUntil(lambda: not window.place.reminders.held)
    assert len(city.acknowledged) == 1


@pytest.mark.parametrize("kind", ["to_attend", "to_do"])
def test_a_meeting_in_an_hour_is_in_an_hour_also_at_night(window, city, town, qtbot, kind):
    night = datetime(2025, 6, 18, 21, tzinfo=ZONE).timestamp()
    meeting = next(record.row for record in town.meetings.values())
    notice = replace(remind_of(city, meeting, kind, "dispatcher", due=night + 3600), clock="hours")
    left = next(column for column in cells(window, notice)[1] if column.key == "left")
    assert left.live(notice, night).text == "01:00:00"
    # By office hours an hour of this is left: the meeting is on Saturday.
    weekend = replace(notice, due=datetime(2025, 6, 21, 9, tzinfo=ZONE).timestamp())
    assert left.live(weekend, datetime(2025, 6, 20, 19, tzinfo=ZONE).timestamp()).text == "14:00:00"


def test_an_answer_due_at_an_appointed_hour_outside_office_hours_is_as_far_as_the_hour(window, city, whistle):
    night = datetime(2025, 6, 18, 21, tzinfo=ZONE).timestamp()
    notice = replace(remind_of(city, whistle, due=night + 600), clock="hours")
    left = next(column for column in cells(window, notice)[1] if column.key == "left")
    assert left.live(notice, night).text == "00:10:00"
    task = replace(notice, due=datetime(2025, 6, 19, 10, tzinfo=ZONE).timestamp())
    assert left.live(task, night).text == "02:00:00", "what office hours made counts them"


@pytest.mark.parametrize(("kind", "chip", "deed"), [
    ("to_sign", "◆ 待签发", "签发"), ("to_confirm", "◆ 待确认", "确认"), ("to_close", "◆ 待办结", "办结"),
    ("to_arrive", "◆ 待报到", "报到"),
])
def test_an_orders_reminders_speak_its_words(window, city, town, kind, chip, deed):
    order = next(record.row for record in town.summons.values() if record.row.kind == "order")
    notice = remind_of(city, order, kind, "dispatcher")
    assert cells(window, notice)[0]["kind"] == chip
    assert what_to_do(notice) == f"{deed}联合执法 {order.no}"
