"""Invented rows, cards and steps for the widget tests and the gallery; no real case, no real person."""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter

from widgets.board import CardData, CardKind, Section
from widgets.live_table import Align, CellKind, Column, DragCard, KeyedTableModel, countdown
from widgets.photo_strip import Photo
from widgets.queue_list import QueueItem
from widgets.split_clock import ClockSegment
from widgets.timeline import TimelineEntry
from widgets.tones import Tone

NEAR_SECONDS = 1800.0
_ITEMS = ("占道经营", "暴露垃圾", "井盖缺失", "非机动车乱停放", "夜间施工噪声", "树木倒伏", "违法建设", "乱张贴")
_KINDS = ("街面秩序", "市容环境", "公用设施", "街面秩序", "施工管理", "园林绿化", "房屋土地", "宣传广告")
_STREETS = ("东直门", "龙潭", "建国门", "和平里", "崇文门外", "天坛", "交道口", "景山")
_GRIDS = (
    "簋街社区 03-2",
    "夕照寺社区 01-4",
    "赵家楼社区 02-1",
    "青年湖社区 05-3",
    "新世界社区 02-2",
    "金鱼池社区 01-1",
)
_UNITS = ("区城管执法局", "龙潭街道", "区城管委", "和平里街道", "区生态环境局", "区园林绿化局")


@dataclass(frozen=True)
class SampleRow:
    """A row like a case: number, words, deadline in epoch seconds, load 0..1."""

    key: str
    number: int
    kind: str
    item: str
    street: str
    grid: str
    source: str
    level: str
    unit: str
    due: float
    load: float = 0.5


def sample_row(number: int, due: float | None = None, level: str | None = None) -> SampleRow:
    """The row of this number, always the same."""
    due = float(521 + (number * 7919) % 12000) if due is None else due
    level = level or ("一级紧急" if number % 11 == 3 else ("二级", "三级")[number % 2])
    return SampleRow(
        f"{number:06d}", number, _KINDS[number % 8], _ITEMS[number % 8], _STREETS[number % 8], _GRIDS[number % 6],
        ("巡查", "12345", "视频", "随手拍", "微网格")[number % 5], level, _UNITS[number % 6], due, number % 100 / 100,
    )  # fmt: skip


def sample_rows(count: int, newest: int = 2381) -> list[SampleRow]:
    """Rows newest first."""
    return [sample_row(newest - step) for step in range(count)]


def sample_columns() -> list[Column]:
    """The dispatch queue's columns."""
    return [
        Column("number", "编号", 76, kind=CellKind.MUTED, text=lambda r: r.key, sort_key=lambda r: r.number),
        Column("kind", "大类", 88, kind=CellKind.MUTED, text=lambda r: r.kind, hide_order=2),
        Column("item", "小类", 128, kind=CellKind.STRONG, text=lambda r: r.item, sort_key=lambda r: r.item),
        Column("street", "街道", 88, text=lambda r: r.street, sort_key=lambda r: r.street),
        Column("grid", "社区·网格", 144, kind=CellKind.MUTED, text=lambda r: r.grid, hide_order=1),
        Column("source", "来源", 66, kind=CellKind.MUTED, text=lambda r: r.source, hide_order=3),
        Column("level", "分级", 78, text=lambda r: r.level,
               tone=lambda r: Tone.OVERDUE if r.level == "一级紧急" else None),
        Column("unit", "建议责任单位", 150, 1, kind=CellKind.CHIP, text=lambda r: f"荐 {r.unit}",
               tone=lambda r: Tone.ACTION),
        Column("due", "剩余", 96, align=Align.RIGHT, kind=CellKind.COUNTDOWN, text=lambda r: f"{r.due:.0f} 秒",
               live=lambda r, now: countdown(r.due - now, NEAR_SECONDS), sort_key=lambda r: r.due),
    ]  # fmt: skip


def sample_model(count: int = 40, mime_type: str = "application/x-sample") -> KeyedTableModel:
    """A model of ``count`` rows."""
    model = KeyedTableModel(sample_columns(), key=lambda row: row.key, mime_type=mime_type)
    model.reset(sample_rows(count))
    return model


def sample_stripe(row: SampleRow, now: float) -> Tone | None:
    """Red for urgent, amber near the deadline."""
    if row.level == "一级紧急" or row.due < now:
        return Tone.OVERDUE
    return Tone.NEAR if row.due - now < NEAR_SECONDS else None


def sample_drag_card(rows: list[SampleRow]) -> DragCard:
    """First row in full, the others counted."""
    first, rest = rows[0], rows[1:]
    second = f"另 {len(rest)} 件 · {rest[0].item} {rest[0].street}" if rest else ""
    return DragCard(first.item, first.street, second)


def sample_sections() -> list[Section]:
    """The board of the dispatch desk."""
    recommended = (
        CardData("hpl", "和平里街道", 41, load=0.46, subtitle="平均处置 1.1 h", reason="属地 · 青年湖社区", hotkey=1,
                 keywords="hepingli hpl"),
        CardData("js", "景山街道", 18, load=0.2, subtitle="平均处置 0.9 h", reason="相邻", hotkey=2),
    )  # fmt: skip
    names = (("区城管执法局", 86, 4, 0.96), ("区城管委", 64, 1, 0.71), ("区住建委", 31, 0, 0.34),
             ("区市场监管局", 28, 0, 0.31), ("区园林绿化局", 19, 1, 0.21), ("区生态环境局", 22, 2, 0.24),
             ("区水务局", 12, 0, 0.13), ("公安分局", 17, 0, 0.19), ("交通支队", 1025, 12, 0.28))  # fmt: skip
    departments = tuple(
        CardData(name, name, count, overdue, load, f"平均处置 {count % 7 + 0.8:.1f} h",
                 tone=Tone.NEAR if load > 0.9 else Tone.ACTION) for name, count, overdue, load in names
    )  # fmt: skip
    together = (
        CardData("whistle", "◎ 街道吹哨", subtitle="拖到这里：选择部门、报到时间与地点，签批后发出", tone=Tone.MULTI,
                 kind=CardKind.TARGET),
        CardData("order", "联合执法令", subtitle="值班长以上可开具；1+5+N 队伍一次召集", tone=Tone.NEAR,
                 kind=CardKind.TARGET),
    )  # fmt: skip
    return [
        Section("recommended", "建议（部件→主管部门，事件→属地）", recommended),
        Section("departments", "职能部门", departments),
        Section("together", "多个部门共同负责", together, columns=1),
    ]


def sample_queues() -> list[QueueItem]:
    """Queues with counts."""
    plain = [("待受理", 6), ("待立案", 9), ("待派遣", 18), ("在办", 412)]
    marked = [("临期", 37, Tone.NEAR), ("超期", 11, Tone.OVERDUE), ("回退待判", 4, Tone.NEAR),
              ("待核查", 23, Tone.NORMAL), ("待回访", 31, Tone.NORMAL), ("挂账督办", 7, Tone.MULTI),
              ("吹哨", 14, Tone.MULTI)]  # fmt: skip
    items = [QueueItem(title, title, count) for title, count in plain]
    return items + [QueueItem(title, title, count, tone, title == "临期") for title, count, tone in marked]


def sample_trace() -> list[TimelineEntry]:
    """Steps of one case."""
    return [
        TimelineEntry("1", "14:12:08", "采集", "照片 2 张", "监督员 0417 上报"),
        TimelineEntry("2", "14:13:31", "受理", "与 12345 工单 #77120 合并", "受理员 0102"),
        TimelineEntry("3", "14:15:02", "立案", "事件 · 04-03；处置时限 2 工作时", "受理员 0102"),
        TimelineEntry("4", "14:31:40", "派遣", "→ 和平里街道（属地优先）", "派遣员 0032"),
        TimelineEntry("5", "15:02:11", "回退", "现场不在本街道范围，附照片，建议改派景山街道；两街道以安德里北街为界",
                      "和平里街道 处置员 0711", Tone.NEAR),
    ]  # fmt: skip


def sample_clock() -> list[ClockSegment]:
    """Time by stage and unit."""
    return [
        ClockSegment("accept", "受理", "受理员 0102", 83.0),
        ClockSegment("file", "立案", "受理员 0102", 91.0),
        ClockSegment("dispatch", "派遣", "派遣员 0032", 998.0, Tone.NEAR),
        ClockSegment("handle", "处置", "和平里街道", 5411.0, running=True),
    ]


def sample_image(hue: int) -> QImage:
    """A picture that is nobody's."""
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    painter, shade = QPainter(image), QLinearGradient(0, 0, 640, 480)
    shade.setColorAt(0, QColor.fromHsv(hue, 90, 120))
    shade.setColorAt(1, QColor.fromHsv(hue, 120, 40))
    painter.fillRect(image.rect(), shade)
    painter.end()
    return image


def sample_photos() -> list[Photo]:
    """One of each kind."""
    return [
        Photo("before", "处置前 14:12", sample_image(215)),
        Photo("site", "现场", sample_image(200)),
        Photo("place", "位置"),
        Photo("gone", "处置后", error="文件缺失"),
    ]
