"""A table is read by its content; what is no table is refused with a sentence that says what it is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from commandcenter.domain.errors import InvalidInput
from commandcenter.services import table_reader
from commandcenter.services.table_reader import read_table
from tests.unit.services.sheets import comma, excel

HEADER = ("编号", "时间", "内容")
ROW = ("1", "2019-1-4", "东直门内大街路灯三天不亮，请尽快维修")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_is_read_in_its_own_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = comma(tmp_path / "a.csv", HEADER, ROW, encoding=encoding, delimiter=delimiter)
    assert [row.cells for row in read_table(path)] == [HEADER, ROW]


def test_traditional_text_in_big5_is_read(tmp_path: Path) -> None:
    row = ("1", "2019-1-4", "路燈三天不亮，請儘快派人維修，晚上出入很危險")
    path = comma(tmp_path / "a.csv", ("編號", "時間", "內容"), *[row] * 5, encoding="big5")
    assert read_table(path)[1].cells == row


def test_cells_keep_their_kind_and_rows_their_number(tmp_path: Path) -> None:
    path = excel(tmp_path / "a.xlsx", HEADER, (), (188006, datetime(2019, 1, 4, 15, 5), " 路灯\n不亮 "))
    last = read_table(path)[-1]
    assert last.number == 3
    assert last.cells == (188006.0, datetime(2019, 1, 4, 15, 5), "路灯\n不亮")


def test_the_name_may_lie_about_a_table(tmp_path: Path) -> None:
    path = excel(tmp_path / "b.xlsx", HEADER, ROW)
    assert read_table(path.rename(tmp_path / "b.csv"))[1].cells == ROW
    assert read_table(comma(tmp_path / "c.xls", HEADER, ROW))[1].cells == ROW


def test_hidden_and_empty_sheets_are_passed_over(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("隐藏").append(["不该读"])
    book["隐藏"].sheet_state = "hidden"
    book.create_sheet("留言").append(["内容"])
    book.save(tmp_path / "a.xlsx")
    assert read_table(tmp_path / "a.xlsx")[0].cells == ("内容",)


def test_formulas_that_were_never_computed_are_blank(tmp_path: Path) -> None:
    path = excel(tmp_path / "a.xlsx", HEADER, ("=1+1", "=NOW()", "路灯不亮"))
    assert read_table(path)[1].cells == ("", "", "路灯不亮")


PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("空.xlsx", b"", "空文件"),
        ("空.csv", b"\n \n", "空文件"),
        ("图.xlsx", PNG, "PNG 图片"),
        ("文.xls", b"%PDF-1.7", "PDF 文档"),
        ("坏.xlsx", b"PK\x03\x04" + bytes(100), "已损坏"),
        ("坏.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "已损坏"),
        ("网页.xls", "<html><table><tr><td>内容</td></tr></table>".encode(), "网页"),
        ("乱.csv", bytes(range(256)) * 4, "不是文字表格"),
        ("引号.csv", '编号,内容\n1,"没有收尾的引号\n2,x\n'.encode(), "引号"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidInput, match=words) as caught:
        read_table(tmp_path / name)
    assert name in caught.value.message


def test_a_file_that_is_missing_or_a_folder_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "无.xlsx", tmp_path):
        with pytest.raises(InvalidInput, match="无法读取"):
            read_table(path)


def test_a_workbook_without_content_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="没有内容"):
        read_table(excel(tmp_path / "a.xlsx"))


def test_a_table_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_reader, "MAX_ROWS", 2)
    for path in (comma(tmp_path / "a.csv", HEADER, ROW, ROW), excel(tmp_path / "a.xlsx", HEADER, ROW, ROW)):
        with pytest.raises(InvalidInput, match="超过 2 行"):
            read_table(path)


def test_a_file_that_is_too_big_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_reader, "MAX_BYTES", 10)
    with pytest.raises(InvalidInput, match="拆分"):
        read_table(comma(tmp_path / "a.csv", HEADER, ROW))
