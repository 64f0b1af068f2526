"""一屏观天下: the hall's screen. Scenes in the round, pushes at once, any ratio, nothing smaller than can be read."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from commandcenter.domain.wall import Scene
from ui.bridge.wall_figures import WallFigures
from ui.bridge.wall_post import WallPost
from ui.models.wall_grid import HEADER, NEEDS, arrange, largest_unit
from ui.models.wall_play import CAMERA, CASE, EMERGENCY, SUMMONS, Showing, WallPlay
from ui.models.wall_type import Sight, smallest_font
from ui.screens.video.layout_memory import SlotLayout
from ui.screens.wall.about import About
from ui.screens.wall.header import HeaderWords, WallHeader
from ui.screens.wall.panels import WallPanels
from ui.screens.wall.topic import topic_items
from ui.screens.workplace import Workplace
from widgets.theme import theme_events
from widgets.tones import Tone

WALL = "wall"
_TICK_MS = 1000
_FEW, _MANY, _LARGE_VIDEO = 4, 9, 0.5  # slots; of the wall's area from which there are many
_GROWS = 1.25  # how much larger than it must be type may become where there is room
_VIDEO = Scene("video", "视频", "video", 0, (("video",),))  # the video screen's layout
_MARKS = {Tone.OK: "●", Tone.NEAR: "◐", Tone.OVERDUE: "◇"}


class WallScreen(QWidget):
    """shown_changed(): another scene, page or push is on it."""

    shown_changed = Signal()

    def __init__(self, place: Workplace, name: str = "", sight: Sight | None = None) -> None:
        """name: under which seats find it to push something there; without one it is a picture for whoever looks."""
        super().__init__()
        self.place = place
        self.setProperty("role", "screen")
        self.figures = WallFigures(place.backend, place.live)
        self.figures.setParent(self)
        self.post = WallPost(place.backend, place.live, name) if name else None
        self.play, self.sight, self.turning = WallPlay(), sight or Sight(), True
        self._told_mm, self._seams = 0.0, tuple[int, ...]()
        self._video: SlotLayout | None = None
        self._scope = ""
        self.unit = 0
        self.header = WallHeader()
        self.header.setParent(self)
        self.panels = WallPanels(place, self.figures, self)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)
        self.figures.plan_changed.connect(self._on_plan)
        self.figures.today_changed.connect(self._say)
        self.figures.still_changed.connect(self._say)
        if self.post is not None:
            self.post.setParent(self)
            self.post.shown_changed.connect(self._on_push)
        place.live.state_changed.connect(self._say)
        place.emergency.changed.connect(self._on_emergency)
        place.words_changed.connect(self._on_directory)
        theme_events().changed.connect(self._on_theme)
        self._on_directory()

    # ------------------------------------------------------------ as a screen
    @property
    def complete(self) -> bool:
        """Everything that it shows has been read."""
        return self.play.showing is not None and self.panels.complete

    def take_keyboard(self) -> None:
        """Nothing here is typed."""
        self.setFocus()

    def keep_drafts(self) -> None:
        """Nothing here is written."""

    def end(self) -> None:
        """End every look; seats find it no more."""
        self.panels.video.end()
        self.figures.stop()
        if self.post is not None:
            self.post.stop()

    # ------------------------------------------------------------ how it stands
    def set_wall(self, told_mm: float, seams: Sequence[int], sight: Sight | None = None) -> None:
        """Width in mm as its monitors tell (0: unknown), x of borders between them in px, and who looks from where."""
        self._told_mm, self._seams, self.sight = told_mm, tuple(seams), sight or self.sight
        self._arrange()

    def see(self, sight: Sight) -> None:
        """Who looks from where, if that is another."""
        self.set_wall(self._told_mm, self._seams, sight)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Everything anew."""
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """The round begins."""
        super().showEvent(event)
        self._timer.start()
        self.figures.start()
        if self.post is not None:
            self.post.start()

    def hideEvent(self, event: QShowEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self._timer.stop()
        self.figures.stop()

    # ------------------------------------------------------------ what is shown
    def show_video(self, layout: SlotLayout | None) -> None:
        """The video screen's layout instead of all scenes; None: the round goes on."""
        self._video = layout
        self._present()

    def tick(self) -> None:
        """A second has passed."""
        self.play.held = not self.turning or self.panels.map.touched()
        if self.play.tick(time.monotonic()):
            self._present()
        self._say()

    def choose(self, code: str) -> bool:
        """This scene now; False if there is none."""
        if self.play.choose(code, time.monotonic()):
            self._present()
            return True
        return False

    def turn(self, steps: int) -> None:
        """The next scene or the one before."""
        if self.play.turn(steps, time.monotonic()):
            self._present()

    def _on_plan(self) -> None:
        if (plan := self.figures.plan) is None:
            return
        shown = self.play.showing
        self.play.set_scenes([scene for scene in plan.scenes if _known(scene.columns)], time.monotonic())
        if self.play.showing != shown:
            self._present()

    def _on_push(self) -> None:
        if self.post is not None and self.play.set_push(self.post.shown, time.monotonic()):
            self.panels.map.let_go()
            self._present()

    def _on_emergency(self) -> None:
        current = self.place.emergency.current
        if self.play.set_emergency(current.id if current else None, time.monotonic()):
            self.panels.map.let_go()
            self._present()

    def _on_directory(self) -> None:
        directory = self.place.backend.directory
        held = {grid.street_id for grid in directory.grids.values()}
        streets = sorted((org for org in directory.orgs.values() if org.id in held), key=lambda org: org.id)
        self.play.set_streets([(org.id, org.short_name or org.name) for org in streets])
        communities = {grid.community_id for grid in directory.grids.values()} - {None}
        cells = set(self.panels.map.areas.cell_of.values())
        self._scope = f"{len(streets)} 街道 · {len(communities):,} 社区 · {len(cells):,} 网格"
        self._say()

    def _on_theme(self) -> None:
        self._arrange()

    def _present(self) -> None:
        self._arrange()
        self.shown_changed.emit()

    # ------------------------------------------------------------ layout
    def _shown(self) -> Showing | None:
        return Showing(_VIDEO) if self._video is not None else self.play.showing

    def _arrange(self) -> None:
        showing = self._shown()
        if showing is None or not self.width() or not self.height():
            return
        size, columns = (self.width(), self.height()), showing.scene.columns
        ratio = self.devicePixelRatioF()
        pixels = (max(1, round(size[0] * ratio)), max(1, round(size[1] * ratio)))
        least = max(1, round(smallest_font(pixels, self._told_mm, self.sight) / ratio))
        unit = largest_unit(columns, size, least, _GROWS)
        pages = arrange(columns, size, unit, self._seams)
        self.play.pages = len(pages)
        page = pages[min(showing.page, len(pages) - 1)]
        self.header.setGeometry(0, 0, size[0], round(HEADER * unit * 0.86))
        if unit != self.unit:
            self.unit = unit
            self.header.set_unit(unit)
        for name, panel in self.panels.panels.items():
            if name in page:
                panel.setGeometry(*page[name])
                panel.set_unit(unit)
            panel.setVisible(name in page)
        self._tell(showing, page)

    def _tell(self, showing: Showing, page) -> None:
        """What the panels are about."""
        self.panels.show(self._about(showing))
        video = self.panels.video
        room = page["video"].width * page["video"].height if "video" in page else 0
        large = room > _LARGE_VIDEO * self.width() * self.height()
        if self._video is not None:
            video.show_layout(self._video)
        elif showing.scene.kind == CAMERA and showing.entity_id is not None:
            video.show_camera(showing.entity_id)
        elif (where := self._where(showing)) is not None:
            video.show_near(*where)
        else:
            video.show_turns(_MANY if large else _FEW)
        self._say()

    def _where(self, showing: Showing) -> tuple[float, float] | None:
        row = self.place.live.row(showing.entity_id or 0) if showing.scene.kind == CASE else None
        event = self.place.emergency.current
        if event is not None and showing.scene.kind == EMERGENCY and showing.entity_id == event.id:
            return event.lon, event.lat
        return (row.lon, row.lat) if row is not None and row.lon is not None and row.lat is not None else None

    def _about(self, showing: Showing) -> About:
        scene = showing.scene
        if scene.kind == "topic":
            rows, directory = self.place.live.picture.rows, self.place.backend.directory
            name, items = topic_items(scene.topic, rows, directory)
            return About(items=items, topic=name, trend_hours=scene.trend_hours)
        if scene.kind == CASE:
            return About(case_id=showing.entity_id)
        if scene.kind == EMERGENCY and showing.entity_id is not None:
            return About(emergency=True)
        if scene.kind == SUMMONS:
            return About(summons_id=showing.entity_id)
        return About(street=showing.entity_id if scene.kind == "street" else None, trend_hours=scene.trend_hours)

    # ------------------------------------------------------------ the line at the top
    def _say(self) -> None:
        live, words, directory = self.place.live, self.place.words, self.place.backend.directory
        state, tone = self._state()
        now = words.local(live.clock.now())
        shift = self.figures.today.shift if self.figures.today else None
        spell = f"{shift.label} {words.local(shift.began):%H:%M}–{words.local(shift.ends):%H:%M}" if shift else ""
        scene, scene_tone = self._scene()
        self.header.set_words(HeaderWords(directory.title, scene, scene_tone, self._scope, spell,
                                          f"{_MARKS[tone]} {state}", tone, f"{now:%Y-%m-%d %H:%M:%S}"))

    def _state(self) -> tuple[str, Tone]:
        live, still = self.place.live, self.figures.still_since
        if live.state.kind == "disconnected":
            return f"连接断开 自 {self.place.words.clock_time(live.state.since)}", Tone.OVERDUE
        if still is not None:
            return f"数字停在 {self.place.words.clock_time(still)}", Tone.OVERDUE
        if live.state.kind != "live" or live.loading or not live.ready:
            return "正在更新", Tone.NEAR
        lag = live.state.lag_ms
        return (f"实时 延迟 {lag:,.0f} ms" if lag is not None else "实时"), Tone.OK

    def _scene(self) -> tuple[str, Tone]:
        showing = self._shown()
        if showing is None:
            return "", Tone.ACTION
        label = showing.scene.label
        if showing.scene.kind == "street" and showing.entity_id is not None:
            label = f"{label} · {self.place.words.unit(showing.entity_id)}"
        if showing.scene.kind == "topic" and self.panels.about.topic:
            label = f"{label} · {self.panels.about.topic}"
        if self.play.pages > 1:
            label = f"{label} {showing.page + 1}/{self.play.pages}"
        if showing.scene.kind == EMERGENCY and showing.entity_id is not None:
            return f"▲ {label}", Tone.OVERDUE
        if showing.pushed:
            return f"◎ 投屏 · {label}", Tone.ACTION
        return (f"{label}（地图操作中，轮播暂停）" if self.play.held and self.turning else label), Tone.ACTION


def _known(columns: Sequence[Sequence[str]]) -> bool:
    return bool(columns) and all(panel in NEEDS for column in columns for panel in column)
