"""公文 on the screen: read, printed, saved, and checked by its code and by its file."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog, QFormLayout, QWidget

from commandcenter.domain.errors import ServerUnavailable
from tests.fakes.joint_evening import the_evening
from tests.fakes.joint_rows import joint_id
from tests.fakes.joint_town import town_of
from tests.support.pdf_text import page_texts
from ui.joint.document_check import DocumentCheck
from ui.joint.document_preview import DocumentPreview, printer_for, usual_folder
from ui.joint.document_window import open_document
from ui.joint.pdf_file import LARGEST, pdf_bytes

ORDER, DRAFT, WHISTLE = joint_id(22), joint_id(21), joint_id(3)


@pytest.fixture
def place(make_place, city, qtbot):
    the_evening(city)
    made = make_place(city, "supervisor")
    made.live.begin()
    qtbot.waitUntil(lambda: made.live.ready and made.joint.ready)
    return made


@pytest.fixture
def issued(place, run):
    """The document of an order that is under way."""
    return run(place.joint_deeds.issue_document(town_of(place.backend.session.city).summons[ORDER].row))


@pytest.fixture
def dialog(place, qtbot):
    made = DocumentCheck(place)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    return made


def look_up(qtbot, dialog, code):
    dialog.code.set_value(code)
    with qtbot.waitSignal(dialog.checked, timeout=5000):
        qtbot.keyClick(dialog.code, Qt.Key.Key_Return)


def facts(dialog):
    roles = QFormLayout.ItemRole
    return {dialog.facts.itemAt(k, roles.LabelRole).widget().text(): dialog.facts.itemAt(k, roles.FieldRole)
            .widget().text() for k in range(dialog.facts.rowCount())}


def saved(dialog, tmp_path, content=None):
    path = tmp_path / "公文.pdf"
    path.write_bytes(pdf_bytes(dialog.document) if content is None else content)
    return path


# ------------------------------------------------------------------ the code
def test_a_code_shows_what_was_issued(dialog, issued, place, qtbot):
    look_up(qtbot, dialog, issued.code)
    row = town_of(place.backend.session.city).summons[ORDER].row
    said = facts(dialog)
    assert said["发文字号"] == row.no and row.title in said["标题"] and said["内容摘要"] == issued.digest
    assert said["成文日期"] == "2025年6月18日" and said["签发人"] == "周航"
    for party in row.live_parties:
        assert place.backend.directory.orgs[party.unit_id].name in said["参加单位"]
        assert not party.heads or f"{party.heads} 人" in said["参加单位"]
    assert "校验码有效" in dialog.notice.text()


@pytest.mark.parametrize("code", ["0000-0000-0000", "'; drop table", "𠮷😀", "x" * 40, "7K3F"])
def test_a_code_that_was_never_issued_is_said_to_be_none(dialog, issued, qtbot, code):
    look_up(qtbot, dialog, code)
    assert "没有签发过这个校验码" in dialog.notice.text() and facts(dialog) == {}
    assert not dialog.compare_button.isEnabled() and not dialog.read_button.isEnabled()


def test_no_code_asks_for_one(dialog):
    dialog.check()
    assert "请输入校验码" in dialog.notice.text()


def test_without_a_server_the_reason_is_told_and_the_code_stays(dialog, issued, place, qtbot):
    look_up(qtbot, dialog, issued.code)
    place.backend.session.joint_queries.door.order(ServerUnavailable("连不上服务器，请稍后再试"))
    look_up(qtbot, dialog, issued.code)
    assert "连不上服务器" in dialog.notice.text() and facts(dialog) == {} and dialog.code.value() == issued.code
    assert dialog.check_button.isEnabled()


# ------------------------------------------------------------------ the file
def test_the_very_file_is_one(dialog, issued, qtbot, tmp_path):
    look_up(qtbot, dialog, issued.code)
    dialog.compare_with(saved(dialog, tmp_path))
    assert "一致：文件与签发内容逐字节相同" in dialog.compared.text()


def test_a_file_of_another_order_is_none(dialog, issued, place, run, qtbot, tmp_path):
    other = run(place.joint_deeds.issue_document(town_of(place.backend.session.city).summons[WHISTLE].row))
    look_up(qtbot, dialog, other.code)
    path = saved(dialog, tmp_path)
    look_up(qtbot, dialog, issued.code)
    dialog.compare_with(path)
    assert "不一致" in dialog.compared.text()


@pytest.mark.parametrize(("content", "said"), [(b"", "不是 PDF"), (b"\x00" * 5000, "不是 PDF"),
                                               (b"%PDF-1.4 \xff\xfe /Title (\\", "没有内容摘要")])
def test_files_of_any_kind_are_answered_in_words(dialog, issued, qtbot, tmp_path, content, said):
    look_up(qtbot, dialog, issued.code)
    dialog.compare_with(saved(dialog, tmp_path, content))
    assert said in dialog.compared.text()


def test_a_file_that_is_gone_or_far_too_large_is_said(dialog, issued, qtbot, tmp_path):
    look_up(qtbot, dialog, issued.code)
    dialog.compare_with(tmp_path / "没有.pdf")
    assert "读不出" in dialog.compared.text()
    with (tmp_path / "大.pdf").open("wb") as large:
        large.truncate(LARGEST + 1)
    dialog.compare_with(tmp_path / "大.pdf")
    assert "不是公文" in dialog.compared.text()


def test_the_original_can_be_read_and_a_file_be_chosen(dialog, issued, qtbot):
    look_up(qtbot, dialog, issued.code)
    dialog.read_button.click()
    shown = dialog.findChild(DocumentPreview)
    assert shown.document == dialog.document and shown.save_button.isVisible()
    shown.close()
    dialog.compare_button.click()
    qtbot.waitUntil(lambda: dialog.findChild(QFileDialog) is not None)
    assert dialog.findChild(QFileDialog).directory().absolutePath() == usual_folder() != str(Path.cwd())
    dialog.findChild(QFileDialog).close()


# ------------------------------------------------------------------ preview, PDF, printer
@pytest.fixture
def owner(qtbot):
    made = QWidget()
    made.resize(1000, 900)
    qtbot.addWidget(made)
    return made


def preview_of(place, owner, qtbot, summons_id, run):
    file = run(place.backend.call(place.backend.session.joint_queries.summons_file, summons_id))
    open_document(place, file, None, owner)
    qtbot.waitUntil(lambda: owner.findChild(DocumentPreview) is not None)
    return owner.findChild(DocumentPreview)


def test_an_order_under_way_gets_a_code_and_its_pdf_holds_it(place, owner, qtbot, run, tmp_path):
    shown = preview_of(place, owner, qtbot, ORDER, run)
    code = shown.document.code
    assert code in town_of(place.backend.session.city).documents
    assert any(code in words.text for words in shown.pages[-1].words)
    shown.save_as(tmp_path / "令.pdf")
    assert "已存为" in shown.notice.text()
    assert code in "".join(page_texts((tmp_path / "令.pdf").read_bytes()))
    shown.close()


def test_a_draft_is_previewed_without_a_code(place, owner, qtbot, run):
    shown = preview_of(place, owner, qtbot, DRAFT, run)
    assert not shown.document.issued and town_of(place.backend.session.city).documents == {}
    assert "夜市占道与消防通道堵塞" in shown.document.title
    shown.close()


def test_offline_no_document_is_issued_and_the_reason_is_told(place, owner, qtbot, run):
    file = run(place.backend.call(place.backend.session.joint_queries.summons_file, ORDER))
    place.backend.session.feed.disconnect()
    qtbot.waitUntil(lambda: not place.live.online)
    open_document(place, file, None, owner)
    assert "连接已断开" in place.notices.notes()[0].detail and owner.findChild(DocumentPreview) is None
    place.backend.session.feed.reconnect()


def test_a_disk_that_refuses_is_said_and_the_preview_stays(place, owner, qtbot, run, tmp_path):
    shown = preview_of(place, owner, qtbot, ORDER, run)
    shown.save_as(tmp_path / "没有这个文件夹" / "令.pdf")
    assert "没有存下" in shown.notice.text() and shown.isVisible()
    shown.close()


def test_without_a_printer_the_way_out_is_told(place, owner, qtbot, run, monkeypatch):
    monkeypatch.setattr("ui.joint.document_preview.QPrinterInfo.availablePrinterNames", list)
    shown = preview_of(place, owner, qtbot, ORDER, run)
    shown.print_button.click()
    assert "没有打印机" in shown.notice.text()
    shown.close()


def test_a_printer_gets_all_pages_with_the_same_words(place, owner, qtbot, run, tmp_path):
    shown = preview_of(place, owner, qtbot, ORDER, run)
    printer = printer_for(shown.document)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "print.pdf"))
    shown.print_on(printer)
    printed = page_texts((tmp_path / "print.pdf").read_bytes())
    assert printed == page_texts(pdf_bytes(shown.document)) and "已送打印" in shown.notice.text()
    shown.close()


def test_pages_follow_the_width_and_the_zoom(place, owner, qtbot, run):
    shown = preview_of(place, owner, qtbot, ORDER, run)
    qtbot.waitUntil(lambda: shown.isVisible())
    sheets = shown.view._sheets
    width = sheets[0].width()
    assert sheets[0].height() == round(width * 297 / 210) and len(sheets) == len(shown.pages)
    shown.view.zoom_by(1)
    assert sheets[0].width() > width
    shown.view.zoom_by(0)
    assert sheets[0].width() == width
    picture = sheets[0].grab().toImage()
    colours = [picture.pixelColor(x, y) for y in range(picture.height() // 2) for x in range(0, picture.width(), 3)]
    assert any(colour.red() > 200 and colour.green() < 80 for colour in colours), "the red head is not drawn"
    shown.close()


# ------------------------------------------------------------------ much to be shown
def test_a_long_list_of_units_stands_there_in_full_also_beside_a_file_and_a_reading_fills_the_window(
        place, issued, qtbot, run, tmp_path):
    below = QWidget()
    below.resize(1600, 1000)
    qtbot.addWidget(below)
    below.show()
    town = town_of(place.backend.session.city)
    units = [{"name": f"北京市东城区第{n}综合执法大队", "heads": n, "lead": n == 1} for n in range(1, 20)]
    town.documents[issued.code] = replace(issued, content={**issued.content, "parties": units})
    dialog = DocumentCheck(place, issued.code, below)
    with qtbot.waitSignal(dialog.checked):
        dialog.show()
    qtbot.waitUntil(lambda: whole(dialog))
    dialog.compare_with(saved(dialog, tmp_path))
    qtbot.waitUntil(lambda: dialog.compared.isVisible() and whole(dialog))
    dialog.read_button.click()
    shown = dialog.findChild(DocumentPreview)
    assert shown.height() > 0.8 * below.height()
    shown.view.setFocus()
    qtbot.keyClick(shown.view, Qt.Key.Key_End)
    bar = shown.view.verticalScrollBar()
    assert bar.maximum() > 0 and bar.value() == bar.maximum()
    qtbot.keyClick(shown.view, Qt.Key.Key_Home)
    assert bar.value() == 0
    shown.close()
    dialog.close()


def whole(dialog):
    """Nothing of what was signed is cut off."""
    field = QFormLayout.ItemRole.FieldRole
    rows = [dialog.facts.itemAt(k, field).widget() for k in range(dialog.facts.rowCount())]
    return bool(rows) and all(row.isVisible() and row.height() >= row.heightForWidth(row.width()) for row in rows)
