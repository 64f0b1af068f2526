"""The command line's verbs that begin a whistle or an order from cases, and that check a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from commandcenter.domain.joint import ORDER, WHISTLE
from commandcenter.domain.model import CaseRow
from ui.joint.presets import KINDS, from_whistle, why_not
from ui.screens.desk.desk import DeskScreen
from ui.screens.whistle.screen import JointScreen
from ui.screens.workplace import Workplace

Told = tuple[str, str, Callable[[list[str]], None], str]
_WORDS = {WHISTLE: "吹哨", ORDER: "联合执法"}


class ComposeVerbs:
    """`row_of`: a case by its number, or the command line's error; `show`: the screen of a kind."""

    def __init__(self, place: Workplace, desk: DeskScreen, row_of: Callable[[str], CaseRow],
                 show: Callable[[str], JointScreen], show_desk: Callable[[], None],
                 error: Callable[[str], Exception]) -> None:
        self._place, self._desk, self._error = place, desk, error
        self._row_of, self._show, self._show_desk = row_of, show, show_desk

    def everywhere(self) -> Iterable[Told]:
        """(word, meaning, deed, example): with case numbers a sheet about them, with a whistle's an order that goes on
        from it, without any the screen of the kind."""
        for kind, word in _WORDS.items():
            if why_not(self._place, kind) is None:
                yield word, f"{word} 案件号…：拟{KINDS[kind]}；不写案件号则看{word}台", self._deed(kind), f"{word} "
        yield "校验公文", "校验公文 校验码：看签发内容，与 PDF 比对", self._check, "校验公文 "

    def _deed(self, kind: str) -> Callable[[list[str]], None]:
        def begin(words: list[str]) -> None:
            if not words:
                self._show(kind)
                return
            if kind == ORDER and words[0].upper().startswith("CS"):
                self._from_whistle(words[0].upper())
                return
            rows = [self._row_of(number) for number in words]
            self._show_desk()
            self._desk.compose(kind, rows)
        return begin

    def _from_whistle(self, number: str) -> None:
        """An order that goes on from a whistle."""
        digits = number.rpartition("-")[2].lstrip("0")
        rows = [row for row in self._place.joint.summons.values()
                if row.kind == WHISTLE and row.no.rpartition("-")[2].lstrip("0") == digits]
        if not rows:
            raise self._error(f"在办吹哨中没有 {number}")
        self._show(ORDER).compose(from_whistle(self._place, max(rows, key=lambda row: row.id)))

    def _check(self, words: list[str]) -> None:
        from ui.joint.document_check import DocumentCheck

        DocumentCheck(self._place, "".join(words), self._desk.window()).open()
