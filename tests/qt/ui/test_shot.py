"""A shot is complete: drawn from loaded data, in both themes and any size."""

import subprocess
import sys

import pytest

SCRIPT = """
import sys
from tests.fakes.population import small_city
from tests.fakes.session import PEOPLE, FakeSession
from ui.app.shot import ShotFailed, render_screen
session = FakeSession(small_city(filed=4, in_progress=3), PEOPLE["dispatcher"])
image = render_screen(session, "dispatch", (1366, 768), sys.argv[1])
assert (image.width(), image.height()) == (1366, 768), image.size()
assert session.closed
colours = {image.pixelColor(x, y).name() for x in range(0, 1366, 7) for y in range(0, 768, 7)}
assert len(colours) > 30, colours
try:
    render_screen(session, "nowhere")
except ShotFailed as why:
    assert "dispatch" in str(why)
"""


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_shot_is_made_without_a_display(theme):
    done = subprocess.run([sys.executable, "-c", SCRIPT, theme], capture_output=True, text=True, timeout=120,
                          env={"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": "."}, check=False)
    assert done.returncode == 0, done.stderr
