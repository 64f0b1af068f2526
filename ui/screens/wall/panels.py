"""The panels of the wall, each made once, and what fills them; a scene only says which are seen and of what."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from commandcenter.domain.model import CaseRow
from commandcenter.domain.wall import PANELS
from commandcenter.live.wall_now import OpenNow, open_now
from ui.bridge.map_book import MapBook
from ui.bridge.wall_figures import WallFigures
from ui.bridge.wall_now import WallNow
from ui.models.joint_clock import JointClock
from ui.models.joint_words import JointWords
from ui.models.wall_figures import (
    UNIT_COLUMNS,
    area_tiles,
    channel_rows,
    city_tiles,
    found_first,
    percent,
    stage_rows,
    state_rows,
    step_rows,
    trend_lines,
    unit_rows,
)
from ui.models.wall_lines import event_line, running, whistle_line
from ui.screens.wall.about import About
from ui.screens.wall.cards import CARD_TITLES, WallCards
from ui.screens.wall.line_list import LineList, Place, Words
from ui.screens.wall.map_panel import MapBody
from ui.screens.wall.panel import WallPanel
from ui.screens.wall.tiles import Tiles
from ui.screens.wall.video_panel import VideoBody
from ui.screens.workplace import Workplace
from widgets.charts.bars import ShareBars, StageFunnel
from widgets.charts.ranking import Ranking
from widgets.charts.trend import TrendChart
from widgets.state_panel import StateKind, TableState
from widgets.ticker import SecondTicker
from widgets.tones import Tone

_FEW_EVENTS = 3  # of a street, below which everybody's are shown
_COUNT_MS = 400  # what changes within is counted once


class WallPanels(QObject):
    """`panels` by name, without a place and hidden. `about` says what they show."""

    def __init__(self, place: Workplace, figures: WallFigures, parent: QWidget) -> None:
        super().__init__(parent)
        self._place, self._figures = place, figures
        self.now = WallNow(place.backend, place.live)
        self.about, self._area_now = About(), OpenNow()
        self._area: list[CaseRow] = []
        self._counting = self._again = False
        self._counted: About | None = None
        self._told = False  # what is open has been counted, and is shown
        self.book = MapBook(place.backend, place.live, self)
        self._make()
        self.panels: Mapping[str, WallPanel] = self._framed(parent)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_COUNT_MS)
        self._soon.timeout.connect(self._count)
        self._listen()
        self._on_directory()
        SecondTicker(parent, self.tick)

    def _make(self) -> None:
        self.tiles, self.map, self.video = Tiles(), MapBody(self._place, self.book), VideoBody(self._place)
        self.steps, self.stages = StageFunnel("七步闭环"), StageFunnel("环节用时")
        self.channels = ShareBars("问题来源", rest="其他 {} 个渠道", most_lines=9)
        self.trend = TrendChart("受理与结案", local=lambda at: self._place.words.local(at))
        self.units = Ranking("部门考核")
        self.units.set_columns(UNIT_COLUMNS)
        last = Place(right=True)
        spare = Place(right=True, spare=True)
        self.whistles = LineList((Place(), Place(), Place(gives=True), spare, last, last), "现在没有进行中的吹哨")
        self.latest = LineList((Place(), Place(), Place(gives=True), last), "今天还没有动态")
        self.cards = WallCards(self._place)

    def _framed(self, parent: QWidget) -> dict[str, WallPanel]:
        bodies = {
            "figures": self.tiles, "steps": self.steps, "channels": self.channels, "map": self.map,
            "trend": self.trend, "whistles": self.whistles, "units": self.units, "stages": self.stages,
            "video": self.video, "latest": self.latest, **self.cards.cards,
        }  # fmt: skip
        titles = {**PANELS, **CARD_TITLES}
        found = {}
        for name, body in bodies.items():
            found[name] = panel = WallPanel(name, titles[name], body, frameless=name == "figures")
            panel.setParent(parent)
            panel.hide()
            if name != "map":
                panel.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.cards.panels = found
        return found

    def _listen(self) -> None:
        live, joint = self._place.live, self._place.joint
        for signal in (live.changed, live.timing_changed, live.loaded):
            signal.connect(self._count_soon)
        self.now.changed.connect(self._fill_tiles)
        for signal in (joint.changed, joint.loaded, joint.timing_changed, joint.state_changed):
            signal.connect(self._fill_whistles)
        figures = self._figures
        figures.today_changed.connect(self._fill_today)
        figures.past_changed.connect(self._fill_today)
        figures.month_changed.connect(self._fill_month)
        figures.latest_changed.connect(self._fill_latest)
        figures.plan_changed.connect(self._fill_tiles)
        figures.workers_changed.connect(lambda: self.map.set_workers(figures.workers))
        self._place.words_changed.connect(self._on_directory)
        for signal in (self._place.emergency.changed, self._place.emergency.ticked):
            signal.connect(lambda: self.cards.fill(self.about))
        self._place.cameras.changed.connect(self._fill_video)
        self.video.rotation.changed.connect(self._fill_video)

    def _on_directory(self) -> None:
        joint = self._place.joint
        self._words = JointWords(self._place.words, joint.rules)
        self._clock = JointClock(self._words, self._place.work_time)
        self.cards.set_words(self._words, self._clock)
        self.fill()
        self._count_soon()

    # ------------------------------------------------------------ what is shown
    def show(self, about: About) -> None:
        """All figures are of this from now on."""
        self.about = about
        row = self._place.live.row(about.case_id) if about.case_id is not None else None
        summons = self._place.joint.summons.get(about.summons_id) if about.summons_id is not None else None
        there = row or summons or (self._place.emergency.current if about.emergency else None)
        point = (there.lon, there.lat) if there is not None and there.lon is not None else None
        self.map.set_focus(about.street, about.items, point, about.case_id, about.emergency)
        self.panels["map"].set_title("网格态势", f"{self._named() or '全区'} · 颜色＝每网格在办件数")
        self._count()
        self.fill()

    @property
    def complete(self) -> bool:
        """Everything that is seen has been read."""
        figures = self._figures
        read = None not in (figures.plan, figures.today, figures.month) and self._told
        cameras = self._place.cameras
        seen = cameras.ready or cameras.error is not None or self.panels["video"].isHidden()
        counted = self.about.whole or self._counted == self.about
        return read and seen and counted and self.map.ready and self._place.joint.ready

    def fill(self) -> None:
        """Everything."""
        self._fill_tiles()
        self._fill_today()
        self._fill_month()
        self._fill_latest()
        self._fill_whistles()
        self._fill_video()

    def _fill_today(self) -> None:
        today, words = self._figures.today, self._place.words
        self._fill_tiles()
        if today is None:
            return
        if self.about.whole:
            channels = self._place.backend.directory.channels
            self.steps.set_rows(step_rows(today))
            self.panels["steps"].set_title("七步闭环", f"今日 {words.local(today.day_began):%H:%M} 起")
            self._fill_channels(today.channels, "今天还没有受理")
            self.panels["channels"].set_title("问题来源", f"今日 · {len(channels)} 个渠道")
        self.trend.set_trend(trend_lines(today.trend, self._figures.past, self.about.trend_hours))
        whose = "" if self.about.whole else "全区 · "
        self.panels["trend"].set_title("受理与结案", f"{whose}近 {self.about.trend_hours} 小时 · 每 10 分钟 · 件")

    def _fill_month(self) -> None:
        figures, words = self._figures.month, self._place.words
        self._fill_tiles()
        if figures is not None:
            month = f"{words.local(figures.month_began).month} 月"
            units = unit_rows(figures, words.unit)
            self.units.set_rows(units)
            if not units:
                self.units.set_state(TableState(StateKind.EMPTY, "本月还没有考核"))
            self.panels["units"].set_title("部门考核", f"{month} · 一哨一考")
            self.stages.set_rows(stage_rows(figures, words.workflow))
            self.panels["stages"].set_title("环节用时", f"{month} · 平均工作时间")
            self._fill_whistles()

    def _fill_latest(self) -> None:
        if self._figures.latest or self._figures.today is not None:
            words, directory = self._place.words, self._place.backend.directory
            here = [event for event in self._figures.latest if event.street_id == self.about.street]
            seen = here if len(here) >= _FEW_EVENTS else self._figures.latest
            self.panels["latest"].set_title("实时动态", self._named() if seen is here else "全区")
            self.latest.set_lines([_event_words(event_line(event, words, directory)) for event in seen])

    # ------------------------------------------------------------ of a street or topic
    def _count_soon(self, *_: object) -> None:
        if not self.about.whole and not self._soon.isActive():
            self._soon.start()

    def _count(self) -> None:
        if self._counting:
            self._again = True
        elif not self.about.whole:
            self._counting = self._place.backend.start(self._count_area(), self) is not None

    async def _count_area(self) -> None:
        """Off the GUI thread: a hundred thousand rows take longer than a frame."""
        live, about = self._place.live, self.about
        try:
            rows = list(live.picture.rows.values())
            self._area = await asyncio.to_thread(_of_area, rows, about)
        finally:
            self._counting = False
        self._area_now = open_now(self._area, live.picture.timing, live.clock.now())
        self._counted = about
        self._fill_tiles()
        if self._again or about != self.about:
            self._again = False
            self._count_soon()

    def _fill_tiles(self) -> None:
        figures, self._told = self._figures, self.now.ready
        if self.about.whole:
            self.tiles.set_figures(city_tiles(self.now.figures(), figures.today, figures.month, figures.plan))
            return
        if self._counted != self.about:
            return
        whistles = len(running(self._place.joint.summons.values(), self.about.street))
        self.tiles.set_figures(area_tiles(self._area_now, self._area, whistles))
        self.steps.set_rows(state_rows(self._area, self._place.words.workflow))
        self.panels["steps"].set_title("在办环节", self._named())
        counts = Counter(row.channel_id for row in self._area)
        self._fill_channels(counts, "这里没有在办案件")
        self.panels["channels"].set_title("问题来源", f"{self._named()} · 在办")

    def _fill_channels(self, counts: Mapping[int, int], empty: str) -> None:
        channels = self._place.backend.directory.channels
        rows = channel_rows(counts, channels)
        self.channels.set_rows(rows)
        self.channels.set_foot(found_first(counts, channels))
        if not rows:
            self.channels.set_state(TableState(StateKind.EMPTY, empty))

    def _named(self) -> str:
        return self.about.topic or (self._place.words.unit(self.about.street) if self.about.street else "")

    # ------------------------------------------------------------ lists
    def tick(self) -> None:
        """A second has passed: countdowns."""
        self._fill_whistles()
        self._fill_tiles()

    def _fill_whistles(self, *_: object) -> None:
        joint, now = self._place.joint, self._place.live.clock.now()
        if joint.rules is not self._words.rules:
            self._words = JointWords(self._place.words, joint.rules)
            self._clock = JointClock(self._words, self._place.work_time)
            self.cards.set_words(self._words, self._clock)
        if not joint.ready:
            return
        rows = sorted(running(joint.summons.values(), self.about.street), key=self._clock.order)
        lines = [_whistle_words(whistle_line(row, self._words, self._clock, now)) for row in rows]
        self.whistles.set_lines(lines)
        month = self._figures.month
        more = f"今日 {month.whistles_today:,}　响应率 {percent(month.answer_rate)}" if month else ""
        self.panels["whistles"].set_title("吹哨报到", "　".join(filter(None, (f"进行中 {len(rows):,}", more))))
        self.cards.fill(self.about)

    def _fill_video(self) -> None:
        self.panels["video"].set_title("视频", self.video.detail)


def _of_area(rows: list[CaseRow], about: About) -> list[CaseRow]:
    return [row for row in rows if row.open and about.holds(row)]


def _whistle_words(line) -> tuple[Words, ...]:
    return (Words(line.level, line.level_tone, chip=True), Words(line.where), Words(line.about),
            Words(line.answered, strong=True), Words(line.state, line.tone), Words(line.left, line.left_tone, True))


def _event_words(line) -> tuple[Words, ...]:
    return Words(line.time, Tone.MUTED, True), Words(line.where), Words(line.about), Words(line.done, line.tone)
