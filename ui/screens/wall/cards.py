"""The panels about one matter: a case or whistle that a seat pushed, and the emergency that goes on."""

from __future__ import annotations

from collections.abc import Mapping

from commandcenter.domain.emergency import Emergency
from commandcenter.domain.joint import SummonsRow
from commandcenter.domain.model import CaseRow
from ui.models.joint_clock import JointClock
from ui.models.joint_words import JointWords
from ui.models.wall_cards import (
    Fact,
    case_facts,
    case_head,
    emergency_head,
    team_lines,
    whistle_head,
    whistle_lanes,
)
from ui.screens.wall.about import About
from ui.screens.wall.card import Card
from ui.screens.wall.line_list import Place, Words
from ui.screens.wall.panel import WallPanel
from ui.screens.workplace import Workplace
from widgets.durations import LiveText
from widgets.state_panel import StateKind, TableState
from widgets.tones import Tone

CARD_TITLES = {"case": "案件", "summons": "吹哨", "emergency": "应急处置"}
_GONE = "案件已办结，或不在本屏范围内"
_NO_WHISTLE = "吹哨已办结，或不在本屏范围内"
_NO_TEAM = "还没有调派队伍"


class WallCards:
    """`cards` by the panel's name; `panels`: the frames around them, once they are made."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        last = Place(right=True)
        self.case = Card((Place(), Place(right=True, gives=True)), _GONE)
        self.summons = Card((Place(gives=True), last, last), _NO_WHISTLE)
        self.emergency = Card((Place(gives=True), last, last), _NO_TEAM)
        self.cards: Mapping[str, Card] = {"case": self.case, "summons": self.summons, "emergency": self.emergency}
        self.panels: Mapping[str, WallPanel] = {}

    def fill(self, about: About) -> None:
        """As it is now; only the card that is seen."""
        if about.case_id is not None:
            self._fill_case(self._place.live.row(about.case_id))
        if about.summons_id is not None:
            self._fill_summons(self._place.joint.summons.get(about.summons_id))
        if about.emergency and self._place.emergency.current is not None:
            self._fill_emergency(self._place.emergency.current)

    def set_words(self, words: JointWords, clock: JointClock) -> None:
        """Over the present directory and rules."""
        self._words, self._clock = words, clock

    def _fill_case(self, row: CaseRow | None) -> None:
        now, place = self._place.live.clock.now(), self._place
        if row is None:
            self.case.set_head("", "")
            self.case.facts.set_state(TableState(StateKind.EMPTY, _GONE))
        else:
            self.case.set_head(*case_head(row, place.words))
            self.case.facts.set_lines([(Words(title, Tone.MUTED), Words(text, tone, True))
                                       for title, text, tone in case_facts(row, place.words, place.remaining, now)])
        self.case.place_facts()

    def _fill_summons(self, row: SummonsRow | None) -> None:
        if row is None:
            self.summons.set_head("", "")
            self.summons.facts.set_state(TableState(StateKind.EMPTY, _NO_WHISTLE))
        else:
            self.summons.set_head(*whistle_head(row, self._words))
            self.summons.facts.set_lines(_lane_words(
                whistle_lanes(row, self._words, self._clock, self._place.live.clock.now())))
        self.summons.place_facts()

    def _fill_emergency(self, event: Emergency) -> None:
        now, teams = self._place.live.clock.now(), self._place.emergency.teams
        summons = self._place.joint.summons.get(event.summons_id or 0)
        decided = sum(entry.action == "decide" for entry in self._place.emergency.log)
        self.panels["emergency"].set_title("应急处置", f"决定 {decided:,} 项 · 队伍 {len(teams):,} 支")
        self.emergency.set_head(*emergency_head(event, summons, self._words, now))
        self.emergency.facts.set_lines(_lane_words(team_lines(teams, summons, self._words, self._clock, now)))
        self.emergency.place_facts()


def _lane_words(lanes: list[tuple[Fact, LiveText]]) -> list[tuple[Words, ...]]:
    return [(Words(unit, strong=True), Words(state, tone), Words(left.text, left.tone, True))
            for (unit, state, tone), left in lanes]
