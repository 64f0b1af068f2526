"""Qt's own words are Chinese."""

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QLineEdit

from ui.app.language import speak_chinese


def test_the_menu_of_a_text_field_is_chinese(qapp, qtbot):
    before = QLocale()
    assert speak_chinese(qapp)
    field = QLineEdit("文字")
    qtbot.addWidget(field)
    words = [action.text() for action in field.createStandardContextMenu().actions()]
    assert any("复制" in word for word in words) and not any("Copy" in word for word in words)
    for translator in qapp.findChildren(QTranslator):
        QCoreApplication.removeTranslator(translator)
    QLocale.setDefault(before)
