"""投到大屏 from a supervisor's seat: by menu and command line, to the wall that is meant, and back; nobody else may."""

import pytest
from PySide6.QtWidgets import QMenu, QWidget

from commandcenter.domain.wall import Push
from tests.fakes.directory import org_id
from tests.fakes.wall import hall_of
from tests.qt.ui.wall_hall import Hall, furnish
from ui.app.preferences import Preferences
from ui.app.wall_menus import WallMenu
from ui.app.wall_sight import kept_sight
from ui.app.wall_stand import WallStand
from ui.app.wall_verbs import WallVerbs
from ui.models.wall_lines import running
from ui.models.wall_type import Sight
from ui.screens.wall.push import add_push_menu, pusher_of


class Refused(Exception):
    pass


@pytest.fixture
def seat(make_place, city, qtbot):
    """A supervisor's workplace, with two walls that run."""
    place = make_place(furnish(city), "supervisor")
    for name in ("指挥大厅", "分中心"):
        place.backend.session.wall.announce(name)
    place.live.begin()
    pusher = pusher_of(place)
    place.cameras.want()
    qtbot.waitUntil(lambda: len(pusher.alive) == 2 and place.joint.ready and place.cameras.ready, timeout=20_000)
    return place


@pytest.fixture
def verbs(seat):
    made = WallVerbs(seat, Refused)
    words = {word: deed for word, _, deed, _ in made.everywhere()}
    made.run = lambda text: words[text.split()[0]](text.split()[1:])
    return made


def hangs(city, name="指挥大厅"):
    push = next(wall for wall in hall_of(city).walls.values() if wall.name == name).push
    return None if push is None else (push.kind, push.entity_id, push.scene)


def notes(place):
    return [f"{note.text} {note.detail}" for note in place.notices.notes()]


@pytest.fixture
def menu(qapp):
    return QMenu()


def texts(menu):
    return [action.text() for action in menu.actions() if action.text()]


# ------------------------------------------------------------ menus
def test_the_menu_offers_the_walls_that_run_and_takes_back_what_hangs(seat, city, qtbot, menu):
    row = next(iter(seat.live.picture.rows.values()))
    part = add_push_menu(menu, seat, "case", row.id, "案件 1")
    assert texts(part) == ["分中心", "指挥大厅"] or texts(part) == ["指挥大厅", "分中心"]
    next(action for action in part.actions() if action.text() == "指挥大厅").trigger()
    qtbot.waitUntil(lambda: hangs(city) == ("case", row.id, ""))
    qtbot.waitUntil(lambda: any(wall.push for wall in pusher_of(seat).alive))
    assert any("已投到大屏“指挥大厅”：案件 1" in note for note in notes(seat))
    part = add_push_menu(menu, seat, "case", row.id)
    assert "指挥大厅（正在显示）" in texts(part) and "收回“指挥大厅”" in texts(part)
    next(action for action in part.actions() if action.text().startswith("收回")).trigger()
    qtbot.waitUntil(lambda: hangs(city) is None)


def test_a_wall_that_fell_silent_is_not_offered(seat, city, qtbot, menu):
    hall = hall_of(city)
    hall.silent = set(hall.walls)
    pusher_of(seat).read()
    qtbot.waitUntil(lambda: not pusher_of(seat).alive)
    part = add_push_menu(menu, seat, "street", org_id("天坛"))
    assert texts(part) == ["没有正在运行的大屏"] and not part.actions()[0].isEnabled()


def test_nobody_but_a_supervisor_has_the_menu_or_the_verbs(make_place, city):
    place = make_place(city, "dispatcher")
    assert add_push_menu(QMenu(), place, "street", 1) is None
    assert list(WallVerbs(place, Refused).everywhere()) == [] and WallVerbs(place, Refused).complete("投屏 天") == []


def test_a_push_that_is_refused_says_so(seat, city, qtbot):
    wall = pusher_of(seat).alive[0]
    del hall_of(city).walls[wall.id]
    pusher_of(seat).push(wall, "street", org_id("天坛"))
    qtbot.waitUntil(lambda: any("没有投到大屏 没有这块大屏" in note for note in notes(seat)))


# ------------------------------------------------------------ the command line
@pytest.mark.parametrize(("typed", "wanted"), [
    ("天坛", lambda place: ("street", org_id("天坛"), "")), ("总览", lambda _: ("scene", None, "overview")),
    ("吹哨报到", lambda _: ("scene", None, "whistles"))])
def test_streets_and_scenes_are_pushed_by_name(seat, verbs, city, qtbot, typed, wanted):
    verbs.run(f"投屏 {typed} @指挥")
    qtbot.waitUntil(lambda: hangs(city) == wanted(seat))


def test_cases_and_whistles_are_pushed_by_number_cameras_by_name(seat, verbs, city, qtbot):
    row = next(row for row in seat.live.picture.rows.values() if row.state == "in_progress")
    camera = next(iter(seat.cameras.cameras.values()))
    whistles = {row.no.rpartition("-")[2] for row in running(seat.joint.summons.values())}
    cases = {seat.words.number(row).lstrip("0") for row in seat.live.picture.rows.values()}
    no = next(iter(sorted(no for no in whistles if no.lstrip("0") not in cases)), None)
    verbs.run(f"投屏 {seat.words.number(row)} @指挥")
    qtbot.waitUntil(lambda: hangs(city) in (("case", row.id, ""),))
    verbs.run(f"投屏 {camera.name} @指挥")
    qtbot.waitUntil(lambda: hangs(city) == ("camera", camera.id, ""))
    if no is not None:
        verbs.run(f"投屏 {no} @指挥")
        qtbot.waitUntil(lambda: hangs(city)[0] == "summons")


def test_a_number_that_a_case_and_a_whistle_share_is_asked_about(seat, verbs):
    whistle = next(iter(running(seat.joint.summons.values())))
    number = whistle.no.rpartition("-")[2]
    if any(seat.words.number(row).lstrip("0") == number.lstrip("0") for row in seat.live.picture.rows.values()):
        with pytest.raises(Refused, match="可能是"):
            verbs.run(f"投屏 {number.lstrip('0')} @指挥")
    verbs_hint = verbs.complete(f"投屏 {number}")
    assert any("哨" in one.text for one in verbs_hint)


def test_taking_back_by_name_or_all(seat, verbs, city, qtbot):
    for wall in ("指挥大厅", "分中心"):
        verbs.run(f"投屏 天坛 @{wall}")
    qtbot.waitUntil(lambda: len([w for w in pusher_of(seat).alive if w.push]) == 2)
    verbs.run("收回 分中心")
    qtbot.waitUntil(lambda: hangs(city, "分中心") is None and hangs(city) is not None)
    qtbot.waitUntil(lambda: len([w for w in pusher_of(seat).alive if w.push]) == 1)
    verbs.run("收回")
    qtbot.waitUntil(lambda: hangs(city) is None)


@pytest.mark.parametrize(("typed", "why"), [
    ("投屏", "投什么"), ("投屏 不存在的 @指挥", "没有可以投屏的"), ("投屏 天坛", "投到哪一块"),
    ("投屏 天坛 @谁", "投到哪一块"),
    ("收回", "没有投屏的内容"), ("收回 指挥大厅", "没有投屏的内容")])
def test_what_cannot_be_done_says_what_to_do(seat, verbs, typed, why):
    with pytest.raises(Refused, match=why):
        verbs.run(typed)


def test_completions_name_things_and_walls(seat, verbs):
    assert any(one.text == "投屏 天坛" for one in verbs.complete("投屏 天"))
    assert {one.text for one in verbs.complete("投屏 天坛 @")} == {"投屏 天坛 @指挥大厅", "投屏 天坛 @分中心"}
    assert verbs.complete("收回 ") == []


def test_pushed_from_a_seat_it_hangs_on_the_wall_within_the_second(make_place, city, qtbot, seat):
    hall = Hall(make_place, city, qtbot)
    try:
        wall = next(wall for wall in pusher_of(seat).alive if wall.name == "指挥大厅")
        pusher_of(seat).push(wall, "street", org_id("天坛"))
        qtbot.waitUntil(lambda: hall.wall.play.showing.entity_id == org_id("天坛"), timeout=5_000)
        assert hall.wall.post.shown == Push("street", org_id("天坛"), "", hall.wall.post.shown.at, None, "")
        pusher_of(seat).take_back(wall)
        qtbot.waitUntil(lambda: hall.scene() == "overview", timeout=5_000)
    finally:
        hall.end()


# ------------------------------------------------------------ the desk's menu
def test_the_desks_menu_opens_the_wall_on_a_monitor_and_sets_the_distance(seat, tmp_path, qtbot):
    preferences = Preferences(tmp_path)
    stand, window = WallStand(seat, preferences), QWidget()
    qtbot.addWidget(window)
    menu = WallMenu(stand, preferences, window)
    menu.aboutToShow.emit()
    opening = next(action for action in menu.actions() if action.text().startswith("开在"))
    over = next(action for action in menu.actions() if action.text() == "收起大屏")
    assert not over.isEnabled() and "本窗口所在" in opening.text()
    opening.trigger()
    assert stand.on
    before = stand.window.screen_shown.sight
    menu.aboutToShow.emit()
    distance = next(action.menu() for action in menu.actions() if action.text() == "观看距离")
    next(action for action in distance.actions() if action.text() == "16 米").trigger()
    assert before == Sight() and stand.window.screen_shown.sight == Sight(16.0) == kept_sight(preferences)
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == "收起大屏").trigger()
    assert not stand.on
