"""The bundled Chinese font and the check at start that Chinese can really be drawn."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics, QImage, QPainter

FONT_FOLDER = Path(__file__).resolve().parent.parent / "resources" / "fonts"
_PROBE_SIZE = 32
_MISSING = "\U0010fffd"  # a private code point no font draws: shows what "missing" looks like

_installed: list[str] = []


@dataclass(frozen=True)
class FontReport:
    """Outcome of the start check: the family to use, whether it draws Chinese, and why not."""

    family: str
    ok: bool
    reason: str


def install_fonts(folder: Path = FONT_FOLDER) -> FontReport:
    """Load the bundled faces and check them; falls back to the system's default family.

    Needs a QGuiApplication. ``reason`` is Chinese, for the user; empty when ``ok``.
    """
    family = _load_faces(folder)
    reason = "" if family else f"未能载入自带字体（{folder.name}）"
    if not family:
        family = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    _installed[:] = [family]
    drawn = draws_chinese(QFont(family))
    if not drawn:
        reason = reason or f"字体 {family} 画不出汉字"
    return FontReport(family, drawn, reason)


def installed_family() -> str:
    """Family chosen by ``install_fonts``; an empty string before it ran."""
    return _installed[0] if _installed else ""


def draws_chinese(font: QFont) -> bool:
    """True if the font claims 中 and what it draws differs from 国 and from a missing character.

    ``QRawFont.supportsCharacter`` answers yes for characters that come out as boxes, hence the drawing.
    """
    probe = QFont(font)
    probe.setPixelSize(_PROBE_SIZE)
    if not QFontMetrics(probe).inFontUcs4(ord("中")):
        return False
    middle, country, missing = (_drawn(probe, text) for text in ("中", "国", _MISSING))
    return middle not in (country, missing) and middle != _drawn(probe, " ")


def _load_faces(folder: Path) -> str:
    family = ""
    for path in sorted(folder.glob("*.otf")):
        handle = QFontDatabase.addApplicationFont(str(path))
        families = QFontDatabase.applicationFontFamilies(handle) if handle >= 0 else []
        family = families[0] if families else family
    return family


def _drawn(font: QFont, text: str) -> bytes:
    image = QImage(_PROBE_SIZE * 2, _PROBE_SIZE * 2, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setFont(font)
    painter.drawText(image.rect(), Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return bytes(image.constBits())
