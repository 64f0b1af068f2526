"""What the tests of the forms share."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QWidget

from commandcenter.domain.gazetteer import Gazetteer
from commandcenter.domain.matching import ItemIndex
from commandcenter.domain.model import Directory
from tests.support.small_city import city
from ui.forms.context import FormContext

NOW = datetime(2026, 9, 30, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def context_of(directory: Directory | None = None, **more: Any) -> FormContext:
    """A context whose clock stands still at 2026-09-30 15:00."""
    directory = directory or city()
    index = ItemIndex(directory.items.values())
    return FormContext(directory, index, Gazetteer(directory), NOW.timestamp, **more)


def show_active(qtbot: Any, widget: QWidget) -> None:
    """Show a window and wait until it has the keyboard."""
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
