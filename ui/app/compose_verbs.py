"""The command line's verbs that begin a whistle or an order from cases, and that check a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from commandcenter.domain.errors import InvalidInput
from commandcenter.domain.joint import ORDER, WHISTLE
from commandcenter.domain.model import CaseRow
from commandcenter.domain.nearby import EXAMPLE, cases_in, circle_of, is_circle
from ui.joint.presets import KINDS, from_place, from_whistle, why_not
from ui.screens.desk.desk import DeskScreen
from ui.screens.desk.joint_targets import MOST_CASES
from ui.screens.whistle.screen import JointScreen
from ui.screens.workplace import Workplace
from widgets.command_line import Suggestion
from widgets.tones import Tone

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
        """(word, meaning, deed, example): with case numbers a sheet about them, with a place one about what lies around
        it, with a whistle's number an order that goes on from it, without any the screen of the kind."""
        for kind, word in _WORDS.items():
            if why_not(self._place, kind) is None:
                meaning = f"{word} 案件号… 或 经度,纬度 半径：拟{KINDS[kind]}；都不写则看{word}台"
                yield word, meaning, self._deed(kind), f"{word} "
        yield "校验公文", "校验公文 校验码：看签发内容，与 PDF 比对", self._check, "校验公文 "

    def complete(self, text: str) -> list[Suggestion]:
        """A place after the word: what lies around it; before anything is written, that a place may be."""
        head, _, rest = text.strip().partition(" ")
        kind = next((kind for kind, word in _WORDS.items() if word == head), None)
        if kind is None or why_not(self._place, kind) is not None:
            return []
        if not rest:
            hint = f"周围在办案件拟{KINDS[kind]}，例：{head} {EXAMPLE}"
            return [Suggestion(f"{head} ", f"{head} 经度,纬度 半径", hint)]
        if not is_circle(rest.split()):
            return []
        try:
            found = len(cases_in(circle_of(rest.split()), self._place.live.picture.rows.values()))
        except InvalidInput as error:
            return [Suggestion(text, f"{head} 经度,纬度 半径", error.message)]
        return [Suggestion(text, f"{head} {rest}", f"周围在办 {found:,} 件，回车拟{KINDS[kind]}")]

    def _deed(self, kind: str) -> Callable[[list[str]], None]:
        def begin(words: list[str]) -> None:
            if not words:
                self._show(kind)
                return
            if kind == ORDER and words[0].upper().startswith("CS"):
                self._from_whistle(words[0].upper())
                return
            if is_circle(words):
                self._from_place(kind, words)
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

    def _from_place(self, kind: str, words: list[str]) -> None:
        """As from a selection on the map."""
        try:
            circle = circle_of(words)
            found = cases_in(circle, self._place.live.picture.rows.values())
        except InvalidInput as error:
            raise self._error(error.message) from error
        rows = found[:MOST_CASES]
        if (why := why_not(self._place, kind, rows)) is not None:
            raise self._error(why)
        if len(found) > len(rows):
            self._place.notices.say("compose", f"周围在办 {len(found):,} 件，取最近的 {len(rows)} 件", Tone.NEAR)
        # With cases the sheet reads the nearest one's address.
        said = "" if rows else f"{circle.lon:.5f},{circle.lat:.5f} 周围 {circle.metres} 米"
        self._show(kind).compose(from_place(self._place, kind, circle.lon, circle.lat, rows, said))

    def _check(self, words: list[str]) -> None:
        from ui.joint.document_check import DocumentCheck

        DocumentCheck(self._place, "".join(words), self._desk.window()).open()
