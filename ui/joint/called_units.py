"""Units offered to be called: those that the caller may call and that are not called yet."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from ui.forms.context import FormContext
from ui.forms.option import Option
from ui.forms.unit_options import UnitOptions

WhyNot = Callable[[int], str]


class CalledUnits:
    """Suggests units by name or initials; `why_not` says what the city's rules forbid, `called` who is in already."""

    def __init__(self, context: FormContext) -> None:
        self._units = UnitOptions(context, None, "any")
        self.why_not: WhyNot = lambda _unit: ""
        self.called: Collection[int] = ()

    def __call__(self, text: str) -> list[Option]:
        """Nothing while nothing is typed: a scenario or a team says who must come."""
        found = self._units(text) if text.strip() else []
        return [replace(option, why_not=self._reason(option.key)) for option in found]

    def title(self, unit_id: object) -> str:
        """A unit's name."""
        return self._units.title(unit_id)

    def _reason(self, unit_id: object) -> str:
        if unit_id in self.called:
            return "已在队伍中"
        return self.why_not(unit_id) if isinstance(unit_id, int) else ""
