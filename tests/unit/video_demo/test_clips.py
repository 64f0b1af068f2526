"""The scenes' clips: what cameras send, and that their end fits their beginning."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from commandcenter.video.demo.clips import CLIPS, FORMATS, clips_each, clips_folder, make_all, make_clip
from commandcenter.video.demo.reel import load_reel
from commandcenter.video.demo.scene.actors import Path as FilmPath
from commandcenter.video.demo.scene.canvas import Canvas
from commandcenter.video.demo.scene.film import Scene, pictures
from commandcenter.video.demo.scene.layouts import LAYOUTS
from commandcenter.video.demo.scene.light import DAY, DUSK
from commandcenter.video.demo.scene.props import tree
from commandcenter.video.demo.scene.sprites import sprite_of
from commandcenter.video.demo.scene.stage import Stage
from commandcenter.video.demo.scene.view import View

SMALL = (320, 180)
PROGRAM = Path(__file__).parents[3]


def _luma(category: str, light=DAY, seed: int = 1, count: int = 1) -> list[np.ndarray]:
    scene = LAYOUTS[category](SMALL, light, seed)
    return [whole[: SMALL[1]].astype(int) for whole in pictures(scene, count)]


def test_a_clip_has_the_cameras_form_and_a_key_picture_every_second(tmp_path):
    file = tmp_path / "street-1/sub.mp4"
    make_clip(file, CLIPS[0], "sub", seconds=2)
    reel = load_reel(file)
    assert (len(reel.units), float(reel.fps)) == (25, 12.5)
    assert [number for number, unit in enumerate(reel.units) if unit.key] == [0, 12, 24]
    assert "H264/90000" in reel.format[0]
    assert [path.name for path in tmp_path.rglob("*.mp4")] == ["sub.mp4"]


@pytest.mark.parametrize("category", list(LAYOUTS))
def test_every_category_shows_a_scene_in_which_something_moves(category):
    scene = LAYOUTS[category](SMALL, DAY, 1)
    first, later = (whole[: SMALL[1]].astype(int) for whole in map(np.copy, list(_every(scene, 12))[0:4:3]))
    assert first.std() > 20  # no empty picture
    moved = np.abs(later - first) > 25  # more than the sensor's noise
    assert 20 < moved.sum() < first.size / 4


def _every(scene, count: int):
    for whole in pictures(scene, count):
        yield whole.copy()


def test_a_seed_draws_another_place_and_dusk_is_dark():
    day, other = _luma("street")[0], _luma("street", seed=2)[0]
    dusk = _luma("street", light=DUSK)[0]
    assert np.abs(day - other).mean() > 8
    assert dusk.mean() < day.mean() * 0.75


def test_who_walks_is_at_the_clips_end_where_he_was_at_its_beginning():
    way = FilmPath(((0.0, 0.0), (3.0, 4.0), (3.0, 24.0)), laps=2, phase=0.3)
    assert way.length == 25
    assert way.at(1.0)[:3] == pytest.approx(way.at(0.0)[:3])
    steps = [np.subtract(way.at((n + 1) / 500)[:2], way.at(n / 500)[:2]) for n in range(500)]
    lengths = np.hypot(*np.array(steps).T)
    assert sum(lengths > 1) == 2  # each lap jumps once, faded out
    assert np.median(lengths) == pytest.approx(25 * 2 / 500, rel=1e-6)


def test_the_camera_sees_the_ground_where_it_says():
    view = View(640, 360, height=7, yaw=5, pitch=14)
    x, y, metre = view.spot(3.0, 0.0, 20.0)
    ground_x, ground_z, far = view.ground()
    assert ground_x[int(y), int(x)] == pytest.approx(3.0, abs=0.1)
    assert ground_z[int(y), int(x)] == pytest.approx(20.0, abs=0.5)
    assert metre == pytest.approx(view.focal / far[int(y), int(x)], rel=0.02)
    assert view.spot(0, 0, -5)[2] == 0


def test_every_category_has_a_clip_and_both_streams():
    assert all(clips_each()[category] >= 1 for category in LAYOUTS)
    assert {clip.name.rpartition("-")[0] for clip in CLIPS} == set(LAYOUTS)
    assert FORMATS["main"].size == (1280, 720)


def test_clips_are_made_once_small_streams_first_and_those_of_other_programs_removed(tmp_path, monkeypatch):
    made: list[tuple[str, str]] = []

    def write(file, clip, kind):
        made.append((clip.name, kind))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()

    monkeypatch.setattr("commandcenter.video.demo.clips.make_clip", write)
    folder = clips_folder(tmp_path)
    (old := folder.with_name("old")).mkdir(parents=True)
    make_all(folder)
    assert made == [(clip.name, kind) for kind in ("sub", "main") for clip in CLIPS]
    assert not old.exists()
    (folder / "mall-1/sub.mp4").unlink()
    made.clear()
    make_all(folder)
    assert made == [("mall-1", "sub")]


def test_who_has_drawn_all_ends_well_while_the_program_goes_on(tmp_path):
    folder = clips_folder(tmp_path)
    for clip in CLIPS:
        for kind in FORMATS:
            (folder / clip.name).mkdir(parents=True, exist_ok=True)
            (folder / clip.name / f"{kind}.mp4").touch()
    words = [sys.executable, "-m", "commandcenter.video.demo.clips", str(folder)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=PROGRAM) as maker:
        assert maker.stderr is not None
        assert maker.wait(60) == 0, maker.stderr.read()


class _Square:
    """Stands at one place of the picture, bright."""

    path = FilmPath(((0.0, 1.0), (0.0, 2.0)))

    def __init__(self, far: float) -> None:
        self._far = far

    def seen(self, _view, _light, _moment):
        return self._far, sprite_of(_square((255.0, 255.0, 255.0)))


def _square(colour) -> Canvas:
    canvas = Canvas(40, 40, 100, 100)
    canvas.polygon(np.array([(90.0, 90), (150, 90), (150, 150), (90, 150)]), colour)
    return canvas


@pytest.mark.parametrize(("far", "bright"), [(8.0, True), (30.0, False)])
def test_who_is_behind_what_stands_is_hidden_and_who_is_before_it_is_seen(far, bright):
    stage = Stage(View(*SMALL), DAY, 1)
    stage.put_up(_square((0.0, 0.0, 0.0)), 20.0)
    first = next(_every(Scene(stage, [_Square(far)]), 1))
    assert bool(first[120, 120] > 120) is bright


def test_a_tree_is_put_up_so_that_people_pass_behind_it():
    stage = Stage(View(*SMALL), DAY, 1)
    tree(stage, 0.0, 20.0)
    tree(stage, 0.0, 200.0)  # too far to matter
    assert [round(far) for far, _ in stage.standing] == [20]
