"""Sets a 公文 in type: lines and rules at their places on numbered pages, the same for paper, PDF and screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QFontMetricsF

from ui.joint import paper
from ui.joint.line_breaking import INDENT, SLACK, Line, broken, lines_of, title_lines, width_of
from ui.joint.official import OfficialDocument
from ui.joint.page import Code, Page, Rule, Words
from ui.joint.qr_code import Modules, modules_of


def set_in_type(document: OfficialDocument) -> list[Page]:
    """The pages of a document. Needs a QGuiApplication."""
    return _Setter(document).pages


@dataclass(frozen=True, slots=True)
class _Foot:
    """What ends the last page, measured; `side`: of the QR code with its quiet zone."""

    box: Sequence[Line]
    modules: Modules
    side: float
    frame: float
    copies: Sequence[Line]
    imprint: float

    @property
    def height(self) -> float:
        """With half a line free above the frame and below it."""
        return self.frame + self.imprint + paper.LINE


class _Setter:
    """Goes down the pages; `_y` is where the next line begins."""

    def __init__(self, document: OfficialDocument) -> None:
        self._document = document
        self.pages: list[Page] = []
        self._y, self._foot = 0.0, self._measure_foot()
        self._new_page()
        self._set_head()
        self._set_title()
        self._set_text()
        self._set_foot()

    # ------------------------------------------------------------ parts of the document
    def _set_head(self) -> None:
        """版头: 发文机关标志, 发文字号 with 签发人, the red rule (7.2)."""
        document = self._document
        y = paper.TOP + paper.MARK_TOP
        bottom = y + self._mark(document.authority, y)
        y = bottom + 2 * paper.LINE
        self._say(document.number, paper.LEFT + paper.CHARACTER, y, "body")
        if document.signer:
            self._signer(document.signer, y)
        rule = y + paper.LINE + paper.RULE_BELOW_NUMBER - (paper.LINE - paper.font_of("body").pixelSize()) / 2
        self._rule(rule, paper.THICK * 2, "red")
        self._y = rule

    def _mark(self, text: str, y: float) -> float:
        """Centred in red, smaller where it would not fit; its height."""
        metrics = QFontMetricsF(paper.font_of("mark"))
        wide = metrics.horizontalAdvance(text)
        scale = min(1.0, paper.WIDTH / wide) if wide else 1.0
        x = paper.LEFT + (paper.WIDTH - wide * scale) / 2
        self._page.words.append(Words(x, y + metrics.ascent() * scale, text, "mark", 0.0, "red", scale))
        return metrics.height() * scale

    def _signer(self, name: str, y: float) -> None:
        label = "签发人："
        wide = width_of(label, "body") + width_of(name, "name")
        x = paper.RIGHT - paper.CHARACTER - wide
        self._say(label, x, y, "body")
        self._say(name, x + width_of(label, "body"), y, "name")

    def _set_title(self) -> None:
        """Two lines below the red rule, centred (7.3.1); then one line free and whom it is for (7.3.2)."""
        self._y += 2 * paper.LINE
        for text in title_lines(self._document.title):
            x = paper.LEFT + (paper.WIDTH - width_of(text, "title")) / 2
            self._say(text, x, self._y, "title", paper.TITLE_LINE)
            self._y += paper.TITLE_LINE
        self._y += paper.LINE
        for line in broken(f"{self._document.addressees}：", "body", 0):
            self._place(line)

    def _set_text(self) -> None:
        """Body, attachments, signature and date; the last words of the text stay with the signature, and both with the
        frame at the foot: the last page is none without text (7.3.3 – 7.3.5)."""
        lines = [line for paragraph in self._document.body for line in lines_of(paragraph)]
        lines += self._attachments()
        last = 2 if [line.role for line in lines[-2:-1]] == ["heading"] else 1
        for line in lines[:-last]:
            if line.role == "heading":
                self._keep_together(2)
            self._place(line)
        self._keep_together(last + 3, self._foot.height)
        for line in lines[-last:]:
            self._place(line)
        self._y += paper.LINE
        self._sign()

    def _attachments(self) -> list[Line]:
        made: list[Line] = []
        names = self._document.attachments
        for number, name in enumerate(names, 1):
            if number == 1:
                made.append(Line("", paper.LEFT, "body"))
            lead = "附件：" if number == 1 else "　　　"
            made += broken(f"{lead}{number}. {name}" if len(names) > 1 else f"{lead}{name}", "body", INDENT)
        return made

    def _sign(self) -> None:
        """7.3.5.2, without a seal: the date begins two characters after the name, the longer ends two from the edge."""
        step = 2 * paper.CHARACTER
        name, date = width_of(self._document.signature, "body"), width_of(self._document.dated, "body")
        x = paper.RIGHT - step - (name if name >= date else date + step)
        self._say(self._document.signature, x, self._y, "body")
        self._say(self._document.dated, x + step, self._y + paper.LINE, "body")
        self._y += 2 * paper.LINE

    def _measure_foot(self) -> _Foot:
        """The frame with the verification code as words and to be scanned, and the 版记 (7.4)."""
        modules = modules_of(self._document.code) if self._document.issued else ()
        side = (len(modules) + 2 * paper.QUIET) * paper.MODULE if modules else 0
        room = paper.WIDTH - 2 * paper.BOX_PAD - side
        box = [part for text in self._document.box for part in broken(text, "box", 0, room)]
        copies = self._copies()
        frame = max(len(box) * paper.BOX_LINE + 2 * paper.BOX_PAD, side)
        return _Foot(box, modules, side, frame, copies, max(len(copies), 1) * paper.IMPRINT_LINE)

    def _set_foot(self) -> None:
        """At the very end."""
        foot = self._foot
        if self._y + foot.height > paper.BOTTOM:
            self._new_page()
        top = paper.BOTTOM - foot.imprint
        self._frame(top - paper.LINE / 2 - foot.frame, foot.frame, foot.box)
        if foot.modules:
            middle, inset = top - paper.LINE / 2 - foot.frame / 2, paper.QUIET * paper.MODULE
            x, y = paper.RIGHT - foot.side + inset, middle - foot.side / 2 + inset
            self._page.codes.append(Code(x, y, foot.modules))
        self._imprint(top, foot.copies)

    def _copies(self) -> list[Line]:
        if not self._document.copies:
            return []
        label, edge = "抄送：", width_of("　", "imprint")
        first = width_of(label, "imprint")
        lines = broken(self._document.copies, "imprint", 0, paper.WIDTH - 2 * edge - first)
        return [Line(label, paper.LEFT + edge, "imprint")] + [
            Line(line.text, paper.LEFT + edge + first, "imprint", line.spacing) for line in lines
        ]

    def _imprint(self, top: float, copies: Sequence[Line]) -> None:
        edge = width_of("　", "imprint")
        last = paper.BOTTOM - paper.IMPRINT_LINE
        self._rule(top if copies else last, paper.THICK)
        y = top
        for number, line in enumerate(copies):
            self._say(line.text, line.x, y, "imprint", paper.IMPRINT_LINE, line.spacing)
            y += paper.IMPRINT_LINE if number else 0.0  # the label shares its line with the first names
        if copies:
            self._rule(last, paper.THIN)
        self._say(self._document.printed_by, paper.LEFT + edge, last, "imprint", paper.IMPRINT_LINE)
        when = f"{self._document.printed_on}印发"
        self._say(when, paper.RIGHT - edge - width_of(when, "imprint"), last, "imprint", paper.IMPRINT_LINE)
        self._rule(paper.BOTTOM, paper.THICK)

    def _frame(self, top: float, height: float, lines: Sequence[Line]) -> None:
        left, right, low = paper.LEFT, paper.RIGHT, top + height
        for x, y, to_x, to_y in ((left, top, right, top), (left, low, right, low), (left, top, left, low),
                                 (right, top, right, low)):
            self._page.rules.append(Rule(x, y, to_x, to_y, paper.THIN))
        first = top + (height - len(lines) * paper.BOX_LINE) / 2
        for number, line in enumerate(lines):
            y = first + number * paper.BOX_LINE
            self._say(line.text, line.x + paper.BOX_PAD, y, "box", paper.BOX_LINE)

    # ------------------------------------------------------------ placing
    @property
    def _page(self) -> Page:
        return self.pages[-1]

    def _new_page(self) -> None:
        page = Page(len(self.pages) + 1)
        self.pages.append(page)
        self._y = float(paper.TOP)
        text = f"— {page.number} —"
        edge = width_of("　", "page")
        odd = page.number % 2 == 1
        x = paper.RIGHT - edge - width_of(text, "page") if odd else paper.LEFT + edge
        self._say(text, x, paper.BOTTOM + paper.PAGE_NUMBER_BELOW - paper.IMPRINT_LINE / 2, "page", paper.IMPRINT_LINE)

    def _keep_together(self, lines: int, more: float = 0.0) -> None:
        if self._y + lines * paper.LINE + more > paper.BOTTOM + SLACK:
            self._new_page()

    def _place(self, line: Line) -> None:
        self._keep_together(1)
        self._say(line.text, line.x, self._y, line.role, paper.LINE, line.spacing)
        self._y += paper.LINE

    def _say(self, text: str, x: float, y: float, role: str, high: float = paper.LINE, spacing: float = 0.0) -> None:
        """Words in the middle of a line of this height that begins at y."""
        if text:
            metrics = QFontMetricsF(paper.font_of(role))
            baseline = y + (high - metrics.height()) / 2 + metrics.ascent()
            self._page.words.append(Words(x, baseline, text, role, spacing))

    def _rule(self, y: float, width: float, colour: str = "") -> None:
        self._page.rules.append(Rule(paper.LEFT, y, paper.RIGHT, y, width, colour))
