"""一屏观天下 over the fake city: figures counted again from the rows, scenes, pushes, hands, no personal data."""

import re
import time
from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest
from PySide6.QtGui import QFontMetrics

from commandcenter.domain.emergency import EmergencyPlace
from commandcenter.domain.model import Duty, Person
from commandcenter.domain.wall import Push
from commandcenter.live.queues import timing
from tests.fakes.directory import OPERATORS, org_id
from tests.fakes.joint_town import town_of
from tests.fakes.population import actor
from tests.fakes.wall import hall_of
from tests.qt.ui.wall_hall import Hall, painted, said
from ui.models.wall_figures import percent
from ui.models.wall_lines import running
from widgets.map import View
from widgets.map.sprites import pulse_reach
from widgets.tones import Tone

SUPERVISOR = Person(7, "z0001", OPERATORS[7], 1, (Duty("supervisor", org_id("东城区")),))


@pytest.fixture
def hall(make_place, city, qtbot):
    made = Hall(make_place, city, qtbot)
    yield made
    made.end()


@pytest.fixture
def seat(make_place, city):
    """The session of a supervisor."""
    return make_place(city, SUPERVISOR).backend.session


def rows_of(city):
    return [record.row for record in city.records.values() if record.row.open]


def events_of(city):
    midnight = city.at(city.clock()).replace(hour=0, minute=0, second=0, microsecond=0)
    return [event.action for record in city.records.values() for event in record.trace if event.at >= midnight]


def push(hall, seat, kind, entity_id=None, scene=""):
    wall = hall_of(hall.city).walls[hall.wall.post.wall.id]
    seat.wall.push(uuid4(), wall.id, kind, entity_id, scene)
    hall.until(lambda: hall.wall.play.showing.pushed)


def take_back(hall, seat):
    seat.wall.take_back(uuid4(), hall.wall.post.wall.id)
    hall.until(lambda: not hall.wall.play.showing.pushed)


# ------------------------------------------------------------ figures
def test_every_large_figure_is_what_the_rows_say(hall, city):
    rows, done, now = rows_of(city), events_of(city), hall.place.live.clock.now()
    late = [row for row in rows if timing(row, now) == "overdue"]
    near = [row for row in rows if timing(row, now) == "near"]
    closed = sum(action in ("close", "self_handle", "force_close") for action in done)
    assert hall.tile("open") == (f"{len(rows):,}", f"其中临期 {len(near):,}" if near else "没有临期")
    assert hall.tile("overdue")[0] == f"{len(late):,}"
    assert hall.tile("reported")[0] == f"{done.count('report'):,}"
    assert hall.tile("closed")[0] == f"{closed:,}"
    month = hall.wall.figures.month
    assert hall.tile("on_time")[0] == percent(month.on_time_rate)
    assert hall.tile("satisfied")[0] == percent(month.satisfaction)


def test_the_steps_the_sources_and_the_lists_are_counted_from_the_same_rows(hall, city):
    done, panels = events_of(city), hall.wall.panels
    steps = {row.key: row.value for row in panels.steps.rows}
    assert steps["collect"] == done.count("report") and steps["file"] == done.count("file") + done.count("reopen")
    sources = {row.key: row.value for row in panels.channels.rows}
    assert sum(sources.values()) == done.count("report")
    whistles = running(hall.place.joint.summons.values())
    assert len(panels.whistles.lines) == len(whistles) and f"进行中 {len(whistles)}" in hall.panels["whistles"].detail
    assert [row.title for row in panels.units._rows] == [
        hall.place.words.unit(unit.unit_id) for unit in hall_of(city).units]
    assert len(panels.latest.lines) == 20


def test_the_trend_leaves_the_slot_that_is_not_over_open_and_counts_all_others(hall):
    shown, counted = hall.wall.panels.trend._trend, hall.wall.figures.today.trend
    values = shown.series[0].values
    assert len(values) == 144 and values[-1] != values[-1]
    assert values[:-1].tolist() == list(counted.reported[:-1])


def test_figures_move_with_the_feed(hall, city):
    row = next(row for row in rows_of(city) if row.state == "filed")
    before, open_before = hall.tile("closed")[0], int(hall.tile("open")[0])
    record = city.records[row.id]
    with city.lock:
        city.now += 1
        city.write(record, replace(row, state="self_handled", open=False, deadline=None, version=row.version + 1),
                   actor(1), "dispatcher", "self_handle", {})
    city.tell(frozenset({row.id}))
    hall.until(lambda: hall.tile("open")[0] == f"{open_before - 1}" and hall.tile("closed")[0] == f"{int(before) + 1}")
    hall.until(lambda: any("自处理" in line[3].text for line in hall.wall.panels.latest.lines[:1]))


def test_after_midnight_the_day_begins_with_noughts_and_says_where_nothing_came_yet(hall, city):
    began = city.at().replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    with city.lock:
        city.now += 86_400 - (city.clock() - began) + 5
    city.tell(frozenset({rows_of(city)[0].id}))
    hall.until(lambda: hall.tile("reported")[0] == "0" and hall.tile("closed") == ("0", "结案率 —"))
    assert {row.value for row in hall.wall.panels.steps.rows} == {0}
    assert "今天还没有受理" in [text for text, _ in painted(hall.panels["channels"])]


def test_before_the_first_mark_of_a_month_the_panel_says_so(hall, monkeypatch):
    panels = hall.wall.panels
    hall.until(lambda: panels.units.has_figures())
    monkeypatch.setattr(panels._figures, "month", replace(panels._figures.month, units=()))
    panels._figures.month_changed.emit()
    assert "本月还没有考核" in [text for text, _ in painted(hall.panels["units"])]


def test_pictures_of_the_wall_keep_a_gap_all_around(hall):
    hall.wall.choose("video")
    hall.until(lambda: hall.wall.panels.video.isVisible())
    video = hall.wall.panels.video
    first, second = video.grid.slots[0].geometry(), video.grid.slots[1].geometry()
    gap = second.left() - first.right() - 1
    assert gap >= 4 and video.grid.geometry() == video.rect().adjusted(gap, gap, -gap, -gap)


def test_a_street_shows_its_own_cases_only(hall, city):
    hall.wall.choose("streets")
    street = hall.wall.play.showing.entity_id
    rows = [row for row in rows_of(city) if row.street_id == street]
    hall.until(lambda: hall.wall.complete and hall.tile("open")[0] == f"{len(rows)}")
    states = {row.key: row.value for row in hall.wall.panels.steps.rows}
    assert sum(states.values()) == len(rows)
    assert sum(row.value for row in hall.wall.panels.channels.rows) == len(rows)
    name = hall.place.words.unit(street)
    assert hall.wall.header.words.scene == f"各街道 · {name}" and name in hall.panels["steps"].detail


def test_a_topic_without_a_name_is_the_most_frequent_one(hall, city):
    hall.wall.choose("topic")
    items = hall.place.backend.directory.items
    counts = {}
    for row in (row for row in rows_of(city) if row.item_id is not None):
        counts[items[row.item_id].minor] = counts.get(items[row.item_id].minor, 0) + 1
    name = min(counts, key=lambda minor: (-counts[minor], minor))
    hall.until(lambda: hall.wall.complete and hall.tile("open")[0] == f"{counts[name]}")
    assert hall.wall.header.words.scene.endswith(name)
    assert len(hall.wall.panels.map.topic.rows) == counts[name]


# ------------------------------------------------------------ scenes and pushes
def test_scenes_take_turns_and_show_their_own_panels(hall):
    seen, wall = {}, hall.wall
    for _ in range(6):
        seen[hall.scene()] = set(hall.panels)
        wall.play._since = -1e9
        wall.tick()
    assert set(seen) == {"overview", "whistles", "streets", "topic", "video"}
    assert seen["overview"] == {"figures", "steps", "channels", "map", "trend", "whistles", "units", "video", "latest"}
    assert seen["video"] == {"video"}


@pytest.mark.parametrize("kind", ["case", "summons", "camera", "street"])
def test_what_a_seat_pushes_is_shown_at_once_and_taken_back(hall, seat, city, kind):
    ids = {"case": rows_of(city)[0].id, "summons": running(hall.place.joint.summons.values())[0].id,
           "camera": next(iter(hall.place.cameras.cameras)), "street": org_id("天坛")}
    push(hall, seat, kind, ids[kind])
    assert hall.wall.header.words.scene.startswith("◎ 投屏")
    assert {"case": "case", "summons": "summons", "camera": "video", "street": "figures"}[kind] in hall.panels
    take_back(hall, seat)
    assert hall.scene() == "overview" and "figures" in hall.panels


def test_a_pushed_scene_stays_until_it_is_taken_back(hall, seat):
    push(hall, seat, "scene", scene="emergency")
    for _ in range(3):
        hall.wall.play._since = -1e9
        hall.wall.tick()
    assert hall.scene() == "emergency"
    take_back(hall, seat)


def test_a_pushed_case_says_where_it_stands_and_the_map_goes_there(hall, seat, city):
    row = next(row for row in rows_of(city) if row.state == "in_progress")
    push(hall, seat, "case", row.id)
    texts = [text for text, _ in painted(hall.panels["case"])]
    assert hall.place.words.title(row) in texts and any(hall.place.words.number(row) in text for text in texts)
    view, there = hall.wall.panels.map.canvas.view, hall.wall.panels.map._about
    assert there == (row.lon, row.lat) and view.metres_per_pixel < 10


def test_a_pushed_case_that_is_closed_meanwhile_says_so(hall, seat, city):
    row = next(row for row in rows_of(city) if row.state == "in_progress")
    push(hall, seat, "case", row.id)
    with city.lock:
        city.write(city.records[row.id], replace(row, state="closed", open=False, version=row.version + 1), actor(3),
                   "acceptor", "close", {})
    city.tell(frozenset({row.id}))
    hall.until(lambda: hall.place.live.row(row.id) is None)
    hall.wall.panels.tick()
    assert any("已办结" in text for text, _ in painted(hall.panels["case"]))


def test_a_push_of_another_wall_does_not_concern_this_one(hall, seat, city):
    other = seat.wall.announce("别处")
    seat.wall.push(uuid4(), other.id, "street", org_id("天坛"))
    before = hall.wall.post.wall
    hall.until(lambda: hall.wall.post.wall is not before or not hall.wall.post._asking)
    assert not hall.wall.play.showing.pushed


# ------------------------------------------------------------ a hand on the map
def test_a_map_that_somebody_touched_is_not_moved_by_the_round(hall, qtbot, monkeypatch):
    canvas = hall.wall.panels.map.canvas
    canvas.set_view(View(canvas.view.x + 500, canvas.view.y, canvas.view.metres_per_pixel / 3))
    view, scene = canvas.view, hall.scene()
    canvas.touched_at = time.monotonic()
    hall.wall.play._since = -1e9
    hall.wall.tick()
    assert hall.scene() == scene and canvas.view == view and "轮播暂停" in hall.wall.header.words.scene
    canvas.touched_at = time.monotonic() - 1000
    hall.wall.play._since = -1e9
    hall.wall.tick()
    hall.wall.tick()
    assert hall.scene() != scene and canvas.view != view


# ------------------------------------------------------------ true to the second
def test_a_wall_without_server_says_since_when_it_stands_still(hall):
    hall.place.backend.session.feed.disconnect()
    hall.until(lambda: "断开" in hall.wall.header.words.state)
    assert "◇" in hall.wall.header.words.state
    hall.place.backend.session.feed.reconnect()
    hall.until(lambda: "实时" in hall.wall.header.words.state)


def test_what_cannot_be_read_says_so_and_comes_back(hall, city):
    hall.place.backend.session.wall.door.down = True
    city.tell(frozenset({rows_of(city)[0].id}))
    hall.until(lambda: "数字停在" in hall.wall.header.words.state)
    hall.place.backend.session.wall.door.down = False
    hall.until(lambda: "实时" in hall.wall.header.words.state)


# ------------------------------------------------------------ nobody's data
def shown_everywhere(hall, seat, city):
    """Every text of every scene and push, painted or told."""
    texts = []
    for scene in hall_of(city).plan.scenes:
        push(hall, seat, "scene", scene=scene.code)
        hall.until(lambda: hall.wall.complete)
        texts += [text for text, _ in painted(hall.wall)] + said(hall.wall)
        take_back(hall, seat)
    for kind, number in (("case", rows_of(city)[0].id), ("street", org_id("天坛")),
                         *(("summons", row.id) for row in running(hall.place.joint.summons.values()))):
        push(hall, seat, kind, number)
        texts += [text for text, _ in painted(hall.wall)] + said(hall.wall)
        take_back(hall, seat)
    return texts


def test_no_name_no_phone_and_no_written_word_is_painted_or_told(hall, seat, city):
    text = "\n".join(shown_everywhere(hall, seat, city))
    names = {name for name in OPERATORS.values() if len(name) > 1 and name not in ("大屏",)}
    records = list(city.records.values())
    names |= {secret for record in records for parts in record.secrets.values() for secret in parts if secret}
    names |= {reporter.name_masked for record in city.records.values() for reporter in record.reporters}
    assert len(names) > 10
    assert not {name for name in names if name in text}
    assert not re.findall(r"1[3-9]\d{9}|1\d{2}\*{4}\d{4}", text)
    written = {part for record in records for part in (record.description, record.address, record.row.summary)}
    written |= {record.row.title for record in town_of(city).summons.values()}
    assert not {words for words in written if words and words in text}


# ------------------------------------------------------------ legible
@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (3840, 2160), (6656, 1792)])
def test_nothing_but_words_on_the_map_is_smaller_than_can_be_read(make_place, city, qtbot, size):
    hall = Hall(make_place, city, qtbot, size)
    try:
        for scene in ("overview", "whistles", "streets", "topic", "video"):
            hall.wall.choose(scene)
            hall.until(lambda: hall.wall.complete)
            for name, panel in hall.panels.items():
                sizes = [(px, text) for text, px in painted(panel)]
                assert sizes or name == "map"
                assert min(sizes, default=(99, ""))[0] >= hall.wall.unit - 1, (name, min(sizes))
    finally:
        hall.end()


def test_figures_are_tabular(hall):
    font = hall.wall.header._theme.font("figure", True)
    assert len({QFontMetrics(font).horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_a_push_tells_no_wall_who_pushed(hall, seat):
    push(hall, seat, "street", org_id("天坛"))
    assert hall.wall.post.shown == Push("street", org_id("天坛"), "", hall.wall.post.shown.at, None, "")


# ------------------------------------------------------------ emergency
def test_an_emergency_comes_up_by_itself_before_a_push_and_leaves_with_its_end(hall, seat, city):
    row = next(row for row in rows_of(city) if row.state == "in_progress")
    push(hall, seat, "street", org_id("天坛"))
    hall.wall.panels.map.canvas.touched_at = time.monotonic()
    number = seat.emergencies.begin(uuid4(), EmergencyPlace(case_id=row.id), "赵师傅报告")
    hall.until(lambda: hall.scene() == "emergency")
    assert set(hall.panels) == {"emergency", "map", "video"}
    unit = next(org.id for org in city.directory.orgs.values() if org.kind == "department")
    seat.emergencies.team(uuid4(), number, unit, "on_way")
    seat.emergencies.decide(uuid4(), number, "请赵师傅关闭阀门")
    hall.until(lambda: "决定 1 项 · 队伍 1 支" in hall.panels["emergency"].detail)
    texts = [text for text, _ in painted(hall.wall)]
    assert hall.place.words.unit(unit) in texts and "在途" in texts
    assert any(text.startswith("应急 · ") and "已持续 00:0" in text for text in texts)
    assert not any("赵师傅" in text or "阀门" in text for text in [*texts, *said(hall.wall)])
    assert hall.wall.header.words.scene == "▲ 应急" and hall.wall.header.words.scene_tone is Tone.OVERDUE
    assert hall.wall.panels.map._about == (row.lon, row.lat) and hall.wall.panels.map.canvas.view.metres_per_pixel < 10
    overlay, camera = hall.wall.panels.map.canvas._overlay, hall.wall.panels.map.canvas._camera
    word = next(at for at, one in zip(overlay.labels._xy, overlay.labels._labels, strict=True) if one.text == "应急")
    point = next((pulse.x, pulse.y) for pulse in overlay.pulses if pulse.id == 0)
    (x, y), (left, middle) = camera.to_screen(np.array([point, word])).tolist()
    assert x == left and y + pulse_reach(overlay.style) < middle < y + 3 * pulse_reach(overlay.style)  # not under it
    seat.emergencies.end(uuid4(), number)
    hall.until(lambda: hall.wall.play.showing.pushed)
    assert hall.wall.play.showing.entity_id == org_id("天坛")
