"""Words of an address → street, community, grid."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.domain.gazetteer import Gazetteer, stem
from commandcenter.domain.pinyin import initials, initials_at, is_initials
from tests.support.small_city import (
    GRID_05,
    GRID_05_3,
    GRID_JS,
    HEPING,
    HEPINGLI,
    JINGSHAN,
    OFFICE,
    QINGNIANHU,
    city,
    grids,
)

PLACES = Gazetteer(city())


@pytest.mark.parametrize(
    ("text", "grid"),
    [
        ("安德里北街21号 青年湖社区05-3", GRID_05_3),
        ("青年湖 5-3", GRID_05_3),
        ("qnh 05-3", GRID_05_3),
        ("和平里街道青年湖社区05", GRID_05),
        ("景山街道隆福寺社区02-3", GRID_JS),
        ("东方大厦12层", OFFICE),
        ("G-JS", GRID_JS),
    ],
)
def test_an_address_finds_its_grid_first(text: str, grid: int) -> None:
    assert PLACES.find(text)[0].grid_id == grid


@pytest.mark.parametrize("text", ["hpl", "和平里街道", "HPL"])
def test_a_street_is_found_by_name_and_by_initials(text: str) -> None:
    assert HEPINGLI in [p.street_id for p in PLACES.find(text) if p.community_id is None]


def test_a_named_street_leads_its_communities() -> None:
    assert PLACES.find("和平里 青年湖")[0].street_id == HEPINGLI
    assert PLACES.find("和平里")[0].community_id == HEPING


def test_a_house_number_is_not_a_grid_number() -> None:
    assert all(p.grid_id is None or p.score < 20 for p in PLACES.find("青年湖社区5号院"))


def test_a_community_without_number_offers_its_grids_after_it() -> None:
    found = PLACES.find("青年湖")
    assert found[0].community_id == QINGNIANHU
    assert found[0].grid_id is None
    assert {GRID_05, GRID_05_3} <= {p.grid_id for p in found}


def test_one_wrong_character_is_forgiven() -> None:
    assert QINGNIANHU in [p.community_id for p in PLACES.find("青年胡社区")]


@pytest.mark.parametrize("text", ["", "  ", "，。", "999", "火星", "\x00"])
def test_text_without_a_place_finds_none(text: str) -> None:
    assert PLACES.find(text) == []


def test_the_finest_known_place_is_said() -> None:
    assert PLACES.label(GRID_05_3) == "和平里 · 青年湖社区 05-3"
    assert PLACES.label(None, QINGNIANHU, HEPINGLI) == "青年湖社区"
    assert PLACES.label(None, None, JINGSHAN) == "景山街道"
    assert PLACES.label(None) == ""


def test_a_grid_without_community_breaks_nothing() -> None:
    lone = replace(grids()[OFFICE], community_id=None)
    assert Gazetteer(city(grids={OFFICE: lone})).find("东方大厦")[0].grid_id == OFFICE


@given(st.text(max_size=80))
def test_any_text_gives_places_of_the_directory_in_order(text: str) -> None:
    found = PLACES.find(text)
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)
    assert all(p.label and (p.grid_id is None or p.grid_id in grids()) for p in found)


def test_stems_are_what_people_say() -> None:
    assert [stem(n) for n in ("和平里街道", "青年湖社区", "乡村", "大村")] == ["和平里", "青年湖", "乡村", "大村"]


def test_initials_of_names() -> None:
    assert initials("和平里街道 05-3") == "hpljd053"
    assert initials_at("qnh", "青年湖社区") == 0
    assert initials_at("sq", "青年湖社区") == 3
    assert initials_at("xy", "青年湖社区") is None
    assert initials_at("cqx", "重庆西里") == 0  # 重 is read zhòng and chóng
    assert is_initials("hpl")
    assert not is_initials("和平")
    assert not is_initials("05")
