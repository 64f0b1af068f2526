"""Panels on walls of any ratio: whole pixels, no overlap, nothing lost, nothing smaller than it needs; type for 8 m."""

import math

import pytest

from commandcenter.domain.wall import PANELS
from tests.fakes.wall import PLAN
from ui.models.wall_grid import GAP, HEADER, NEEDS, Rect, arrange, largest_unit
from ui.models.wall_play import _PUSHED
from ui.models.wall_type import CAPITAL, Sight, legible_mm, smallest_font

WALLS = {(1920, 1080): (), (3840, 2160): (1920,), (6656, 1792): (), (5760, 1080): (1920, 3840), (1366, 768): (),
         (1280, 1024): (), (1080, 1920): (), (2560, 1080): (), (3240, 1920): (1080, 2160)}  # fmt: skip
SCENES = [*PLAN.scenes, *_PUSHED.values()]


def overlap(one: Rect, other: Rect) -> bool:
    return (one.x < other.x + other.width and other.x < one.x + one.width
            and one.y < other.y + other.height and other.y < one.y + one.height)


@pytest.mark.parametrize("size", WALLS)
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.code)
def test_every_panel_is_on_a_page_where_it_has_what_it_needs(size, scene):
    unit = smallest_font(size)
    pages = arrange(scene.columns, size, unit, WALLS[size])
    assert {panel for page in pages for panel in page} == {panel for column in scene.columns for panel in column}
    for page in pages:
        rects = list(page.values())
        assert not any(overlap(a, b) for n, a in enumerate(rects) for b in rects[n + 1:])
        for panel, rect in page.items():
            assert rect.x >= 0 and rect.x + rect.width <= size[0]
            assert rect.y >= int(HEADER * unit) and rect.y + rect.height <= size[1]
            assert rect.height >= min(NEEDS[panel].height * unit, size[1] - (HEADER + 2 * GAP) * unit) - 2, panel
            assert rect.width >= min(NEEDS[panel].width * unit, size[0] - 2 * GAP * unit) - 2, panel


@pytest.mark.parametrize("size", WALLS)
def test_columns_end_together(size):
    unit = smallest_font(size)
    for page in arrange(PLAN.scenes[0].columns, size, unit, WALLS[size]):
        bottoms = {rect.x: 0 for rect in page.values()}
        for rect in page.values():
            bottoms[rect.x] = max(bottoms[rect.x], rect.y + rect.height)
        assert len(set(bottoms.values())) == 1


def test_who_sits_further_away_gets_further_pages_and_not_smaller_type():
    size = (1920, 1080)
    far = smallest_font(size, sight=Sight(16.0))
    assert far == 31
    pages = arrange(PLAN.scenes[0].columns, size, far)
    assert len(pages) > 1
    shown = {panel for page in pages for panel in page}
    assert shown == {panel for column in PLAN.scenes[0].columns for panel in column}


def test_borders_between_columns_lie_on_the_seams_of_three_monitors():
    page = arrange(PLAN.scenes[0].columns, (5760, 1080), 16, (1920, 3840))[0]
    crossed = [panel for panel, rect in page.items() for seam in (1920, 3840) if rect.x < seam < rect.x + rect.width]
    assert crossed == []


def test_a_broad_wall_has_more_columns_and_larger_type_where_there_is_room():
    columns = PLAN.scenes[0].columns
    flat, broad = arrange(columns, (1920, 1080), 16)[0], arrange(columns, (6656, 1792), 26)[0]
    assert len({rect.x for rect in flat.values()}) == 3 and len({rect.x for rect in broad.values()}) == 5
    unit = largest_unit(columns, (6656, 1792), 26, 1.25)
    assert 26 < unit <= 33 and len(arrange(columns, (6656, 1792), unit)) == 1
    assert largest_unit(columns, (1920, 1080), 16, 1.25) == 16


def test_every_panel_a_scene_may_name_has_a_place():
    assert set(PANELS) <= set(NEEDS)


# ------------------------------------------------------------ type
def test_ten_minutes_of_arc_at_eight_metres_are_23_millimetres():
    assert legible_mm(8.0) == pytest.approx(23.27, abs=0.01)
    assert legible_mm(8.0) == pytest.approx(8000 * math.radians(10 / 60), rel=1e-4)


@pytest.mark.parametrize(("size", "font"), [((1920, 1080), 16), ((3840, 2160), 31), ((6656, 1792), 26),
                                            ((1366, 768), 11)])
def test_a_wall_nobody_measured_counts_as_four_metres_wide_at_16_to_9(size, font):
    assert smallest_font(size) == font
    width_mm = 2250 * size[0] / min(size)
    assert font * CAPITAL * width_mm / size[0] >= legible_mm(8.0)
    assert (font - 1) * CAPITAL * width_mm / size[0] < legible_mm(8.0)


def test_what_was_set_holds_then_what_monitors_tell_if_it_can_be_a_wall():
    size = (1920, 1080)
    assert smallest_font(size, 8000.0) == math.ceil(legible_mm(8) / (8000 / 1920) / CAPITAL) == 8
    assert smallest_font(size, 531.0) == smallest_font(size)  # a desk's monitor
    assert smallest_font(size, 2400.0) == smallest_font(size)  # nobody stands eight metres before a small wall
    assert smallest_font(size, 2400.0, Sight(8.0)) == math.ceil(legible_mm(8) / (2400 / 1920) / CAPITAL)
    assert smallest_font(size, 8000.0, Sight(8.0, 2.0)) == math.ceil(legible_mm(8) / (2000 / 1920) / CAPITAL)
    assert smallest_font(size, sight=Sight(12.0)) == pytest.approx(1.5 * 15.24, abs=1)
