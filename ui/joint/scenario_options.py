"""Listed occasions (启动情形) offered by words or initials, and which of them fit a case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from commandcenter.domain.joint import LEVEL_LABELS, Scenario
from commandcenter.domain.model import CatalogueItem
from commandcenter.domain.pinyin import initials_at, is_initials
from ui.forms.option import Option

_LIMIT = 12
_LEADS, _COMES = 2.0, 1.0   # the case's line leads the occasion, or comes with it
_LIKE = 4.0                 # for names that share all their pairs of characters
_ENOUGH, _SURE = 1.0, 2.5   # to be offered first, to be filled in unasked


class ScenarioOptions:
    """Suggests scenarios; `scope` limits them while it is set, `lines` and `seed` come from the linked cases."""

    def __init__(self, scenarios: Sequence[Scenario]) -> None:
        self._scenarios = {scenario.code: scenario for scenario in scenarios}
        self.scope: str | None = None
        self.items: Sequence[CatalogueItem] = ()

    def find(self, code: object) -> Scenario | None:
        """A scenario by its code."""
        return self._scenarios.get(code) if isinstance(code, str) else None

    def title(self, code: object) -> str:
        """第 12 项 多部门占道整治: its place in its scope's list."""
        found = self.find(code)
        if found is None:
            return f"场景 {code}"
        listed = [s.code for s in self._scenarios.values() if s.scope == found.scope]
        return f"{found.scope} · 第 {listed.index(found.code) + 1} 项 {found.name}"

    def suggested(self) -> Scenario | None:
        """The one that fits the linked cases best, if any fits at all."""
        ranked = self._by_cases(self._scenarios.values())
        return ranked[0][1] if ranked and ranked[0][0] >= _SURE else None

    def __call__(self, text: str) -> list[Option]:
        """Those that fit the cases first while nothing is typed, otherwise those that match."""
        pool = [s for s in self._scenarios.values() if self.scope in (None, s.scope)]
        text = text.strip()
        if text:
            # Of another scope, if need be.
            ranked = [*_matching(pool, text)] or _matching(self._scenarios.values(), text)
            found = [s for _, s in sorted(ranked, key=lambda pair: pair[0])]
        else:
            fitting = [s for score, s in self._by_cases(pool) if score >= _ENOUGH]
            found = fitting + [s for s in pool if s not in fitting]
        return [self._option(s, bool(text)) for s in found[:_LIMIT]]

    def _option(self, scenario: Scenario, sure: bool) -> Option:
        detail = f"{LEVEL_LABELS[scenario.level]} · {'、'.join(scenario.lines)}"
        return Option(scenario.code, self.title(scenario.code), detail, sure=sure)

    def _by_cases(self, scenarios: Iterable[Scenario]) -> list[tuple[float, Scenario]]:
        scored = [(max((_fit(item, s) for item in self.items), default=0.0), s) for s in scenarios]
        return sorted(scored, key=lambda pair: -pair[0])


def _fit(item: CatalogueItem, scenario: Scenario) -> float:
    lines = scenario.lines
    by_line = _LEADS if lines[:1] == (item.line,) else _COMES if item.line in lines else 0.0
    wanted, offered = _pairs(item.minor), _pairs(scenario.name)
    likeness = len(wanted & offered) / len(wanted) if wanted else 0.0
    return by_line + _LIKE * likeness


def _pairs(text: str) -> set[str]:
    return {text[k:k + 2] for k in range(len(text) - 1)}


def _matching(scenarios: Iterable[Scenario], text: str) -> Iterator[tuple[float, Scenario]]:
    place: Callable[[str], int | None] = (
        (lambda words: initials_at(text.lower(), words)) if is_initials(text)
        else (lambda words: words.find(text) if text in words else None))
    for scenario in scenarios:
        if scenario.code.lower() == text.lower():
            yield -1, scenario
        elif (at := place(scenario.name)) is not None:
            yield at, scenario
        elif (at := place("".join(scenario.lines))) is not None:
            yield 100 + at, scenario
