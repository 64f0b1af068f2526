"""The command line's verbs: every deed of the desk by a word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from commandcenter.domain.model import CaseRow
from commandcenter.domain.notices import Notice
from commandcenter.domain.units import reach_for
from commandcenter.domain.workflow import load_workflow
from ui.app.affair_verbs import AFFAIR_NO, AffairVerbs
from ui.app.compose_verbs import ComposeVerbs
from ui.app.emergency_verbs import EmergencyVerbs
from ui.app.joint_verbs import JOINT_NO, JointVerbs, Stage
from ui.app.layout_verbs import LayoutVerbs
from ui.app.map_verbs import MapVerbs
from ui.app.preferences import DENSITY_NAMES, SOUNDS, THEMES, Preferences
from ui.app.replay_verbs import ReplayVerbs
from ui.app.unit_words import find_units, the_unit
from ui.app.video_verbs import VideoVerbs
from ui.app.wall_verbs import WallVerbs
from ui.screens.desk.desk import DeskScreen
from ui.screens.registry import FIGURES
from ui.screens.workplace import Workplace
from widgets.command_line import Suggestion

_NUMBER = re.compile(r"(\d{4}-)?\d{1,12}")
_SHOWN = 8


class VerbError(ValueError):
    """The command cannot be done; the message says why and what to type instead."""


@dataclass(frozen=True, slots=True)
class Verb:
    """A word and what it does with the words after it."""

    word: str
    meaning: str
    run: Callable[[list[str]], None]
    example: str = ""


@dataclass(frozen=True, slots=True)
class Shell:
    """What verbs may do to the window."""

    theme: Callable[[str], None]
    density: Callable[[str], None]
    new_window: Callable[[], None]
    help: Callable[[], None]
    notices: Callable[[], None]
    reminders: Callable[[], None]
    acknowledge: Callable[[Sequence[Notice] | None], None]
    sound: Callable[[str], None]
    put_away: Callable[[], None]
    log_out: Callable[[], None]
    quit: Callable[[], None]


class Verbs:
    """Completes and carries out what is typed."""

    def __init__(self, place: Workplace, desk: DeskScreen, shell: Shell, stage: Stage,
                 preferences: Preferences) -> None:
        self._place, self._desk, self._shell = place, desk, shell
        self._stage = stage
        self._joint = JointVerbs(place, stage, VerbError)
        self._affairs = AffairVerbs(place, stage, VerbError)
        self._video = VideoVerbs(place, stage, VerbError)
        self._wall, self._map = WallVerbs(place, VerbError), MapVerbs(stage, VerbError)
        self._emergency = EmergencyVerbs(place, stage, self._row, VerbError)
        self.replay = ReplayVerbs(place, stage, _NUMBER.fullmatch, VerbError)
        self._layout = LayoutVerbs(stage, preferences, place.notices, VerbError)
        self._compose = ComposeVerbs(place, desk, self._row, stage.joint_screen, lambda: stage.show_screen("dispatch"),
                                     VerbError)
        self._verbs = {verb.word: verb for verb in self._all()}

    def run(self, text: str) -> None:
        """Carry out a command; raises VerbError."""
        words = text.split()
        if not words:
            return
        head, rest = words[0], words[1:]
        known = self._known()
        if head in ("?", "？"):
            self._shell.help()
        elif head in known:
            known[head].run(rest)
        elif JOINT_NO.fullmatch(head):
            self._joint.open_number(head)
        elif AFFAIR_NO.fullmatch(head):
            self._affairs.open_number(head)
        elif queue := self._queue(head):
            self._desk_in_sight().show_queue(queue)
        elif _NUMBER.fullmatch(head):
            self._open(head)
        else:
            raise VerbError(f"没有“{head}”这个命令；可输入 派、撤销、队列名或案件号，? 看全部按键")

    def complete(self, text: str) -> list[Suggestion]:
        """What could be meant; quick, it is asked at every key."""
        head, _, rest = text.strip().partition(" ")
        if lanes := self._joint.complete(text):
            return lanes[:_SHOWN]
        parts = (self._video, self._layout, self._wall, self._map)
        if told := next((found for part in parts if (found := part.complete(text))), None):
            return told
        if head == "派" and "dispatcher" in self._place.roles:
            return self._complete_units(rest.split())
        if _NUMBER.fullmatch(head):
            return [Suggestion(head, f"打开案件 {head}", "回车")]
        found = [Suggestion(verb.example or verb.word, verb.word, verb.meaning)
                 for verb in self._known().values() if verb.word.startswith(head)]
        if head == "队列":
            found = self._complete_queues(rest.strip())
        elif head:
            found = [*found, *self._compose.complete(text), *self._complete_queues(head)]
        return found[:_SHOWN]

    def _complete_queues(self, typed: str) -> list[Suggestion]:
        """A queue that is called as a verb is (吹哨) needs the word 队列 before it."""
        counts = self._place.live.picture.counts
        return [Suggestion(f"队列 {queue.label}", f"队列 {queue.label}", f"{counts[queue.key]:,} 件")
                for queue in self._place.queues if queue.label.startswith(typed)]

    def _known(self) -> dict[str, Verb]:
        """By word; on the screens of whistles and orders theirs go before the desk's."""
        told = self._joint.here() | self._affairs.here()
        here = {word: Verb(word, meaning, run, example) for word, (meaning, run, example) in told.items()}
        return self._verbs | here

    # ------------------------------------------------------------ the verbs
    def _all(self) -> Iterable[Verb]:
        if "dispatcher" in self._place.roles:
            yield Verb("派", "派 单位 案件号…；不写案件号则派已选的", self._dispatch, "派 ")
            yield Verb("撤销", "撤销上一次派遣", lambda _: self._desk.dispatching.undo())
        if load_workflow().action["report"].roles() & self._place.roles:
            yield Verb("采集", "新案采集", lambda _: self._desk_in_sight().new_case())
        yield Verb("打开", "打开 案件号", self._open_word, "打开 ")
        yield Verb("看哨", "看哨 案件号：打开该案的吹哨、令；不写则看所选的", self._open_held, "看哨 ")
        yield Verb("队列", "队列 名称", self._show_queue, "队列 ")
        yield Verb("筛选", "筛选 文字；不写则清除", self._filter, "筛选 ")
        yield Verb("刷新", "重新载入全部在办案件", lambda _: self._place.live.resync())
        yield Verb("态势", "大屏的数字：可悬停、下钻、导出", lambda _: self._stage.show_screen(FIGURES))
        yield Verb("周边视频", "看所选案件最近的摄像机，或关闭", lambda _: self._desk_in_sight().case.near.toggle())
        parts = (self._joint, self._compose, self._affairs, self._video, self._layout, self._emergency,
                 self._wall, self._map, self.replay)
        yield from (Verb(*told) for part in parts for told in part.everywhere())
        yield from self._action_verbs()
        yield from self._shell_verbs()

    def _action_verbs(self) -> Iterable[Verb]:
        """Every action of the workflow that these roles may ever do, on the case shown."""
        for action in load_workflow().actions:
            if action.code in ("report", "dispatch", "undo_dispatch") or not action.roles() & self._place.roles:
                continue
            yield Verb(action.label, f"对当前案件：{action.label}", lambda _, a=action.code: self._act(a))

    def _shell_verbs(self) -> Iterable[Verb]:
        shell = self._shell
        for code, name in THEMES.items():
            yield Verb(f"主题{name}", f"换成{name}主题", lambda _, c=code: shell.theme(c))
        for code, name in DENSITY_NAMES.items():
            yield Verb(f"密度{name}", f"行高字号{name}", lambda _, c=code: shell.density(c))
        yield Verb("主题", "主题 深色 | 浅色", lambda words: shell.theme(_code(words, THEMES, "主题")), "主题 ")
        yield Verb("密度", "密度 紧凑 | 标准 | 宽松",
                   lambda words: shell.density(_code(words, DENSITY_NAMES, "密度")), "密度 ")
        yield Verb("新窗口", "再开一个窗口", lambda _: shell.new_window())
        yield Verb("通知", "看通知列表", lambda _: shell.notices())
        yield Verb("提醒", "看待确认的提醒", lambda _: shell.reminders())
        yield Verb("确认提醒", "确认提醒 案件号… | 全部；不写则确认已选的", self._acknowledge, "确认提醒 ")
        yield Verb("提示音", "提示音 开 | 关", lambda words: shell.sound(_code(words, SOUNDS, "提示音")), "提示音 ")
        yield Verb("收起提示", "收起画面上的全部提示", lambda _: shell.put_away())
        yield Verb("帮助", "本屏快捷键", lambda _: shell.help())
        yield Verb("注销", "换一个人登录", lambda _: shell.log_out())
        yield Verb("退出", "退出程序", lambda _: shell.quit())

    def _dispatch(self, words: list[str]) -> None:
        if not words:
            raise VerbError("要派给哪个单位？例：派 城管委 2378 2377")
        rows = [self._row(number) for number in words[1:]] or self._selected()
        unit = the_unit(words[0], self._place.backend.directory, self._reach(rows))
        if isinstance(unit, list):
            names = "、".join(org.short_name for org in unit[:6])
            raise VerbError(f"“{words[0]}”可能是 {names}，请写全" if unit else f"您的范围内没有单位“{words[0]}”")
        if not rows:
            raise VerbError("没有选中案件；请写案件号，例：派 城管委 2378")
        self._desk.side.units.send(rows, unit.id)

    def _reach(self, rows: Sequence[CaseRow]) -> frozenset[int]:
        return reach_for(self._place.reach, rows[0] if rows else None, self._place.backend.directory)

    def _open_word(self, words: list[str]) -> None:
        if not words:
            raise VerbError("请写案件号，例：打开 2378")
        self._open(words[0])

    def _open(self, number: str) -> None:
        row = self._find(number)
        if row is not None:
            self._desk_in_sight().open_case(row.id)
        else:
            self._place.backend.start(self._desk_in_sight().open_number(number), self._desk)

    def _open_held(self, words: list[str]) -> None:
        rows = [self._row(words[0])] if words else self._selected()
        self._desk.open_held(rows[0].id if rows else None)

    def _show_queue(self, words: list[str]) -> None:
        key = self._queue(words[0]) if words else None
        if key is None:
            raise VerbError(f"请写队列名：{'、'.join(queue.label for queue in self._place.queues)}")
        self._desk_in_sight().show_queue(key)

    def _filter(self, words: list[str]) -> None:
        if words:
            self._desk_in_sight().queue.filters.open_search()
            self._desk.queue.filters.search.setText(" ".join(words))
        else:
            self._desk.queue.filters.clear()

    def _act(self, code: str) -> None:
        self._selected()
        self._desk.begin(load_workflow().action[code])

    def _desk_in_sight(self) -> DeskScreen:
        """What a verb does on the desk is seen."""
        if not self._desk.isVisible():
            self._stage.show_screen("dispatch")
        return self._desk

    def _selected(self) -> list[CaseRow]:
        """Selected cases; of those that nobody sees at the moment none is meant."""
        if not self._desk.isVisible():
            raise VerbError("当前画面没有选中的案件；请写案件号，或先打开案件，例：打开 2378")
        return self._desk.queue.selected_rows()

    def _acknowledge(self, words: list[str]) -> None:
        mine = self._place.reminders.mine
        for word in words:
            if word != "全部" and not any(_is_called(notice.case_no, word) for notice in mine):
                raise VerbError(f"没有发给您的案件 {word} 的提醒；输入 提醒 看列表")
        named = [n for n in mine if any(word == "全部" or _is_called(n.case_no, word) for word in words)]
        self._shell.acknowledge(named if words else None)

    # ------------------------------------------------------------ finding
    def _queue(self, word: str) -> str | None:
        return next((queue.key for queue in self._place.queues if queue.label == word), None)

    def _row(self, number: str) -> CaseRow:
        row = self._find(number) if _NUMBER.fullmatch(number) else None
        if row is None:
            raise VerbError(f"在办案件中没有 {number}")
        return row

    def _find(self, number: str) -> CaseRow | None:
        """By the last digits; of several the newest, as the database does."""
        rows = (row for row in self._place.live.picture.rows.values() if _is_called(row.no, number))
        return max(rows, key=lambda row: row.id, default=None)

    def _complete_units(self, words: list[str]) -> list[Suggestion]:
        if not words:
            chosen = self._desk.side.units.suggestions()
            if not chosen:
                verb = self._verbs["派"]
                return [Suggestion(verb.example, verb.word, verb.meaning)]
            return [Suggestion(f"派 {self._place.words.unit(s.unit_id)} ", f"派 {self._place.words.unit(s.unit_id)}",
                               s.reasons[0] if s.reasons else "") for s in chosen[:_SHOWN]]
        tail = "".join(f" {number}" for number in words[1:])
        reach = self._reach(self._desk.queue.selected_rows())
        found = find_units(words[0], self._place.backend.directory, reach)[:_SHOWN]
        return [Suggestion(f"派 {org.short_name}{tail}", f"派 {org.short_name}{tail}", org.name) for org in found]


def _is_called(no: str, number: str) -> bool:
    """2378 calls 2506-002378: the running number without its zeros, or the number in full."""
    return no == number or no.rpartition("-")[2].lstrip("0") == number.lstrip("0")


def _code(words: list[str], names: dict[str, str], what: str) -> str:
    found = [code for code, name in names.items() if words and words[0] in (name, code)]
    if not found:
        raise VerbError(f"{what}只有 {'、'.join(names.values())}")
    return found[0]
