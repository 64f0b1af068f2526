"""Any panel as a file: pictures that show what is shown, data that no table program runs."""

import csv
import io
import re
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFileDialog, QLabel, QMenu

from widgets.charts.bars import BarRow, StageFunnel
from widgets.charts.export import PanelExport, as_csv, as_svg
from widgets.charts.panel import ChartPanel
from widgets.charts.trend import Trend, TrendChart, TrendSeries
from widgets.tones import Tone


@pytest.fixture
def panel(qtbot):
    made = ChartPanel(StageFunnel("七步闭环"), "今日")
    made.chart.set_rows([BarRow("a", "采集", 1638), BarRow("b", "=1+1", 1622)])
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def saved(panel, qtbot, kind, path):
    with qtbot.waitSignal(panel.export.saved) as told:
        panel.export.save(kind, path)
    assert told.args == [path]
    return path.read_bytes()


def test_a_png_shows_the_panel(panel, qtbot, tmp_path):
    image = QImage.fromData(saved(panel, qtbot, "png", tmp_path / "a.png"))
    assert image.convertToFormat(QImage.Format.Format_RGB32) == \
        panel.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def test_an_svg_has_the_words_and_figures_and_can_be_drawn(panel, qtbot, tmp_path):
    data = saved(panel, qtbot, "svg", tmp_path / "a.svg")
    words = "".join(ElementTree.fromstring(data).itertext())
    for said in ("七步闭环", "今日", "采集", "1,638"):
        assert said in words
    assert QSvgRenderer(data).isValid()
    assert b"<image" not in data


def test_the_lines_of_a_trend_are_lines_in_an_svg(qtbot):
    chart = TrendChart("受理", lambda at: datetime.fromtimestamp(at, UTC))
    qtbot.addWidget(chart)
    chart.resize(500, 300)
    since = datetime(2026, 11, 22, tzinfo=UTC).timestamp()
    at = since + 3600.0 * np.arange(24)
    chart.set_trend(Trend(at, (TrendSeries("a", "受理", Tone.OK, np.arange(24.0)),), since, since + 86400))
    chart.show()
    data = as_svg(chart)
    assert b"<image" not in data
    paths = [found.split() for found in re.findall(r'(?:points|d)="([^"]+)"', data.decode())]
    assert max(len({word.split(",")[0].lstrip("ML") for word in path}) for path in paths) >= 24, "moments run together"
    assert "12:00" in "".join(ElementTree.fromstring(data).itertext())


def test_a_csv_opens_in_a_table_program_and_runs_nothing(panel, qtbot, tmp_path):
    data = saved(panel, qtbot, "csv", tmp_path / "a.csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows == [["环节", "数量", "占上一环节"], ["采集", "1638", ""], ["'=1+1", "1622", "99.0%"]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_begins_a_formula(start):
    assert next(csv.reader(io.StringIO(as_csv([[f"{start}1"]]).decode("utf-8-sig"), newline="")))[0][0] == "'"


def test_a_negative_number_stays_a_number():
    assert as_csv([[-6.2]]).decode("utf-8-sig") == "-6.2\r\n"


def test_a_file_that_cannot_be_written_is_said_with_what_to_do(panel, qtbot, tmp_path):
    with qtbot.waitSignal(panel.export.failed) as told:
        panel.export.save("csv", tmp_path / "missing" / "a.csv")
    assert told.args[0].startswith("a.csv 写不了：")
    assert told.args[0].endswith("请换一个位置")


def test_the_menu_key_offers_all_kinds(panel, qtbot, qapp):
    at = QPoint(50, 80)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, panel.chart.mapToGlobal(at))
    qapp.sendEvent(panel.chart, event)
    menu = panel.findChild(QMenu)
    assert [action.text() for action in menu.actions()] == ["导出图片 PNG…", "导出图片 SVG…", "导出数据 CSV…"]
    menu.close()
    qtbot.waitUntil(lambda: panel.findChild(QMenu) is None)


def test_asking_for_a_file_stops_nothing_and_proposes_a_name_that_every_system_takes(panel, qtbot):
    panel.set_title("受理/结案：今日?")
    dialog = panel.export.ask_file("svg")
    assert not dialog.isModal() or dialog.isVisible()
    assert [name.rpartition("/")[2] for name in dialog.selectedFiles()] == ["受理_结案：今日_.svg"]
    dialog.reject()
    qtbot.waitUntil(lambda: panel.findChild(QFileDialog) is None)


def test_a_panel_without_rows_or_with_a_picture_of_its_own_offers_what_it_has(qtbot, tmp_path):
    label, picture = QLabel("地图"), QImage(30, 20, QImage.Format.Format_RGB32)
    picture.fill(0xFF112233)
    qtbot.addWidget(label)
    export = PanelExport(label, lambda: "地图", picture=lambda: picture)
    assert export.kinds() == ["png"]
    with qtbot.waitSignal(export.saved):
        export.save("png", tmp_path / "a.png")
    assert QImage(str(tmp_path / "a.png")).size() == picture.size()


def test_a_panel_that_goes_while_its_file_is_written_breaks_nothing(qtbot, tmp_path):
    from PySide6.QtCore import QThreadPool

    label = QLabel("地图")
    label.show()
    PanelExport(label, lambda: "地图").save("png", tmp_path / "a.png")
    label.close()
    label.deleteLater()
    qtbot.waitUntil(lambda: QThreadPool.globalInstance().waitForDone(10))
    assert (tmp_path / "a.png").stat().st_size > 0
