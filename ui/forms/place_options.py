"""Grids and catalogue items offered in a form, from what is typed or from what the case already says."""

from ui.forms.context import FormContext
from ui.forms.option import Option

_LIMIT = 9
_SURE_ITEM = 0.3  # score of ItemIndex from which the first suggestion is right more often than not
_SURE_PLACE = 20.0  # score of Gazetteer from which a grid was said, not guessed
_KINDS = {"component": "部件", "event": "事件"}


class GridOptions:
    """Suggests grids for words, or for the address while nothing is typed."""

    def __init__(self, context: FormContext) -> None:
        self._context = context
        self.seed = ""

    def __call__(self, text: str) -> list[Option]:
        """Grids only: a street or community alone narrows, but is not an answer."""
        words = text.strip() or self.seed
        places = self._context.places.find(words, _LIMIT * 4) if words else []
        return [
            Option(p.grid_id, p.label, "", "", p.score >= _SURE_PLACE) for p in places if p.grid_id is not None
        ][:_LIMIT]

    def title(self, grid_id: object) -> str:
        """A grid in words."""
        return self._context.places.label(grid_id) if isinstance(grid_id, int) else ""


class ItemOptions:
    """Suggests catalogue items for words, or for the description while nothing is typed."""

    def __init__(self, context: FormContext) -> None:
        self._context = context
        self.seed = ""

    def __call__(self, text: str) -> list[Option]:
        """Items with major class and the words that led to them."""
        found = self._context.items.suggest(text.strip() or self.seed, _LIMIT)
        return [self._option(item_id, score, why) for item_id, score, why in found]

    def title(self, item_id: object) -> str:
        """`井盖缺失（部件 · 公用设施）`."""
        item = self._context.directory.items.get(item_id) if isinstance(item_id, int) else None
        return f"{item.name}（{_KINDS.get(item.kind, item.kind)} · {item.major}）" if item else f"小类 {item_id}"

    def _option(self, item_id: int, score: float, why: str) -> Option:
        item = self._context.directory.items[item_id]
        return Option(item_id, item.name, f"{_KINDS.get(item.kind, item.kind)} · {why}", "", score >= _SURE_ITEM)
