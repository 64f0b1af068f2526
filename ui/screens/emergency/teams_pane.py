"""Teams of an emergency: those called to it, and the lanes of its whistle or order; where they are, and since when."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from commandcenter.domain.emergency import LEADERS, TEAM_STATES, TeamAtWork
from commandcenter.domain.units import unit_index
from ui.models.emergency_words import TEAM_TONES, since_words
from ui.models.joint_lanes import lane_state
from ui.screens.workplace import Workplace
from widgets.panel import Panel
from widgets.state_panel import StateKind, StatePanel, TableState
from widgets.styling import label, set_property
from widgets.tones import Tone

_NEXT = {"called": ("on_way", "arrived"), "on_way": ("arrived",), "arrived": ("left",), "left": ("on_way",)}
_EMPTY = TableState(StateKind.EMPTY, "还没有调派队伍", "按“调派队伍”选择单位；吹哨和令的各单位自动列出")


class TeamRow(QFrame):
    """moved(state): the next state was chosen."""

    moved = Signal(str)

    def __init__(self, name: str, state: str, tone: Tone, nexts: tuple[str, ...]) -> None:
        super().__init__()
        self.setProperty("role", "row")
        self.name, self.state, self.since = label(name), label(state, tone=tone), label(role="muted")
        self.since.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.name, 1)
        row.addWidget(self.state)
        row.addWidget(self.since)
        for code in nexts:
            button = QPushButton(TEAM_STATES[code])
            button.setProperty("kind", "chip")
            button.setAccessibleName(f"{name} {TEAM_STATES[code]}")
            button.clicked.connect(lambda _=False, c=code: self.moved.emit(c))
            row.addWidget(button)
        set_property(self.state, "tone", tone.value)
        self.setAccessibleName(f"{name} {state}")


class TeamsPane(Panel):
    """team_wanted(unit id, state): somebody says where a team is."""

    team_wanted = Signal(int, str)

    def __init__(self, place: Workplace) -> None:
        super().__init__("队伍")
        self._place, self._emergency = place, place.emergency
        self._state = StatePanel()
        self._state.set_state(_EMPTY)
        self._rows, self._column = QWidget(), QVBoxLayout()
        self._rows.setProperty("role", "scroll_content")
        self._rows.setLayout(self._column)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self._rows)
        self.rows: list[TeamRow] = []
        self._since: list[float | None] = []
        for part in (self._scroll, self._state):
            self.body.addWidget(part, 1)
        place.emergency.changed.connect(self.refresh)
        place.joint.changed.connect(lambda _: self.refresh())
        place.emergency.ticked.connect(self._tick)
        self.refresh()

    def may_move(self, unit_id: int) -> bool:
        """Leaders of the territory may for all; a handler for his own units."""
        own = unit_index(self._place.backend.directory)
        mine = [duty.org_id for duty in self._place.person.duties if duty.role == "handler"]
        return bool(LEADERS & self._place.roles) or any(unit_id == org or unit_id in own.below(org) for org in mine)

    def refresh(self) -> None:
        """As it is now."""
        for row in self.rows:
            row.deleteLater()
        self.rows, self._since = [], []
        for team in self._emergency.teams:
            self._add_team(team)
        self._add_lanes()
        here = sum(team.state == "arrived" for team in self._emergency.teams)
        coming = sum(team.state == "on_way" for team in self._emergency.teams)
        self.set_title("队伍", f"在途 {coming:,} · 到场 {here:,}")
        self._scroll.setVisible(bool(self.rows))
        self._state.setVisible(not self.rows)
        self._tick()

    def _add_team(self, team: TeamAtWork) -> None:
        nexts = _NEXT[team.state] if self.may_move(team.unit_id) else ()
        row = TeamRow(self._place.words.unit(team.unit_id), TEAM_STATES[team.state], TEAM_TONES[team.state], nexts)
        row.moved.connect(lambda state, unit=team.unit_id: self.team_wanted.emit(unit, state))
        self._add(row, team.since)

    def _add_lanes(self) -> None:
        """Units of the whistle or order say where they are in its own lanes."""
        current = self._emergency.current
        summons = self._place.joint.summons.get(current.summons_id or 0) if current else None
        for party in summons.live_parties if summons else ():
            words, tone = lane_state(summons, party)
            self._add(TeamRow(self._place.words.unit(party.unit_id), words, tone, ()), None)

    def _add(self, row: TeamRow, since: float | None) -> None:
        self.rows.append(row)
        self._since.append(since)
        self._column.addWidget(row)

    def _tick(self) -> None:
        now = self._emergency.now()
        for row, since in zip(self.rows, self._since, strict=True):
            row.since.setText("" if since is None else since_words(since, now))
