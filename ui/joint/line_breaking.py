"""Breaks the words of a 公文 into lines: by the rules of Chinese line ends, full lines filling the width."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextOption

from ui.joint import paper
from ui.joint.official import Paragraph

_ROLES = {0: "body", 1: "heading", 2: "subheading"}
INDENT = 2                 # characters, of a paragraph's first line
SLACK = 20                 # units: rounding must not push the 28th character out
_STRETCHED = 2.0           # a line that lacks more than so many characters is not pulled apart


@dataclass(frozen=True, slots=True)
class Line:
    """Words of one line, its left edge, and what is added between its characters."""

    text: str
    x: float
    role: str
    spacing: float = 0.0


def width_of(text: str, role: str) -> float:
    """Width of words in units."""
    return QFontMetricsF(paper.font_of(role)).horizontalAdvance(text)


def lines_of(paragraph: Paragraph) -> list[Line]:
    """A paragraph of the body, its first line indented by two characters."""
    return broken(paragraph.text, _ROLES[paragraph.level], INDENT)


def title_lines(title: str) -> list[str]:
    """Of equal length rather than a full one and a rest (7.3.1: 排列对称, 长短适宜)."""
    room = paper.WIDTH - 2 * paper.CHARACTER
    count = -(-width_of(title, "title") // room) if title else 1
    if count < 2:
        return [title]
    width = width_of(title, "title") / count + paper.CHARACTER
    while len(lines := broken(title, "title", 0, width)) > count and width < room:  # a long word was left over
        width += paper.CHARACTER
    return [line.text for line in lines]


def broken(text: str, role: str, indent: int, width: float = paper.WIDTH) -> list[Line]:
    """A paragraph in lines, by the rules of Chinese line ends; full lines fill the width."""
    font = paper.font_of(role)
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    lines: list[Line] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        inset = indent * paper.CHARACTER if not lines else 0.0
        line.setLineWidth(width - inset + SLACK)
        part = text[line.textStart():line.textStart() + line.textLength()]
        last = line.textStart() + line.textLength() >= len(text)
        spacing = 0.0 if last else _stretch(part, font, width - inset)
        lines.append(Line(part.rstrip(), paper.LEFT + inset, role, spacing))
    layout.endLayout()
    return lines


def _stretch(text: str, font: QFont, width: float) -> float:
    """What to add between characters so that the line fills its width."""
    words = text.rstrip()
    missing = width - QFontMetricsF(font).horizontalAdvance(words)
    few = missing <= _STRETCHED * paper.CHARACTER
    return missing / (len(words) - 1) if few and len(words) > 1 else 0.0
