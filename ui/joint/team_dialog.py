"""存为模板: the units of an order as a standing team, by their lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError, InvalidInput
from commandcenter.domain.joint import CalledUnit, TeamLine
from ui.forms.field_form import FieldForm
from ui.forms.text_editors import LineEditor
from ui.screens.workplace import Workplace
from widgets.styling import label
from widgets.tones import Tone

OFFLINE = "与服务器的连接已断开，暂不能保存；恢复后再试"
_TEMPLATE = "1+5+N"


def team_lines(parties: Sequence[tuple[str, CalledUnit]]) -> tuple[TeamLine, ...]:
    """One line for each; units of the same line are added up."""
    found: dict[str, TeamLine] = {}
    for line, party in parties:
        before = found.get(line)
        heads = (party.heads or 1) + (before.heads if before else 0)
        found[line] = TeamLine(line, heads, party.lead or (before.lead if before else False))
    return tuple(found.values())


class TeamDialog(QDialog):
    """saved(Team). `parties`: each with its line (条), "" for one that has none; `name_of`: a unit's name."""

    saved = Signal(object)

    def __init__(self, place: Workplace, parties: Sequence[tuple[str, CalledUnit]],
                 name_of: Callable[[int | None], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("存为队伍模板")
        without = [name_of(party.unit_id) for line, party in parties if not line]
        self._lines = team_lines([(line, party) for line, party in parties if line])
        self.form = _TeamForm(self._lines, without)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)
        self.form.submitted.connect(self._submit)
        self.form.cancelled.connect(self.reject)
        self.form.focus_first()

    def _submit(self, name: str, template: str) -> None:
        if not self._place.live.online:
            self.form.set_error(InvalidInput(OFFLINE))
        else:
            self._place.backend.start(self._save(name, template), self)

    async def _save(self, name: str, template: str) -> None:
        try:
            team = await self._place.joint_deeds.save_team(name, template, self._lines)
        except DomainError as error:
            self.form.set_error(error)
            return
        self._place.notices.say(("team", team.code), f"已存为模板：{team.template} {team.name}", Tone.OK)
        self.saved.emit(team)
        self.accept()


class _TeamForm(FieldForm):
    """submitted(name, template)."""

    submitted = Signal(str, str)

    def __init__(self, lines: Sequence[TeamLine], without: Sequence[str]) -> None:
        super().__init__("保存模板")
        self._without = without
        self.title.setText("存为队伍模板")
        self.add_field("name", "队伍名称", LineEditor("如 夜市整治队；同名的自存模板会被替换", 40), True)
        self.add_field("template", "编成", LineEditor("如 1+5+N、4+X", 20), False)
        self.set_values({"template": _TEMPLATE})
        told = "、".join(f"{'★ ' if line.lead else ''}{line.line} {line.heads} 人" for line in lines)
        said = label(f"条线：{told or '还没有选择单位'}", role="muted")
        said.setWordWrap(True)
        self.body.addWidget(said)
        if without or not lines:
            self.submit_button.setEnabled(False)
            self.notice.show_text(_reason(without), Tone.NEAR)

    def _send(self) -> None:
        given = self.values()
        self.submitted.emit(given["name"], given.get("template", ""))


def _reason(without: Sequence[str]) -> str:
    if not without:
        return "请先在队伍中选择单位"
    return f"模板按条线保存，{'、'.join(without)} 不属于任何条线，请先移除"
