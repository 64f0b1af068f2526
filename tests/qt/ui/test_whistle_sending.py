"""Keys on the whistle that is open while a step on it is on its way: they act on what is confirmed, or on nothing."""

import pytest
from PySide6.QtCore import Qt

from commandcenter.domain.errors import ServerUnavailable
from tests.fakes.joint_rows import joint_id
from tests.fakes.joint_town import town_of
from tests.fakes.session import person
from tests.qt.ui.whistle_board import CITY_BOARD, LEADER, column_of, elsewhere, open_board, open_card, row_of, texts

F2, ONE = Qt.Key.Key_F2, Qt.Key.Key_1
FIRE = person(4, "c0020", ("handler", "消防救援支队"))


@pytest.fixture
def screen(make_place, qtbot, city):
    return open_board(make_place, qtbot, city)


def doors(screen):
    session = screen.place.backend.session
    return session.joint_commands.door, session.joint_queries.door


def versions(city):
    return {key: record.row.events for key, record in town_of(city).summons.items()}


@pytest.mark.parametrize("key", [F2, ONE])
def test_while_a_step_is_being_sent_keys_say_so_and_do_nothing(screen, city, qtbot, key):
    commands, _ = doors(screen)
    open_card(screen, qtbot, 1)
    commands.close()
    qtbot.keyClick(screen, F2)
    qtbot.keyClick(screen, key)  # in the same turn of the loop
    assert texts(screen)[0].startswith("正在发送…")
    qtbot.waitUntil(lambda: commands.waiting == 1)
    qtbot.keyClick(screen, key)
    assert [text.startswith("正在发送…") for text in texts(screen)[:2]] == [True, True]
    commands.open()
    qtbot.waitUntil(lambda: column_of(screen, 1) == "issued")
    assert commands.passed == 1 and screen.summons.form.form is None


def test_a_step_that_is_done_is_not_offered_again_before_its_row_was_read(screen, city, qtbot):
    _, queries = doors(screen)
    open_card(screen, qtbot, 1)
    queries.close()
    qtbot.keyClick(screen, F2)
    qtbot.waitUntil(lambda: any("已签批吹哨" in text for text in texts(screen)))
    assert screen.opened.state == "draft"
    before = versions(city)
    for key in (F2, ONE):
        qtbot.keyClick(screen, key)
        assert texts(screen)[0].startswith("正在发送…")
    queries.open()
    qtbot.waitUntil(lambda: screen.opened.state == "issued")
    qtbot.wait(50)
    assert versions(city) == before and not any("未能" in text for text in texts(screen))


def test_the_next_step_follows_as_soon_as_the_row_is_there(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city, FIRE)
    open_card(screen, qtbot, 3)
    qtbot.keyClick(screen, F2)
    qtbot.waitUntil(lambda: column_of(screen, 3) == "responded")
    qtbot.keyClick(screen, F2)
    qtbot.waitUntil(lambda: screen.summons.form.form is not None)
    assert screen.summons.form.step.action.code == "arrive"


def test_a_form_that_is_being_sent_is_not_opened_anew(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city, CITY_BOARD)
    commands, queries = doors(screen)
    open_card(screen, qtbot, 6)
    qtbot.keyClick(screen, F2)
    qtbot.waitUntil(lambda: screen.summons.form.form is not None)
    made = screen.summons.form.form
    made.set_values({"lon": "116.4231", "lat": "39.9268", "came": 3})
    commands.close()
    made.submit()
    qtbot.keyClick(screen, F2)
    assert screen.summons.form.form is made and texts(screen)[0].startswith("正在发送…")
    qtbot.waitUntil(lambda: commands.waiting == 1)
    queries.close()
    commands.open()
    qtbot.waitUntil(lambda: screen.summons.form.form is None)
    qtbot.keyClick(screen, F2)
    assert screen.summons.form.form is None
    queries.open()
    qtbot.waitUntil(lambda: screen.opened.party(3).state == "arrived")
    qtbot.keyClick(screen, F2)
    qtbot.waitUntil(lambda: screen.summons.form.form is not None)
    assert screen.summons.form.step.action.code == "finish"


def test_another_whistle_is_not_held_up(screen, city, qtbot):
    commands, _ = doors(screen)
    open_card(screen, qtbot, 1)
    commands.close()
    qtbot.keyClick(screen, F2)
    open_card(screen, qtbot, 7)
    qtbot.keyClick(screen, F2)
    assert not any(text.startswith("正在发送…") for text in texts(screen))
    commands.open()
    qtbot.waitUntil(lambda: column_of(screen, 1) == "issued")
    qtbot.waitUntil(lambda: not town_of(city).summons[joint_id(7)].row.party(2).live)


def test_a_refused_step_can_be_tried_again(screen, city, qtbot):
    commands, _ = doors(screen)
    open_card(screen, qtbot, 1)
    commands.order(ServerUnavailable("数据库没有回应"))
    qtbot.keyClick(screen, F2)
    qtbot.waitUntil(lambda: any("未能签批吹哨" in text for text in texts(screen)))
    qtbot.keyClick(screen, F2)
    qtbot.waitUntil(lambda: column_of(screen, 1) == "issued")


def test_a_file_read_before_the_step_brings_nothing_old_back(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city, LEADER)
    old = open_card(screen, qtbot, 10).file
    elsewhere(city, LEADER, 10, "rate", 3, efficiency=90, cooperation=90, professional=90, responsibility=90)
    qtbot.waitUntil(lambda: row_of(screen, 10).state == "verifying")
    screen.summons._take(old)
    assert old.row.state == "rating" and screen.opened.state == "verifying"
    assert screen.summons.file.row is screen.opened
