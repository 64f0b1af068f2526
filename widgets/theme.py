"""The theme: colours and sizes by name, filled into the style sheet, the palette and the painters."""

import re
import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from string import Template
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from widgets.fonts import installed_family
from widgets.tones import Tone

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
THEME_FOLDER = RESOURCES / "theme"
DENSITIES = ("compact", "normal", "comfortable")
_PIXELS = re.compile(r"\b(\d+)px")  # written in the sheet itself

FontRole = Literal["small", "body", "title", "heading", "figure"]


class ThemeError(ValueError):
    """A theme file is missing, or lacks or misspells a token."""


@dataclass(frozen=True)
class ThemeColors:
    """One QColor per token of ``resources/theme/*.toml``."""

    background: QColor
    bar: QColor
    surface: QColor
    surface_raised: QColor
    hover: QColor
    selection: QColor
    target: QColor
    drag: QColor
    track: QColor
    line: QColor
    line_strong: QColor
    text: QColor
    text_muted: QColor
    text_faint: QColor
    action: QColor
    action_fill: QColor
    action_fill_hover: QColor
    on_action: QColor
    ok: QColor
    near: QColor
    overdue: QColor
    overdue_figure: QColor
    multi: QColor
    sending: QColor
    ok_mark: QColor
    near_mark: QColor
    overdue_mark: QColor
    action_mark: QColor
    multi_mark: QColor
    stripe: QColor
    failed_fill: QColor
    held_fill: QColor
    series_1: QColor
    series_2: QColor
    series_3: QColor
    series_4: QColor
    series_5: QColor
    series_6: QColor
    shadow: QColor
    picture_shade: QColor
    on_picture: QColor
    on_picture_muted: QColor
    map_floor: QColor
    map_empty: QColor
    map_0: QColor
    map_1: QColor
    map_2: QColor
    map_3: QColor
    map_4: QColor
    map_5: QColor
    map_6: QColor
    map_7: QColor
    map_line: QColor
    map_border: QColor
    map_halo: QColor

    @property
    def choropleth(self) -> tuple[QColor, ...]:
        """Fills of a map's cells from the least class to the greatest."""
        return tuple(getattr(self, f"map_{step}") for step in range(8))

    @property
    def series(self) -> tuple[QColor, ...]:
        """Blue-grey fills for parts that are not states, in drawing order."""
        return (self.series_1, self.series_2, self.series_3, self.series_4, self.series_5, self.series_6)


@dataclass(frozen=True)
class ThemeSizes:
    """One size per token of ``resources/theme/density.toml``, in device-independent pixels."""

    row_height: int
    header_height: int
    queue_row: int
    bar_height: int
    panel_header: int
    card_height: int
    target_height: int
    control_height: int
    chip_height: int
    font_small: int
    font_body: int
    font_title: int
    font_heading: int
    font_figure: int
    gap: int
    pad: int
    pad_small: int
    pad_large: int
    thumb_width: int
    thumb_height: int
    radius: int
    radius_small: int
    line_width: int
    focus_width: int
    stripe_width: int
    bar_thickness: int
    marker_width: int
    scrollbar: int


@dataclass(frozen=True)
class Theme:
    """Everything a painter may take from: colours, sizes, fonts."""

    name: str
    density: str
    scale: float
    colors: ThemeColors
    sizes: ThemeSizes

    def tone(self, tone: Tone | None) -> QColor:
        """Colour of a word or mark in this state (4.5 : 1 on every surface)."""
        return getattr(self.colors, (tone or Tone.NORMAL).value)

    def figure(self, tone: Tone | None) -> QColor:
        """Colour of a figure that matters in this state (7 : 1 on every surface a figure stands on)."""
        return self.colors.overdue_figure if tone is Tone.OVERDUE else self.tone(tone)

    def mark(self, tone: Tone | None) -> QColor:
        """Colour of a bar, stripe or frame in this state (3 : 1): brighter than words may be."""
        named = getattr(tone, "name", "NORMAL").lower()
        return getattr(self.colors, f"{named}_mark", self.tone(tone))

    def font(self, role: FontRole = "body", strong: bool = False) -> QFont:
        """The interface font in one of its five sizes."""
        font = QFont(installed_family()) if installed_family() else QFont()
        font.setPixelSize(getattr(self.sizes, f"font_{role}"))
        font.setWeight(QFont.Weight.Bold if strong else QFont.Weight.Normal)
        return font


class ThemeEvents(QObject):
    """Tells whoever caches drawings that the theme was changed; style sheets repaint by themselves."""

    changed = Signal(object)


@cache
def theme_events() -> ThemeEvents:
    """The one source of ``changed(Theme)``."""
    return ThemeEvents()


_current: list[Theme] = []


def current_theme() -> Theme:
    """The theme applied last; the dark one in normal density before any was applied."""
    if not _current:
        _current.append(load_theme("dark"))
    return _current[0]


def load_theme(name: str, density: str = "normal", scale: float = 1.0) -> Theme:
    """Read a theme by name (``dark``, ``light``).

    ``scale`` multiplies every size (2.0 for a 4K screen that is not scaled by the system, more for the wall).
    Raises ThemeError for an unknown name, density or token.
    """
    return Theme(name, density, scale, _colors(name), _sizes(density, scale))


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Dress the whole application in the theme, also while windows are open."""
    _current[:] = [theme]
    app.setStyle("Fusion")
    app.setPalette(_palette(theme))
    app.setFont(theme.font())
    app.setStyleSheet(style_sheet(theme))
    theme_events().changed.emit(theme)


def style_sheet(theme: Theme) -> str:
    """``app.qss`` with the theme's tokens filled in, its own pixels scaled; raises ThemeError for an unknown token."""
    values = {field.name: getattr(theme.colors, field.name).name() for field in fields(ThemeColors)}
    values |= {field.name: f"{getattr(theme.sizes, field.name)}px" for field in fields(ThemeSizes)}
    values["icons"] = (RESOURCES / "icons" / theme.name).as_posix()
    template = _PIXELS.sub(lambda own: f"{round(int(own[1]) * theme.scale)}px",
                           (THEME_FOLDER / "app.qss").read_text("utf-8"))
    try:
        return Template(template).substitute(values)
    except KeyError as missing:
        raise ThemeError(f"app.qss 用了未知的主题变量 {missing}") from missing


def _colors(name: str) -> ThemeColors:
    values = _read(f"{name}.toml").get("colors", {})
    _same_names(f"{name}.toml", values, ThemeColors)
    return ThemeColors(**{token: QColor(text) for token, text in values.items()})


def _sizes(density: str, scale: float) -> ThemeSizes:
    groups = _read("density.toml")
    if density not in DENSITIES:
        raise ThemeError(f"未知的密度 {density}")
    values = groups[density] | groups["shared"]
    _same_names(f"density.toml [{density}]", values, ThemeSizes)
    return ThemeSizes(**{token: max(1, round(size * scale)) for token, size in values.items()})


def _read(file_name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((THEME_FOLDER / file_name).read_text("utf-8"))
    except (FileNotFoundError, tomllib.TOMLDecodeError) as error:
        raise ThemeError(f"主题文件 {file_name} 读不出：{error}") from error


def _same_names(where: str, values: dict[str, Any], shape: type) -> None:
    wanted = {field.name for field in fields(shape)}
    if wanted != set(values):
        raise ThemeError(f"{where} 缺 {sorted(wanted - set(values))}，多 {sorted(set(values) - wanted)}")


def _palette(theme: Theme) -> QPalette:
    colors, role, palette = theme.colors, QPalette.ColorRole, QPalette()
    plain = {
        role.Window: colors.background,
        role.WindowText: colors.text,
        role.Base: colors.surface,
        role.AlternateBase: colors.surface_raised,
        role.Text: colors.text,
        role.Button: colors.surface,
        role.ButtonText: colors.text,
        role.BrightText: colors.overdue,
        role.Highlight: colors.selection,
        role.HighlightedText: colors.text,
        role.Link: colors.action,
        role.LinkVisited: colors.action,
        role.ToolTipBase: colors.surface_raised,
        role.ToolTipText: colors.text,
        role.Accent: colors.action,
        role.PlaceholderText: colors.text_faint,
        role.Mid: colors.line,
        role.Dark: colors.line_strong,
    }
    for key, color in plain.items():
        palette.setColor(key, color)
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, colors.text_faint)
    return palette
