"""Reminders in the workflow file."""

from pathlib import Path

import pytest

from commandcenter.domain.workflow import CASE_WORKFLOW, load_workflow


def test_levels_count_from_one_in_the_order_of_the_file() -> None:
    escalations = [r for r in load_workflow().reminders if r.kind == "escalate"]
    assert [r.level for r in escalations] == [1, 2]
    assert [r.share for r in escalations] == [0.5, 1.0]


def test_everybody_reminded_is_a_role_with_a_reach() -> None:
    workflow = load_workflow()
    rules = {f"{rule.role}:{rule.reach}" for a in workflow.actions for rule in a.by}
    assert {stage.acts for stage in workflow.stages} <= rules
    assert {whom for r in workflow.reminders for whom in r.to if whom != "acts"} <= rules


@pytest.mark.parametrize(("old", "new"), [("past = 1.0", "past = 0.4"), ('when = "overdue"', 'when = "late"')])
def test_a_file_whose_reminders_make_no_sense_is_refused(old: str, new: str, tmp_path: Path) -> None:
    text = CASE_WORKFLOW.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "case.toml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(AssertionError):
        load_workflow(file)
