"""The sheet of GB/T 9704—2012 (clauses 5 and 7): one unit is 0.01 mm; paper, PDF and screen share one setting."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QColor, QFont, QFontDatabase

from widgets.fonts import installed_family

UNITS_PER_INCH = 2540
PAGE_WIDTH, PAGE_HEIGHT = 21_000, 29_700          # 5.1: A4
LEFT, TOP = 2_800, 3_700                          # 5.2.1: 订口 28 mm, 天头 37 mm
WIDTH, HEIGHT = 15_600, 22_500                    # 5.2.1: 版心 156 mm × 225 mm
RIGHT, BOTTOM = LEFT + WIDTH, TOP + HEIGHT
LINES, CHARACTERS = 22, 28                        # 5.2.3
LINE, CHARACTER = HEIGHT / LINES, WIDTH / CHARACTERS
MARK_TOP = 3_500                                  # 7.2.4: 发文机关标志, below the upper edge of the 版心
RULE_BELOW_NUMBER = 400                           # 7.2.7
THICK, THIN = 35, 25                              # 7.4.1
PAGE_NUMBER_BELOW = 700                           # 7.5
IMPRINT_LINE = 900                                # of the 版记, 4 号
TITLE_LINE = 1_200
BOX_LINE, BOX_PAD = 420, 160
MODULE, QUIET = 50, 4                             # of a QR code: a module of 0.5 mm, free modules around it (ISO 18004)

_POINT = UNITS_PER_INCH / 72
_BODY = CHARACTER / _POINT                        # 15.79 points: 3 号, so that 28 characters fill a line
_SIZES = {                                        # points: 2 号 22, 4 号 14, 小 5 号 9
    "mark": 40, "title": 22, "body": _BODY, "heading": _BODY, "subheading": _BODY, "name": _BODY, "imprint": 14,
    "page": 14, "box": 9,
}
_FACES = {
    "mark": "title", "title": "title", "body": "plain", "heading": "black", "subheading": "script", "name": "script",
    "imprint": "plain", "page": "book", "box": "plain",
}
# The standard's faces where this machine has them; otherwise the bundled one, which every machine has.
_FAMILIES = {
    "title": ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S"),
    "plain": ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "STFangsong"),
    "black": ("黑体", "SimHei", "STHeiti"),
    "script": ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "STKaiti"),
    "book": ("宋体", "SimSun", "STSong"),
}
_BOLD_IF_BUNDLED = frozenset({"title", "black"})


def ink(name: str = "") -> QColor:
    """Black, or "red" for 版头 (5.2.4, 7.2.4): what is printed does not follow the screen's theme."""
    return QColor("red") if name == "red" else QColor("black")


def font_of(role: str) -> QFont:
    """The font of a role, sized in units. No letter spacing: Qt multiplies it by each device's own resolution."""
    font = _face(_FACES[role])
    font.setPixelSize(round(_SIZES[role] * _POINT))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setStyleStrategy(QFont.StyleStrategy.ForceOutline)
    return font


@cache
def _family(face: str) -> str | None:
    known = set(QFontDatabase.families())
    return next((family for family in _FAMILIES[face] if family in known), None)


def _face(face: str) -> QFont:
    if (family := _family(face)) is not None:
        return QFont(family)
    font = QFont(installed_family()) if installed_family() else QFont()
    font.setBold(face in _BOLD_IF_BUNDLED)
    return font
