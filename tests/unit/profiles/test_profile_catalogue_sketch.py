"""The expansion of subclasses into a list of the wanted length."""

from __future__ import annotations

import pytest

from commandcenter.profiles.sketch.catalogue import expand_catalogue

LIMITS = {"工作时": {"accept": "10工作分"}, "紧急工作时": {"accept": "5紧急工作分"}}
COVER = {
    "major_code": "01",
    "major": "公用设施",
    "minor_code": "02",
    "minor": "污水井盖",
    "family": "井盖",
    "line": "排水",
    "fallback": "城管委",
    "without": "",
}
PRIORITY = {"danger": "1", "visibility": "2", "disorder": "3"}
DEFECTS = [
    {
        "family": "井盖",
        "defect": "缺失",
        "limit": "2紧急工作时",
        "condition": "{n}缺失",
        "standard": "补装",
        **PRIORITY,
    },
    {
        "family": "井盖",
        "defect": "被占压",
        "limit": "4工作时",
        "condition": "{n}被压",
        "standard": "清除",
        **PRIORITY,
    },
    {"family": "路灯", "defect": "不亮", "limit": "4工作时", "condition": "", "standard": "", **PRIORITY},
]
GARBAGE = {
    "domain": "城市管理",
    "major_code": "01",
    "major": "市容环境",
    "minor_code": "02",
    "minor": "暴露垃圾",
    "places": "街面",
    "stem": "",
    "line": "环卫",
    "fallback": "street",
    "grade": "clear",
    "limit": "4工作时",
    "photo": "1",
    "listed": "1",
    "condition": "{p}有垃圾",
    "standard": "清除",
    **PRIORITY,
}
PLACES = {"街面": {"general": "责任区内", "places": "胡同内 小区内 公园内"}}


def _expand(total, component=COVER, event=GARBAGE):
    return expand_catalogue([component], DEFECTS, [event], PLACES, LIMITS, total)


def test_components_take_the_defects_of_their_family():
    names = [item["name"] for item in _expand(6)]
    assert names == [
        "污水井盖缺失",
        "污水井盖被占压",
        "暴露垃圾",
        "胡同内暴露垃圾",
        "小区内暴露垃圾",
        "公园内暴露垃圾",
    ]


def test_shortening_drops_the_last_variant_of_the_longest_subclass_first():
    names = [item["name"] for item in _expand(4)]
    assert names == ["污水井盖缺失", "污水井盖被占压", "暴露垃圾", "胡同内暴露垃圾"]


def test_impossible_defect_is_left_out():
    names = [item["name"] for item in _expand(5, component={**COVER, "without": "被占压"})]
    assert "污水井盖被占压" not in names


def test_stem_replaces_the_subclass_after_a_place():
    names = [item["name"] for item in _expand(6, event={**GARBAGE, "stem": "垃圾"})]
    assert names[2:4] == ["暴露垃圾", "胡同内垃圾"]


def test_only_a_listed_subclass_itself_is_no_sample():
    assert [item["sample"] for item in _expand(6)] == ["1", "1", "0", "1", "1", "1"]


def test_the_clock_of_handling_decides_the_other_stages():
    first, second = _expand(6)[:2]
    assert (first["handle"], first["accept"], first["urgent"]) == ("2紧急工作时", "5紧急工作分", "1")
    assert (second["handle"], second["accept"], second["urgent"]) == ("4工作时", "10工作分", "0")


def test_too_few_variants_are_refused():
    with pytest.raises(ValueError, match="give 6 items, 7 are wanted"):
        _expand(7)
