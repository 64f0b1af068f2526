"""The QR code in the frame: a scanner reads the verification code from paper and screen, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest
import segno
import zxingcpp
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from tests.qt.ui.test_document_paper import CODE, issued, many
from ui.joint import paper
from ui.joint.page_painter import draw_sheet
from ui.joint.pdf_file import pdf_bytes
from ui.joint.typesetting import set_in_type

MM = paper.UNITS_PER_INCH / 25.4


def scanned(page, dots_an_inch):
    """What a scanner reads on a page printed so finely."""
    zoom = dots_an_inch / paper.UNITS_PER_INCH
    size = round(paper.PAGE_WIDTH * zoom), round(paper.PAGE_HEIGHT * zoom)
    image = QImage(*size, QImage.Format.Format_Grayscale8)
    painter = QPainter(image)
    draw_sheet(painter, page, zoom)
    painter.end()
    dots = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())[:, :size[0]]
    return [(found.text, found.format.name) for found in zxingcpp.read_barcodes(dots)]


@pytest.mark.parametrize("dots_an_inch", [96, 203, 600])
def test_the_code_is_read_from_screen_and_paper(qapp, dots_an_inch):
    assert scanned(set_in_type(issued())[-1], dots_an_inch) == [(CODE, "QRCode")]


def test_another_document_has_another_code(qapp):
    other = replace(issued(), code="AAAA-BBBB-2345")
    assert scanned(set_in_type(other)[-1], 203) == [("AAAA-BBBB-2345", "QRCode")]
    assert pdf_bytes(other) != pdf_bytes(issued())


def test_the_modules_are_those_of_the_standard_and_large_enough(qapp):
    codes = [code for page in set_in_type(issued()) for code in page.codes]
    assert [code.modules for code in codes] == [tuple(bytes(row) for row in segno.make_qr(CODE, error="m").matrix)]
    assert len(codes[0].modules) == len(codes[0].modules[0]) == 21
    assert paper.MODULE / MM >= 0.4 and paper.QUIET >= 4


@pytest.mark.parametrize("count", [1, 3, 7, 13, 20])
def test_nothing_stands_in_its_quiet_zone_and_it_ends_the_last_page(qapp, count):
    pages = set_in_type(many(count))
    assert [len(page.codes) for page in pages] == [0] * (len(pages) - 1) + [1]
    code, free = pages[-1].codes[0], paper.QUIET * paper.MODULE
    side = len(code.modules) * paper.MODULE
    zone = QRectF(code.x - free, code.y - free, side + 2 * free, side + 2 * free)
    for words in pages[-1].words:
        metrics = QFontMetricsF(paper.font_of(words.role))
        wide = metrics.horizontalAdvance(words.text) + words.spacing * (len(words.text) - 1)
        box = QRectF(words.x, words.baseline - metrics.ascent(), wide, metrics.height())
        assert not box.intersects(zone.adjusted(1, 1, -1, -1)), words
    for rule in pages[-1].rules:
        line = QRectF(min(rule.x, rule.to_x), min(rule.y, rule.to_y), max(1, abs(rule.to_x - rule.x)),
                      max(1, abs(rule.to_y - rule.y)))
        assert not line.intersects(zone.adjusted(1, 1, -1, -1)), rule
    assert zone.right() <= paper.RIGHT and zone.bottom() <= paper.BOTTOM


def test_a_draft_has_none(qapp):
    draft = replace(issued(), code="", digest="")
    pages = set_in_type(draft)
    assert [page.codes for page in pages] == [[]] * len(pages) and scanned(pages[-1], 203) == []
