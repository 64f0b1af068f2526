"""Chips in lines: as many as fit, as high as needed, in the order asked for."""

import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from widgets.flow_layout import FlowLayout


@pytest.fixture
def row(qtbot):
    """A row of ten labels inside a column, as in a form."""
    outer, inner = QWidget(), QWidget()
    qtbot.addWidget(outer)
    column, flow = QVBoxLayout(outer), FlowLayout(inner)
    column.addWidget(inner)
    column.addStretch(1)
    labels = [QLabel(f"区城管执法局 {n} 人") for n in range(10)]
    for made in labels:
        flow.addWidget(made)
    outer.resize(400, 400)
    outer.show()
    return outer, inner, flow, labels


def lines(labels):
    return sorted({label.y() for label in labels if label.isVisible()})


def test_what_does_not_fit_goes_on_in_the_next_line(row):
    _, inner, flow, labels = row
    assert len(lines(labels)) > 2 and all(label.geometry().right() < inner.width() for label in labels)
    assert inner.height() == flow.heightForWidth(inner.width())


def test_a_wider_place_needs_fewer_lines_and_gives_the_height_back(row, qtbot):
    outer, inner, _, labels = row
    before = inner.height()
    outer.resize(1600, 400)
    qtbot.waitUntil(lambda: len(lines(labels)) == 1 and inner.height() < before)


def test_hidden_ones_leave_no_gap(row, qtbot):
    _, _, _, labels = row
    labels[0].hide()
    qtbot.waitUntil(lambda: labels[1].x() == 0 and labels[1].y() == 0)


def test_the_order_can_be_another_and_a_longer_text_gets_its_room(row, qtbot):
    _, _, flow, labels = row
    flow.set_order(labels[::-1])
    qtbot.waitUntil(lambda: (labels[-1].x(), labels[-1].y()) == (0, 0))
    labels[-1].setText("区城管执法局 999 人（牵头单位）")
    qtbot.waitUntil(lambda: labels[-1].width() >= labels[-1].sizeHint().width())
    assert labels[-2].x() > labels[-1].geometry().right() or labels[-2].y() > 0


def test_a_removed_widget_is_out(row, qtbot):
    _, _, flow, labels = row
    flow.removeWidget(labels[0])
    labels[0].hide()
    assert flow.count() == 9
    qtbot.waitUntil(lambda: labels[1].x() == 0)


def test_one_wider_than_the_place_is_cut_to_it(qtbot):
    outer = QWidget()
    qtbot.addWidget(outer)
    flow, wide = FlowLayout(outer), QLabel("长" * 100)
    flow.addWidget(wide)
    outer.resize(120, 80)
    outer.show()
    assert wide.width() <= outer.width()
