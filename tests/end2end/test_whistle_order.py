"""联合执法令: from the standing team, with its conflict shown; its 公文 as PDF, and that PDF held against its code."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

from commandcenter.domain.joint import ORDER, CalledUnit, NewSummons
from tests.end2end.conftest import OpenDesk
from tests.support import joint_desk as at
from tests.support.desk import Desk
from tests.support.program import SUPERVISOR, ProgramHome

TITLE, LINE = "Night market", "D-城管执法"
CODE = re.compile(r"校验码 ([0-9A-Z-]{10,20})")


def called_already(home: ProgramHome) -> str:
    """An order that wants 区城管执法局 in an hour, signed."""
    unit, session = home.unit(LINE), home.session(SUPERVISOR)
    meet = home.scalar("select extract(epoch from cc.city_now())::float8") + 3_600
    new = NewSummons(uuid.uuid4(), ORDER, session.directory.district_id, "综合执法", "早先的令", (CalledUnit(unit, 4),),
                     place="灯市口", meet_at=meet, ends_at=meet + 3_600)  # fmt: skip
    number = session.joint_commands.open_summons(new).no
    home.on_summons(SUPERVISOR, number, "sign")
    return number


def test_an_order_from_the_template_has_a_paper_that_its_code_proves(
    home: ProgramHome, open_desk: OpenDesk, tmp_path: Path
) -> None:
    earlier, desk = called_already(home), open_desk("--user", SUPERVISOR)
    desk.ready()
    at.go_to(desk, at.ORDER)
    drafts_from_team(desk)
    assert "6 人" in at.says(desk, "▲ ★ 区城管执法局")
    desk.until(lambda: any(f"已有联合执法令 {earlier}" in one["label"] for one in desk.ask("widgets")["widgets"]))
    at.send(desk)
    number = issued(desk)
    row = home.summons(number)
    assert (row.kind, row.state, row.title) == (ORDER, "issued", TITLE)
    assert sum(party.heads or 0 for party in row.parties) > 10
    file = tmp_path / "order.pdf"
    code = saves(desk, file)
    assert file.read_bytes().startswith(b"%PDF-")
    assert home.scalar("select s.no from cc.summons_document d join cc.summons s on s.id = d.summons_id"
                       " where d.code = %s", code) == number  # fmt: skip
    proves(desk, code, number, file)


def drafts_from_team(desk: Desk) -> None:
    """拟令: the first template of the list, in an hour."""
    desk.screen.key("ctrl+shift+b")
    desk.until(lambda: at.writing(desk))
    at.fill(desk, "事由", TITLE)
    at.press(desk, "综合执法")
    at.press(desk, "+1小时")
    at.fill(desk, "地点", "Dengshikou 3")
    at.press(desk, "从模板…")
    desk.screen.key("Down", "Return")
    desk.until(lambda: desk.widgets(text="队伍 1+5+N *"))


def issued(desk: Desk) -> str:
    """The number that the toast tells; the order opens by itself."""
    found = re.search(r"LH-\d{8}-\d{4}", desk.hears("联合执法令 LH-", "已发出"))
    assert found is not None
    at.says(desk, found[0])
    return found[0]


def saves(desk: Desk, file: Path) -> str:
    """公文, Ctrl+S, a name; the code that stands above the paper."""
    at.press(desk, "公文")
    found = CODE.search(at.says(desk, "校验码", "共"))
    assert found is not None
    desk.activate("DocumentPreview")
    desk.screen.key("ctrl+s")
    at.type_name(desk, file)
    desk.until(file.exists)
    at.says(desk, "已存为")
    desk.activate("DocumentPreview")
    desk.screen.key("Escape")
    desk.activate("MainWindow")
    return found[1]


def proves(desk: Desk, code: str, number: str, file: Path) -> None:
    """校验公文 by the command line: what was signed, and that this file is it; a wrong code is nothing."""
    at.command(desk, f"校验公文 {code}")
    desk.activate("DocumentCheck")
    at.says(desk, "校验码有效")
    desk.until(lambda: any(w["text"] == number and w["rect"] for w in desk.widgets()))
    at.press(desk, "与 PDF 文件比对…")
    at.type_name(desk, file)
    at.says(desk, "order.pdf：一致")
    desk.activate("DocumentCheck")
    at.fill(desk, "校验码", "AAAA-BBBB-CCCC")
    desk.screen.key("Return")
    at.says(desk, "没有签发过这个校验码的公文")
