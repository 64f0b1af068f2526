"""What speaks against sending a draft as it stands, in one line each beside the verb: said, not forbidden."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from commandcenter.domain.joint import Conflict, SummonsRow
from ui.joint.conflict_words import conflict_line
from ui.joint.level_lines import LevelGaps, OccasionGaps
from widgets.notice import Notice
from widgets.theme import current_theme
from widgets.tones import Tone

NameOf = Callable[[int], str]


class Advice(QWidget):
    """units_wanted(list of unit ids): the level's units are to join; conflicts_wanted(): their words are to be seen;
    summons_wanted(SummonsRow): what holds a case already is to be opened."""

    units_wanted = Signal(object)
    conflicts_wanted = Signal()
    summons_wanted = Signal(object)

    def __init__(self, name_of: NameOf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name_of = name_of
        self._units: tuple[int, ...] = ()
        self._listed: tuple[int, ...] = ()
        self._holding: SummonsRow | None = None
        self.held = Notice(slim=True)
        self.occasion, self.conflicts, self.level, self.missing = (Notice(slim=True) for _ in range(4))
        self._parts = (self.held, self.occasion, self.conflicts, self.level, self.missing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().sizes.pad_small // 2)
        for part in self._parts:
            column.addWidget(part)
        self.held.action_triggered.connect(lambda: self.summons_wanted.emit(self._holding))
        self.conflicts.action_triggered.connect(self.conflicts_wanted)
        self.level.action_triggered.connect(lambda: self.units_wanted.emit(list(self._units)))
        self.occasion.action_triggered.connect(lambda: self.units_wanted.emit(list(self._listed)))
        self.hide()

    def show_occasion(self, gaps: OccasionGaps | None) -> None:
        """Lines of the chosen scenario that the team lacks."""
        self._listed = gaps.units if gaps is not None else ()
        lines = "、".join(gaps.lines) if gaps is not None else ""
        self._say(self.occasion, f"清单应召集、未召集：{lines}" if lines else "", "加入" if self._listed else "")

    def show_held(self, words: str, newest: SummonsRow | None) -> None:
        """Cases that are under a whistle or an order already."""
        self._holding = newest
        self._say(self.held, words, "打开")

    def show_conflicts(self, conflicts: Sequence[Conflict]) -> None:
        """Units that are expected elsewhere at that hour."""
        self._say(self.conflicts, conflict_line(conflicts, self._name_of), "查看")

    def show_level(self, gaps: LevelGaps | None) -> None:
        """Lines of the level that the team lacks."""
        self._units = gaps.units if gaps is not None else ()
        names = "、".join(self._name_of(unit) for unit in self._units)
        self._say(self.level, f"{gaps.label}还应召集 {names}" if gaps is not None and names else "", "加入")
        missing = "；".join(f"{line}：{why}" for line, why in gaps.missing) if gaps is not None else ""
        self._say(self.missing, f"{gaps.label}应召集 {missing}" if gaps is not None and missing else "")

    def _say(self, notice: Notice, text: str, action: str = "") -> None:
        if text:
            notice.show_text(text, Tone.NEAR, action)
        else:
            notice.hide()
        self.setVisible(not all(part.isHidden() for part in self._parts))
