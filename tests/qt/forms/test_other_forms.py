"""Classifying, choosing a case, revealing a reporter, evidence."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from commandcenter.domain.duplicates import Candidate
from commandcenter.domain.errors import InvalidInput, NotFound
from commandcenter.domain.workflow import load_workflow
from tests.qt.forms.samples import context_of, show_active
from tests.support.small_city import GRID_05_3, LEAK, LID, case
from ui.forms.case_picker import CasePicker
from ui.forms.classify_form import ClassifyForm
from ui.forms.evidence_field import EvidenceField
from ui.forms.evidence_file import MAX_BYTES, UnsuitableFile, check_evidence, mime_of
from ui.forms.reveal_dialog import RevealDialog

FLOW = load_workflow()
SAID = "青年湖社区05-3 污水井盖丢了"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def classify(qtbot, code: str = "classify", **changed) -> ClassifyForm:
    row = case(state="accepted", item_id=None, grid_id=None, **changed)
    form = ClassifyForm(FLOW.action[code], context_of(), row, SAID, "")
    qtbot.addWidget(form)
    show_active(qtbot, form)
    return form


def test_the_description_suggests_item_and_grid(qtbot) -> None:
    form = classify(qtbot)
    form.focus_first()
    QTest.keyClick(form.focusWidget(), Qt.Key.Key_Tab)
    QTest.keyClick(form.focusWidget(), Qt.Key.Key_Tab)
    assert (form.values()["item_id"], form.values()["grid_id"]) == (LID, GRID_05_3)


def test_only_what_was_changed_is_sent(qtbot) -> None:
    form = classify(qtbot)
    sent: list[dict] = []
    form.submitted.connect(sent.append)
    form.set_values({"item_id": LID, "note": "见描述"})
    form.submit()
    assert sent == [{"item_id": LID, "note": "见描述"}]


def test_classifying_nothing_is_refused(qtbot) -> None:
    form = classify(qtbot)
    sent: list[dict] = []
    form.submitted.connect(sent.append)
    form.submit()
    assert sent == []
    assert form.notice.text() == "没有改动任何内容"


def test_the_grade_follows_the_item_and_is_not_sent_twice(qtbot) -> None:
    form = classify(qtbot)
    form._editors["item_id"].set_value(LEAK)
    form._editors["item_id"].changed.emit()
    assert form.values()["grade"] == "cross"
    sent: list[dict] = []
    form.submitted.connect(sent.append)
    form.submit()
    assert sent == [{"item_id": LEAK}]


@pytest.mark.parametrize("code", ["accept", "file"])
def test_accepting_and_filing_show_the_description(qtbot, code: str) -> None:
    form = classify(qtbot, code, summary="摘要")
    assert SAID in [label.text() for label in form.findChildren(type(form.title))]


def picker_with(qtbot, answer) -> CasePicker:
    async def find(no: str):
        if isinstance(answer, Exception):
            raise answer
        return answer

    picker = CasePicker(find, own_id=1001)
    qtbot.addWidget(picker)
    show_active(qtbot, picker)
    return picker


def look_up(picker: CasePicker, loop, no: str) -> None:
    async def play() -> None:
        picker.edit.setFocus()
        QTest.keyClicks(picker.edit, no)
        QTest.keyClick(picker.edit, Qt.Key.Key_Return)
        await loop.turns()

    loop.run(play())


def test_a_case_is_found_by_its_number(qtbot, loop) -> None:
    picker = picker_with(qtbot, case(id=7, no="2610-000007"))
    look_up(picker, loop, "0007")
    assert picker.value() == 7
    assert "2610-000007" in picker._said.text()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "没有找到"),
        (case(), "这就是本案"),
        (case(id=7, open=False), "已办结"),
        (NotFound("没有这个案件"), "没有这个案件"),
    ],
)
def test_a_case_that_cannot_be_master_is_refused_with_the_reason(qtbot, loop, answer, said: str) -> None:
    picker = picker_with(qtbot, answer)
    look_up(picker, loop, "1")
    assert picker.value() is None
    assert said in picker._said.text()
    assert picker.problem()


def test_a_candidate_chosen_stays_while_candidates_change(qtbot) -> None:
    picker = picker_with(qtbot, None)
    seven, eight = (Candidate(k, f"2610-00000{k}", "", "", 0.5) for k in (7, 8))
    picker.set_candidates([seven])
    picker._candidates._list.setFocus()
    QTest.keyClick(picker._candidates._list, Qt.Key.Key_Down)
    assert picker.value() == 7
    picker.set_candidates([eight, seven])
    assert picker.value() == 7
    assert picker._candidates.chosen_id() == 7


def test_revealing_needs_a_reason_and_shows_the_answer(qtbot) -> None:
    dialog = RevealDialog("王**", "139****0000")
    qtbot.addWidget(dialog)
    show_active(qtbot, dialog)
    reasons: list[str] = []
    dialog.confirmed.connect(reasons.append)
    dialog.form.reason.set_value("看看")
    dialog.form.submit()
    assert reasons == []
    assert dialog.form.error_of("reason")
    dialog.form.reason.set_value("回访来电人")
    QTest.keyClick(dialog.form.reason, Qt.Key.Key_Return)
    assert reasons == ["回访来电人"]
    dialog.show_clear("王小明", "13900000000", "")
    assert not dialog.form.isVisible()
    assert "13900000000" in dialog._clear.text()


def test_a_refused_reveal_can_be_tried_again_and_escape_closes(qtbot) -> None:
    dialog = RevealDialog("王**", "")
    qtbot.addWidget(dialog)
    show_active(qtbot, dialog)
    assert not dialog.isModal()
    dialog.form.reason.set_value("核实事发地址")
    dialog.form.submit()
    dialog.set_error(InvalidInput("请填写查看理由", {"field": "reason"}))
    assert dialog.form.error_of("reason") == "请填写查看理由"
    with qtbot.waitSignal(dialog.cancelled):
        QTest.keyClick(dialog.form.reason, Qt.Key.Key_Escape)


def evidence(qtbot, *kinds: str) -> EvidenceField:
    field = EvidenceField(kinds or ("scene",))
    qtbot.addWidget(field)
    return field


def test_files_are_taken_by_their_content_and_others_are_named_with_the_reason(qtbot, tmp_path: Path) -> None:
    good, fake, empty, big = (tmp_path / n for n in ("a.png", "b.jpg", "c.png", "d.png"))
    good.write_bytes(PNG)
    fake.write_bytes(b"MZ not a picture")
    empty.write_bytes(b"")
    big.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * MAX_BYTES)
    field = evidence(qtbot)
    field.add_files([good, fake, empty, big, tmp_path / "missing.png"])
    assert [(a.name, a.mime) for a in field.attachments()] == [("a.png", "image/png")]
    assert all(name in field._notice.text() for name in ("b.jpg", "c.png", "d.png", "missing.png"))


def test_dropped_files_and_pasted_pictures_are_taken_with_the_kind_chosen(qtbot, tmp_path: Path) -> None:
    field = evidence(qtbot, "before", "after")
    (tmp_path / "a.png").write_bytes(PNG)
    dropped, pasted, text = QMimeData(), QMimeData(), QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.png"))])
    pasted.setImageData(QImage(8, 8, QImage.Format.Format_RGB32))
    text.setText("words")
    assert field.take(dropped)
    field._kind.set_value("after")
    assert field.take(pasted)
    assert not field.take(text)
    assert [a.kind for a in field.attachments()] == ["before", "after"]
    field._remove(field.attachments()[0])
    assert [a.kind for a in field.attachments()] == ["after"]


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (PNG, "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        (b"GIF89a", None),
        (b"", None),
    ],
)
def test_the_type_is_known_by_the_first_bytes(content: bytes, mime: str | None) -> None:
    assert mime_of(content) == mime


def test_evidence_that_is_too_large_is_refused_in_words() -> None:
    with pytest.raises(UnsuitableFile, match="8 MB"):
        check_evidence("scene", "a.png", PNG + b"0" * MAX_BYTES)
