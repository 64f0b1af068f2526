"""派给谁: recommended units first, then all that may be sent to; cards take drops, clicks and the keys 1–9."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import CaseRow
from commandcenter.domain.recommend import Suggestion, accepts, accepts_below
from commandcenter.domain.units import of_whole_city, reach_for, unit_index
from ui.models.case_columns import MIME
from ui.models.offers import may
from ui.models.report_words import source_line
from ui.models.unit_cards import UnitCards
from ui.screens.desk.dispatching import MOST_AT_ONCE, TOO_MANY
from ui.screens.desk.joint_targets import JointTargets
from ui.screens.refusals import OFFLINE
from ui.screens.workplace import Workplace
from widgets.board import UnitBoard
from widgets.board.cards import Section
from widgets.state_panel import StateKind, TableState
from widgets.styling import label
from widgets.theme import current_theme
from widgets.tones import Tone

log = logging.getLogger(__name__)

_REDRAW_MS = 250      # live loads change with every case; cards need not
_FIGURES_MS = 120_000
_FIGURES_AGAIN_MS = 3_000  # a new city counts for the first time while its desk opens


class UnitPane(QFrame):
    """sent(rows, unit id): these cases are to go there. unit_wanted(unit id): its cases, a card was clicked while
    none was selected. `below`: 二次派发 instead of 派遣."""

    sent = Signal(object, int)
    unit_wanted = Signal(int)

    def __init__(self, place: Workplace, below: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place, self._below = place, below
        self._rows: Sequence[CaseRow] = ()
        self._drawn_for: Sequence[CaseRow] = ()
        self.has_figures = False
        self.board = UnitBoard(MIME)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.board, 1)
        self.targets = JointTargets(place)
        column.addWidget(self.targets)
        self.targets.setHidden(below)
        self.source = label(role="muted")
        self.source.setWordWrap(True)
        self.source.setMargin(current_theme().sizes.pad_small)
        self.source.setHidden(not place.reports.has_replica)
        column.addWidget(self.source)
        self._later, self._figures_timer = QTimer(self), QTimer(self)
        self._set_up()
        self._connect()
        self.refresh()

    def _set_up(self) -> None:
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.refresh)
        self._figures_timer.timeout.connect(self.ask_figures)
        self.say_state("")
        self.board.set_can_drop(self._why_not)

    def _connect(self) -> None:
        live = self._place.live
        self.board.dropped.connect(self._on_dropped)
        self.board.refused.connect(self._on_dropped)  # judged row by row, and said
        self.board.card_clicked.connect(self._on_clicked)
        live.changed.connect(self._refresh_later)
        live.timing_changed.connect(self._refresh_later)
        live.loaded.connect(self._on_loaded)
        self._place.words_changed.connect(self.refresh)

    def _refresh_later(self) -> None:
        if not self._later.isActive():
            self._later.start(_REDRAW_MS)

    # ------------------------------------------------------------ what the desk asks
    def set_rows(self, rows: Sequence[CaseRow]) -> None:
        """The selected cases: the first decides what is recommended. The cards follow in a turn of the loop: the queue
        is drawn first, and a row that leaves while the next is selected draws them once."""
        if self._rows != (chosen := tuple(rows)):
            self._rows = chosen
            self._later.start(0)

    def say_state(self, state: str) -> None:
        """The heading: how to send, or that what is selected is in a state in which nobody can."""
        title = "二次派发" if self._below else "派给谁"
        how = "拖到卡片或点按卡片" if self._below else "拖到卡片，或按 1–9；接收前可撤销"
        if not self._rows and of_whole_city(self._place.backend.directory):
            how = "选中案件后，另列其所在区县的单位"
        self.board.set_heading(title, f"所选案件{state}，现在不派" if state else how)

    def say_why_none(self, why: str) -> None:
        """Instead of cards that would all refuse."""
        self.board.set_notice(TableState(StateKind.EMPTY, why) if why else None)

    def send_to_hotkey(self, number: int) -> bool:
        """Send the selected cases to the recommended unit of this number; False if there is none."""
        if self._drawn_for != self._rows:
            self.refresh()  # the number means a unit for what is selected now
        unit_id = self.board.card_for_hotkey(number)
        if unit_id is None or not self._rows:
            return False
        self.send_selected(unit_id)
        return True

    def send_selected(self, unit_id: int) -> None:
        """Send the selected cases that may go there."""
        self.send(self._rows, unit_id)

    def suggestions(self) -> list[Suggestion]:
        """Recommended units for the first selected case."""
        return self.suggestions_for(self._rows[0]) if self._rows and not self._below else []

    def suggestions_for(self, row: CaseRow) -> list[Suggestion]:
        """Recommended units for a case that this person may dispatch; otherwise none."""
        place = self._place
        allowed = may("dispatch", row, place.person, place.backend.directory, place.units)
        return place.suggestions(row) if allowed else []

    def refresh(self) -> None:
        """Cards as they are now."""
        self._later.stop()
        self._drawn_for, place = self._rows, self._place
        loads = place.live.picture.unit_load() if place.live.ready else None
        cards = UnitCards(place.backend.directory, loads, place.figures)
        sections = [] if self._below else [cards.suggested(self.suggestions(), self._suggested_title())]
        sections = [section for section in sections if section.cards]
        self.board.set_sections([*sections, *self._others(cards)])

    # ------------------------------------------------------------ inside
    def _others(self, cards: UnitCards) -> list[Section]:
        if self._below:
            handler = self._rows[0].handler_id if self._rows else None
            reach = unit_index(self._place.backend.directory).below(handler) if handler is not None else frozenset()
            return cards.by_kind(reach, below=True)
        streets_own = not any(self._is_district(duty.org_id) for duty in self._place.person.duties)
        reach = reach_for(self._place.reach, self._rows[0] if self._rows else None, self._place.backend.directory)
        return [*cards.by_kind(reach), *(cards.by_kind(reach, below=True) if streets_own else [])]

    def _is_district(self, org_id: int) -> bool:
        org = self._place.backend.directory.orgs.get(org_id)
        return org is not None and org.kind in ("city", "district")

    def _suggested_title(self) -> str:
        if len(self._rows) > 1:
            return f"建议（按 {self._place.case_title(self._rows[0])}）"
        return "建议（部件→主管部门，事件→属地）"

    def _why_not(self, keys: tuple, unit_id: int) -> str | None:
        """None if at least one of the cases may go there."""
        if not self._place.live.online:
            return "连接已断开"
        if len(keys) > MOST_AT_ONCE:
            return f"一次最多 {MOST_AT_ONCE} 件"
        rows = [row for key in keys if (row := self._place.live.row(key)) is not None]
        reasons = [self._refusal(row, unit_id) for row in rows]
        return None if not reasons or None in reasons else reasons[0]

    def _refusal(self, row: CaseRow, unit_id: int) -> str | None:
        directory = self._place.backend.directory
        if self._below:
            return accepts_below(row, unit_id, directory)
        return accepts(row, unit_id, directory, self._place.reach)

    def _on_clicked(self, unit_id: int) -> None:
        if self._rows:
            self.send_selected(unit_id)
        else:
            self.unit_wanted.emit(unit_id)

    def _on_dropped(self, keys: tuple, unit_id: int) -> None:
        rows = [row for key in keys if (row := self._place.live.row(key)) is not None]
        if keys and not rows:
            self._place.notices.say("dropped", "所拖案件已办结，没有派出", Tone.NEAR)
        self.send(rows, unit_id)

    def send(self, rows: Sequence[CaseRow], unit_id: int) -> None:
        """Send those of the cases that may go there; say why of the others."""
        if not self._place.live.online:
            self._place.notices.say("offline", OFFLINE, Tone.NEAR)
            return
        if len(rows) > MOST_AT_ONCE:
            self._place.notices.say("begin", TOO_MANY, Tone.NEAR)
            return
        refusals = {row.id: self._refusal(row, unit_id) for row in rows}
        fitting = [row for row in rows if refusals[row.id] is None]
        for row in rows:
            if refusals[row.id] is not None:
                self._place.notices.say(("refused", row.id), f"{self._place.case_title(row)} 未派出", Tone.NEAR,
                                        self._in_words(row, refusals[row.id] or ""))
        if fitting:
            self.sent.emit(fitting, unit_id)

    def _in_words(self, row: CaseRow, refusal: str) -> str:
        """Of a case that was sent during the drag: by whom and where to."""
        if row.state != "dispatched" or self._below:
            return refusal
        return f"{self._place.words.operator(row.dispatched_by)} 已派{self._place.words.unit(row.unit_id)}"

    # ------------------------------------------------------------ figures
    def _on_loaded(self) -> None:
        self._later.start(0)
        self.ask_figures()

    def ask_figures(self) -> None:
        """Read the units' 30-day figures."""
        self._figures_timer.start(_FIGURES_MS)
        if self._place.live.online or self._place.reports.has_replica:
            self._place.backend.start(self._figures(), self)

    async def _figures(self) -> None:
        try:
            figures = await self._place.backend.ask(lambda queries: queries.unit_figures())
        except DomainError as error:
            log.info("no unit figures: %s", error)
            self._figures_timer.start(_FIGURES_AGAIN_MS)
            return
        finally:
            self._say_source()
        self.has_figures = True
        self._place.figures = {figure.unit_id: figure for figure in figures}
        self.refresh()

    def _say_source(self) -> None:
        if (state := self._place.reports.state) is not None:
            self.source.setText(f"近 30 天：{source_line(state, self._place.words)}")
