"""Outlines, teams and past places as a map reads them."""

import numpy as np
import pytest

from commandcenter.domain.errors import NotFound
from tests.support.hands import Hands
from tests.support.town import Town
from tests.support.town_profile import town_profile

pytestmark = pytest.mark.database


def test_outlines_are_the_profiles_own(shared_town: Town) -> None:
    shapes = shared_town.session("supervisor").map.shapes()
    by_key = {cell.key: cell.polygon for cell in town_profile().grids}
    grids = shared_town.session("supervisor").directory.grids
    assert len(shapes.ids) == len(by_key) == len(shapes.offsets) - 1
    for number, begin, end in zip(shapes.ids, shapes.offsets, shapes.offsets[1:], strict=False):
        assert shapes.vertices[begin:end].tolist() == [list(point) for point in by_key[grids[int(number)].key]]
    assert (shapes.ids.dtype, shapes.vertices.dtype, shapes.offsets.dtype) == (np.int64, np.float64, np.int64)
    assert shapes.vertices.flags.writeable and shapes.vertices.flags.c_contiguous


def test_outlines_are_everybodys(shared_town: Town) -> None:
    for login in ("screen", "cg", "leader"):
        assert len(shared_town.session(login).map.shapes().ids) == len(town_profile().grids)


def test_a_grids_team_is_its_own_people_and_those_of_its_street(shared_town: Town) -> None:
    port = shared_town.session("dispatcher").map
    team = port.team(shared_town.grid("G-A1"))
    assert [(m.role, m.name) for m in team] == [
        ("leader", "甲一网格长"), ("worker", "甲一网格员"), ("specialist", "甲专业网格员"), ("partner", "甲一法官"),
    ]  # fmt: skip
    assert [m.phone_masked for m in team[:2]] == ["139****0101", "139****0102"]
    assert [(m.line, m.org_id) for m in team[2:]] == [("水务", shared_town.org("A")), ("法官", shared_town.org("A1"))]
    assert {m.grid_id for m in team} == {shared_town.grid("G-A1")}
    assert [m.role for m in port.team(shared_town.grid("G-A2"))] == ["specialist"]
    assert port.team(shared_town.grid("G-B1")) == []
    assert shared_town.session("screen").map.team(shared_town.grid("G-A1")) == []
    with pytest.raises(NotFound):
        port.team(2**31 - 1)


def test_past_places_are_those_in_sight_between_the_instants(town: Town) -> None:
    hands = Hands(town)
    in_a, in_b = town.filed(), town.report(grid="G-B1-0")
    nowhere = hands.report(lon=None, lat=None, grid_id=town.grid("G-A1-0"))
    port, now = town.session("supervisor").map, float(hands.sql("select extract(epoch from cc.city_now())"))
    found = port.case_places(now - 3600, now + 1)
    assert found.case_ids.tolist() == [in_b, in_a] and nowhere not in found.case_ids
    assert found.lonlat.tolist() == [[116.0225, 40.0025], [116.0025, 40.0025]]
    assert found.item_ids.tolist() == [0, town.item("暴露垃圾")]
    assert found.at.tolist() == [row.reported_at for row in (town.row(in_b), town.row(in_a))]
    assert port.case_places(now - 3600, now + 1, [town.item("暴露垃圾")]).case_ids.tolist() == [in_a]
    assert port.case_places(now - 3600, now + 1, [town.item("井盖缺失")]).lonlat.shape == (0, 2)
    assert town.session("leader_b").map.case_places(now - 3600, now + 1).case_ids.tolist() == [in_b]
    assert town.session("screen").map.case_places(now - 3600, now + 1).case_ids.tolist() == [in_b, in_a]
    assert port.case_places(found.at[1], found.at[0]).case_ids.tolist() == [in_a]  # the end is not of it
    assert len(port.case_places(0, 1e12).case_ids) == 2
    assert len(port.case_places(now, now - 1).case_ids) == 0


def test_past_places_look_at_the_months_in_question_only(town: Town) -> None:
    hands = Hands(town)
    old = town.report()
    hands.sql("set role cc_owner")
    hands.sql("select cc.ensure_month('2024-02-01')")
    hands.sql("reset role")
    hands.sql("insert into cc.cases select (jsonb_populate_record(c, jsonb_build_object('id', 202402000000001,"
              " 'reported_at', '2024-02-29 23:30+08'))).* from cc.cases c where id = %s", old)  # fmt: skip
    port = town.session("supervisor").map
    from_feb, to_march = 1709221000.0, 1709222500.0  # 2024-02-29 23:36:40 and 2024-03-01 00:01:40 in the city
    assert port.case_places(from_feb - 600, to_march).case_ids.tolist() == [202402000000001]
    assert port.case_places(from_feb, to_march).case_ids.tolist() == []
