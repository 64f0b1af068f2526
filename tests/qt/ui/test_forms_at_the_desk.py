"""Forms at the desk: drafts live through everything, live changes touch nothing typed, refusals stand in place."""

from uuid import uuid4

import pytest
from PySide6.QtGui import QImage

from commandcenter.domain.errors import ServerUnavailable
from commandcenter.domain.model import Command
from commandcenter.domain.workflow import load_workflow
from tests.fakes.acting import act
from tests.fakes.population import actor, small_city
from ui.bridge.draft_files import DraftFiles
from ui.forms.evidence_file import DraftAttachment

NOTE = load_workflow().action["note"]


def open_form(desk, qtbot, action=NOTE):
    desk.begin(action)
    qtbot.waitUntil(lambda: desk.side.form.form is not None)
    return desk.side.form.form


def write(form, code, text):
    form.set_values({code: text})
    form._editors[code].changed.emit()


def test_what_is_sent_is_done_and_leaves_no_draft(desk, city, qtbot):
    case_id = desk.queue.table.current_key()
    form = open_form(desk, qtbot)
    write(form, "text", "已通知物业")
    form.submit()
    qtbot.waitUntil(lambda: desk.side.form.form is None)
    assert city.records[case_id].trace[-1].what == {"text": "已通知物业"}
    assert desk.place.drafts.keys() == []


def test_a_live_change_of_the_case_leaves_typed_fields_alone(desk, city, qtbot):
    case_id = desk.queue.table.current_key()
    form = open_form(desk, qtbot)
    write(form, "text", "写到一半")
    act(city, actor(1), Command(uuid4(), case_id, city.row(case_id).version, "dispatch",
                                {"unit_id": city.row(case_id).street_id}))
    qtbot.waitUntil(lambda: desk.side.form.row.state == "dispatched")
    assert desk.side.form.form is form and form.values() == {"text": "写到一半"}


def test_a_draft_survives_a_restart_of_the_program_and_only_its_owner_can_read_it(
        make_desk, city, qtbot, tmp_path):
    first = make_desk(city)
    case_id = first.queue.table.current_key()
    write(open_form(first, qtbot), "text", "明天再联系")
    first.keep_drafts()
    file = next((tmp_path / "drafts").glob("*.json"))
    assert file.stat().st_mode & 0o077 == 0
    second = make_desk(city)
    second.open_case(case_id)
    qtbot.waitUntil(lambda: second.case.file is not None and second.case.file.row.id == case_id)
    assert open_form(second, qtbot).values() == {"text": "明天再联系"}


def test_while_disconnected_a_form_says_why_and_keeps_everything(desk, qtbot):
    form = open_form(desk, qtbot)
    write(form, "text", "断线时写的")
    feed = desk.place.backend.session.feed
    feed.disconnect()
    qtbot.waitUntil(lambda: not desk.place.live.online)
    form.submit()
    assert "连接已断开" in form.notice.text() and form.values() == {"text": "断线时写的"}
    feed.reconnect()
    qtbot.waitUntil(lambda: desk.place.live.online and not form.notice.isVisible())
    form.submit()
    qtbot.waitUntil(lambda: desk.side.form.form is None)


@pytest.mark.parametrize("error", [ServerUnavailable("数据库连接中断")])
def test_a_refusal_stands_in_the_form(desk, qtbot, error):
    form = open_form(desk, qtbot)
    write(form, "text", "试一试")
    desk.place.backend.session.commands.door.order(error)
    form.submit()
    qtbot.waitUntil(lambda: form.notice.text() == error.message)
    assert form.values() == {"text": "试一试"}


def test_a_new_case_is_taken_in_from_the_form(make_desk, qtbot):
    city = small_city(reported=1)
    desk = make_desk(city, "acceptor")
    desk.new_case()
    qtbot.waitUntil(lambda: desk.side.intake.form is not None)
    form = desk.side.intake.form
    write(form, "description", "路口井盖丢失")
    form.submit()
    qtbot.waitUntil(lambda: len(city.records) == 2)
    qtbot.waitUntil(lambda: desk.queue.rows.model.rowCount() == 2)


def intake(desk, qtbot):
    desk.new_button.click()
    qtbot.waitUntil(lambda: desk.side.intake.form is not None)
    return desk.side.intake.form


def test_only_who_may_report_has_the_button_for_it(make_desk):
    assert make_desk(small_city(reported=1), "acceptor").new_button.isVisible()
    assert not make_desk(small_city(feedback=1), "verifier").new_button.isVisible()


def test_after_half_a_success_only_what_is_missing_is_sent_again(make_desk, qtbot):
    city = small_city(reported=1)
    desk = make_desk(city, "acceptor")
    form = intake(desk, qtbot)
    write(form, "description", "路口井盖丢失")
    form._evidence.add_image(QImage(8, 8, QImage.Format.Format_RGB32))
    sent, commands = [], desk.place.backend.session.commands
    attach = commands.attach
    commands.attach = lambda new: sent.append(new.id) or (attach(new) if len(sent) > 1 else refuse())
    form.submit()
    qtbot.waitUntil(lambda: "已采集，附件没有传完" in form.notice.text())
    form.submit()
    qtbot.waitUntil(lambda: len(sent) == 2 and form.values().get("description") is None)
    assert len(city.records) == 2 and len(set(sent)) == 1


def refuse():
    raise ServerUnavailable("数据库连接中断")


def test_a_report_keeps_its_id_and_its_pictures_through_a_restart(make_desk, qtbot, tmp_path):
    city = small_city(reported=1)
    first = make_desk(city, "acceptor")
    form = intake(first, qtbot)
    write(form, "description", "路口井盖丢失")
    form._evidence.add_image(QImage(8, 8, QImage.Format.Format_RGB32))
    first.keep_drafts()
    assert {file.stat().st_mode & 0o077 for file in (tmp_path / "drafts").rglob("*") if file.is_file()} == {0}
    again = intake(make_desk(city, "acceptor"), qtbot)
    assert again.report_id == form.report_id and again.attachments() == form.attachments()


def test_evidence_beyond_the_bound_is_named_and_the_rest_is_kept(tmp_path):
    files = DraftFiles(tmp_path, "s0001", kept_bytes=10)
    small, large = (DraftAttachment("scene", name, "image/png", b"x" * size) for name, size in (("a", 6), ("b", 6)))
    assert files.keep("intake", (small, large)) == ["b"]
    assert DraftFiles(tmp_path, "s0001").get("intake") == [small]
    files.drop("intake")
    assert [file.name for file in (tmp_path / "drafts").rglob("*") if file.is_file()] == ["index.json"]


def test_a_draft_file_that_is_broken_is_left_aside(tmp_path):
    from ui.bridge.drafts import Drafts
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "d0032.json").write_text("{broken", "utf-8")
    drafts = Drafts(tmp_path, "d0032")
    assert drafts.keys() == []
    drafts.keep("1/note", {"text": "新的"})
    assert Drafts(tmp_path, "d0032").get("1/note") == {"text": "新的"}
