"""Units offered in a form: recommended ones first with the reason, then by name or initials."""

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from commandcenter.domain.model import CaseRow, Org
from commandcenter.domain.pinyin import initials_at, is_initials
from commandcenter.domain.recommend import accepts, accepts_below
from commandcenter.domain.units import takes_cases, unit_index
from ui.forms.context import FormContext
from ui.forms.option import Option

KIND_LABELS = {
    "street": "街道", "community": "社区", "department": "职能部门", "agency": "派出机构",
    "section": "科室", "utility": "公用事业", "enterprise": "企业",
}  # fmt: skip
Purpose = Literal["dispatch", "sub_dispatch", "any"]
_INNER_KINDS = ("section", "community", "agency")  # their name alone does not say whose they are
_LIMIT = 12
_KIND_ORDER = tuple(KIND_LABELS)


class UnitOptions:
    """Suggests units for one case; `purpose` says which are possible: by dispatch, below the handler, or any."""

    def __init__(self, context: FormContext, row: CaseRow | None, purpose: Purpose) -> None:
        self._context, self._row, self._purpose = context, row, purpose
        self._orgs = context.directory.orgs

    def set_row(self, row: CaseRow) -> None:
        """Judge by the case as it is now."""
        self._row = row

    def title(self, unit_id: object) -> str:
        """A unit's name."""
        org = self._orgs.get(unit_id) if isinstance(unit_id, int) else None
        return org.name if org else f"单位 {unit_id}"

    def __call__(self, text: str) -> list[Option]:
        """Recommended units while nothing is typed, otherwise those that match."""
        text = text.strip()
        if not text:
            return self._recommended() or self._ordered(self._possible())[:_LIMIT]
        found = sorted(_ranked(self._pool(), text), key=lambda m: (m[0], _order(m[1])))
        return [self._option(org) for _, org in found[:_LIMIT]]

    def _recommended(self) -> list[Option]:
        if self._purpose != "dispatch" or self._row is None or self._context.suggest_units is None:
            return []
        made = self._context.suggest_units(self._row)
        return [Option(s.unit_id, self.title(s.unit_id), " · ".join(s.reasons), self._why_not(s.unit_id)) for s in made]

    def _pool(self) -> Iterable[Org]:
        return self._possible() if self._purpose == "sub_dispatch" else filter(takes_cases, self._orgs.values())

    def _possible(self) -> Iterator[Org]:
        return (org for org in self._candidates() if takes_cases(org) and not self._why_not(org.id))

    def _candidates(self) -> Iterable[Org]:
        if self._purpose != "sub_dispatch":
            return self._orgs.values()
        if self._row is None or self._row.handler_id is None:
            return ()
        below = unit_index(self._context.directory).below(self._row.handler_id)
        return (self._orgs[unit_id] for unit_id in below)

    def _ordered(self, orgs: Iterable[Org]) -> list[Option]:
        return [self._option(org, sure=False) for org in sorted(orgs, key=_order)]

    def _option(self, org: Org, sure: bool = True) -> Option:
        parent = self._orgs.get(org.parent_id or -1)
        where = f"{parent.short_name} · " if parent is not None and org.kind in _INNER_KINDS else ""
        return Option(org.id, org.name, where + KIND_LABELS.get(org.kind, org.kind), self._why_not(org.id), sure)

    def _why_not(self, unit_id: int) -> str:
        if self._row is None or self._purpose == "any":
            return ""
        if self._purpose == "sub_dispatch":
            return accepts_below(self._row, unit_id, self._context.directory) or ""
        return accepts(self._row, unit_id, self._context.directory, self._context.reach) or ""


def _order(org: Org) -> tuple[int, int]:
    return (_KIND_ORDER.index(org.kind) if org.kind in _KIND_ORDER else len(_KIND_ORDER), org.id)


def _ranked(orgs: Iterable[Org], text: str) -> Iterator[tuple[float, Org]]:
    match: Callable[[str], float | None] = _by_initials(text) if is_initials(text) else _by_words(text)
    for org in orgs:
        ranks = [rank for name in (org.short_name, org.name) if (rank := match(name)) is not None]
        if ranks:
            yield min(ranks), org


def _by_words(text: str) -> Callable[[str], float | None]:
    return lambda name: name.index(text) + len(name) / 100 if text in name else None


def _by_initials(text: str) -> Callable[[str], float | None]:
    typed = text.lower()

    def rank(name: str) -> float | None:
        start = initials_at(typed, name)
        return None if start is None else start + len(name) / 100

    return rank
