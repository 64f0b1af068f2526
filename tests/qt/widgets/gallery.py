"""Render every widget in both themes and three sizes: python tests/qt/widgets/gallery.py OUT_DIR."""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(Path(__file__).resolve().parents[3]), str(Path(__file__).resolve().parent)]

from PySide6.QtCore import Qt  # noqa: E402
from PySide6.QtWidgets import (  # noqa: E402
    QApplication,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)
from widget_samples import (  # noqa: E402
    sample_clock,
    sample_drag_card,
    sample_model,
    sample_photos,
    sample_queues,
    sample_row,
    sample_sections,
    sample_stripe,
    sample_trace,
)

from widgets.board import UnitBoard  # noqa: E402
from widgets.busy_button import BusyButton  # noqa: E402
from widgets.command_line import CommandLine, Suggestion  # noqa: E402
from widgets.filter_chip import FilterChip  # noqa: E402
from widgets.fonts import install_fonts  # noqa: E402
from widgets.form_field import FormField  # noqa: E402
from widgets.key_help import KeyGroup, KeyHelp  # noqa: E402
from widgets.live_pill import LivePill  # noqa: E402
from widgets.live_table import LiveTableView, RowState, RowStateKind, StateKind, TableState  # noqa: E402
from widgets.live_table.drag import drag_pixmap  # noqa: E402
from widgets.notice import Notice  # noqa: E402
from widgets.panel import Panel  # noqa: E402
from widgets.photo_strip import PhotoStrip  # noqa: E402
from widgets.queue_list import QueueList  # noqa: E402
from widgets.split_clock import SplitClock  # noqa: E402
from widgets.stat_footer import StatFooter, StatRow  # noqa: E402
from widgets.state_panel import StatePanel  # noqa: E402
from widgets.styling import label  # noqa: E402
from widgets.theme import apply_theme, current_theme, load_theme  # noqa: E402
from widgets.timeline import Timeline  # noqa: E402
from widgets.toast import ToastData, ToastStack  # noqa: E402
from widgets.tones import Tone  # noqa: E402

SIZES = ((1366, 768, "compact", 1.0), (1920, 1080, "normal", 1.0), (3840, 2160, "normal", 2.0))


def top_bar() -> QFrame:
    """Screens, command line, live state, who."""
    bar = QFrame()
    bar.setProperty("role", "bar")
    bar.setFixedHeight(current_theme().sizes.bar_height)
    row = QHBoxLayout(bar)
    row.setContentsMargins(current_theme().sizes.pad_large, 0, current_theme().sizes.pad_large, 0)
    row.addWidget(label("指挥中心", role="heading"))
    for place, name in enumerate(("派遣", "吹哨", "联合执法", "地图", "视频", "考核", "研判")):
        tab = QPushButton(name)
        tab.setCheckable(True)
        tab.setChecked(place == 0)
        tab.setProperty("kind", "nav")
        tab.setFixedHeight(current_theme().sizes.bar_height)
        row.addWidget(tab)
    row.addStretch(1)
    row.addWidget(CommandLine())
    pill = LivePill()
    pill.set_live(12)
    row.addWidget(pill)
    row.addWidget(label("派遣员 0032 · 东城区"))
    return bar


def queue_column() -> QWidget:
    """Queues and the shift's figures."""
    side = QWidget()
    column = QVBoxLayout(side)
    column.setContentsMargins(0, current_theme().sizes.pad_small, 0, 0)
    queues, stats = QueueList(), StatFooter()
    queues.set_items(sample_queues())
    queues.select("待派遣")
    stats.set_rows([StatRow("sent", "本班 派遣", "214"), StatRow("mean", "平均用时", "00:00:38"),
                    StatRow("right", "派准率", "98.1%", Tone.OK)])  # fmt: skip
    column.addWidget(queues, 1)
    column.addWidget(stats)
    return side


def queue_table() -> LiveTableView:
    """The queue, with one row of each transient state."""
    view = LiveTableView()
    model = sample_model(60)
    model.setParent(view)
    view.setModel(model)
    view.set_clock(lambda: 0.0)
    view.set_stripe(sample_stripe)
    view.set_drag_card(sample_drag_card)
    view.select_keys(["002378", "002374"])
    view.set_reduced_motion(True)
    view.set_row_state("002376", RowState(RowStateKind.SENDING, "派遣中 → 区园林绿化局"))
    view.set_row_state("002373", RowState(RowStateKind.FAILED, "王 · 12 秒前已派区城管委"))
    view.set_row_state("002371", RowState(RowStateKind.HELD, "王 查看中"))
    model.apply([sample_row(2360, due=-190.0)])
    return view


def queue_panel() -> Panel:
    """Table under its heading with filters."""
    panel = Panel("待派遣", "18 件 · 按优先级、剩余时间")
    panel.body.setContentsMargins(0, 0, 0, 0)
    for name in ("街道", "类别", "渠道"):
        panel.set_corner(FilterChip(name))
    chosen = FilterChip("级别")
    chosen.set_options([("1", "一级紧急")])
    chosen.select("1")
    panel.set_corner(chosen)
    panel.body.addWidget(queue_table())
    return panel


def case_panels() -> QSplitter:
    """Trace, clock and evidence of the selected case."""
    below = QSplitter(Qt.Orientation.Horizontal)
    trace = Panel("002378 非机动车乱停放", "青年湖社区 05-3 · 安德里北街 21 号东侧")
    trace.body.setContentsMargins(0, 0, 0, 0)
    steps = Timeline()
    steps.set_entries(sample_trace())
    steps.set_footer("✓ 4 条，链完整")
    trace.body.addWidget(steps)
    evidence = Panel("证据与周边", "3 路视频 · 2 名网格员 300 m 内")
    photos, clock = PhotoStrip(), SplitClock()
    photos.set_photos(sample_photos())
    clock.set_clock(lambda: 0.0)
    clock.set_segments(sample_clock())
    evidence.body.addWidget(photos)
    evidence.body.addWidget(clock)
    evidence.body.addStretch(1)
    below.addWidget(trace)
    below.addWidget(evidence)
    below.setSizes([560, 320])
    return below


def board() -> UnitBoard:
    """The units, with a drag of two under way over the first card."""
    made = UnitBoard("application/x-sample")
    made.set_heading("派给谁", "拖到卡片，或按 1–9；多选拖一次；10 秒内可撤销")
    made.set_sections(sample_sections())
    made.set_can_drop(lambda keys, card: "已退回过 2 次" if card == "区住建委" else None)
    made.begin_drag(("002378", "002374"))
    made.cards()[0].grab()
    return made


def desk() -> QWidget:
    """The dispatch desk made of the parts."""
    window = QWidget()
    window.setProperty("role", "background")
    outer = QVBoxLayout(window)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.setSpacing(0)
    outer.addWidget(top_bar())
    columns, centre = QSplitter(Qt.Orientation.Horizontal), QSplitter(Qt.Orientation.Vertical)
    centre.addWidget(queue_panel())
    centre.addWidget(case_panels())
    centre.setSizes([640, 400])
    for part in (queue_column(), centre, board()):
        columns.addWidget(part)
    columns.setSizes([195, 1165, 560])
    outer.addWidget(columns, 1)
    window.toasts = ToastStack(window, clock=lambda: 0.0)
    window.toasts.push(ToastData("sent", "已派 2 件 → 和平里街道", Tone.OK, "002378 002374", "撤销 Ctrl+Z"))
    return window


def form() -> Panel:
    """Fields, buttons and notices."""
    panel = Panel("登记", "键盘可完成")
    address = FormField("地址", QLineEdit("安德里北街 21 号"), "网格 05-3")
    item = FormField("小类", QComboBox())
    item.editor.addItems(["非机动车乱停放", "占道经营"])
    text = FormField("描述", QPlainTextEdit())
    text.set_error("请写明现场情况，至少 4 个字")
    phone = FormField("电话", QLineEdit("12"))
    phone.set_error("号码不完整")
    save, busy = BusyButton("立案", kind="primary"), BusyButton("派遣", "派遣中…", "primary")
    busy.set_busy(True)
    danger = QPushButton("作废")
    danger.setProperty("kind", "danger")
    row = QHBoxLayout()
    for button in (danger, QPushButton("存为草稿"), busy, save):
        row.addWidget(button)
    for part in (address, item, text, phone):
        panel.body.addWidget(part)
    panel.body.addLayout(row)
    for words, tone in (("已保存", Tone.OK), ("与 002371 可能重复", Tone.NEAR), ("服务器拒绝：版本已变", Tone.OVERDUE)):
        notice = Notice()
        notice.show_text(words, tone, "查看")
        panel.body.addWidget(notice)
    panel.body.addStretch(1)
    return panel


def states() -> QWidget:
    """The four designed states and the three live ones."""
    page = QWidget()
    grid = QGridLayout(page)
    words = ((StateKind.EMPTY, "没有待派遣案件", "新案件会自动出现", ""),
             (StateKind.LOADING, "正在载入 100,000 件", "", ""),
             (StateKind.ERROR, "读取失败", "数据库返回错误 57014", "重试"),
             (StateKind.DISCONNECTED, "与服务器断开", "自 14:32:07；正在重连", "立即重连"))  # fmt: skip
    for place, (kind, title, hint, action) in enumerate(words):
        frame = QFrame()
        frame.setProperty("role", "surface")
        panel = StatePanel()
        panel.set_state(TableState(kind, title, hint, action))
        QVBoxLayout(frame).addWidget(panel)
        grid.addWidget(frame, place // 2, place % 2)
    pills = QHBoxLayout()
    live, behind, off = LivePill(), LivePill(), LivePill()
    live.set_live(1234)
    behind.set_catching_up("余 1,200 条")
    off.set_disconnected("14:32:07")
    for pill in (live, behind, off):
        pills.addWidget(pill)
    grid.addLayout(pills, 2, 0, 1, 2)
    card = label()
    card.setPixmap(drag_pixmap(sample_drag_card([sample_row(3), sample_row(7)]), current_theme(), 1.0))
    grid.addWidget(card, 3, 0)
    return page


def parts() -> QWidget:
    """Everything the desk does not show."""
    window = QWidget()
    window.setProperty("role", "background")
    outer = QVBoxLayout(window)
    line = CommandLine()
    line.set_complete(lambda text: [Suggestion("派 市政 2378", "派 市政 2378 2377", "派遣 2 件"),
                                    Suggestion("2378", "案件 002378 非机动车乱停放", "打开")])  # fmt: skip
    top = QHBoxLayout()
    top.addWidget(line)
    top.addStretch(1)
    outer.addLayout(top)
    row = QHBoxLayout()
    row.addWidget(form(), 1)
    row.addWidget(states(), 2)
    lost = queue_table()
    lost.set_state(TableState(StateKind.DISCONNECTED, "与服务器断开", "自 14:32:07", "立即重连"))
    row.addWidget(lost, 2)
    outer.addLayout(row, 1)
    window.help = KeyHelp(window)
    window.help.set_keys([KeyGroup("派遣", (("1 – 9", "派给建议单位"), ("Ctrl Z", "撤销派遣"), ("Enter", "打开案件"))),
                          KeyGroup("全局", (("Ctrl K", "命令行"), ("?", "本屏快捷键"), ("Esc", "返回")))])  # fmt: skip
    window.line = line
    return window


def shoot(app: QApplication, page, path: Path, width: int, height: int) -> None:
    """Render one page to a file."""
    window = page()
    window.resize(width, height)
    window.show()
    app.processEvents()
    if hasattr(window, "line"):
        window.line.focus_now()
        window.help.toggle()
        window.line.focus_now()
    app.processEvents()
    window.grab().save(str(path))
    window.close()
    window.deleteLater()
    app.processEvents()


def main() -> None:
    """Render all pages."""
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "out/gallery")
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication([])
    assert install_fonts().ok
    for name in ("dark", "light"):
        for width, height, density, scale in SIZES:
            apply_theme(app, load_theme(name, density, scale))
            for page in (desk, parts):
                shoot(app, page, out / f"{page.__name__}-{name}-{width}x{height}.png", width, height)
                sys.stdout.write(f"{page.__name__}-{name}-{width}x{height}.png\n")


if __name__ == "__main__":
    main()
