"""地图 and 定位 on the command line."""

from __future__ import annotations

import pytest

from tests.fakes.directory import org_id
from tests.qt.ui.map_desk import Desk, scatter
from ui.app.map_verbs import MapVerbs
from ui.models.map_areas import STREET
from ui.models.map_marks import CASES


class Refused(Exception):
    """The command line's error."""


class Stage:
    """A window whose map is `desk`."""

    def __init__(self):
        self.desk, self.shown = None, 0

    def map_desk(self):
        self.shown += 1
        return self.desk

    def made_map(self):
        return self.desk


@pytest.fixture
def stage():
    return Stage()


@pytest.fixture
def verbs(stage):
    return MapVerbs(stage, Refused)


@pytest.fixture
def desk(make_place, city, qtbot, stage):
    scatter(city)
    desk = Desk(make_place, city, qtbot)
    stage.desk = desk.screen
    desk.until(lambda: desk.screen.finding.ready)
    return desk


def run(verbs, text):
    word, *rest = text.split()
    next(deed for name, _, deed, _ in verbs.everywhere() if name == word)(rest)


def test_a_street_is_gone_to_by_its_initials(verbs, desk, stage):
    run(verbs, "地图 hpl")
    desk.until(lambda: desk.screen.focus == (STREET, org_id("和平里")))
    assert stage.shown == 1


def test_a_case_is_found_by_its_number(verbs, desk):
    row = desk.rows()[0]
    run(verbs, f"定位 {row.no.rpartition('-')[2].lstrip('0')}")
    desk.until(lambda: desk.screen.picking.picked is not None)
    assert (desk.screen.picking.picked.layer, desk.screen.picking.picked.id) == (CASES, row.id)


def test_a_point_is_looked_at(verbs, desk):
    run(verbs, "定位 116.41, 39.92")
    desk.until(lambda: desk.screen.canvas.view.metres_per_pixel < 2)


def test_words_after_the_verb_are_completed_from_the_map_once_it_is_there(verbs, desk, stage):
    assert verbs.complete("地图 和平里")[0].title == "地图 和平里街道"
    assert any(one.hint.startswith("摄像机") for one in verbs.complete("定位 景山01号"))
    assert not any(one.hint.startswith("摄像机") for one in verbs.complete("地图 景山01号"))
    assert verbs.complete("地图 ") == [] and verbs.complete("派 市政") == []
    stage.desk = None
    assert verbs.complete("地图 和平里") == []


def test_what_is_completed_finds_the_same_again(verbs, desk):
    for offered in verbs.complete("地图 民旺"):
        assert verbs.complete(offered.text)[0].title == offered.title


def test_nothing_to_find_says_what_to_type(verbs):
    with pytest.raises(Refused, match="要找什么"):
        run(verbs, "定位")
