"""The measurements can be found, and their figures are said in words."""

from importlib import import_module

import pytest

from tests.bench import registry
from tests.bench.measure import compared, interleaved, quantile


@pytest.mark.parametrize("name", registry.BENCHES)
def test_every_name_has_a_module_that_measures(name: str) -> None:
    assert callable(import_module(f"tests.bench.{name}").measured)


def test_the_names_that_others_depend_on() -> None:
    assert {"table", "feed", "write"} <= set(registry.BENCHES)


def test_all_runs_every_one_under_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "BENCHES", {"a": lambda: {"x": 1}, "b": lambda: {"y": 2}})
    assert registry.run("all") == {"a": {"x": 1}, "b": {"y": 2}}
    assert registry.lines(registry.run("all")) == ["== a", "x: 1", "== b", "y: 2"]


def test_a_comparison_becomes_one_line() -> None:
    figures = compared("sort", [1.0, 3.0, 2.0], {"rival": [4.0, 4.0, 4.0]})
    assert figures["sort_over_rival_ratio"] == 0.5
    assert registry.lines({**figures, "rows": 7}) == [
        "sort（ms，中位/p95）：本程序 2.0/3.0；rival 4.0/4.0，比值 0.5",
        "rows: 7",
    ]


def test_sides_take_turns_at_going_first() -> None:
    calls: list[str] = []
    taken = interleaved({"a": lambda _: calls.append("a"), "b": lambda _: calls.append("b")}, rounds=2)
    assert calls == ["a", "b", "b", "a"]
    assert {name: len(times) for name, times in taken.items()} == {"a": 2, "b": 2}


def test_p95_of_few_values_is_the_greatest() -> None:
    assert quantile([1, 2, 3], 0.95) == 3
