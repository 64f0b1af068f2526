"""The command line's verbs for windows: named layouts, and panels in windows of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from ui.app.docks import DOCKS, Docks
from ui.app.layouts import NoLayout, layouts, load_layout, save_layout
from ui.app.preferences import Preferences
from ui.bridge.notices import Notices
from widgets.command_line import Suggestion
from widgets.tones import Tone

Told = tuple[str, str, Callable[[list[str]], None], str]
_LAYOUT, _TEAR = "布局", "拆出"
_SAVE = "保存"


class Stage(Protocol):
    """What these verbs may do to the window."""

    @property
    def docks(self) -> Docks:
        """Its panels."""

    def remember_place(self) -> None:
        """Write down where it stands now."""

    def take_layout(self) -> None:
        """The arrangement in the preferences is another: every window takes it up."""


class LayoutVerbs:
    """Raises `error` (the command line's VerbError) for what cannot be done."""

    def __init__(self, stage: Stage, preferences: Preferences, notices: Notices,
                 error: Callable[[str], Exception]) -> None:
        self._stage, self._preferences, self._notices, self._error = stage, preferences, notices, error

    def everywhere(self) -> Iterable[Told]:
        """(word, meaning, deed, example) on every screen."""
        yield _LAYOUT, "布局 名称：按它摆放窗口；布局 保存 名称", self._layout, f"{_LAYOUT} "
        yield _TEAR, "拆出 面板：放到单独的窗口，再说一次收回", self._tear, f"{_TEAR} "

    def complete(self, text: str) -> list[Suggestion]:
        """Layouts or panels after their verbs."""
        head, _, rest = text.partition(" ")
        if " " not in text:
            return []
        if head == _LAYOUT:
            found = [name for name in layouts(self._preferences) if rest.strip() in name]
            save = [] if rest.strip() and not _SAVE.startswith(rest.strip()) else [
                Suggestion(f"{_LAYOUT} {_SAVE} ", f"{_LAYOUT} {_SAVE} 名称", "把现在的窗口位置存下来")]
            return [*(Suggestion(f"{_LAYOUT} {n}", f"{_LAYOUT} {n}", "按它摆放窗口") for n in found), *save]
        if head == _TEAR:
            return [Suggestion(f"{_TEAR} {d.title}", f"{_TEAR} {d.title}", self._hint(d.key))
                    for d in DOCKS.values() if rest.strip() in d.title]
        return []

    # ------------------------------------------------------------ the verbs
    def _layout(self, words: list[str]) -> None:
        if not words:
            known = "、".join(layouts(self._preferences)) or "还没有"
            raise self._error(f"要哪一个布局？已有：{known}；新存一个：布局 保存 名称")
        try:
            if words[0] == _SAVE:
                self._save(" ".join(words[1:]))
            else:
                load_layout(self._preferences, " ".join(words))
                self._stage.take_layout()
        except NoLayout as why:
            raise self._error(str(why)) from why

    def _save(self, name: str) -> None:
        self._stage.remember_place()
        save_layout(self._preferences, name)
        self._notices.say("layout", f"布局“{name.strip()}”已保存", Tone.OK, f"需要时输入：布局 {name.strip()}")

    def _tear(self, words: list[str]) -> None:
        said = " ".join(words)
        found = [dock for dock in DOCKS.values() if said and said in dock.title]
        exact = [dock for dock in found if dock.title == said] or found
        if len(exact) != 1:
            raise self._error(f"要拆出哪个面板？可选：{'、'.join(dock.title for dock in exact or DOCKS.values())}")
        self._stage.docks.toggle(exact[0].key)

    def _hint(self, key: str) -> str:
        return "收回" if key in self._stage.docks.torn else "放到单独的窗口"
