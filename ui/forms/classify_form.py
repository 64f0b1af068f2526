"""定类定位: gives a case its item, grid and grade from what its description says; also while accepting and filing."""

from typing import Any

from PySide6.QtWidgets import QWidget

from commandcenter.domain.model import CaseRow
from commandcenter.domain.workflow import Action
from ui.forms.action_form import ActionForm
from ui.forms.context import FormContext
from widgets.styling import label
from widgets.tones import Tone

_SHOWN = 400  # characters of the description shown above the inputs


class ClassifyForm(ActionForm):
    """An ActionForm for classify, accept or file that shows the description and sends only what was changed."""

    def __init__(
        self, action: Action, context: FormContext, row: CaseRow, description: str, address: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(action, context, row, parent)
        self._known = {
            "item_id": row.item_id, "grid_id": row.grid_id, "grade": row.grade,
            "address": address or None, "description": description or None,
        }  # fmt: skip
        if "description" not in self._editors:
            self.body.insertWidget(0, self._quotation(description))
        told = description if row.summary in description else f"{row.summary} {description}"
        self.set_seed(told, address)
        self.set_values(self._known)
        if "item_id" in self._editors:
            self._editors["item_id"].changed.connect(self._follow_item)

    def _quotation(self, description: str) -> QWidget:
        shown = label(description if len(description) <= _SHOWN else f"{description[:_SHOWN]}…")
        shown.setWordWrap(True)
        shown.setAccessibleName("问题描述")
        return shown

    def _follow_item(self) -> None:
        item = self._context.directory.items.get(self.values().get("item_id", -1))
        if item is not None and "grade" in self._editors:
            self._editors["grade"].set_value(item.grade)
            self._known["grade"] = item.grade  # the database gives the item's grade by itself

    def _checked(self) -> bool:
        if not super()._checked():
            return False
        if "something" in self.action.guards and not self._args():
            self.notice.show_text("没有改动任何内容", Tone.NEAR)
            return False
        return True

    def _args(self) -> dict[str, Any]:
        return {code: value for code, value in self.values().items() if value != self._known.get(code)}
