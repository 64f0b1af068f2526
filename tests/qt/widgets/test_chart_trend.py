"""Figures over time: hours of the city, lines told apart, the value where the pointer or the keyboard is."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from widgets.charts import chart as chart_module
from widgets.charts.hours import moment_words, time_marks
from widgets.charts.trend import Trend, TrendChart, TrendSeries
from widgets.charts.trend_plot import LineStyle, line_pen, round_step
from widgets.state_panel import StateKind, TableState
from widgets.theme import current_theme
from widgets.tones import Tone

CITY = timezone(timedelta(hours=8))
DAY = datetime(2026, 11, 22, tzinfo=CITY).timestamp()
AT = DAY + 3600.0 * np.arange(24)


def local(at):
    return datetime.fromtimestamp(at, UTC).astimezone(CITY)


def day(until=14, **more):
    known = np.where(np.arange(24) <= until, 10.0 + np.arange(24), np.nan)
    series = (TrendSeries("in", "受理", Tone.ACTION, known, np.arange(24) + 5.0, filled=True),
              TrendSeries("done", "结案", Tone.OK, known - 8))
    return Trend(AT, series, DAY, DAY + 86400, **more)


@pytest.fixture
def chart(qtbot, monkeypatch):
    monkeypatch.setattr(chart_module, "PACE_MS", 0)
    made = TrendChart("受理与结案", local)
    qtbot.addWidget(made)
    made.resize(800, 260)
    made.set_trend(day())
    made.show()
    qtbot.waitExposed(made)
    made.grab()
    return made


def at_hour(chart, hour, value=15.0):
    """Where on the plot's viewport this hour and figure are."""
    scene = chart.plot.plotItem.vb.mapViewToScene(QPointF(3600 * hour, value))
    return chart.plot.mapFromScene(scene)


# ---------------------------------------------------------------- the time axis
def test_a_day_is_marked_by_full_hours_of_the_city_and_ends_with_24():
    words = [words for _, words in time_marks(DAY, DAY + 86400, 13, local)]
    assert words == ["00:00", "02:00", "04:00", "06:00", "08:00", "10:00", "12:00", "14:00", "16:00", "18:00", "20:00",
                     "22:00", "24:00"]
    assert [at for at, _ in time_marks(DAY, DAY + 86400, 13, local)][1] == DAY + 7200


@pytest.mark.parametrize("most", [2, 3, 5, 9, 30])
@pytest.mark.parametrize("days", [1, 2, 7, 31, 90, 366, 1000, 5000])
def test_there_are_never_more_marks_than_room(most, days):
    marks = time_marks(DAY, DAY + 86400 * days, most, local)
    assert 1 <= len(marks) <= most + 1
    assert all(DAY <= at <= DAY + 86400 * days for at, _ in marks)
    assert [at for at, _ in marks] == sorted(at for at, _ in marks)


def test_a_week_is_marked_by_days_and_a_year_by_months():
    assert time_marks(DAY, DAY + 7 * 86400, 9, local)[1] == (DAY + 86400, "11-23")
    months = time_marks(DAY, DAY + 366 * 86400, 13, local)
    assert months[0] == (datetime(2026, 12, 1, tzinfo=CITY).timestamp(), "2026-12")
    assert len(months) == 12


def test_a_day_of_25_hours_is_marked_by_its_own_clock():
    there = ZoneInfo("Europe/Berlin")
    began = datetime(2026, 10, 25, tzinfo=there)
    marks = time_marks(began.timestamp(), began.timestamp() + 25 * 3600, 13,
                       lambda at: datetime.fromtimestamp(at, there))
    assert marks[-1][1] == "24:00"
    assert marks[-1][0] - marks[0][0] == 25 * 3600


def test_a_moment_is_said_as_the_span_needs():
    at = DAY + 14 * 3600
    assert [moment_words(at, 86400 * n, local) for n in (1, 7, 90)] == ["14:00", "11-22 14:00", "2026-11-22"]


@pytest.mark.parametrize(("span", "most", "step"), [(100, 5, 20), (101, 5, 25), (3, 5, 1), (1, 5, 0.2), (0, 5, 1e-9)])
def test_steps_of_the_figures_are_round(span, most, step):
    assert round_step(span, most) == pytest.approx(step, rel=1.5 if not span else 1e-6)


# ---------------------------------------------------------------- what is shown
def test_today_and_the_past_are_told_apart_without_colour():
    styles = [line_pen(current_theme(), Tone.ACTION, style).style() for style in LineStyle]
    assert len(set(styles)) == 3
    assert styles[0] == Qt.PenStyle.SolidLine


def test_only_today_is_filled_and_only_as_far_as_it_is_known(chart):
    fills = [curve for curve in chart.plot._curves if curve.opts["fillLevel"] is not None]
    assert len(fills) == 1
    assert fills[0].getData()[0].tolist() == (AT[:15] - DAY).tolist()


def test_lines_are_thin_and_not_antialiased(chart):
    for curve in chart.plot._curves:
        assert not curve.opts["antialias"]
        assert curve.opts["pen"] is None or curve.opts["pen"].width() == 1


def test_the_table_has_a_row_for_each_moment_and_nothing_where_nothing_is_known(chart):
    table = chart.table()
    assert table[0] == ["时间", "受理", "受理 上周同日", "结案"]
    assert table[1] == ["2026-11-22 00:00", 10, 5, 2]
    assert table[24] == ["2026-11-22 23:00", "", 28, ""]


def test_a_reader_hears_the_last_figure_and_the_greatest(chart):
    assert chart.accessibleName() == \
        "受理与结案：受理 14:00 24 件，最高 14:00 24 件；结案 14:00 16 件，最高 14:00 16 件"


def test_figures_that_do_not_fit_their_moments_are_refused(chart):
    with pytest.raises(ValueError, match="受理: 3 figures at 24 moments"):
        chart.set_trend(Trend(AT, (TrendSeries("in", "受理", Tone.ACTION, np.zeros(3)),), DAY, DAY + 86400))


def test_a_trend_of_nothing_known_is_drawn(chart):
    none = np.full(24, np.nan)
    chart.set_trend(Trend(AT, (TrendSeries("in", "受理", Tone.ACTION, none, filled=True),), DAY, DAY + 86400))
    chart.grab()
    assert chart.accessibleName() == "受理与结案：受理 没有数据"


def test_new_figures_move_the_lines_and_no_line_is_left_over(chart):
    chart.set_trend(day(20))
    assert len(chart.plot._curves) == 4    # two of today, one of last week, one area
    assert np.isfinite(chart.plot._curves[1].getData()[1]).sum() == 21
    chart.set_trend(Trend(AT, (TrendSeries("in", "受理", Tone.ACTION, np.zeros(24)),), DAY, DAY + 86400))
    assert len(chart.plot._curves) == 1


# ---------------------------------------------------------------- values
def test_the_pointer_reads_the_nearest_moment(chart, qtbot):
    seen = []
    chart.moment_hovered.connect(seen.append)
    qtbot.mouseMove(chart.plot.viewport(), at_hour(chart, 9.3))
    qtbot.waitUntil(lambda: seen == [DAY + 9 * 3600])
    assert chart.accessibleDescription() == "09:00 受理 19，受理 上周同日 14，结案 11"
    qtbot.mouseMove(chart.plot.viewport(), at_hour(chart, 20))
    qtbot.waitUntil(lambda: chart.accessibleDescription() == "20:00 受理 —，受理 上周同日 25，结案 —")


def test_a_click_asks_about_the_line_that_is_near(chart, qtbot):
    keys = []
    chart.figure_clicked.connect(keys.append)
    for value in (19.5, 10.0):
        qtbot.mouseClick(chart.plot.viewport(), Qt.MouseButton.LeftButton, pos=at_hour(chart, 9, value))
    qtbot.mouseClick(chart.plot.viewport(), Qt.MouseButton.LeftButton, pos=at_hour(chart, 22, 10))
    qtbot.mouseClick(chart.plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    assert keys == [("in", DAY + 9 * 3600), ("done", DAY + 9 * 3600)]


def test_the_keyboard_goes_from_moment_to_moment(chart, qtbot):
    keys = []
    chart.figure_clicked.connect(keys.append)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Return):
        qtbot.keyClick(chart, key)
    assert keys == [("in", DAY + 12 * 3600)]
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    assert chart.accessibleDescription().startswith("00:00 受理 10")
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert chart.accessibleDescription() == ""


def test_the_moment_that_is_read_stays_while_figures_come(chart, qtbot):
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    chart.set_trend(day(15))
    assert chart.accessibleDescription().startswith("00:00 受理 10")


def test_the_wheel_and_a_drag_move_nothing(chart, qtbot):
    before = chart.plot.plotItem.vb.viewRange()
    qtbot.mousePress(chart.plot.viewport(), Qt.MouseButton.LeftButton, pos=at_hour(chart, 9))
    qtbot.mouseMove(chart.plot.viewport(), at_hour(chart, 15))
    qtbot.mouseRelease(chart.plot.viewport(), Qt.MouseButton.LeftButton, pos=at_hour(chart, 15))
    assert chart.plot.plotItem.vb.viewRange() == before


def test_states_hide_the_plot_unless_there_are_figures_to_keep(chart):
    chart.set_state(TableState(StateKind.EMPTY, "今天还没有案件"))
    assert not chart.plot.isVisible()
    chart.set_state(TableState(StateKind.DISCONNECTED, "与服务器断开"))
    assert chart.plot.isVisible()
    assert chart.plot.geometry().bottom() < chart.tall
    assert chart.accessibleName().startswith("受理与结案：与服务器断开；受理 14:00")


def test_type_for_a_wall_makes_the_axis_larger(chart, qtbot):
    small = chart.plot._time.height()
    chart.type_scale = 2.0
    qtbot.waitUntil(lambda: chart.plot._time.height() > 1.7 * small)
