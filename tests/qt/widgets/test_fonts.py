"""The bundled font draws Chinese and every symbol the interface uses."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetrics, QRawFont

from widgets.fonts import FONT_FOLDER, draws_chinese, install_fonts, installed_family
from widgets.theme import load_theme

ROOT = Path(__file__).resolve().parents[3]


def interface_characters():
    """Every non-ASCII character in a string or comment of the interface's source."""
    found = set()
    for folder in ("widgets", "ui"):
        for path in (ROOT / folder).rglob("*.py"):
            found |= set(re.findall(r"[^\x00-\x7f]", path.read_text("utf-8")))
    return found


def test_bundled_font_is_installed_and_used(qapp):
    report = install_fonts()
    assert report.ok
    assert report.reason == ""
    assert QFontInfo(QFont(report.family)).family() == report.family == installed_family()


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_every_character_of_the_interface_has_a_glyph(qapp, weight):
    raw = QRawFont(str(FONT_FOLDER / f"CommandCenterSansSC-{weight}.otf"), 16)
    glyphs = {char: raw.glyphIndexesForString(char) for char in interface_characters()}
    assert {char for char, found in glyphs.items() if not found or found[0] == 0} == set()


def test_digits_are_tabular(qapp):
    for strong in (False, True):
        metrics = QFontMetrics(load_theme("dark").font("body", strong))
        assert len({metrics.horizontalAdvance(digit * 10) for digit in "0123456789"}) == 1


def test_font_without_chinese_is_found_out(qapp, tmp_path):
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(FONT_FOLDER / "CommandCenterSansSC-Regular.otf")
    cutter = subset.Subsetter(subset.Options(name_IDs=["*"], notdef_outline=True))
    cutter.populate(unicodes=[*range(0x20, 0x7F)])
    cutter.subset(font)
    for record in font["name"].names:
        record.string = record.toUnicode().replace("CommandCenter Sans SC", "Latin Only")
    font.save(tmp_path / "latin.otf")
    QFontDatabase.addApplicationFont(str(tmp_path / "latin.otf"))
    latin = QFont("Latin Only")
    latin.setStyleStrategy(QFont.StyleStrategy.NoFontMerging)
    assert not draws_chinese(latin)


def test_missing_font_folder_is_reported_and_the_system_font_used(qapp, tmp_path):
    report = install_fonts(tmp_path / "nothing")
    try:
        assert report.family
        assert "未能载入自带字体" in report.reason
    finally:
        install_fonts()


def test_licence_lies_beside_the_fonts():
    text = (FONT_FOLDER / "OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE" in text
    assert "Adobe" in text
