"""The table of figures and the strip of stages."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from widgets.figure_table import Figure, FigureColumn, FigureModel, FigureRow, FigureTable
from widgets.stage_strip import Stage, StageState, StageStrip
from widgets.theme import current_theme
from widgets.tones import Tone

COLUMNS = (FigureColumn("a", "响应度", "由时钟计"), FigureColumn("b", "综合"))


def row(key, a, b=1.0):
    return FigureRow(key, f"单位 {key}", (Figure("—" if a is None else str(a), a), Figure(str(b), b)))


@pytest.fixture
def table(qtbot):
    made = FigureTable()
    qtbot.addWidget(made)
    made.set_columns("部门", COLUMNS)
    made.set_rows([row(1, 80), row(2, None), row(3, 95)])
    made.resize(500, 300)
    made.show()
    return made


def test_the_model_keeps_qts_rules(qtmodeltester):
    model = FigureModel()
    model.set_columns("部门", COLUMNS)
    model.set_rows([row(1, 80), row(2, None)])
    qtmodeltester.check(model, force_py=False)
    model.sort(1, Qt.SortOrder.DescendingOrder)
    model.set_rows([row(3, 1), row(1, 90)])
    qtmodeltester.check(model, force_py=False)


def test_figures_stand_at_the_right_and_what_has_none_stays_last(table):
    assert table.figures.index(0, 1).data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    for order, keys in ((Qt.SortOrder.AscendingOrder, [1, 3, 2]), (Qt.SortOrder.DescendingOrder, [3, 1, 2])):
        table.sortByColumn(1, order)
        assert [r.key for r in table.figures.rows()] == keys
    table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert [r.key for r in table.figures.rows()] == [1, 2, 3]


def test_figures_that_move_keep_the_current_cell(table):
    table.setCurrentIndex(table.figures.index(2, 1))
    table.set_rows([row(1, 81), row(2, None), row(3, 96)])
    assert table.currentIndex().data() == "96"


def test_a_click_and_enter_ask_what_is_behind_a_figure(table, qtbot):
    asked = []
    table.figure_chosen.connect(lambda key, column: asked.append((key, column)))
    place = table.visualRect(table.figures.index(0, 2)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.keyClick(table, Qt.Key.Key_Left)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.keyClick(table, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert asked == [(1, "b"), (1, "a"), (1, None)]


def test_a_tone_colours_the_figure_and_words_say_it(table):
    low = replace(row(1, 40), figures=(Figure("40", 40, Tone.OVERDUE, "低于 60 分"), Figure("1", 1)))
    table.set_rows([low])
    index = table.figures.index(0, 1)
    assert index.data(Qt.ItemDataRole.ForegroundRole) == current_theme().colors.overdue_figure
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "低于 60 分"


def test_stages_take_lines_only_for_what_they_say(qtbot):
    strip = StageStrip()
    qtbot.addWidget(strip)
    strip.set_stages([Stage("响应"), Stage("报到")])
    bare = strip.sizeHint().height()
    strip.set_stages([Stage("响应", StageState.DONE, "14:00 按时", "限 14:30", Tone.OK), Stage("报到")])
    assert strip.sizeHint().height() > bare + 20
    assert strip.accessibleName() == "响应 已完成 14:00 按时 限 14:30；报到 未开始"


def test_each_state_has_its_own_mark_beside_its_colour(qtbot):
    from widgets.stage_strip import STAGE_MARKS
    assert len(set(STAGE_MARKS.values())) == len(StageState)
