"""The base in a byte a pixel: what a code looks like, and that nothing is lost by it."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from tests.qt.widgets.map_samples import TOWN, pixels, place, settle, shown_town
from widgets.map import Heat, Track, View
from widgets.map import codes as base
from widgets.theme import load_theme
from widgets.tones import Tone


def _rgb(table: list[int], of: np.ndarray) -> np.ndarray:
    return np.array([((color >> 16) & 255, (color >> 8) & 255, color & 255) for color in table], float)[of]


@pytest.mark.parametrize("name", ["dark", "light"])
def test_a_code_is_the_class_blended_with_its_line(name):
    """To half a step of coverage, which is a thirty-second part for borders and a sixteenth for thin lines."""
    theme, alpha, rng = load_theme(name), 150, np.random.default_rng(4)
    fills = rng.integers(0, base.CLASSES, 4000).astype(np.uint8)
    thin, strong = (rng.integers(0, 256, 4000).astype(np.uint8) for _ in range(2))
    thin[::2], strong[1::2] = 0, 0
    shown = _rgb(base.palette(theme, alpha), base.with_lines(fills, thin, strong))
    ground = _rgb(base.palette(theme, alpha), fills)
    colors = theme.colors
    line = np.array([colors.map_line.red(), colors.map_line.green(), colors.map_line.blue()], float)
    border = np.array([colors.map_border.red(), colors.map_border.green(), colors.map_border.blue()], float)
    for color, cover, strongest, step in ((line, thin, alpha / 255, 16), (border, strong, 1.0, 32)):
        here = cover > 0
        share = (cover[here] / 255)[:, None] * strongest
        exact = ground[here] * (1 - share) + color * share
        room = np.abs(color - ground[here]) * strongest / step + 2
        assert (np.abs(shown[here] - exact) <= room).all()


def test_without_lines_a_code_has_the_themes_colour():
    theme = load_theme("dark")
    table = base.palette(theme, 150)
    assert table[base.FLOOR] == theme.colors.map_floor.rgb() and table[base.code_of(-1)] == theme.colors.map_empty.rgb()
    assert [table[base.code_of(step)] for step in range(8)] == [color.rgb() for color in theme.colors.choropleth]


def test_another_class_keeps_the_line():
    codes = np.arange(250, dtype=np.uint8)
    changed = base.recoloured(codes, np.full(250, base.code_of(7), np.uint8))
    assert (changed // base.CLASSES == codes // base.CLASSES).all() and set(changed % base.CLASSES) == {9}


def test_recoloured_under_heat_and_ways_looks_like_painted_afresh(qtbot):
    rng, classes = np.random.default_rng(2), np.zeros(100, np.int64)
    heat = Heat(TOWN, rng.random((10, 10)))
    way = Track(np.array([place(50, 250), place(950, 600)]), Tone.ACTION)
    canvas = shown_town(qtbot)
    canvas.set_heat(heat)
    canvas.set_tracks([way])
    for cell in rng.permutation(100)[:30].tolist():
        classes[cell] = rng.integers(0, 8)
        canvas.recolour([cell + 1], [classes[cell]])
        canvas.repaint()
    other = shown_town(qtbot, classes=classes)
    other.set_heat(heat)
    other.set_tracks([way])
    assert np.array_equal(pixels(canvas.picture()), pixels(other.picture()))
    canvas.set_heat(None)
    canvas.set_tracks([])
    assert np.array_equal(pixels(canvas.picture()), pixels(shown_town(qtbot, classes=classes).picture()))


def test_colours_made_while_it_moves_are_given_back_when_it_is_still(qtbot):
    canvas = shown_town(qtbot)

    def coloured() -> list[bool]:
        return [picture.full is not None for picture in canvas._levels.front.pictures.values() if picture]

    qtbot.waitUntil(lambda: not canvas._still.isActive())
    for x, quick in ((510, False), (520, True)):
        canvas.set_view(View(*place(x, 500), 2.0))
        canvas.repaint()
        assert any(coloured()) is quick, "one jump is drawn once"
    canvas.recolour([45, 46], [6, 3])
    canvas.repaint()
    moving = pixels(canvas.picture())
    qtbot.waitUntil(lambda: not canvas._still.isActive())
    settle(qtbot, canvas)
    assert not any(coloured()) and np.array_equal(pixels(canvas.picture()), moving)


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's allocator")
def test_freed_pictures_leave_the_process():
    """By itself glibc keeps them behind a block that is still used."""
    program = """
import psutil
from widgets.memory import return_large_blocks
return_large_blocks()
blocks = [bytes([1]) * 300_000 for _ in range(200)]
held = psutil.Process().memory_info().rss
del blocks[1::2]
print(held - psutil.Process().memory_info().rss)
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert int(said) > 25_000_000
