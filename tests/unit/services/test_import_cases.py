"""Citizen messages come in once each; every row is accepted or named with its reason."""

from __future__ import annotations

import logging
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commandcenter.domain.errors import InvalidInput, NotAllowed, OutcomeUnknown, ServerUnavailable
from commandcenter.resources import RESOURCES
from commandcenter.services import commands as commands_module
from commandcenter.services.import_cases import ImportReport, import_cases
from commandcenter.services.import_mapping import CASE_MAPPINGS
from tests.support.recording_commands import Failing, RecordingCommands
from tests.unit.services.sheets import comma, excel

HEADER = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情")
NOW = datetime(2025, 6, 18, 6, 0, tzinfo=UTC)


@pytest.fixture
def commands() -> RecordingCommands:
    return RecordingCommands()


def message(number: object, when: object = "2019-1-4", text: str = "路灯不亮") -> tuple[object, ...]:
    return number, "刘女士", "路灯", when, text


def run(path: Path, commands: RecordingCommands, **more) -> ImportReport:
    return import_cases(path, commands, now=NOW, **more)


def test_mixed_rows_are_each_judged(tmp_path: Path, commands: RecordingCommands) -> None:
    path = excel(
        tmp_path / "a.xlsx", HEADER,
        message(188006, datetime(2019, 1, 4, 11, 25)), message("188007", 43469.5),
        message("A-3", "2019年1月4日 下午3:05"),
        message("4", "不详"), message("5", "2031-1-1"), message("6", "2019-1-4", "  \n "), message("188006"),
        message("8", "", "没有时间也可以"), message("9", text="长" * 8001), message(1.23e18),
    )  # fmt: skip
    report = run(path, commands)
    assert [(row.row, row.verdict) for row in report.rows][:3] == [(2, "accepted"), (3, "accepted"), (4, "accepted")]
    assert {row.row: row.reason for row in report.rows if row.verdict == "rejected"} == {
        5: "时间无法辨认", 6: "时间在将来", 7: "没有问题描述", 8: "编号在文件中重复", 10: "问题描述超过 8,000 字",
        11: "编号被表格软件存成了科学计数，末位已丢失",
    }  # fmt: skip
    assert (report.accepted, report.known, report.rejected) == (4, 0, 6)
    assert report.reasons["时间在将来"] == 1
    assert [sent.source_no for sent in commands.sent] == ["188006", "188007", "A-3", "8"]
    assert report.rows[6].detail == "与第 2 行相同"
    assert report.rows[6].source_no == "188006"


def test_a_report_carries_what_the_row_says(tmp_path: Path, commands: RecordingCommands) -> None:
    header = ("工单编号", "诉求标题", "来电时间", "诉求内容", "来电人", "联系电话", "诉求地址")
    row = ("G1", "井盖", "2025-6-18 9:00", "\t井盖\x07松动 \n\n\n\n 很危险\n", "马先生", 13900000001, "北新桥路口")
    run(comma(tmp_path / "a.csv", header, row), commands)
    sent = commands.sent[0]
    assert sent.channel == "hotline12345"
    assert sent.description == "井盖松动\n\n很危险"
    assert (sent.summary, sent.reporter_name, sent.reporter_phone) == ("井盖", "马先生", "13900000001")
    assert sent.address == "北新桥路口"
    assert sent.occurred_at.isoformat() == "2025-06-18T09:00:00+08:00"


def test_run_twice_nothing_doubles(tmp_path: Path, commands: RecordingCommands) -> None:
    path = comma(tmp_path / "a.csv", HEADER, message("1"), message("2"), message("", text="没有编号的留言"))
    assert run(path, commands).accepted == 3
    again = run(path, commands)
    assert (again.accepted, again.known, again.rejected) == (0, 3, 0)
    assert len(commands.sources) == 3


def test_what_a_colleague_imported_is_known(tmp_path: Path, commands: RecordingCommands) -> None:
    path = comma(tmp_path / "a.csv", HEADER, message("1"))
    run(path, commands, author="s0001")
    assert run(path, commands, author="s0002").known == 1
    assert len({sent.id for sent in commands.sent}) == 2


def test_the_same_words_without_a_number_are_one_message(tmp_path: Path, commands: RecordingCommands) -> None:
    path = comma(tmp_path / "a.csv", HEADER, message(""), message(""), message("", text="另一件事"))
    assert [row.verdict for row in run(path, commands).rows] == ["accepted", "rejected", "accepted"]


def test_a_corrected_row_comes_in_the_second_time(tmp_path: Path, commands: RecordingCommands) -> None:
    run(comma(tmp_path / "a.csv", HEADER, message("1", "不详")), commands)
    assert run(comma(tmp_path / "a.csv", HEADER, message("1", "2019-1-4")), commands).accepted == 1


def test_a_dry_run_sends_nothing(tmp_path: Path, commands: RecordingCommands) -> None:
    report = run(comma(tmp_path / "a.csv", HEADER, message("1"), message("1")), commands, dry_run=True)
    assert (report.accepted, report.rejected, report.dry_run) == (1, 1, True)
    assert commands.sent == []


def test_an_import_that_broke_off_says_how_far_it_came_and_can_be_repeated(
    tmp_path: Path, commands: RecordingCommands
) -> None:
    path = comma(tmp_path / "a.csv", HEADER, *[message(str(n)) for n in range(5)])
    commands.trouble = Failing(None, None, ServerUnavailable("连接已断开"))
    with pytest.raises(ServerUnavailable, match=r"第 4 行时中断（已处理 2 行）.*不会重复"):
        run(path, commands)
    report = run(path, commands)
    assert (report.accepted, report.known) == (3, 2)


def test_a_lost_answer_does_not_break_an_import_off(
    tmp_path: Path, commands: RecordingCommands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands_module.time, "sleep", lambda s: None)
    commands.lost = Failing(OutcomeUnknown("断"))
    assert run(comma(tmp_path / "a.csv", HEADER, message("1"), message("2")), commands).accepted == 2
    assert len(commands.sources) == 2


def test_what_the_database_refuses_is_the_rows_reason(tmp_path: Path, commands: RecordingCommands) -> None:
    commands.trouble = Failing(InvalidInput("没有这个渠道"))
    report = run(comma(tmp_path / "a.csv", HEADER, message("1"), message("2")), commands)
    assert (report.accepted, dict(report.reasons)) == (1, {"没有这个渠道": 1})


def test_who_may_not_report_is_told_at_once(tmp_path: Path, commands: RecordingCommands) -> None:
    commands.trouble = Failing(NotAllowed("您的岗位或范围不能采集此处的案件"))
    with pytest.raises(NotAllowed):
        run(comma(tmp_path / "a.csv", HEADER, message("1"), message("2")), commands)
    assert len(commands.sent) == 1


def test_a_row_may_name_its_channel(tmp_path: Path, commands: RecordingCommands) -> None:
    path = comma(
        tmp_path / "a.csv", ("编号", "内容", "渠道"), ("1", "a", "微信公众号"), ("2", "b", ""), ("3", "c", "letter")
    )
    run(path, commands, channels={"微信公众号": "wechat"})
    assert [sent.channel for sent in commands.sent] == ["wechat", "website", "letter"]


def test_a_mapping_of_ones_own_can_be_given(tmp_path: Path, commands: RecordingCommands) -> None:
    own = tmp_path / "own.toml"
    own.write_text('channel = "email"\n[columns]\ndescription = ["Text"]\n', "utf-8")
    report = run(comma(tmp_path / "a.csv", ("TEXT",), ("路灯不亮",)), commands, mapping=str(own))
    assert (report.mapping, commands.sent[0].channel) == ("own", "email")


def test_progress_is_told_row_by_row(tmp_path: Path, commands: RecordingCommands) -> None:
    told: list[tuple[int, int]] = []
    run(
        comma(tmp_path / "a.csv", HEADER, message("1"), message("x", "?")), commands,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert told == [(1, 2), (2, 2)]


def test_nothing_of_what_citizens_wrote_goes_to_the_log(
    tmp_path: Path, commands: RecordingCommands, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    run(comma(tmp_path / "a.csv", HEADER, message("1", text="我家住在某处"), message("2", "?", "秘密")), commands)
    assert "我家" not in caplog.text
    assert "秘密" not in caplog.text


def test_many_rows_are_judged(tmp_path: Path, commands: RecordingCommands) -> None:
    path = comma(tmp_path / "a.csv", HEADER, *[message(str(n)) for n in range(20_000)])
    assert run(path, commands, dry_run=True).accepted == 20_000


def test_the_samples_that_come_with_the_program_can_be_imported(commands: RecordingCommands) -> None:
    report = run(RESOURCES / "samples" / "citizen_messages.xlsx", commands)
    assert (report.mapping, report.accepted, report.rejected) == ("citizen_messages", 40, 2)
    assert all(sent.occurred_at and sent.summary for sent in commands.sent)


def test_the_channels_of_the_mappings_exist_in_the_profile() -> None:
    known = (RESOURCES / "profiles" / "dongcheng" / "channels.csv").read_text("utf-8-sig")
    for path in CASE_MAPPINGS.glob("*.toml"):
        assert f"\n{tomllib.loads(path.read_text('utf-8'))['channel']}," in known


CALL = ("工单编号", "诉求标题", "诉求内容", "诉求地址")


def test_a_whole_city_is_told_each_rows_district(tmp_path: Path, commands: RecordingCommands) -> None:
    """By the address, else by the words; a row that names none or two cannot be put anywhere."""
    path = comma(
        tmp_path / "a.csv", CALL,
        ("1", "井盖", "井盖松动，去过安澜县也没人管", "明湖区荷湖街道"), ("2", "明湖区井盖", "井盖松动", "荷湖街道"),
        ("3", "井盖", "井盖松动", "荷湖街道"), ("4", "井盖", "明湖区与安澜县交界处井盖松动", ""),
    )  # fmt: skip
    report = run(path, commands, districts={"明湖区": 7, "安澜县": 8})
    assert [(sent.source_no, sent.district_id) for sent in commands.sent] == [("1", 7), ("2", 7)]
    assert report.reasons == {"看不出在哪个区县": 2}


def test_a_lone_district_asks_for_none(tmp_path: Path, commands: RecordingCommands) -> None:
    run(comma(tmp_path / "a.csv", CALL, ("1", "井盖", "井盖松动", "明湖区")), commands)
    assert [sent.district_id for sent in commands.sent] == [None]
