"""Panels of figures: what they show, tell, and ask; their states, their pace, their size of type."""

import time

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from widgets.charts import chart as chart_module
from widgets.charts.bars import REST, BarRow, ShareBars, StageFunnel
from widgets.charts.panel import ChartPanel
from widgets.charts.ranking import Ranking
from widgets.charts.tile import Kpi, KpiTile
from widgets.figure_table import Figure, FigureColumn, FigureRow
from widgets.state_panel import StateKind, TableState
from widgets.theme import apply_theme, current_theme, load_theme
from widgets.tones import Tone

STEPS = [BarRow("a", "采集", 200), BarRow("b", "立案", 150), BarRow("c", "结案", 60)]
CHANNELS = [BarRow(f"k{n}", f"渠道{n}", value) for n, value in enumerate((5, 50, 20, 10, 8, 4, 2, 1))]


@pytest.fixture
def shown(qtbot):
    def show(chart, width=360, height=240):
        qtbot.addWidget(chart)
        chart.resize(width, height)
        chart.show()
        return chart
    return show


@pytest.fixture
def ranking(shown):
    made = Ranking("考核")
    made.set_columns([FigureColumn("r", "响应度"), FigureColumn("s", "综合分")])
    made.set_rows([FigureRow(n, f"单位{n}", (Figure(f"{90 - n}.0", 90 - n), Figure(f"{80 - n}.5", 80.5 - n)))
                   for n in range(1, 13)])
    shown(made, 360, 200)
    made.lay_out()
    return made


def clicked(chart):
    keys = []
    chart.figure_clicked.connect(keys.append)
    return keys


def press(qtbot, chart, *keys):
    for key in keys:
        qtbot.keyClick(chart, key)


# ---------------------------------------------------------------- bars
def test_a_funnel_tells_how_many_came_on_from_the_step_before(shown):
    funnel = shown(StageFunnel("七步闭环"))
    funnel.set_rows(STEPS)
    assert [spot.told for spot in funnel.spots()] == [
        "采集 200", "立案 150 · 为上一环节的 75.0%", "结案 60 · 为上一环节的 40.0%"]
    assert funnel.table() == [["环节", "数量", "占上一环节"], ["采集", 200, ""], ["立案", 150, "75.0%"],
                              ["结案", 60, "40.0%"]]
    assert funnel.accessibleName() == "七步闭环：采集 200，立案 150，结案 60"


def test_the_greatest_bar_is_full_and_others_are_measured_by_it(shown):
    funnel = shown(StageFunnel("七步闭环"), 400, 120)
    funnel.set_rows(STEPS)
    image, fill = funnel.grab().toImage(), current_theme().colors.series_2.rgb()
    lengths = [_run(image, spot.rect.center().y(), fill) for spot in funnel.spots()]
    assert lengths[0] > 100
    assert lengths[1] == pytest.approx(lengths[0] * 0.75, abs=3)
    assert lengths[2] == pytest.approx(lengths[0] * 0.30, abs=3)


def _run(image: QImage, y: int, color: int) -> int:
    return sum(image.pixel(x, y) == color for x in range(image.width()))


def test_small_shares_are_folded_into_one_line_and_the_whole_is_kept(shown):
    shares = shown(ShareBars("问题来源", "其他 {} 个渠道", most_lines=5), 360, 400)
    shares.set_rows(CHANNELS)
    assert [(row.label, row.figure) for row in shares.lines] == [
        ("渠道1", "50.0%"), ("渠道2", "20.0%"), ("渠道3", "10.0%"), ("渠道4", "8.0%"), ("其他 4 个渠道", "12.0%")]
    assert shares.lines[-1].key == REST
    assert "渠道0 5、渠道5 4" in shares.spots()[-1].told
    assert len(shares.table()) == 1 + len(CHANNELS)
    assert sum(row[1] for row in shares.table()[1:]) == 100


def test_with_less_room_more_is_folded_and_no_line_is_cut(shown):
    shares = shown(ShareBars("问题来源", "其他 {} 个渠道"), 360, 110)
    shares.set_foot(BarRow("f", "未诉先办占比", 61.3, "61.3%", Tone.OK))
    shares.set_rows(CHANNELS)
    assert len(shares.lines) < 7
    assert sum(row.value for row in shares.lines) == 100
    assert shares.spots()[-1].told == "未诉先办占比 61.3%"
    assert shares.spots()[-1].rect.bottom() <= shares.height()


def test_no_case_at_all_is_no_share(shown):
    shares = shown(ShareBars("问题来源"))
    shares.set_rows([BarRow("a", "热线", 0)])
    assert shares.lines[0].figure == "—"
    shares.grab()


# ---------------------------------------------------------------- asking
def test_a_click_on_a_line_asks_for_what_is_behind_it(shown, qtbot):
    funnel = shown(StageFunnel("七步闭环"))
    funnel.set_rows([*STEPS, BarRow("d", "说明", 1, clickable=False)])
    keys = clicked(funnel)
    for spot in funnel.spots():
        qtbot.mouseClick(funnel, Qt.MouseButton.LeftButton, pos=spot.rect.center())
    assert keys == ["a", "b", "c"]


def test_the_keyboard_goes_through_the_figures_and_a_reader_hears_each(shown, qtbot):
    funnel = shown(StageFunnel("七步闭环"))
    funnel.set_rows(STEPS)
    keys = clicked(funnel)
    funnel.setFocus()
    qtbot.waitUntil(funnel.hasFocus)
    press(qtbot, funnel, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert funnel.accessibleDescription() == "立案 150 · 为上一环节的 75.0%"
    press(qtbot, funnel, Qt.Key.Key_End, Qt.Key.Key_Return, Qt.Key.Key_Home, Qt.Key.Key_Return)
    assert keys == ["b", "c", "a"]


def test_the_keyboard_stays_on_its_figure_when_figures_move(shown, qtbot, monkeypatch):
    monkeypatch.setattr(chart_module, "PACE_MS", 0)
    shares = shown(ShareBars("问题来源"))
    shares.set_rows([BarRow("a", "热线", 3), BarRow("b", "巡查", 2)])
    shares.setFocus()
    qtbot.waitUntil(shares.hasFocus)
    keys = clicked(shares)
    shares.set_rows([BarRow("a", "热线", 3), BarRow("b", "巡查", 9)])
    press(qtbot, shares, Qt.Key.Key_Return)
    assert keys == ["a"]


def test_hover_tells_the_figure_in_whole_words(shown, qapp):
    shares = shown(ShareBars("问题来源"))
    shares.set_rows([BarRow("a", "热线", 1234), BarRow("b", "巡查", 1234)])
    at = shares.spots()[0].rect.center()
    qapp.sendEvent(shares, QHelpEvent(QEvent.Type.ToolTip, at, shares.mapToGlobal(at)))
    assert QToolTip.text() == "热线 50.0% · 1,234 件"


def test_typed_letters_are_left_to_the_screen(shown, qtbot):
    funnel = shown(StageFunnel("七步闭环"))
    funnel.set_rows(STEPS)
    seen = []

    class Screen(QWidget):
        def keyPressEvent(self, event):
            seen.append(event.text())

    screen = Screen()
    QVBoxLayout(screen).addWidget(funnel)
    qtbot.addWidget(screen)
    screen.show()
    qtbot.keyClick(funnel, Qt.Key.Key_P)
    assert seen == ["p"]


# ---------------------------------------------------------------- ranking
def test_a_ranking_shows_what_has_room_and_says_how_many_there_are(ranking):
    rows = len(ranking.shown())
    assert 2 <= rows < 12
    assert len(ranking.spots()) == 2 * rows
    assert all(spot.rect.bottom() < ranking.height() for spot in ranking.spots())
    assert len(ranking.table()) == 13
    assert ranking.table()[1] == [1, "单位1", 89, 79.5]


def test_a_rankings_keyboard_reaches_the_last_place_and_comes_back(ranking, qtbot):
    keys = clicked(ranking)
    ranking.setFocus()
    qtbot.waitUntil(ranking.hasFocus)
    press(qtbot, ranking, Qt.Key.Key_Right, *[Qt.Key.Key_Down] * 20, Qt.Key.Key_Return)
    press(qtbot, ranking, Qt.Key.Key_Left, *[Qt.Key.Key_Up] * 20, Qt.Key.Key_Return)
    assert keys == [(12, "s"), (1, "r")]
    assert ranking.shown().start == 0


def test_one_step_down_is_one_place(ranking, qtbot):
    ranking.setFocus()
    qtbot.waitUntil(ranking.hasFocus)
    told = []
    for _ in range(11):
        told.append(ranking.accessibleDescription().split()[0])
        press(qtbot, ranking, Qt.Key.Key_Down)
    told.append(ranking.accessibleDescription().split()[0])
    assert told == [f"单位{n}" for n in range(1, 13)]


def test_figures_of_a_column_end_at_the_same_place(ranking):
    columns = {spot.key[1]: spot.rect.right() for spot in ranking.spots()}
    assert all(spot.rect.right() == columns[spot.key[1]] for spot in ranking.spots())
    assert columns["r"] < columns["s"] < ranking.width()


# ---------------------------------------------------------------- tile
def test_a_tile_says_label_figure_and_comparison(shown, qtbot):
    tile = shown(KpiTile(Kpi("open", "在办", "412", "其中临期 37", Tone.NEAR, value=412)), 220, 120)
    assert tile.accessibleName() == "在办 412 其中临期 37"
    assert tile.table() == [["指标", "数值", "比较"], ["在办", 412, "其中临期 37"]]
    keys = clicked(tile)
    qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    tile.setFocus()
    qtbot.waitUntil(tile.hasFocus)
    press(qtbot, tile, Qt.Key.Key_Return)
    assert keys == ["open", "open"]


def test_a_long_figure_grows_smaller_instead_of_being_cut(shown):
    from PySide6.QtGui import QFontMetrics

    from widgets.charts.tile import figure_font
    theme = current_theme()
    short, long = (figure_font(theme, text, 120, 60) for text in ("11", "1,234,567,890"))
    assert long.pixelSize() < short.pixelSize()
    assert QFontMetrics(long).horizontalAdvance("1,234,567,890") <= 120


# ---------------------------------------------------------------- states, pace, size
@pytest.mark.parametrize("kind", [StateKind.EMPTY, StateKind.LOADING])
def test_each_state_is_drawn_and_told_instead_of_figures(shown, kind):
    funnel = shown(StageFunnel("七步闭环"))
    funnel.set_rows(STEPS)
    figures = funnel.grab().toImage()
    funnel.set_state(TableState(kind, "今天读不出来", "请稍候"))
    assert funnel.accessibleName() == "七步闭环：今天读不出来；请稍候"
    assert funnel.spots() == ()
    stated = funnel.grab().toImage()
    assert stated != figures
    funnel.set_state(None)
    assert funnel.grab().toImage() == figures


@pytest.mark.parametrize("kind", [StateKind.ERROR, StateKind.DISCONNECTED])
def test_a_failure_is_said_below_the_last_figures(shown, kind, qtbot):
    funnel, bare = shown(StageFunnel("七步闭环")), shown(StageFunnel("七步闭环"))
    funnel.set_rows(STEPS)
    funnel.set_state(TableState(kind, "与服务器断开", "14:32 起"))
    assert funnel.accessibleName() == "七步闭环：与服务器断开；14:32 起；采集 200，立案 150，结案 60"
    assert funnel.spots()[-1].rect.bottom() < funnel.tall < funnel.height()
    keys = clicked(funnel)
    qtbot.mouseClick(funnel, Qt.MouseButton.LeftButton, pos=funnel.spots()[0].rect.center())
    assert keys == ["a"]
    bare.set_state(TableState(kind, "与服务器断开", "14:32 起"))
    assert bare.spots() == ()
    funnel.set_rows([BarRow("a", "采集", 201)])
    assert funnel.accessibleName() == "七步闭环：采集 201"


def test_a_chart_that_was_given_nothing_says_that_it_is_reading(shown):
    assert shown(Ranking("考核")).accessibleName() == "考核：正在读取"


def test_a_states_action_is_asked_by_mouse_and_key(shown, qtbot):
    funnel, asked = shown(StageFunnel("七步闭环")), []
    funnel.state_action.connect(lambda: asked.append(1))
    funnel.set_state(TableState(StateKind.EMPTY, "没有"))
    qtbot.mouseClick(funnel, Qt.MouseButton.LeftButton)
    assert asked == []
    funnel.set_state(TableState(StateKind.ERROR, "读不出来", "", "再试一次"))
    qtbot.mouseClick(funnel, Qt.MouseButton.LeftButton)
    press(qtbot, funnel, Qt.Key.Key_Return)
    assert asked == [1, 1]


def test_figures_that_come_faster_than_a_second_are_drawn_once(shown, qtbot, monkeypatch):
    monkeypatch.setattr(chart_module, "PACE_MS", 60_000)    # no busy machine takes so long for the loop below
    funnel, laid = shown(StageFunnel("七步闭环")), []
    lay_out = funnel.lay_out
    monkeypatch.setattr(funnel, "lay_out", lambda: (laid.append(1), lay_out()))
    for value in range(1, 30):
        funnel.set_rows([BarRow("a", "采集", value)])
    assert len(laid) == 1
    assert funnel.accessibleName() == "七步闭环：采集 1"
    monkeypatch.setattr(chart_module, "PACE_MS", 50)
    funnel._later.start(1)
    qtbot.waitUntil(lambda: len(laid) == 2)
    assert funnel.accessibleName() == "七步闭环：采集 29"
    qtbot.waitUntil(lambda: 1000 * (time.monotonic() - funnel._drawn_at) > 50)
    funnel.set_rows(STEPS)
    assert len(laid) == 3


def test_the_same_figures_again_draw_nothing(shown, qtbot, monkeypatch):
    monkeypatch.setattr(chart_module, "PACE_MS", 0)
    funnel, laid = shown(StageFunnel("七步闭环")), []
    funnel.set_rows(STEPS)
    monkeypatch.setattr(funnel, "lay_out", lambda: laid.append(1))
    funnel.set_rows(list(STEPS))
    assert laid == []


@pytest.mark.parametrize("make", [StageFunnel, ShareBars, Ranking, lambda _: KpiTile()])
def test_type_for_a_wall_is_larger(shown, make):
    chart = make("七步闭环")
    shown(chart)
    before = chart.minimumSizeHint()
    chart.type_scale = 2.0
    assert chart.theme.sizes.font_body == 2 * current_theme().sizes.font_body
    assert chart.minimumSizeHint().height() >= 1.8 * before.height()


def test_a_panel_scales_with_its_chart_and_follows_the_theme(shown, qapp):
    panel = ChartPanel(StageFunnel("七步闭环"), "今日 00:00 起")
    shown(panel)
    panel.type_scale = 1.5
    panel.chart.set_rows(STEPS)
    dark = panel.grab().toImage()
    try:
        apply_theme(qapp, load_theme("light"))
        light = panel.grab().toImage()
        assert panel.chart.theme.colors.text == current_theme().colors.text
    finally:
        apply_theme(qapp, load_theme("dark"))
    assert light != dark
    assert panel.chart.type_scale == 1.5
    assert panel.accessibleName() == "七步闭环，今日 00:00 起"


def test_a_mouse_over_a_line_shows_that_it_can_be_pressed(shown, qtbot):
    funnel = shown(StageFunnel("七步闭环"))
    funnel.set_rows(STEPS)
    qtbot.mouseMove(funnel, funnel.spots()[1].rect.center())
    qtbot.waitUntil(lambda: funnel.cursor().shape() == Qt.CursorShape.PointingHandCursor)
    qtbot.mouseMove(funnel, QPoint(5, funnel.height() - 2))
    qtbot.waitUntil(lambda: funnel.cursor().shape() == Qt.CursorShape.ArrowCursor)
