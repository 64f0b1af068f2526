"""Every screen as a picture, without a display, in every size and both themes.

A theme changes colours and a size the layout: both themes are drawn in the middle size, one each in the others.
"""

from pathlib import Path

import pytest

from tests.support.pictures import assert_is_a_screen
from tests.support.program import ProgramHome
from ui.screens.registry import SCREENS

SIZES = {(1366, 768): ("dark",), (1920, 1080): ("dark", "light"), (3840, 2160): ("light",)}
BETWEEN = 110  # in brightness, dark and light


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_shot_has_exactly_the_size_asked_for_and_shows_something(
    home: ProgramHome, tmp_path: Path, screen: str, size: tuple[int, int]
) -> None:
    home.filed()
    for theme in SIZES[size]:
        assert (shot(home, tmp_path, screen, size, theme) < BETWEEN) is (theme == "dark")


def shot(home: ProgramHome, folder: Path, screen: str, size: tuple[int, int], theme: str) -> float:
    """Draw it; its mean brightness without the alpha channel's share."""
    file = folder / f"{theme}.png"
    told = home.figures("shot", screen, file, "--size", f"{size[0]}x{size[1]}", "--theme", theme)
    assert told == {"file": str(file)}
    return assert_is_a_screen(file, *size)


def test_a_screen_that_does_not_exist_is_named(home: ProgramHome, tmp_path: Path) -> None:
    done = home.word("shot", "nowhere", tmp_path / "x.png")
    assert done.returncode == 1
    assert "nowhere" in done.stderr
    assert "dispatch" in done.stderr
