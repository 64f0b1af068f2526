"""Raster tiles from an MBTiles file: read by a thread, laid beneath the cells, bridged by coarser ones; bad files."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

from tests.qt.widgets.map_samples import middle_of, pixel_of, place, settle, shown_town
from widgets.map import MbTiles, TilesError, View
from widgets.map.tiles import _keys, bounds_of
from widgets.theme import current_theme


def png(color: str) -> bytes:
    image = QImage(256, 256, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return buffer.data().data()


def mbtiles(path, tiles, **metadata):
    """A file with these tiles {(zoom, column, row from the north): colour}, rows from the south inside."""
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE metadata (name text, value text)")
        file.execute("CREATE TABLE tiles (zoom_level int, tile_column int, tile_row int, tile_data blob)")
        file.executemany("INSERT INTO metadata VALUES (?, ?)", ({"format": "png"} | metadata).items())
        rows = [(zoom, column, 2**zoom - 1 - row, png(color)) for (zoom, column, row), color in tiles.items()]
        file.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    return path


@pytest.fixture
def opened():
    files = []
    yield files
    for file in files:
        file.close()


def keys_around(zoom: int):
    """Tiles that hold the town and its surroundings."""
    from widgets.map import Bounds

    return _keys(zoom, Bounds(*place(-800, -800), *place(1800, 1800)))


def test_tiles_lie_beneath_the_cells_and_shine_through(qtbot, tmp_path, opened):
    path = mbtiles(tmp_path / "town.mbtiles", dict.fromkeys(keys_around(16), "#ff0000"))
    canvas = shown_town(qtbot)
    cell, beside = middle_of(45), place(-60, 500)
    plain = canvas.picture().pixelColor(pixel_of(canvas, *cell).toPoint())
    opened.append(MbTiles(path))
    canvas.set_tiles(opened[0])

    def seen(at) -> QColor:
        return canvas.grab().toImage().pixelColor(pixel_of(canvas, *at).toPoint())

    qtbot.waitUntil(lambda: seen(beside) == QColor("#ff0000"))
    settle(qtbot, canvas)
    assert seen(cell).red() > plain.red() and seen(cell) != QColor("#ff0000")
    canvas.set_tiles(None)
    settle(qtbot, canvas)
    assert seen(cell) == plain and seen(beside) == current_theme().colors.map_floor


def test_rows_are_counted_from_the_south_or_from_the_north_as_the_file_says(qtbot, tmp_path, opened):
    tiles = {(1, column, row): color for (column, row), color in
             {(0, 0): "#ff0000", (1, 0): "#00ff00", (0, 1): "#0000ff", (1, 1): "#ffff00"}.items()}  # fmt: skip
    south = MbTiles(mbtiles(tmp_path / "south.mbtiles", tiles))
    north = MbTiles(mbtiles(tmp_path / "north.mbtiles", tiles, scheme="xyz"))
    opened += [south, north]
    for file, color in ((south, "#00ff00"), (north, "#ffff00")):
        with qtbot.waitSignal(file.arrived) as got:
            file._ask((1, 1, 0))
        assert got.args[0] == bounds_of((1, 1, 0))
        assert file._tiles[1, 1, 0].pixelColor(1, 1) == QColor(color)


def test_a_coarser_tile_bridges_until_the_fine_one_is_there(qtbot, tmp_path, opened):
    fine = keys_around(16)
    tiles = dict.fromkeys(keys_around(13), "#00ff00") | dict.fromkeys(fine, "#ff0000")
    path = mbtiles(tmp_path / "town.mbtiles", tiles)
    opened.append(MbTiles(path))
    zoom, column, row = fine[0]
    coarse = zoom - 3, column >> 3, row >> 3
    with qtbot.waitSignal(opened[0].arrived):
        opened[0]._ask(coarse)
    image, part = opened[0]._at_hand(fine[0])
    assert image.pixelColor(1, 1) == QColor("#00ff00")
    assert (part.width(), part.x(), part.y()) == (32, (column % 8) * 32, (row % 8) * 32)


def test_the_file_is_read_by_another_thread_and_closing_ends_it(qtbot, tmp_path):
    file = MbTiles(mbtiles(tmp_path / "town.mbtiles", dict.fromkeys(keys_around(13), "#00ff00")))
    with qtbot.waitSignal(file.arrived):
        file._ask(keys_around(13)[0])
    assert any(thread.name.startswith("mbtiles") for thread in threading.enumerate())
    file.close()
    assert not any(thread.name.startswith("mbtiles") for thread in threading.enumerate())


def test_a_tile_that_is_not_in_the_file_is_asked_for_once(qtbot, tmp_path, opened):
    opened.append(MbTiles(mbtiles(tmp_path / "town.mbtiles", dict.fromkeys(keys_around(13), "#00ff00"))))
    file = opened[0]
    file._ask((13, 1, 1))
    qtbot.waitUntil(lambda: (13, 1, 1) in file._tiles)
    file._ask((13, 1, 1))
    assert not file._asked


def test_a_file_that_becomes_unreadable_says_so_once(qtbot, tmp_path, opened):
    path = mbtiles(tmp_path / "town.mbtiles", dict.fromkeys(keys_around(13), "#00ff00"))
    opened.append(MbTiles(path))
    path.unlink()
    with qtbot.waitSignal(opened[0].failed) as got:
        opened[0]._ask(keys_around(13)[0])
    assert "town.mbtiles" in got.args[0] and "请" in got.args[0]


@pytest.mark.parametrize("kind", ["missing", "rubbish", "vector", "empty"])
def test_a_file_that_cannot_be_used_is_refused_with_what_to_do(tmp_path, kind):
    path = tmp_path / "town.mbtiles"
    if kind == "rubbish":
        path.write_bytes(b"no database" * 100)
    elif kind == "vector":
        mbtiles(path, {(1, 0, 0): "#ff0000"}, format="pbf")
    elif kind == "empty":
        mbtiles(path, {})
    with pytest.raises(TilesError, match="请"):
        MbTiles(path)


def test_a_map_with_tiles_follows_pulling_and_zooming(qtbot, tmp_path, opened):
    path = mbtiles(tmp_path / "town.mbtiles", dict.fromkeys(keys_around(15), "#ff0000"))
    opened.append(MbTiles(path))
    canvas = shown_town(qtbot)
    canvas.set_tiles(opened[0])
    canvas.set_view(View(*place(-200, 500), 1.0))
    corner = pixel_of(canvas, *place(-100, 500)).toPoint()
    qtbot.waitUntil(lambda: canvas.grab().toImage().pixelColor(corner) == QColor("#ff0000"))
