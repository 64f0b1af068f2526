"""The command line's verbs for the wall: 投屏 something, 收回 it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from commandcenter.domain.wall import HallWall
from ui.models.camera_columns import found
from ui.models.joint_words import JointWords
from ui.models.wall_lines import about, case_about, running
from ui.screens.wall.push import pusher_of
from ui.screens.workplace import Workplace
from widgets.command_line import Suggestion

Told = tuple[str, str, Callable[[list[str]], None], str]
Thing = tuple[str, int | None, str, str, str]  # kind, id, scene, what is typed, hint
_PUSH, _BACK, _AT = "投屏", "收回", "@"
_SHOWN = 8


class WallVerbs:
    """Raises `error` (the command line's VerbError) for what cannot be done."""

    def __init__(self, place: Workplace, error: Callable[[str], Exception]) -> None:
        self._place, self._error = place, error

    def everywhere(self) -> Iterable[Told]:
        """(word, meaning, deed, example) on every screen; nothing for whoever may not push."""
        if not pusher_of(self._place).may_push:
            return
        yield _PUSH, "投屏 案件号、哨号、街道、场景或摄像机 [@大屏名称]", self._push, f"{_PUSH} "
        yield _BACK, "收回 大屏名称；不写则收回全部", self._take_back, ""

    def complete(self, text: str) -> list[Suggestion]:
        """What may be pushed, or walls where something hangs."""
        head, _, rest = text.partition(" ")
        if " " not in text or not pusher_of(self._place).may_push:
            return []
        if head == _BACK:
            return [Suggestion(f"{_BACK} {wall.name}", f"{_BACK} {wall.name}", "收回")
                    for wall in self._hanging() if rest.strip() in wall.name]
        if head != _PUSH:
            return []
        typed, at, wall = rest.partition(_AT)
        if at:
            return [Suggestion(f"{_PUSH} {typed}{_AT}{w.name}", f"{_PUSH} {typed}{_AT}{w.name}", "大屏")
                    for w in pusher_of(self._place).alive if wall.strip() in w.name]
        self._place.cameras.want()
        return [Suggestion(f"{_PUSH} {word}", f"{_PUSH} {word}", hint)
                for _, _, _, word, hint in self._things(typed.strip())][:_SHOWN]

    # ------------------------------------------------------------ the verbs
    def _push(self, words: list[str]) -> None:
        typed, _, named = " ".join(words).partition(_AT)
        typed = typed.strip()
        if not typed:
            raise self._error(f"投什么？例：{_PUSH} 2378，{_PUSH} 天坛，{_PUSH} 总览")
        things = list(self._things(typed))
        exact = [thing for thing in things if thing[3] == typed]
        if len(exact or things) != 1:
            names = "、".join(thing[3] for thing in things[:4])
            raise self._error(f"“{typed}”可能是 {names}，请写全" if things else f"没有可以投屏的“{typed}”")
        kind, entity_id, scene, word, hint = (exact or things)[0]
        pusher_of(self._place).push(self._wall(named.strip()), kind, entity_id, scene, f"{hint} {word}")

    def _take_back(self, words: list[str]) -> None:
        named = " ".join(words).strip()
        walls = [wall for wall in self._hanging() if named in ("", wall.name)]
        if not walls:
            raise self._error("大屏上没有投屏的内容" if not named else f"大屏“{named}”上没有投屏的内容")
        for wall in walls:
            pusher_of(self._place).take_back(wall)

    # ------------------------------------------------------------ finding
    def _wall(self, named: str) -> HallWall:
        alive = pusher_of(self._place).alive
        fitting = [wall for wall in alive if named in wall.name]
        exact = [wall for wall in fitting if wall.name == named]
        if not alive:
            raise self._error("没有正在运行的大屏；先在大屏主机上运行 main.py run --screen wall")
        if len(exact or fitting) != 1:
            names = "、".join(wall.name for wall in fitting or alive)
            raise self._error(f"投到哪一块大屏？写作 {_PUSH} 内容 {_AT}名称；可用：{names}")
        return (exact or fitting)[0]

    def _hanging(self) -> list[HallWall]:
        return [wall for wall in pusher_of(self._place).alive if wall.push is not None]

    def _things(self, typed: str) -> Iterator[Thing]:
        """Scenes and streets by name, cases and whistles by the end of their number, cameras by name."""
        yield from self._by_name(typed)
        if typed.isdecimal():
            yield from self._by_number(typed)
        elif typed:
            cameras = self._place.cameras.cameras.values()
            for camera in found(cameras, typed, self._place.words.unit, _SHOWN):
                yield "camera", camera.id, "", camera.name, "视频"

    def _by_name(self, typed: str) -> Iterator[Thing]:
        directory = self._place.backend.directory
        for scene in pusher_of(self._place).scenes:
            if typed in scene.label:
                yield "scene", None, scene.code, scene.label, "场景"
        held = {grid.street_id for grid in directory.grids.values()}
        for org in directory.orgs.values():
            if org.id in held and typed in org.name:
                yield "street", org.id, "", org.short_name or org.name, "街道"

    def _by_number(self, typed: str) -> Iterator[Thing]:
        place, wanted = self._place, typed.lstrip("0") or typed
        for row in place.live.picture.rows.values():
            if place.words.number(row).lstrip("0") == wanted:
                yield "case", row.id, "", place.words.number(row), f"案件 {case_about(row, place.backend.directory)}"
        words = JointWords(place.words, place.joint.rules)
        for summons in running(place.joint.summons.values()):
            if words.number(summons).lstrip("0") == wanted:
                yield "summons", summons.id, "", f"哨{words.number(summons)}", f"吹哨 {about(summons, words)}"
