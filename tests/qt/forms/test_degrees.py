"""经度 and 纬度: a pair is taken apart when it is whole, never while it is typed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ui.forms.number_editors import DegreesEditor

PAIR = "116.4102, 39.9561"


@pytest.fixture
def told(qapp: QApplication) -> tuple[DegreesEditor, list[tuple[float, float]]]:
    editor, found = DegreesEditor("lon"), []
    editor.pair_given.connect(lambda lon, lat: found.append((lon, lat)))
    editor.show()
    return editor, found


def test_a_pair_typed_by_hand_is_told_once_and_whole(told) -> None:
    editor, found = told
    QTest.keyClicks(editor, PAIR)
    assert (found, editor.text()) == ([], PAIR)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert found == [(116.4102, 39.9561)]


def test_a_pasted_pair_is_told_at_once(told) -> None:
    editor, found = told
    QApplication.clipboard().setText(PAIR)
    editor.paste()
    assert found == [(116.4102, 39.9561)]


def test_a_single_figure_is_no_pair(told) -> None:
    editor, found = told
    QTest.keyClicks(editor, "116.4102")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert found == []
    assert editor.value() == 116.4102
