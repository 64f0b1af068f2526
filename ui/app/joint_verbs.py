"""The command line's verbs for whistles and orders: every deed of their screens by a word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Protocol

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import ORDER, WHISTLE, SummonsRow
from commandcenter.domain.joint_offers import caller_orgs
from commandcenter.domain.joint_workflow import lane_machine, load_machine
from ui.app.unit_words import the_unit
from ui.models.joint_scores import FAULTS
from ui.screens.whistle.screen import JointScreen
from ui.screens.workplace import Workplace
from widgets.command_line import Suggestion
from widgets.tones import Tone

JOINT_NO = re.compile(r"(CS|LH|cs|lh)-?[\d-]{1,20}")
_ELSEWHERE = frozenset({"draft"})  # the composer


class Stage(Protocol):
    """What these verbs may do to the window."""

    def show_screen(self, name: str) -> None:
        """Show a screen of the registry."""

    def joint_screen(self, kind: str) -> JointScreen:
        """Show the screen of whistles or orders."""

    def open_joint(self) -> JointScreen | None:
        """The one that is shown now."""

    def show_summons(self, row: SummonsRow) -> None:
        """Open one on its screen."""


class JointVerbs:
    """Raises `error` (the command line's VerbError) for what cannot be done."""

    def __init__(self, place: Workplace, stage: Stage, error: Callable[[str], Exception]) -> None:
        self._place, self._stage, self._error = place, stage, error

    def everywhere(self) -> Iterable[tuple[str, str, Callable[[list[str]], None], str]]:
        """(word, meaning, deed, example) on every screen."""
        yield "吹哨", "吹哨台", lambda _: self._show(WHISTLE), ""
        yield "联合执法", "联合执法台", lambda _: self._show(ORDER), ""
        yield "哨", "打开吹哨或令：哨 编号", self._open_word, "哨 "
        for kind, word in ((WHISTLE, "拟哨"), (ORDER, "拟令")):
            if caller_orgs(kind, self._place.person, self._place.backend.directory):
                yield word, f"新拟{'吹哨' if kind == WHISTLE else '联合执法令'}", \
                    lambda _, k=kind: self._show(k).compose(), ""

    def here(self) -> dict[str, tuple[str, Callable[[list[str]], None], str]]:
        """word → (meaning, deed, example) while a screen of whistles or orders is shown; they go before the desk's."""
        screen = self._stage.open_joint()
        if screen is None:
            return {}
        found = {
            "筛选": ("筛选 文字；不写则清除", lambda words: self._filter(screen, words), "筛选 "),
            "放大": ("放大、还原所开事项", lambda _: screen.toggle_large(), ""),
            "下一步": ("所开事项的下一步", lambda _: screen.begin_next(), ""),
            "关闭": ("关闭所开事项", lambda _: screen.close_summons(), ""),
            "导出": ("导出 CSV | Excel：一哨一考", lambda words: self._export(screen, words), "导出 "),
            "上月": ("看上一月的考评", lambda _: screen.scores.go(1), ""),
            "下月": ("看下一月的考评", lambda _: screen.scores.go(-1), ""),
            "待办": ("待我办理", lambda _: screen.list.show_mine(), ""),
            "归档": ("最近归档的", lambda _: screen.list.show_over(), ""),
            "通报": ("本月通报；可写类别：通报 未响应", lambda words: self._bulletins(screen, words), "通报 "),
        }
        roles = self._place.roles
        for action in load_machine(screen.kind).actions:
            if action.code not in _ELSEWHERE and action.roles() & roles:
                deed = self._whole(screen, action.code, action.label)
                found[action.label] = (f"对所开事项：{action.label}", deed, "")
        for action in lane_machine(screen.kind).actions:
            if action.roles() & roles and action.label not in found:
                deed = self._lane(screen, action.code, action.label)
                found[action.label] = (f"对参与单位：{action.label} 单位", deed, f"{action.label} ")
        return found

    def open_number(self, text: str) -> None:
        """Open one by its number or the number's last digits: on the board at once, else asked for."""
        digits = text.rpartition("-")[2].lstrip("0")
        rows = [row for row in self._place.joint.summons.values()
                if row.no.lower() == text.lower() or row.no.rpartition("-")[2].lstrip("0") == digits]
        screen = self._stage.open_joint()
        rows.sort(key=lambda row: (screen is not None and row.kind == screen.kind, row.id), reverse=True)
        if rows:
            self._stage.show_summons(rows[0])
        else:
            self._place.backend.start(self._ask(text))

    def complete(self, text: str) -> list[Suggestion]:
        """Lanes of the one that is open, for a verb on a lane."""
        head, _, rest = text.partition(" ")
        screen = self._stage.open_joint()
        codes = {a.label: a.code for a in lane_machine(screen.kind).actions} if screen is not None else {}
        if screen is None or screen.opened is None or head not in codes or not text.endswith((" ", rest)):
            return []
        found = [s.party_no for s in screen.summons.steps if s.action.code == codes[head] and s.party_no is not None]
        names = [self._place.words.unit(screen.opened.party(no).unit_id) for no in found]
        return [Suggestion(f"{head} {name}", f"{head} {name}", "回车") for name in names if name.startswith(rest)]

    # ------------------------------------------------------------ inside
    def _show(self, kind: str) -> JointScreen:
        return self._stage.joint_screen(kind)

    def _open_word(self, words: list[str]) -> None:
        if not words:
            raise self._error("请写编号，例：哨 0003")
        self.open_number(words[0])

    async def _ask(self, text: str) -> None:
        queries = self._place.backend.session.joint_queries
        try:
            row = await self._place.backend.call(queries.summons_by_no, text.upper())
        except DomainError as error:
            self._place.notices.say("open", f"查不到 {text}", Tone.NEAR, error.message)
            return
        if row is None:
            self._place.notices.say("open", f"您的范围内没有吹哨或令 {text}", Tone.NEAR)
        else:
            self._stage.show_summons(row)

    def _filter(self, screen: JointScreen, words: list[str]) -> None:
        if words:
            screen.board.filters.open_search()
            screen.board.filters.search.setText(" ".join(words))
        else:
            screen.board.filters.clear()

    def _export(self, screen: JointScreen, words: list[str]) -> None:
        endings = {"csv": "csv", "excel": "xlsx", "xlsx": "xlsx"}
        ending = endings.get(words[0].lower()) if words else "csv"
        if ending is None:
            raise self._error("只能导出 CSV 或 Excel，例：导出 Excel")
        screen.scores.file.ask_file(ending)

    def _bulletins(self, screen: JointScreen, words: list[str]) -> None:
        keys = {word: key for key, word in FAULTS}
        if words and words[0] not in keys:
            raise self._error(f"通报的类别是 {'、'.join(keys)}")
        screen.show_bulletins(keys[words[0]] if words else None)

    def _whole(self, screen: JointScreen, code: str, label: str) -> Callable[[list[str]], None]:
        def begin(_words: list[str]) -> None:
            self._need_open(screen)
            if not screen.begin_code(code):
                raise self._error(f"所开事项现在不能{label}")
        return begin

    def _lane(self, screen: JointScreen, code: str, label: str) -> Callable[[list[str]], None]:
        def begin(words: list[str]) -> None:
            row = self._need_open(screen)
            unit = self._unit(row, words[0]) if words else None
            if not screen.begin_code(code, unit):
                raise self._error(f"{'该单位' if words else '所开事项的参与单位'}现在不能{label}")
        return begin

    def _need_open(self, screen: JointScreen) -> SummonsRow:
        row = screen.opened
        if row is None:
            raise self._error("先打开一张卡片，例：哨 0003")
        return row

    def _unit(self, row: SummonsRow, word: str) -> int:
        units = frozenset(party.unit_id for party in row.live_parties)
        found = the_unit(word, self._place.backend.directory, units)
        if isinstance(found, list):
            names = "、".join(org.short_name for org in found[:6])
            raise self._error(f"“{word}”可能是 {names}，请写全" if found else f"参与单位中没有“{word}”")
        return found.id
