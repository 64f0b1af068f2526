"""Words of a caller → catalogue item."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.domain.matching import ItemIndex, load_synonyms
from tests.support.small_city import LEAK, LID, NOISE, PEDDLER, items

INDEX = ItemIndex(items().values())


def first(text: str) -> int | None:
    found = INDEX.suggest(text)
    return found[0][0] if found else None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("污水井盖丢了", LID),
        ("路口的井盖子没了，差点掉下去", LID),
        ("门口有小贩摆摊", PEDDLER),
        ("卖菜的占道经营", PEDDLER),
        ("胡同里停车堵路", 6),
        ("楼下一堆垃圾没人收", 7),
        ("水管爆了，胡同里全是水", LEAK),
        ("半夜施工太吵", NOISE),
        ("wsjg", LID),
    ],
)
def test_everyday_words_find_the_item(said: str, meant: int) -> None:
    assert first(said) == meant


def test_what_led_to_an_item_is_told() -> None:
    [(_, _, why), *_] = INDEX.suggest("门口有小贩")
    assert why == "街面秩序 · 小贩"


def test_more_words_never_lose_the_item_while_typing() -> None:
    text = "污水井盖缺失"
    assert all(LID in [i for i, _, _ in INDEX.suggest(text[:k])] for k in range(2, len(text) + 1))


@pytest.mark.parametrize("text", ["", "   ", "？！。", "0", "\x00", "😀😀", "zzqqxx"])
def test_text_that_says_nothing_suggests_nothing(text: str) -> None:
    assert INDEX.suggest(text) == []


def test_one_subclass_does_not_fill_the_list() -> None:
    from tests.support.small_city import item

    places = [item(100 + k, "event", "街面秩序", "店外经营", f"{p}店外经营", "城管执法", "street")
              for k, p in enumerate("甲乙丙丁戊己")]  # fmt: skip
    index = ItemIndex([*places, *items().values()])
    found = [i for i, _, _ in index.suggest("店外经营 垃圾", limit=4)]
    assert 7 in found


def test_an_empty_catalogue_suggests_nothing() -> None:
    assert ItemIndex([]).suggest("井盖") == []


def test_every_synonym_means_something_else_than_itself() -> None:
    assert all(said and meant.strip() and said != meant for said, meant in load_synonyms().items())


@given(st.text(max_size=2000), st.integers(1, 12))
def test_any_text_gives_known_items_once_in_order(text: str, limit: int) -> None:
    found = INDEX.suggest(text, limit)
    assert len(found) <= limit
    assert len({i for i, _, _ in found}) == len(found)
    assert {i for i, _, _ in found} <= set(items())
    assert [s for _, s, _ in found] == sorted((s for _, s, _ in found), reverse=True)
