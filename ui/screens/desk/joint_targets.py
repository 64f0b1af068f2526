"""多个部门共同负责: two places to drop cases on, from which a whistle or a joint order is drafted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from commandcenter.domain.joint import ORDER, WHISTLE
from commandcenter.domain.model import CaseRow
from ui.joint.presets import KINDS, why_not
from ui.models.case_columns import MIME
from ui.screens.desk.dispatching import MOST_AT_ONCE
from ui.screens.workplace import Workplace
from widgets.board import CardData, CardKind, UnitCard
from widgets.styling import label
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone

MOST_CASES = 100  # of one whistle or order, as the database takes them
KEYS = {WHISTLE: "B", ORDER: "J"}
_NO_RULES = "本部署没有吹哨规则"
_TITLES = {WHISTLE: "◎ 吹哨", ORDER: "联合执法"}
_SUBTITLES = {WHISTLE: "选部门与报到时间地点", ORDER: "1+5+N 队伍一次召集"}
_DROPS = {WHISTLE: "松开即拟哨", ORDER: "松开即拟令"}
_TONES = {WHISTLE: Tone.MULTI, ORDER: Tone.NEAR}


class JointTargets(QFrame):
    """joint_wanted(kind, rows): these cases are to be its subject; no rows: those that are selected, or none."""

    joint_wanted = Signal(str, object)

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.cards = {kind: self._card(kind) for kind in KINDS}
        self._head, self._row, self._column = label("多个部门共同负责", role="muted"), QHBoxLayout(), QVBoxLayout(self)
        self._column.addWidget(self._head)
        self._column.addLayout(self._row)
        for kind, card in self.cards.items():
            self._row.addWidget(card, 1)
            card.clicked.connect(lambda _=False, k=kind: self.joint_wanted.emit(k, ()))
            card.dropped.connect(lambda keys, k=kind: self._on_dropped(k, keys))
            card.refused.connect(lambda keys, k=kind: self._on_dropped(k, keys))  # judged again, and said
        place.joint.state_changed.connect(self._refresh)
        place.words_changed.connect(self._refresh)
        theme_events().changed.connect(self._on_theme)
        self._on_theme()
        self._refresh()

    @property
    def useful(self) -> bool:
        """Whether this person may begin any of them."""
        return any(why_not(self._place, kind) is None for kind in KINDS)

    def begin_drag(self, keys: Sequence[int]) -> None:
        """Cards that may not take these cases dim and say why."""
        for card in self.cards.values():
            card.begin_drag(tuple(keys))

    def end_drag(self) -> None:
        """The drag is over."""
        for card in self.cards.values():
            card.end_drag()

    def refusal(self, kind: str, rows: Sequence[CaseRow] = ()) -> str | None:
        """Why none can be begun with these cases; None if it can."""
        if self._place.joint.ready and self._place.joint.rules is None:
            return _NO_RULES
        if len(rows) > MOST_CASES:
            return f"一次最多 {MOST_CASES} 件"
        return why_not(self._place, kind, rows)

    # ------------------------------------------------------------ inside
    def _card(self, kind: str) -> UnitCard:
        return UnitCard(self._data(kind, None), MIME, self._why_not, lambda count: f"松开 {count:,} 件", self)

    def _data(self, kind: str, why: str | None) -> CardData:
        return CardData(kind, _TITLES[kind], subtitle=_SUBTITLES[kind], hotkey=KEYS[kind], tone=_TONES[kind],
                        enabled=why is None, why_not=why or "", kind=CardKind.TARGET, drop_text=_DROPS[kind])

    def _refresh(self) -> None:
        for kind, card in self.cards.items():
            card.set_data(self._data(kind, self.refusal(kind)))

    def _why_not(self, keys: tuple, kind: str) -> str | None:
        if len(keys) > MOST_AT_ONCE:
            return f"一次最多 {MOST_CASES} 件"
        return self.refusal(kind, self._rows(keys))

    def _rows(self, keys: Sequence[int]) -> list[CaseRow]:
        return [row for key in keys if (row := self._place.live.row(key)) is not None]

    def _on_dropped(self, kind: str, keys: Sequence[int]) -> None:
        rows = self._rows(keys)
        if rows:
            self.joint_wanted.emit(kind, rows)
        else:
            self._place.notices.say("dropped", "所拖案件已办结，没有开单", Tone.NEAR)

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._column.setContentsMargins(sizes.pad, 0, sizes.pad, sizes.pad_small)
        self._column.setSpacing(sizes.pad_small)
        self._row.setSpacing(sizes.gap)
