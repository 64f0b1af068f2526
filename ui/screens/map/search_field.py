"""Finds a place, case, camera, worker or point on the map while it is typed; Enter or a click goes there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal

from ui.models.map_found import Found
from widgets.command_line import CommandLine, Suggestion

_MOST = 10


class SearchField(CommandLine):
    """chosen(Found). Enter takes the first unless another one is marked."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__("搜索地名、案件、坐标…", "Ctrl F")
        self.setAccessibleName("地图搜索")
        self.setToolTip("地名、案件号、摄像机、人员、经纬度")
        self._find: Callable[[str], Sequence[Found]] = lambda _text: ()
        self._found: list[Found] = []
        self.set_complete(self._offer)
        self.submitted.connect(lambda _: self._go(0))

    def set_find(self, find: Callable[[str], Sequence[Found]]) -> None:
        """Ask here; quick, it is asked at every key."""
        self._find = find

    def offer_again(self) -> None:
        """More can be found now than when it was typed."""
        if self.hasFocus() and self.text():
            self._suggest()

    def _offer(self, text: str) -> list[Suggestion]:
        self._found = list(self._find(text))[:_MOST]
        return [Suggestion(str(number), found.title, found.hint) for number, found in enumerate(self._found)]

    def _take(self, suggestion: Suggestion) -> None:
        """What was chosen is gone to at once."""
        self._go(int(suggestion.text))

    def _go(self, number: int) -> None:
        if number < len(self._found):
            found = self._found[number]
            self.clear()
            self._offer("")
            self._show([])
            self.chosen.emit(found)
        else:
            self.set_error("没有找到；可输入街道、社区、网格、案件号、摄像机名称、人员姓名，或“经度, 纬度”")
