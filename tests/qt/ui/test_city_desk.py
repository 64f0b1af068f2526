"""What a dispatcher of a whole city is shown: which district a case lies in, and its units before the city's."""

import pytest

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import Duty
from commandcenter.domain.units import reach_for, reach_of
from tests.fakes.session import FakeQueries
from tests.support.small_city import case
from tests.support.two_districts import (
    CITY,
    CITY_CG,
    CITY_TX,
    EAST,
    EAST_CG,
    EAST_STREET,
    EAST_SW,
    WEST,
    WEST_STREET,
    two_districts,
)
from ui.models.map_columns import map_case_columns
from ui.models.remaining import Remaining
from ui.models.unit_cards import UnitCards
from ui.models.words import CaseWords
from ui.screens.desk import unit_pane
from ui.screens.desk.filters import Filters, in_place

IN_EAST = case(street_id=EAST_STREET)


def _sections(row):
    directory = two_districts()
    reach = reach_for(reach_of([Duty("dispatcher", CITY)], directory), row, directory)
    sections = UnitCards(directory, {}, {}).by_kind(reach)
    return [(section.title, [card.key for card in section.cards]) for section in sections]


def test_units_of_the_cases_district_stand_before_the_citys():
    assert _sections(IN_EAST) == [
        ("东区 · 职能部门", [EAST_CG, EAST_SW]),
        ("示范市 · 职能部门", [CITY_CG, CITY_TX]),
        ("东区 · 街道", [EAST_STREET]),
    ]


def test_without_a_case_the_citys_own_units_are_shown():
    assert _sections(None) == [("职能部门", [CITY_CG, CITY_TX])]


def test_the_keys_of_sections_differ():
    directory = two_districts()
    sections = UnitCards(directory, {}, {}).by_kind(frozenset(directory.orgs))
    assert len({section.key for section in sections}) == len(sections) > 3


@pytest.mark.parametrize(("home", "words"), [(CITY, "东·东街"), (EAST, "东街")])
def test_a_city_reads_the_district_with_the_street(home, words):
    assert CaseWords(two_districts(home)).street(IN_EAST) == words


def test_a_case_lies_in_its_street_and_in_its_district():
    directory = two_districts()
    row = case(street_id=WEST_STREET)
    assert all(in_place(place, directory)(row) for place in (WEST_STREET, WEST))
    assert not any(in_place(place, directory)(row) for place in (EAST_STREET, EAST))


@pytest.mark.parametrize(("home", "words"), [(CITY, "区县 东区"), (EAST, "街道 东街")])
def test_a_city_filters_by_district(qtbot, home, words):
    filters = Filters(CaseWords(two_districts(home)))
    qtbot.addWidget(filters)
    filters.street.select(EAST if home == CITY else EAST_STREET)
    assert filters.street.text() == words
    assert [filters.predicate()(case(street_id=street)) for street in (EAST_STREET, WEST_STREET)] == [True, False]


def test_figures_that_cannot_be_had_yet_are_asked_for_again(make_desk, city, monkeypatch):
    """A new city counts for the first time while its desk opens: the desk is complete soon, not in two minutes."""
    asked = []

    def counting(self):
        asked.append(1)
        if len(asked) <= 2:  # the panes for 派遣 and 二次派发 ask each for itself
            raise DomainError("统计正在重建，请稍候")
        return []
    monkeypatch.setattr(FakeQueries, "unit_figures", counting)
    monkeypatch.setattr(unit_pane, "_FIGURES_AGAIN_MS", 20)
    assert make_desk(city).complete
    assert len(asked) == 4


def test_the_maps_narrow_list_names_the_street_and_its_tip_the_district_too():
    words = CaseWords(two_districts())
    street = next(one for one in map_case_columns(words, Remaining.__new__(Remaining)) if one.key == "street")
    assert street.text(IN_EAST) == words.unit(EAST_STREET) and "·" not in street.text(IN_EAST)
    assert street.tooltip(IN_EAST) == words.street(IN_EAST) == f"东·{words.unit(EAST_STREET)}"
