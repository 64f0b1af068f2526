"""Units of several districts: a case's own bureau first, then the city's department, never another district's."""

from dataclasses import replace

import pytest

from commandcenter.domain.model import CaseRow, CatalogueItem, Directory, Duty
from commandcenter.domain.recommend import accepts, first_choice, recommend
from commandcenter.domain.units import district_of, of_whole_city, reach_for, reach_of, unit_index
from tests.support.small_city import LEAK, LID, case, items
from tests.support.two_districts import (
    CITY,
    CITY_CG,
    CITY_TX,
    EAST,
    EAST_CG,
    EAST_STREET,
    EAST_SW,
    WEST,
    WEST_CG,
    WEST_STREET,
    two_districts,
)

WHOLE = two_districts()
IN_EAST, IN_WEST = (case(street_id=street, community_id=None, grid_id=None) for street in (EAST_STREET, WEST_STREET))
ELSEWHERE = "该单位属于其他区县"
SIGNAL = replace(items()[LEAK], line="通信")


@pytest.mark.parametrize(
    ("row", "item", "unit"),
    [
        pytest.param(IN_EAST, items()[LID], EAST_CG, id="the bureau of the case's district"),
        pytest.param(IN_WEST, items()[LID], WEST_CG, id="of the other district"),
        pytest.param(IN_WEST, SIGNAL, CITY_TX, id="the city's where no district has one"),
        pytest.param(IN_WEST, items()[LEAK], WEST_CG, id="the fallback line before nobody"),
    ],
)
def test_a_line_is_answered_for_in_the_district_first(row: CaseRow, item: CatalogueItem, unit: int) -> None:
    found = first_choice(row, item, WHOLE)
    assert found is not None
    assert found[0] == unit


def test_the_citys_department_is_recommended_after_the_district_and_its_street() -> None:
    made = [s.unit_id for s in recommend(IN_EAST, items()[LID], WHOLE, {}, {})]
    assert made == [EAST_CG, CITY_CG, EAST_STREET]


def test_a_districts_dispatcher_is_offered_its_own_units_only() -> None:
    own = two_districts(EAST)
    reach = reach_of([Duty("dispatcher", EAST)], own)
    assert [s.unit_id for s in recommend(IN_EAST, items()[LID], own, {}, {}, reach)] == [EAST_CG, EAST_STREET]


@pytest.mark.parametrize(
    ("unit", "why"),
    [(EAST_CG, None), (EAST_STREET, None), (CITY_TX, None), (WEST_CG, ELSEWHERE), (WEST_STREET, ELSEWHERE)],
)
def test_a_case_goes_to_no_unit_of_another_district(unit: int, why: str | None) -> None:
    assert accepts(IN_EAST, unit, WHOLE, reach_of([Duty("dispatcher", CITY)], WHOLE)) == why


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        pytest.param(IN_EAST, {EAST_STREET, EAST_CG, EAST_SW, CITY_CG, CITY_TX}, id="the case's district and the city"),
        pytest.param(None, {CITY_CG, CITY_TX}, id="the city's own without a case"),
    ],
)
def test_what_a_city_dispatcher_may_send_to(row: CaseRow | None, kept: set[int]) -> None:
    reach = reach_of([Duty("dispatcher", CITY)], WHOLE) - {CITY, EAST, WEST}
    assert reach_for(reach, row, WHOLE) == kept


def test_a_districts_reach_stays_as_it_is() -> None:
    own = two_districts(EAST)
    reach = reach_of([Duty("dispatcher", EAST)], own)
    assert reach_for(reach, None, own) == reach


def test_a_case_without_a_place_lies_where_the_person_works() -> None:
    nowhere = case(street_id=None)
    assert [district_of(nowhere, two_districts(home)) for home in (CITY, EAST)] == [CITY, EAST]


@pytest.mark.parametrize(("directory", "whole"), [(WHOLE, True), (two_districts(EAST), False)])
def test_who_works_for_a_whole_city(directory: Directory, whole: bool) -> None:
    assert of_whole_city(directory) is whole


def test_all_who_answer_for_lines_in_a_district() -> None:
    assert set(unit_index(WHOLE).all_responsible(EAST)) == {EAST_CG, EAST_SW, CITY_CG, CITY_TX}
