"""The sheet for each level that may whistle in 任城: as whom one calls, whom, and what is asked for on the way."""

import tomllib
from dataclasses import replace

import pytest

from commandcenter.resources import RESOURCES
from tests.fakes.directory import org_id
from tests.fakes.joint_rules import whistle_rules
from tests.fakes.joint_town import town_of
from tests.fakes.session import person
from tests.qt.ui.test_compose_sheet import compose, fill, send  # noqa: F401

STREET, COMMUNITY, STATION = "和平里", "安德里", "和平里派出所"


@pytest.fixture
def sheet(compose, make_place, city, qtbot, monkeypatch):  # noqa: F811
    """sheet(role, node): a whistle's sheet under the rules of 任城, as somebody with this duty has it."""
    raw = tomllib.loads((RESOURCES / "profiles/rencheng/whistle.toml").read_text("utf-8"))
    callers = {caller["kind"]: (tuple(caller["calls"]), caller["signed"]) for caller in raw["caller"]}
    rules = replace(whistle_rules(), callers=callers)
    monkeypatch.setattr("tests.fakes.joint_queries.FakeJointQueries.whistle_rules", lambda _self: rules)

    def make(role, node):
        place = make_place(city, person(1, "r0001", (role, node)))
        place.live.begin()
        qtbot.waitUntil(lambda: place.live.ready and place.joint.ready)
        return compose("whistle", place=place)
    return make


def grid_of(form, street):
    return next(g.id for g in form._directory.grids.values() if g.street_id == org_id(street) and g.kind == "unit")


def test_a_grid_worker_calls_for_a_grid_of_his_and_nobody_signs(sheet, city, qtbot):
    composer = sheet("grid_worker", STREET)
    form = composer.form
    assert form.caller_kind.value() == "grid" and form._fields["caller_kind"].isVisible()
    assert form.submit_button.text() == "发出吹哨"
    fill(form, title="路灯不亮", scope="综合执法", parties=[[org_id("区城管委"), None, True]])
    form.submit()
    assert form.error_of("grid_id") == "请选择网格"
    fill(form, grid_id=grid_of(form, STREET))
    assert form.summons().grid_id == grid_of(form, STREET)
    send(qtbot, composer)
    (record,) = town_of(city).summons.values()
    assert (record.row.caller_kind, record.row.caller_id) == ("grid", org_id(STREET))


def test_a_grid_worker_may_call_for_the_whole_street_instead_and_then_its_head_signs(sheet):
    form = sheet("grid_worker", STREET).form
    fill(form, caller_kind="self")
    assert form.summons().caller_kind == "" and form.submit_button.text() == "提交签批"


def test_a_community_calls_the_agencies_that_serve_its_street_and_no_department(sheet):
    form = sheet("handler", COMMUNITY).form
    assert form.calling.caller_id == org_id(COMMUNITY) and form.submit_button.text() == "发出吹哨"
    assert form.calling.why_not(org_id(STATION)) == ""
    assert form.calling.why_not(org_id("区城管委")) == "社区不能召集这类单位"
    assert form.calling.why_not(org_id("东华门派出所")) == "不服务本街道"


@pytest.mark.parametrize(("role", "node", "verb"), [
    ("handler", STREET, "提交签批"), ("street_leader", STREET, "签批吹哨"), ("supervisor", "东城区", "发出吹哨"),
])
def test_a_street_waits_for_its_head_and_the_district_for_nobody(sheet, role, node, verb):
    form = sheet(role, node).form
    if node != STREET:
        fill(form, caller=org_id(node))
    assert form.submit_button.text() == verb
    assert form.calling.why_not(org_id("区城管委")) == ""
