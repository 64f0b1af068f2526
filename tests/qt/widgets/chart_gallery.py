"""Render every chart in both themes and three sizes: python tests/qt/widgets/chart_gallery.py OUT_DIR."""

import os
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(Path(__file__).resolve().parents[3])]

import numpy as np  # noqa: E402
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget  # noqa: E402

from widgets.charts.bars import BarRow, ShareBars, StageFunnel  # noqa: E402
from widgets.charts.panel import ChartPanel  # noqa: E402
from widgets.charts.ranking import Ranking  # noqa: E402
from widgets.charts.tile import Kpi, KpiTile  # noqa: E402
from widgets.charts.trend import Trend, TrendChart, TrendSeries  # noqa: E402
from widgets.figure_table import Figure, FigureColumn, FigureRow  # noqa: E402
from widgets.fonts import install_fonts  # noqa: E402
from widgets.state_panel import StateKind, TableState  # noqa: E402
from widgets.theme import apply_theme, current_theme, load_theme  # noqa: E402
from widgets.tones import Tone  # noqa: E402

SIZES = ((1366, 768, 1.0), (1920, 1080, 1.25), (3840, 2160, 2.5))
CITY = timezone(timedelta(hours=8))
DAY = datetime(2026, 11, 22, tzinfo=CITY).timestamp()
KPIS = (
    Kpi("in", "今日受理", "1,638", "较昨日 −6.2%", Tone.OK), Kpi("open", "在办", "412", "其中临期 37", Tone.NEAR),
    Kpi("done", "今日结案", "1,571", "结案率 95.9%", Tone.OK), Kpi("right", "按期处置率", "97.3%", "目标 96%", Tone.OK),
    Kpi("late", "超期", "11", "最长 3 小时 12 分", Tone.OVERDUE, Tone.OVERDUE),
    Kpi("happy", "群众满意度", "94.8%", "回访 426 件", Tone.OK),
)
STAGES = [BarRow(name, name, value) for name, value in zip(
    ("采集", "立案", "派遣", "办理", "反馈", "核查", "结案"), (1638, 1622, 1609, 1588, 1579, 1574, 1571), strict=True)]
CHANNELS = [BarRow(name, name, value) for name, value in (
    ("监督员巡查", 624), ("12345 热线", 403), ("随手拍 APP", 211), ("社区微网格", 167), ("视频监控", 105),
    ("舆情媒体", 67), ("领导交办", 21), ("人大建议", 14), ("政协提案", 9), ("市级督办", 8), ("门户网站", 5))]
UNITS = [FigureRow(name, name, (Figure(f"{a:.1f}", a), Figure(f"{b:.1f}", b, Tone.OVERDUE if b < 60 else Tone.NORMAL)))
         for name, a, b in (("区城管执法局", 98.6, 96.1), ("区市场监管局", 97.9, 95.2), ("区住建委", 96.4, 93.8),
                            ("区园林绿化局", 95.8, 94.5), ("公安分局", 95.1, 92.0), ("区水务局", 92.7, 90.4),
                            ("区生态环境局", 90.2, 88.0), ("区交通委", 80.2, 58.0))]


def local(at: float) -> datetime:
    """The city's time."""
    return datetime.fromtimestamp(at, UTC).astimezone(CITY)


def trend(now_hour: float = 14.5) -> Trend:
    """A day by ten minutes, known until now."""
    at = DAY + 600.0 * np.arange(144)
    dice, wave = np.random.default_rng(5), 12 + 30 * np.exp(-((np.arange(144) - 78) / 42.0) ** 2)
    known = at <= DAY + now_hour * 3600
    noisy = [np.round(wave * factor + dice.normal(0, 2.5, 144)).clip(0) for factor in (1.0, 0.92, 0.9, 0.83, 0.8)]
    today = [np.where(known, values, np.nan) for values in noisy[:2]]
    return Trend(at, (TrendSeries("in", "受理", Tone.ACTION, today[0], noisy[2], noisy[4], filled=True),
                      TrendSeries("done", "结案", Tone.OK, today[1], noisy[3])), DAY, DAY + 86400)


def wall(scale: float) -> QWidget:
    """All charts as a wall might have them."""
    page = QWidget()
    page.setProperty("role", "background")
    page.setStyleSheet(f"QWidget[role=background] {{ background: {current_theme().colors.background.name()}; }}")
    grid, sizes = QGridLayout(page), current_theme().sizes
    grid.setSpacing(round(sizes.gap * scale))
    for number, kpi in enumerate(KPIS):
        tile = KpiTile(kpi)
        tile.type_scale = scale
        grid.addWidget(tile, number // 2, number % 2)
    charts = [StageFunnel("七步闭环"), ShareBars("问题来源", "其他 {} 个渠道"), Ranking("部门考核 · 本月"),
              TrendChart("受理与结案", local)]
    charts[0].set_rows(STAGES)
    charts[1].set_foot(BarRow("before", "未诉先办占比", 61.3, "61.3%", Tone.OK))
    charts[1].set_rows(CHANNELS)
    charts[2].set_columns([FigureColumn("response", "响应度"), FigureColumn("score", "综合分")])
    charts[2].set_rows(UNITS)
    charts[3].set_trend(trend())
    waiting = [StageFunnel("读取"), ShareBars("空"), Ranking("错误"), TrendChart("断开", local)]
    waiting[1].set_state(TableState(StateKind.EMPTY, "今天还没有案件", "零点起重新计数"))
    waiting[2].set_state(TableState(StateKind.ERROR, "考核读不出来", "数据库没有答复，请稍候再试", "再试一次"))
    waiting[3].set_state(TableState(StateKind.DISCONNECTED, "与服务器断开", "14:32 起；恢复后自动更新"))
    places = [(3, 0, 2, 2), (5, 0, 2, 2), (0, 4, 3, 1), (3, 2, 2, 3), (5, 2, 2, 1), (5, 3, 2, 1), (5, 4, 2, 1),
              (0, 2, 3, 2)]
    details = ("今日 00:00 起", "11 个渠道", "", "每 10 分钟；虚线＝上周同日，点线＝去年同日", "", "", "", "")
    for chart, place, detail in zip(charts + waiting, places, details, strict=True):
        panel = ChartPanel(chart, detail)
        panel.type_scale = scale
        grid.addWidget(panel, *place)
    for column, share in enumerate((2, 2, 3, 3, 4)):
        grid.setColumnStretch(column, share)
    return page


def main(out: Path) -> None:
    """A picture for each theme and size."""
    app = QApplication([])
    install_fonts()
    out.mkdir(parents=True, exist_ok=True)
    for name in ("dark", "light"):
        apply_theme(app, load_theme(name))
        for width, height, scale in SIZES:
            page = wall(scale)
            page.resize(width, height)
            page.show()
            chart = page.findChildren(TrendChart)[0]
            chart._point_at(70)
            app.processEvents()
            page.grab().save(str(out / f"charts_{name}_{width}.png"))
            page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
