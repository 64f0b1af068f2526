"""Draws a page that is set in type: on the screen, on paper, in a PDF."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen

from ui.joint import paper
from ui.joint.page import Code, Page, Rule, Words


def draw_page(painter: QPainter, page: Page) -> None:
    """One page; the painter's units are 0.01 mm."""
    for rule in page.rules:
        _draw_rule(painter, rule)
    for words in page.words:
        _draw_words(painter, words)
    for code in page.codes:
        _draw_code(painter, code)


def draw_sheet(painter: QPainter, page: Page, zoom: float) -> None:
    """A white sheet with the page on it; `zoom`: pixels a unit."""
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(zoom, zoom)
    painter.fillRect(QRectF(0, 0, paper.PAGE_WIDTH, paper.PAGE_HEIGHT), "white")
    draw_page(painter, page)
    painter.restore()


def _draw_rule(painter: QPainter, rule: Rule) -> None:
    painter.setPen(QPen(paper.ink(rule.colour), rule.width))
    painter.drawLine(QPointF(rule.x, rule.y), QPointF(rule.to_x, rule.to_y))


def _draw_code(painter: QPainter, code: Code) -> None:
    """Dark modules as one shape: drawn one by one, hairs of light would stay between them."""
    shape, size = QPainterPath(), paper.MODULE
    shape.setFillRule(Qt.FillRule.WindingFill)
    for row, modules in enumerate(code.modules):
        for column, dark in enumerate(modules):
            if dark:
                shape.addRect(QRectF(code.x + column * size, code.y + row * size, size, size))
    painter.fillPath(shape, paper.ink())


def _draw_words(painter: QPainter, words: Words) -> None:
    font = paper.font_of(words.role)
    painter.save()
    painter.setFont(font)
    painter.setPen(paper.ink(words.colour))
    painter.translate(words.x, words.baseline)
    painter.scale(words.scale, words.scale)
    if words.spacing:
        _draw_apart(painter, words, QFontMetricsF(font))
    else:
        painter.drawText(QPointF(0, 0), words.text)
    painter.restore()


def _draw_apart(painter: QPainter, words: Words, metrics: QFontMetricsF) -> None:
    """A line that fills its width: each character at its own place."""
    x = 0.0
    for character in words.text:
        painter.drawText(QPointF(x, 0), character)
        x += metrics.horizontalAdvance(character) + words.spacing
