"""Who is recommended for a case, and why."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.domain.model import CaseRow, Duty, UnitFigures
from commandcenter.domain.recommend import accepts, accepts_below, first_choice, recommend
from commandcenter.domain.units import reach_of, unit_index
from tests.support.small_city import (
    CHENGGUAN,
    CHENGGUANWEI,
    DISTRICT,
    HEPINGLI,
    JINGSHAN,
    LEAK,
    LID,
    LONGFUSI,
    NOISE,
    OLD,
    PEDDLER,
    QINGNIANHU,
    SECTION,
    SHUIWU,
    TEAM_HPL,
    TEAM_JS,
    case,
    city,
)

CITY = city()


def figures(unit_id: int, **changed: object) -> UnitFigures:
    return replace(UnitFigures(unit_id, 41, 0, 100, 3960.0, 120, 2), **changed)


def suggested(row: CaseRow, **more: object) -> list[int]:
    return [s.unit_id for s in recommend(row, CITY.items.get(row.item_id or -1), CITY, {}, {}, **more)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(case(item_id=LID), (CHENGGUANWEI, "部件→主管部门"), id="component to its department"),
        pytest.param(case(item_id=PEDDLER), (HEPINGLI, "事件→属地"), id="event to its territory"),
        pytest.param(case(item_id=LEAK), (SHUIWU, "事件→主责部门"), id="event of a line without territory"),
        pytest.param(case(item_id=NOISE), (CHENGGUAN, "主责无对应单位→兜底"), id="line without an active unit"),
        pytest.param(case(item_id=PEDDLER, street_id=None), (CHENGGUAN, "事件→主责部门"), id="event without a place"),
        pytest.param(case(item_id=None), (HEPINGLI, "属地（未定小类）"), id="no item yet"),
        pytest.param(case(item_id=None, street_id=None), None, id="nothing known"),
    ],
)
def test_the_rule_names_the_first_choice(row: CaseRow, expected: tuple[int, str] | None) -> None:
    assert first_choice(row, CITY.items.get(row.item_id or -1), CITY) == expected


def test_an_event_goes_to_the_street_then_the_line_then_its_agency_then_the_community() -> None:
    assert suggested(case(item_id=PEDDLER)) == [HEPINGLI, CHENGGUAN, TEAM_HPL, QINGNIANHU]


def test_a_component_goes_to_the_department_and_keeps_the_street_as_an_option() -> None:
    assert suggested(case(item_id=LID))[0] == CHENGGUANWEI
    assert HEPINGLI in suggested(case(item_id=LID))


def test_the_agency_is_that_of_the_street_of_the_case() -> None:
    there = suggested(case(item_id=PEDDLER, street_id=JINGSHAN, community_id=LONGFUSI))
    assert TEAM_JS in there
    assert TEAM_HPL not in there


def test_reasons_carry_the_figures() -> None:
    given_figures = {HEPINGLI: figures(HEPINGLI, overdue=3)}
    first = recommend(case(item_id=PEDDLER), CITY.items[PEDDLER], CITY, given_figures, {})[0]
    assert first.reasons == ("事件→属地：和平里街道", "在办 41，超期 3", "近30日回退 2/120", "平均处置 1.1 h")


def test_the_live_load_counts_before_the_figures() -> None:
    loads = {HEPINGLI: figures(HEPINGLI, open=7, overdue=0)}
    first = recommend(case(item_id=PEDDLER), CITY.items[PEDDLER], CITY, {HEPINGLI: figures(HEPINGLI)}, loads)[0]
    assert "在办 7" in first.reasons


def test_a_return_rate_over_few_cases_is_not_told() -> None:
    few = {HEPINGLI: figures(HEPINGLI, dispatched=3, returned=3)}
    first = recommend(case(item_id=PEDDLER), CITY.items[PEDDLER], CITY, few, {})[0]
    assert not any("回退" in reason for reason in first.reasons)


def test_three_grades_case_is_told_to_whistle() -> None:
    first = recommend(case(item_id=LEAK, grade="cross"), CITY.items[LEAK], CITY, {}, {})[0]
    assert first.reasons[1] == "三级多部门→宜吹哨"


def test_only_units_in_reach_are_recommended() -> None:
    reach = reach_of([Duty("dispatcher", HEPINGLI)], CITY)
    assert suggested(case(item_id=LID), reach=reach) == [HEPINGLI, QINGNIANHU]


def test_among_agencies_of_one_tier_the_one_with_less_load_comes_first() -> None:
    second = replace(CITY.orgs[TEAM_HPL], id=99, key="K99", name="和平里第二执法队")
    there = city(orgs={**CITY.orgs, 99: second})
    loads = {TEAM_HPL: figures(TEAM_HPL, open=80), 99: figures(99, open=2)}
    order = [s.unit_id for s in recommend(case(item_id=PEDDLER), there.items[PEDDLER], there, {}, loads)]
    assert order.index(99) < order.index(TEAM_HPL)


def test_the_limit_cuts_the_list() -> None:
    assert len(suggested(case(item_id=PEDDLER), limit=2)) == 2


@pytest.mark.parametrize(
    ("row", "unit", "reach", "why"),
    [
        pytest.param(case(), CHENGGUANWEI, None, None, id="may"),
        pytest.param(case(state="returned"), CHENGGUANWEI, None, None, id="again after a return"),
        pytest.param(case(), 999, None, "没有这个单位", id="unknown"),
        pytest.param(case(), OLD, None, "该单位已停用", id="inactive"),
        pytest.param(case(), DISTRICT, None, "该层级不接收案件", id="a district takes none"),
        pytest.param(case(), JINGSHAN, frozenset({HEPINGLI}), "不在您的派遣范围内", id="out of reach"),
        pytest.param(case(state="in_progress"), HEPINGLI, None, "案件办理中，不能派遣", id="wrong state"),
        pytest.param(case(state="dispatched", ruled=True), HEPINGLI, None, "已疑难定责，不再改派", id="ruled"),
    ],
)
def test_a_card_says_why_it_may_not_take_a_case(row, unit, reach, why) -> None:
    assert accepts(row, unit, CITY, reach) == why


def test_sub_dispatch_goes_below_the_handler_only() -> None:
    row = case(state="in_progress", unit_id=HEPINGLI, handler_id=HEPINGLI)
    assert accepts_below(row, QINGNIANHU, CITY) is None
    assert accepts_below(row, TEAM_HPL, CITY) is None
    assert accepts_below(row, LONGFUSI, CITY) is not None
    assert accepts_below(row, HEPINGLI, CITY) is not None


def test_below_a_unit_stand_its_tree_and_the_agencies_that_serve_it() -> None:
    assert unit_index(CITY).below(HEPINGLI) == {QINGNIANHU, 21, TEAM_HPL}
    assert unit_index(CITY).below(CHENGGUANWEI) == {SECTION}
    assert unit_index(CITY).line_of(TEAM_HPL) == "城管执法"


def test_a_new_directory_gets_its_own_index() -> None:
    closed = city(orgs={**CITY.orgs, CHENGGUANWEI: replace(CITY.orgs[CHENGGUANWEI], active=False)})
    assert first_choice(case(item_id=LID), CITY.items[LID], CITY) == (CHENGGUANWEI, "部件→主管部门")
    assert first_choice(case(item_id=LID), CITY.items[LID], closed) is None


rows = st.builds(
    case,
    item_id=st.sampled_from([None, *CITY.items]),
    street_id=st.sampled_from([None, HEPINGLI, JINGSHAN]),
    grade=st.sampled_from(["simple", "clear", "cross"]),
)
counts = st.integers(0, 10_000)
unit_figures = st.dictionaries(
    st.sampled_from(list(CITY.orgs)),
    st.builds(
        UnitFigures, st.just(0), counts, counts, counts, st.none() | st.floats(0, 1e7), counts, counts
    ),
)


@given(rows, unit_figures)
def test_rule_before_load_and_nothing_twice_and_always_the_same(row: CaseRow, known: dict[int, UnitFigures]) -> None:
    item = CITY.items.get(row.item_id or -1)
    made = recommend(row, item, CITY, known, {})
    assert made == recommend(row, item, CITY, known, {})
    assert len({s.unit_id for s in made}) == len(made)
    assert [s.score for s in made] == sorted((s.score for s in made), reverse=True)
    assert all(s.reasons and accepts(row, s.unit_id, CITY) is None for s in made)
    first = first_choice(row, item, CITY)
    assert (made[0].unit_id if made else None) == (first[0] if first else None)
