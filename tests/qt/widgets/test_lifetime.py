"""Widgets that are gone are not disturbed by a later theme, and every one survives a theme while shown."""

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from widget_samples import sample_clock, sample_model, sample_photos, sample_queues, sample_sections, sample_trace

from widgets.board import UnitBoard
from widgets.filter_chip import FilterChip
from widgets.form_field import FormField
from widgets.live_table import LiveTableView
from widgets.panel import Panel
from widgets.photo_strip import PhotoStrip
from widgets.queue_list import QueueList
from widgets.split_clock import SplitClock
from widgets.stat_footer import StatFooter, StatRow
from widgets.theme import apply_theme, load_theme
from widgets.timeline import Timeline


def table():
    made = LiveTableView()
    model = sample_model(20)
    model.setParent(made)
    made.setModel(model)
    return made


def filled(widget, setter, value):
    getattr(widget, setter)(value)
    return widget


MAKERS = {
    "table": table,
    "board": lambda: filled(UnitBoard(), "set_sections", sample_sections()),
    "queues": lambda: filled(QueueList(), "set_items", sample_queues()),
    "trace": lambda: filled(Timeline(), "set_entries", sample_trace()),
    "clock": lambda: filled(SplitClock(), "set_segments", sample_clock()),
    "photos": lambda: filled(PhotoStrip(), "set_photos", sample_photos()),
    "footer": lambda: filled(StatFooter(), "set_rows", [StatRow("a", "本班", "1")]),
    "field": lambda: FormField("电话", QLineEdit()),
    "panel": lambda: Panel("标题", "说明"),
    "chip": lambda: FilterChip("街道"),
}


@pytest.fixture
def themes(qapp):
    yield
    apply_theme(qapp, load_theme("dark"))


@pytest.mark.parametrize("name", MAKERS)
def test_theme_after_a_widget_is_gone(name, qtbot, themes):
    widget = MAKERS[name]()
    widget.show()
    gone = []
    widget.destroyed.connect(lambda: gone.append(True))
    widget.deleteLater()
    del widget
    qtbot.waitUntil(lambda: bool(gone))
    apply_theme(QApplication.instance(), load_theme("light", "compact"))


@pytest.mark.parametrize("name", MAKERS)
def test_theme_while_a_widget_is_shown(name, qtbot, themes):
    widget = MAKERS[name]()
    qtbot.addWidget(widget)
    widget.resize(600, 400)
    widget.show()
    before = widget.grab().toImage()
    apply_theme(QApplication.instance(), load_theme("light", "comfortable"))
    assert widget.grab().toImage() != before


@pytest.mark.parametrize("name", ["table", "board", "queues", "clock", "footer", "field", "chip"])
def test_keyboard_reaches_the_widget(name, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    first = QLineEdit(window)
    widget = MAKERS[name]()
    widget.setParent(window)
    window.show()
    first.setFocus()
    window.activateWindow()
    window.focusNextChild()
    focused = window.focusWidget()
    assert focused is widget or widget.isAncestorOf(focused)
