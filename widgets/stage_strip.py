"""Stages side by side, joined by a line: what is done, what runs, what was missed, each with its time in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.painting import draw_text
from widgets.theme import Theme, ThemeSizes, current_theme, theme_events
from widgets.tones import Tone

_LEAST = 4    # marks' widths that a stage takes at least


class StageState(Enum):
    """DONE and MISSED are over, NOW runs, WAITING has not begun, SKIPPED will not come."""

    DONE = "done"
    NOW = "now"
    WAITING = "waiting"
    MISSED = "missed"
    SKIPPED = "skipped"


STAGE_MARKS = {StageState.DONE: "✓", StageState.NOW: "●", StageState.WAITING: "○", StageState.MISSED: "×",
               StageState.SKIPPED: "－"}


@dataclass(frozen=True)
class Stage:
    """``text`` says what was or runs, in its tone; ``detail`` what was planned or how it was, muted, below; ``told``
    what is only told at the pointer."""

    title: str
    state: StageState = StageState.WAITING
    text: str = ""
    detail: str = ""
    tone: Tone = Tone.NORMAL
    told: str = ""

    def spoken(self) -> str:
        """The stage as a screen reader says it."""
        words = {StageState.DONE: "已完成", StageState.NOW: "进行中", StageState.WAITING: "未开始",
                 StageState.MISSED: "未做到", StageState.SKIPPED: "不需要"}[self.state]
        return " ".join(part for part in (self.title, words, self.text, self.detail, self.told) if part)


class StageStrip(QWidget):
    """Draws stages in equal shares of its width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stages: tuple[Stage, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme_events().changed.connect(self.updateGeometry)

    def set_stages(self, stages: Sequence[Stage]) -> None:
        """Show these; the same ones again cost nothing."""
        if tuple(stages) == self._stages:
            return
        self._stages = tuple(stages)
        told = "；".join(stage.spoken() for stage in stages)
        self.setAccessibleName(told)
        self.setToolTip("\n".join(stage.spoken() for stage in stages))
        self.updateGeometry()
        self.update()

    def stages(self) -> tuple[Stage, ...]:
        """What is shown."""
        return self._stages

    def sizeHint(self) -> QSize:
        """A title line; a line of words and a muted line where any stage says something."""
        sizes = current_theme().sizes
        lines = any(stage.text for stage in self._stages) + any(stage.detail for stage in self._stages)
        height = sizes.font_body + _leading(sizes) + lines * (sizes.font_small + _leading(sizes))
        return QSize(sizes.row_height * _LEAST * max(1, len(self._stages)), height)

    def minimumSizeHint(self) -> QSize:
        """Words are elided before the line is given up."""
        return QSize(current_theme().sizes.row_height * 2 * max(1, len(self._stages)), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Stage by stage, the line between the marks first."""
        theme, painter = current_theme(), QPainter(self)
        for place, stage in enumerate(self._stages):
            area = self._area(place)
            if place + 1 < len(self._stages):
                self._draw_join(painter, area, stage, theme)
            _draw_stage(painter, area, stage, any(s.text for s in self._stages), theme)

    def _area(self, place: int) -> QRect:
        share = self.width() / max(1, len(self._stages))
        return QRect(round(place * share), 0, round(share) - current_theme().sizes.pad_small, self.height())

    def _draw_join(self, painter: QPainter, area: QRect, stage: Stage, theme: Theme) -> None:
        font = theme.font("body", strong=True)
        painter.setFont(font)
        head = painter.fontMetrics().horizontalAdvance(f"{STAGE_MARKS[stage.state]} {stage.title}")
        y = (theme.sizes.font_body + _leading(theme.sizes)) // 2
        done = stage.state in (StageState.DONE, StageState.MISSED)
        style = Qt.PenStyle.SolidLine if done else Qt.PenStyle.DotLine
        painter.setPen(QPen(theme.colors.line_strong, theme.sizes.line_width, style))
        painter.drawLine(QPoint(area.left() + head + theme.sizes.pad_small, y), QPoint(area.right(), y))


def _leading(sizes: ThemeSizes) -> int:
    """What a line is higher than its font."""
    return max(1, sizes.pad_small - 2 * sizes.line_width)


def _draw_stage(painter: QPainter, area: QRect, stage: Stage, said: bool, theme: Theme) -> None:
    """``said``: any stage has words, so that all details stand in the line below them."""
    sizes = theme.sizes
    title = QRect(area.left(), 0, area.width(), sizes.font_body + _leading(sizes))
    words = QRect(area.left(), title.bottom() + 1, area.width(), sizes.font_small + _leading(sizes))
    below = words.translated(0, words.height() if said else 0)
    now = stage.state in (StageState.NOW, StageState.DONE, StageState.MISSED)
    draw_text(painter, title, f"{STAGE_MARKS[stage.state]} {stage.title}", theme.font("body", strong=now),
              _mark_color(stage, theme))
    draw_text(painter, words, stage.text, theme.font("small"), theme.figure(stage.tone))
    draw_text(painter, below, stage.detail, theme.font("small"), theme.colors.text_muted)


def _mark_color(stage: Stage, theme: Theme) -> QColor:
    tones = {StageState.DONE: Tone.OK, StageState.NOW: Tone.ACTION, StageState.MISSED: Tone.OVERDUE}
    tone = tones.get(stage.state, Tone.MUTED)
    late = stage.state is StageState.DONE and stage.tone in (Tone.NEAR, Tone.OVERDUE)
    return theme.figure(stage.tone if late else tone)
