"""The command line's verbs for meetings, tasks and the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Protocol

from commandcenter.domain.joint import MEETING, TASK
from commandcenter.domain.joint_offers import caller_orgs
from commandcenter.domain.joint_workflow import load_machine
from ui.screens.affairs.list_pane import LEDGER, MEETINGS, RULINGS, TASKS
from ui.screens.affairs.screen import AffairsScreen
from ui.screens.workplace import Workplace

AFFAIR_NO = re.compile(r"(HS|JB|ZG|hs|jb|zg)-?[\d-]{1,20}")
Told = tuple[str, str, Callable[[list[str]], None], str]
_TABS = ((MEETINGS, "会商", "会商一览"), (TASKS, "交办", "交办与整改一览"), (LEDGER, "挂账", "强制结案与督办台账"),
         (RULINGS, "定责记录", "疑难定责：谁判给谁"))
_OPENING = ((MEETINGS, MEETING, "召集会商", "召集一次会商"), (TASKS, TASK, "新交办", "交办一件事项，领导批办亦可"))


class Stage(Protocol):
    """What these verbs may do to the window."""

    @property
    def shown(self) -> object:
        """The screen in sight."""

    def affairs_screen(self) -> AffairsScreen:
        """Show 会商督办."""

    def open_matter(self, entity: str, entity_id: int) -> None:
        """Open a meeting or task."""


class AffairVerbs:
    """Raises `error` (the command line's VerbError) for what cannot be done."""

    def __init__(self, place: Workplace, stage: Stage, error: Callable[[str], Exception]) -> None:
        self._place, self._stage, self._error = place, stage, error

    def everywhere(self) -> Iterable[Told]:
        """(word, meaning, deed, example) on every screen."""
        for tab, word, meaning in _TABS:
            yield word, meaning, lambda _, t=tab: self._stage.affairs_screen().lists.show_tab(t), ""
        for tab, machine, word, meaning in _OPENING:
            if caller_orgs(machine, self._place.person, self._place.backend.directory):
                yield word, meaning, lambda _, t=tab: self._begin(t), ""
        yield "为所选吹哨", "为台账上所选案件拟哨", lambda _: self._begin(LEDGER), ""

    def here(self) -> dict[str, tuple[str, Callable[[list[str]], None], str]]:
        """word → (meaning, deed, example) while 会商督办 is shown; they go before the desk's."""
        screen = self._stage.shown
        if not isinstance(screen, AffairsScreen):
            return {}
        found: dict[str, tuple[str, Callable[[list[str]], None], str]] = {
            "下一步": ("所开事项的下一步", lambda _: screen.begin_next(), ""),
            "关闭": ("关闭所开事项", lambda _: screen.close_one(), ""),
        }
        if screen.ledger.entry is not None:
            found["销账"] = ("凭已结束的吹哨销账", lambda _: screen.ledger.begin_clearing(), "")
        row = screen.affair.row
        if row is not None:
            machine = load_machine(MEETING if row.no.startswith("HS") else TASK)
            for action in machine.actions:
                if action.sources and action.roles() & self._place.roles:
                    deed = self._deed(screen, action.code, action.label)
                    found[action.label] = (f"对所开事项：{action.label}", deed, "")
        return found

    def open_number(self, text: str) -> None:
        """Open one by its number or the number's last digits."""
        digits = text.rpartition("-")[2].lstrip("0")
        prefix = text[:2].upper()
        picture = self._place.joint.picture
        rows = [row for row in (*picture.meetings.values(), *picture.tasks.values())
                if row.no.startswith(prefix) and row.no.rpartition("-")[2].lstrip("0") == digits]
        if not rows:
            raise self._error(f"进行中的会商、交办、整改里没有 {text}")
        row = max(rows, key=lambda r: r.id)
        self._stage.open_matter(MEETING if prefix == "HS" else TASK, row.id)

    def _begin(self, tab: str) -> None:
        screen = self._stage.affairs_screen()
        screen.lists.show_tab(tab)
        screen.begin_new()

    def _deed(self, screen: AffairsScreen, code: str, label: str) -> Callable[[list[str]], None]:
        def begin(_words: list[str]) -> None:
            step = next((s for s in screen.affair.steps if s.action.code == code), None)
            if step is None:
                raise self._error(f"所开事项现在不能{label}")
            screen.affair.begin(step)
        return begin
