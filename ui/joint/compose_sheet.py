"""The inputs of a draft and where they stand; compose_form.py says how one follows another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QScrollArea, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import ORDER, SCOPES, Conflict, WhistleRules
from commandcenter.domain.joint_workflow import load_machine
from commandcenter.domain.model import CatalogueItem, Person
from commandcenter.domain.roles import ROLE_LABELS
from commandcenter.domain.workflow import Field
from ui.forms.context import FormContext
from ui.forms.editor import Editors
from ui.forms.field_form import FieldForm
from ui.forms.picker import Picker
from ui.forms.segmented import Segmented
from ui.forms.text_editors import LineEditor, TextEditor
from ui.forms.time_editors import InstantEditor
from ui.joint.advice import Advice
from ui.joint.called_units import CalledUnits
from ui.joint.caller_options import CallerOptions
from ui.joint.calling import GRID, callers
from ui.joint.cases_editor import CasesEditor
from ui.joint.checklist_editor import ChecklistEditor
from ui.joint.compose_values import seconds_of
from ui.joint.conflict_words import conflict_marks, conflict_words
from ui.joint.parties_editor import PartiesEditor
from ui.joint.point_editor import PointEditor
from ui.joint.scenario_options import ScenarioOptions
from ui.joint.side_field import SideField
from widgets.form_field import FormField
from widgets.styling import label
from widgets.theme import current_theme

OWN = "self"
_TITLES = {"whistle": "吹哨 · 新开", "order": "联合执法令 · 新开"}
_MEET = ("+1小时", "+2小时", "今天 19点", "明天 9点")
_ENDS = ("+1小时", "+2小时", "+3小时")
_LINES_OF_REASON = 2
_NARROW_IN_CONTROLS = 22  # below this width the fields of a row stand one above the other
_LOW_IN_CONTROLS = 16     # below this height the room of the keys' line belongs to the fields
# What the database calls the inputs, where it is not by their own names.
_FIELD_OF = {"caller_id": "caller", "lon": "point", "lat": "point", "unit_id": "parties", "heads": "parties",
             "lead": "parties", "check": "checks", "case_id": "cases", "from_id": "title"}


@dataclass(frozen=True)
class Composing:
    """What the form knows of the city and of who fills it in. `case_title`: 002378 占道经营; `item_of`: its item."""

    context: FormContext
    rules: WhistleRules
    person: Person
    case_title: Callable[[int], str]
    item_of: Callable[[int], CatalogueItem | None]


class ComposeSheet(FieldForm):
    """Labels on the left; errors in place and brought into sight. preview_wanted(NewSummons); team_wanted()."""

    preview_wanted = Signal(object)
    team_wanted = Signal()

    def __init__(self, kind: str, knows: Composing, parent: QWidget | None = None) -> None:
        super().__init__("提交签批", parent=parent)
        self.kind, self._knows = kind, knows
        self._directory, self._rules = knows.context.directory, knows.rules
        self.callers = callers(kind, knows.person, self._directory, knows.rules)
        self._sources = Editors(knows.context)
        self.scenarios, self._units = ScenarioOptions(knows.rules.scenarios), CalledUnits(knows.context)
        self.team_button, self.preview_button = QPushButton("存为模板"), QPushButton("预览公文")
        self._limits, self._rows = label(), list[QBoxLayout]()
        self._make_editors()
        self._add_fields()
        self._add_buttons()
        self.title.setText(f"{_TITLES[kind]} · {_role_words(kind, knows.person)}")
        self.setAccessibleName(_TITLES[kind])

    # ------------------------------------------------------------ building
    def _make_editors(self) -> None:
        context, order = self._knows.context, self.kind == ORDER
        owners = CallerOptions(self._directory, self.callers)
        self.caller = Picker(owners, owners.title, "以哪个单位名义，名称或拼音首字母")
        self.caller_kind = Segmented({OWN: "本单位", GRID: "网格"})
        self.scope = Segmented({scope: scope for scope in SCOPES})
        self.scenario = Picker(self.scenarios, self.scenarios.title, "情形、序号或拼音首字母，如 zdjy")
        self.level = Segmented({level.code: level.label for level in self._rules.levels})
        self.meet = InstantEditor(context.now, context.zone, _MEET, "例：今天 19点、明天 9:30、+2小时")
        self.ends = InstantEditor(self._meet_or_now, context.zone, _ENDS, "例：21点、+2小时（从集结时间起）",
                                  "须在集结时间之后")
        self.parties = PartiesEditor(self._directory, self._units)
        self.checks, self.cases = ChecklistEditor(), CasesEditor(self._knows.case_title, context.find_case)
        self.advice = Advice(self.parties.name)
        self.advice.conflicts_wanted.connect(self._see_conflicts)
        self.advice.units_wanted.connect(self.parties.add_units)
        self.point, self.place = PointEditor(), LineEditor("集结地点：路口、门牌、小区" if order else "报到地点")

    def _add_fields(self) -> None:
        order = self.kind == ORDER
        self.add_field("title", "事由", LineEditor("一句话说明为什么", 100), True)
        calls = self._row()
        self.add_field("caller", "召集单位", self.caller, True, calls)
        self.add_field("caller_kind", "名义", self.caller_kind, False, calls)
        self.add_field("scenario", "启动情形", self.scenario, False)
        kinds = self._row()
        self.add_field("scope", "类别", self.scope, True, kinds)
        self.add_field("level", "级别" if order else "哨级", self.level, True, kinds)
        times = self._row()
        self.add_field("meet_at", "集结时间" if order else "报到时间", self.meet, order, times)
        if order:
            self.add_field("ends_at", "结束时间", self.ends, False, times)
        where = self._row()
        self.add_field("place", "地点", self.place, False, where)
        self.add_field("point", "坐标", self.point, False, where)
        self.add_field("grid_id", "网格", self._sources.make(Field("grid_id", "网格", "grid")), False)
        self.add_field("parties", "队伍", self.parties, True)
        self._limits.setWordWrap(True)
        self.body.addWidget(SideField("响应时限", self._limits))
        if order:
            self.add_field("checks", "现场清单", self.checks, False)
        self.add_field("cases", "关联案件", self.cases, False)
        self.add_field("reason", "原因", TextEditor("群众反映、历次处置、需要各单位做什么", _LINES_OF_REASON), False)

    def _row(self) -> QBoxLayout:
        """Two fields side by side where the sheet is wide enough."""
        row = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        row.setSpacing(current_theme().sizes.gap)
        self._rows.append(row)
        self.body.addLayout(row)
        return row

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        control = current_theme().sizes.control_height
        self.keys.setVisible(self.height() >= control * _LOW_IN_CONTROLS)
        narrow = self.width() < control * _NARROW_IN_CONTROLS
        wanted = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        for row in self._rows:
            if row.direction() != wanted:
                row.setDirection(wanted)

    def _make_field(self, text: str, editor: QWidget) -> FormField:
        return SideField(text, editor)

    def _add_buttons(self) -> None:
        self.buttons.removeWidget(self.keys)
        for part in (self.keys, self.advice):
            self._outer.insertWidget(self._outer.count() - 1, part)
        self.buttons.insertStretch(0, 1)
        self.cancel_button.setText("收起")
        for place, (button, deed) in enumerate(((self.team_button, self.team_wanted.emit),
                                                (self.preview_button, self.preview)), 1):
            button.clicked.connect(deed)
            self.buttons.insertWidget(place, button)
        self.preview_button.setShortcut("Ctrl+P")
        self.team_button.setVisible(self.kind == ORDER)

    # ------------------------------------------------------------ what speaks against it
    def set_conflicts(self, conflicts: Sequence[Conflict]) -> None:
        """Units that are expected elsewhere at that hour: said, not forbidden."""
        zone = self._knows.context.zone
        self.parties.set_warnings(conflict_words(conflicts, zone), conflict_marks(conflicts, zone))
        self.advice.show_conflicts(conflicts)

    def _see_conflicts(self) -> None:
        """The units of which the line beside the verb speaks."""
        self.parties.go_to_warned()
        self._bring_into_sight()

    # ------------------------------------------------------------ errors
    def set_error(self, error: DomainError) -> None:
        code = str(error.detail.get("field", ""))
        super().set_error(type(error)(error.message, {**error.detail, "field": _FIELD_OF.get(code, code)}))
        self._bring_into_sight()

    def _checked(self) -> bool:
        good = super()._checked()
        self._bring_into_sight()
        return good

    def _bring_into_sight(self) -> None:
        """A field that is wrong may lie below the visible part."""
        focused, area = self.focusWidget(), self.findChild(QScrollArea)
        if focused is not None and area is not None and area.isAncestorOf(focused):
            area.ensureWidgetVisible(focused)

    def _meet_or_now(self) -> float:
        meet = seconds_of(self.meet.value())
        return self._knows.context.now() if meet is None else meet


def _role_words(kind: str, person: Person) -> str:
    """In which of his roles the person drafts."""
    opening = load_machine(kind).opening
    mine = [role for role in ROLE_LABELS if opening is not None and role in opening.roles() & person.roles()]
    return "、".join(ROLE_LABELS[role] for role in mine)
