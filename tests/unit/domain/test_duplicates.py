"""Which open cases are proposed as the same problem."""

from hypothesis import given
from hypothesis import strategies as st

from commandcenter.domain.duplicates import find_similar
from tests.support.small_city import GRID_05_3, GRID_JS, LID, PEDDLER, case

ROWS = [
    case(id=1, summary="路口污水井盖缺失，有人绊倒"),
    case(id=2, item_id=PEDDLER, summary="小贩占道卖菜"),
    case(id=3, grid_id=GRID_JS, summary="路口污水井盖缺失"),
    case(id=4, open=False, summary="路口污水井盖缺失"),
]


def ids(*asked) -> list[int]:
    return [c.case_id for c in find_similar(ROWS, *asked)]


def test_same_grid_item_and_words_come_first_and_other_grids_not_at_all() -> None:
    assert ids(GRID_05_3, LID, "污水井盖缺失") == [1]


def test_the_reason_is_told() -> None:
    [found] = find_similar(ROWS, GRID_05_3, LID, "污水井盖缺失")
    assert found.detail == "同网格 · 同小类 · 文字相近 100%"
    assert found.score == 1.0


def test_without_a_grid_the_item_decides_and_without_both_the_words() -> None:
    assert set(ids(None, LID, "污水井盖缺失")) == {1, 3}
    assert set(ids(None, None, "污水井盖缺失")) == {1, 3}


def test_few_words_alone_propose_nothing() -> None:
    assert ids(None, None, "井盖") == []


def test_closed_cases_are_never_proposed() -> None:
    assert 4 not in ids(None, None, "路口污水井盖缺失")


@given(st.text(max_size=100), st.sampled_from([None, GRID_05_3]), st.sampled_from([None, LID]))
def test_scores_stay_between_nothing_and_one_in_order(text, grid, item) -> None:
    scores = [c.score for c in find_similar(ROWS, grid, item, text)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
