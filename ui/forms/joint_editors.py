"""Which input a field of a whistle's, an order's or a lane's workflow gets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from PySide6.QtWidgets import QWidget

from commandcenter.domain.model import Org
from commandcenter.domain.units import takes_cases
from commandcenter.domain.workflow import Field
from ui.forms.context import FormContext
from ui.forms.number_editors import CountEditor, DegreesEditor, ScoreEditor
from ui.forms.picker import Picker
from ui.forms.segmented import Segmented
from ui.forms.text_editors import LineEditor, TextEditor
from ui.forms.time_editors import InstantEditor
from ui.forms.unit_options import UnitOptions


@dataclass(frozen=True, slots=True)
class Matter:
    """What the inputs of a form must know of the whistle or order.

    called: units that take part already; kinds: of units that may be called (empty: any); checks: open lines of the
    checklist by number; choices: values of a choice that may still be taken (哨级 only upwards); hints: words below a
    field.
    """

    called: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    checks: Mapping[int, str] = field(default_factory=dict)
    choices: Mapping[str, Collection[str]] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)


class CallableUnits(UnitOptions):
    """Units that may be called: of the kinds that the city's rules name, and not called already."""

    def __init__(self, context: FormContext, matter: Matter) -> None:
        super().__init__(context, None, "any")
        self._matter = matter

    def _pool(self) -> Iterable[Org]:
        return filter(takes_cases, self._orgs.values())

    def _why_not(self, unit_id: int) -> str:
        org = self._orgs.get(unit_id)
        if unit_id in self._matter.called:
            return "已在参与单位中"
        if self._matter.kinds and org is not None and org.kind not in self._matter.kinds:
            return "不在可召集的范围"
        return ""


class JointEditors:
    """Makes the inputs of one form."""

    def __init__(self, context: FormContext, matter: Matter) -> None:
        self._context, self._matter = context, matter
        self._units = CallableUnits(context, matter)

    def make(self, field: Field) -> QWidget:
        """The input for a field. Raises KeyError for a type this program does not know."""
        makers = {
            "text": TextEditor,
            "line": LineEditor,
            "unit": lambda: Picker(self._units, self._units.title, "单位名称或拼音首字母，如 cgw"),
            "instant": lambda: InstantEditor(self._context.now, self._context.zone),
            "choice": lambda: Segmented(self._choices(field)),
            "count": lambda: CountEditor(1 if field.code == "heads" else 0),
            "score": ScoreEditor,
            "degrees": lambda: DegreesEditor(field.code),
            "check": lambda: Segmented({str(no): text for no, text in self._matter.checks.items()}),
        }
        return makers[field.type]()

    def _choices(self, field: Field) -> dict[str, str]:
        possible = self._matter.choices.get(field.code, field.choices)
        return {code: label for code, label in field.choices.items() if code in possible}


def pair_degrees(editors: Mapping[str, QWidget]) -> None:
    """A pair pasted into one of them fills both."""
    pair = [editors.get(axis) for axis in ("lon", "lat")]
    lon, lat = pair
    if not isinstance(lon, DegreesEditor) or not isinstance(lat, DegreesEditor):
        return

    def fill(east: float, north: float) -> None:
        for editor, degrees in ((lon, east), (lat, north)):
            editor.set_value(degrees)
            editor.changed.emit()

    for editor in (lon, lat):
        editor.pair_given.connect(fill)
