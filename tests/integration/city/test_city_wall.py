"""The wall of a whole city: its figures are those of all districts, each district its own; pushes are the city's."""

from __future__ import annotations

import uuid

import pytest

from commandcenter.domain.errors import InvalidInput, NotFound
from tests.integration.city.places import A, B, filed, reported
from tests.integration.wall.test_wall_figures import assert_all_true
from tests.support.clocks import beijing, travel
from tests.support.hands import Hands
from tests.support.town import Town

pytestmark = pytest.mark.database

SCOPES = {"sj_screen": "", "sj_z1": "", "q01_z1": A, "q07_z1": B}


def _reported(hands: Hands, login: str) -> int:
    return int(hands.as_person(login, "select cc.wall_today()")["measures"].get("report", 0))


def test_the_citys_figures_are_those_of_its_districts_together(hands: Hands) -> None:
    travel(hands, beijing("2026-03-31 23:30"))
    for fold in (False, True):
        for district in (A, B, B):
            travel(hands, hands.sql("select cc.city_now() + interval '7 minutes'"))
            filed(hands, district)
            reported(hands, district)
        if fold:
            hands.sql("select cc.roll_up()")
        assert_all_true(hands, scopes=SCOPES)
    travel(hands, beijing("2026-04-01 00:20"))
    reported(hands, A)
    assert_all_true(hands, scopes=SCOPES)
    assert _reported(hands, "sj_screen") == _reported(hands, "q01_z1") + _reported(hands, "q07_z1") > 1


def test_the_citys_scenes_and_shifts_hold_in_every_district(hands: Hands, wuji: Town) -> None:
    for login in ("sj_screen", "q01_z1"):
        shift = hands.as_person(login, "select cc.wall_today()")["shift"]
        assert shift["label"] in ("白班", "夜班")
    assert hands.sql("select jsonb_array_length(plan->'scenes') from cc.wall_plan") == 6


def test_a_push_to_the_citys_wall_is_the_citys(hands: Hands) -> None:
    wall = hands.as_person("sj_screen", "select cc.wall_announce('市级大厅')")["id"]
    push = "select cc.push_to_wall(%s, %s, 'case', %s)"
    case = reported(hands, B)
    with pytest.raises(NotFound, match="没有这块大屏"):
        hands.as_person("q07_z1", push, str(uuid.uuid4()), wall, case)
    before = hands.as_person("sj_z1", "select count(*) from cc.feed where kind = 'wall'")
    hands.as_person("sj_z1", push, str(uuid.uuid4()), wall, case)
    (told,) = hands.as_person("sj_screen", "select cc.walls()")
    assert told["push"]["entity_id"] == case
    for login in ("sj_screen", "sj_z1"):
        assert hands.as_person(login, "select count(*) from cc.feed where kind = 'wall'") == before + 1
    assert hands.as_person("q07_z1", "select cc.walls()") == []
    assert hands.as_person("sj_z1", "select count(*) from cc.wall_push") == 1
    assert hands.as_person("q07_z1", "select count(*) from cc.wall_push") == 0


def test_another_districts_wall_and_another_districts_case(hands: Hands) -> None:
    here = hands.as_person("q01_z1", "select cc.wall_announce('明湖大厅')")["id"]
    push = "select cc.push_to_wall(%s, %s, 'case', %s)"
    elsewhere = reported(hands, B)
    with pytest.raises(NotFound, match="没有这块大屏"):
        hands.as_person("q07_z1", push, str(uuid.uuid4()), here, elsewhere)
    with pytest.raises(NotFound):  # not in the pusher's sight
        hands.as_person("q01_z1", push, str(uuid.uuid4()), here, elsewhere)
    with pytest.raises(InvalidInput, match="不在这块大屏的辖区内"):  # in the city's, but not the wall's
        hands.as_person("sj_z1", push, str(uuid.uuid4()), here, elsewhere)
    hands.as_person("sj_z1", push, str(uuid.uuid4()), here, reported(hands, A))
