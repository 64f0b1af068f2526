"""The header chooses the mapping; a table whose header says nothing is refused with what was found."""

from __future__ import annotations

from pathlib import Path

import pytest

from commandcenter.domain.errors import InvalidInput
from commandcenter.services.import_mapping import built_in, find_mapping, header_name, lay_out
from commandcenter.services.table_reader import TableRow


def table(*rows: tuple[str, ...]) -> list[TableRow]:
    return [TableRow(number, cells) for number, cells in enumerate(rows, 1)]


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        (("留言编号", "留言用户", "留言主题", "留言时间", "留言详情"), "citizen_messages"),
        (("工单编号", "诉求标题", "来电时间", "诉求内容", "来电人", "联系电话"), "hotline"),
        (("id", "user", "topic", "time", "detail", "label"), "plain"),
        (("序号", "标 题", "内容（必填）*", "电话"), "plain"),
    ],
)
def test_the_header_chooses_the_mapping(header: tuple[str, ...], chosen: str) -> None:
    assert lay_out(table(header), built_in(), ["description"]).mapping.name == chosen


def test_a_title_above_the_header_is_passed_over() -> None:
    rows = table(("2019 年一季度留言汇总", "", ""), ("编号", "时间", "内容"), ("1", "2019-1-4", "路灯不亮"))
    layout = lay_out(rows, built_in(), ["description"])
    assert layout.first == 2
    assert layout.cell(rows[2], "description") == "路灯不亮"
    assert layout.cell(rows[2], "address") == ""


def test_headers_are_compared_without_width_case_blanks_and_remarks() -> None:
    assert header_name(" Ｄｅｔａｉｌ （必填）* ") == "detail"


def test_a_header_that_repeats_a_used_column_is_refused() -> None:
    with pytest.raises(InvalidInput, match="内容”重复出现在第 2、3 列"):
        lay_out(table(("编号", "内容", "内容")), built_in(), ["description"])


def test_columns_that_nobody_asks_for_may_repeat() -> None:
    assert lay_out(table(("编号", "内容", "备用", "备用")), built_in(), ["description"]).columns["description"] == 1


def test_an_unknown_header_is_shown() -> None:
    with pytest.raises(InvalidInput, match=r"第 1 行：一级分类、二级分类.*--mapping"):
        lay_out(table(("一级分类", "二级分类")), built_in(), ["description"])


def test_an_unknown_name_of_a_mapping_lists_the_known(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="citizen_messages、hotline、plain"):
        find_mapping("热线")


@pytest.mark.parametrize("text", ["=", "channel = 'x'", "[columns]\na = 'b'\n", "channel = 'x'\n[columns]\na = 'b'\n"])
def test_a_mapping_file_that_is_wrong_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "我的.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidInput, match=r"我的\.toml"):
        find_mapping(str(path))


def test_a_missing_mapping_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="无法读取"):
        find_mapping(str(tmp_path / "无.toml"))
