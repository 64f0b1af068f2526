"""周边: cameras near the selected case, looked through for it, kept as its evidence; never in the desk's way."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest
from PySide6.QtCore import Qt

from commandcenter.domain.errors import OutcomeUnknown, ServerUnavailable
from commandcenter.domain.video import LIVE, UNSUPPORTED
from commandcenter.video.demo.resolve import PORT_FILE
from tests.fakes.cameras import park_of
from tests.fakes.decoder import FakeDecoder
from tests.qt.ui.video_desk import half_minute, still
from ui.app.looks import Looks
from ui.app.preferences import Preferences
from ui.app.window import MainWindow
from ui.screens.desk.desk import DeskScreen
from ui.screens.video import evidence
from widgets.tones import Tone

HERE, ELSEWHERE, FAR = (116.4021, 39.9231), (116.4061, 39.9221), (116.60, 39.80)
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Counted:
    """The fake city's cameras, and what was asked of them."""

    def __init__(self, port):
        self.port, self.near_asked, self.evidence_asked = port, [], []

    def near(self, lon, lat, at_most):
        self.near_asked.append((lon, lat))
        return self.port.near(lon, lat, at_most)

    def evidence(self, case_id):
        self.evidence_asked.append(case_id)
        return self.port.evidence(case_id)

    def __getattr__(self, name):
        return getattr(self.port, name)


class NearDesk:
    """A desk whose cases lie among the cameras, and hands for it."""

    def __init__(self, place, city, qtbot):
        self.place, self.city, self.qtbot, self.park, self.made = place, city, qtbot, park_of(city), []
        (place.home / PORT_FILE).write_text("9", encoding="utf-8")
        place.make_decoder = self._make
        self.asked = place.backend.session.cameras = Counted(place.backend.session.cameras)
        self.read = []
        queries = place.backend.session.queries
        attachment = queries.attachment
        queries.attachment = lambda case_id, seq: (self.read.append((case_id, seq)), attachment(case_id, seq))[1]
        self.screen = DeskScreen(place)
        qtbot.addWidget(self.screen)
        self.screen.resize(1600, 900)
        self.screen.show()
        self.screen.activateWindow()
        place.live.begin()
        qtbot.waitUntil(lambda: self.screen.complete and self.screen.isActiveWindow(), timeout=10_000)

    def _make(self, on_report, on_frame):
        self.made.append(FakeDecoder(on_report, on_frame))
        return self.made[-1]

    @property
    def near(self):
        return self.screen.case.near

    @property
    def view(self):
        return self.near.view

    @property
    def row(self):
        return self.screen.case.file.row

    @property
    def stream(self):
        return self.view.deck.stream(0)

    def settle(self):
        """The cameras near the selected case are there."""
        self.qtbot.waitUntil(lambda: self.near.finder._case_id is not None and not self.near.finder.waiting
                             and not self.near._later.isActive(), timeout=10_000)

    def lines(self):
        return [(row.near.camera.name, round(row.near.metres)) for row in self.near.rows.rows]

    def key(self, key, held=Qt.KeyboardModifier.NoModifier):
        """A key where the keyboard is."""
        self.qtbot.keyClick(self.screen.focusWidget() or self.screen, key, held)

    def look(self):
        """V, and the picture is live."""
        self.settle()
        self.key(Qt.Key.Key_V)
        return self.live()

    def live(self):
        self.qtbot.waitUntil(lambda: self.stream is not None and self.stream.viewing is not None)
        decoder = self.stream._decoder
        decoder.say(LIVE)
        decoder.send(90)
        self.qtbot.waitUntil(lambda: self.stream.report.state == LIVE)
        decoder.picture = still()
        return decoder

    def next_case(self):
        """The next row of the queue, by its key."""
        before = self.screen.case.loader.shown
        self.screen.queue.table.setFocus()
        self.key(Qt.Key.Key_Down)
        self.qtbot.waitUntil(lambda: self.screen.case.loader.shown != before)

    def over(self):
        """Every look that was begun has its end."""
        self.qtbot.waitUntil(lambda: all(look.ended_at is not None for look in self.park.looks))

    def hears(self, *words):
        def said():
            return [f"{note.text} {note.detail}" for note in self.place.notices.notes()]
        self.qtbot.waitUntil(lambda: any(all(w in text for w in words) for text in said()), timeout=10_000)

    def kept(self, count=1):
        """So many shots of the case are told in its pane."""
        self.qtbot.waitUntil(lambda: len(self.near.lines.lines) == count, timeout=10_000)
        return self.near.lines.lines


def lay(city, *points):
    """Cases at these places in turn."""
    for number, record in enumerate(city.records.values()):
        lon, lat = points[number % len(points)]
        record.row = replace(record.row, lon=lon, lat=lat)


@pytest.fixture
def make_near(make_place, city, qtbot, monkeypatch):
    monkeypatch.setattr(evidence, "_AGAIN_S", (0.01, 0.01))
    made = []

    def make(*points, who="dispatcher"):
        lay(city, *(points or (HERE,)))
        made.append(NearDesk(make_place(city, who), city, qtbot))
        return made[-1]
    yield make
    for desk in made:
        desk.screen.keep_drafts()


@pytest.fixture
def desk(make_near):
    return make_near()


def played(decoder):
    return Path(url2pathname(urlsplit(decoder.played[-1].url).path))


# ---------------------------------------------------------------- what is near
def test_the_four_nearest_within_500_m_are_told_with_kind_distance_and_right(desk):
    desk.settle()
    told = desk.lines()
    assert len(told) == 4 and [metres for _, metres in told] == sorted(metres for _, metres in told)
    assert told[-1][1] <= 500 and desk.near.button.text() == f"▶ 4 路视频 · 最近 {told[0][1]} m"
    words = [row.accessibleName() for row in desk.near.rows.rows]
    assert all(any(kind.label in said for kind in desk.place.cameras.categories) for said in words)
    schools = [row for row in desk.near.rows.rows if not row.near.camera.may_view]
    assert [row.accessibleName().endswith("无权") for row in schools] == [True] * len(schools)
    assert desk.made == [] and desk.park.looks == []


def test_the_others_are_told_when_more_are_wanted(desk):
    desk.settle()
    assert desk.near.rows.more.text() == "更多 12"
    desk.near.rows.more.click()
    assert len(desk.near.rows.rows) == 16 and desk.near.rows.rows[-1].near.metres > 500
    assert desk.near.button.text().startswith("▶ 14 路视频")
    desk.near.rows.more.click()
    assert len(desk.near.rows.rows) == 4


def test_far_from_every_camera_it_says_so(make_near):
    desk = make_near(FAR)
    desk.settle()
    assert desk.near.rows.words.text() == "500 m 内没有摄像机" and desk.near.rows.rows == []
    assert desk.near.button.text() == "周边无视频" and not desk.near.button.isEnabled()
    desk.key(Qt.Key.Key_V)
    desk.hears("500 m 内没有摄像机")
    assert desk.park.looks == []


def test_a_case_without_coordinates_says_so_and_asks_nothing(make_near):
    desk = make_near((None, None))
    desk.qtbot.waitUntil(lambda: desk.near.button.text() == "案件无坐标")
    assert desk.near.rows.words.text() == "本案没有坐标，不能查找周边摄像机"
    desk.key(Qt.Key.Key_V)
    desk.hears("本案没有坐标")
    desk.qtbot.wait(400)  # longer than the selection has to rest
    assert desk.asked.near_asked == [] and not desk.view.open


def test_running_through_the_queue_asks_only_where_it_stops(make_near):
    desk = make_near(*((116.4021 + step / 1000, 39.9231) for step in range(40)))  # each case elsewhere
    desk.settle()
    desk.asked.near_asked.clear()
    rest = desk.near.finder._settle
    assert rest.interval() >= 200, "slower than a key that is held down"
    rest.setInterval(1500)  # the machine may be slower than a hand
    for _ in range(5):
        desk.next_case()
        desk.qtbot.waitUntil(lambda: desk.screen.case.file is not None, timeout=10_000)  # each file has been read
        assert desk.asked.near_asked == []
    desk.settle()
    assert desk.asked.near_asked == [(desk.row.lon, desk.row.lat)]
    assert desk.asked.evidence_asked == [] and desk.made == [] and desk.park.looks == []


def test_coming_back_to_a_case_asks_nothing_again(make_near):
    desk = make_near(HERE, ELSEWHERE)
    desk.settle()
    first = desk.lines()
    desk.next_case()
    desk.settle()
    desk.qtbot.waitUntil(lambda: len(desk.asked.near_asked) == len({HERE, (desk.row.lon, desk.row.lat)}))
    asked = len(desk.asked.near_asked)
    desk.key(Qt.Key.Key_Up)
    desk.settle()
    assert desk.lines() == first
    desk.qtbot.wait(400)
    assert len(desk.asked.near_asked) == asked


def test_a_change_of_the_case_elsewhere_asks_nothing_and_closes_nothing(desk, city):
    desk.look()
    record = city.records[desk.row.id]
    record.row = replace(record.row, version=record.row.version + 1, supervised=True)
    city.tell(frozenset({record.row.id}))
    desk.qtbot.waitUntil(lambda: desk.screen.case.file.row.supervised)
    assert desk.view.open and len(desk.park.looks) == 1 and desk.asked.near_asked == [HERE]


def test_nobody_who_sees_the_pane_nothing_is_asked(make_place, city, qtbot):
    lay(city, HERE)
    place = make_place(city)
    port = place.backend.session.cameras = Counted(place.backend.session.cameras)
    desk = DeskScreen(place)
    qtbot.addWidget(desk)
    place.live.begin()
    desk.open_case(next(iter(city.records)))
    qtbot.waitUntil(lambda: desk.case.file is not None, timeout=10_000)
    qtbot.wait(400)
    assert port.near_asked == [] and not place.cameras.ready
    desk.show()
    qtbot.waitUntil(lambda: port.near_asked == [HERE] and place.cameras.ready)


def test_a_question_that_failed_says_why_and_is_asked_again(desk):
    desk.settle()
    desk.near.finder._answers.clear()
    desk.asked.port.door.order(ServerUnavailable("数据库连接中断"))
    desk.near.finder.retry()
    desk.qtbot.waitUntil(lambda: "周边摄像机没有读出：数据库连接中断" in desk.near.rows.words.text())
    assert desk.near.button.text() == "周边视频未读出 · 重试" and desk.near.rows.retry.isVisibleTo(desk.near.rows)
    desk.near.button.click()
    desk.settle()
    desk.qtbot.waitUntil(lambda: len(desk.lines()) == 4)


# ---------------------------------------------------------------- looking
def test_v_opens_the_nearest_that_may_be_seen_and_the_look_is_recorded_for_the_case(desk):
    desk.look()
    near = next(row.near for row in desk.near.rows.rows if row.near.camera.may_view)
    (look,) = desk.park.looks
    assert (look.camera_id, look.purpose, look.case_id) == (near.camera.id, "case", desk.row.id)
    assert desk.view.isVisible() and desk.view.grid.hasFocus() and len(desk.made) == 1
    face = desk.view.grid.slots[0].face
    assert face.live and face.title == near.camera.name and face.note.endswith(f"{near.metres:,.0f} m")
    desk.key(Qt.Key.Key_V)
    desk.over()
    assert not desk.view.isVisible() and desk.screen.queue.table.hasFocus()


def test_v_pressed_before_the_cameras_are_there_opens_when_they_are(make_near):
    desk = make_near()
    desk.near.finder._answers.clear()
    desk.asked.port.door.close()
    desk.near.finder.retry()
    desk.key(Qt.Key.Key_V)
    assert not desk.view.open
    desk.asked.port.door.open()
    desk.qtbot.waitUntil(lambda: desk.view.open)


def test_a_row_clicked_is_looked_through(desk):
    desk.settle()
    index = next(k for k, row in reversed(list(enumerate(desk.near.rows.rows))) if row.near.camera.may_view)
    desk.qtbot.mouseClick(desk.near.rows.rows[index], Qt.MouseButton.LeftButton)
    desk.live()
    assert desk.park.looks[-1].camera_id == desk.near.rows.rows[index].near.camera.id


def test_figures_and_arrows_change_the_camera_and_dispatch_nothing(desk, city):
    desk.look()
    near = [row.near.camera for row in desk.near.rows.rows]
    may = [camera.id for camera in near if camera.may_view]
    states = {case_id: record.row.state for case_id, record in city.records.items()}
    place = next(k for k, camera in enumerate(near) if camera.id == may[-1])
    desk.key(Qt.Key(Qt.Key.Key_1 + place))
    assert desk.view.camera_id == may[-1]
    desk.key(Qt.Key.Key_Right)
    assert desk.view.camera_id == may[0]
    desk.key(Qt.Key.Key_Left)
    assert desk.view.camera_id == may[-1]
    desk.key(Qt.Key.Key_9)
    assert desk.view.camera_id == may[-1]
    desk.qtbot.waitUntil(lambda: sum(look.ended_at is None for look in desk.park.looks) <= 1)
    assert {case_id: record.row.state for case_id, record in city.records.items()} == states
    assert len(desk.made) == 1, "one decoder for all of them"


def test_back_in_the_queue_a_figure_dispatches_again(desk, city):
    desk.look()
    desk.key(Qt.Key.Key_Escape)
    desk.over()
    case_id = desk.row.id
    desk.key(Qt.Key.Key_1)
    desk.qtbot.waitUntil(lambda: city.row(case_id).state == "dispatched")


def test_esc_in_the_queue_closes_the_picture_before_it_clears_the_selection(desk):
    desk.look()
    desk.screen.queue.table.setFocus()
    desk.screen.step_back()
    assert not desk.view.open and desk.screen.queue.table.selected_keys()


def test_another_case_ends_the_look(make_near):
    desk = make_near(HERE, ELSEWHERE)
    decoder = desk.look()
    desk.next_case()
    assert not desk.view.open and not desk.view.isVisible() and decoder.stopped
    desk.over()
    desk.settle()
    assert len(desk.park.looks) == 1, "the next case opens nothing by itself"


def test_enter_and_a_double_click_want_all_that_may_be_seen_elsewhere(desk, qtbot):
    desk.look()
    with qtbot.waitSignal(desk.screen.cameras_wanted) as wanted:
        desk.key(Qt.Key.Key_Return)
    row, cameras = wanted.args
    assert row.id == desk.row.id and cameras == [
        (near.camera, near.metres) for near in desk.near.shown if near.camera.may_view
    ]
    assert not desk.view.open
    desk.over()
    desk.look()
    with qtbot.waitSignal(desk.screen.cameras_wanted):
        qtbot.mouseDClick(desk.view.grid.slots[0], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(desk.screen.cameras_wanted):
        qtbot.mouseDClick(desk.near.rows.rows[0], Qt.MouseButton.LeftButton)


def test_a_camera_that_is_not_for_this_person_says_so_without_a_question(make_near):
    desk = make_near(ELSEWHERE)
    desk.settle()
    desk.near.rows.more.click()
    index = next(k for k, row in enumerate(desk.near.rows.rows) if not row.near.camera.may_view)
    desk.qtbot.mouseClick(desk.near.rows.rows[index], Qt.MouseButton.LeftButton)
    face = desk.view.grid.slots[0].face
    assert face.status == "无权查看" and desk.park.looks == [] and desk.made == []
    assert not desk.view.shot.isEnabled()


def test_a_hidden_pane_decodes_nothing(desk):
    decoder = desk.look()
    desk.screen.hide()
    desk.qtbot.waitUntil(lambda: decoder.shown[-1] is False)
    desk.screen.show()
    desk.qtbot.waitUntil(lambda: decoder.shown[-1] is True)


def test_a_camera_taken_out_of_the_city_is_looked_through_no_more(desk):
    desk.look()
    del desk.park.cameras[desk.view.camera_id]
    desk.place.cameras.reload()
    desk.qtbot.waitUntil(lambda: not desk.view.open)
    desk.over()


def test_the_window_that_closes_leaves_no_decoder(desk):
    decoder = desk.look()
    desk.screen.keep_drafts()
    assert decoder.closed
    desk.over()


# ---------------------------------------------------------------- evidence
def test_a_still_appears_in_the_case_with_camera_time_and_the_databases_digest(desk, city):
    desk.look()
    camera = desk.place.cameras.cameras[desk.view.camera_id]
    desk.view.shot.click()
    (line,) = desk.kept()
    (shot,) = desk.park.evidence
    assert shot.case_id == desk.row.id and city.records[desk.row.id].attachments[-1].sha256 == shot.sha256
    words = f"摄像机 {camera.name} · {desk.near.shots.moment(shot)} · {shot.sha256[:8]}"
    assert desk.screen.case.evidence.photos()[-1].caption == words
    assert shot.sha256[:8] in line._facts.text() and camera.name in line._name.text()
    assert desk.view.open, "the look goes on"


def test_the_digest_is_reckoned_again_from_what_comes(desk, city):
    desk.look()
    desk.key(Qt.Key.Key_S, CONTROL)
    (line,) = desk.kept()
    line.check.click()
    desk.qtbot.waitUntil(lambda: line.result.text() == "✓ 一致")
    city.records[desk.row.id].contents[line.shot.seq] = b"another picture"
    line.check.click()
    desk.qtbot.waitUntil(lambda: line.result.text() == "× 不一致")
    assert line.result.property("tone") == Tone.OVERDUE.value
    desk.place.backend.session.queries.door.order(ServerUnavailable("数据库连接中断"))
    line.check.click()
    desk.qtbot.waitUntil(lambda: line.result.text() == "未校验" and line.check.isEnabled())


def test_evidence_whose_answer_was_lost_is_sent_again_and_kept_once(desk):
    desk.look()
    for error in (ServerUnavailable("数据库连接中断"), OutcomeUnknown("结果待确认")):
        desk.asked.port.door.order(error)
    desk.view.shot.click()
    desk.hears("抓拍已存入案件")
    desk.kept(1)
    assert len(desk.park.evidence) == 1


def test_a_case_switched_during_a_clip_keeps_what_was_recorded_of_it(make_near):
    desk = make_near(HERE, ELSEWHERE)
    decoder = desk.look()
    case_id, camera_id = desk.row.id, desk.view.camera_id
    desk.key(Qt.Key.Key_S, CONTROL | SHIFT)
    desk.qtbot.waitUntil(lambda: bool(decoder.clips))
    assert desk.view.clip.text() == "● 正在取证" and not desk.view.shot.isEnabled()
    desk.next_case()
    assert decoder.stopped and not desk.view.open
    decoder.clips.pop()(half_minute("画面中断，录像不足要求的时长（12 秒）"))  # what a recorder says that is stopped
    desk.hears("录像已存入案件", "12 秒")
    assert [(shot.case_id, shot.camera_id) for shot in desk.park.evidence] == [(case_id, camera_id)]
    assert desk.near.lines.lines == [] and desk.screen.case.loader.shown != case_id


def test_into_a_closed_case_nothing_is_taken(make_near, city):
    case_id = next(iter(city.records))
    city.records[case_id].row = replace(city.row(case_id), state="closed")
    desk = make_near()
    desk.screen.open_case(case_id)
    desk.qtbot.waitUntil(lambda: desk.screen.case.file is not None and desk.row.id == case_id)
    desk.look()
    assert not desk.view.shot.isEnabled() and desk.view.shot.toolTip() == "您现在不能为本案添加证据"
    desk.key(Qt.Key.Key_S, CONTROL)
    desk.hears("您现在不能为本案添加证据")
    assert desk.park.evidence == []


def test_which_shots_are_a_cameras_is_asked_again_when_the_server_is_back(desk):
    desk.look()
    desk.view.shot.click()
    desk.kept()
    desk.near.shots._known.clear()
    desk.asked.port.door.order(ServerUnavailable("数据库连接中断"))
    desk.near.shots.show(desk.screen.case.file)
    desk.qtbot.waitUntil(lambda: "取证登记没有读出" in desk.near.lines.problem.text())
    desk.place.live.state_changed.emit()
    desk.kept(1)
    assert desk.near.lines.problem.isHidden()


# ---------------------------------------------------------------- clips
@pytest.fixture
def clip(desk):
    """A clip of the case; its line."""
    decoder = desk.look()
    desk.key(Qt.Key.Key_S, CONTROL | SHIFT)
    desk.qtbot.waitUntil(lambda: bool(decoder.clips))
    decoder.clips.pop()(half_minute())
    return desk.kept()[0]


def opened(desk):
    """The decoder of the clip that is played, and its file."""
    desk.qtbot.waitUntil(lambda: len(desk.made) > 1 and bool(desk.made[-1].played))
    return desk.made[-1], played(desk.made[-1])


def test_a_clip_stands_among_the_photos_and_is_not_read_before_it_is_played(desk, clip):
    tile = desk.screen.case.evidence.photos()[-1]
    assert tile.caption.startswith("▶ 录像 摄像机 ") and tile.image is not None
    assert (desk.row.id, clip.shot.seq) not in desk.read
    assert all(photo.key != tile.key for photo in desk.screen.case.photos.photos()), "no photo for those who judge"


def test_a_clip_is_played_in_the_slot_from_a_private_file_that_is_gone_afterwards(desk, clip, city):
    desk.screen.case._open_photo(desk.screen.case.evidence.photos()[-1].key)
    decoder, file = opened(desk)
    desk.over()  # nobody looks through the camera meanwhile
    assert file.read_bytes() == city.records[desk.row.id].contents[clip.shot.seq]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    decoder.say(LIVE)
    desk.qtbot.waitUntil(lambda: desk.view.grid.slots[0].face.status == "录像回放")
    assert "实时" not in desk.view.grid.slots[0].face.status and desk.near.button.text() == "× 关闭录像"
    assert not desk.view.shot.isVisible()
    desk.key(Qt.Key.Key_Escape)
    assert decoder.closed and not file.exists() and not desk.view.open


def test_the_first_picture_of_a_clip_becomes_its_tile(desk, clip):
    before = desk.screen.case.evidence.photos()[-1].image
    clip.play.click()
    decoder, _ = opened(desk)
    decoder.say(LIVE)
    decoder.send(200)
    desk.qtbot.waitUntil(lambda: desk.screen.case.evidence.photos()[-1].image is not before)
    assert not desk.view.grid.slots[0].picture.isNull()


def test_from_a_clip_back_to_the_camera(desk, clip):
    clip.play.click()
    decoder, file = opened(desk)
    desk.key(Qt.Key.Key_1)
    assert decoder.closed and not file.exists() and desk.view.camera_id is not None
    desk.live()
    assert desk.view.grid.slots[0].face.live and desk.view.shot.isEnabled()


def test_a_clip_closed_before_it_has_come_leaves_nothing(desk, clip):
    door, made = desk.place.backend.session.queries.door, len(desk.made)
    door.close()
    clip.play.click()
    assert desk.view.grid.slots[0].face.words == "正在读取录像…"
    desk.key(Qt.Key.Key_Escape)
    door.open()
    desk.qtbot.waitUntil(lambda: desk.place.backend.running == 0 or door.waiting == 0)
    desk.qtbot.wait(50)
    assert len(desk.made) == made and list((desk.place.home / "clips").glob("*")) == []


def test_a_clip_that_cannot_be_read_or_played_says_why(desk, clip):
    desk.place.backend.session.queries.door.order(ServerUnavailable("数据库连接中断"))
    clip.play.click()
    desk.qtbot.waitUntil(lambda: desk.view.grid.slots[0].face.words == "数据库连接中断")
    clip.play.click()
    decoder, _ = opened(desk)
    decoder.say(UNSUPPORTED, "视频已损坏")
    desk.qtbot.waitUntil(lambda: desk.view.grid.slots[0].face.words == "视频已损坏")


def test_a_hidden_clip_decodes_nothing_and_a_closed_window_leaves_no_file(desk, clip):
    clip.play.click()
    decoder, file = opened(desk)
    desk.screen.hide()
    desk.qtbot.waitUntil(lambda: decoder.shown[-1] is False)
    desk.screen.keep_drafts()
    assert decoder.closed and not file.exists()


def test_a_full_disk_is_said_in_place(desk, clip, monkeypatch):
    def full(*_words, **_more):
        raise OSError(28, "No space left on device")
    monkeypatch.setattr("ui.screens.desk.clip_player.tempfile.mkstemp", full)
    clip.play.click()
    desk.qtbot.waitUntil(lambda: "本机不能存放录像" in desk.view.grid.slots[0].face.words)


def test_files_that_a_dead_program_left_are_swept(desk, clip):
    left = desk.place.home / "clips" / "left.mp4"
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"old")
    os.utime(left, (0, 0))
    clip.play.click()
    opened(desk)
    assert not left.exists()


# ---------------------------------------------------------------- with the other screen
def test_all_of_them_open_on_the_video_screen_for_this_case(make_place, city, qtbot, qapp):
    lay(city, HERE)
    place = make_place(city)
    (place.home / PORT_FILE).write_text("9", encoding="utf-8")
    place.make_decoder = FakeDecoder
    preferences = Preferences(place.home)
    window = MainWindow(place, Looks(qapp, preferences), preferences)
    qtbot.addWidget(window)
    window.resize(1600, 900)
    window.show()
    place.live.begin()
    near = window.desk.case.near
    qtbot.waitUntil(lambda: window.desk.complete and near.finder.words == "", timeout=10_000)
    near.toggle()
    qtbot.waitUntil(lambda: near.view.deck.stream(0).viewing is not None)
    near.view.all.click()
    may = [one for one in near.shown if one.camera.may_view]
    qtbot.waitUntil(lambda: sum(look.ended_at is None for look in park_of(city).looks) == len(may), timeout=10_000)
    assert window.shown.objectName() == "video" and not near.view.open
    watched = window.shown.deck.watched
    assert [watched[slot].camera.id for slot in sorted(watched)] == [one.camera.id for one in may]
    assert {look.case_id for look in park_of(city).looks} == {window.desk.case.file.row.id}
    window.close()


def test_a_tile_clicked_plays(desk, clip):
    thumb = desk.screen.case.evidence._thumbs[-1]
    desk.screen.case._area.ensureWidgetVisible(thumb)
    desk.qtbot.mouseClick(thumb, Qt.MouseButton.LeftButton)
    opened(desk)
    assert desk.near.button.text() == "× 关闭录像"
