"""应急 in every window: a strip while one goes on, the screen for it when one begins, and F12."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from commandcenter.domain.emergency import Emergency, EmergencyPlace
from commandcenter.domain.errors import DomainError
from ui.models.emergency_words import since_words, title_of
from ui.screens.registry import EMERGENCY
from ui.screens.workplace import Workplace
from widgets.notice import Notice
from widgets.tones import Tone

if TYPE_CHECKING:  # the screen is imported when it is first wanted
    from ui.screens.emergency.screen import EmergencyScreen


class Stage(Protocol):
    """What it does to the window."""

    screen_name: str

    def show_screen(self, name: str) -> None:
        """Another screen of the registry."""

    def emergency_screen(self) -> EmergencyScreen:
        """Show 应急."""


class EmergencyBar(QObject):
    """`strip` stands below the top bar. subject(): what the keyboard is at, None where there is nothing."""

    def __init__(self, place: Workplace, window: QWidget, stage: Stage,
                 subject: Callable[[], EmergencyPlace | None]) -> None:
        super().__init__(window)
        self._place, self._live, self._stage, self._subject = place, place.emergency, stage, subject
        self.strip = Notice(slim=True)
        self._back = "dispatch"
        self._asked = False  # by this window, with a hand that awaits it
        self.strip.action_triggered.connect(self._turn)
        self._live.changed.connect(self.refresh)
        self._live.ticked.connect(self.refresh)
        self._live.began.connect(self._on_began)
        self._live.ended.connect(self._on_ended)
        QShortcut(QKeySequence("F12"), window).activated.connect(self.press)

    def refresh(self) -> None:
        """The strip says what goes on, and for how long."""
        event = self._live.current
        if event is None:
            self.strip.hide()
            return
        lasting = since_words(event.began_at, self._live.now())
        there = self._stage.screen_name == EMERGENCY
        self.strip.show_text(f"应急：{title_of(event, self._place.words)}　已进行 {lasting}", Tone.OVERDUE,
                             "回到工作" if there else "进入应急屏")

    def press(self) -> None:
        """F12: one goes on, show it; else a supervisor begins one for what is selected."""
        if self._live.current is not None or "supervisor" not in self._place.roles:
            self._enter()
        elif (subject := self._subject()) is None:
            self._place.notices.say("emergency", "请先选择案件、吹哨或地图上的地点", Tone.NEAR, "再按 F12 启动应急")
        else:
            self.begin(subject)

    def begin(self, subject: EmergencyPlace) -> None:
        """Turn wall and desks to it."""
        self._asked = True
        self._place.backend.start(self._begin(subject), self)

    async def _begin(self, subject: EmergencyPlace) -> None:
        try:
            await self._live.begin(subject)
        except DomainError as error:
            self._asked = False
            self._place.notices.say("emergency", "没有启动应急", Tone.OVERDUE, error.message)

    # ------------------------------------------------------------ following
    def _on_began(self, event: Emergency) -> None:
        """Every window turns to it; what is typed on other screens stays there, and what is still being typed there
        becomes no decision."""
        self._enter()
        asked, self._asked = self._asked, False
        if not asked:
            self._stage.emergency_screen().leave_keyboard()
        self._place.notices.say("emergency", f"应急：{title_of(event, self._place.words)}", Tone.NEAR,
                                "大屏和各席位已转到应急；按“回到工作”可继续手上的事")

    def _on_ended(self, _number: int) -> None:
        if self._live.current is None and self._stage.screen_name == EMERGENCY:
            self._stage.show_screen(self._back)
        self._place.notices.say("emergency", "应急已结束", Tone.OK, "记录可在“应急”屏查看")

    def _enter(self) -> None:
        if self._stage.screen_name != EMERGENCY:
            self._back = self._stage.screen_name
            self._stage.show_screen(EMERGENCY)
        self.refresh()

    def _turn(self) -> None:
        if self._stage.screen_name == EMERGENCY:
            self._stage.show_screen(self._back)
            self.refresh()
        else:
            self._enter()
