"""A city's list becomes a catalogue to load; each row that cannot be used is named with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from commandcenter.domain.errors import InvalidInput
from commandcenter.domain.model import Calendar, Org
from commandcenter.services.catalogue_import import (
    CatalogueList,
    minutes_of_clocks,
    names_of_lines,
    read_catalogue_table,
)
from tests.unit.services.sheets import comma, excel

HEADER = ("小类编码", "类别", "大类", "小类", "责任部门", "处置时限", "立案条件", "结案标准", "分级", "是否紧急")
LINES = {"城管执法": "enforcement", "区城管委": "municipal"}
DAY = {"urgent": 1440, "hours": 720, "days": 480}


def item(code: str = "0101", **different: str) -> tuple[str, ...]:
    plain = dict(
        zip(
            HEADER,
            (code, "事件", "市容环境", f"暴露垃圾{code}", "区城管委", "4工作时", "成堆", "清除", "", ""),
            strict=True,
        )
    )
    return tuple((plain | different).values())


def read(path: Path) -> CatalogueList:
    return read_catalogue_table(path, LINES, DAY)


def test_a_row_becomes_an_item_with_what_the_list_leaves_open(tmp_path: Path) -> None:
    rows = read(excel(tmp_path / "目录.xlsx", ("某市部件事件目录",), HEADER, item())).items
    assert rows == (
        {
            "code": "0101", "kind": "event", "domain": "城市管理", "major": "市容环境", "minor": "暴露垃圾0101",
            "name": "暴露垃圾0101", "danger": 2, "visibility": 2, "disorder": 2, "urgent": False, "grade": "clear",
            "line": "municipal", "fallback": "street", "filing_condition": "成堆", "closing_standard": "清除",
            "return_window_minutes": 120, "photo_required": True, "sample": False,
            "limits": [{"stage": "handle", "minutes": 240, "clock": "hours"}],
        },
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "reason", "detail"),
    [
        ({"小类编码": ""}, "没有编码", ""),
        ({"类别": "人物"}, "类别不在允许范围内", "人物"),
        ({"大类": " "}, "没有大类", ""),
        ({"责任部门": "水务局"}, "责任部门没有对应的单位", "水务局"),
        ({"责任部门": ""}, "没有责任部门", ""),
        ({"处置时限": "三天"}, "处置时限无法辨认", "三天"),
        ({"分级": "九级"}, "分级不在允许范围内", "九级"),
        ({"是否紧急": "也许"}, "紧急应写“是”或“否”", "也许"),
        ({"立案条件": "长" * 2001}, "内容超过 2,000 字", "2,001"),
        ({"小类编码": "0101"}, "编码在文件中重复", "第 2 行"),
        ({"小类": "暴露垃圾0101"}, "名称在文件中重复", "第 2 行"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(tmp_path: Path, wrong: dict, reason: str, detail: str) -> None:
    loaded = read(comma(tmp_path / "a.csv", HEADER, item(), item("0102", **wrong), item("0103")))
    assert [row["code"] for row in loaded.items] == ["0101", "0103"]
    assert [(row.row, row.reason) for row in loaded.rejected] == [(3, reason)]
    assert detail in loaded.rejected[0].detail
    assert loaded.reasons == {reason: 1}


def test_codes_written_in_two_parts_are_joined(tmp_path: Path) -> None:
    header = ("类别", "大类代码", "大类", "小类代码", "小类", "责任部门")
    loaded = read(comma(tmp_path / "a.csv", header, ("部件", "01", "公用设施", "07", "通信井盖", "区城管委")))
    assert (loaded.items[0]["code"], loaded.items[0]["kind"], loaded.items[0]["limits"]) == ("0107", "component", [])


def test_the_source_tells_one_version_from_another(tmp_path: Path) -> None:
    path = comma(tmp_path / "目录.csv", HEADER, item())
    before = read(path).source
    assert before.startswith("目录.csv ")
    assert read(comma(path, HEADER, item("0109"))).source != before
    assert read(comma(path, HEADER, item())).source == before


def test_a_file_without_one_usable_row_is_refused_with_the_usual_reason(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="没有责任部门（2 行）"):
        read(comma(tmp_path / "a.csv", HEADER, item("1", 责任部门=""), item("2", 责任部门="")))
    with pytest.raises(InvalidInput, match="表头下面没有数据"):
        read(comma(tmp_path / "a.csv", HEADER))


def test_a_line_may_be_named_by_its_key_or_its_unit() -> None:
    org = Org(4, "k", 1, "department", "某区城市管理委员会", "区城管委", None, "municipal", True, 1)
    names = names_of_lines([org, Org(5, "s", 1, "street", "某街道", "某", None, None, True, 1)])
    assert names == {"municipal": "municipal", "某区城市管理委员会": "municipal", "区城管委": "municipal"}


def test_minutes_of_a_working_day_come_from_the_calendar() -> None:
    calendar = Calendar(
        "Asia/Shanghai", {"hours": ((28_800, 72_000),), "days": ((32_400, 43_200), (46_800, 64_800))}, ()
    )
    assert minutes_of_clocks(calendar) == DAY
