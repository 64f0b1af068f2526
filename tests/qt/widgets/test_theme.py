"""Both themes hold the same tokens, enough contrast, and reach everything at run time."""

import re

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel

from widgets import theme as theme_module
from widgets.theme import DENSITIES, ThemeError, apply_theme, current_theme, load_theme, style_sheet, theme_events
from widgets.tones import Tone

THEMES = ("dark", "light")
WORDS = ("text", "text_muted", "text_faint", "action", "ok", "near", "overdue", "multi", "sending")
GROUNDS = ("background", "bar", "surface", "surface_raised", "hover", "selection", "target", "failed_fill", "held_fill")
FIGURES = (Tone.NORMAL, Tone.NEAR, Tone.OVERDUE, Tone.OK, Tone.ACTION, Tone.MULTI)
FIGURE_GROUNDS = ("background", "surface", "surface_raised", "hover", "selection", "target")
MARKS = (Tone.OK, Tone.NEAR, Tone.OVERDUE, Tone.ACTION, Tone.MULTI)


def luminance(color):
    """Relative luminance as WCAG 2.2 defines it."""
    parts = (color.redF(), color.greenF(), color.blueF())
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
def test_words_are_legible_on_every_ground(name, ground):
    colors = load_theme(name).colors
    poor = {word: contrast(getattr(colors, word), getattr(colors, ground)) for word in WORDS}
    assert {word: ratio for word, ratio in poor.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("ground", FIGURE_GROUNDS)
def test_figures_that_matter_stand_out(name, ground):
    theme = load_theme(name)
    ratios = {tone: contrast(theme.figure(tone), getattr(theme.colors, ground)) for tone in FIGURES}
    assert {tone: ratio for tone, ratio in ratios.items() if ratio < 7.0} == {}


@pytest.mark.parametrize("name", THEMES)
def test_words_on_the_drag_card_and_the_primary_button_are_legible(name):
    colors = load_theme(name).colors
    assert contrast(colors.text, colors.drag) >= 4.5
    assert contrast(colors.text_muted, colors.drag) >= 4.5
    assert contrast(colors.on_action, colors.action_fill) >= 4.5
    assert contrast(colors.on_action, colors.action_fill_hover) >= 4.5


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("ground", ("background", "surface", "track"))
def test_marks_can_be_seen(name, ground):
    theme = load_theme(name)
    ratios = {tone: contrast(theme.mark(tone), getattr(theme.colors, ground)) for tone in MARKS}
    assert {tone: ratio for tone, ratio in ratios.items() if ratio < 3.0} == {}


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("density", DENSITIES)
def test_style_sheet_takes_every_token_it_names(name, density):
    sheet = style_sheet(load_theme(name, density))
    assert "$" not in sheet
    for icon in re.findall(r'url\("([^"]+)"\)', sheet):
        assert theme_module.Path(icon).is_file(), icon


def test_style_sheet_holds_no_literal_colour():
    template = (theme_module.THEME_FOLDER / "app.qss").read_text("utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", template) == []


def test_pixels_of_the_sheet_itself_grow_with_the_scale():
    box = "QCheckBox::indicator {{ width: {0}px; height: {0}px;"
    assert box.format(15) in style_sheet(load_theme("dark"))
    assert box.format(30) in style_sheet(load_theme("dark", scale=2.0))


def test_densities_and_scale_change_sizes():
    heights = [load_theme("dark", density).sizes.row_height for density in DENSITIES]
    assert heights == sorted(set(heights))
    assert load_theme("dark", scale=2.0).sizes.row_height == 2 * load_theme("dark").sizes.row_height


@pytest.mark.parametrize(("name", "density"), [("dusk", "normal"), ("dark", "huge")])
def test_unknown_theme_or_density_is_a_clear_error(name, density):
    with pytest.raises(ThemeError, match="dusk|huge"):
        load_theme(name, density)


def test_misspelt_token_is_a_clear_error(tmp_path, monkeypatch):
    text = (theme_module.THEME_FOLDER / "dark.toml").read_text("utf-8").replace("selection =", "selektion =")
    (tmp_path / "dark.toml").write_text(text, "utf-8")
    monkeypatch.setattr(theme_module, "THEME_FOLDER", tmp_path)
    with pytest.raises(ThemeError, match="selektion"):
        load_theme("dark")


def test_applied_theme_reaches_palette_labels_and_listeners(qtbot, qapp):
    shown = QLabel("13")
    shown.setProperty("role", "figure")
    qtbot.addWidget(shown)
    shown.show()
    light = load_theme("light")
    with qtbot.waitSignal(theme_events().changed) as told:
        apply_theme(qapp, light)
    try:
        assert told.args == [light]
        assert current_theme() is light
        assert qapp.palette().color(QPalette.ColorRole.Window) == light.colors.background
        assert shown.font().pixelSize() == light.sizes.font_figure
        assert shown.palette().color(QPalette.ColorRole.WindowText) == light.colors.text
    finally:
        apply_theme(qapp, load_theme("dark"))


@pytest.mark.parametrize("name", THEMES)
def test_classes_of_a_map_go_one_way_and_differ(name):
    ramp = load_theme(name).colors.choropleth
    lights = [luminance(color) for color in ramp]
    assert lights == sorted(lights, reverse=lights[0] > lights[-1])
    assert min(contrast(one, other) for one, other in zip(ramp, ramp[1:], strict=False)) >= 1.1
    assert contrast(ramp[0], ramp[-1]) >= 3.0


@pytest.mark.parametrize("name", THEMES)
def test_borders_words_and_marks_of_a_map_stand_out_from_every_class(name):
    theme = load_theme(name)
    colors = theme.colors
    for ground in (*colors.choropleth, colors.map_empty, colors.map_floor):
        assert contrast(colors.map_border, ground) >= 2.0
    assert contrast(colors.text, colors.map_halo) >= 7.0
    ratios = {tone: contrast(theme.mark(tone), colors.map_halo) for tone in (*MARKS, Tone.MUTED)}
    assert {tone: ratio for tone, ratio in ratios.items() if ratio < 3.0} == {}
