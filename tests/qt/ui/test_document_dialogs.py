"""Every word that Qt itself puts into a dialog of the program is Chinese: files, printing, messages, menus."""

import re

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTimer, QTranslator
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QInputDialog,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
)

from ui.app.language import speak_chinese
from ui.joint.document_preview import FILTER

_WORD = re.compile(r"[A-Za-z]{2,}")
# Keys and formats of paper have these names in Chinese, too; so has the millimetre. Which kinds of file are asked for
# (TOML document) hangs on what lies about on this machine.
_NAMES, _MM = {"QShortcut", "QPageSize", "QMimeType"}, ("QPageSetupWidget", "mm")


class Spy(QTranslator):
    """Hears what Qt wants to have translated."""

    def __init__(self, parent):
        super().__init__(parent)
        self.asked = set()

    def isEmpty(self):
        return False

    def translate(self, context, source, disambiguation=None, _n=-1):
        self.asked.add((context, source, disambiguation))

    def english(self):
        """What stays as it was asked for."""
        said = {(c, s): QCoreApplication.translate(c, s, d) for c, s, d in self.asked if c not in _NAMES}
        return sorted(key for key, words in said.items() if words == key[1] and _WORD.search(words) and key != _MM)


@pytest.fixture
def spy(qapp):
    before, had = QLocale(), set(qapp.findChildren(QTranslator))
    assert speak_chinese(qapp)
    made = Spy(qapp)
    assert qapp.installTranslator(made)
    yield made
    for translator in set(qapp.findChildren(QTranslator)) - had:
        QCoreApplication.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(before)


@pytest.fixture
def answered(qtbot):
    """What message boxes said that stood in the way meanwhile; each is taken away."""
    said, timer = [], QTimer()

    def look():
        for box in QApplication.topLevelWidgets():
            if isinstance(box, QMessageBox) and box.isVisible():
                said.append((box.text(), [button.text() for button in box.buttons()]))
                box.reject()

    timer.timeout.connect(look)
    timer.start(30)
    yield said
    timer.stop()


def shown(qtbot, widget):
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitUntil(widget.isVisible)
    return widget


def texts(widget):
    return [part.text() for kind in (QPushButton,) for part in widget.findChildren(kind) if part.text()]


def test_saving_speaks_chinese_also_when_the_file_is_there(spy, answered, qtbot, tmp_path):
    (tmp_path / "令.pdf").touch()
    dialog = shown(qtbot, QFileDialog(None, "存 PDF", str(tmp_path), FILTER))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile("令.pdf")
    said = {dialog.labelText(which) for which in QFileDialog.DialogLabel}
    assert said == {"位置(&I)：", "文件名称(&N)：", "文件类型(&T)：", "保存(&S)", "取消"}
    dialog.accept()
    qtbot.waitUntil(lambda: answered != [])
    assert "已存在" in answered[0][0] and answered[0][1] == ["是(&Y)", "否(&N)"]
    assert spy.english() == []


def test_opening_speaks_chinese_also_when_the_file_is_not_there(spy, answered, qtbot, tmp_path):
    dialog = shown(qtbot, QFileDialog(None, "选择要比对的 PDF", str(tmp_path), FILTER))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.findChild(QLineEdit, "fileNameEdit").setText("没有.pdf")
    dialog.accept()
    qtbot.waitUntil(lambda: answered != [])
    assert "未找到" in answered[0][0] and answered[0][1] == ["确定"]
    assert dialog.labelText(QFileDialog.DialogLabel.Accept) == "打开(&O)" and spy.english() == []


@pytest.mark.qt_log_ignore("setPointSizeF", "propagateSizeHints")  # Qt's own preview under a style sheet
def test_printing_speaks_chinese_with_all_its_options(spy, qtbot):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = shown(qtbot, QPrintDialog(printer))
    said = texts(dialog)
    assert "打印(&P)" in said and "取消" in said
    next(button for button in dialog.findChildren(QPushButton) if "选项" in button.text()).click()
    QTimer.singleShot(100, lambda: QApplication.activeModalWidget().close())
    dialog.findChild(QPushButton, "properties").click()
    assert len(spy.asked) > 100 and spy.english() == []


def test_messages_questions_and_menus_of_fields_speak_chinese(spy, qtbot):
    box = QMessageBox()
    for button in QDialogButtonBox.StandardButton:
        if button != QDialogButtonBox.StandardButton.NoButton:
            box.addButton(QMessageBox.StandardButton(button.value))
    box.setDetailedText("详情")
    shown(qtbot, box)
    said = texts(shown(qtbot, QInputDialog())) + [button.text() for button in box.buttons()]
    for field in (QLineEdit(), QTextEdit(), QPlainTextEdit()):
        said += [action.text() for action in shown(qtbot, field).createStandardContextMenu().actions()]
    said = [words.partition("\t")[0] for words in said if words]
    assert {"确定", "取消", "保存", "全选"} <= set(said)
    assert not [words for words in said if _WORD.search(words)] and spy.english() == []
