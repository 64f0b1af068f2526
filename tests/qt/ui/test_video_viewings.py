"""查看记录: one's own looks, the auditor's are all; by camera; as a file; what went wrong is said."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from commandcenter.domain.errors import ServerUnavailable
from commandcenter.domain.video import Viewing
from tests.fakes.session import person
from tests.qt.ui.video_desk import Desk
from ui.models.viewing_columns import lasted, seconds
from ui.screens.video.menus import slot_menu
from ui.screens.video.viewings import ViewingWindow
from widgets.live_table import StateKind

AUDITOR = person(5, "a0001", ("auditor", "东城区"))
HOUR, DAY = 3600.0, 24 * 3600.0


@pytest.fixture
def make_desk(make_place, city, qtbot):
    made = []

    def make(who="dispatcher"):
        made.append(Desk(make_place, city, qtbot, who))
        return made[-1]

    yield make
    for one in made:
        one.screen.keep_drafts()


@pytest.fixture
def desk(make_desk, city):
    """Four looks: two of one's own today, one of last week, one of somebody else."""
    made, now = make_desk(), city.now
    mine, (one, other) = made.place.person.id, made.mine(2)
    made.park.looks += [
        Viewing(1, one.id, mine, "sub", "desk", None, now - 5 * DAY, now - 5 * DAY + 60),
        Viewing(2, one.id, mine, "main", "case", 202506000000001, now - 600, now - 410),
        Viewing(3, other.id, mine, "sub", "rotation", None, now - 300, None),
        Viewing(4, other.id, 7, "sub", "wall", None, now - 200, now - 100),
    ]
    return made


def opened(desk, camera=None):
    window = desk.screen.show_viewings(camera)
    desk.qtbot.waitUntil(lambda: window.table._overlays.state.kind is not StateKind.LOADING)
    return window


def cells(window):
    model = window.model
    keys = model.keys()
    return [[column.text(model.value(key)) for column in model.columns] for key in keys]


def test_everybody_sees_his_own_looks_of_today_newest_first(desk):
    window = opened(desk)
    assert window.model.keys() == [3, 2] and window.said.text() == "仅您本人 · 2 次"
    (_, looking, *_), (_, duration, who, camera, purpose, _case, stream) = cells(window)
    assert looking == "正在看" and duration == "00:03:10"
    assert (who, camera) == (desk.place.person.name, desk.mine()[0].name)
    assert (purpose, stream) == ("案件取证", "主码流")


def test_a_longer_time_lists_more(desk):
    window = opened(desk)
    window.period.select(7)
    desk.qtbot.waitUntil(lambda: window.model.keys() == [3, 2, 1])


def test_the_auditor_sees_everybodys(desk, make_desk):
    auditor = make_desk(AUDITOR)
    window = opened(auditor)
    assert set(window.model.keys()) == {4, 3, 2} and window.said.text().startswith("本辖区全部人员")


def test_from_a_slots_menu_only_that_camera_is_listed_until_all_are_wanted(desk):
    desk.screen.show_camera(desk.mine()[0], 0)
    desk.qtbot.waitUntil(lambda: len(desk.park.looks) == 5)
    next(a for a in slot_menu(desk.screen, 0).actions() if a.text() == "查看记录").trigger()
    window = next(iter(desk.screen.findChildren(ViewingWindow)))
    desk.qtbot.waitUntil(lambda: window.model.total == 2)
    assert {v.camera_id for v in map(window.model.value, window.model.keys())} == {desk.mine()[0].id}
    window.which.select(None)
    desk.qtbot.waitUntil(lambda: window.model.total == 3)


def test_nothing_found_says_so(desk):
    desk.park.looks.clear()
    window = opened(desk)
    assert window.table._overlays.state.kind is StateKind.EMPTY


def test_an_error_can_be_tried_again(desk):
    desk.door.order(ServerUnavailable("数据库没有应答"))
    window = opened(desk)
    state = window.table._overlays
    assert (state.state.kind, state.state.hint) == (StateKind.ERROR, "数据库没有应答")
    window.table.state_action.emit()
    desk.qtbot.waitUntil(lambda: window.model.total == 2)


def test_a_late_answer_to_an_earlier_question_is_not_shown(desk):
    desk.door.close()
    window = desk.screen.show_viewings()
    desk.qtbot.waitUntil(lambda: desk.door.waiting >= 1)
    window.period.select(7)
    desk.qtbot.waitUntil(lambda: desk.door.waiting >= 2)
    desk.door.open()
    desk.qtbot.waitUntil(lambda: window.table._overlays.state.kind is not StateKind.LOADING)
    assert window.model.keys() == [3, 2, 1]


def test_a_window_closed_while_it_reads_leaves_nothing_behind(desk):
    desk.door.close()
    window = desk.screen.show_viewings()
    desk.qtbot.waitUntil(lambda: desk.door.waiting >= 1)
    desk.qtbot.keyClick(window, Qt.Key.Key_Escape)
    desk.qtbot.waitUntil(lambda: not desk.screen.findChildren(ViewingWindow))
    desk.door.open()
    desk.qtbot.waitUntil(lambda: desk.door.waiting == 0)


def test_a_full_answer_says_that_there_is_more(desk, city):
    look = replace(desk.park.looks[1], began_at=city.now - 60)
    desk.park.looks[:] = [replace(look, id=number) for number in range(1, 1101)]
    window = opened(desk)
    assert window.model.total == 1000 and "请缩短时间" in window.said.text()


def test_the_list_goes_into_a_file_as_it_is_shown(desk, tmp_path):
    desk.park.looks.append(replace(desk.park.looks[1], id=5, camera_id=9_999))
    window = opened(desk)
    window.file.save(tmp_path / "looks.csv")
    desk.hears("已导出 looks.csv")
    lines = (tmp_path / "looks.csv").read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("开始,结束,时长,查看人") and len(lines) == 4
    assert desk.mine()[0].name in "".join(lines) and "9999 号" in "".join(lines)


@pytest.mark.parametrize(("began", "ended", "said"), [
    (-10.0, None, "正在看"), (-2 * DAY, None, "未登记结束"), (-HOUR, -HOUR + 5, "00:00:05"), (-5.0, -9.0, "00:00:00"),
])  # fmt: skip
def test_how_long_is_said_without_inventing_an_end(began, ended, said):
    now = 1_750_000_000.0
    look = Viewing(1, 1, 1, "sub", "desk", None, now + began, None if ended is None else now + ended)
    assert lasted(look, now) == said and (seconds(look, now) < 0) is (said == "未登记结束")
