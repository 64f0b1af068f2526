"""The command line's verbs for the map: go to an area, find a case, camera, worker or point on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from widgets.command_line import Suggestion

if TYPE_CHECKING:  # the map is imported when it is first wanted
    from ui.models.map_found import Found
    from ui.screens.map.screen import MapDesk

Told = tuple[str, str, Callable[[list[str]], None], str]
_MAP, _LOCATE = "地图", "定位"
_SHOWN = 8


class Stage(Protocol):
    """What these verbs may do to the window."""

    def map_desk(self) -> MapDesk:
        """Show the map."""

    def made_map(self) -> MapDesk | None:
        """The map, if it was shown before."""


class MapVerbs:
    """Raises `error` (the command line's VerbError) for what cannot be done; what is not found the map says itself."""

    def __init__(self, stage: Stage, error: Callable[[str], Exception]) -> None:
        self._stage, self._error = stage, error

    def everywhere(self) -> Iterable[Told]:
        """(word, meaning, deed, example) on every screen."""
        yield _MAP, "地图 地名：到这个街道、社区或网格；不写则看地图", self._show, f"{_MAP} "
        yield _LOCATE, "定位 案件号、摄像机、人员或经纬度：在地图上找到它", self._locate, f"{_LOCATE} "

    def complete(self, text: str) -> list[Suggestion]:
        """Areas or things after their verbs, once the map is there."""
        head, _, rest = text.partition(" ")
        desk = self._stage.made_map() if head in (_MAP, _LOCATE) and rest.strip() else None
        if desk is None:
            return []
        found = [one for one in desk.finding.find(rest) if head == _LOCATE or one.kind == "area"]
        return [Suggestion(f"{head} {_typed(one)}", f"{head} {one.title}", one.hint) for one in found[:_SHOWN]]

    def _show(self, words: list[str]) -> None:
        desk = self._stage.map_desk()
        if words:
            desk.finding.seek(" ".join(words), areas_only=True)

    def _locate(self, words: list[str]) -> None:
        if not words:
            raise self._error(f"要找什么？例：{_LOCATE} 2378，{_LOCATE} 116.41, 39.92")
        self._stage.map_desk().finding.seek(" ".join(words))


def _typed(found: Found) -> str:
    """What finds it again."""
    if found.kind == "number":
        return str(found.what)
    return found.title.partition(" ")[0] if found.kind == "case" else found.title.replace(" · ", " ")
