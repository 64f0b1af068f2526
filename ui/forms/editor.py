"""What every input of a form can do, and which input a field of the workflow gets."""

from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from commandcenter.domain.model import CaseRow
from commandcenter.domain.workflow import Action, Field
from ui.forms.case_picker import CasePicker
from ui.forms.context import FormContext
from ui.forms.picker import Picker
from ui.forms.place_options import GridOptions, ItemOptions
from ui.forms.segmented import Segmented
from ui.forms.text_editors import LineEditor, TextEditor
from ui.forms.time_editors import InstantEditor, MinutesEditor
from ui.forms.unit_options import Purpose, UnitOptions


class Editor(Protocol):
    """An input; `changed` is its signal of a change by hand. Implemented by QWidgets."""

    changed: Any

    def value(self) -> Any:
        """A JSON scalar, None while nothing valid is given."""

    def set_value(self, value: Any) -> None:
        """Fill in without telling."""

    def problem(self) -> str:
        """What is wrong with what was typed, in Chinese; empty if nothing is."""

    def set_label(self, text: str) -> None:
        """The name told to screen readers."""

    def mark_invalid(self, invalid: bool) -> None:
        """Draw the border of an error."""


class Editors:
    """Makes the inputs of one form and keeps their sources of suggestions."""

    def __init__(self, context: FormContext, row: CaseRow | None = None, purpose: Purpose = "any") -> None:
        self._context, self._row = context, row
        self.units = UnitOptions(context, row, purpose)
        self.items, self.grids = ItemOptions(context), GridOptions(context)

    def make(self, field: Field) -> QWidget:
        """The input for a field. Raises KeyError for a type this program does not know."""
        makers = {
            "text": lambda: TextEditor(),
            "line": lambda: LineEditor(),
            "unit": lambda: Picker(self.units, self.units.title, "单位名称或拼音首字母，如 hpl"),
            "item": lambda: Picker(self.items, self.items.title, "小类、口语或拼音首字母，如 井盖丢了"),
            "grid": lambda: Picker(self.grids, self.grids.title, "社区与网格号，如 青年湖 05-3、qnh"),
            "case": lambda: CasePicker(self._context.find_case, self._row.id if self._row else None),
            "instant": lambda: InstantEditor(self._context.now, self._context.zone),
            "minutes": lambda: MinutesEditor(),
            "choice": lambda: Segmented(field.choices),
        }
        return makers[field.type]()


def purpose_of(action: Action) -> Purpose:
    """Which units an action may name, by its guards."""
    if "subunit" in action.guards:
        return "sub_dispatch"
    return "dispatch" if "unit_in_reach" in action.guards else "any"
