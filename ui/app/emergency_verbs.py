"""The command line's verbs for emergencies: begin, decide, call a team, end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from commandcenter.domain.emergency import LEADERS, EmergencyPlace
from commandcenter.domain.model import CaseRow
from ui.app.emergency_bar import EmergencyBar
from ui.app.unit_words import the_unit
from ui.screens.workplace import Workplace

if TYPE_CHECKING:  # a map's weight, which a desk without one does not carry
    from ui.screens.emergency.screen import EmergencyScreen

Told = tuple[str, str, Callable[[list[str]], None], str]


class Stage(Protocol):
    """What these verbs may do to the window."""

    @property
    def alarm(self) -> EmergencyBar:
        """Its strip."""

    def emergency_screen(self) -> EmergencyScreen:
        """Show 应急."""


class EmergencyVerbs:
    """Raises `error` (the command line's VerbError) for what cannot be done."""

    def __init__(self, place: Workplace, stage: Stage, row: Callable[[str], CaseRow],
                 error: Callable[[str], Exception]) -> None:
        self._place, self._stage, self._row, self._error = place, stage, row, error

    def everywhere(self) -> Iterable[Told]:
        """(word, meaning, deed, example) on every screen."""
        yield "应急", "看应急；值班长：应急 案件号，或 应急 经度,纬度 启动", self._begin, "应急 "
        if LEADERS & self._place.roles:
            yield "决定", "决定 内容：记入应急", self._decide, "决定 "
            yield "调派", "调派 单位：队伍赶往应急现场", self._call, "调派 "
        if "supervisor" in self._place.roles:
            yield "结束应急", "结束应急 情况", self._end, "结束应急 "

    # ------------------------------------------------------------ the verbs
    def _begin(self, words: list[str]) -> None:
        if not words:
            self._stage.emergency_screen()
            return
        if "supervisor" not in self._place.roles:
            raise self._error("只有值班长可以启动应急；不写案件号可查看")
        if self._place.emergency.current is not None:
            raise self._error("已有进行中的应急，请先结束它")
        self._stage.alarm.begin(self._subject(words[0]))

    def _subject(self, word: str) -> EmergencyPlace:
        lon, comma, lat = word.replace("，", ",").partition(",")
        if not comma:
            return EmergencyPlace(case_id=self._row(word).id)
        try:
            return EmergencyPlace(lon=float(lon), lat=float(lat))
        except ValueError as why:
            raise self._error("经纬度写作 116.41,39.92") from why

    def _decide(self, words: list[str]) -> None:
        if not words:
            raise self._error("决定了什么？例：决定 封闭东侧路口")
        self._running().decide(" ".join(words))

    def _call(self, words: list[str]) -> None:
        screen = self._running()
        if not words:
            screen.call_team()
            return
        directory = self._place.backend.directory
        unit = the_unit(words[0], directory, frozenset(directory.orgs))
        if isinstance(unit, list):
            names = "、".join(org.short_name for org in unit[:6])
            raise self._error(f"“{words[0]}”是哪个单位？{names}" if unit else f"没有单位“{words[0]}”")
        screen.teams.team_wanted.emit(unit.id, "called")

    def _end(self, words: list[str]) -> None:
        self._running().end(" ".join(words))

    def _running(self) -> EmergencyScreen:
        if self._place.emergency.current is None:
            raise self._error("现在没有应急；值班长可输入：应急 案件号")
        return self._stage.emergency_screen()
