"""A city of several districts: what two districts that call the same unit of the city know of each other."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest

from commandcenter.domain.errors import InvalidInput, NotAllowed, NotFound
from tests.support.hands import Hands

pytestmark = pytest.mark.database

A, B = "990101", "990121"
OPEN, ACT = "select cc.open_summons(%s, 'order', %s)", "select cc.summons_act(%s, %s, 1, 'sign', '{}')"


def _ahead(hands: Hands, hours: float) -> str:
    return str((hands.sql("select cc.city_now()") + timedelta(hours=hours)).isoformat())


@pytest.fixture(scope="module")
def order(hands: Hands) -> int:
    """A's order to a department of the city and its own bureau, in two hours."""
    args: dict[str, Any] = {
        "caller_id": hands.org(A), "scope": "综合执法", "title": "明湖秘密行动", "place": "明湖路口",
        "meet_at": _ahead(hands, 2),
        "parties": [{"unit_id": hands.org("D-通信")}, {"unit_id": hands.org(f"D-{A}-城管")}],
    }  # fmt: skip
    number = int(hands.as_person("q01_z1", OPEN, str(uuid.uuid4()), json.dumps(args))["entity_id"])
    hands.as_person("q01_z1", ACT, str(uuid.uuid4()), number)
    return number


def test_the_citys_unit_sees_it_and_another_district_does_not(hands: Hands, order: int) -> None:
    for who, seen in (("sj_tx", 1), ("q01_cg", 1), ("sj_z1", 1), ("q07_z1", 0), ("q07_cg", 0), ("sj_kj", 0)):
        assert hands.as_person(who, "select count(*) from cc.summons where id = %s", order) == seen, who
        read = "select count(*) from cc.feed where kind = 'summons' and entity_id = %s"
        assert bool(hands.as_person(who, read, order)) == bool(seen), who


def test_another_district_hears_that_the_citys_unit_is_busy_and_not_with_what(hands: Hands, order: int) -> None:
    ask = "select array_agg(array[unit_id, summons_id]) from cc.summons_conflicts(%s, %s, %s, null)"
    units, span = [hands.org("D-通信"), hands.org(f"D-{A}-城管")], (_ahead(hands, 1), _ahead(hands, 3))
    assert hands.as_person("q07_z1", ask, units, *span) == [[units[0], 0]]  # and nothing of A's own bureau
    assert sorted(hands.as_person("q01_z1", ask, units, *span)) == sorted([unit, order] for unit in units)


def test_no_clerk_of_the_city_acts_for_a_district_and_none_of_another(hands: Hands, order: int) -> None:
    act = "select cc.lane_act(%s, %s, %s, 1, 'respond', '{}')"
    with pytest.raises(NotAllowed):
        hands.as_person("sj_tx", act, str(uuid.uuid4()), order, 2)
    with pytest.raises(NotFound):
        hands.as_person("q07_cg", act, str(uuid.uuid4()), order, 2)
    assert hands.as_person("sj_tx", act, str(uuid.uuid4()), order, 1)["party_state"] == "responded"


def test_no_district_writes_over_anothers_team(hands: Hands) -> None:
    save = "select cc.save_team(%s, %s)"
    args = json.dumps({"name": "夜间联合队", "template": "1+X", "lines": [{"line": "城管", "heads": 2, "lead": True}]})
    hands.as_person("q01_z1", save, str(uuid.uuid4()), args)
    with pytest.raises(InvalidInput):
        hands.as_person("q07_z1", save, str(uuid.uuid4()), args)
    assert hands.as_person("q01_z1", save, str(uuid.uuid4()), args)["name"] == "夜间联合队"


def test_a_district_calls_no_unit_of_another(hands: Hands) -> None:
    args = {"caller_id": hands.org(A), "scope": "综合执法", "title": "x", "place": "y", "meet_at": _ahead(hands, 2),
            "parties": [{"unit_id": hands.org(f"D-{B}-城管")}]}  # fmt: skip
    with pytest.raises(InvalidInput):
        hands.as_person("q01_z1", OPEN, str(uuid.uuid4()), json.dumps(args))
