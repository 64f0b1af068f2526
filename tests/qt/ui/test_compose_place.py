"""A place written on the command line opens a sheet there, as a selection on the map will."""

from dataclasses import replace

import pytest

from commandcenter.domain.nearby import Circle, cases_in
from tests.qt.ui.test_window import enter, window  # noqa: F401
from ui.app.verbs import VerbError


@pytest.fixture
def placed(city):
    """Four open cases in a row to the east of a point, the fourth far away, of one street and grid; the others lie
    nowhere. Returns the rows."""
    records = list(city.records.values())
    for record in records:
        record.row = replace(record.row, lon=None, lat=None)
    near = [record for record in records if record.row.open][:4]
    first = near[0].row
    for step, record in zip((2, 0, 1, 40), near, strict=True):
        record.row = replace(record.row, lon=116.41 + 0.001 * step, lat=39.92, street_id=first.street_id,
                             community_id=first.community_id, grid_id=first.grid_id)
    return [record.row for record in near]


def sheet(window, qtbot, kind="whistle"):  # noqa: F811
    screen = window.screen_of(kind)
    qtbot.waitUntil(lambda: screen.composer is not None and screen.composer.form is not None)
    return screen.composer.form


def test_a_place_brings_the_cases_around_it_nearest_first_with_grid_and_address(placed, window, city, qtbot):  # noqa: F811
    enter(qtbot, window, "吹哨 116.41,39.92 300")
    form = sheet(window, qtbot)
    near = [placed[1], placed[2], placed[0]]
    assert form.kind == "whistle" and form.cases.value() == [row.id for row in near]
    new = form.summons()
    assert (new.lon, new.lat, new.grid_id) == (116.41, 39.92, near[0].grid_id)
    assert new.caller_id == near[0].street_id and new.title == form.values()["title"] != ""
    qtbot.waitUntil(lambda: form.place.value() == city.file(near[0].id).address)
    assert window.shown is window.screen_of("whistle")


def test_a_place_without_cases_is_written_down_as_it_is(placed, window, qtbot):  # noqa: F811
    window.verbs.run("吹哨 116.4300，39.9300 120米")
    new = sheet(window, qtbot).summons()
    assert (new.cases, new.lon, new.lat, new.place) == ((), 116.43, 39.93, "116.43000,39.93000 周围 120 米")


@pytest.mark.parametrize(("said", "why"), [
    ("吹哨 116.41", "请写 经度,纬度 半径"), ("吹哨 39.92,116.41 300", "经度写在前"),
    ("吹哨 116.41,39.92 0", "半径须为"), ("吹哨 16.41,39.92 300", "公里，请核对"), ("吹哨 x,y", "请写 经度,纬度 半径"),
])
def test_rubbish_is_said_in_words_and_opens_nothing(placed, window, said, why):  # noqa: F811
    with pytest.raises(VerbError, match=why):
        window.verbs.run(said)
    assert window.screen_of("whistle").composer is None


def test_who_calls_no_order_has_no_such_word(placed, window):  # noqa: F811
    with pytest.raises(VerbError, match="没有"):
        window.verbs.run("联合执法令 116.41,39.92")
    assert not [s for s in window.verbs.complete("联合执法 116.41,39.92 300") if "拟" in s.hint]


def test_what_may_be_written_and_what_lies_there_is_suggested(placed, window):  # noqa: F811
    told = [(s.title, s.hint) for s in window.verbs.complete("吹哨")]
    assert ("吹哨 经度,纬度 半径", "周围在办案件拟吹哨，例：吹哨 116.41,39.92 300") in told
    here = window.verbs.complete("吹哨 116.41,39.92 300")
    assert ("吹哨 116.41,39.92 300", "周围在办 3 件，回车拟吹哨") in [(s.text, s.hint) for s in here]
    wrong = window.verbs.complete("吹哨 39.92,116.41 3")
    assert any("经度写在前" in s.hint for s in wrong)
    rows = window.place.live.picture.rows.values()
    assert len(cases_in(Circle(116.41, 39.92, 5000), rows)) == 4
