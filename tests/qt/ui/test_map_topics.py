"""专题 on the map: cases gathered from the list, listed by their figure, followed as others change them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from PySide6.QtCore import Qt

from commandcenter.domain.errors import Busy
from tests.fakes.topics import shelf_of
from tests.qt.ui.map_desk import Desk, scatter

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk(make_place, city, qtbot):
    scatter(city)
    return Desk(make_place, city, qtbot)


def gather(desk, name, *ids):
    """Put cases into a topic by the list and the dialog."""
    desk.screen.listing.show_ids("几件", ids)
    desk.until(lambda: not desk.screen.list.filling)
    dialog = desk.screen.listing.gather([row.id for row in desk.screen.list.rows()])
    dialog.form.set_values({"name": name})
    dialog.form.submit()
    return dialog


def topics(desk):
    return {topic.name: topic for topic in shelf_of(desk.city).all.values()}


def test_listed_cases_become_a_topic_and_its_figure_lists_them_again(desk):
    one, two = (row.id for row in desk.rows()[:2])
    gather(desk, "雨后积水点整治", one, two)
    desk.hears("专题“雨后积水点整治”", "已归入 2 件")
    assert topics(desk)["雨后积水点整治"].cases == {one, two}
    desk.until(lambda: len(desk.screen.topic_rows.buttons) == 1)
    desk.screen.listing.close()
    button = next(iter(desk.screen.topic_rows.buttons.values()))
    desk.until(lambda: "2/2" in button.text())
    button.click()
    desk.until(lambda: desk.listed() == {one, two})


def test_the_list_follows_its_topic_also_into_closed_cases(desk):
    one, two, three = (row.id for row in desk.rows()[:3])
    gather(desk, "占道整治", one, two)
    desk.until(lambda: bool(desk.screen.topic_rows.buttons))
    desk.screen.listing.show_topic(desk.place.topics.topics[0])
    desk.until(lambda: desk.listed() == {one, two})
    desk.change(one, open=False, state="closed")
    desk.until(lambda: desk.place.live.row(one) is None)
    port = desk.place.backend.session.topics
    port.change(uuid4(), desk.place.topics.topics[0].id, [three])
    desk.until(lambda: desk.listed() == {one, two, three})
    port.close(uuid4(), desk.place.topics.topics[0])
    desk.until(lambda: desk.screen.list.listed.title == desk.screen.areas.short_name(desk.screen.focus))


def test_selected_cases_leave_the_listed_topic_by_delete(desk):
    one, two = (row.id for row in desk.rows()[:2])
    gather(desk, "占道整治", one, two)
    desk.until(lambda: len(desk.place.topics.topics) == 1)
    desk.screen.listing.show_topic(desk.place.topics.topics[0])
    desk.until(lambda: desk.listed() == {one, two} and not desk.screen.list.filling)
    desk.screen.list.table.select_keys([one])
    desk.key(Qt.Key.Key_Delete, on=desk.screen.list.table)
    desk.until(lambda: desk.listed() == {two})
    assert topics(desk)["占道整治"].cases == {two}


def test_a_refusal_stands_in_the_dialog_with_what_was_typed(desk):
    desk.place.backend.session.topics.door.order(Busy("服务器正忙，请稍后再试"))
    dialog = gather(desk, "夜市", desk.rows()[0].id)
    desk.until(lambda: "服务器正忙" in dialog.form.notice.text())
    assert dialog.form.values()["name"] == "夜市" and not topics(desk)
    dialog.reject()


def test_one_that_goes_on_is_offered_and_taken_by_a_click(desk):
    one, two = (row.id for row in desk.rows()[:2])
    gather(desk, "夜市", one)
    desk.until(lambda: len(desk.place.topics.topics) == 1)
    desk.screen.listing.show_ids("一件", [two])
    desk.until(lambda: desk.listed() == {two})
    dialog = desk.screen.listing.gather([two])
    dialog.form.chips[0].click()
    dialog.form.submit()
    desk.until(lambda: topics(desk)["夜市"].cases == {one, two})


def test_who_may_not_gather_has_no_button(make_place, city, qtbot):
    scatter(city)
    desk = Desk(make_place, city, qtbot, who="dispatcher")
    assert desk.screen.list.topic.isHidden()
    asked = []
    desk.screen.list.topic_wanted.connect(asked.append)
    desk.key(Qt.Key.Key_T, CONTROL_SHIFT)
    assert not asked


def test_it_is_asked_for_by_its_key(desk):
    asked = []
    desk.screen.list.topic_wanted.connect(asked.append)
    desk.key(Qt.Key.Key_T, CONTROL_SHIFT)
    assert asked and set(asked[0]) == {row.id for row in desk.rows()}
