"""Qt tests run without a display, in the bundled font and dark theme, and fail on any unexpected Qt warning."""

import os
import sys
from functools import partial

import pytest

if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# What the offscreen platform says about itself, not about our code.
_PLATFORM_NOISE = ("This plugin does not support", "propagateSizeHints")

_PATIENCE_MS = 30_000


def pytest_configure(config):
    config.addinivalue_line("markers", "no_theme: start this test without applying the theme")


def pytest_itemcollected(item):
    if "qt_log_level_fail" not in {mark.name for mark in item.iter_markers()}:
        item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
        item.add_marker(pytest.mark.qt_log_ignore(*_PLATFORM_NOISE))


@pytest.fixture(scope="session")
def qapp(qapp_cls, qapp_args):
    from PySide6.QtWidgets import QApplication

    from widgets.fonts import install_fonts
    from widgets.theme import apply_theme, load_theme

    app = QApplication.instance() or qapp_cls(qapp_args)
    assert install_fonts().ok
    apply_theme(app, load_theme("dark"))
    return app


@pytest.fixture
def qtbot(qtbot):
    """pytest-qt keeps widgets weakly: one that only a cycle holds could be collected while it is being painted."""
    kept, add = {}, qtbot.addWidget

    def keep(widget, **more):
        kept[id(widget)] = widget
        widget.destroyed.connect(partial(kept.pop, id(widget), None))
        add(widget, **more)

    qtbot.addWidget = qtbot.add_widget = keep
    qtbot.waitUntil = qtbot.wait_until = _patient(qtbot.waitUntil)
    qtbot.waitSignal = qtbot.wait_signal = _patient(qtbot.waitSignal)
    return qtbot


def _patient(wait):
    """Nothing here is a measurement: on a machine that others use, too, five seconds may pass without a turn. Who waits
    for what shall not happen (assertNotEmitted) waits as long as he says."""
    def waited(*what, timeout=0, raising=True, **more):
        if not raising:
            return wait(*what, timeout=timeout, raising=False, **more)
        return wait(*what, timeout=max(timeout, _PATIENCE_MS), **more)
    return waited
