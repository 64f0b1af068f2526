"""Workers on the map, who move with the feed; their tracks; whistles; search; heat; another moment; what is kept."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, Signal

from commandcenter.domain.errors import NotAllowed, ServerUnavailable
from commandcenter.domain.map import TrackPoint
from commandcenter.geo import to_plane
from commandcenter.live.picture import LivePicture, PictureChange
from tests.fakes.directory import org_id
from tests.fakes.joint_evening import the_evening
from tests.fakes.photos import street_png
from tests.qt.ui.map_desk import Desk, scatter
from ui.models.map_areas import STREET, TOP
from ui.models.map_found import AREA, CAMERA, WORKER
from ui.models.map_marks import CAMERAS, CASES, WHISTLES, WORKERS
from ui.screens.map.layers_pane import CAMERA_LAYER, HEAT, WORKER_LAYER

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(make_place, city, qtbot):
    scatter(city)
    return Desk(make_place, city, qtbot)


def first(desk):
    return next(iter(desk.town.workers.values()))


# ---------------------------------------------------------------- workers
def test_whoever_moves_is_asked_after_by_street_and_only_then(desk):
    port, worker = desk.place.backend.session.map, first(desk)
    assert set(desk.markers(WORKERS)) == set(desk.town.workers) and set(port.asked) == {None}
    port.asked.clear()
    desk.town.workers[worker.worker_id] = replace(worker, lon=worker.lon + 0.001, at=worker.at + 3)
    desk.feed.push(positions=frozenset({worker.street_id}))
    wanted = to_plane([(worker.lon + 0.001, worker.lat)])[0]
    desk.until(lambda: desk.screen.book.workers[worker.worker_id].lon != worker.lon)
    desk.until(lambda: bool(np.allclose(_target(desk, worker.worker_id), wanted)))
    assert port.asked == [[worker.street_id]]


def _target(desk, worker_id):
    """Where a marker is gliding to."""
    layer = desk.screen.canvas._overlay.layers[WORKERS]
    return layer.xy[layer.rows_of(np.array([worker_id]))[0]]


def test_where_workers_would_hide_the_map_they_are_drawn_once_one_comes_near(desk):
    layer = desk.screen.canvas._overlay.layers[WORKERS]
    assert layer.visible
    for number in range(2000):
        worker = replace(first(desk), worker_id=10_000 + number)
        desk.town.workers[worker.worker_id] = worker
    desk.feed.push(positions=frozenset({first(desk).street_id}))
    desk.until(lambda: not layer.visible)
    desk.until(lambda: desk.screen.layers.rows[WORKER_LAYER].note.text() == "放大可见")
    desk.screen.canvas.centre_on(*to_plane([(first(desk).lon, first(desk).lat)])[0].tolist(), 1.0)
    assert layer.visible
    desk.until(lambda: desk.screen.layers.rows[WORKER_LAYER].note.text() == "")


def test_who_leaves_the_street_he_was_told_in_is_gone_and_who_moves_to_another_stays(desk):
    worker = first(desk)
    other = next(w for w in desk.town.workers.values() if w.street_id != worker.street_id)
    del desk.town.workers[worker.worker_id]
    desk.feed.push(positions=frozenset({worker.street_id}))
    desk.until(lambda: worker.worker_id not in desk.markers(WORKERS))
    desk.town.workers[other.worker_id] = replace(other, street_id=worker.street_id)
    desk.feed.push(positions=frozenset({worker.street_id, other.street_id}))
    desk.until(lambda: desk.screen.book.workers[other.worker_id].street_id == worker.street_id)
    assert other.worker_id in desk.markers(WORKERS)


def test_nobody_is_asked_after_while_the_layer_or_the_map_is_hidden(desk):
    port, worker = desk.place.backend.session.map, first(desk)
    port.asked.clear()
    desk.screen.layers.toggle(WORKER_LAYER)
    desk.feed.push(positions=frozenset({worker.street_id}), cases=frozenset({desk.rows()[0].id}))
    desk.qtbot.wait(100)
    assert port.asked == []
    desk.screen.layers.toggle(WORKER_LAYER)
    desk.until(lambda: port.asked == [None])
    desk.screen.hide()
    desk.feed.push(positions=frozenset({worker.street_id}))
    desk.qtbot.wait(100)
    assert port.asked == [None]


def test_a_worker_that_moves_far_is_placed_where_he_is_and_his_track_of_today_is_drawn(desk):
    worker = first(desk)
    now = desk.place.live.clock.now()
    times = [now - 86_400, *(now - 600 + 60 * n for n in range(7))]
    desk.town.tracks[worker.worker_id] = [TrackPoint(worker.lon + 0.0005 * n, worker.lat, at)
                                          for n, at in enumerate(times)]
    desk.screen.picking.pick(WORKERS, worker.worker_id)
    desk.screen.card.buttons[0].click()
    desk.until(lambda: desk.screen.picking.track.points is not None)
    assert len(desk.screen.picking.track.points) == 7  # yesterday's is not today's
    assert "今日轨迹" in desk.screen.card.facts.text() and desk.screen.card.buttons[0].text() == "隐藏轨迹"
    desk.screen.card.buttons[0].click()
    assert desk.screen.picking.track.points is None


def test_who_may_not_follow_workers_is_told_so(make_place, city, qtbot):
    scatter(city)
    desk = Desk(make_place, city, qtbot, who="followup")
    desk.door.order(NotAllowed("您的岗位不能查看网格员轨迹"))
    desk.screen.picking.pick(WORKERS, first(desk).worker_id)
    desk.screen.card.buttons[0].click()
    desk.hears("轨迹没有读出", "不能查看网格员轨迹")


# ---------------------------------------------------------------- whistles
def test_open_whistles_pulse_at_their_place_and_their_figure_opens_their_cases(make_place, city, qtbot):
    scatter(city)
    the_evening(city)
    desk = Desk(make_place, city, qtbot)
    desk.until(lambda: bool(desk.markers(WHISTLES)))
    rows = [row for row in desk.place.joint.summons.values() if row.kind == "whistle"]
    assert int(desk.screen.layers.rows["whistle"].figure.text()) == len(rows)
    assert {pulse.id for pulse in desk.screen.canvas._overlay.pulses} <= {row.id for row in rows}
    desk.screen.layers.rows["whistle"].figure.click()
    desk.until(lambda: not desk.screen.list.filling)
    assert desk.listed() == {case for row in rows for case in row.cases if case in desk.city.records}


# ---------------------------------------------------------------- search
def test_a_street_typed_and_entered_is_gone_to(desk):
    desk.until(lambda: desk.screen.finding.ready)
    search = desk.screen.tools.search
    search.focus_now()
    desk.qtbot.keyClicks(search, "hpl")
    desk.qtbot.keyClick(search, Qt.Key.Key_Return)
    assert desk.screen.focus == (STREET, org_id("和平里"))
    assert search.text() == "" and desk.screen.canvas.hasFocus()


def test_a_camera_beside_the_area_shown_or_in_a_hidden_layer_is_brought_into_sight(desk):
    desk.until(lambda: desk.screen.finding.ready)
    desk.screen.go_to((STREET, org_id("龙潭")))
    desk.screen.layers.toggle(CAMERA_LAYER)
    found = next(one for one in desk.screen.finding.find("景山01号") if one.kind == CAMERA)
    desk.screen.finding.go(found)
    assert desk.screen.focus == TOP and desk.screen.layers.on(CAMERA_LAYER)
    assert found.what in desk.markers(CAMERAS) and desk.screen.card.face.title == found.title


def test_what_is_not_found_says_what_can_be_typed(desk):
    desk.until(lambda: desk.screen.finding.ready)
    search = desk.screen.tools.search
    search.focus_now()
    desk.qtbot.keyClicks(search, "xyzxyz")
    desk.qtbot.keyClick(search, Qt.Key.Key_Return)
    assert "没有找到" in search.accessibleDescription()
    desk.screen.finding.seek("没有的街道", areas_only=True)
    desk.hears("没有找到“没有的街道”")


def test_a_case_that_is_over_is_found_in_the_database(desk):
    row = desk.rows()[0]
    desk.change(row.id, open=False, state="closed")
    desk.until(lambda: desk.place.live.row(row.id) is None)
    desk.screen.finding.seek(row.no.rpartition("-")[2])
    desk.until(lambda: desk.listed() == {row.id})


def test_workers_are_found_by_their_initials_but_not_in_another_time(desk):
    desk.until(lambda: desk.screen.finding.ready)
    assert any(one.kind == WORKER for one in desk.screen.finding.find("lxy"))
    assert not any(one.kind == AREA for one in desk.screen.finding.find("lxy"))


# ---------------------------------------------------------------- heat
def test_heat_counts_the_cases_of_its_hours_and_its_figure_opens_them(desk):
    desk.key(Qt.Key.Key_H)
    heat = desk.screen.heat
    desk.until(lambda: not heat.working)
    since = desk.place.live.clock.now() - 30 * 86400
    assert heat.count == sum(r.row.reported_at >= since for r in desk.city.records.values())
    heat.hours.select("night")
    zone = desk.place.words.local
    night = {key for key, r in desk.city.records.items() if zone(r.row.reported_at).hour < 6}
    desk.until(lambda: not heat._soon.isActive() and not heat.working and heat.count == len(night))
    heat.hours.select(None)
    desk.until(lambda: not heat._soon.isActive() and not heat.working and heat.count == len(desk.city.records))
    heat.figure.click()
    desk.until(lambda: desk.listed() == set(desk.city.records))


def test_heat_that_cannot_be_read_says_so_and_can_be_tried_again(desk):
    desk.door.order(ServerUnavailable("数据库连接中断"))
    desk.screen.layers.toggle(HEAT)
    heat = desk.screen.heat
    desk.until(lambda: heat.error is not None)
    assert "热力没有读出" in heat.words.text() and not heat.retry.isHidden()
    heat.retry.click()
    desk.until(lambda: not heat.working and heat.error is None and heat.count > 0)


# ---------------------------------------------------------------- another moment
class Past(QObject):
    """A picture of another moment, as a replay gives it."""

    changed, timing_changed, loaded = Signal(object), Signal(object), Signal()

    def __init__(self, rows, now):
        super().__init__()
        self.picture, self.ready, self._now = LivePicture(), True, now
        self.picture.advance(now)
        self.picture.load([rows])
        self.clock = self

    def now(self):
        return self._now


def test_another_moments_picture_takes_the_place_of_the_present_one_and_nothing_can_be_done_there(desk):
    rows = desk.rows()
    past = Past(rows[:5], desk.city.now - 3600)
    desk.screen.show_picture(past)
    desk.until(lambda: set(desk.markers()) == {row.id for row in rows[:5]})
    desk.until(lambda: desk.listed() == {row.id for row in rows[:5]})
    assert desk.screen.replaying and not desk.screen.canvas._overlay.layers[WORKERS].visible
    assert "回放中" in desk.screen.list.joint["whistle"].toolTip()
    assert not desk.screen.list.table.dragEnabled()
    desk.change(rows[7].id, open=False, state="closed")  # the present goes on and is not shown
    past.changed.emit(past.picture.merge([rows[7]], [rows[7].id]))
    desk.until(lambda: rows[7].id in desk.markers())
    desk.screen.show_picture(None)
    desk.until(lambda: set(desk.markers()) == {row.id for row in desk.rows()})
    assert isinstance(PictureChange(), PictureChange) and desk.screen.list.table.dragEnabled()


# ---------------------------------------------------------------- what is kept
def test_layers_and_tiles_are_as_they_were_at_the_next_login(make_place, city, qtbot, tmp_path):
    scatter(city)
    desk = Desk(make_place, city, qtbot)
    file = tmp_path / "town.mbtiles"
    _tiles(file)
    desk.screen.tiles.open(str(file))
    assert desk.screen.layers.file_name.text() == "town.mbtiles"
    desk.screen.layers.toggle(CAMERA_LAYER)
    desk.screen.canvas.picture()
    qtbot.waitUntil(lambda: "mbtiles" in _readers())
    desk.screen.keep_drafts()
    assert "mbtiles" not in _readers(), "a window that is closed reads no file"
    again = Desk(make_place, city, qtbot)
    assert not again.screen.layers.on(CAMERA_LAYER) and again.screen.tiles.path == str(file)
    again.screen.layers.no_file.click()
    assert again.screen.tiles.path == "" and again.screen.layers.file_name.text() == "未选底图"
    assert "mbtiles" not in _readers()


def _readers() -> set[str]:
    return {thread.name.split("_")[0] for thread in threading.enumerate()}


def test_a_file_that_is_no_map_is_refused_with_a_reason(desk, tmp_path):
    file = tmp_path / "broken.mbtiles"
    file.write_bytes(b"no map")
    desk.screen.tiles.open(str(file))
    assert "broken.mbtiles" in desk.screen.layers.file_name.text() and desk.screen.tiles.path == ""
    desk.screen.tiles.open(str(tmp_path / "gone.mbtiles"))
    assert "已不在原处" in desk.screen.layers.file_name.text()


def _tiles(path):
    with sqlite3.connect(path) as file:
        file.execute("create table metadata (name text, value text)")
        file.execute("create table tiles (zoom_level int, tile_column int, tile_row int, tile_data blob)")
        file.execute("insert into metadata values ('format', 'png'), ('name', 'town')")
        file.execute("insert into tiles values (10, 843, 635, ?)", (street_png(1),))
    file.close()


def test_the_map_is_saved_as_a_picture(desk, tmp_path):
    desk.screen.pictures.save(desk.screen.canvas.picture(), str(tmp_path / "map.png"))
    desk.hears("地图已存为 map.png")
    assert (tmp_path / "map.png").stat().st_size > 1000
    desk.screen.pictures.save(desk.screen.canvas.picture(), str(tmp_path / "nowhere" / "map.png"))
    desk.hears("地图没有存成")


def test_esc_leads_back_step_by_step(desk):
    row = desk.rows()[0]
    desk.screen.go_to((STREET, row.street_id))
    desk.screen.listing.show_ids("几件", [row.id])
    desk.screen.picking.pick(CASES, row.id)
    desk.screen.set_mode("box")
    seen = []
    for _ in range(4):
        desk.key(Qt.Key.Key_Escape)
        seen.append((desk.screen.canvas.mode, desk.screen.picking.picked is None,
                     desk.screen.list.listed.title != "几件", desk.screen.focus == TOP))
    assert seen == [("pan", False, False, False), ("pan", True, False, False), ("pan", True, True, False),
                    ("pan", True, True, True)]
