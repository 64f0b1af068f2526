"""Figures of the day out of counted measures."""

from commandcenter.domain.figures import DAY_FIGURES
from commandcenter.domain.workflow import load_workflow


def test_every_figure_counts_actions_or_events_of_the_workflow() -> None:
    workflow = load_workflow()
    known = set(workflow.action) | set(workflow.events)
    assert {m for figure in DAY_FIGURES for m in (*figure.adds, *figure.takes)} <= known


def test_what_was_undone_is_taken_off_and_never_below_none() -> None:
    sent = next(figure for figure in DAY_FIGURES if figure.key == "dispatched")
    assert sent.count({"dispatch": 5, "rule": 1, "undo_dispatch": 2}) == 4
    assert sent.count({"undo_dispatch": 1}) == 0
