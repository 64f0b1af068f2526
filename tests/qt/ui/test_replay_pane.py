"""回放 at the map desk: another moment on map, queues and orders; nothing acts; the live pictures go on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from commandcenter.domain.errors import ServerUnavailable
from commandcenter.ports_joint import JointRows
from commandcenter.ports_replay import CaseChange
from tests.qt.ui.map_desk import Desk, scatter
from tests.unit.replay.test_replay_picture import whistle
from ui.models.map_marks import CASES
from ui.screens.replay.pane import ReplayPane
from ui.screens.replay.side import JOINT

HOUR = 3_600.0


class Replayed(Desk):
    """A map desk with a replay over cases that arrived one by one."""

    def __init__(self, make_place, city, qtbot):
        super().__init__(make_place, city, qtbot)
        self.now = city.now
        self.source = self.place.backend.session.replay
        rows = self.rows()
        self.before, self.coming = rows[:10], rows[10:]
        self.source.start = list(self.before)
        moments = [self.now - 30 * 60 + 10 * number for number in range(len(self.coming))]
        self.source.changes = [
            CaseChange(at, row.id, replace(row, changed_at=at)) for at, row in zip(moments, self.coming, strict=True)
        ]
        self.pane = getattr(self.screen, "replay", None) or ReplayPane(self.place, self.screen)
        self.bar, self.replay = self.pane.bar, self.pane.replay

    def open(self, at=None):
        self.pane.open(at)
        self.settled()

    def settled(self):
        self.until(lambda: self.replay.cases.ready and not self.replay.loading)
        self.until(lambda: self.pane.side is not None and self.pane.side.cases._filling is None)
        self.until(lambda: not self.screen.cases.filling)

    def shown(self):
        return set(self.replay.cases.picture.rows)

    def counts(self):
        return {item.key: item.count for item in self.pane.side.queues._model.items}


@pytest.fixture
def desk(make_place, city, qtbot):
    scatter(city)
    return Replayed(make_place, city, qtbot)


def test_it_begins_an_hour_ago_with_what_was_open_then(desk):
    desk.open()
    assert desk.replay.clock.now() == desk.now - HOUR
    assert desk.shown() == {row.id for row in desk.before}
    assert desk.screen.replaying and desk.screen.cases.source is desk.replay.cases


def test_queues_count_what_was_then_and_list_it(desk):
    desk.open()
    side = desk.pane.side
    filed = {row.id for row in desk.before if row.state == "filed"}
    assert desk.counts()["filed"] == len(filed) and side.isVisible()
    side.queues.select("filed")
    desk.settled()
    assert set(side.cases.model().keys()) == filed


def test_the_first_queue_with_cases_is_listed_until_another_is_chosen(desk):
    desk.source.start = [row for row in desk.before if row.state == "in_progress"]
    assert desk.source.start and desk.place.queues[0].key != "running"
    desk.open()
    side = desk.pane.side
    assert side.queues.selected_key() == side.cases.queue and desk.counts()[side.cases.queue]
    side.queues.select(JOINT)
    desk.replay.jump(desk.now)
    desk.settled()
    assert side.queues.selected_key() == JOINT


def test_below_a_large_card_on_a_small_screen_the_list_keeps_its_room(desk):
    desk.screen.resize(1366, 668)
    desk.open()
    desk.screen.picking.pick(CASES, desk.before[0].id)
    desk.until(lambda: desk.screen.card.isVisible())
    side = desk.pane.side
    desk.until(lambda: side.cases.height() >= 0.4 * side._halves.height())
    desk.until(lambda: side.queues.viewport().rect().contains(
        side.queues.visualRect(side.queues.currentIndex()).center()))


def test_a_jump_shows_another_moment_and_back_again(desk):
    desk.open()
    desk.replay.jump(desk.now)
    desk.settled()
    assert desk.shown() == {row.id for row in desk.rows()}
    desk.replay.jump(desk.now - HOUR)
    desk.settled()
    assert desk.shown() == {row.id for row in desk.before}


def test_of_many_moments_dragged_over_the_last_is_shown(desk):
    desk.open()
    for minutes in range(59, 0, -1):
        desk.bar.sought.emit(desk.now - minutes * 60)
    desk.settled()
    assert desk.replay.clock.now() == desk.now - 60 and desk.shown() == {row.id for row in desk.rows()}
    assert len([one for one in desk.source.asked if one[0] == "cases_at"]) < 20


def test_playing_lets_it_happen_case_by_case_and_the_lists_follow(desk):
    desk.open(desk.now - 31 * 60)
    told = []
    desk.replay.cases.changed.connect(lambda change: told.append({row.id for row in change.upserted}))
    desk.replay.set_speed(600)
    desk.replay.play()
    desk.until(lambda: desk.shown() == {row.id for row in desk.rows()})
    assert set().union(*told) == {row.id for row in desk.coming}
    running = {row.id for row in desk.rows() if row.state in ("dispatched", "in_progress", "suspended")}
    assert desk.counts()["running"] == len(running)
    assert desk.bar.play.text() == "暂停" or desk.replay.clock.over


def test_the_end_of_what_happened_stops_the_play(desk):
    desk.open(desk.now - 40)
    desk.replay.set_speed(600)
    desk.replay.play()
    desk.until(lambda: not desk.replay.clock.playing)
    assert desk.replay.clock.now() == desk.now and desk.bar.note.text() == "已到回放的末尾"


def test_space_plays_and_pauses_from_the_bar(desk):
    desk.open()
    desk.key(Qt.Key.Key_Space, on=desk.bar.track)
    assert desk.replay.clock.playing and desk.bar.play.text() == "暂停"
    desk.key(Qt.Key.Key_Space, on=desk.bar.track)
    assert not desk.replay.clock.playing


def test_it_is_marked_as_a_replay_with_its_moment(desk):
    desk.open()
    side = desk.pane.side
    assert side._mark.text() == "回放" and "不能办理" in side.hint.text()
    assert side.moment.text() == f"{desk.city.at(desk.now - HOUR):%Y-%m-%d 周三 %H:%M:%S}"
    assert desk.bar.mark.text() == "回放"


def test_nothing_can_be_done_from_it(desk):
    desk.open()
    assert not any(button.isEnabled() for button in desk.screen.list.joint.values())
    assert not desk.pane.side.cases.dragEnabled() and not desk.pane.side.joint.dragEnabled()


def test_the_present_goes_on_behind_it(desk):
    desk.open()
    row = desk.before[0]
    desk.city.records[row.id].row = replace(row, version=row.version + 1, supervised=True, changed_at=desk.now)
    desk.city.tell(cases=frozenset([row.id]))
    desk.until(lambda: desk.place.live.picture.rows[row.id].supervised)
    assert not desk.replay.cases.picture.rows[row.id].supervised


def test_escape_comes_back_to_the_present(desk):
    desk.open()
    desk.key(Qt.Key.Key_Escape, on=desk.bar.track)
    assert not desk.screen.replaying and not desk.bar.isVisible() and not desk.pane.side.isVisible()
    assert not desk.shown()
    desk.open()
    assert desk.shown() == {row.id for row in desk.before}


def test_whistles_of_then_are_listed(desk):
    case = desk.before[0].id
    desk.source.joint_start = JointRows((replace(whistle(9, (case,)), no="CS-20250618-0009", title="占道经营",
                                                 street_id=desk.before[0].street_id),))  # fmt: skip
    desk.open()
    assert desk.counts()["whistled"] == 1 and desk.counts()[JOINT] == 1
    desk.pane.side.queues.select(JOINT)
    assert desk.pane.side.joint.isVisible() and desk.pane.side.joint.model().keys() == [9]


def test_a_server_that_does_not_answer_is_said_and_asked_again(desk):
    desk.open()
    desk.source.failure = ServerUnavailable("连不上数据库服务器")
    desk.replay.jump(desk.now - 2 * HOUR)
    desk.until(lambda: "连不上" in desk.bar.note.text())
    desk.source.failure = None
    desk.settled()
    assert desk.replay.clock.now() == desk.now - 2 * HOUR and "在办" in desk.bar.note.text()


def test_out_of_sight_it_stands_still(desk):
    desk.open()
    desk.replay.play()
    desk.screen.hide()
    assert not desk.replay.clock.playing


def test_a_new_directory_lists_by_its_names(desk):
    desk.open()
    before = desk.pane.side
    desk.place.words_changed.emit()
    desk.settled()
    side = desk.pane.side
    assert side is not before and side.isVisible()
    assert set(side.cases.model().keys()) == {row.id for row in desk.before if row.state == side.cases.queue}
